"""A clip told in pictures: the moment that stands for it, and each scene at rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from editorial.problem import Problem
from studio.film import Film, make_film, rest_frame
from studio.mark import Inside, Mark, inside_of, marks
from studio.motion import FRAMES_A_SECOND
from studio.rendition import Recipe
from studio.studio import Studio


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One frame of a clip: the scene that it belongs to, its moment in seconds, and what is wrong in it."""

    scene: str
    second: float
    path: Path
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Storyboard:
    """The poster, the scenes in order, and how long the clip is."""

    poster: Panel
    scenes: tuple[Panel, ...]
    seconds: float
    width: int
    height: int
    problems: tuple[Problem, ...]


def make_storyboard(studio: Studio, recipe: Recipe) -> Storyboard:
    """Return a clip's storyboard; its frames are composed, not encoded, and kept. Raise BadInput where nothing can be drawn."""
    film = make_film(studio.stage(recipe))
    inside = inside_of(studio.templates[recipe.template_id].designs[recipe.size])
    numbers = [rest_frame(film.shots, index) for index in range(len(film.shots))]
    paths = studio.frames(recipe, [film.poster, *numbers])
    problems = studio.screening(recipe)
    posted = next(index for index in reversed(range(len(film.shots))) if film.shots[index].start <= film.poster)
    scenes = tuple(_panel(film, index, numbers[index], paths[index + 1], problems, inside) for index in range(len(film.shots)))
    return Storyboard(
        poster=_panel(film, posted, film.poster, paths[0], problems, inside),
        scenes=scenes,
        seconds=film.seconds,
        width=film.width,
        height=film.height,
        problems=problems,
    )


def _panel(film: Film, index: int, number: int, path: Path, problems: tuple[Problem, ...], inside: Inside) -> Panel:
    shot = film.shots[index]
    over = (overlay.item for overlay in film.overlays if overlay.start <= number < overlay.end)
    found = marks((*shot.display.items, *over), problems, inside)
    return Panel(scene=shot.id, second=number / FRAMES_A_SECOND, path=path, marks=tuple(mark for mark in found if mark.box))
