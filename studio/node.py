"""Layers filled with data: what is visible, with its words, one node for each row of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from editorial.problem import Problem
from studio.chart import read_places, read_rows
from studio.charts.graph import Datum
from studio.expression import holds, print_text
from studio.icon import PREFIX
from studio.layer import (
    ChartLayer,
    GroupLayer,
    IconLayer,
    ImageLayer,
    LayerSpec,
    ListLayer,
    MapLayer,
    NumberLayer,
    ProgressLayer,
    QrLayer,
    StackLayer,
    SubtitleLayer,
    TextLayer,
)
from studio.number import read_share
from studio.tree import Layer
from studio.words import normal

Context = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, eq=False)
class Node:
    """A visible layer: `text` is its words, its QR content, its share or its picture's source; `delay` comes from a stagger."""

    spec: LayerSpec
    text: str = ""
    children: tuple[Node, ...] = ()
    delay: float = 0.0
    repeated: bool = False
    dropped: int = field(default=0)  # rows of a list over its limit
    rows: tuple[Datum, ...] = ()  # of a chart or a map
    problems: tuple[Problem, ...] = ()


def fill_in(layers: Sequence[Layer], context: Context, *, delay: float = 0.0, repeated: bool = False) -> tuple[Node, ...]:
    """Return the nodes of layers that show something with this data."""
    return tuple(_nodes(layers, context, delay, repeated))


def _nodes(layers: Sequence[Layer], context: Context, delay: float, repeated: bool) -> Iterator[Node]:
    for layer in layers:
        if holds(layer.spec.visible_if, context):
            node = _node(layer, context, delay, repeated)
            if node is not None:
                yield node


def _node(layer: Layer, context: Context, delay: float, repeated: bool) -> Node | None:
    spec = layer.spec
    if isinstance(spec, ListLayer):
        return _list(spec, layer, context, delay)
    if isinstance(spec, ChartLayer):
        return _chart(spec, context, delay, repeated)
    if isinstance(spec, MapLayer):
        unit, language = normal(print_text(spec.unit, context)), str(context.get("language", "vi"))
        rows = read_places(spec, context.get(spec.items or ""), unit, language)
        return Node(spec=spec, delay=delay, repeated=repeated, rows=rows)
    if isinstance(spec, StackLayer | GroupLayer):
        children = fill_in(layer.children, context, delay=delay, repeated=repeated)
        return Node(spec=spec, children=children, delay=delay, repeated=repeated) if children or spec.fill or spec.grow else None
    source = source_of(spec)
    if source is None:
        return Node(spec=spec, delay=delay, repeated=repeated)
    text = normal(print_text(source, context))
    if isinstance(spec, ProgressLayer) and text and read_share(text) is None:
        message = f"“{text}” không phải là một phần của toàn bộ; hãy ghi số từ 0 đến 1 hoặc phần trăm như 62,5%"
        fault = Problem(rule="wrong-value", key=spec.id, message=message)
        return Node(spec=spec, text="0", delay=delay, repeated=repeated, problems=(fault,))
    if isinstance(spec, TextLayer | NumberLayer | SubtitleLayer) and spec.case == "upper":
        text = text.upper()
    return Node(spec=spec, text=text, delay=delay, repeated=repeated) if text.removeprefix(PREFIX) else None


def source_of(spec: LayerSpec) -> str | None:
    """Return the Jinja text of a layer; None for layers that have none."""
    match spec:
        case TextLayer():
            return spec.text
        case NumberLayer():
            return spec.value
        case SubtitleLayer():
            return "{{ subtitle }}"
        case QrLayer():
            return spec.content
        case ImageLayer():
            return spec.source
        case IconLayer():
            return PREFIX + spec.icon
        case ProgressLayer():
            return spec.value
    return None


def _chart(spec: ChartLayer, context: Context, delay: float, repeated: bool) -> Node | None:
    language = str(context.get("language", "vi"))
    read = read_rows(spec, context.get(spec.items), normal(print_text(spec.unit, context)), language)
    if not read.rows and not read.problems:
        return None
    centre = normal(print_text(spec.centre, context))
    return Node(
        spec=spec, text=centre, delay=delay, repeated=repeated, rows=read.rows, problems=read.problems, dropped=read.dropped
    )


_MOST_ROWS = 200  # of a list without a limit of its own: nobody reads more, and each row is laid out


def _list(spec: ListLayer, layer: Layer, context: Context, delay: float) -> Node | None:
    rows = context.get(spec.items)
    rows = rows if isinstance(rows, list) else []
    shown = rows[: spec.limit or _MOST_ROWS]
    children = tuple(
        node
        for index, row in enumerate(shown)
        for node in fill_in(
            layer.children, row_context(context, row, index, len(shown)), delay=delay + index * spec.stagger, repeated=True
        )
    )
    return Node(spec=spec, children=children, delay=delay, dropped=len(rows) - len(shown)) if children else None


def row_context(context: Context, row: object, index: int, count: int) -> Context:
    """Return the context with the names that a repeated layer or scene knows."""
    return {**context, "item": row, "number": index + 1, "count": count, "first": index == 0, "last": index == count - 1}
