"""The audit log from the command line."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk.command import run
from desk.place import HOUSE
from editorial.clock import SimulatedClock
from store.audit_head import heads_beside
from store.store import Store
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE, approval, post


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    memory = tmp_path / ".loa" / "office"
    memory.mkdir(parents=True)
    (tmp_path / "content").mkdir()
    shutil.copy(HOUSE / "content" / "office.yaml", tmp_path / "content" / "office.yaml")
    fresh_database(memory)
    (memory / "loa.db").rename(memory / "loa.sqlite")
    with open_office(tmp_path) as store:
        for number in range(3):
            store.audit.write("Lê Chi", "submit", f"mục-{number}")
    return tmp_path


def test_verify_says_that_the_log_is_whole(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "verify", "--json", "-w", str(workspace)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] and said["rows"] == 3 and said["breaks"] == []
    assert said["witnesses"] == [{"kind": "heads", "ok": True, "rows": 3, "newest": 3}]


def test_verify_says_what_each_way_of_checking_proves_and_which_code_to_write_down(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["audit", "export", "--out", str(workspace / "kept.jsonl"), "-w", str(workspace)]) == 0
    code = capsys.readouterr().out.split()[-1]
    with open_office(workspace) as store:
        store.audit.write("Lê Chi", "submit", "mục-4")
        newest = store.audit.links()[-1].sha256
    arguments = ["--export", str(workspace / "kept.jsonl"), "--head", code.upper(), "-w", str(workspace)]
    assert run(["audit", "verify", *arguments]) == 0
    said = capsys.readouterr().out
    assert "Tệp đối chứng: khớp 4 mốc" in said
    assert "Bản xuất: khớp 3 dòng" in said and "không biết gì về các dòng sau dòng 3" in said
    assert "là mã của dòng 3" in said
    assert f"Mã dòng cuối (dòng 4): {newest}" in said and "--head" in said


def test_verify_finds_a_deleted_database_and_one_begun_anew(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(workspace / ".loa" / "office")
    assert run(["audit", "verify", "-w", str(workspace)]) == 1
    assert "dòng 1: tệp đối chứng có các dòng từ 1 đến 3, nhật ký thì không" in capsys.readouterr().err
    assert not (workspace / ".loa" / "office").exists()
    (workspace / ".loa" / "office").mkdir()
    with open_office(workspace) as store:
        store.audit.write("Lê Chi", "submit", "mục-1")
    assert run(["audit", "verify", "-w", str(workspace)]) == 1


def test_verify_finds_a_database_that_is_none_any_more(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / ".loa" / "office" / "loa.sqlite").write_bytes(b"rubbish" * 1000)
    assert run(["audit", "verify", "-w", str(workspace)]) == 1
    assert "không còn, hoặc không mở được" in capsys.readouterr().err
    assert run(["audit", "export", "--out", str(workspace / "x"), "-w", str(workspace)]) == 2
    assert "không phải là sổ của Loa" in capsys.readouterr().err


def test_verify_does_not_call_whole_what_nothing_outside_the_database_knows(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads_beside(workspace / ".loa" / "office").place.unlink()
    assert run(["audit", "verify", "-w", str(workspace)]) == 1
    assert "Chưa chứng minh được" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--head", "x"], ["--head", ""], ["--export", "none.jsonl"], ["--export", "content"], ["--memory", "x"]]
)
def test_what_verify_cannot_use_is_said_plainly(workspace: Path, arguments: list[str]) -> None:
    assert run(["audit", "verify", *arguments, "-w", str(workspace)]) == 2


def test_a_memory_that_was_never_begun_is_not_whole(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(workspace / ".loa")
    assert run(["audit", "verify", "-w", str(workspace)]) == 2
    assert "chưa có sổ" in capsys.readouterr().err


@contextmanager
def open_office(workspace: Path) -> Iterator[Store]:
    memory = workspace / ".loa" / "office"
    url, heads = f"sqlite:///{memory / 'loa.sqlite'}", heads_beside(memory)
    with Store.open(url, clock=SimulatedClock(DUE), heads=heads) as store:
        yield store


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


def test_verify_names_an_approval_that_was_revived_behind_the_log(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ready = post()
    with open_office(workspace) as store:
        store.approvals.save(approval([ready]), [ready])
        store.approvals.revoke(ready.entry, who="Minh", why="sai số liệu")
    assert run(["audit", "verify", "-w", str(workspace)]) == 0
    assert "đúng như đã ký" in capsys.readouterr().out
    with sqlite3.connect(workspace / ".loa" / "office" / "loa.sqlite") as connection:
        connection.execute("UPDATE approvals SET revoked_at = NULL")
    connection.close()
    assert run(["audit", "verify", "-w", str(workspace)]) == 1
    assert f"{ready.entry}: phê duyệt ghi là còn hiệu lực" in capsys.readouterr().err
    assert run(["audit", "verify", "--json", "-w", str(workspace)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["breaks"], said["contradictions"][0]["subject"]) == (False, [], ready.entry)
