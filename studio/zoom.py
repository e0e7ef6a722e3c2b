"""Ken Burns: a picture that comes nearer, sampled at fractions of a px so that it never trembles."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from studio.display import Box, Item, KenBurns, Picture
from studio.mask import rounded
from studio.paint import Easel
from studio.plane import Frame, Plane, frame_of


@dataclass(frozen=True, kw_only=True, eq=False)
class Zoom:
    """A picture's planes at the largest scale that the zoom reaches, and the place that it fills."""

    planes: Frame
    scale: float
    left: int
    top: int
    width: int
    height: int
    burns: KenBurns
    seconds: float
    mask: Plane | None

    def put(self, frame: Frame, moment: float, opacity: float) -> None:
        """Draw the picture as near as it is at a moment."""
        ratio = self.scale / zoom_at(self.burns, moment, self.seconds)
        pairs = ((frame.y, self.planes.y, 1), (frame.u, self.planes.u, 2), (frame.v, self.planes.v, 2))
        for ground, plane, part in pairs:
            place = (
                slice(self.top // part, (self.top + self.height) // part),
                slice(self.left // part, (self.left + self.width) // part),
            )
            self._sample(ground[place], plane, part, ratio, opacity)

    def _sample(self, ground: Plane, plane: Plane, part: int, ratio: float, opacity: float) -> None:
        height, width = ground.shape
        about_x, about_y = self.burns.focus[0] * width, self.burns.focus[1] * height
        # px centres: target (x + .5) lies at focus * scale + (x + .5 - focus) * ratio in the large planes
        shift_x = about_x * (self.scale - ratio) + 0.5 * ratio - 0.5
        shift_y = about_y * (self.scale - ratio) + 0.5 * ratio - 0.5
        matrix = np.array([[ratio, 0, shift_x], [0, ratio, shift_y]], dtype=np.float64)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        sampled = cv2.warpAffine(plane, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        if self.mask is not None:
            _through_mask(ground, np.asarray(sampled, dtype=np.uint8), self.mask[::part, ::part], opacity)
        elif opacity < 1.0:
            cv2.addWeighted(sampled, opacity, ground, 1 - opacity, 0, dst=ground)
        else:
            np.copyto(ground, sampled)


def _through_mask(ground: Plane, above: Plane, mask: Plane, opacity: float) -> None:
    share = mask[: ground.shape[0], : ground.shape[1]].astype(np.float32) * (opacity / 255)
    np.copyto(ground, np.rint(ground + (above.astype(np.float32) - ground) * share).astype(np.uint8))


def zoom_at(burns: KenBurns, moment: float, seconds: float) -> float:
    """Return the zoom at a moment of its scene."""
    share = min(1.0, max(0.0, moment / seconds))
    return burns.start + (burns.end - burns.start) * share


def zoom_of(item: Item, burns: KenBurns, seconds: float, easel: Easel) -> Zoom:
    """Return an item's picture made ready to zoom."""
    assert isinstance(item.drawing, Picture)
    left, top, right, bottom = item.drawing.box.whole()
    left, top, right, bottom = left - left % 2, top - top % 2, right + right % 2, bottom + bottom % 2
    scale = max(burns.start, burns.end)
    large = large_picture(item.drawing, Box(left=left, top=top, width=right - left, height=bottom - top), scale, easel)
    mask = np.asarray(rounded(right - left, bottom - top, item.drawing.radius)) if item.drawing.radius > 0 else None
    planes = frame_of(large)
    exact = large.width / (right - left)
    return Zoom(
        planes=planes,
        scale=exact,
        left=left,
        top=top,
        width=right - left,
        height=bottom - top,
        burns=burns,
        seconds=seconds,
        mask=mask,
    )


def large_picture(picture: Picture, box: Box, scale: float, easel: Easel) -> Image.Image:
    """Return a picture painted at a scale, with even sides; see-through parts are black."""
    width, height = round(box.width * scale / 2) * 2, round(box.height * scale / 2) * 2
    large = Picture(
        box=Box(left=0.0, top=0.0, width=width, height=height),
        path=picture.path,
        digest=picture.digest,
        fit=picture.fit,
        focus=picture.focus,
        inks=picture.inks,
        tint=picture.tint,
        scrim=picture.scrim,
        blur=picture.blur * scale,
    )
    return easel.paint(large).image.convert("RGB")
