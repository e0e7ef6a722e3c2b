"""Photos and drawings: found safely, read once, cut to their box."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageFilter

from editorial.problem import BadInput, Problem, Severity
from studio.brand import Brand
from studio.colour import Colour
from studio.digest import file_digest
from studio.drawing import draw_svg, svg_aspect
from studio.icon import PREFIX, icon_file
from studio.photo import Area, decode_once, is_animated, sampled, seen_size

_GLANCE = 64  # px wide: enough to see whether a picture has holes
_SOLID = 250  # of 255: an edge is softer than its picture
_A_GOOD_PART = 0.02
KINDS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg"})


def find_picture(source: str, folder: Path, brand: Brand, root: Path) -> Path | None:
    """Return the file of `art:name`, `icon:name` or of a path in the template, assets/ or workspace; None when none is there."""
    if source.startswith("art:"):
        return brand.art.get(source[4:])
    if source.startswith(PREFIX):
        return icon_file(source.removeprefix(PREFIX), brand.assets)
    return next((path for start in (folder, brand.assets, root) if (path := workspace_file(start / source, root, KINDS))), None)


def workspace_file(path: Path, root: Path, endings: Collection[str]) -> Path | None:
    """Return a file with one of the endings where it lies, after every link, in the workspace."""
    try:
        found = path.resolve()
        allowed = found.suffix.lower() in endings and found.is_relative_to(root.resolve()) and found.is_file()
    except (OSError, ValueError, RuntimeError):  # a name too long or with a zero byte, or links in a circle
        return None
    return found if allowed else None


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
    digest = file_digest(path)
    if path.suffix.lower() == ".svg":
        return svg_aspect(path, digest)
    width, height = seen_size(path, digest)
    return width / height


def shown_px(path: Path, aspect: float, fit: str) -> tuple[float, float]:
    """Return how many px of a photo are there to fill a box of an aspect: what `cover` crops does not count."""
    width, height = seen_size(path, file_digest(path))
    if fit != "cover":
        return width, height
    return min(width, height * aspect), min(height, width / aspect)


def picture_problems(path: Path, *, thorough: bool = False) -> Iterator[Problem]:
    """Yield what is wrong with a picture's file: by its head, or `thorough`ly by all of it."""
    try:
        aspect_of(path)
        if path.suffix.lower() == ".svg":
            return
        if thorough:
            decode_once(path, file_digest(path))
        if is_animated(path, file_digest(path)):
            message = "hình động chỉ được lấy khung đầu tiên; hãy dùng ảnh tĩnh nếu khung đó không đúng ý"
            yield Problem(rule="animated-picture", key=path.name, message=message, severity=Severity.WARNING)
    except BadInput as bad:
        yield from bad.problems


def is_see_through(path: Path) -> bool:
    """Tell whether what lies below a picture can be seen through a good part of it."""
    return _is_see_through(path, file_digest(path))


@lru_cache(maxsize=64)
def _is_see_through(path: Path, digest: str) -> bool:
    if path.suffix.lower() in (".jpg", ".jpeg"):
        return False
    if path.suffix.lower() == ".svg":
        small = draw_svg(path, digest, {}, _GLANCE)
    else:
        wide, tall = seen_size(path, digest)
        small = sampled(path, _GLANCE, max(1, round(_GLANCE * tall / wide)))
    return small.mode == "RGBA" and sum(small.getchannel("A").histogram()[:_SOLID]) > _A_GOOD_PART * small.width * small.height


def drawn(path: Path, inks: Mapping[str, Colour], width: int) -> Image.Image:
    """Return a drawing rasterised at a width, its named inks replaced by brand colours."""
    return draw_svg(path, file_digest(path), inks, width)


def cut_photo(path: Path, width: int, height: int, focus: tuple[float, float]) -> Image.Image:
    """Return a photo covering width x height, with `focus` kept as near the middle as the photo allows."""
    wide, tall = seen_size(path, file_digest(path))
    left, top, right, bottom = crop_box(wide, tall, width / height, focus)
    return sampled(path, width, height, Area(left / wide, top / tall, right / wide, bottom / tall))


def whole_photo(path: Path, width: int, height: int) -> Image.Image:
    """Return a whole photo scaled to exactly width x height."""
    return sampled(path, width, height)


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
