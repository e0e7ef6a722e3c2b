"""Whether two pictures look the same to a person: not byte for byte, for another FreeType paints edges a shade differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.display import Box

Field = NDArray[np.float32]

# Distances are CIELAB's: about 2 is the least that is seen side by side. Measured on infographic/steps at 0.4 of its size: five
# levels of 255 on 2 % of the px come to 3.5 at most, and ô for ó in the smallest type to 23 above SEEN in sum.
SEEN = 5.0  # of a px against all that the other picture has within half a px of it
BROAD_SEEN = 1.2  # of the mean of a patch: a colour that is a little off over a whole area
PATCH = 15  # px
LEAST = 12.0  # distance above SEEN summed over neighbouring px


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Where two pictures differ, largest first; `why` is there where they cannot be compared at all."""

    boxes: tuple[Box, ...]
    why: str = ""

    @property
    def same(self) -> bool:
        """Tell whether a person would see no difference."""
        return not self.boxes and not self.why


def compare(before: Image.Image, after: Image.Image) -> Difference:
    """Return where a person would see that two pictures differ; edges painted a shade differently are no difference."""
    if before.size != after.size:
        return Difference(boxes=(), why=f"{before.width} × {before.height} → {after.width} × {after.height}")
    one, other = _lab(before), _lab(after)
    fine = _apart(one, other) - SEEN
    broad = _apart(_smooth(one), _smooth(other)) - BROAD_SEEN
    return Difference(boxes=(*_regions(fine, LEAST), *_regions(broad, LEAST)))


def _lab(image: Image.Image) -> Field:
    pixels = np.asarray(image.convert("RGB"), dtype=np.float32) / 255
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), dtype=np.float32)


def _smooth(picture: Field) -> Field:
    return np.asarray(cv2.blur(picture, (PATCH, PATCH)), dtype=np.float32)


def _apart(one: Field, other: Field) -> Field:
    """Return how far apart two pictures are at each px, whichever of them has something that the other has not."""
    return np.asarray(np.maximum(_outside(one, other), _outside(other, one)), dtype=np.float32)


def _outside(picture: Field, other: Field) -> Field:
    """Return how far each px lies outside of what the other picture has there and half a px to each side."""
    low = high = other
    for right, down in ((0.5, 0.0), (-0.5, 0.0), (0.0, 0.5), (0.0, -0.5)):
        move = np.array(((1, 0, right), (0, 1, down)), dtype=np.float32)
        moved = cv2.warpAffine(other, move, (other.shape[1], other.shape[0]), borderMode=cv2.BORDER_REPLICATE)
        low, high = np.minimum(low, moved), np.maximum(high, moved)
    away = picture - np.clip(picture, low, high)
    return np.asarray(np.sqrt((away**2).sum(axis=2)), dtype=np.float32)


def _regions(excess: Field, least: float) -> tuple[Box, ...]:
    """Return the boxes of neighbouring px whose excess sums up to enough."""
    mask = (excess > 0).astype(np.uint8)
    near = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    sums = np.bincount(labels.ravel(), weights=(np.maximum(excess, 0) * mask).ravel(), minlength=count)
    order = sorted(range(1, count), key=lambda label: -sums[label])
    return tuple(_box(stats[label]) for label in order if sums[label] >= least)


def _box(row: Sequence[int]) -> Box:
    left, top, width, height = (float(value) for value in row[:4])
    return Box(left=left, top=top, width=width, height=height)
