"""The way to the schedule, and the right to publish alone, from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from desk.command import run
from desk.place import HOUSE

ENTRY = "dich-vu-cong-truc-tuyen"
WHY = ("--why", "trực ban đêm mưa lớn, cần báo ngay")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    shutil.copytree(HOUSE / "content" / "facts", tmp_path / "content" / "facts")
    for name in ("office.yaml", f"{ENTRY}.md", f"{ENTRY}.en.md"):
        shutil.copy(HOUSE / "content" / name, tmp_path / "content" / name)
    return tmp_path


def test_each_step_is_taken_by_whose_it_is_and_a_stale_one_is_refused(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def step(action: str, by: str, *more: str) -> int:
        return run(["workflow", ENTRY, "--do", action, "--by", by, *more, "-w", str(workspace)])

    assert step("submit", "nguoi-xem") == 2
    assert step("submit", "bien-tap") == 0
    assert step("approve", "duyet") == 2
    assert step("check", "kiem-chung", "--version", "0") == 2
    assert step("check", "kiem-chung", "--version", "1") == 0
    assert step("approve", "duyet") == 0
    capsys.readouterr()
    assert run(["workflow", ENTRY, "--json", "-w", str(workspace)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["stage"], found["version"], found["author"]) == ("approved", 3, "bien-tap")
    page = workspace / "content" / f"{ENTRY}.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nThêm một câu.\n", encoding="utf-8")
    assert run(["workflow", ENTRY, "--json", "-w", str(workspace)]) == 0
    assert json.loads(capsys.readouterr().out)["stage"] == "draft"


def test_the_right_to_publish_alone_is_given_by_an_admin_to_a_publisher(workspace: Path) -> None:
    def grant(person: str, by: str, *more: str) -> int:
        return run(["emergency", "grant", person, "--by", by, *WHY, *more, "-w", str(workspace)])

    assert grant("truc-ban", "bien-tap") == 2
    assert grant("bien-tap", "quan-tri") == 2
    assert grant("truc-ban", "quan-tri", "--hours", "30") == 2
    assert grant("truc-ban", "quan-tri") == 0
    assert run(["emergency", "list", "-w", str(workspace)]) == 0
    assert run(["emergency", "review", "7", "--verdict", "upheld", "--by", "duyet", *WHY, "-w", str(workspace)]) == 2
