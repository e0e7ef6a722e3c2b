"""Whether words can be read: their colour against the pixels that really lie around their ink, as in WCAG 2.2, 1.4.3."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editorial.problem import Problem
from studio.colour import Colour
from studio.display import Item, Run, Words
from studio.font import ink
from studio.paint import Easel

LEAST = 4.5  # to 1; large type may have 3 in WCAG, but a picture is seen small on a phone
_ROUNDING = 0.02  # by which 8-bit colours may miss a ratio that was chosen exactly
_ENOUGH = 1 / 3  # of the pixels around a word that may be too near its colour: a stroke of a drawing touches a letter or two
_REACH = 2  # samples away from the ink, each 2 px apart in small type and more in large
_FEWEST = 12  # pixels that tell something about a word
# linear light of an sRGB value (IEC 61966-2-1)
_LINEAR = np.array([v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in np.arange(256) / 255], dtype=np.float32)
_WEIGHTS = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)

Pixels = NDArray[np.uint8]
Places = NDArray[np.int32]
Values = NDArray[np.float32]


class Rim(NamedTuple):
    """Canvas px close to the ink of some words and not under it."""

    x: Places
    y: Places


def contrast_problems(canvas: Image.Image, items: Iterable[Item], easel: Easel) -> tuple[Problem, ...]:
    """Return the texts of a finished RGB picture that stand out too little from what lies around their letters."""
    pixels = np.asarray(canvas)
    found = (unread(item, rim, pixels[rim.y, rim.x]) for item in items for rim in rims(item, canvas.size, easel))
    return tuple(dict.fromkeys(problem for problem in found if problem is not None))


def rims(item: Item, size: tuple[int, int], easel: Easel) -> Iterator[Rim]:
    """Yield where to look around an item's letters, if it has any; `size` is the canvas's."""
    words = item.drawing
    if not isinstance(words, Words) or not any(letter.isalnum() for run in words.runs for letter in run.text):
        return
    rim = _around_ink(words, size, easel)
    if rim.x.size >= _FEWEST:
        yield rim


@lru_cache(maxsize=256)
def _around_ink(words: Words, size: tuple[int, int], easel: Easel) -> Rim:
    sprite = easel.paint(words if words.shadow is None else replace(words, shadow=None))
    step = 2 + words.size // 48  # neighbours say the same
    inked = np.asarray(sprite.image.getchannel("A"))[::step, ::step]
    inked = cv2.copyMakeBorder(inked, _REACH, _REACH, _REACH, _REACH, cv2.BORDER_CONSTANT, value=(0,))
    near = cv2.dilate(inked, np.ones((2 * _REACH + 1, 2 * _REACH + 1), dtype=np.uint8))
    y, x = np.nonzero((near > 0) & (inked == 0))
    x, y = (x - _REACH) * step + sprite.left, (y - _REACH) * step + sprite.top
    inside = (x >= 0) & (y >= 0) & (x < size[0]) & (y < size[1])
    return Rim(x[inside].astype(np.int32), y[inside].astype(np.int32))


def unread(item: Item, rim: Rim, ground: Pixels) -> Problem | None:
    """Return the problem of a text whose surroundings (n x 3, RGB) are too near its colour around any one word."""
    words = item.drawing
    assert isinstance(words, Words)
    ratios = _ratios(words, item.opacity, rim, ground)
    worst = _worst_place(words, rim, ratios)
    if worst is None:
        return None
    ratio = math.floor(worst * 10) / 10
    message = f"chữ chỉ tương phản {ratio}:1 với nền, cần ít nhất {LEAST}:1; hãy đổi màu chữ hoặc đặt nền đậm nhạt hẳn"
    return Problem(rule="low-contrast", key=item.id, message=message)


def _ratios(words: Words, opacity: float, rim: Rim, ground: Pixels) -> Values:
    """Return the contrast of the ink with each pixel around it."""
    colours = list(dict.fromkeys(run.colour for run in words.runs))
    ratios = _against(colours[0], opacity, ground)
    for run in words.runs if len(colours) > 1 else ():
        if run.colour != colours[0]:
            here = _near(words, run, rim)
            ratios[here] = _against(run.colour, opacity, ground[here])
    return ratios


def _near(words: Words, run: Run, rim: Rim) -> NDArray[np.bool_]:
    box = ink(words.font, words.size, run.text)
    across = (rim.x >= run.x + box.left) & (rim.x <= run.x + box.right + words.tracking * len(run.text))
    return across & (rim.y >= run.y + box.top) & (rim.y <= run.y + box.bottom)


def _against(colour: Colour, opacity: float, ground: Pixels) -> Values:
    behind = _luminance(ground)
    share = colour.alpha / 255 * opacity
    solid = np.array([colour[:3]], dtype=np.uint8)
    shown = solid if share >= 1 else np.rint(ground + (solid.astype(np.float32) - ground) * share).astype(np.uint8)
    ink_light = _luminance(shown)
    light, dark = np.maximum(behind, ink_light), np.minimum(behind, ink_light)
    return np.asarray((light + 0.05) / (dark + 0.05), dtype=np.float32)


def _luminance(pixels: Pixels) -> Values:
    return np.asarray(_LINEAR[pixels] @ _WEIGHTS, dtype=np.float32)


def _worst_place(words: Words, rim: Rim, ratios: Values) -> float | None:
    """Return the contrast where it is least, place by place: one pale word is not made up for by nine that are plain."""
    low = ratios < LEAST - _ROUNDING
    if not low.any():
        return None
    place = _places(words, rim)
    share = np.bincount(place, weights=low) / np.maximum(np.bincount(place), _FEWEST)
    worst = int(share.argmax())
    return float(np.median(ratios[low & (place == worst)])) if share[worst] > _ENOUGH else None


def _places(words: Words, rim: Rim) -> Places:
    """Return which place each pixel is in; a place is about a word wide and a line high."""
    across = (rim.x - rim.x.min()) // (3 * words.size)
    down = (rim.y - rim.y.min()) // (3 * words.size // 2 + 1)
    return np.asarray(down * (int(across.max()) + 1) + across, dtype=np.int32)
