"""How a clip is made: ended at any moment it leaves nothing, and its slow zooms do not tremble."""

from __future__ import annotations

import signal
from collections.abc import Callable
from multiprocessing import get_context
from os import getpid, kill
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.compose import Projector
from studio.film import make_film
from studio.paint import Easel
from studio.scene import stage
from studio.studio import Studio
from studio.trial import make_workspace, open_trial
from studio.zoom import zoom_at

Open = Callable[[str], Studio]
HOUSE = Path(__file__).parents[2]
DATA = {"headline": "Hà Nội có 126 phường", "photo": "photo.jpg", "wards": {"value": 126, "unit": "phường"}}
WAVE = 40  # px of the photo from crest to crest


class Enough(Exception):
    """The person pressed Ctrl-C."""


def files(studio: Studio, folder: str) -> list[Path]:
    return [path for path in (studio._shelf.cache / folder).rglob("*") if path.is_file()]


@pytest.fixture
def undisturbed(open_studio: Open) -> bytes:
    """Return the clip as a studio makes it that is left in peace."""
    studio = open_studio("undisturbed")
    return studio.render(studio.recipe("clip/short", DATA, "link")).path.read_bytes()


@pytest.mark.parametrize("cores", [1, 2])
def test_a_clip_that_is_called_off_leaves_no_file_but_whole_stretches(open_studio: Open, cores: int) -> None:
    one = open_studio("called_off")
    studio = Studio(templates=one._templates, brand=one._brand, cache=one._shelf.cache, cores=cores)
    recipe = studio.recipe("clip/short", DATA, "link")

    def stop(done: int, whole: int) -> None:
        if done == whole // 2:
            raise Enough

    with pytest.raises(Enough):
        studio.render(recipe, stop)
    assert studio.find(recipe) is None
    assert files(studio, "unfinished") == files(studio, "renditions") == []
    assert not [path for path in files(studio, "segments") if path.name.startswith(".")]


def _killed(studio: Studio) -> None:
    def die(done: int, _whole: int) -> None:
        if done > 50:
            kill(getpid(), signal.SIGKILL)

    studio.render(studio.recipe("clip/short", DATA, "link"), die)


def test_a_killed_clip_leaves_nothing_that_is_taken_for_finished(open_studio: Open, undisturbed: bytes) -> None:
    studio = open_studio("killed")
    worker = get_context("spawn").Process(target=_killed, args=(studio,))
    worker.start()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    recipe = studio.recipe("clip/short", DATA, "link")
    assert studio.find(recipe) is None
    assert files(studio, "renditions") == []
    assert studio.render(recipe).path.read_bytes() == undisturbed


def test_a_slow_zoom_trembles_by_less_than_a_twentieth_of_a_px(open_studio: Open, workspace: Path) -> None:
    """Waves along x: their phase tells where the photo lies, to hundredths of a px."""
    row = 128 + 90 * np.cos(2 * np.pi * np.arange(1600) / WAVE)
    Image.fromarray(np.tile(np.rint(row).astype(np.uint8), (840, 1))).save(workspace / "waves.png")
    studio = open_studio("cache")
    data = {"headline": "Hà Nội", "photo": "waves.png"}
    film = make_film(stage(studio._templates["clip/short"], studio._brand, data, "link", "light"))
    burns = film.shots[0].display.items[0].live
    projector = Projector(film, Easel())
    found = []
    for number in range(44):
        zoom = zoom_at(burns, number / 30, 2.0)  # type: ignore[arg-type]
        crest = WAVE * 1200 / 1600 * zoom  # px of the clip from crest to crest
        line = projector.frame(number).y[300:500, 40:1160].mean(axis=0, dtype=float)
        wave = np.exp(-2j * np.pi * (np.arange(line.size) + 40.5 - 600) / crest)
        found.append(np.angle(((line - line.mean()) * np.hanning(line.size) * wave).sum()) / (2 * np.pi) * crest)
    shift = np.unwrap(np.array(found), period=WAVE)
    even = np.polynomial.Polynomial.fit(np.arange(shift.size), shift, 2)(np.arange(shift.size))
    assert np.sqrt(np.mean((shift - even) ** 2)) < 0.05


def test_what_speed_is_measured_on_has_nothing_wrong(tmp_path_factory: pytest.TempPathFactory, workspace: Path) -> None:
    root = tmp_path_factory.mktemp("trial")
    (root / "photos").mkdir()
    for number in range(1, 6):
        (root / "photos" / f"{number}.jpg").write_bytes((workspace / "photo.jpg").read_bytes())
    make_workspace(root, HOUSE / "tests" / "bench" / "templates", HOUSE / "assets")
    trial = open_trial(root)
    studio = trial.studio("cache")
    for name, template in trial.templates.items():
        for size in template.sizes:
            wrong = [problem for problem in studio.check(name, trial.data(name), size) if problem.rule != "low-resolution"]
            assert wrong == [], f"{name} {size}"
