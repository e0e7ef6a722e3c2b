"""A finished film looked at and listened to as its public will: what flashes, what cannot be read or heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from editorial.problem import Problem
from studio.compose import Projector
from studio.contrast import contrast_problems
from studio.film import Film, rest_frame
from studio.flashing import Glance, flash_problems, glance, moments_to_look_at
from studio.loudness import loudness_problems
from studio.paint import Easel
from studio.sound import mix
from studio.still import fold_film


def screening_problems(film: Film, easel: Easel) -> tuple[Problem, ...]:
    """Return what only the finished pictures and the finished sound show."""
    return (*unread_problems(film, easel), *flashes(film, easel, {}), *sound_problems(film))


def unread_problems(film: Film, easel: Easel) -> tuple[Problem, ...]:
    """Return the texts of each scene at rest that stand out too little, what lies over all scenes included."""
    return tuple(dict.fromkeys(_unread(film, easel)))


def _unread(film: Film, easel: Easel) -> Iterator[Problem]:
    for index, shot in enumerate(film.shots):
        number = rest_frame(film.shots, index)
        above = [overlay.item for overlay in film.overlays if overlay.is_shown(number)]
        yield from contrast_problems(fold_film(film, easel, number), (*shot.display.items, *above), easel)


def flashes(film: Film, easel: Easel, seen: Mapping[int, Glance]) -> tuple[Problem, ...]:
    """Return where the film flashes too often; the frames that were seen when they were encoded are not composed again."""
    numbers = moments_to_look_at(film)
    unseen = [number for number in numbers if number not in seen]
    projector = Projector(film, easel) if unseen else None
    looked = {number: glance(projector.frame(number)) for number in unseen} if projector else {}
    return flash_problems({**seen, **looked})


def sound_problems(film: Film) -> tuple[Problem, ...]:
    """Return whether the film's sound is too loud or too quiet."""
    return loudness_problems(mix(film.bed, film.seconds, film.voice)) if film.is_heard else ()
