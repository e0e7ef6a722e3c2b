"""Long renders on a terminal: how far they have come, how long it still takes, and nothing left where Ctrl-C ends them."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from desk.commands.bars import RENDER, bars
from desk.designing import open_studio
from desk.place import Place
from desk.rendering import render_all
from desk.studio_speed import PARTS, Way
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.production import RenderOrder
from studio.brand import Brand
from studio.rendition import Shelf
from studio.template import load_template
from tests.desk.small_studio import HOUSE, make_studio, write_card
from tests.story.workspace import make_workspace

PATIENCE = 60


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def begun(root: Path) -> bool:
    """Tell whether a rendition is under way, or the frames of a proof, which draws its clips first."""
    return any(path for name in ("unfinished", "frames") for path in (root / ".loa" / name).glob("*"))


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Return an office whose one entry has a clip, with nothing rendered yet."""
    root = tmp_path / "office"
    root.mkdir()
    make_workspace(root, ("an-toan-thuc-pham",))
    shutil.rmtree(root / ".loa", ignore_errors=True)
    return root


@pytest.mark.parametrize(
    "arguments",
    [
        ("render", "an-toan-thuc-pham", "--out", "out"),
        ("render", "clip/explainer", "--out", "out"),
        ("proof", "infographic/figures", "clip/explainer", "--out", "out"),
    ],
)
def test_ctrl_c_ends_with_130_and_leaves_no_file(office: Path, arguments: tuple[str, ...]) -> None:
    command = subprocess.Popen(
        [sys.executable, "-P", "-m", "desk", *arguments, "-w", str(office)],
        cwd=office, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
    )  # fmt: skip
    deadline = time.monotonic() + PATIENCE
    while not begun(office) and command.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    assert command.poll() is None, "the command ended before it could be cut short"
    os.killpg(command.pid, signal.SIGINT)
    out, err = command.communicate(timeout=PATIENCE)
    assert (command.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert "Đã dừng theo yêu cầu" in err
    assert not (office / "out").exists() or files(office / "out") == []
    assert list((office / ".loa" / "unfinished").glob("*")) == []
    assert not [path for path in files(office / ".loa") if path.suffix == ".part"]


def test_ctrl_c_as_soon_as_a_rendition_has_its_folder_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_short(folder: Path) -> int:
        assert folder.is_dir()
        raise KeyboardInterrupt

    monkeypatch.setattr("studio.workfolder.hold", cut_short)
    with pytest.raises(KeyboardInterrupt), Shelf(cache=tmp_path).workspace():
        pass
    assert list((tmp_path / "unfinished").glob("*")) == []


def test_every_bar_tells_the_time_left_and_what_it_counts() -> None:
    shown = io.StringIO()
    with bars(Console(file=shown, force_terminal=True, width=120), RENDER) as report:
        report("render", 0, 900)
        report("render", 450, 900)
    assert "450/900" in shown.getvalue() or "900/900" in shown.getvalue()
    assert "khung hình" in shown.getvalue()
    assert "còn" in shown.getvalue()


def test_frames_are_told_while_workers_are_at_them(tmp_path: Path) -> None:
    root = make_studio(tmp_path)
    write_card(root)
    (root / "templates" / "clip").mkdir()
    (root / "templates" / "clip" / "short").mkdir()
    (root / "templates" / "clip" / "short" / "template.yaml").write_text(CLIP, encoding="utf-8")
    studio = open_studio(Place(root=root), ["infographic/card", "clip/short"])
    recipes = {
        "clip": studio.recipe("clip/short", {"line": "Chào"}, "square"),
        "card": studio.recipe("infographic/card", {"headline": "Chào"}, "square"),
    }
    told: list[tuple[int, int]] = []
    engine = EmbeddedEngine(processes=2)
    try:
        orders = [RenderOrder(entry="chao", channel="portal", medium=name, recipe=recipe) for name, recipe in recipes.items()]
        render_all(studio, orders, engine, lambda done, total: told.append((done, total)))
        assert {total for _, total in told} == {601}  # 20 seconds of a clip, and one picture
        assert told[0][0] == 0
        assert told[-1][0] == 601
        assert any(1 < done < 600 for done, _ in told)
        assert [done for done, _ in told] == sorted(done for done, _ in told)
        told.clear()
        render_all(studio, orders, engine, lambda done, total: told.append((done, total)))
        assert told == [(601, 601)]  # what the cache has is done from the start
    finally:
        engine.stop()


CLIP = """\
schema: 1
kind: clip
name: {vi: Lời}
fields:
  line: {type: text, required: true}
sizes: {square: {}}
scenes:
  - id: one
    seconds: 20
    layers:
      - {id: ground, type: fill, fill: background}
      - {id: line, type: text, text: "{{ line }}", path: {points: [[-200, 0], [0, 0]], seconds: 20}}
"""


def test_the_bench_of_the_studio_tells_how_far_it_is_in_parts_of_about_a_second() -> None:
    told: list[tuple[str, int, int]] = []
    way = Way(told=lambda part, done, whole: told.append((part, done, whole)), runs=3, parts=tuple(PARTS))
    for name in PARTS:
        rounds = 3 if name in ("cold", "stills") else 1
        for _ in range(rounds):
            way.begin(name, round_by_round=rounds > 1)
    assert way.done == told[0][2] == 3 * (28 + 22 + 20 + 16 + 18) + 6 + 30 + 120
    assert [done for _, done, _ in told] == sorted({done for _, done, _ in told})
    assert {whole for _, _, whole in told} == {way.done}


def test_the_bench_measures_one_content_in_six_sizes() -> None:
    root = HOUSE / "tests" / "bench" / "templates" / "infographic" / "poster"
    template = load_template(root, Brand.load(HOUSE / "assets"), HOUSE)
    assert template.sizes == ("portrait", "square", "story", "wide", "link", "a4")
