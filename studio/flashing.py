"""Flashes that can bring on a seizure, found as WCAG 2.2 defines them (2.3.1): general flashes and flashes of saturated red."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from editorial.problem import Problem
from studio.display import Box, Counter, Item, Reel
from studio.film import Film
from studio.motion import FRAMES_A_SECOND
from studio.plane import Frame, Plane

MOST_FLASHES = 3  # in any one second
_CELLS = 32  # along the longer side of a glance
_GENERAL = 0.10  # of the greatest relative luminance
_DARK = 0.80  # the darker of the two is below it
_RED = 20.0  # change of (R - G - B) x 320
_SATURATED = 0.8  # R / (R + G + B)
_VIEW = 3  # a field of 10 degrees is a third of the width and of the height of a picture that fills the screen
_AREA = 0.25  # of such a field
_GRID = 12  # places along each side, where changes are counted before anything is drawn

Glance = NDArray[np.uint8]  # rows x columns x 3: Y, U, V of a frame, small
Values = NDArray[np.float32]


def glance(frame: Frame) -> Glance:
    """Return a frame so small that only what fills a part of the field of vision is left of it."""
    longer = max(frame.width, frame.height)
    size = (max(_VIEW, round(_CELLS * frame.width / longer)), max(_VIEW, round(_CELLS * frame.height / longer)))
    planes = [_every(frame.y, 4), _every(frame.u, 2), _every(frame.v, 2)]
    return np.dstack([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in planes])


def _every(plane: Plane, step: int) -> Plane:
    """Return every so manyth px along x and y; OpenCV takes them five times as fast as NumPy."""
    tall, wide = plane.shape[0] // step, plane.shape[1] // step
    whole = plane[: tall * step, : wide * step]
    return np.asarray(cv2.resize(whole, (wide, tall), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def flash_problems(glances: Mapping[int, Glance]) -> tuple[Problem, ...]:
    """Return whether frames, by number at 30 a second, flash more than three times in any second; gaps are taken apart."""
    numbers = sorted(glances)
    starts = [place for place, number in enumerate(numbers) if place == 0 or number != numbers[place - 1] + 1]
    stretches = [numbers[start:end] for start, end in pairwise([*starts, len(numbers)])]
    return _told(
        stretch[place] for stretch in stretches for place in _flashing(np.stack([glances[number] for number in stretch]))
    )


def _told(frames: Iterable[int]) -> tuple[Problem, ...]:
    seconds = sorted({number // FRAMES_A_SECOND for number in frames})
    if not seconds:
        return ()
    when = ", ".join(f"giây {second + 1}" for second in seconds[:3])
    message = (
        f"chớp sáng quá {MOST_FLASHES} lần trong một giây ở {when}, có thể gây co giật; hãy làm chậm lại hoặc bỏ chuyển động đó"
    )
    return (Problem(rule="flashing", message=message),)


def moments_to_look_at(film: Film) -> tuple[int, ...]:
    """Return the frames of every second in which so much comes and goes at one place that it could flash; mostly none.

    A place changes its brightness once with each coming, going or change of scene; only figures that run change more often.
    """
    changes = np.zeros((film.frames, _GRID, _GRID), dtype=np.int32)
    for number, cells in _changes(film).items():
        changes[min(film.frames - 1, number)] += cells
    sums = np.cumsum(changes, axis=0)
    sums[FRAMES_A_SECOND:] -= sums[:-FRAMES_A_SECOND].copy()
    ends = np.flatnonzero((sums > 2 * MOST_FLASHES).any(axis=(1, 2)))
    return tuple(sorted({max(0, int(end) - back) for end in ends for back in range(2 * FRAMES_A_SECOND)}))


def _changes(film: Film) -> Mapping[int, NDArray[np.int32]]:
    """Return how often each place changes at a frame; what moves together changes a place once."""
    found: dict[int, NDArray[np.int32]] = {}

    def note(number: int, cells: NDArray[np.int32]) -> None:
        found[number] = np.maximum(found[number], cells) if number in found else cells

    for shot in film.shots:
        note(shot.start + shot.crossfade // 2, np.ones((_GRID, _GRID), dtype=np.int32))
        for item in shot.display.items:
            for number in _own_changes(item):
                note(shot.start + number, _under(item.drawing.box, film))
    for overlay in film.overlays:
        for number in (overlay.start, overlay.end, *(edge for stretch in overlay.hidden for edge in stretch)):
            note(number, _under(overlay.item.drawing.box, film))
    return found


def _own_changes(item: Item) -> Iterator[int]:
    for motion in item.motions:
        yield round((motion.start + motion.seconds / 2) * FRAMES_A_SECOND)
    if isinstance(item.live, Counter):
        start = round(item.live.delay * FRAMES_A_SECOND)
        yield from range(start, start + len(item.live.steps))
    if isinstance(item.live, Reel):
        yield from range(item.live.frames)


def _under(box: Box, film: Film) -> NDArray[np.int32]:
    """Return the places that a box covers; a box too small to matter in any field covers none."""
    cells = np.zeros((_GRID, _GRID), dtype=np.int32)
    if box.width * box.height >= film.width * film.height * _AREA / _VIEW**2:
        across = slice(max(0, int(box.left / film.width * _GRID)), max(0, int(np.ceil(box.right / film.width * _GRID))))
        down = slice(max(0, int(box.top / film.height * _GRID)), max(0, int(np.ceil(box.bottom / film.height * _GRID))))
        cells[down, across] = 1
    return cells


def _flashing(glances: NDArray[np.uint8]) -> Iterator[int]:
    """Yield the frames that end a second with too many flashes over too large an area."""
    linear = _linear_rgb(glances)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
    redness, saturated = _reds(linear)
    general = _turns(luminance, _GENERAL, luminance < _DARK)
    for turns in (general, _turns(redness, _RED, saturated)):
        yield from (int(number) for number in np.flatnonzero(_too_many(_alternations(turns))))


def _linear_rgb(glances: NDArray[np.uint8]) -> Values:
    """Return linear R, G and B of Y, U and V in limited range (ITU-R BT.709)."""
    y = (glances[..., 0].astype(np.float32) - 16) / 219
    u = (glances[..., 1].astype(np.float32) - 128) / 224
    v = (glances[..., 2].astype(np.float32) - 128) / 224
    rgb = np.stack([y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u], axis=-1).clip(0, 1)
    return np.asarray(np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4), dtype=np.float32)


def _reds(linear: Values) -> tuple[Values, NDArray[np.bool_]]:
    red, total = linear[..., 0], linear.sum(axis=-1)
    redness = np.maximum(0, red - linear[..., 1] - linear[..., 2]) * 320
    return redness.astype(np.float32), np.asarray((red >= _SATURATED * total) & (total > 0.02))


def _turns(values: Values, least: float, counts: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return where each cell completes a change of at least `least` upward (1) or downward (-1) against the one before.

    `counts` must hold at one end of the change.
    """
    turned = np.zeros(values.shape, dtype=np.int8)
    way = np.zeros(values.shape[1:], dtype=np.int8)
    high, low = values[0].copy(), values[0].copy()
    high_counts, low_counts = counts[0].copy(), counts[0].copy()
    for number, now in enumerate(values):
        rises = now > high
        high, high_counts = np.where(rises, now, high), np.where(rises, counts[number], high_counts)
        falls = now < low
        low, low_counts = np.where(falls, now, low), np.where(falls, counts[number], low_counts)
        up = (now - low >= least) & (counts[number] | low_counts) & (way <= 0)
        down = (high - now >= least) & (counts[number] | high_counts) & (way >= 0) & ~up
        turned[number] = up.astype(np.int8) - down.astype(np.int8)
        way = np.where(up, np.int8(1), np.where(down, np.int8(-1), way))
        high, high_counts = np.where(up | down, now, high), np.where(up | down, counts[number], high_counts)
        low, low_counts = np.where(up | down, now, low), np.where(up | down, counts[number], low_counts)
    return turned


def _alternations(turned: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return where a whole field of vision changes against its change before: at once, and over a large enough part of it.

    Figures that run change some places up and others down in the same moment; that is no flash.
    """
    changes = np.zeros(turned.shape, dtype=np.bool_)
    way = np.zeros(turned.shape[1:], dtype=np.int8)
    for number in range(len(turned)):
        at_once = turned[max(0, number - 1) : number + 1]  # a change that runs over two frames is one
        up, down = (_share_of_field((at_once == direction).any(axis=0)) for direction in (1, -1))
        for direction, share, against in ((1, up, down), (-1, down, up)):
            now = (share > _AREA) & (share > 2 * against) & (way != direction)
            changes[number] |= now
            way[now] = direction
    return changes


def _share_of_field(cells: NDArray[np.bool_]) -> Values:
    """Return which part of the field of vision round each place is marked."""
    field = (max(1, cells.shape[1] // _VIEW), max(1, cells.shape[0] // _VIEW))
    return np.asarray(cv2.blur(cells.astype(np.float32), field, borderType=cv2.BORDER_CONSTANT))


def _too_many(changes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the frames that end a second of too many flashes in some field; a flash is two changes, there and back."""
    sums = np.cumsum(changes, axis=0, dtype=np.int32)
    sums[FRAMES_A_SECOND:] -= sums[:-FRAMES_A_SECOND].copy()
    return np.asarray((sums > 2 * MOST_FLASHES).any(axis=(1, 2)))
