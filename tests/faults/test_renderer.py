"""F22: the real renderer, in processes that are really killed or have no memory left: bounded, told, and the others go on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.designing import open_studio
from desk.place import Place
from desk.rendering import render_all
from editorial.delivery import State
from editorial.problem import BadInput
from scheduler.dispatch import Dispatcher
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.production import RenderOrder
from studio.rendition import Recipe, Rendition
from studio.studio import Studio
from tests.desk.small_studio import make_studio, write_card
from tests.scheduler.office import open_office

DEADLY, SHORT = "Hết bộ nhớ", "Chào"
HEADLINES = (SHORT, DEADLY, "Chào buổi sáng", "Chào buổi chiều", "Chào buổi tối")


@dataclass(frozen=True, kw_only=True)
class DeadlyStudio:
    """The real studio, but for one picture that ends whoever draws it; `deaths` counts how often."""

    real: Studio
    deaths: Path
    most: int = 1000

    def find(self, recipe: Recipe) -> Rendition | None:
        return self.real.find(recipe)

    def fetch(self, recipe: Recipe) -> Rendition | None:
        return self.real.fetch(recipe)

    def frame_count(self, recipe: Recipe) -> int:
        return self.real.frame_count(recipe)

    def render(self, recipe: Recipe, report: Callable[[int, int], None] | None = None) -> Rendition:
        if DEADLY in recipe.data and len(list(self.deaths.iterdir())) < self.most:
            (self.deaths / f"{os.getpid()}-{len(list(self.deaths.iterdir()))}").touch()
            self.end()
        return self.real.render(recipe, report)

    def end(self) -> None:
        """Do as the kernel does with a process that takes too much."""
        os.kill(os.getpid(), signal.SIGKILL)


class GreedyStudio(DeadlyStudio):
    """One whose process is refused the memory instead."""

    def end(self) -> None:
        bytearray(1 << 50)


def studio_of(folder: Path, kind: type[DeadlyStudio] = DeadlyStudio, most: int = 1000) -> DeadlyStudio:
    (folder / "deaths").mkdir()
    root = make_studio(folder)
    write_card(root)
    return kind(real=open_studio(Place(root=root), ["infographic/card"]), deaths=folder / "deaths", most=most)


def orders(studio: DeadlyStudio) -> list[RenderOrder]:
    recipes = (studio.real.recipe("infographic/card", {"headline": words}, "square") for words in HEADLINES)
    return [RenderOrder(entry="chao", channel="portal", medium=recipe.digest, recipe=recipe) for recipe in recipes]


def kept(studio: DeadlyStudio, wanted: list[RenderOrder]) -> list[bool]:
    return [studio.find(order.recipe) is not None for order in wanted]


@pytest.mark.parametrize(("kind", "deaths"), [(DeadlyStudio, 3), (GreedyStudio, 1)])
def test_F22_a_picture_that_ends_its_renderer_is_given_up_and_all_others_are_made(
    tmp_path: Path, database: str, kind: type[DeadlyStudio], deaths: int
) -> None:  # fmt: skip
    studio, office = studio_of(tmp_path, kind), open_office(tmp_path, database=database)
    wanted, engine = orders(studio), EmbeddedEngine(threads=2, processes=2)
    worker = Dispatcher(office.store, {"portal": office.publisher}, office.clock, owner="máy-1", slots=2, submit=engine.submit)
    for number in range(4):
        office.plan(f"muc-{number}.portal.2026")
    worker.tick()  # publishing goes on beside it
    try:
        with pytest.raises(BadInput) as refused:
            render_all(studio, wanted, engine)  # type: ignore[arg-type]
        (problem,) = refused.value.problems
        assert problem.rule == "renderer-died"
        assert "infographic/card" in problem.message and "hết bộ nhớ" in problem.message
        assert kept(studio, wanted) == [words != DEADLY for words in HEADLINES]
        assert len(list(studio.deaths.iterdir())) == deaths
        engine.wait_idle()
        assert {delivery.state for delivery in office.store.deliveries.list()} <= {State.SENT, State.VERIFIED}
        assert engine.render(abs, -7).result(60) == 7, "the next one is made"
    finally:
        engine.stop()
        office.store.close()


def test_F22_a_renderer_that_is_killed_once_costs_nobody_a_picture(tmp_path: Path) -> None:
    studio = studio_of(tmp_path, most=1)
    wanted, engine = orders(studio), EmbeddedEngine(threads=1, processes=2)
    try:
        made = render_all(studio, wanted, engine)  # type: ignore[arg-type]
    finally:
        engine.stop()
    assert len(made) == len(wanted)
    assert kept(studio, wanted) == [True] * len(wanted)
    assert len(list(studio.deaths.iterdir())) == 1
