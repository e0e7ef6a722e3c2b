"""The layers of one size: what the template says, with the size's overrides laid over, each key checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic

from pydantic import ValidationError

from editorial.problem import Problem
from reading.document import Document, Model, complaints
from reading.key_path import KeyPath
from studio.layer import KINDS, GroupLayer, LayerSpec, ListLayer, StackLayer


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer with its children, and where it stands in template.yaml."""

    spec: LayerSpec
    children: tuple[Layer, ...]
    path: KeyPath


@dataclass(frozen=True, kw_only=True)
class Override:
    """What a size changes of a layer; `size` is the one under which it is written."""

    size: str
    changes: Mapping[str, object]


@dataclass(kw_only=True)
class TreeReader(Generic[Model]):
    """Read layers for one size, gathering problems instead of stopping at the first.

    `plain` has what was read for other sizes of layers that no size changes: most of them are the same in all sizes.
    """

    document: Document[Model]
    overrides: Mapping[str, tuple[Override, ...]]
    plain: dict[KeyPath, LayerSpec]
    _problems: list[Problem] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def read(self, written: Sequence[Mapping[str, object]], path: KeyPath) -> tuple[Layer, ...]:
        """Return the layers of a list in template.yaml."""
        layers = (self._layer(raw, (*path, index)) for index, raw in enumerate(written))
        return tuple(layer for layer in layers if layer is not None)

    def problems(self) -> Iterator[Problem]:
        """Yield what was wrong, overrides of layers that do not exist included."""
        yield from self._problems
        for name, overrides in self.overrides.items():
            if name not in self._seen and not self._problems:
                where = ("sizes", overrides[0].size, "layers", name)
                yield self.document.problem("unknown-layer", f"không có lớp “{name}”", *where)

    def _layer(self, raw: Mapping[str, object], path: KeyPath) -> Layer | None:
        kind = KINDS.get(str(raw.get("type")))
        if kind is None:
            self._complain("unknown-value", f"type phải là một trong: {', '.join(KINDS)}", (*path, "type"))
            return None
        spec = self._spec(kind, self._merged(raw), path)
        return None if spec is None else Layer(spec=spec, children=self._children(spec, path), path=path)

    def _merged(self, raw: Mapping[str, object]) -> dict[str, object]:
        name = str(raw.get("id"))
        overrides = self.overrides.get(name)
        if not overrides:
            return dict(raw)
        if raw.get("locked"):
            where = ("sizes", overrides[-1].size, "layers", name)
            self._complain("locked-layer", "lớp này đã khóa, không khổ nào được sửa", where)
            return dict(raw)
        return {**raw, **{key: value for override in overrides for key, value in override.changes.items()}}

    def _spec(self, kind: type[LayerSpec], raw: dict[str, object], path: KeyPath) -> LayerSpec | None:
        name = str(raw.get("id"))
        if name in self._seen:
            self._complain("twice", f"có hai lớp cùng id “{name}”", (*path, "id"))
        self._seen.add(name)
        known = None if name in self.overrides else self.plain.get(path)
        if known is not None:
            return known
        try:
            spec = kind.model_validate(raw)
        except ValidationError as error:
            for where, rule, message in complaints(error, kind, partial(self._place, name, path)):
                self._complain(rule, message, where)
            return None
        if name not in self.overrides:
            self.plain[path] = spec
        return spec

    def _place(self, name: str, path: KeyPath, location: KeyPath, missing: bool) -> KeyPath:
        start: KeyPath = path
        for override in self.overrides.get(name, ()):
            if location and location[0] in override.changes:
                start = ("sizes", override.size, "layers", name)
        known = (part for part in location[1:] if (*start, location[0], part) in self.document.lines)
        return (*start, *location[:1], *known, *(location[-1:] if missing and location[1:] else ()))

    def _children(self, spec: LayerSpec, path: KeyPath) -> tuple[Layer, ...]:
        if isinstance(spec, StackLayer | GroupLayer):
            return self.read(spec.children, (*path, "children"))
        if isinstance(spec, ListLayer):
            child = self._layer(spec.layer, (*path, "layer"))
            return (child,) if child else ()
        return ()

    def _complain(self, rule: str, message: str, path: KeyPath) -> None:
        self._problems.append(self.document.problem(rule, message, *path))
