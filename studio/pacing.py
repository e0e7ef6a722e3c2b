"""How long each scene of a clip stands: as long as its words are read, and longer where the whole would be too short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from studio.contract import Row
from studio.layer import WordsStyle
from studio.motion import FRAMES_A_SECOND
from studio.node import Context, Node
from studio.number import Figure
from studio.reading_time import seconds_to_read
from studio.template_file import SceneSpec, TransitionSpec
from studio.words import normal


def words_read(said: str, nodes: tuple[Node, ...]) -> str:
    """Return what people read while a scene stands: what it says, else what its layers show."""
    return said or " ".join(_words(nodes))


def scene_frames(spec: SceneSpec, words: str) -> int:
    """Return a scene's frames; `reading` is the time that its words need."""
    if spec.seconds != "reading":
        return max(1, round(spec.seconds * FRAMES_A_SECOND))
    return round(min(spec.most, max(spec.least, seconds_to_read(words))) * FRAMES_A_SECOND)


def overlap(transition: TransitionSpec, before: int, after: int) -> int:
    """Return the frames of a transition; never so many that three shots could meet."""
    if transition.move == "cut":
        return 0
    return min(round(transition.seconds * FRAMES_A_SECOND), before // 2, after // 2)


def filled(specs: Sequence[SceneSpec], frames: Sequence[int], least: float) -> tuple[int, ...]:
    """Return the frames of each scene of a clip of `least` seconds or more: who may wait longer takes its part of the rest."""
    room = [
        max(0, round(spec.most * FRAMES_A_SECOND) - count) if spec.seconds == "reading" else 0
        for spec, count in zip(specs, frames, strict=True)
    ]
    overlaps = (overlap(specs[n].transition, frames[n - 1], frames[n]) for n in range(1, len(frames)))
    missing = round(least * FRAMES_A_SECOND) - sum(frames) + sum(overlaps)
    given = min(missing, sum(room))
    if given <= 0:
        return tuple(frames)
    reached = [given * sum(room[:n]) // sum(room) for n in range(len(room) + 1)]
    return tuple(count + reached[n + 1] - reached[n] for n, count in enumerate(frames))


def wordiest(words: str, context: Context, repeat: str | None) -> str | None:
    """Return the field, or the cell of a row, that gives a scene most of the words that it waits for; None where none does."""
    cells: Mapping[str, object] = context
    place = ""
    if repeat is not None:
        row = context["item"]
        place = f"{repeat}[{int(str(context['number'])) - 1}]"
        if not isinstance(row, Row):
            return place
        cells, place = row.cells, f"{place}."
    found = max(cells, key=lambda name: _given(cells[name], words), default="")
    return f"{place}{found}" if found and _given(cells[found], words) else None


def _given(value: object, words: str) -> int:
    """Return how many of a scene's words are a value's."""
    text = normal(str(value)) if isinstance(value, str | Figure) else ""
    return len(text.split()) if text and text in words else 0


def _words(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node.spec, WordsStyle):
            yield node.text
        yield from _words(node.children)
