"""What a designer looks at: every size of a template with some data, and where on the picture each problem is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from desk.pointing import sample_sources
from desk.rendering import HowFar, too_heavy
from editorial.problem import BadInput, Problem
from scheduler.engines.contract import Engine, RendererDied
from studio.film import Film, make_film, rest_frame
from studio.mark import Mark, film_marks, inside_of, still_marks
from studio.rendition import Recipe
from studio.size import SIZES
from studio.studio import Studio

SHOWN_WIDTH = 720  # px of a picture on the page: sharp enough at twice the size of a phone's screen
AT_ONCE = 2  # sizes of one look that are drawn together: others look at templates too


@dataclass(frozen=True, kw_only=True)
class ShotScene:
    """A scene of a clip by its frames; `rest` is the one in which all of it stands still."""

    id: str
    start: int
    end: int
    rest: int


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One size as it was drawn; a clip by one of its frames. Without a file nothing could be drawn, and the problems say why."""

    size: str
    digest: str
    path: Path | None = None
    frame: int | None = None  # which frame of a clip the file shows
    frames: int = 0
    scenes: tuple[ShotScene, ...] = ()
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def width(self) -> int:
        """Return the px of the canvas across."""
        return SIZES[self.size].width

    @property
    def height(self) -> int:
        """Return the px of the canvas down."""
        return SIZES[self.size].height


def picture_problems_of(studio: Studio, recipe: Recipe, found: Sequence[Problem] = ()) -> tuple[Problem, ...]:
    """Return what is wrong with a recipe, each thing once: found by laying it out, and `found` in its pixels."""
    checked = studio.check(recipe.template_id, json.loads(recipe.data), recipe.size, recipe.theme)
    return tuple(dict.fromkeys((*checked, *found)))


def clip_marks(studio: Studio, recipe: Recipe, film: Film, problems: Sequence[Problem]) -> tuple[Mark, ...]:
    """Return a clip's problems with the frames and places that have them."""
    return film_marks(film, problems, inside_of(studio.templates[recipe.template_id].designs[recipe.size]))


def draw_small(studio: Studio, recipe: Recipe, width: int) -> None:
    """Draw a small picture into the cache where one can be drawn; run in a rendering process."""
    with suppress(BadInput):
        studio.small(recipe, width)


def draw_frame(studio: Studio, recipe: Recipe, number: int) -> None:
    """Draw a frame of a clip into the cache where it can be drawn; run in a rendering process."""
    with suppress(BadInput):
        studio.frame(recipe, number, SHOWN_WIDTH)


def shoot(studio: Studio, recipe: Recipe) -> Shot:
    """Draw one size, or a clip's poster; run in a rendering process."""
    try:
        return _clip(studio, recipe) if recipe.template_id.startswith("clip/") else _still(studio, recipe)
    except BadInput as bad:
        return Shot(size=recipe.size, digest=recipe.digest, problems=bad.problems)


def _still(studio: Studio, recipe: Recipe) -> Shot:
    made = studio.render(recipe)
    problems = picture_problems_of(studio, recipe, made.problems)
    marks = still_marks(studio.stage(recipe), problems)
    small = studio.small(recipe, SHOWN_WIDTH)
    return Shot(size=recipe.size, digest=recipe.digest, path=small, marks=marks, problems=problems)


def _clip(studio: Studio, recipe: Recipe) -> Shot:
    film = make_film(studio.stage(recipe))
    problems = picture_problems_of(studio, recipe)
    scenes = tuple(
        ShotScene(id=shot.id, start=shot.start, end=shot.end, rest=rest_frame(film.shots, index))
        for index, shot in enumerate(film.shots)
    )
    return Shot(
        size=recipe.size, digest=recipe.digest, path=studio.small(recipe, SHOWN_WIDTH),
        frame=film.poster, frames=film.frames, scenes=scenes,
        marks=clip_marks(studio, recipe, film, problems), problems=problems,
    )  # fmt: skip


def shoot_all(
    studio: Studio, recipes: Mapping[str, Recipe], engine: Engine, progress: HowFar, *, wanted: Callable[[], bool] = lambda: True
) -> tuple[Shot, ...]:
    """Return every size in the order given; where it is not `wanted` any more, those that have been begun."""
    done: dict[str, Shot] = {}
    left, under_way = list(recipes.items()), dict[Future[Shot], tuple[str, Recipe]]()
    progress(0, len(recipes))
    while left or under_way:
        while left and len(under_way) < AT_ONCE and wanted():
            size, recipe = left.pop(0)
            under_way[engine.render(shoot, studio, recipe)] = size, recipe
        if not under_way:
            break
        ended, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in ended:
            size, recipe = under_way.pop(future)
            done[size] = _result(future, recipe)
        progress(len(done), len(recipes))
    return tuple(done[size] for size in recipes if size in done)


def _result(future: Future[Shot], recipe: Recipe) -> Shot:
    try:
        return future.result()
    except (RendererDied, MemoryError):
        return Shot(size=recipe.size, digest=recipe.digest, problems=(too_heavy(recipe),))


def placed(shot: Shot, folder: Path, root: Path, sample: str) -> Shot:
    """Return a shot whose problems name the line of the designer's own file that each comes from."""
    try:
        sources = sample_sources(folder, root, sample)
    except BadInput:  # template.yaml is being written
        return shot
    where = {problem: sources.placed(problem) for problem in (*shot.problems, *(mark.problem for mark in shot.marks))}
    marks = tuple(replace(mark, problem=where[mark.problem]) for mark in shot.marks)
    return replace(shot, marks=marks, problems=tuple(dict.fromkeys(where[problem] for problem in shot.problems)))
