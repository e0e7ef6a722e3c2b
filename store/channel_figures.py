"""How each channel fares: when it last published, what waits for it and why, and what last went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select

from editorial.clock import Clock
from editorial.delivery import HoldReason, State
from store.database import Database
from store.gates import FREE, Gate, read_gates
from store.schema import DELIVERIES

ON_THE_WAY = (
    State.SCHEDULED, State.QUEUED, State.CLAIMED, State.PREPARED, State.SENDING, State.FOLLOWING, State.UNKNOWN,
    State.RECONCILING, State.HELD,
)  # fmt: skip
NOT_YET = (State.SCHEDULED.value, State.QUEUED.value)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """The newest delivery of a channel that is held or was refused, as long as it is."""

    delivery: int
    detail: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ChannelFigures:
    """What the deliveries of one channel come to now."""

    published_at: datetime | None = None  # the last time that something of it became public
    next_at: datetime | None = None  # when the next one is planned
    to_come: int = 0  # planned or under way
    held: Mapping[HoldReason, int] = field(default_factory=dict)
    trouble: Trouble | None = None


class ChannelFigureTable:
    """Figures by channel."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(self, channels: Iterable[str]) -> Mapping[str, ChannelFigures]:
        """Return the figures of each of the channels, in as many questions however many deliveries there are."""
        wanted = tuple(dict.fromkeys(channels))
        if not wanted:
            return {}
        with self._database.read() as connection:
            # One look into the index for each channel: a grouped maximum would read all of it.
            newest = (_newest(each).scalar_subquery().label(f"c{number}") for number, each in enumerate(wanted))
            published = dict(zip(wanted, connection.execute(select(*newest)).one(), strict=True))
            columns = (DELIVERIES.c.channel, DELIVERIES.c.state, DELIVERIES.c.hold_reason)
            waiting = select(*columns, func.count().label("many"), func.min(DELIVERIES.c.due_at).label("first"))
            waiting = waiting.where(DELIVERIES.c.state.in_([state.value for state in ON_THE_WAY])).group_by(*columns)
            lines = connection.execute(waiting).all()
            troubles = {each: connection.execute(_trouble(each)).one_or_none() for each in wanted}
        figures: dict[str, ChannelFigures] = {}
        for each in wanted:
            mine = [line for line in lines if line.channel == each]
            to_come = [line for line in mine if line.state != State.HELD.value]
            trouble = troubles[each]
            figures[each] = ChannelFigures(
                published_at=published[each],
                next_at=min((line.first for line in to_come if line.state in NOT_YET), default=None),
                to_come=sum(line.many for line in to_come),
                held={HoldReason(line.hold_reason): line.many for line in mine if line.state == State.HELD.value},
                trouble=trouble and Trouble(delivery=trouble.id, detail=trouble.detail, at=trouble.touched_at),
            )
        return figures

    def due_before(self, channel: str, moment: datetime) -> int:
        """Return how many posts of a channel are planned for before a moment."""
        query = select(func.count()).select_from(DELIVERIES).where(DELIVERIES.c.state.in_(NOT_YET), DELIVERIES.c.due_at < moment)
        with self._database.read() as connection:
            return connection.execute(query.where(DELIVERIES.c.channel == channel)).scalar_one()

    def gates(self) -> Mapping[str, Gate]:
        """Return every gate that was ever made, by name."""
        with self._database.read() as connection:
            return read_gates(connection, FREE, self._clock.now()).by_name


def _newest(channel: str) -> Select[tuple[datetime]]:
    return select(func.max(DELIVERIES.c.published_at)).where(DELIVERIES.c.channel == channel)


def _trouble(channel: str) -> Select[tuple[int, str, datetime]]:
    columns = (DELIVERIES.c.id, DELIVERIES.c.detail, DELIVERIES.c.touched_at)
    stopped = DELIVERIES.c.state.in_([State.HELD.value, State.FAILED.value])
    newest = (DELIVERIES.c.touched_at.desc(), DELIVERIES.c.id.desc())
    return select(*columns).where(stopped, DELIVERIES.c.channel == channel).order_by(*newest).limit(1)
