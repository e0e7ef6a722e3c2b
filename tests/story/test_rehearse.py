"""`./loa rehearse` as a person types it: over real files, real SQLite and the stand-ins' real HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desk import rehearsing
from desk.command import run
from desk.occupation import occupy
from editorial.outcome import Absent
from publishers.telegram.publisher import TelegramPublisher
from rehearsal.draw import Drawn
from rehearsal.faults import Armed, Fault
from tests.story.workspace import make_workspace

ENTRIES = ("ngay-phap-luat", "phong-chay-chua-chay")
PERIOD = ("--from", "2026-10-01", "--to", "2026-12-31")
VARYING = ("seconds", "steps", "rendered")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("office"), ENTRIES)


def rehearse(office: Path, capsys: pytest.CaptureFixture[str], *more: str, status: int = 0) -> dict[str, Any]:
    assert run(["rehearse", *PERIOD, *more, "--json", "-w", str(office)]) == status
    return dict(json.loads(capsys.readouterr().out))


def strike(monkeypatch: pytest.MonkeyPatch, *drawn: Drawn) -> None:
    """Let a seed mean these very faults."""
    monkeypatch.setattr(rehearsing, "draw", lambda seed, publications, known: drawn)


def test_without_faults_everything_is_public_once_and_read_back(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = rehearse(office, capsys)
    assert found["planned"] > 5
    assert {found[name] for name in ("published", "verified", "ledger")} == {found["planned"]}
    assert {found[name] for name in ("duplicates", "lost", "stuck", "faults", "needs_person")} == {0}


def test_the_same_seed_is_the_same_rehearsal(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (rehearse(office, capsys, "--faults", "1126") for _ in range(2))
    assert first["faults"] > 2
    assert {name: value for name, value in first.items() if name not in VARYING} == {
        name: value for name, value in second.items() if name not in VARYING
    }
    assert first["planned"] == first["verified"] + first["needs_person"]
    assert second["rendered"] == 0


def test_a_dead_token_costs_what_was_due_then_and_is_connected_again(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    strike(monkeypatch, Drawn(platform="telegram", armed=Armed(fault=Fault.EXPIRE_TOKEN_NOW)))
    found = rehearse(office, capsys, "--faults", "1")
    (waiting,) = found["people"]
    assert (waiting["channel"], waiting["reason"], waiting["public"]) == ("telegram", "late", False)
    assert found["connected_again"] == ["telegram"]
    assert found["channels"]["telegram"]["verified"] == found["channels"]["telegram"]["planned"] - 1


def test_a_channel_that_cannot_be_connected_again_leaves_its_posts_with_people(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    strike(monkeypatch, Drawn(platform="telegram", armed=Armed(fault=Fault.EXPIRE_TOKEN_NOW)))
    monkeypatch.setattr(rehearsing, "connect_again", lambda channel, store, town: None)
    found = rehearse(office, capsys, "--faults", "1")
    assert {each["channel"] for each in found["people"]} == {"telegram"}
    assert found["needs_person"] == found["channels"]["telegram"]["planned"]
    assert 0 < len(found["connected_again"]) <= rehearsing.CONNECTED_AT_MOST


def test_what_cannot_be_known_is_named_with_the_reason_in_a_table(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    strike(monkeypatch, Drawn(platform="telegram", armed=Armed(fault=Fault.ERROR_BEFORE_COMMIT, path="send")))
    monkeypatch.setenv("COLUMNS", "160")
    assert run(["rehearse", *PERIOD, "--faults", "1", "-w", str(office)]) == 0
    told = capsys.readouterr().out
    assert "máy chủ lỗi, không nhận gì 1" in told
    line = next(line for line in told.splitlines() if ".telegram.2026" in line)
    assert "chưa có" in line and "chưa rõ: không thấy trên kênh" in line
    assert "Đạt:" in told


def test_a_publisher_that_posts_again_blindly_fails_the_rehearsal(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    strike(monkeypatch, Drawn(platform="telegram", armed=Armed(fault=Fault.DROP_RESPONSE_AFTER_COMMIT, path="send")))
    monkeypatch.setattr(TelegramPublisher, "find", lambda self, post, *, key, handles, since: Absent(proof=True))
    found = rehearse(office, capsys, "--faults", "1", status=1)
    assert (found["duplicates"], found["ok"]) == (1, False)
    assert found["duplicate_posts"][0].split(".")[1] == "telegram"
    assert found["ledger"] == found["planned"] + 1


def test_a_period_without_posts_says_so_and_a_second_rehearsal_is_refused(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rehearse", "--from", "2026-01-01", "--to", "2026-01-02", "-w", str(office)]) == 0
    assert "không có bài nào" in capsys.readouterr().out
    with occupy(office / ".loa" / "rehearsal"):
        assert run(["rehearse", *PERIOD, "-w", str(office)]) == 2
    assert "đang dùng" in capsys.readouterr().err.splitlines()[-1]
