"""Whose turn it is on a channel: what was signed to follow another post waits until that one is public, or was given up.

The order is part of the signed post, as its moment is. Both the claim and the intent read it there, since a row beside it could
be changed by whoever can write to the database.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from editorial.delivery import GRACE, Delivery, State
from store.audit import SCHEDULER
from store.errors import OutOfTurn, Tampered
from store.followers import GIVEN_UP, over_since
from store.lateness import allowance, let_through_at
from store.passage import read_delivery
from store.posts import kept
from store.schema import DELIVERIES, PASSAGES, POSTS
from store.statement import Statement
from store.traffic import is_urgent_delivery

LOOK = timedelta(seconds=10)  # between two looks at whether the earlier post is public, should nobody be woken
OUT_OF_TURN = "chưa tới lượt"


def out_of_turn(connection: Connection, delivery: Delivery, now: datetime) -> OutOfTurn | None:
    """Return what keeps a delivery in line behind another one; None where it may go.

    What is urgent waits for nobody. Neither does what a person, told that it is not its turn, has let go all the same.
    """
    after = followed(connection, delivery)
    if after is None or over_since(connection, after) is not None:
        return None
    if is_urgent_delivery(connection, delivery) or _was_let_go(connection, delivery):
        return None
    return OutOfTurn(delivery.post_key, after, now + LOOK, over=_has_waited_enough(connection, delivery, now))


def followed(connection: Connection, delivery: Delivery) -> str | None:
    """Return the key of the post that a delivery was signed to follow; bytes that were altered are for the intent to refuse."""
    row = _SIGNED.one_or_none(connection, {"key": delivery.post_key, "signed": delivery.post_digest})
    # Most posts follow none, and to read one takes long. However JSON spells the name, it has these letters or an escape.
    if row is None or ("after" not in row.body and "\\u" not in row.body):
        return None
    try:
        return kept(row).after
    except Tampered:
        return None


def may_follow_another() -> Any:
    """Return the condition of a post's body that may name another post to follow: it has to be read to be sure."""
    return or_(POSTS.c.body.contains("after"), POSTS.c.body.contains("\\u", autoescape=True))


def may_follow(connection: Connection, delivery: int, after: str, at: datetime) -> bool:
    """Tell whether a delivery was allowed to go then: by the steps that both have taken, since where they stand has changed."""
    ended = [State.SENT.value, *(state.value for state in GIVEN_UP)]
    earlier = PASSAGES.join(DELIVERIES, DELIVERIES.c.id == PASSAGES.c.delivery)
    over = select(PASSAGES.c.id).select_from(earlier).where(
        DELIVERIES.c.post_key == after, PASSAGES.c.end.in_(ended), PASSAGES.c.at <= at
    )  # fmt: skip
    let_go = select(PASSAGES.c.id).where(
        PASSAGES.c.delivery == delivery, PASSAGES.c.start == State.HELD.value, PASSAGES.c.end == State.QUEUED.value,
        PASSAGES.c.who != SCHEDULER, PASSAGES.c.at <= at,
    )  # fmt: skip
    found = any(connection.execute(query.limit(1)).first() is not None for query in (over, let_go))
    return found or is_urgent_delivery(connection, read_delivery(connection, delivery))


def why_held(after: str) -> str:
    """Return what a person reads of a post whose turn has not come within its grace."""
    return f"{OUT_OF_TURN}: bài {after} phải lên kênh này trước mà chưa lên; hãy chọn đăng ngay, dời lịch hoặc bỏ"


def _has_waited_enough(connection: Connection, delivery: Delivery, now: datetime) -> bool:
    """Tell whether its grace is over: from its moment on, or from when it was let go after having lost that."""
    allowed = allowance(connection, delivery) or GRACE
    let_through = let_through_at(connection, delivery) or delivery.due_at
    return now > max(delivery.due_at, let_through) + max(allowed, GRACE)


def _was_let_go(connection: Connection, delivery: Delivery) -> bool:
    """Tell whether a person released it from a hold that said it was not its turn; another version waits again."""
    held = connection.execute(_LAST_HOLD, {"whose": delivery.id}).first()
    if held is None or not held.detail.startswith(OUT_OF_TURN):
        return False
    left = connection.execute(_LEFT, {"whose": delivery.id, "since": held.id}).first()
    return left is not None and left.end == State.QUEUED.value and left.who != SCHEDULER


# Made once: to build a statement takes longer than to run it.
_SIGNED = Statement(select(POSTS.c.key, POSTS.c.digest, POSTS.c.body).where(
    POSTS.c.key == bindparam("key"), POSTS.c.digest == bindparam("signed")
))  # fmt: skip
_MINE = PASSAGES.c.delivery == bindparam("whose")
_LAST_HOLD = (
    select(PASSAGES.c.id, PASSAGES.c.detail)
    .where(_MINE, PASSAGES.c.end == State.HELD.value)
    .order_by(PASSAGES.c.id.desc())
    .limit(1)
)
_LEFT = (
    select(PASSAGES.c.end, PASSAGES.c.who)
    .where(_MINE, PASSAGES.c.id > bindparam("since"))
    .order_by(PASSAGES.c.id)
    .limit(1)
)
