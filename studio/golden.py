"""Golden pictures: what the templates look like when somebody last looked and agreed, small enough to keep in the repository."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from studio.brand import Brand
from studio.comparison import Difference, compare
from studio.font import face
from studio.rendition import Recipe
from studio.still import png
from studio.storyboard import make_storyboard
from studio.studio import Studio
from studio.template import Template
from studio.whole_file import write_whole

# Which sizes are kept, each with which data: between them every field is seen, at its longest and as it mostly is.
KEPT = {"portrait": "worst", "story": "typical"}
STILL_SHARE, CLIP_SHARE = 0.4, 0.25  # of full size: what a person must see is still found, and a picture takes about 130 kB
_RED, _PAPER, _INK, _GAP, _HEAD = "#d11a2a", "#eceef0", "#1d2730", 24, 56


@dataclass(frozen=True, kw_only=True)
class Golden:
    """One picture that is kept; a clip's shows its scenes side by side."""

    name: str
    recipe: Recipe


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How a picture stands against the one that is kept; there is no `before` where none is kept yet."""

    golden: Golden
    before: Image.Image | None
    after: Image.Image
    difference: Difference

    @property
    def same(self) -> bool:
        """Tell whether a person would see no difference."""
        return self.before is not None and self.difference.same


def goldens(studio: Studio) -> Iterator[Golden]:
    """Yield the pictures to keep of each template with samples: of each size of KEPT that it offers, else of its first size."""
    for template in studio.templates.values():
        if template.samples:
            for size in [size for size in KEPT if size in template.sizes] or [template.sizes[0]]:
                yield _golden(studio, template, size)


def _golden(studio: Studio, template: Template, size: str) -> Golden:
    sample = KEPT.get(size, "typical")
    chosen = sample if sample in template.samples else "typical"
    recipe = studio.recipe(template.id, template.samples[chosen], size, template.themes[0])
    return Golden(name=f"{template.id.replace('/', '-')}-{size}-{template.themes[0]}-{chosen}", recipe=recipe)


def file_of(folder: Path, golden: Golden) -> Path:
    """Return where a golden picture is kept."""
    return folder / f"{golden.name}.webp"


def judge(studio: Studio, golden: Golden, folder: Path) -> Verdict:
    """Render a picture and hold it against the one that is kept in `folder`."""
    after, file = small_of(studio, golden.recipe), file_of(folder, golden)
    if not file.is_file():
        return Verdict(golden=golden, before=None, after=after, difference=Difference(boxes=()))
    with Image.open(file) as kept:
        before = kept.convert("RGB")
    return Verdict(golden=golden, before=before, after=after, difference=compare(before, after))


def accept(verdict: Verdict, folder: Path) -> None:
    """Keep the picture as it is now; one that looks the same is left alone, so that the repository does not grow."""
    if not verdict.same:
        stream = io.BytesIO()
        verdict.after.save(stream, "WEBP", lossless=True, quality=100, method=6)
        write_whole(file_of(folder, verdict.golden), stream.getvalue())


def held_against(before: tuple[Studio, Recipe], after: tuple[Studio, Recipe], name: str) -> Verdict:
    """Render two pictures and hold the later one against the earlier."""
    one, other = small_of(*before), small_of(*after)
    return Verdict(golden=Golden(name=name, recipe=after[1]), before=one, after=other, difference=compare(one, other))


def small_of(studio: Studio, recipe: Recipe) -> Image.Image:
    """Return a picture, or a clip's scenes side by side, as small as pictures are compared."""
    if studio.templates[recipe.template_id].kind == "clip":
        scenes = [_shrunk(panel.path, CLIP_SHARE) for panel in make_storyboard(studio, recipe).scenes]
        return _side_by_side(scenes, 0)
    return _shrunk(studio.render(recipe).path, STILL_SHARE)


def _shrunk(path: Path, share: float) -> Image.Image:
    with Image.open(path) as picture:
        size = (round(picture.width * share), round(picture.height * share))
        return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def _side_by_side(pictures: list[Image.Image], gap: int) -> Image.Image:
    wide = sum(picture.width for picture in pictures) + gap * (len(pictures) - 1)
    sheet = Image.new("RGB", (wide, max(picture.height for picture in pictures)), _PAPER)
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width + gap
    return sheet


def write_difference(verdict: Verdict, brand: Brand, path: Path) -> None:
    """Write before, after, and after with the differences framed in red, beside one another."""
    shown = {"trước": verdict.before, "bây giờ": verdict.after, "chỗ khác": _marked(verdict)}
    pictures = {words: picture for words, picture in shown.items() if picture is not None}
    row = _side_by_side(list(pictures.values()), _GAP)
    sheet = Image.new("RGB", (row.width + 2 * _GAP, row.height + _HEAD + _GAP), _PAPER)
    sheet.paste(row, (_GAP, _HEAD))
    draw, left = ImageDraw.Draw(sheet), _GAP
    for words, picture in pictures.items():
        draw.text((left, 16), words, _INK, face(brand.fonts["strong"], 20))
        left += picture.width + _GAP
    write_whole(path, png(sheet))


def _marked(verdict: Verdict) -> Image.Image | None:
    """Return the picture in grey with the differences in their own colours and a red frame round each."""
    if verdict.before is None or verdict.difference.why:
        return None
    marked = Image.blend(verdict.after.convert("L").convert("RGB"), Image.new("RGB", verdict.after.size, "white"), 0.6)
    draw = ImageDraw.Draw(marked)
    for box in verdict.difference.boxes:
        left, top, right, bottom = box.whole()
        marked.paste(verdict.after.crop((left, top, right, bottom)), (left, top))
        draw.rectangle((left - 3, top - 3, right + 2, bottom + 2), None, _RED, 2)
    return marked
