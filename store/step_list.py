"""The steps after posts as the desk and the scheduler read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select

from editorial.after_step import OPEN, AfterStep, StepAttempt, StepState
from editorial.clock import Clock
from editorial.correction import split_key
from editorial.delivery import PUBLIC, Delivery, State
from editorial.first_comment import Link
from store.database import Database
from store.gates import FREE, Ways, read_gates, read_shut_gates
from store.moment import NEVER
from store.passage import as_delivery
from store.schema import DELIVERIES, STEP_ATTEMPTS, STEPS
from store.step_passage import as_step, read_step, step_query

WORK = (StepState.WAITING, StepState.UNKNOWN)
GIVEN_UP = frozenset({State.CANCELLED, State.SUPERSEDED, State.WITHDRAWN})


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whether a step may be taken: the addresses that it says, by channel, or why it has to wait, or can never be taken.

    `since` is when the last of the posts that it needs became public.
    """

    addresses: Mapping[str, str]
    since: datetime | None = None
    waits: str = ""
    given_up: str = ""

    @property
    def ready(self) -> bool:
        """Tell whether everything that it needs is public."""
        return not self.waits and not self.given_up


class StepList:
    """What can be asked about steps; nothing here changes one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, id: int) -> AfterStep:
        """Return a step; raise KeyError when there is none."""
        with self._database.read() as connection:
            return read_step(connection, id)

    def of(self, delivery: int) -> AfterStep | None:
        """Return the step of a delivery, if it has one."""
        found = self._list(STEPS.c.delivery == delivery)
        return found[0] if found else None

    def list(
        self, *, states: Iterable[StepState] = (), entry: str | None = None, deliveries: Collection[int] | None = None
    ) -> tuple[AfterStep, ...]:  # fmt: skip
        """Return steps in the order in which they were planned. What is not given is not asked for."""
        if deliveries is not None and not states and not entry:  # every page of deliveries asks so
            with self._database.read() as connection:
                return tuple(as_step(row) for row in connection.execute(_OF_DELIVERIES, {"those": list(deliveries)}))
        wanted = [state.value for state in states]
        conditions: list[Any] = [STEPS.c.state.in_(wanted)] if wanted else []
        conditions += [STEPS.c.entry == entry] if entry else []
        conditions += [STEPS.c.delivery.in_(tuple(deliveries))] if deliveries is not None else []
        return self._list(*conditions)

    def attempts(self, step: int) -> tuple[StepAttempt, ...]:
        """Return the calls of a step, oldest first."""
        with self._database.read() as connection:
            query = select(STEP_ATTEMPTS).where(STEP_ATTEMPTS.c.step == step).order_by(STEP_ATTEMPTS.c.number)
            return tuple(_attempt(row) for row in connection.execute(query))

    def expired(self, *, owner: str | None = None) -> tuple[AfterStep, ...]:
        """Return the calls whose lease is over; with `owner`, all that are in that owner's hands."""
        over = STEPS.c.owner == owner if owner else STEPS.c.lease_until < self._clock.now()
        return self._list(STEPS.c.state == StepState.INTENT.value, over)

    def due(self, *, ways: Ways = FREE) -> int:
        """Return how many steps could be claimed now."""
        now = self._clock.now()
        with self._database.read() as connection:
            if not _has_work(connection, now):
                return 0
            where = due_steps(now, read_shut_gates(connection, ways, now).shut())
            both = STEPS.join(DELIVERIES, DELIVERIES.c.id == STEPS.c.delivery)
            found: int = connection.execute(select(func.count()).select_from(both).where(where)).scalar_one()
        return found

    def next_moment(self, ways: Ways = FREE) -> datetime | None:
        """Return when a step has to be looked at next."""
        going_on = STEPS.c.state.in_([state.value for state in OPEN])
        query = select(STEPS.c.next_at, STEPS.c.lease_until, STEPS.c.state, DELIVERIES.c.channel)
        query = query.join(DELIVERIES, DELIVERIES.c.id == STEPS.c.delivery).where(going_on)
        with self._database.read() as connection:
            gates = read_gates(connection, ways, self._clock.now())
            moments = [_moment(row, gates.opens_at(row.channel)) for row in connection.execute(query)]
        return min((moment for moment in moments if moment < NEVER), default=None)

    def moving(self) -> bool:
        """Tell whether a step goes on by itself; False where all that is left waits for a post, a person or a rule."""
        return self.next_moment() is not None

    def reach(self, delivery: int, links: Iterable[Link]) -> Reach:
        """Return whether a delivery and the posts that its comment leads to are public, and under which addresses."""
        with self._database.read() as connection:
            return reach_in(connection, delivery, links)

    def _list(self, *where: Any) -> tuple[AfterStep, ...]:
        with self._database.read() as connection:
            rows = connection.execute(step_query().where(*where).order_by(STEPS.c.id))
            return tuple(as_step(row) for row in rows)


_OF_DELIVERIES = step_query().where(STEPS.c.delivery.in_(bindparam("those", expanding=True))).order_by(STEPS.c.id)


def due_steps(now: datetime, shut: Collection[str] = ()) -> Any:
    """Return the condition of steps that nobody has in hand and whose moment has come; looking passes a gate that is shut."""
    free = or_(STEPS.c.lease_until.is_(None), STEPS.c.lease_until < now)
    due = and_(STEPS.c.state.in_([state.value for state in WORK]), STEPS.c.next_at <= now, free)
    return and_(due, or_(STEPS.c.state == StepState.UNKNOWN.value, DELIVERIES.c.channel.not_in(tuple(shut)))) if shut else due


def reach_in(connection: Connection, delivery: int, links: Iterable[Link]) -> Reach:
    """Return how far a step can go as things stand in this transaction."""
    own = as_delivery(connection.execute(select(DELIVERIES).where(DELIVERIES.c.id == delivery)).one())
    if own.state not in PUBLIC:
        return Reach(addresses={}, waits="chờ bài của nó được xử lý: bài đang giữ hoặc khác bản đã duyệt")
    found, moments = dict[str, str](), [own.published_at] if own.published_at else []
    for link in links:
        copies = _copies(connection, link.post)
        live = [copy for copy in copies if copy.state in PUBLIC]
        address = next((copy.receipt.url for copy in reversed(live) if copy.receipt and copy.receipt.url), None)
        if address is None:
            return _without_address(link, copies, live)
        found[link.channel] = address
        moments += [copy.published_at for copy in live if copy.published_at]
    return Reach(addresses=found, since=max(moments, default=None))


def _without_address(link: Link, copies: tuple[Delivery, ...], live: list[Delivery]) -> Reach:
    """Return why the address of a linked post is not known, and whether it ever will be."""
    if copies and all(copy.state in GIVEN_UP for copy in copies):
        why = f"bài trên {link.channel} đã bỏ hoặc đã rút, không có địa chỉ để dẫn tới"
        return Reach(addresses={}, given_up=why)
    if any(copy.state is State.VERIFIED for copy in live):
        return Reach(addresses={}, given_up=f"bài trên {link.channel} không có địa chỉ công khai để dẫn tới")
    return Reach(addresses={}, waits=f"chờ bài trên {link.channel} lên kênh để có địa chỉ")


def _copies(connection: Connection, post_key: str) -> tuple[Delivery, ...]:
    """Return the deliveries of a post, and of the copies that took its place, oldest first."""
    family = or_(DELIVERIES.c.post_key == post_key, DELIVERIES.c.post_key.startswith(f"{post_key}.r", autoescape=True))
    rows = connection.execute(select(DELIVERIES).where(family).order_by(DELIVERIES.c.id))
    return tuple(each for each in map(as_delivery, rows) if split_key(each.post_key)[0] == post_key)


def _has_work(connection: Connection, now: datetime) -> bool:
    """Tell, with one look at an index, whether there may be anything to do."""
    query = select(STEPS.c.id).where(STEPS.c.state.in_([state.value for state in WORK]), STEPS.c.next_at <= now)
    return connection.execute(query.limit(1)).first() is not None


def _moment(row: Any, opens_at: datetime | None) -> datetime:
    moment: datetime = row.lease_until or row.next_at
    waits_at_gate = row.state == StepState.WAITING.value and row.lease_until is None and opens_at is not None
    return max(moment, opens_at) if waits_at_gate and opens_at is not None else moment


def _attempt(row: Row[Any]) -> StepAttempt:
    return StepAttempt(id=row.id, number=row.number, started_at=row.started_at, deadline=row.deadline, text=row.text,
                       outcome=row.outcome, detail=row.detail, finished_at=row.finished_at)  # fmt: skip
