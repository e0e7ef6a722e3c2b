"""How things move: pure functions of time, so that any frame can be drawn alone."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from studio.display import Box, Motion

FRAMES_A_SECOND = 30
_MOST_STEPS = 48  # of text being typed: each is a picture of its own
_WORD, _LETTER = re.compile(r"\S+"), re.compile(r"\S")
_POP = 0.2  # how much smaller a pop starts


@dataclass(frozen=True)
class Pose:
    """Where and how a drawing stands at a moment; `shown` is the part left uncovered, None when all of it."""

    opacity: float = 1.0
    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0
    about: tuple[float, float] = (0.0, 0.0)
    shown: Box | None = None


AT_REST = Pose()


def eased(ease: str, share: float) -> float:
    """Return how far a motion has come after a share of its time."""
    share = min(1.0, max(0.0, share))
    match ease:
        case "linear":
            return share
        case "in":
            return share**3
        case "in_out":
            return 4 * share**3 if share < 0.5 else 1 - (-2 * share + 2) ** 3 / 2
        case "back":
            return 1 + 2.2 * (share - 1) ** 3 + 1.2 * (share - 1) ** 2
        case _:
            return 1 - (1 - share) ** 3


def pose(motions: Sequence[Motion], moment: float) -> Pose:
    """Return the pose that all motions together give `moment` seconds into the scene."""
    result = AT_REST
    for motion in motions:
        result = _joined(result, _one(motion, moment))
    return result


def _one(motion: Motion, moment: float) -> Pose:
    share = eased(motion.ease, (moment - motion.start) / motion.seconds)
    here = share if motion.entering else 1 - share
    if here == 1.0:
        return AT_REST
    seen = min(1.0, max(0.0, here))
    match motion.move:
        case "path":
            dx, dy = _along(motion.points, here)
            return Pose(dx=dx, dy=dy)
        case "wipe":
            return Pose(shown=_uncovered(motion, seen), opacity=1.0 if seen > 0 else 0.0)
        case "pop":
            centre = (motion.box.left + motion.box.width / 2, motion.box.top + motion.box.height / 2)
            return Pose(opacity=min(1.0, seen * 1.5), scale=1 - _POP * (1 - here), about=centre)
        case _:
            return Pose(opacity=seen, dx=motion.dx * (1 - here), dy=motion.dy * (1 - here))


def _along(points: Sequence[tuple[float, float]], share: float) -> tuple[float, float]:
    """Return where on a line through points a share of its length ends."""
    legs = [math.dist(start, end) for start, end in pairwise(points)]
    left = share * sum(legs)
    for (start, end), leg in zip(pairwise(points), legs, strict=True):
        if left <= leg and leg > 0:
            part = left / leg
            return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
        left -= leg
    return points[-1]


def _uncovered(motion: Motion, share: float) -> Box:
    box = motion.box
    width = box.width * (share if motion.dx else 1.0)
    height = box.height * (share if motion.dy else 1.0)
    left = box.right - width if motion.dx > 0 else box.left
    top = box.bottom - height if motion.dy > 0 else box.top
    return Box(left=left, top=top, width=width, height=height)


def _joined(outer: Pose, inner: Pose) -> Pose:
    if inner == AT_REST:
        return outer
    return Pose(
        opacity=outer.opacity * inner.opacity,
        dx=outer.dx + inner.dx,
        dy=outer.dy + inner.dy,
        scale=outer.scale * inner.scale,
        about=inner.about if inner.scale != 1.0 else outer.about,
        shown=inner.shown or outer.shown,
    )


def count_steps(start: float, end: float, seconds: float) -> list[float]:
    """Return what a counter shows in each of its frames before it comes to rest."""
    frames = max(1, math.ceil(seconds * FRAMES_A_SECOND))
    return [start + (end - start) * eased("out", frame / frames) for frame in range(frames)]


def typing_steps(texts: Sequence[str], by: str, frames: int) -> list[int]:
    """Return how many letters of the texts together stand in each frame before all do; whole words where it goes by word."""
    stops: list[int] = []
    before = 0
    for text in texts:
        stops += [before + match.end() for match in (_WORD if by == "word" else _LETTER).finditer(text)]
        before += len(text)
    few = stops[:: max(1, math.ceil(len(stops) / _MOST_STEPS))]
    return [few[min(len(few) - 1, frame * len(few) // frames)] if frame and few else 0 for frame in range(frames)]
