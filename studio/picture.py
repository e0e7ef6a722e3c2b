"""Photos and drawings: found safely, read once, cut to their box."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import resvg_py
from PIL import Image, ImageFilter, ImageOps

from editorial.problem import BadInput, Problem
from studio.brand import Brand
from studio.colour import Colour
from studio.digest import file_digest
from studio.icon import PREFIX, icon_file

_INK = re.compile(r"var\(\s*--([a-z][a-z0-9_]*)\s*(?:,\s*[^)]*)?\)")
_VIEW = re.compile(r"""viewBox\s*=\s*["']\s*([-\d.eE]+)[\s,]+([-\d.eE]+)[\s,]+([\d.eE]+)[\s,]+([\d.eE]+)""")
MOST_PIXELS = 120_000_000  # a larger picture is a bomb or a mistake; the largest cameras give about 100 megapixels
Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit only warns; _opened refuses, and before decoding
KINDS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".svg"})


def find_picture(source: str, folder: Path, brand: Brand, root: Path) -> Path | None:
    """Return the file of `art:name`, `icon:name` or of a path in the template, assets/ or workspace; None when none is there."""
    if source.startswith("art:"):
        return brand.art.get(source[4:])
    if source.startswith(PREFIX):
        return icon_file(source.removeprefix(PREFIX), brand.assets)
    for start in (folder, brand.assets, root):
        path = (start / source).resolve()
        if path.suffix.lower() in KINDS and path.is_relative_to(root.resolve()) and path.is_file():
            return path
    return None


@dataclass(frozen=True, kw_only=True)
class PictureShelf:
    """Where one template's pictures are."""

    folder: Path
    brand: Brand
    root: Path

    def find(self, source: str) -> Path | None:
        """Return a picture's file, None when there is none."""
        return find_picture(source, self.folder, self.brand, self.root)

    def aspect(self, path: Path) -> float:
        """Return width / height as seen, with the camera's rotation."""
        return aspect_of(path)

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a picture's file."""
        return file_digest(path)


def aspect_of(path: Path) -> float:
    """Return width / height as seen, with the camera's rotation; raise BadInput where the file is no picture."""
    return _aspect(path, file_digest(path))


@lru_cache(maxsize=512)
def _aspect(path: Path, digest: str) -> float:
    if path.suffix.lower() == ".svg":
        return _svg_aspect(path)
    width, height = _photo_size(path, digest)
    return width / height


@lru_cache(maxsize=512)
def _photo_size(path: Path, digest: str) -> tuple[int, int]:
    """Return a photo's width and height as seen."""
    with _opened(path) as image:
        width, height = image.size
        turned = image.getexif().get(0x0112, 1) >= 5  # EXIF orientations 5 to 8 lie on their side
    return (height, width) if turned else (width, height)


def shown_px(path: Path, aspect: float, fit: str) -> tuple[float, float]:
    """Return how many px of a photo are there to fill a box of an aspect: what `cover` crops does not count."""
    width, height = _photo_size(path, file_digest(path))
    if fit != "cover":
        return width, height
    return min(width, height * aspect), min(height, width / aspect)


def _svg_aspect(path: Path) -> float:
    view = _VIEW.search(path.read_text(encoding="utf-8"))
    return float(view[3]) / float(view[4]) if view else 1.0


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Yield a photo whose size was checked before a pixel was decoded; raise BadInput where it cannot be read."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError(f"{image.width} x {image.height} px")
            yield image
    except (OSError, ValueError, SyntaxError) as error:
        message = f"không đọc được hình này ({error}); hãy lưu lại dạng JPEG hoặc PNG, nhỏ hơn 100 triệu điểm ảnh"
        raise BadInput(Problem(rule="unreadable-picture", key=path.name, message=message)) from error


def draw_svg(path: Path, inks: Mapping[str, Colour], width: int) -> Image.Image:
    """Return a drawing rasterised at a width, its named inks replaced by brand colours."""
    text = path.read_text(encoding="utf-8")
    coloured = _INK.sub(lambda match: _hex(inks.get(match[1])) or match[0], text)
    try:
        png = resvg_py.svg_to_bytes(svg_string=coloured, width=width, skip_system_fonts=True)
    except ValueError as error:
        message = f"không vẽ được hình SVG này ({error}); hãy xuất lại từ phần mềm vẽ"
        raise BadInput(Problem(rule="unreadable-picture", key=path.name, message=message)) from error
    return Image.open(io.BytesIO(bytes(png))).convert("RGBA")


def _hex(colour: Colour | None) -> str:
    return "" if colour is None else f"#{colour.red:02x}{colour.green:02x}{colour.blue:02x}"


def cut_photo(path: Path, width: int, height: int, focus: tuple[float, float]) -> Image.Image:
    """Return a photo covering width x height, with `focus` kept as near the middle as the photo allows."""
    with _opened(path) as image:
        image.draft("RGB", (width * 2, height * 2))  # libjpeg decodes at a fraction: a third of the time for 12 megapixels
        upright = ImageOps.exif_transpose(image)
        box = crop_box(upright.width, upright.height, width / height, focus)
        mode = "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
        source = upright if upright.mode == mode else upright.convert(mode)
        return source.resize((width, height), Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)


def whole_photo(path: Path, width: int, height: int) -> Image.Image:
    """Return a whole photo scaled to exactly width x height."""
    with _opened(path) as image:
        image.draft("RGB", (width * 2, height * 2))
        upright = ImageOps.exif_transpose(image)
        mode = "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
        return upright.convert(mode).resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def crop_box(width: int, height: int, aspect: float, focus: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return the largest box of an aspect inside width x height, its centre as near the focus as can be."""
    wide = min(width, height * aspect)
    tall = min(height, width / aspect)
    left = min(max(focus[0] * width - wide / 2, 0.0), width - wide)
    top = min(max(focus[1] * height - tall / 2, 0.0), height - tall)
    return left, top, left + wide, top + tall


def blurred(image: Image.Image, radius: float) -> Image.Image:
    """Return the picture out of focus."""
    return image.filter(ImageFilter.GaussianBlur(radius)) if radius > 0 else image
