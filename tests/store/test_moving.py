"""An office moves from its file to PostgreSQL: every row, and never two that publish."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from editorial.clock import SimulatedClock
from editorial.delivery import State
from editorial.problem import BadInput
from editorial.template_approval import TemplateApproval
from scheduler.awakening import Memory, Witness, awake
from store import moving
from store.audit_head import HeadFile
from store.halts import ALL
from store.moving import has_moved, move
from store.schema import METADATA
from store.store import Store
from store.template_folder import TemplateFiles
from store.vault import FILE, KeyPlace
from store.webhooks import News
from tests.scheduler.office import Office, open_office
from tests.store.ledger_posts import DUE
from tests.store.postgres_cluster import fresh_postgresql, the_cluster

ROOT = Path(__file__).parents[2]
CLOCK = SimulatedClock(DUE + timedelta(days=2))


@pytest.fixture
def target() -> str:
    """Return a database that is empty and has no tables."""
    url = fresh_postgresql()
    cluster, name = the_cluster(), f"{url.rpartition('/')[2]}_raw"
    assert not isinstance(cluster, str)
    cluster.run(f"CREATE DATABASE {name}")
    return cluster.url(name)


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Office]:
    """An office that has sent, held and failed something, with its log witnessed."""
    office = open_office(tmp_path)
    office.store.installation.start()
    office.store.halts.set("channel:khac", why="kênh khác dừng", who="truc-ban")
    card = TemplateFiles(template="infographic/card", files={"template.yaml": b"schema: 1\n", "a.png": bytes(range(256))})
    office.store.template_versions.keep(None, card, "thiet-ke", "thêm mẫu")
    signed = TemplateApproval(template=card.template, version=card.digest, author="thiet-ke", approver="duyet", at=DUE)
    office.store.template_approvals.save(signed)
    office.store.webhooks.add("https://may.example.vn/loa", tuple(News), by="quan-tri")
    for number in range(5):
        office.plan(f"muc-{number}.portal.2026", approved=number != 3)
    office.live()
    office.plan("muc-sau.portal.2026")
    yield office
    office.store.close()


@pytest.fixture
def old(lived: Office, tmp_path: Path) -> str:
    lived.store.close()
    return f"sqlite:///{tmp_path / 'loa.db'}"


@pytest.fixture
def heads(tmp_path: Path) -> HeadFile:
    return HeadFile(place=tmp_path / "office.heads")


def rows(url: str) -> dict[str, list[Any]]:
    with Store.open(url, clock=CLOCK) as store, store._database.read() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in METADATA.sorted_tables}


def test_every_row_arrives_and_the_log_holds_on_the_other_side(old: str, target: str, heads: HeadFile) -> None:
    told: list[tuple[str, int, int]] = []
    moved = move(old, target, clock=CLOCK, heads=heads, progress=lambda *step: told.append(step))
    before, after = rows(old), rows(target)
    changed = {"settings", "installation", "halts", "audit", "audit_head"}  # what opening the new house writes
    assert {name: each for name, each in after.items() if name not in changed} == {
        name: each for name, each in before.items() if name not in changed
    }
    assert set(before["audit"]) < set(after["audit"]) and len(after["audit"]) == len(before["audit"]) + 1
    assert moved.rows == {name: len(each) for name, each in before.items()} and moved.rows["passages"] > 20
    assert told[-1] == ("compare", len(METADATA.sorted_tables), len(METADATA.sorted_tables))
    with Store.open(target, clock=CLOCK, heads=heads) as store:
        assert store.audit.verify().breaks == () and store.signatures.contradictions() == ()


def test_a_webhook_signs_in_the_new_house_with_the_key_that_its_receiver_has(
    lived: Office, target: str, heads: HeadFile, tmp_path: Path
) -> None:
    (hook,) = lived.store.webhooks.all()
    secret = lived.store.webhooks.secret(hook)
    lived.store.close()
    move(f"sqlite:///{tmp_path / 'loa.db'}", target, clock=CLOCK, heads=heads)
    with Store.open(target, clock=CLOCK, keys=KeyPlace(file=tmp_path / FILE)) as store:
        assert store.webhooks.secret(store.webhooks.get(hook.id)) == secret


def test_the_new_house_goes_on_at_once_and_the_old_one_is_paused_for_good(
    old: str, target: str, heads: HeadFile, tmp_path: Path
) -> None:
    move(old, target, clock=CLOCK, heads=heads)
    with Store.open(old, clock=CLOCK) as store:
        assert has_moved(store)
        assert [halt.why for halt in store.halts.standing() if halt.scope == ALL] == [moving.WHY]
    with Store.open(target, clock=CLOCK) as store:
        assert not has_moved(store)
        assert [halt.scope for halt in store.halts.standing()] == ["channel:khac"], "a person's pause moves too"
        assert awake(store, Witness(place=tmp_path / "witness.json")) is Memory.OURS
    office = open_office(tmp_path, url=target)
    office.clock.move_to(CLOCK.now())
    late = office.store.deliveries.by_key("muc-sau.portal.2026")
    assert late
    fresh = office.plan("muc-moi.portal.2027")
    assert fresh.id == late.id + 1, "numbers go on after those that were copied"
    office.run()
    assert State.SCHEDULED not in {office.now(late).state, office.now(fresh).state}
    office.store.close()


def test_moved_twice_nothing_is_done_again(old: str, target: str, heads: HeadFile) -> None:
    move(old, target, clock=CLOCK, heads=heads)
    after = rows(target)
    assert move(old, target, clock=CLOCK, heads=heads).already
    assert rows(target) == after
    with pytest.raises(BadInput, match="đã chuyển sang một kho khác"):
        move(old, fresh_postgresql(), clock=CLOCK, heads=heads)


def test_a_database_with_something_in_it_is_refused_and_nothing_changes(old: str, target: str, heads: HeadFile) -> None:
    with Store.open(target, clock=CLOCK) as store:
        store.settings.set("of", "somebody else")
    before = rows(old)
    with pytest.raises(BadInput, match="đã có dữ liệu"):
        move(old, target, clock=CLOCK, heads=heads)
    assert rows(old) == before


def test_who_writes_meanwhile_is_found_and_the_old_house_goes_on(
    old: str, target: str, heads: HeadFile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copy = moving._Move._copy

    def and_then_somebody_writes(self: Any) -> None:
        copy(self)
        with Store.open(old, clock=CLOCK) as store:
            store.settings.set("written", "meanwhile")

    monkeypatch.setattr(moving._Move, "_copy", and_then_somebody_writes)
    with pytest.raises(BadInput, match="bảng settings ở hai nơi không khớp"):
        move(old, target, clock=CLOCK, heads=heads)
    with Store.open(old, clock=CLOCK) as store:
        assert not has_moved(store) and all(halt.scope != ALL for halt in store.halts.standing())
    with Store.open(target, clock=CLOCK) as store:
        assert has_moved(store) and any(halt.scope == ALL for halt in store.halts.standing()), "it publishes nothing"


def test_a_log_that_was_altered_does_not_move(old: str, target: str, heads: HeadFile, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "loa.db")) as file:
        for (trigger,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'").fetchall():
            file.execute(f"DROP TRIGGER {trigger}")
        file.execute("UPDATE audit SET detail = 'khác' WHERE id = 2")
        file.commit()
    with pytest.raises(BadInput, match="nhật ký không khớp"):
        move(old, target, clock=CLOCK, heads=heads)
    with Store.open(old, clock=CLOCK) as store:
        assert not has_moved(store)


KILLED = """
import os, signal, sys
from pathlib import Path
from editorial.clock import SystemClock
from store import moving
from store.audit_head import HeadFile
step = sys.argv[4]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(moving._Move, step, die)
moving.move(sys.argv[1], sys.argv[2], clock=SystemClock(), heads=HeadFile(place=Path(sys.argv[3])))
"""


@pytest.mark.parametrize("step", ["_copy", "_compare", "_open"])
def test_cut_short_anywhere_neither_publishes_and_the_same_command_goes_on(
    old: str, target: str, heads: HeadFile, step: str
) -> None:
    command = [sys.executable, "-c", KILLED, old, target, str(heads.place), step]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=120).returncode == -signal.SIGKILL
    with Store.open(old, clock=CLOCK) as store:
        assert has_moved(store) and any(halt.scope == ALL for halt in store.halts.standing())
    with Store.open(target, clock=CLOCK) as store:
        arrived = bool(store.deliveries.list())
        assert arrived is (step != "_copy")
        assert any(halt.scope == ALL for halt in store.halts.standing()) is arrived
    moved = move(old, target, clock=CLOCK, heads=heads)
    assert not moved.already and moved.rows["deliveries"] == 6
    with Store.open(target, clock=CLOCK, heads=heads) as store:
        assert not has_moved(store) and store.audit.verify().breaks == ()


def test_the_migrations_of_both_databases_end_at_the_same_place(old: str, target: str) -> None:
    ends = []
    for url in (old, target):
        with Store.open(url, clock=CLOCK) as store, store._database.read() as connection:
            ends.append(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    assert ends[0] == ends[1] > "v0009"
