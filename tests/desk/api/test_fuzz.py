"""Whatever is sent: an answer that the description names, and never a 500. The long run is by hand (docs/api.md)."""

from __future__ import annotations

from pathlib import Path

from tests.desk.api.fuzzing import fuzz

FEW = ("--max-examples", "8", "--seed", "1", "--phases", "examples,coverage,fuzzing")


def test_no_request_breaks_the_api_and_every_answer_is_described(tmp_path: Path) -> None:
    found = fuzz(tmp_path, *FEW)
    assert found.returncode == 0, found.stdout[-8000:] + found.stderr[-2000:]
    assert "No issues found" in found.stdout or " passed" in found.stdout, found.stdout[-2000:]
