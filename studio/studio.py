"""The studio's door: recipe, check, render.

What paints, encodes and measures brings OpenCV and PyAV with it, 43 MB: it is loaded when it is first needed, since the open desk
lays out and checks, and leaves rendering to other processes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from editorial.problem import BadInput, Problem
from studio.alt_text import Proposal, propose
from studio.brand import Brand
from studio.code import code_problems
from studio.contract import canonical, language_of, pictures_in
from studio.description import described
from studio.digest import file_digest
from studio.display import Box, DisplayList, Item
from studio.film import Film, make_film
from studio.identity import renderer_identity
from studio.ingredients import ingredients_of
from studio.inscription import Inscription, inscriptions
from studio.inspect import caption_problems, data_problems, glyph_problems, hopeless, items_of, words_of
from studio.legibility import legibility_problems
from studio.picture import PictureShelf
from studio.reading_time import reading_problems
from studio.recording import voice_of
from studio.rendition import MEDIA_TYPES, Beyond, ImageType, Recipe, Rendition, Result, Shelf
from studio.scene import Stage, stage
from studio.segment import SegmentShelf
from studio.subtitle import srt, vtt
from studio.template import Template, has_its_files
from studio.unshown import unshown_problems

if TYPE_CHECKING:
    from studio.assembly import Progress
    from studio.frame import Screen
    from studio.paint import Easel

__all__ = ["Recipe", "Rendition", "Studio"]


@lru_cache(maxsize=1)
def _easel() -> Easel:
    """Return this process's painted sprites."""
    from studio.paint import Easel

    return Easel()


class Studio:
    """Make pictures and clips from templates; the same recipe is never rendered twice and gives the same bytes.

    May be pickled into a worker process. `cores` is how many a single clip may use, `beyond` where other machines have theirs.
    """

    def __init__(
        self, *, templates: Mapping[str, Template], brand: Brand, cache: Path, cores: int = 1, beyond: Beyond | None = None
    ) -> None:  # fmt: skip
        self._templates = dict(templates)
        self._brand = brand
        self._shelf = Shelf(cache=cache, beyond=beyond)
        self._cores = cores
    @property
    def templates(self) -> Mapping[str, Template]:
        """Return the templates by id."""
        return self._templates

    @property
    def brand(self) -> Brand:
        """Return the look that all templates share."""
        return self._brand

    def find(self, recipe: Recipe) -> Rendition | None:
        """Return the rendition of a recipe where it is in the cache."""
        return self._shelf.find(recipe.digest)

    def fetch(self, recipe: Recipe) -> Rendition | None:
        """Return the rendition of a recipe where it is in the cache, or has been made on another machine."""
        return self._shelf.find(recipe.digest) or self._shelf.fetch(recipe.digest)

    def share(self, rendition: Rendition) -> None:
        """Let other machines have a rendition that lay in this one's cache."""
        self._shelf.share(rendition)

    def recipe(
        self, template_id: str, data: Mapping[str, object], size: str, theme: str = "light", image_type: ImageType = "jpg"
    ) -> Recipe:
        """Return what to render; raise BadInput for an unknown template, size or theme. A clip has no `image_type`."""
        problems = self._unknown(template_id, size, theme)
        if problems:
            raise BadInput(*problems)
        template = self._templates[template_id]
        kept = canonical(template.fields, data)
        parts = (template.version, kept, size, theme, renderer_identity(), *self._file_digests(template, data))
        if image_type != "jpg" and template.kind != "clip":
            parts = (*parts, image_type)
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        return Recipe(template_id=template_id, data=kept, size=size, theme=theme, digest=digest, image_type=image_type)

    def ingredients(self, template_id: str, data: Mapping[str, object], theme: str) -> str:
        """Return the digest of all that a picture is drawn from besides its template and the code that draws."""
        return ingredients_of(template_id, self._brand, self._templates[template_id].root, data, theme)

    def check(self, template_id: str, data: Mapping[str, object], size: str, theme: str = "light") -> tuple[Problem, ...]:
        """Return what is wrong with this data in this template, without painting anything."""
        problems = self._unknown(template_id, size, theme)
        if problems:
            return problems
        template = self._templates[template_id]
        problems = data_problems(template, self._brand, data, thorough=True)
        if hopeless(problems):
            return problems
        made = stage(template, self._brand, data, size, theme)
        try:
            found = _film_problems(make_film(made)) if template.kind == "clip" else _still_problems(_display(made))
            found = (*unshown_problems(made, data), *found)
        except BadInput as bad:
            found = bad.problems
        return (*problems, *found)

    def alt_text(
        self, template_id: str, data: Mapping[str, object], written: Mapping[str, object], size: str | None = None
    ) -> Proposal:
        """Return the alt text that a picture's layers propose; `written` is the data with its facts still quoted.

        Raise BadInput where the data leaves nothing to draw.
        """
        template = self._templates[template_id]
        recipe = self.recipe(template_id, data, size or template.sizes[0])
        shelf = PictureShelf(folder=template.folder, brand=self._brand, root=template.root)
        found = {name: shelf.find(name) for name in pictures_in(template.fields, data)}
        told = {name: described(path, language_of(data), template.root) for name, path in found.items() if path}
        pictures = {name: words for name, words in told.items() if words}
        return propose(template.fields, data, written, self._shown(recipe), pictures, moves=template.kind == "clip")

    def _shown(self, recipe: Recipe) -> tuple[str, ...]:
        """Return the texts in a picture or clip: a page on which somebody writes asks for the same with every letter."""
        known = _SHOWN.get(recipe.digest)
        if known is None:
            made = self.stage(recipe)
            known = words_of(items_of(make_film(made)) if made.template.kind == "clip" else _display(made).items)
            if len(_SHOWN) >= SHOWN:
                _SHOWN.clear()
            _SHOWN[recipe.digest] = known
        return known

    def render(self, recipe: Recipe, progress: Progress | None = None) -> Rendition:
        """Return the rendition of a recipe, from the cache where it is there; raise BadInput where nothing can be drawn."""
        kept = self.fetch(recipe)
        if kept is not None:
            return kept
        template = self._templates[recipe.template_id]
        data = json.loads(recipe.data)
        problems = data_problems(template, self._brand, data)
        if hopeless(problems):
            raise BadInput(*hopeless(problems))
        made = stage(template, self._brand, data, recipe.size, recipe.theme)
        problems = (*problems, *unshown_problems(made, data))
        with self._shelf.workspace() as folder:
            if template.kind == "clip":
                result = self._clip(made, folder, problems, progress)
            else:
                result = _picture(made, folder, problems, recipe.image_type)
            self._ask_unchanged(recipe)
            return self._shelf.keep(recipe.digest, folder, result)

    def _ask_unchanged(self, recipe: Recipe) -> None:
        """Raise BadInput where a picture or font was saved after the recipe was made: the digest would be of other bytes."""
        template = self._templates[recipe.template_id]
        data = json.loads(recipe.data)
        same = self.recipe(recipe.template_id, data, recipe.size, recipe.theme, recipe.image_type).digest == recipe.digest
        if not (same and has_its_files(template, self._brand)):
            message = f"ảnh, phông chữ hoặc nhạc của mẫu “{recipe.template_id}” vừa đổi trong lúc dựng hình; hãy dựng lại"
            raise BadInput(Problem(rule="template-changes", key=recipe.template_id, message=message))

    def stage(self, recipe: Recipe) -> Stage:
        """Return a recipe laid out and not painted; raise BadInput where its data leaves nothing to draw."""
        template, data = self._templates[recipe.template_id], json.loads(recipe.data)
        if found := hopeless(data_problems(template, self._brand, data)):
            raise BadInput(*found)
        return stage(template, self._brand, data, recipe.size, recipe.theme)

    def frame_count(self, recipe: Recipe) -> int:
        """Return how many frames a recipe has, one for a picture and for what cannot be drawn; nothing is painted."""
        if self._templates[recipe.template_id].kind != "clip":
            return 1
        try:
            return make_film(self.stage(recipe)).frames
        except BadInput:
            return 1

    def inscriptions(self, recipe: Recipe) -> tuple[Inscription, ...]:
        """Return the words that the template shows and says with a recipe's data; raise BadInput where it draws nothing."""
        return tuple(inscriptions(self.stage(recipe)))

    def frames(self, recipe: Recipe, numbers: Sequence[int]) -> tuple[Path, ...]:
        """Return frames of a clip as pictures in the cache, without encoding it."""
        from studio.frame import kept_frames

        return kept_frames(frames_folder(self._shelf.cache, recipe.digest), make_film(self.stage(recipe)), numbers, _easel())

    def small(self, recipe: Recipe, width: int) -> Path:
        """Return a picture, or a clip's poster, as a JPEG at most `width` px wide, in the cache; a clip is not encoded for it."""
        from studio.thumbnail import kept_thumbnail

        if self._templates[recipe.template_id].kind == "clip":
            (picture,) = self.frames(recipe, [make_film(self.stage(recipe)).poster])
        else:
            picture = self.render(recipe).path
        return kept_thumbnail(small_picture(self._shelf.cache, recipe.digest, width), picture, width)

    def frame(self, recipe: Recipe, number: int, width: int) -> Path:
        """Return a frame of a clip as a JPEG at most `width` px wide, in the cache; raise BadInput where nothing can be drawn.

        The clip stays open in this process, so that its next frame comes sooner.
        """
        from studio.frame import open_screen
        from studio.whole_file import write_whole

        path = frame_picture(self._shelf.cache, recipe.digest, number)
        if not path.is_file():
            screen = open_screen(recipe.digest, width, lambda: make_film(self.stage(recipe)), _easel())
            write_whole(path, screen.frame(min(number, screen.film.frames - 1)))
        return path

    def screening(self, recipe: Recipe) -> tuple[Problem, ...]:
        """Return all that is wrong with a clip, what only its pictures and its sound show included, without encoding it; kept."""
        rendered = self._shelf.find(recipe.digest)
        return self._shelf.findings(recipe.digest, lambda: self._screened(recipe)) if rendered is None else rendered.problems

    def _screened(self, recipe: Recipe) -> tuple[Problem, ...]:
        from studio.screening import screening_problems

        found = self.check(recipe.template_id, json.loads(recipe.data), recipe.size, recipe.theme)
        return (*found, *screening_problems(make_film(self.stage(recipe)), _easel()))

    def screen(self, recipe: Recipe, width: int) -> Screen:
        """Return a clip opened to be looked at frame by frame."""
        from studio.frame import Screen

        return Screen(make_film(self.stage(recipe)), _easel(), width)

    def _clip(self, made: Stage, folder: Path, problems: tuple[Problem, ...], progress: Progress | None) -> Result:
        from studio.assembly import make_clip
        from studio.screening import flashes, sound_problems, unread_problems
        from studio.still import fold_film, jpeg

        film = make_film(made)
        shelf = SegmentShelf(folder=self._shelf.cache / "segments")
        unread: list[Problem] = []
        loudness: list[Problem] = []

        def look_and_listen() -> None:
            (folder / "poster.jpg").write_bytes(jpeg(fold_film(film, _easel())))
            unread.extend(unread_problems(film, _easel()))
            loudness.extend(sound_problems(film))

        glances = make_clip(film, folder / "clip.mp4", _easel(), shelf, self._cores, progress, look_and_listen)
        seen = (*unread, *flashes(film, _easel(), glances), *loudness)
        (folder / "subtitles.srt").write_text(srt(film.cues), encoding="utf-8")
        (folder / "subtitles.vtt").write_text(vtt(film.cues), encoding="utf-8")
        return Result(
            file="clip.mp4",
            kind="video",
            media_type="video/mp4",
            width=film.width,
            height=film.height,
            seconds=film.seconds,
            subtitles="subtitles.srt" if film.cues else None,
            poster="poster.jpg",
            words=tuple(dict.fromkeys((*words_of(items_of(film)), *(cue.text for cue in film.cues)))),
            problems=(*problems, *_film_problems(film), *seen),
        )

    def _unknown(self, template_id: str, size: str, theme: str) -> tuple[Problem, ...]:
        template = self._templates.get(template_id)
        if template is None:
            return (Problem(rule="unknown-template", key=template_id, message="không có mẫu này trong templates/"),)
        if size not in template.sizes:
            sizes = ", ".join(template.sizes)
            return (Problem(rule="unknown-size", key=size, message=f"mẫu {template_id} không có khổ này; chọn trong: {sizes}"),)
        if theme not in self._brand.colours:
            return (Problem(rule="unknown-theme", key=theme, message="brand.yaml không có bảng màu này"),)
        return ()

    def _file_digests(self, template: Template, data: Mapping[str, object]) -> tuple[str, ...]:
        shelf = PictureShelf(folder=template.folder, brand=self._brand, root=template.root)
        paths = (shelf.find(name) for name in pictures_in(template.fields, data))
        pictures = tuple("" if path is None else shelf.digest(path) for path in paths)
        voice = voice_of(template, self._brand, data)
        return pictures if voice is None else (*pictures, f"voice {file_digest(voice)}")


def frames_folder(cache: Path, digest: str) -> Path:
    """Return where the cache keeps single frames and small pictures of a recipe."""
    return cache / "frames" / digest[:2] / digest


# By recipe, which says all that a picture is made of, so that it holds for every studio of the process.
_SHOWN: dict[str, tuple[str, ...]] = {}
SHOWN = 4_000  # pictures


def small_picture(cache: Path, digest: str, width: int) -> Path:
    """Return where the cache keeps the picture of a recipe at this width, once it was asked for."""
    return frames_folder(cache, digest) / f"small-{width}.jpg"


def frame_picture(cache: Path, digest: str, number: int) -> Path:
    """Return where the cache keeps a frame of a clip as pages show it, once it was asked for."""
    return frames_folder(cache, digest) / f"frame-{number}.jpg"


def _display(made: Stage) -> DisplayList:
    return made.display(made.template.designs[made.size].layers, made.context)


def _picture(made: Stage, folder: Path, problems: tuple[Problem, ...], image_type: ImageType) -> Result:
    from studio.contrast import contrast_problems
    from studio.still import fold, jpeg, png

    display = _display(made)
    encode = jpeg if image_type == "jpg" else png
    file, canvas = f"picture.{image_type}", fold(display, _easel())
    (folder / file).write_bytes(encode(canvas, made.canvas.dpi))
    return Result(
        file=file,
        kind="image",
        media_type=MEDIA_TYPES[image_type],
        width=display.width,
        height=display.height,
        words=words_of(display.items),
        problems=(*problems, *_still_problems(display), *contrast_problems(canvas, display.items, _easel())),
    )


def _still_problems(display: DisplayList) -> tuple[Problem, ...]:
    return _found(display.problems, display.items, display.safe)


def _film_problems(film: Film) -> tuple[Problem, ...]:
    if film.bed is not None:
        from studio.track import hear_once

        hear_once(film.bed.path, file_digest(film.bed.path))
    return (*_found(film.problems, items_of(film), film.safe), *reading_problems(film), *caption_problems(film))


def _found(laid_out: tuple[Problem, ...], items: tuple[Item, ...], safe: Box | None) -> tuple[Problem, ...]:
    """Return the layout's problems and those of its items; what does not fit is not told once more to be small."""
    unfit = {problem.key for problem in laid_out if problem.rule == "does-not-fit"}
    seen = (problem for problem in legibility_problems(items, safe) if problem.rule != "text-shrunk" or problem.key not in unfit)
    return (*laid_out, *glyph_problems(items), *code_problems(items), *seen)
