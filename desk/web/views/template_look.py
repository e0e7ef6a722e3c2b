"""The pictures of a template as a page shows them: numbered frames round what is wrong, and the same numbers in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from desk.errands import Errand
from desk.language import own_name, told
from desk.template_look import Shot
from desk.web.prose import sentence
from editorial.problem import Problem, Severity
from studio.mark import Mark
from studio.motion import FRAMES_A_SECOND
from studio.template import Template

LARGEST_NUMBER = 0.028  # of a picture's longer side: how high the number of a frame stands


@dataclass(frozen=True, kw_only=True)
class ProblemLine:
    """A problem in words; `number` is that of its frame on the pictures of `sizes`, 0 where it is marked on none."""

    message: str
    where: str = ""  # file and line
    key: str = ""
    wrong: bool = True
    line: int | None = None  # of template.yaml
    sizes: tuple[str, ...] = ()
    number: int = 0
    places: str = ""  # sizes, samples and themes, where there are many pictures


@dataclass(frozen=True, kw_only=True)
class MarkBox:
    """A frame on a picture, in px of its canvas; in a clip it is there from frame `start` to before `end`."""

    number: int
    wrong: bool
    left: float
    top: float
    width: float
    height: float
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, kw_only=True)
class SceneBar:
    """A scene on a clip's scrub bar, in frames."""

    id: str
    start: int
    end: int
    rest: int


@dataclass(frozen=True, kw_only=True)
class ShotView:
    """One size as it was drawn; without a picture `note` says why."""

    size: str
    width: int
    height: int
    shape: str  # "tall", "square", "wide", "strip"
    digest: str = ""
    picture: str = ""
    whole: str = ""  # the address of the picture in its full size
    marks: tuple[MarkBox, ...] = ()
    errors: int = 0
    warnings: int = 0
    frame: int = 0
    frames: int = 0  # 0 for a still
    scenes: tuple[SceneBar, ...] = ()
    note: str = ""

    @property
    def letter(self) -> float:
        """Return the px of the canvas that a frame's number is high."""
        return max(self.width, self.height) * LARGEST_NUMBER

    @property
    def seconds(self) -> str:
        """Return how long the clip is, in words."""
        return seconds_words(self.frames)

    @property
    def moment(self) -> str:
        """Return the moment of the clip that is shown, in words."""
        return seconds_words(self.frame)


@dataclass(frozen=True, kw_only=True)
class LookView:
    """Every size with one set of data, or how far the drawing of them has come."""

    shots: tuple[ShotView, ...] = ()
    problems: tuple[ProblemLine, ...] = ()
    errand: Errand | None = None
    address: str = ""  # of what is shown in place of this while it is drawn
    refused: tuple[ProblemLine, ...] = ()

    @property
    def errors(self) -> int:
        """Return how many problems are errors."""
        return sum(line.wrong for line in self.problems)


def seconds_words(frames: int) -> str:
    """Return so many frames as seconds."""
    return f"{frames / FRAMES_A_SECOND:.1f}".replace(".", ",")


def problem_line(problem: Problem, *, sizes: tuple[str, ...] = (), number: int = 0) -> ProblemLine:
    """Return a problem as a page lists it."""
    shown = told(problem)
    where = f"{shown.file}:{shown.line}" if shown.file and shown.line else shown.file or ""
    in_template = (shown.file or "").endswith("/template.yaml")
    return ProblemLine(
        message=sentence(shown.message), where=where, key=shown.key or "", wrong=shown.severity is Severity.ERROR,
        line=shown.line if in_template else None, sizes=sizes, number=number,
    )  # fmt: skip


def called(template: Template) -> str:
    """Return what a template is called, in the reader's language."""
    return own_name(template.name.vi, template.name.en)


def shape_of(width: int, height: int) -> str:
    """Return the shape by which a page gives a picture its room, so that none outshouts the others."""
    share = width / height
    return "strip" if share > 3 else "wide" if share > 1.2 else "square" if share > 0.9 else "tall"


def look_view(shots: Sequence[Shot], address: Mapping[str, tuple[str, str]]) -> LookView:
    """Return the pictures with their problems numbered, errors first; `address` has each size's picture, small and whole."""
    sizes: dict[Problem, list[str]] = {}
    for shot in shots:
        for problem in shot.problems:
            sizes.setdefault(problem, []).append(shot.size)
    marked = {mark.problem for shot in shots for mark in shot.marks if mark.box}
    order = sorted(sizes, key=lambda one: (one.severity is not Severity.ERROR, one not in marked))
    numbers = {problem: number for number, problem in enumerate((each for each in order if each in marked), start=1)}
    every = len(shots)
    lines = tuple(
        problem_line(each, sizes=tuple(sizes[each]) if len(sizes[each]) < every else (), number=numbers.get(each, 0))
        for each in order
    )
    return LookView(shots=tuple(_shot_view(shot, numbers, address[shot.size]) for shot in shots), problems=lines)


def _shot_view(shot: Shot, numbers: Mapping[Problem, int], address: tuple[str, str]) -> ShotView:
    errors = sum(problem.severity is Severity.ERROR for problem in shot.problems)
    small, whole = address if shot.path is not None else ("", "")
    return ShotView(
        size=shot.size, width=shot.width, height=shot.height, shape=shape_of(shot.width, shot.height), digest=shot.digest,
        picture=small, whole=whole,
        marks=tuple(_boxes(shot, numbers)),
        errors=errors, warnings=len(shot.problems) - errors,
        frame=shot.frame or 0, frames=shot.frames,
        scenes=tuple(SceneBar(id=each.id, start=each.start, end=each.end, rest=each.rest) for each in shot.scenes),
        note="" if shot.path else " ".join(sentence(told(problem).message) for problem in shot.problems),
    )  # fmt: skip


def _boxes(shot: Shot, numbers: Mapping[Problem, int]) -> Iterator[MarkBox]:
    for mark in shot.marks:
        if mark.box is not None and mark.problem in numbers:
            yield _box(shot, mark, numbers[mark.problem])


def _box(shot: Shot, mark: Mark, number: int) -> MarkBox:
    """Return the part of a frame that is on the canvas."""
    assert mark.box is not None
    left, top = max(0.0, mark.box.left), max(0.0, mark.box.top)
    right, bottom = min(float(shot.width), mark.box.right), min(float(shot.height), mark.box.bottom)
    return MarkBox(
        number=number, wrong=mark.problem.severity is Severity.ERROR, left=left, top=top, width=max(4.0, right - left),
        height=max(4.0, bottom - top),
        start=mark.frames.start if mark.frames else None, end=mark.frames.stop if mark.frames else None,
    )  # fmt: skip
