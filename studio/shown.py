"""Which fields layers show at a size, read from the template alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from studio.contract import FieldSpec
from studio.expression import TemplateError, may_hold, names_in
from studio.layer import ChartLayer, LayerSpec, ListLayer, MapLayer
from studio.node import source_of
from studio.tree import Layer

_UNSEEN = frozenset({"flag", "voice"})  # a flag decides, a voice is heard


def must_show(fields: Mapping[str, FieldSpec]) -> tuple[str, ...]:
    """Return the fields that every size must show: the required ones, and where figures come from."""
    seen = ((name, field) for name, field in fields.items() if field.type not in _UNSEEN)
    return tuple(name for name, field in seen if field.required or field.type == "source")


def fields_in(layers: Iterable[Layer], size: str, layout: str) -> Iterator[str]:
    """Yield the fields that layers can show at a size, with some data."""
    for layer in layers:
        try:
            if layer.spec.visible_if is None or may_hold(layer.spec.visible_if, size, layout):
                yield from fields_of(layer.spec)
                yield from fields_in(layer.children, size, layout)
        except TemplateError:
            continue  # told with its line by the audit


def fields_of(spec: LayerSpec) -> Iterator[str]:
    """Yield the fields that a layer itself shows where it is seen."""
    if isinstance(spec, ListLayer | ChartLayer | MapLayer) and spec.items:
        yield spec.items
    source = source_of(spec)
    if source:
        yield from names_in(source)
