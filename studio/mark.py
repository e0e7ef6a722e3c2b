"""Where on a picture a problem is seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from editorial.problem import Problem
from studio.display import Box, Item
from studio.film import Film
from studio.scene import Stage
from studio.template import Design
from studio.tree import Layer


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A problem and the box of the layer that it names, in px of the canvas; no box where no such layer is drawn.

    In a clip `frames` are those of the scene that has the layer.
    """

    problem: Problem
    box: Box | None
    frames: range | None = None


Inside = Mapping[str, Sequence[str]]  # the layers within each stack, group and list, at any depth


def inside_of(design: Design) -> Inside:
    """Return what lies within each layer of a design."""
    scenes = (layer for scene in design.scenes for layer in scene.layers)
    found: dict[str, tuple[str, ...]] = {}
    for layer in (*design.background, *scenes, *design.layers):
        _within(layer, found)
    return found


def _within(layer: Layer, found: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    below = tuple(name for child in layer.children for name in (child.spec.id, *_within(child, found)))
    if below:
        found[layer.spec.id] = below
    return below


def marks(items: Iterable[Item], problems: Iterable[Problem], inside: Inside) -> tuple[Mark, ...]:
    """Return each problem with its place on the picture."""
    drawn: dict[str, list[Box]] = {}
    for item in items:
        drawn.setdefault(item.id, []).append(item.drawing.box)
    return tuple(Mark(problem=problem, box=_around(_boxes_of(problem, drawn, inside))) for problem in problems)


def film_marks(film: Film, problems: Sequence[Problem], inside: Inside) -> tuple[Mark, ...]:
    """Return the problems of a clip with their places in each scene that has the layer."""
    found = tuple(
        replace(mark, frames=range(shot.start, shot.end))
        for shot in film.shots
        for mark in marks((*shot.display.items, *(overlay.item for overlay in film.overlays)), problems, inside)
        if mark.box
    )
    placed = {mark.problem for mark in found}
    return (*found, *(Mark(problem=problem, box=None) for problem in problems if problem not in placed))


def still_marks(made: Stage, problems: Sequence[Problem]) -> tuple[Mark, ...]:
    """Return the problems of an infographic with their places."""
    design = made.template.designs[made.size]
    return marks(made.display(design.layers, made.context).items, problems, inside_of(design)) if problems else ()


def _boxes_of(problem: Problem, drawn: Mapping[str, list[Box]], inside: Inside) -> Sequence[Box]:
    """Return the boxes of the layer that a key names, `headline` or `opening.headline`, or of what that layer holds."""
    for name in reversed((problem.key or "").split("[")[0].split(".")):
        boxes = drawn.get(name) or [box for child in inside.get(name, ()) for box in drawn.get(child, ())]
        if boxes:
            return boxes
    return ()


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left=left, top=top, width=right - left, height=bottom - top)
