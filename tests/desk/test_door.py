"""The one door, ./loa, opens on Loa from whatever folder it is called."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from desk.place import HOUSE


def test_a_folder_with_modules_of_the_same_names_does_not_take_their_place(tmp_path: Path) -> None:
    for name in ("desk", "typer", "store"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('another module')\n", encoding="utf-8")
    (tmp_path / "desk" / "__main__.py").touch()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(HOUSE / "loa"), "lunar", "2026-09-25"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "15/8 năm Bính Ngọ (2026)\n"), done.stderr
