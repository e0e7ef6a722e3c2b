"""Smooth edges and gradients, computed exactly instead of drawn large and shrunk."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from studio.colour import Fill, Gradient

_STEPS = 4096  # colours along a gradient: no two neighbours are told apart
_OVERSAMPLED = 4  # polygons and strokes only: their edges have no simple distance formula


def rounded(width: int, height: int, radius: float) -> Image.Image:
    """Return the mask of a rectangle with round corners."""
    mask = Image.new("L", (width, height), 255)
    reach = min(radius, width / 2, height / 2)
    if reach < 0.5:
        return mask
    side = min(math.ceil(reach), width, height)
    corner = Image.fromarray(_quarter(side, reach))
    mask.paste(corner, (0, 0))
    mask.paste(corner.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (width - side, 0))
    mask.paste(corner.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, height - side))
    mask.paste(corner.transpose(Image.Transpose.ROTATE_180), (width - side, height - side))
    return mask


def _quarter(side: int, radius: float) -> NDArray[np.uint8]:
    away = radius - (np.arange(side, dtype=np.float32) + 0.5)
    distance = np.hypot(np.maximum(away[None, :], 0), np.maximum(away[:, None], 0))
    covered: NDArray[np.uint8] = np.rint(np.clip(radius - distance + 0.5, 0, 1) * 255).astype(np.uint8)
    return covered


def ellipse(width: int, height: int) -> Image.Image:
    """Return the mask of an ellipse that touches its box."""
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / (width / 2)
    y = (np.arange(height, dtype=np.float32) + 0.5 - height / 2) / (height / 2)
    distance = np.hypot(x[None, :], y[:, None])
    slope = np.hypot(x[None, :] / (width / 2), y[:, None] / (height / 2)) / np.maximum(distance, 1e-6)
    return Image.fromarray(np.rint(np.clip((1 - distance) / np.maximum(slope, 1e-6) + 0.5, 0, 1) * 255).astype(np.uint8))


def polygon(width: int, height: int, points: tuple[tuple[float, float], ...]) -> Image.Image:
    """Return the mask of a polygon; points in px of the mask."""
    large = Image.new("L", (width * _OVERSAMPLED, height * _OVERSAMPLED), 0)
    ImageDraw.Draw(large).polygon([(x * _OVERSAMPLED, y * _OVERSAMPLED) for x, y in points], fill=255)
    return large.resize((width, height), Image.Resampling.BOX)


def stroke(width: int, height: int, points: tuple[tuple[float, float], ...], thick: float) -> Image.Image:
    """Return the mask of a line through points, round at its ends and corners; points in px of the mask."""
    large = Image.new("L", (width * _OVERSAMPLED, height * _OVERSAMPLED), 0)
    pen = ImageDraw.Draw(large)
    path = [(x * _OVERSAMPLED, y * _OVERSAMPLED) for x, y in points]
    pen.line(path, fill=255, width=max(1, round(thick * _OVERSAMPLED)), joint="curve")
    reach = thick * _OVERSAMPLED / 2
    for x, y in (path[0], path[-1]):
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    return large.resize((width, height), Image.Resampling.BOX)


def filled(fill: Fill, width: int, height: int) -> Image.Image:
    """Return an RGBA picture of a fill."""
    if not isinstance(fill, Gradient):
        return Image.new("RGBA", (width, height), tuple(fill))
    steps = _steps(fill)
    along = np.clip(_along(fill, width, height), 0, 1) * np.float32(_STEPS - 1)
    pixels = steps[np.rint(along).astype(np.uint16)]
    return Image.fromarray(pixels).resize((width, height), Image.Resampling.NEAREST)  # a column or a row is repeated


def _steps(fill: Gradient) -> NDArray[np.uint8]:
    """Return the colours along a gradient: looked up for each pixel, for computing them there takes 15 s and 2 GB on A3."""
    places = [place for place, _ in fill.stops]
    # between premultiplied colours, so that a stop at 0 % does not grey what lies between
    table = np.array([[c.red * c.alpha / 255, c.green * c.alpha / 255, c.blue * c.alpha / 255, c.alpha] for _, c in fill.stops])
    parts = np.stack([np.interp(np.linspace(0, 1, _STEPS), places, table[:, part]) for part in range(4)], axis=-1)
    parts[:, :3] = parts[:, :3] * 255 / np.maximum(parts[:, 3:], 1e-6)
    colours: NDArray[np.uint8] = np.rint(np.clip(parts, 0, 255)).astype(np.uint8)
    return colours


def _along(fill: Gradient, width: int, height: int) -> NDArray[np.float32]:
    """Return how far along the gradient each pixel lies; a column or a row where that is enough."""
    x = np.arange(width, dtype=np.float32) + np.float32(0.5)
    y = np.arange(height, dtype=np.float32) + np.float32(0.5)
    if fill.centre is not None:
        reach = np.float32(fill.reach * max(width, height))
        east, south = x - np.float32(fill.centre[0] * width), y - np.float32(fill.centre[1] * height)
        return np.asarray(np.hypot(east[None, :], south[:, None]) / reach)
    radians = math.radians(fill.angle)
    right, down = round(math.sin(radians), 9), round(-math.cos(radians), 9)
    length = abs(width * right) + abs(height * down)
    across = (x - np.float32(width / 2))[None, :] * np.float32(right / length) if right else np.zeros((1, 1), dtype=np.float32)
    along = (y - np.float32(height / 2))[:, None] * np.float32(down / length) if down else np.zeros((1, 1), dtype=np.float32)
    return np.asarray(across + along + np.float32(0.5))
