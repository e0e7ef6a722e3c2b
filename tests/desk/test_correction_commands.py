"""What the list of decisions tells people to do next."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.command import run
from desk.place import HOUSE
from editorial.clock import SimulatedClock
from editorial.correction import Decision, Item, Kind, Means
from editorial.delivery import State
from editorial.post import Post
from scheduler.dispatch import Dispatcher
from store.store import Store
from tests.scheduler.worker_process import FolderPublisher
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import approval, post

LATE_EVENING = datetime(2026, 11, 29, 22, 58, tzinfo=UTC)  # the thirtieth already in Hanoi


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with a copy that a platform would not change, and one that is left to a person."""
    memory = tmp_path / ".loa" / "office"
    memory.mkdir(parents=True)
    (tmp_path / "content").mkdir()
    (tmp_path / "public").mkdir()
    shutil.copy(HOUSE / "content" / "office.yaml", tmp_path / "content" / "office.yaml")
    fresh_database(memory)
    (memory / "loa.db").rename(memory / "loa.sqlite")
    clock = SimulatedClock(LATE_EVENING)
    with Store.open(f"sqlite:///{memory / 'loa.sqlite'}", clock=clock) as store:
        dispatcher = Dispatcher(store, {"portal": FolderPublisher(tmp_path / "public")}, clock, owner="máy-1")
        items = [_published(store, dispatcher, clock, means) for means in (Means.EDIT, Means.MANUAL)]
        decision = Decision(kind=Kind.CORRECTION, subject="wards", value="127", why="", items=tuple(items))
        store.corrections.sign(decision, author="bien-tap", approver="duyet")
        _live_on(dispatcher, clock)
    return tmp_path


def _published(store: Store, dispatcher: Dispatcher, clock: SimulatedClock, means: Means) -> Item:
    ready = post(f"{means.value}.portal.2026", due_at=clock.now())
    store.approvals.save(approval([ready]), [ready])
    made = store.deliveries.plan(ready)
    _live_on(dispatcher, clock)
    assert store.deliveries.get(made.id).state is State.VERIFIED
    wanted: Post | None = post(ready.key, text="Lời mới", due_at=ready.due_at) if means is Means.EDIT else None
    return Item(delivery=made.id, post_key=ready.key, channel="portal", entry=ready.entry, means=means, post=wanted,
                live_digest=ready.digest, why="hãy tự sửa trên kênh" if wanted is None else "")  # fmt: skip


def _live_on(dispatcher: Dispatcher, clock: SimulatedClock) -> None:
    start = clock.now()
    for _ in range(3):
        while dispatcher.tick():
            pass
        clock.advance(timedelta(seconds=31))
    assert clock.now() - start < timedelta(minutes=2)


def test_the_list_says_how_each_copy_that_is_stuck_goes_on(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["corrections", "-w", str(office)]) == 0
    said = capsys.readouterr().out
    assert "kênh không sửa được bài đã đăng" in said and "hãy tự sửa trên kênh" in said
    assert "ghi lại: ./loa corrections --done 1 --by MÃ" in said and "chạy lại đúng lệnh" in said
    assert "30/11/2026" in said and "29/11/2026" not in said


def test_what_was_done_by_hand_is_said_once(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in ("1", "2"):
        assert run(["corrections", "--done", number, "--by", "truc-ban", "--why", "đã sửa", "-w", str(office)]) == 0
    assert "ghi lại:" not in capsys.readouterr().out.rpartition("Đính chính số 1")[2]
    assert run(["corrections", "--done", "1", "--by", "truc-ban", "--why", "đã sửa", "-w", str(office)]) == 2
