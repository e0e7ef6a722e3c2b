"""What the machine is told about itself, and what whoever looks after it is to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk.command import run
from desk.place import HOUSE
from studio.fitness import LETTERS
from tests.desk.small_studio import make_studio

CHECKS = ["text-layout", "fonts", "encoder", "same-bytes", "colours", "sqlite", "time-zone", "disk", "memory"]


def checks(text: str) -> dict[str, dict[str, object]]:
    return {check["id"]: check for check in json.loads(text)["checks"]}


def test_the_doctor_looks_at_everything_and_says_what_was_seen(capsys: pytest.CaptureFixture[str]) -> None:
    status = run(("doctor", "--json", "-w", str(HOUSE)))
    text = capsys.readouterr().out
    found = checks(text)
    assert list(found) == CHECKS
    assert all(found[name]["ok"] for name in CHECKS if name not in ("text-layout", "disk"))
    assert (status == 0) is json.loads(text)["ok"] is all(check["ok"] for check in found.values())
    assert str(len(LETTERS)) == "146" and "146 chữ" in str(found["fonts"]["seen"])


def test_a_font_without_a_vietnamese_letter_is_told_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = make_studio(tmp_path)
    for font in (office / "assets" / "fonts" / "be-vietnam-pro").glob("*.ttf"):
        font.unlink()
    assert run(("doctor", "-w", str(office))) == 1
    told = capsys.readouterr().out
    assert "✗ Phông chữ" in told
    assert "→ hãy sửa assets/brand.yaml" in told
    assert "Có việc cần làm" in told


def test_without_fribidi_the_doctor_names_the_package(tmp_path: Path) -> None:
    for name in ("libfribidi.so", "libfribidi.so.0"):  # found before the real one, and not a library
        (tmp_path / name).write_text("no library")
    answer = subprocess.run(
        [sys.executable, "-m", "desk", "doctor", "--json"],
        cwd=HOUSE, env={**os.environ, "LD_LIBRARY_PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1, answer.stderr
    layout = checks(answer.stdout)["text-layout"]
    assert "Basic" in str(layout["seen"])
    assert "sudo apt-get install libfribidi0" in str(layout["advice"])
