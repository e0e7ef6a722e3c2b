"""A photo as it is meant to be seen: upright, in sRGB, eight bits a channel, and never more of it in memory than allowed."""

from __future__ import annotations

import io
import math
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageCms, UnidentifiedImageError

from editorial.problem import BadInput, Problem
from studio.allowance import memory_bytes

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # and no other: Pillow would run Ghostscript for an EPS file that is called .jpg
Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit only warns; open_photo refuses, and before decoding
_SHARE = 0.75  # of the memory of a worker, for one photo
_PIXEL = 8  # bytes: Pillow keeps four a pixel, and a change of mode makes a second copy
_PROGRESSIVE = 3  # bytes a pixel that libjpeg keeps of a whole progressive JPEG, however small it is decoded
_ORIENTATION = 0x0112
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, IndexError, OverflowError, EOFError, MemoryError, struct.error)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PLAIN = frozenset({"L", "RGB", "RGBA", "CMYK", "YCbCr", "LAB"})  # modes whose pixels may be averaged


class Area(NamedTuple):
    """A part of a photo, in fractions of its sides."""

    left: float
    top: float
    right: float
    bottom: float


WHOLE = Area(0.0, 0.0, 1.0, 1.0)


@contextmanager
def open_photo(path: Path) -> Iterator[Image.Image]:
    """Yield a photo without a pixel decoded; raise BadInput where it is broken, also when that shows only later."""
    try:
        with warnings.catch_warnings():  # Pillow tells the terminal of a torn EXIF block, where nobody knows which photo is meant
            warnings.simplefilter("ignore")
            opened = Image.open(path, formats=FORMATS)
        with opened as image:
            yield image
    except _BROKEN as error:
        message = f"không đọc được hình này ({_reason(error)}); hãy mở bằng phần mềm ảnh rồi lưu lại dạng JPEG hoặc PNG"
        raise BadInput(Problem(rule="unreadable-picture", key=path.name, message=message)) from error


def _reason(error: BaseException) -> str:
    """Return what a library said, in one line and without the machine's paths."""
    return "không phải hình" if isinstance(error, UnidentifiedImageError) else str(error).split(" '/")[0].strip() or "hỏng"


@lru_cache(maxsize=512)
def seen_size(path: Path, digest: str) -> tuple[int, int]:
    """Return a photo's width and height as the camera held it; `digest` is the file's."""
    with open_photo(path) as image:
        width, height = image.size
        return (height, width) if _orientation(image) >= 5 else (width, height)


@lru_cache(maxsize=512)
def is_animated(path: Path, digest: str) -> bool:
    """Tell whether a photo has more than the one frame that is shown."""
    with open_photo(path) as image:
        return image.format in ("GIF", "WEBP", "PNG") and getattr(image, "n_frames", 1) > 1


@lru_cache(maxsize=512)
def decode_once(path: Path, digest: str) -> None:
    """Raise BadInput where a photo breaks off, or would need more memory than allowed."""
    sampled(path, 64, 64)


def sampled(path: Path, width: int, height: int, area: Area = WHOLE) -> Image.Image:
    """Return an area of a photo at width x height, RGB or RGBA in sRGB."""
    with open_photo(path) as image:
        orientation = _orientation(image)
        sideways = orientation >= 5
        part = _as_stored(area, orientation)
        size = (height, width) if sideways else (width, height)
        _decode_small(image, path, part, size)
        plain = _plain(image)
        box = _box(part, plain)
        small = plain.resize(size, _filter(box, size), box=box, reducing_gap=2.0)
        shown = _in_srgb(small, image.info.get("icc_profile"))
        return shown.transpose(_TURNS[orientation]) if orientation in _TURNS else shown


def _filter(box: tuple[float, float, float, float], size: tuple[int, int]) -> Image.Resampling:
    """Return how to average: where a photo shrinks, Hamming is as sharp as bicubic to the eye at half of Lanczos's time."""
    shrinks = box[2] - box[0] >= size[0] and box[3] - box[1] >= size[1]
    return Image.Resampling.HAMMING if shrinks else Image.Resampling.LANCZOS


def _box(part: Area, image: Image.Image) -> tuple[float, float, float, float]:
    width, height = image.size
    left, top = max(0.0, part.left * width), max(0.0, part.top * height)
    return left, top, min(width, part.right * width), min(height, part.bottom * height)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; a torn EXIF block says nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = image.getexif().get(_ORIENTATION, 1)
    except _BROKEN:
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _as_stored(area: Area, orientation: int) -> Area:
    """Return where an area of the seen photo lies in the stored one."""
    left, top, right, bottom = area
    if orientation >= 5:
        left, top, right, bottom = top, left, bottom, right
    if orientation in (2, 3, 7, 8):
        left, right = 1 - right, 1 - left
    if orientation in (3, 4, 6, 7):
        top, bottom = 1 - bottom, 1 - top
    return Area(left, top, right, bottom)


def _decode_small(image: Image.Image, path: Path, part: Area, size: tuple[int, int]) -> None:
    """Let libjpeg decode at a fraction, a third of the time for 12 megapixels; refuse what would not fit in memory.

    The fraction leaves at least the px that are wanted: twice as many look no sharper (0.930 and 0.924 of a Lanczos's edges,
    measured on grainy photos) and take half as long again.
    """
    whole = image.width * image.height
    across, down = max(part.right - part.left, 1e-6), max(part.bottom - part.top, 1e-6)
    image.draft("RGB", (math.ceil(size[0] / across), math.ceil(size[1] / down)))
    needed = image.width * image.height * _PIXEL + (whole * _PROGRESSIVE if image.info.get("progressive") else 0)
    if needed > memory_bytes() * _SHARE:
        raise BadInput(_too_large(path, whole))


def _too_large(path: Path, pixels: int) -> Problem:
    most = int(memory_bytes() * _SHARE / _PIXEL / 1e6)
    message = (
        f"hình có {pixels / 1e6:.0f} triệu điểm ảnh, máy này chỉ mở được {most} triệu; "
        "hãy lưu lại nhỏ hơn, hoặc tăng LOA_MEMORY_MB nếu máy còn bộ nhớ"
    )
    return Problem(rule="unreadable-picture", key=path.name, message=message)


def _plain(image: Image.Image) -> Image.Image:
    """Return the photo in a mode whose pixels may be averaged."""
    if image.mode.startswith("I"):
        return _eight_bits(image)
    if "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBa"):
        return image.convert("RGBA")
    if image.mode in _PLAIN:
        image.load()
        return image
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture of 16-bit greys in 8 bits; Pillow's own change of mode would cut off all that is lighter than 1/256."""
    import numpy as np  # few photos are of this kind, and the open desk looks at many

    pixels = np.asarray(image)
    return Image.fromarray((pixels >> 8 if pixels.max(initial=0) > 255 or image.mode != "I" else pixels).astype(np.uint8))


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Return the picture with the colours that its profile means; without one it is taken for sRGB."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    transform = _transform(profile, colours.mode) if isinstance(profile, bytes) and profile else None
    if transform is None:
        return image if image.mode == mode else image.convert(mode)
    shown = ImageCms.applyTransform(colours, transform)
    assert shown is not None  # only a change in place gives None
    if mode == "RGBA":
        shown.putalpha(image.getchannel("A"))
    return shown


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return how to bring a mode's colours from a profile to sRGB; None where they are there, or the profile does not fit."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if mode == "RGB" and ImageCms.getProfileDescription(source).strip().lower().startswith("srgb"):
            return None
        return ImageCms.buildTransform(source, _srgb(), mode, "RGB", renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
