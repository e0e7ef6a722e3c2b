"""Stretches of a clip are kept by what they show: what changed is encoded again, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from studio.film import Film, make_film
from studio.scene import stage
from studio.segment import segment_digest, segments
from studio.studio import Studio
from studio.transition import Transition
from tests.studio.test_clip import DATA

Open = Callable[[str], Studio]


def film_of(open_studio: Open, **data: object) -> Film:
    studio = open_studio("cache")
    return make_film(stage(studio._templates["clip/short"], studio._brand, {**DATA, **data}, "link", "light"))


def test_the_stretches_are_the_clip_in_order_with_nothing_twice(open_studio: Open) -> None:
    film = film_of(open_studio)
    assert [frame for stretch in segments(film) for frame in stretch] == list(range(film.frames))


def test_another_way_from_scene_to_scene_changes_the_stretch_that_shows_it(open_studio: Open) -> None:
    film = film_of(open_studio)
    over = next(index for index, shot in enumerate(film.shots) if shot.crossfade)
    wiped = replace(film.shots[over], transition=Transition(move="wipe"))
    other = replace(film, shots=(*film.shots[:over], wiped, *film.shots[over + 1 :]))
    shot = film.shots[over]
    changed = [part for part in segments(film) if segment_digest(film, part) != segment_digest(other, part)]
    assert changed == [part for part in segments(film) if shot.start <= part.start < shot.start + shot.crossfade]


def test_changed_words_leave_the_stretches_alone_that_do_not_show_them(open_studio: Open) -> None:
    film, other = film_of(open_studio), film_of(open_studio, wards={"value": 75, "unit": "phường"})
    assert film.frames == other.frames
    kept = [part for part in segments(film) if segment_digest(film, part) == segment_digest(other, part)]
    assert 0 < len(kept) < len(segments(film))
