"""The frame between two shots, composed in planes."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from studio.colour import Colour
from studio.motion import eased
from studio.plane import Frame, Plane, to_yuv
from studio.transition import Transition

_AWAY = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}


def pass_over(below: Frame, above: Frame, transition: Transition, share: float) -> None:
    """Turn a frame of the shot before into the frame at a share (0 to 1) of the way to the next one."""
    match transition.move:
        case "dip":
            _dip(below, above, transition.colour, share)
        case "slide" | "push" | "wipe":
            for ground, coming, side in _planes(below, above, transition, eased("in_out", share)):
                _shift(ground, coming, side, transition.move)
        case _:
            for ground, coming in zip(below.planes, above.planes, strict=True):
                cv2.addWeighted(coming, share, ground, 1 - share, 0, dst=ground)


def _dip(below: Frame, above: Frame, colour: Colour, share: float) -> None:
    """Fade the first shot into the colour, then the colour into the second."""
    shown = below if share < 0.5 else above
    kept = abs(1 - 2 * share)
    y, u, v = (float(part) for part in to_yuv(np.array([[colour[:3]]], dtype=np.uint8))[0, 0])
    for target, plane, level in ((below.y, shown.y, y), (below.u, shown.u, u), (below.v, shown.v, v)):
        np.copyto(target, np.rint(plane * np.float32(kept) + np.float32(level * (1 - kept))).astype(np.uint8))


def _planes(below: Frame, above: Frame, transition: Transition, share: float) -> Iterator[tuple[Plane, Plane, tuple[int, int]]]:
    """Yield each pair of planes with how far the second has still to come, along x and y, in its own px."""
    east, south = _AWAY[transition.side]
    dx, dy = (round(part / 2) for part in (east * below.width * (1 - share), south * below.height * (1 - share)))
    yield below.y, above.y, (2 * dx, 2 * dy)
    yield below.u, above.u, (dx, dy)
    yield below.v, above.v, (dx, dy)


def _shift(ground: Plane, coming: Plane, away: tuple[int, int], move: str) -> None:
    """Lay what has come of the second plane over the first."""
    dx, dy = away
    height, width = ground.shape
    if move == "wipe":
        here = (slice(max(0, dy), height + min(0, dy)), slice(max(0, dx), width + min(0, dx)))
        ground[here] = coming[here]
        return
    if move == "push":
        _paste(ground, ground.copy(), _gone(dx, width), _gone(dy, height))
    _paste(ground, coming, dx, dy)


def _gone(away: int, whole: int) -> int:
    """Return how far the first plane has left, when the second has so far still to come."""
    return 0 if away == 0 else away - whole if away > 0 else away + whole


def _paste(ground: Plane, piece: Plane, dx: int, dy: int) -> None:
    """Lay a plane of the same size over another, moved by so many px; what leaves the frame is cut off."""
    height, width = ground.shape
    there = (slice(max(0, dy), height + min(0, dy)), slice(max(0, dx), width + min(0, dx)))
    part = (slice(max(0, -dy), height - max(0, dy)), slice(max(0, -dx), width - max(0, dx)))
    ground[there] = piece[part]
