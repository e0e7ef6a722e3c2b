"""The template under the designer's hands: read anew when its files change, drawn with whatever data the page has."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from desk.designing import template_folder
from desk.place import Place
from desk.pointing import sample_sources
from editorial.problem import BadInput, Problem
from studio.brand import Brand
from studio.frame import Screen
from studio.mark import Mark, film_marks, inside_of, still_marks
from studio.rendition import Recipe, Rendition
from studio.studio import Studio
from studio.template import Template, load_template

MOST_SCREENS = 6  # clips kept open for scrubbing: a template's sizes; each holds a few frames
SCREEN_WIDTH = 720  # px of a frame on the page: sharp enough at twice the size of a phone's screen


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A picture, or an open clip, with its problems; neither where nothing could be drawn."""

    rendition: Rendition | None = None
    screen: Screen | None = None
    digest: str = ""
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()


class LightTable:
    """Keep the last template that could be read; what is wrong in its files now is in `problems`.

    Everything is drawn under one lock: a designer looks at one picture at a time, and type faces are not for two threads.
    """

    def __init__(self, place: Place, name: str, cache: Path) -> None:
        self._folder = template_folder(place, name)
        self._place, self._name, self._cache = place, name, cache
        self._lock = threading.Lock()
        self._seen: frozenset[tuple[str, int, int]] = frozenset()
        self._pictures: dict[str, Path] = {}
        self._screens: OrderedDict[str, Screen] = OrderedDict()
        self.version = 0
        self.problems: tuple[Problem, ...] = ()
        self.studio: Studio | None = None

    @property
    def name(self) -> str:
        """Return the template's id."""
        return self._name

    @property
    def assets(self) -> Path:
        """Return the brand's folder."""
        return self._place.assets

    @property
    def template(self) -> Template | None:
        """Return the last template that could be read."""
        return self.studio.templates[self._name] if self.studio else None

    def look(self) -> int:
        """Read the files anew if one of them has changed; return a number that is another after each change."""
        with self._lock:
            now = frozenset(self._files())
            if now != self._seen:
                self._seen = now
                self._read()
                self.version += 1
            return self.version

    def _files(self) -> Iterator[tuple[str, int, int]]:
        for folder in (self._folder, self._place.assets):
            for path in folder.rglob("*"):
                try:
                    if path.is_file():
                        yield str(path), path.stat().st_mtime_ns, path.stat().st_size
                except FileNotFoundError:  # an editor has just put another file in its place
                    continue

    def _read(self) -> None:
        try:
            brand = Brand.load(self._place.assets)
            template = load_template(self._folder, brand, self._place.root)
        except BadInput as bad:
            self.problems = bad.problems
            return
        self.problems = ()
        self.studio = Studio(templates={self._name: template}, brand=brand, cache=self._cache)

    def draw(self, data: Mapping[str, object], size: str, theme: str, sample: str) -> Drawn:
        """Return a picture with the data of the page, its problems placed in the files of `sample`."""
        with self._lock:
            assert self.studio is not None
            try:
                return self._drawn(self.studio, data, size, theme, sample)
            except BadInput as bad:
                return Drawn(problems=self._placed(bad.problems, sample))

    def _drawn(self, studio: Studio, data: Mapping[str, object], size: str, theme: str, sample: str) -> Drawn:
        recipe = studio.recipe(self._name, data, size, theme)
        if studio.templates[self._name].kind == "clip":
            return self._clip(studio, data, recipe, sample)
        made = studio.render(recipe)
        self._pictures[recipe.digest] = made.path
        problems = tuple(dict.fromkeys((*studio.check(self._name, data, size, theme), *made.problems)))
        marks = still_marks(studio.stage(recipe), problems)
        return Drawn(rendition=made, digest=recipe.digest, marks=marks, problems=self._placed(problems, sample))

    def _clip(self, studio: Studio, data: Mapping[str, object], recipe: Recipe, sample: str) -> Drawn:
        screen = self._screen(studio, recipe)
        problems = studio.check(self._name, data, recipe.size, recipe.theme)
        marks = film_marks(screen.film, problems, inside_of(studio.templates[self._name].designs[recipe.size]))
        return Drawn(screen=screen, digest=recipe.digest, marks=marks, problems=self._placed(problems, sample))

    def _screen(self, studio: Studio, recipe: Recipe) -> Screen:
        if recipe.digest not in self._screens:
            self._screens[recipe.digest] = studio.screen(recipe, SCREEN_WIDTH)
            while len(self._screens) > MOST_SCREENS:
                self._screens.popitem(last=False)
        self._screens.move_to_end(recipe.digest)
        return self._screens[recipe.digest]

    def _placed(self, problems: tuple[Problem, ...], sample: str) -> tuple[Problem, ...]:
        try:
            sources = sample_sources(self._folder, self._place.root, sample)
        except BadInput:  # template.yaml is being written
            return problems
        return tuple(dict.fromkeys(sources.placed(problem) for problem in problems))

    def picture(self, digest: str) -> Path | None:
        """Return the file of a picture drawn before."""
        return self._pictures.get(digest)

    def frame(self, digest: str, number: int) -> bytes | None:
        """Return a frame of a clip opened before, as JPEG; None where it is not open any more or has no such frame."""
        with self._lock:
            screen = self._screens.get(digest)
            return screen.frame(number) if screen and 0 <= number < screen.film.frames else None
