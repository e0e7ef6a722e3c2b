"""What is kept of finished pictures: the newest within a limit, nothing that a killed render left, nothing taken from a post."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from editorial.problem import BadInput
from studio import template as template_reading
from studio.allowance import cache_bytes
from studio.rendition import Rendition
from studio.studio import Studio
from studio.sweep import hold, sweep

Open = Callable[[str], Studio]
HOUR, DAY = 3600.0, 86_400.0


def render(studio: Studio, headline: str) -> Rendition:
    return studio.render(studio.recipe("infographic/card", {"headline": headline}, "link"))


def used(rendition: Rendition, hours_ago: float) -> None:
    """Set when a rendition was last asked for."""
    moment = time.time() - hours_ago * HOUR
    os.utime(rendition.path.parent, (moment, moment))


def size(rendition: Rendition) -> int:
    return sum(path.stat().st_size for path in rendition.path.parent.iterdir())


@pytest.fixture
def three(open_studio: Open) -> tuple[Rendition, Rendition, Rendition]:
    """Return three renditions, last used 9, 6 and 3 hours ago."""
    studio = open_studio("cache")
    made = (render(studio, "Một"), render(studio, "Hai"), render(studio, "Ba"))
    for rendition, hours in zip(made, (9, 6, 3), strict=True):
        used(rendition, hours)
    return made


def test_a_template_saved_while_it_is_read_is_drawn_as_its_version_says(
    open_studio: Open, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, read = workspace / "templates" / "infographic" / "card" / "template.yaml", template_reading.read_yaml

    def saved_meanwhile(path: Path, *given: Any) -> Any:
        document = read(path, *given)
        if path == file:
            monkeypatch.undo()
            file.write_text(file.read_text(encoding="utf-8").replace("[0, background]", "[0, accent]"), encoding="utf-8")
        return document

    before = file.read_text(encoding="utf-8")
    monkeypatch.setattr(template_reading, "read_yaml", saved_meanwhile)
    torn = render(open_studio("cache"), "Một")
    assert file.read_text(encoding="utf-8") != before
    assert torn.path.read_bytes() == render(open_studio("other"), "Một").path.read_bytes()


def test_a_picture_saved_after_its_recipe_was_made_is_not_kept_under_a_digest_of_other_bytes(
    open_studio: Open, workspace: Path
) -> None:
    font = workspace / "assets" / "fonts" / "bold.ttf"
    studio = open_studio("cache")
    recipe = studio.recipe("infographic/card", {"headline": "Một"}, "link")
    font.write_bytes(font.read_bytes() + b"\0")
    with pytest.raises(BadInput, match="vừa đổi"):
        studio.render(recipe)
    assert studio.find(recipe) is None
    again = open_studio("cache")
    assert again.render(again.recipe("infographic/card", {"headline": "Một"}, "link")).path.is_file()


def test_under_the_limit_nothing_is_removed(three: tuple[Rendition, ...], workspace: Path) -> None:
    whole = sum(map(size, three))
    swept = sweep(workspace / "cache", whole)
    assert (swept.removed, swept.left) == (0, whole)
    assert all(rendition.path.is_file() for rendition in three)


def test_what_was_not_used_for_longest_goes_first(three: tuple[Rendition, ...], workspace: Path) -> None:
    oldest, middle, newest = three
    weight = size(oldest)
    swept = sweep(workspace / "cache", size(middle) + size(newest))
    assert (swept.removed, swept.freed) == (1, weight)
    assert not oldest.path.parent.exists() and middle.path.is_file() and newest.path.is_file()


def test_to_be_asked_for_is_to_be_used(three: tuple[Rendition, ...], open_studio: Open, workspace: Path) -> None:
    oldest, middle, _ = three
    assert render(open_studio("cache"), "Một").cached
    sweep(workspace / "cache", 0)
    assert oldest.path.is_file(), "used within the hour"
    assert not middle.path.exists()


def test_what_an_unsent_post_shows_stays_whatever_the_limit(three: tuple[Rendition, ...], workspace: Path) -> None:
    oldest, middle, newest = three
    swept = sweep(workspace / "cache", 0, needed={oldest.sha256})
    assert oldest.path.is_file() and not middle.path.exists() and not newest.path.exists()
    assert swept.left == size(oldest)


def test_what_was_swept_is_rendered_again_to_the_same_bytes(
    three: tuple[Rendition, ...], open_studio: Open, workspace: Path
) -> None:
    before = three[0].path.read_bytes()
    sweep(workspace / "cache", 0)
    again = render(open_studio("cache"), "Một")
    assert not again.cached and again.path.read_bytes() == before


def test_a_file_missing_beside_a_clip_makes_it_be_rendered_again(open_studio: Open) -> None:
    studio = open_studio("cache")
    recipe = studio.recipe("clip/short", {"headline": "Hà Nội"}, "link")
    first = studio.render(recipe)
    assert first.subtitles is not None
    first.subtitles.unlink()
    again = studio.render(recipe)
    assert not again.cached and again.subtitles is not None and again.subtitles.is_file()
    assert again.sha256 == first.sha256


@pytest.fixture
def killed(workspace: Path) -> Iterator[Path]:
    """Yield the folder that a killed render left behind."""
    folder = workspace / "cache" / "unfinished" / "killed"
    folder.mkdir(parents=True)
    hold_it = "from studio.sweep import hold; hold(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    code = f"import sys, time; from pathlib import Path; {hold_it}"
    process = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        (folder / "part0.mp4").write_bytes(b"half a clip")
        age(folder, HOUR)
        swept = sweep(workspace / "cache", 10**9)
        assert swept.leftovers == 0 and folder.is_dir(), "its process is at work"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]
    yield folder


def age(folder: Path, seconds: float) -> None:
    moment = time.time() - seconds
    for path in (*folder.iterdir(), folder):
        os.utime(path, (moment, moment))


def test_what_a_killed_render_left_is_swept_and_nothing_else(killed: Path, workspace: Path) -> None:
    swept = sweep(workspace / "cache", 10**9)
    assert (swept.leftovers, swept.freed) == (1, len(b"half a clip"))
    assert not killed.exists()


def test_a_folder_just_begun_and_one_that_is_held_are_left_alone_for_a_day(workspace: Path) -> None:
    new, held = (workspace / "cache" / "unfinished" / name for name in ("new", "held"))
    new.mkdir(parents=True)
    held.mkdir()
    handle = hold(held)
    try:
        age(held, DAY - HOUR)
        assert sweep(workspace / "cache", 0).leftovers == 0
        age(held, DAY + HOUR)
        assert sweep(workspace / "cache", 0).leftovers == 1
    finally:
        os.close(handle)
    assert new.is_dir() and not held.exists()


def test_sweeping_while_others_render_and_sweep_loses_nothing(open_studio: Open, workspace: Path) -> None:
    studio = open_studio("cache")
    headlines = [f"Tin số {number}" for number in range(12)]

    def work(headline: str) -> bool:
        rendition = render(studio, headline)
        sweep(workspace / "cache", 0)
        return rendition.path.is_file() and len(rendition.path.read_bytes()) == rendition.byte_size

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, headlines))
    assert list((workspace / "cache" / "unfinished").iterdir()) == []
    assert all(studio.find(studio.recipe("infographic/card", {"headline": each}, "link")) for each in headlines)


def test_a_cache_that_is_not_there_yet_has_nothing_to_sweep(tmp_path: Path) -> None:
    assert sweep(tmp_path / "none", 0).left == 0
    shutil.rmtree(tmp_path / "none", ignore_errors=True)


def test_the_limit_is_a_setting_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOA_CACHE_GB", raising=False)
    assert cache_bytes() == 20 * 10**9
    monkeypatch.setenv("LOA_CACHE_GB", "1.5")
    assert cache_bytes() == 1_500_000_000
    for wrong in ("nhiều", "-1", "nan"):
        monkeypatch.setenv("LOA_CACHE_GB", wrong)
        with pytest.raises(BadInput) as refused:
            cache_bytes()
        assert refused.value.problems[0].key == "LOA_CACHE_GB"


@pytest.mark.parametrize("shelf", ["segments", "findings", "reels", "frames"])
def test_every_shelf_is_held_within_the_limit_and_what_is_swept_is_gone_from_the_disk(workspace: Path, shelf: str) -> None:
    cache = workspace / "cache"
    old, new = (cache / shelf / name[:2] / name for name in ("aa1", "bb2"))
    for path in (old, new):
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(1000))
    os.utime(old, (time.time() - DAY, time.time() - DAY))
    swept = sweep(cache, 1500)
    assert (swept.removed, swept.freed, swept.left) == (1, 1000, 1000)
    assert [path for path in cache.rglob("*") if path.is_file()] == [new]


def test_a_file_that_a_killed_sweep_left_goes_with_the_next(workspace: Path) -> None:
    doomed = workspace / "cache" / "unfinished" / "doomed"
    doomed.parent.mkdir(parents=True)
    doomed.write_bytes(bytes(1000))
    os.utime(doomed, (time.time() - HOUR, time.time() - HOUR))
    swept = sweep(workspace / "cache", 10)
    assert (swept.leftovers, swept.freed) == (1, 1000) and not doomed.exists()


def test_what_is_looked_at_stays_before_what_nobody_looks_at(workspace: Path, open_studio: Open) -> None:
    studio = open_studio("cache")
    recipe = studio.recipe("clip/short", {"headline": "Hà Nội"}, "link")
    (frame,) = studio.frames(recipe, [3])
    studio.screening(recipe)
    kept = (frame.parent, *(workspace / "cache" / "findings").glob("*/*"))
    assert len(kept) == 2
    for path in kept:
        os.utime(path, (time.time() - DAY, time.time() - DAY))
    studio.frames(recipe, [3])
    studio.screening(recipe)
    assert all(path.stat().st_mtime > time.time() - HOUR for path in kept)
