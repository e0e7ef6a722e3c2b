"""Pictures as Y, U and V planes: BT.709, limited range, 4:2:0, what players assume of an HD clip."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.uint8]

# ITU-R BT.709-6 section 3: luma weights 0.2126, 0.7152, 0.0722; Y from 16 to 235, U and V from 16 to 240 round 128
_TO_YUV = np.array(
    [
        [0.2126 * 219 / 255, 0.7152 * 219 / 255, 0.0722 * 219 / 255, 16],
        [-0.2126 / 1.8556 * 224 / 255, -0.7152 / 1.8556 * 224 / 255, 0.9278 / 1.8556 * 224 / 255, 128],
        [0.7874 / 1.5748 * 224 / 255, -0.7152 / 1.5748 * 224 / 255, -0.0722 / 1.5748 * 224 / 255, 128],
    ],
    dtype=np.float32,
)

_SEE_THROUGH_TO_YUV = np.insert(_TO_YUV, 3, 0, axis=1)  # of RGBA, not premultiplied
# the inverse, with what it takes off Y, U and V first (16, 128, 128) already in its last column
_TO_RGB = np.array(
    [
        [255 / 219, 0.0, 1.5748 * 255 / 224],
        [255 / 219, -0.1873 * 255 / 224, -0.4681 * 255 / 224],
        [255 / 219, 1.8556 * 255 / 224, 0.0],
    ],
    dtype=np.float32,
)
_TO_RGB = np.hstack([_TO_RGB, _TO_RGB @ np.array([[-16], [-128], [-128]], dtype=np.float32)])


class Frame:
    """An I420 frame: three planes, each of which may be a window into a larger array."""

    def __init__(self, y: Plane, u: Plane, v: Plane) -> None:
        self.y = y
        self.u = u
        self.v = v
        self.height, self.width = y.shape

    @classmethod
    def blank(cls, width: int, height: int, rim: int = 0) -> Frame:
        """Return a frame of unknown content, each of its planes with `rim` px round it in which a drawing may begin and end."""
        return cls(*(_window(width // part, height // part, rim) for part in (1, 2, 2)))

    @classmethod
    def white(cls, width: int, height: int) -> Frame:
        """Return a white frame."""
        frame = cls.blank(width, height)
        for plane, level in zip(frame.planes, (235, 128, 128), strict=True):
            plane.fill(level)
        return frame

    @property
    def planes(self) -> tuple[Plane, Plane, Plane]:
        """Return Y, U and V."""
        return self.y, self.u, self.v

    def copy_from(self, other: Frame) -> None:
        """Become the same picture as another frame."""
        for mine, given in zip(self.planes, other.planes, strict=True):
            np.copyto(mine, given)

    def tobytes(self) -> bytes:
        """Return the frame as raw yuv420p."""
        return b"".join(plane.tobytes() for plane in self.planes)


def _window(width: int, height: int, rim: int) -> Plane:
    return np.empty((height + 2 * rim, width + 2 * rim), dtype=np.uint8)[rim : rim + height, rim : rim + width]


@dataclass(frozen=True, eq=False)
class Cutout:
    """A sprite in planes, premultiplied: what it adds (`y`, `u`, `v`) and what of the ground stays (`rest`, `rest_half`)."""

    left: int
    top: int
    y: Plane
    u: Plane
    v: Plane
    rest: Plane
    rest_half: Plane


def to_yuv(pixels: Plane) -> Plane:
    """Return RGB pixels as Y, U, V at full size."""
    return np.asarray(cv2.transform(pixels, _TO_YUV), dtype=np.uint8)


def frame_of(image: Image.Image) -> Frame:
    """Return an RGB picture as a frame; its sides must be even."""
    frame = Frame.blank(image.width, image.height)
    yuv = to_yuv(np.asarray(image if image.mode == "RGB" else image.convert("RGB")))
    size = (image.width // 2, image.height // 2)
    frame.y[:], u, v = cv2.split(yuv)
    cv2.resize(u, size, dst=frame.u, interpolation=cv2.INTER_AREA)
    cv2.resize(v, size, dst=frame.v, interpolation=cv2.INTER_AREA)
    return frame


def picture_of(frame: Frame) -> Image.Image:
    """Return a frame as a player shows it."""
    size = (frame.width, frame.height)
    colours = [cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR) for plane in (frame.u, frame.v)]
    return Image.fromarray(np.asarray(cv2.transform(cv2.merge((frame.y, *colours)), _TO_RGB), dtype=np.uint8))


def cutout(left: int, top: int, image: Image.Image, opacity: float = 1.0) -> Cutout:
    """Return an RGBA sprite in planes, padded so that it starts and ends on even px."""
    x, y = left - left % 2, top - top % 2
    width, height = left - x + image.width, top - y + image.height
    pixels = np.zeros((height + height % 2, width + width % 2, 4), dtype=np.uint8)
    pixels[top - y : height, left - x : width] = np.asarray(image)
    alpha = cv2.convertScaleAbs(cv2.extractChannel(pixels, 3), alpha=opacity)
    full = [cv2.multiply(plane, alpha, scale=1 / 255) for plane in cv2.split(cv2.transform(pixels, _SEE_THROUGH_TO_YUV))]
    size = (pixels.shape[1] // 2, pixels.shape[0] // 2)
    u, v, half = (cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in (*full[1:], alpha))
    return Cutout(x, y, *(np.asarray(plane, dtype=np.uint8) for plane in (full[0], u, v, 255 - alpha, 255 - half)))


def blend(ground: Plane, added: Plane, rest: Plane, opacity: float) -> None:
    """Lay a premultiplied plane over a part of a frame, in place."""
    if opacity < 1.0:
        added = cv2.convertScaleAbs(added, alpha=opacity)  # type: ignore[assignment]
        rest = cv2.convertScaleAbs(rest, alpha=opacity, beta=255 * (1 - opacity))  # type: ignore[assignment]
    cv2.multiply(ground, rest, dst=ground, scale=1 / 255)
    cv2.add(ground, added, dst=ground)
