"""Pauses and held posts from the command line."""

from __future__ import annotations

import json
import resource
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from desk.command import run
from desk.mourning import declare_from_calendar
from desk.place import HOUSE
from editorial.calendar import Catalogue, MourningPeriod
from editorial.clock import OFFICE_ZONE, SystemClock
from editorial.delivery import HoldReason, State
from editorial.occasion import Evidence
from store import database
from store.store import Store
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import approval, post

SIGNED = ("--by", "truc-ban", "--why", "chờ kiểm tra")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    memory = tmp_path / ".loa" / "office"
    memory.mkdir(parents=True)
    (tmp_path / "content").mkdir()
    shutil.copy(HOUSE / "content" / "office.yaml", tmp_path / "content" / "office.yaml")
    fresh_database(memory)
    (memory / "loa.db").rename(memory / "loa.sqlite")
    with opened(tmp_path) as store:
        for key, days in (("tre.portal.2026", -1), ("sap-toi.portal.2026", 1)):
            ready = post(key, due_at=SystemClock().now() + timedelta(days=days))
            store.approvals.save(approval([ready]), [ready])
            store.deliveries.plan(ready)
        store.deliveries.promote()
    return tmp_path


def opened(workspace: Path) -> Store:
    return Store.open(f"sqlite:///{workspace / '.loa' / 'office' / 'loa.sqlite'}", clock=SystemClock())


def test_pause_and_resume_name_their_scope(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ("-w", str(workspace))
    assert run(["pause", "--channel", "portal", *SIGNED, *place]) == 0
    capsys.readouterr()
    assert run(["pauses", "--json", *place]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["scope"], each["who"]) for each in found] == [("channel:portal", "truc-ban")]
    assert run(["resume", "--by", "truc-ban", *place]) == 2
    assert run(["resume", "--channel", "portal", "--by", "truc-ban", *place]) == 0
    with opened(workspace) as store:
        assert store.halts.standing() == ()


def test_mourning_is_declared_by_its_days(workspace: Path) -> None:
    today = SystemClock().now().astimezone(OFFICE_ZONE).date()
    days = ("--from", f"{today + timedelta(days=1)}", "--to", f"{today + timedelta(days=2)}")
    assert run(["mourning", *days, *SIGNED, "-w", str(workspace)]) == 0
    with opened(workspace) as store:
        halt = store.halts.planned()[0]
        assert (halt.scope, halt.reason) == ("mourning", HoldReason.BLACKOUT)
        assert halt.starts_at is not None and halt.ends_at is not None
        assert halt.ends_at - halt.starts_at == timedelta(days=2)
    assert run(["resume", "--mourning", "--by", "truc-ban", "-w", str(workspace)]) == 0


def test_what_is_held_is_listed_and_released_moved_or_dropped(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ("-w", str(workspace))
    assert run(["held", "--json", *place]) == 0
    assert [(each["post"], each["reason"]) for each in json.loads(capsys.readouterr().out)] == [("tre.portal.2026", "late")]
    assert run(["release", "tre.portal.2026", *SIGNED, *place]) == 0
    assert run(["drop", "sap-toi.portal.2026", *SIGNED, *place]) == 0
    assert run(["release", "khong-co", *SIGNED, *place]) == 2
    with opened(workspace) as store:
        states = {each.post_key: each.state for each in store.deliveries.list()}
    assert states == {"tre.portal.2026": State.QUEUED, "sap-toi.portal.2026": State.CANCELLED}


def test_of_several_posts_none_is_released_where_one_cannot_be(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for other, why in (("khong-co", "không có lượt đăng"), ("sap-toi.portal.2026", "bài không bị giữ")):
        assert run(["release", "tre.portal.2026", other, *SIGNED, "-w", str(workspace)]) == 2
        assert why in capsys.readouterr().err
    with opened(workspace) as store:
        assert {each.state for each in store.deliveries.list()} == {State.HELD, State.SCHEDULED}
    assert run(["release", "tre.portal.2026", "1", *SIGNED, "-w", str(workspace)]) == 0  # one post under two names


def test_a_decision_without_a_reason_is_refused(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["drop", "tre.portal.2026", "--by", "truc-ban", "--why", " ", "-w", str(workspace)]) == 2
    assert "--why" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (("--channel", "facebok"), "có phải “facebook”"),
        (("--unit", "khong-co"), "đơn vị"),
        (("--entry", "khong-co"), "khong-co"),
        (("--post", "tre.portal.2025"), "tre.portal.2025"),
        (("--from", "2030-01-02", "--to", "2030-01-01"), "--to"),
        (("--to", "2020-01-01"), "--to"),
    ],
)
def test_a_pause_that_would_pause_nothing_is_refused(
    workspace: Path, capsys: pytest.CaptureFixture[str], scope: tuple[str, ...], said: str
) -> None:
    assert run(["pause", *scope, *SIGNED, "-w", str(workspace)]) == 2
    shown = capsys.readouterr()
    assert said in shown.err and shown.out == ""
    with opened(workspace) as store:
        assert store.halts.planned() == ()


@pytest.mark.parametrize("scope", [("--entry", "tre"), ("--post", "sap-toi.portal.2026"), ("--channel", "portal"), ()])
def test_a_pause_of_something_that_is_there_holds(workspace: Path, scope: tuple[str, ...]) -> None:
    assert run(["pause", *scope, *SIGNED, "-w", str(workspace)]) == 0
    with opened(workspace) as store:
        assert len(store.halts.standing()) == 1


def test_a_moment_is_explained_with_the_pauses_and_the_mourning_that_cover_it(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(HOUSE / "calendars", workspace / "calendars")
    place = ("-w", str(workspace))
    day = SystemClock().now().date() + timedelta(days=400)
    window = ("--from", day.isoformat(), "--to", (day + timedelta(days=1)).isoformat())
    assert run(["pause", "--channel", "portal", *window, *SIGNED, *place]) == 0
    assert run(["mourning", *window, *SIGNED, *place]) == 0
    told = {}
    for moment in (f"{day}@08:00", f"{day + timedelta(days=1)}@08:00", f"{day + timedelta(days=2)}@08:00"):
        capsys.readouterr()
        assert run(["when", moment, "--json", *place]) == 0
        told[moment] = [hold.split(",")[0] for hold in json.loads(capsys.readouterr().out)["holds"]]
    assert list(told.values()) == [["Tạm dừng kênh portal", "Quốc tang"], ["Quốc tang"], []]


def test_the_calendars_mourning_is_told_until_somebody_ends_it(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(HOUSE / "calendars", workspace / "calendars")
    start = SystemClock().now().date() + timedelta(days=400)
    period = MourningPeriod(start=start, end=start, reason="Nguyễn Văn A", evidence=Evidence.LOOKED_UP)
    with (workspace / "calendars" / "tang.yaml").open("w") as file:
        one = f"{{start: {start}, end: {start}, reason: Nguyễn Văn A, evidence: looked_up}}"
        file.write(f"schema: 1\nmourning_periods: [{one}]\n")
    place = ("-w", str(workspace))
    answers = []
    with opened(workspace) as store:
        for _ in range(3):
            assert run(["when", f"{start}@08:00", *place]) == 0
            answers.append(capsys.readouterr().out.splitlines()[2])
            if len(answers) == 1:
                declare_from_calendar(store, Catalogue((), mourning=(period,)), start)
            else:
                store.halts.lift("mourning", who="truc-ban")
    assert "(Nguyễn Văn A): bài vui bị giữ lại" in answers[0]
    assert "(quốc tang: Nguyễn Văn A; lịch ngày nghỉ): bài vui bị giữ lại" in answers[1]
    assert "đã được bỏ trước hạn, bài vẫn đi" in answers[2]


def test_a_store_that_takes_no_more_is_told_in_one_line_and_taken_up_again(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = workspace / ".loa" / "office" / "loa.sqlite-wal"
    with opened(workspace) as store:
        store.halts.standing()
        unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, unlimited[1]))
        try:
            assert run(["pause", "--channel", "portal", *SIGNED, "-w", str(workspace)]) == 2
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    (line,) = capsys.readouterr().err.splitlines()
    assert "sổ của Loa" in line
    assert "Loa tự làm tiếp" in line
    assert run(["pause", "--channel", "portal", *SIGNED, "-w", str(workspace)]) == 0


def test_a_store_without_the_right_to_write_is_told_in_one_line(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = database._sqlite
    monkeypatch.setattr(database, "_sqlite", lambda address, begin, *more: made(address, begin, "PRAGMA query_only = ON"))
    assert run(["pause", "--channel", "portal", *SIGNED, "-w", str(workspace)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "không có quyền ghi" in line
