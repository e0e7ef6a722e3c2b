"""What must hold in the ledger after every step, whatever was killed, frozen, doubled or lost: asked of the rows themselves.

I1  a post has one delivery
I2  at most one worker has a delivery in hand: an open attempt belongs to the fence under which it is being sent
I3  every call was written down before it was made: each passage to sending has its attempt
I4  what is called public has a remote id
I5  a live post belongs to one delivery of its channel
I6  no attempt began while the one before it had no outcome
I7  attempts are only ever added, and closed once
I8  what was sent is what was approved, and no approval was withdrawn before

Beside them stands the order that was signed: no attempt began before the post that goes first was public or given up, or a
person let this one pass.

The database's own constraints and triggers hold I1, I4, I5 and I7 as well; a table that was altered, or an old backup that was
mended by hand, has no constraints that anybody remembers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, or_, select

from editorial.delivery import IN_HAND, PUBLIC, TRANSITIONS, State
from store.database import Database
from store.errors import Tampered
from store.posts import kept
from store.schema import APPROVALS, APPROVED_POSTS, ATTEMPTS, DELIVERIES, PASSAGES, POSTS
from store.turn import may_follow, may_follow_another


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One invariant that does not hold for a post, in plain words."""

    invariant: str  # "I1" to "I8", "order" where a post went before its turn, "path" where the machine has no such passage
    subject: str
    what: str


class Invariants:
    """The invariants of one ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def broken(self) -> tuple[Violation, ...]:
        """Return everything that does not hold, in the order of the invariants; nothing is what it should be."""
        with self._database.read() as connection:
            return tuple(_broken(connection))


def _broken(connection: Connection) -> Iterator[Violation]:
    for invariant, what, query in _questions():
        for subject in connection.execute(query).scalars():
            yield Violation(invariant=invariant, subject=str(subject), what=what)
    yield from _order_of_attempts(connection)
    yield from _turns(connection)
    yield from _paths(connection)


def _questions() -> Iterator[tuple[str, str, Select[Any]]]:
    key = DELIVERIES.c.post_key
    yield "I1", "có hai lượt đăng cho một bài", select(key).group_by(key).having(func.count() > 1)
    attempts = ATTEMPTS.join(DELIVERIES, ATTEMPTS.c.delivery == DELIVERIES.c.id)
    elsewhere = or_(DELIVERIES.c.state != State.SENDING.value, DELIVERIES.c.fence != ATTEMPTS.c.fence)
    opened = select(key).select_from(attempts).where(ATTEMPTS.c.outcome.is_(None), elsewhere)
    yield "I2", "lần gửi còn mở mà lượt đăng đã sang tay khác", opened
    in_hand = DELIVERIES.c.state.in_([state.value for state in IN_HAND])
    ownerless = or_(DELIVERIES.c.owner.is_(None), DELIVERIES.c.lease_until.is_(None))
    yield "I2", "đang có người làm mà không rõ ai, hoặc đến bao giờ", select(key).where(in_hand, ownerless)
    yield "I3", "đã gửi mà không ghi lại trước khi gửi", _unwritten()
    public = DELIVERIES.c.state.in_([state.value for state in PUBLIC])
    yield "I4", "coi là đã đăng mà không có mã bài", select(key).where(public, DELIVERIES.c.remote_id.is_(None))
    live, other = DELIVERIES.alias(), DELIVERIES.c
    twin = exists().where(live.c.channel == other.channel, live.c.remote_id == other.remote_id, live.c.id != other.id)
    yield "I5", "một bài trên kênh thuộc về hai lượt đăng", select(key).where(twin)
    yield "I8", "đã gửi nội dung không được duyệt, hoặc sau khi duyệt bị rút", _unapproved()


def _unwritten() -> Select[Any]:
    """Select deliveries that passed to sending more often than there are attempts, or at another moment than theirs."""
    began = exists().where(ATTEMPTS.c.delivery == PASSAGES.c.delivery, ATTEMPTS.c.started_at == PASSAGES.c.at)
    passed = PASSAGES.join(DELIVERIES, PASSAGES.c.delivery == DELIVERIES.c.id)
    query = select(DELIVERIES.c.post_key).select_from(passed)
    return query.where(PASSAGES.c.end == State.SENDING.value, ~began).distinct()


def _unapproved() -> Select[Any]:
    """Select deliveries with an attempt whose digest nobody had approved, or no longer, when it began."""
    signed = APPROVED_POSTS.join(APPROVALS, APPROVED_POSTS.c.approval == APPROVALS.c.id)
    same = and_(APPROVED_POSTS.c.post_key == DELIVERIES.c.post_key, APPROVED_POSTS.c.post_digest == ATTEMPTS.c.request_digest)
    stood = or_(APPROVALS.c.revoked_at.is_(None), APPROVALS.c.revoked_at >= ATTEMPTS.c.started_at)
    approved = select(APPROVALS.c.id).select_from(signed).where(same, stood).exists()
    attempts = ATTEMPTS.join(DELIVERIES, ATTEMPTS.c.delivery == DELIVERIES.c.id)
    return select(DELIVERIES.c.post_key).select_from(attempts).where(~approved).distinct()


def _order_of_attempts(connection: Connection) -> Iterator[Violation]:
    columns = (DELIVERIES.c.post_key, ATTEMPTS.c.number, ATTEMPTS.c.started_at, ATTEMPTS.c.outcome, ATTEMPTS.c.finished_at)
    query = select(*columns).join(DELIVERIES, ATTEMPTS.c.delivery == DELIVERIES.c.id)
    rows = connection.execute(query.order_by(ATTEMPTS.c.delivery, ATTEMPTS.c.id)).all()
    for row in rows:
        if (row.outcome is None) != (row.finished_at is None):
            yield Violation(invariant="I7", subject=row.post_key, what="lần gửi đóng mà không có kết quả")
    for before, after in pairwise(rows):
        if before.post_key != after.post_key:
            continue
        if after.number != before.number + 1:
            yield Violation(invariant="I7", subject=after.post_key, what="thiếu một lần gửi ở giữa")
        if before.outcome is None or before.finished_at > after.started_at:
            yield Violation(invariant="I6", subject=after.post_key, what="gửi lại khi lần trước chưa có kết quả")


def _turns(connection: Connection) -> Iterator[Violation]:
    """Follow every attempt of a post that was signed to go out after another one."""
    attempts = ATTEMPTS.join(DELIVERIES, ATTEMPTS.c.delivery == DELIVERIES.c.id)
    sent = and_(POSTS.c.key == DELIVERIES.c.post_key, POSTS.c.digest == ATTEMPTS.c.request_digest, may_follow_another())
    query: Select[Any] = select(ATTEMPTS.c.started_at, ATTEMPTS.c.delivery, POSTS.c.key, POSTS.c.digest, POSTS.c.body)
    for row in connection.execute(query.select_from(attempts.join(POSTS, sent)).order_by(ATTEMPTS.c.id)).all():
        try:
            after = kept(row).after
        except Tampered:
            continue  # told where the rows are held against what was signed
        if after is not None and not may_follow(connection, row.delivery, after, row.started_at):
            yield Violation(invariant="order", subject=row.key, what=f"đã gửi trước bài {after} mà nó phải chờ")


def _paths(connection: Connection) -> Iterator[Violation]:
    """Follow every delivery from its first state to where it stands."""
    query = select(DELIVERIES.c.post_key, DELIVERIES.c.state, PASSAGES.c.start, PASSAGES.c.end)
    query = query.join(PASSAGES, PASSAGES.c.delivery == DELIVERIES.c.id, isouter=True)
    rows = connection.execute(query.order_by(DELIVERIES.c.id, PASSAGES.c.id)).all()
    stands = dict[str, str]()
    for row in rows:
        before = stands.get(row.post_key, State.SCHEDULED.value)
        if row.start is not None and (row.start != before or State(row.end) not in TRANSITIONS[State(row.start)]):
            yield Violation(invariant="path", subject=row.post_key, what=f"không có bước {before} → {row.start} → {row.end}")
        stands[row.post_key] = row.end or before
    for key, state in {row.post_key: row.state for row in rows}.items():
        if stands[key] != state:
            yield Violation(invariant="path", subject=key, what=f"đang là {state}, đường đi dừng ở {stands[key]}")
