"""The invariants are asked of the rows: each is seen to be broken when somebody breaks it past the code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from editorial.clock import SimulatedClock
from editorial.delivery import State
from editorial.outcome import Receipt
from store.store import Store
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE, approval, post


@pytest.fixture
def store(tmp_path: Path, database: str) -> Iterator[Store]:
    """Two posts: one sent at the second try, one under way."""
    clock = SimulatedClock(DUE)
    with Store.open(fresh_database(tmp_path, database), clock=clock) as opened:
        for key in ("mot.portal.2026", "hai.portal.2026"):
            ready = post(key)
            opened.deliveries.plan(ready)
            opened.approvals.save(approval([ready]), [ready])
        opened.deliveries.promote()
        first = _sending(opened, clock)
        opened.deliveries.pass_to(first, State.QUEUED, outcome="Unavailable", failures=1, next_at=clock.now())
        clock.advance(timedelta(seconds=5))
        again = _sending(opened, clock)
        receipt = Receipt(remote_id="7", url=None)
        opened.deliveries.pass_to(again, State.SENT, receipt=receipt, outcome="receipt", next_at=clock.now() + timedelta(days=1))
        _sending(opened, clock)
        yield opened


def _sending(store: Store, clock: SimulatedClock):  # type: ignore[no-untyped-def]
    claim = store.deliveries.claim("máy-1", timedelta(seconds=60))
    assert claim
    prepared = store.deliveries.pass_to(claim.delivery, State.PREPARED)
    return store.attempts.open(prepared, deadline=clock.now() + timedelta(seconds=30))[0]


def test_a_ledger_that_was_written_by_the_code_keeps_them_all(store: Store) -> None:
    assert store.invariants.broken() == ()


SENT, SENDING = "SELECT id FROM deliveries WHERE state = 'sent'", "SELECT id FROM deliveries WHERE state = 'sending'"
LAST = "SELECT max(id) FROM attempts"
BREAKING = {
    "I2 the fence moved on under an open attempt": ("I2", f"UPDATE deliveries SET fence = fence + 1 WHERE id = ({SENDING})"),
    "I2 nobody owns what is in hand": ("I2", f"UPDATE deliveries SET owner = NULL WHERE id = ({SENDING})"),
    "I3 a call without an attempt": ("I3", "DELETE FROM attempts WHERE outcome IS NULL"),
    "I4 public without an id": ("I4", f"UPDATE deliveries SET remote_id = NULL WHERE id = ({SENT})"),
    "I6 again before there was an outcome": ("I6", f"UPDATE attempts SET finished_at = '2030-01-01' WHERE delivery = ({SENT})"),
    "I7 an attempt is gone": ("I7", f"UPDATE attempts SET number = 3 WHERE delivery = ({SENT}) AND number = 2"),
    "I7 closed without an outcome": ("I7", f"UPDATE attempts SET finished_at = '2026-10-10' WHERE id = ({LAST})"),
    "I8 other bytes": ("I8", f"UPDATE attempts SET request_digest = 'x' WHERE id = ({LAST})"),
    "I8 the approval was withdrawn before": ("I8", "UPDATE approvals SET revoked_at = '2020-01-01'"),
    "path a state that nobody passed to": ("path", f"UPDATE deliveries SET state = 'failed' WHERE id = ({SENT})"),
    "path a step that the machine does not have": ("path", "UPDATE passages SET \"end\" = 'verified' WHERE \"end\" = 'claimed'"),
}


@pytest.mark.parametrize("what", BREAKING)
def test_what_somebody_broke_past_the_code_is_named(store: Store, what: str) -> None:
    invariant, statement = BREAKING[what]
    without_guards(store)
    with store._database.write() as connection:
        connection.execute(text(statement))
    assert invariant in {each.invariant for each in store.invariants.broken()}


def without_guards(store: Store) -> None:
    """Take away what the database itself would refuse."""
    if store._database.is_sqlite:
        with store._database.write() as connection:
            for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
            connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        return
    checks = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = 'deliveries'::regclass"
    with store._database.write() as connection:
        for name in connection.execute(text(checks)).scalars().all():
            connection.execute(text(f'ALTER TABLE deliveries DROP CONSTRAINT "{name}"'))
        for table in ("attempts", "passages", "approvals"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
