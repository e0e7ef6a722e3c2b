"""From nodes to a display list: the largest type with which everything fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from editorial.problem import Problem, Severity
from studio.arrange import Layout, Pass
from studio.atlas import load_atlas, map_file, place_problems
from studio.display import Box, Item
from studio.draft import Draftsman
from studio.icon import PREFIX, icon_advice
from studio.layer import IconLayer, MapLayer
from studio.node import Node
from studio.ruler import Ruler

_STEPS = 7  # halvings of the range between largest and smallest type: finer than a px


def lay_out(
    nodes: Sequence[Node], frame: Box, safe: Box, ruler: Ruler, draftsman: Draftsman
) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """Return the items of top-level nodes, and the problems of what does not fit."""
    items: list[Item] = []
    problems: list[Problem] = []
    for node in nodes:
        parent = safe if node.spec.within == "safe" else frame
        best = _best_pass(node, parent, ruler, draftsman)
        items += best.items
        problems += (*_problems(best, node), *_unknown_names(node, draftsman))
    return tuple(items), tuple(problems)


def _best_pass(node: Node, parent: Box, ruler: Ruler, draftsman: Draftsman) -> Pass:
    """Return the pass with the largest type that fits."""
    best = _even_pass(node, parent, ruler, draftsman, 1.0)
    if not best.overflows:
        return best
    low, high = 0.0, 1.0
    best = _even_pass(node, parent, ruler, draftsman, low)
    if best.overflows:
        return best
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tried = _even_pass(node, parent, ruler, draftsman, middle)
        if tried.overflows:
            high = middle
        else:
            low, best = middle, tried
    return best


def _even_pass(node: Node, parent: Box, ruler: Ruler, draftsman: Draftsman, shrink: float) -> Pass:
    """Return a pass in which the rows of a list share their sizes."""
    caps: dict[str, float] = {}
    for _ in range(3):
        tried = Pass(shrink=shrink, caps=caps)
        layout = Layout(ruler=ruler, draftsman=draftsman, state=tried)
        layout.place(node, layout.box_in(node, parent), ())
        if not tried.uneven():
            break
        caps = {**caps, **tried.uneven()}
    return tried


def _problems(best: Pass, node: Node) -> Iterator[Problem]:
    for name in dict.fromkeys(best.overflows):
        yield Problem(rule="does-not-fit", key=name, message="nội dung không vừa khung dù đã thu nhỏ hết mức; hãy rút ngắn")
    for name in dict.fromkeys(best.cuts):
        yield Problem(rule="text-cut", key=name, message="chữ đã bị cắt bớt bằng dấu …", severity=Severity.WARNING)
    for child in _walk(node):
        yield from child.problems
        if child.dropped:
            yield Problem(rule="too-many", key=child.spec.id, message=f"{child.dropped} dòng cuối không được vẽ; hãy bớt dòng")


def _unknown_names(node: Node, draftsman: Draftsman) -> Iterator[Problem]:
    """Yield the icons and places that the data names and nobody has."""
    for child in _walk(node):
        if isinstance(child.spec, MapLayer) and (path := map_file(child.spec.map, draftsman.shelf.brand.assets)):
            yield from place_problems(child.spec.id, load_atlas(path), [row.label for row in child.rows])
        if isinstance(child.spec, IconLayer) and draftsman.shelf.find(child.text) is None:
            advice = icon_advice(child.text.removeprefix(PREFIX), draftsman.shelf.brand.assets)
            yield Problem(rule="unknown-icon", key=child.spec.id, message=advice)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)
