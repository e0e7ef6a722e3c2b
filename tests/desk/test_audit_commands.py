"""The audit log from the command line."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from desk.command import run
from desk.place import HOUSE
from editorial.clock import SimulatedClock
from store.store import Store
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    memory = tmp_path / ".loa" / "office"
    memory.mkdir(parents=True)
    (tmp_path / "content").mkdir()
    shutil.copy(HOUSE / "content" / "office.yaml", tmp_path / "content" / "office.yaml")
    fresh_database(memory)
    (memory / "loa.db").rename(memory / "loa.sqlite")
    with Store.open(f"sqlite:///{memory / 'loa.sqlite'}", clock=SimulatedClock(DUE)) as store:
        for number in range(3):
            store.audit.write("Lê Chi", "approve", f"mục-{number}")
    return tmp_path


def test_verify_says_that_the_log_is_whole(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "verify", "--json", "-w", str(workspace)]) == 0
    assert json.loads(capsys.readouterr().out) | {"head": ""} == {"ok": True, "rows": 3, "head": "", "breaks": []}


def test_verify_names_the_row_that_was_altered_and_ends_with_1(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(workspace / ".loa" / "office" / "loa.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET who = 'Ai đó' WHERE id = 2")
    connection.close()
    assert run(["audit", "verify", "-w", str(workspace)]) == 1
    assert "dòng 2: nội dung dòng này đã bị sửa" in capsys.readouterr().err


def test_export_writes_a_line_a_deed_with_its_links(workspace: Path) -> None:
    out = workspace / "nhat-ky.jsonl"
    assert run(["audit", "export", "--out", str(out), "-w", str(workspace)]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["row"] for row in rows] == [1, 2, 3]
    assert [row["prev"] for row in rows[1:]] == [row["sha256"] for row in rows[:-1]]
    assert rows[0]["who"] == "Lê Chi"


def test_a_memory_that_is_not_there_is_said_plainly(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "verify", "--memory", "demo", "-w", str(workspace)]) == 2
    assert "chưa có sổ" in capsys.readouterr().err
