"""Ken Burns: a picture that comes nearer, sampled at fractions of a px so that it never trembles."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np

from studio.display import Box, Item, KenBurns, Picture
from studio.mask import rounded
from studio.paint import paint
from studio.plane import Frame, Plane, frame_of

# The grid of samples may start so many px before the picture: cv2.resize starts only on whole px of its source, and one of
# these starts lies within hundredths of a px of where it should. warpAffine starts anywhere and takes three times as long.
_STARTS = 24
RIM = _STARTS + 4  # px that a frame needs round it for a zoom to be drawn straight into it
_FINER = 1.06  # how much finer than at its nearest a picture is kept; at 1 the starts would all fall on the same fraction


@dataclass(frozen=True, kw_only=True, eq=False)
class Zoom:
    """A picture's planes, finer than the nearest that the zoom comes, with `rim` px round them; and the place that it fills.

    `finer` is px of the Y plane for one px of that place, along x and y.
    """

    planes: tuple[Plane, Plane, Plane]
    rim: int
    finer: tuple[float, float]
    left: int
    top: int
    width: int
    height: int
    burns: KenBurns
    seconds: float
    mask: Plane | None

    def covers(self, frame: Frame) -> bool:
        """Tell whether nothing of the ground can be seen beside the picture."""
        return self.mask is None and (self.left, self.top, self.width, self.height) == (0, 0, frame.width, frame.height)

    def put(self, frame: Frame, moment: float, opacity: float) -> None:
        """Draw the picture as near as it is at a moment."""
        zoom = zoom_at(self.burns, moment, self.seconds)
        for ground, plane, part in zip((frame.y, frame.u, frame.v), self.planes, (1, 2, 2), strict=True):
            wide, tall = self.width // part, self.height // part
            left, top = self.left // part, self.top // part
            place = ground[top : top + tall, left : left + wide]
            _lay(place, self._sampled(plane, wide, tall, zoom), self._mask(part), opacity)

    def seen(self, moment: float) -> Frame:
        """Return the picture alone, as near as it is at a moment, its corners not cut."""
        frame = Frame.blank(self.width, self.height, RIM)
        self.fill(frame, moment)
        return frame

    def fill(self, frame: Frame, moment: float) -> None:
        """Draw the picture as near as it is at a moment over all of a frame that has RIM px round it."""
        zoom = zoom_at(self.burns, moment, self.seconds)
        for ground, plane in zip(frame.planes, self.planes, strict=True):
            tall, wide = ground.shape
            self._sampled(plane, wide, tall, zoom, ground)

    def _mask(self, part: int) -> Plane | None:
        return None if self.mask is None else self.mask[::part, ::part]

    def _sampled(self, plane: Plane, wide: int, tall: int, zoom: float, target: Plane | None = None) -> Plane:
        """Return the plane at a zoom; drawn into the target, a window with RIM px round it, where there is one."""
        along, down = self.finer[0] / zoom, self.finer[1] / zoom
        x, skipped_x = _start(self.burns.focus[0] * wide * (self.finer[0] - along), along)
        y, skipped_y = _start(self.burns.focus[1] * tall * (self.finer[1] - down), down)
        rows = slice(y + self.rim, y + self.rim + math.ceil((tall + skipped_y) * down) + 1)
        columns = slice(x + self.rim, x + self.rim + math.ceil((wide + skipped_x) * along) + 1)
        source = plane[rows, columns]
        whole = None if target is None else _around(target, skipped_x, skipped_y, _size(source, 1 / along, 1 / down))
        seen = cv2.resize(source, None, dst=whole, fx=1 / along, fy=1 / down, interpolation=cv2.INTER_LINEAR)
        return np.asarray(seen[skipped_y : skipped_y + tall, skipped_x : skipped_x + wide], dtype=np.uint8)


def _size(source: Plane, across: float, down: float) -> tuple[int, int]:
    """Return the height and width that cv2.resize gives a plane."""
    return round(source.shape[0] * down), round(source.shape[1] * across)


def _around(target: Plane, skipped_x: int, skipped_y: int, size: tuple[int, int]) -> Plane:
    """Return the part of the array under a window that a drawing of a size covers, when so much of it comes before the window."""
    assert target.base is not None
    top, left = RIM - skipped_y, RIM - skipped_x
    return np.asarray(target.base[top : top + size[0], left : left + size[1]], dtype=np.uint8)


@lru_cache(maxsize=8)
def _start(offset: float, ratio: float) -> tuple[int, int]:
    """Return the source px to start at, and how many samples to throw away, so that the first kept lies at `offset`.

    Sample n of cv2.resize lies at start + (n + 1/2) * ratio - 1/2, as offset does with n = 0.
    """
    starts = offset - np.arange(_STARTS) * ratio
    skipped = int(np.argmin(np.abs(starts - np.rint(starts))))
    return round(float(starts[skipped])), skipped


def _lay(ground: Plane, above: Plane, mask: Plane | None, opacity: float) -> None:
    if mask is not None:
        _through_mask(ground, above, mask, opacity)
    elif opacity < 1.0:
        cv2.addWeighted(above, opacity, ground, 1 - opacity, 0, dst=ground)
    else:
        np.copyto(ground, above)


def _through_mask(ground: Plane, above: Plane, mask: Plane, opacity: float) -> None:
    share = mask[: ground.shape[0], : ground.shape[1]].astype(np.float32) * (opacity / 255)
    np.copyto(ground, np.rint(ground + (above.astype(np.float32) - ground) * share).astype(np.uint8))


def zoom_at(burns: KenBurns, moment: float, seconds: float) -> float:
    """Return the zoom at a moment of its scene."""
    share = min(1.0, max(0.0, moment / seconds))
    return burns.start + (burns.end - burns.start) * share


def zoom_of(item: Item, burns: KenBurns, seconds: float) -> Zoom:
    """Return an item's picture made ready to zoom."""
    assert isinstance(item.drawing, Picture)
    left, top, right, bottom = item.drawing.box.whole()
    left, top, right, bottom = left - left % 2, top - top % 2, right + right % 2, bottom + bottom % 2
    width, height = right - left, bottom - top
    scale = max(burns.start, burns.end) * _FINER
    large = _large(item.drawing, width, height, scale)
    finer = large.box.width / width, large.box.height / height
    rim = math.ceil(_STARTS * max(finer) / min(burns.start, burns.end)) + 2
    return Zoom(
        planes=_planes(large, rim),
        rim=rim,
        finer=finer,
        left=left,
        top=top,
        width=width,
        height=height,
        burns=burns,
        seconds=seconds,
        mask=np.asarray(rounded(width, height, item.drawing.radius)) if item.drawing.radius > 0 else None,
    )


@lru_cache(maxsize=8)
def _planes(picture: Picture, rim: int) -> tuple[Plane, Plane, Plane]:
    """Return a picture's planes with their outermost px repeated all round, kept: in RGB they would take thrice the memory."""
    image = paint(picture).image  # see-through parts are black
    frame = frame_of(image if image.mode == "RGB" else image.convert("RGB"))
    wider = [cv2.copyMakeBorder(plane, rim, rim, rim, rim, cv2.BORDER_REPLICATE) for plane in (frame.y, frame.u, frame.v)]
    y, u, v = (np.asarray(plane, dtype=np.uint8) for plane in wider)
    return y, u, v


def _large(picture: Picture, width: int, height: int, scale: float) -> Picture:
    """Return a picture as it is painted for its zoom: larger, with even sides, and without its corners."""
    box = Box(left=0.0, top=0.0, width=round(width * scale / 2) * 2, height=round(height * scale / 2) * 2)
    return replace(picture, box=box, radius=0.0, blur=picture.blur * scale)
