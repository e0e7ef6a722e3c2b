"""A finished film looked at and listened to as its public will: what flashes, what cannot be read or heard."""

from __future__ import annotations

from collections.abc import Iterator

from editorial.problem import Problem
from studio.compose import Projector
from studio.contrast import contrast_problems
from studio.film import Film, rest_frame
from studio.flashing import flash_problems, glance, moments_to_look_at
from studio.loudness import loudness_problems
from studio.paint import Easel
from studio.sound import mix
from studio.still import fold_film


def screening_problems(film: Film, easel: Easel) -> tuple[Problem, ...]:
    """Return what only the finished pictures and the finished sound show."""
    return tuple(dict.fromkeys((*_unread(film, easel), *_flashes(film, easel), *_sound(film))))


def _unread(film: Film, easel: Easel) -> Iterator[Problem]:
    """Yield the texts of each scene at rest that stand out too little, what lies over all scenes included."""
    for index, shot in enumerate(film.shots):
        number = rest_frame(film.shots, index)
        above = [overlay.item for overlay in film.overlays if overlay.is_shown(number)]
        yield from contrast_problems(fold_film(film, easel, number), (*shot.display.items, *above), easel)


def _flashes(film: Film, easel: Easel) -> tuple[Problem, ...]:
    numbers = moments_to_look_at(film)
    if not numbers:
        return ()
    projector = Projector(film, easel)
    return flash_problems({number: glance(projector.frame(number)) for number in numbers})


def _sound(film: Film) -> tuple[Problem, ...]:
    return loudness_problems(mix(film.bed, film.seconds, film.voice)) if film.is_heard else ()
