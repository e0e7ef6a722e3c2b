"""Where on a picture a problem is seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from editorial.problem import Problem
from studio.display import Box, Item
from studio.scene import Stage


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A problem and the box of the layer that it names, in px of the canvas; no box where no such layer is drawn."""

    problem: Problem
    box: Box | None


def marks(items: Iterable[Item], problems: Iterable[Problem]) -> tuple[Mark, ...]:
    """Return each problem with its place on the picture."""
    drawn: dict[str, list[Box]] = {}
    for item in items:
        drawn.setdefault(item.id, []).append(item.drawing.box)
    return tuple(Mark(problem=problem, box=_around(_boxes_of(problem, drawn))) for problem in problems)


def still_marks(made: Stage, problems: Sequence[Problem]) -> tuple[Mark, ...]:
    """Return the problems of an infographic with their places."""
    return marks(made.display(made.template.designs[made.size].layers, made.context).items, problems) if problems else ()


def _boxes_of(problem: Problem, drawn: dict[str, list[Box]]) -> Sequence[Box]:
    """Return the boxes of the layer that a key names: `headline`, or `opening.headline` with the scene before it."""
    for name in reversed((problem.key or "").split("[")[0].split(".")):
        if name in drawn:
            return drawn[name]
    return ()


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left=left, top=top, width=right - left, height=bottom - top)
