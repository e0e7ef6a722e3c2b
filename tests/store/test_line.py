"""Who is next in line, and that to find that out costs the same in a crowd as alone."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from editorial.clock import SimulatedClock
from editorial.delivery import State
from store.delivery_list import WORK
from store.line import _next
from store.moment import NEVER
from store.schema import DELIVERIES, EMERGENCY_USES
from store.store import Store
from tests.store.ledger_posts import DUE

LEASE = timedelta(seconds=60)


def put(store: Store, *rows: dict[str, Any]) -> None:
    """Put deliveries into the ledger as they may stand there, without what led to it."""
    usual = {"post_digest": "d", "channel": "portal", "state": State.QUEUED.value, "due_at": DUE, "next_at": DUE,
             "touched_at": DUE, "remote_id": None, "evidence": "{}", "owner": None, "lease_until": None}  # fmt: skip
    with store._database.write() as connection:
        connection.execute(insert(DELIVERIES), [{"entry": row["post_key"], **usual, **row} for row in rows])


def crowd(store: Store, size: int) -> None:
    put(store, *({"post_key": f"bai-{number}", "next_at": DUE + timedelta(milliseconds=number)} for number in range(size)))


def claimed(store: Store, *, urgent: bool = False) -> str | None:
    claim = store.deliveries.claim("máy-0", LEASE, urgent=urgent)
    return claim.delivery.post_key if claim else None


def plan_of_the_claim(store: Store, now: datetime) -> str:
    """Return how the database answers the question of a claim."""
    server, given = not store._database.is_sqlite, {"now": now}
    with store._database.write() as connection:
        if server:
            connection.execute(text("ANALYZE deliveries"))
        question = _next(WORK, False, ("báo",), server).compiled(connection.dialect, given)
        asked = f"{'EXPLAIN (FORMAT JSON)' if server else 'EXPLAIN QUERY PLAN'} {question.text}"
        parameters = question.parameters(given)
        found = connection.exec_driver_sql(asked, parameters if server else tuple(parameters))
        return json.dumps(found.scalar_one()) if server else "\n".join(str(row.detail) for row in found)


def test_the_next_of_a_crowd_is_found_in_the_order_of_an_index(store: Store, clock: SimulatedClock) -> None:
    crowd(store, 3000)
    clock.advance(timedelta(seconds=10))
    plan = plan_of_the_claim(store, clock.now())
    assert "ix_deliveries_state_due_at_id" in plan
    assert "ix_deliveries_state_next_at" not in plan  # by which the whole crowd is found, and then sorted


def test_what_was_due_first_goes_first_and_what_has_another_moment_waits_for_it(store: Store, clock: SimulatedClock) -> None:
    early, late = DUE - timedelta(seconds=2), DUE + timedelta(minutes=1)
    put(store, {"post_key": "sau", "due_at": early + timedelta(seconds=1)}, {"post_key": "truoc", "due_at": early},
        {"post_key": "cho", "due_at": early - timedelta(minutes=1), "next_at": late},
        {"post_key": "trong-tay", "due_at": early, "owner": "máy-1", "lease_until": late})  # fmt: skip
    assert [claimed(store) for _ in range(3)] == ["truoc", "sau", None]
    clock.advance(timedelta(minutes=2))
    assert [claimed(store) for _ in range(3)] == ["cho", "trong-tay", None]


def test_what_goes_out_is_before_what_is_looked_for_and_that_before_what_is_read_back(store: Store) -> None:
    early = DUE - timedelta(minutes=1)
    put(store, {"post_key": "doc-lai", "state": "sent", "due_at": early, "remote_id": "1"},
        {"post_key": "tim", "state": "unknown", "due_at": early}, {"post_key": "hoi", "state": "following", "due_at": early},
        {"post_key": "dang"}, {"post_key": "khong-doc-duoc", "state": "sent", "remote_id": "2", "next_at": NEVER})  # fmt: skip
    assert [claimed(store) for _ in range(5)] == ["dang", "tim", "hoi", "doc-lai", None]


@pytest.mark.parametrize("urgent", [True, False])
def test_what_is_urgent_goes_before_the_crowd_whatever_there_is_to_do_with_it(store: Store, urgent: bool) -> None:
    crowd(store, 5)
    put(store, {"post_key": "khan-doc-lai", "state": "sent", "remote_id": "1"}, {"post_key": "khan", "due_at": DUE})
    with store._database.write() as connection:
        used = {"person": "Lan", "why": "lũ", "at": DUE, "review_by": DUE}
        rows = [{"entry": entry, **used} for entry in ("khan", "khan-doc-lai", "khan-da-xong")]
        connection.execute(insert(EMERGENCY_USES), rows)
    assert [claimed(store, urgent=urgent) for _ in range(3)] == ["khan", "khan-doc-lai", None if urgent else "bai-0"]
