"""When the next commit call may begin: on an account and on an app, as often as the platform allows; on a provider, unless it is
in trouble.

A gate is a row for each account, each app and each provider that ever made anybody wait. It is asked, and the call is counted, in
the transaction of the intent: so any number of workers on any number of machines keep one pace together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from editorial.delivery import Delivery
from editorial.rate import Rate
from store.moment import Moment
from store.schema import GATES
from store.statement import Statement

TROUBLE = 5  # calls of a window without an answer, and at least half of all: the provider is in trouble
WINDOW = timedelta(seconds=60)
FIRST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=5)  # twice as long after each call that fails again


class Answer(Enum):
    """What a call says about the provider, whatever became of the post."""

    GIVEN = "given"  # it answered: yes, no or not now
    NONE = "none"  # a server error, silence, or nobody there
    NOT_ASKED = "not_asked"  # the worker died, slept or changed its mind: that says nothing


@dataclass(frozen=True, kw_only=True)
class Way:
    """Whose gates a channel's calls pass beside their own account's, and at what pace they follow one another.

    `app` is what its platform knows the app, bot or project by whose allowance the account shares with others.
    """

    provider: str
    rate: Rate | None = None
    app: str | None = None
    app_rate: Rate | None = None


@dataclass(frozen=True, kw_only=True)
class Ways:
    """The ways of the channels; one that nobody has said anything about is a provider of its own, without a pace."""

    by_channel: Mapping[str, Way] = field(default_factory=dict)

    def of(self, channel: str) -> Way:
        """Return the way of a channel."""
        return self.by_channel.get(channel) or Way(provider=channel)

    def gates(self, channel: str) -> tuple[str, ...]:
        """Return the names of a channel's gates: its account's, its app's where it has one, and its provider's."""
        return (*self.rates(channel), provider_gate(self.of(channel).provider))

    def rates(self, channel: str) -> dict[str, Rate | None]:
        """Return the gates that count a channel's calls, each with its pace: its account's, and its app's where it has one."""
        way = self.of(channel)
        return {account_gate(channel): way.rate, **({app_gate(way): way.app_rate} if way.app is not None else {})}

    def sharing(self, channel: str) -> tuple[str, ...]:
        """Return the channels that share the channel's app, and it first; it alone where it has none."""
        way = self.of(channel)
        others = (each for each, other in self.by_channel.items() if way.app is not None and app_gate(other) == app_gate(way))
        return (channel, *sorted(set(others) - {channel}))


FREE = Ways()
ACCOUNT, APP, PROVIDER = "account:", "app:", "provider:"


def account_gate(channel: str) -> str:
    """Return the name of an account's gate."""
    return ACCOUNT + channel


def app_gate(way: Way) -> str:
    """Return the name of the gate of an app on its platform."""
    return f"{APP}{way.provider}:{way.app or ''}"


def provider_gate(provider: str) -> str:
    """Return the name of a provider's gate."""
    return PROVIDER + provider


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One gate as it stands."""

    name: str
    opens_at: datetime  # no call begins before it
    paced_to: datetime  # the steady pace is used up to here
    failures: int  # calls without an answer in the window that began at `since`
    answers: int  # all calls of that window
    since: datetime
    trips: int  # rests in a row; while it is not 0 the gate lets one delivery through at a time
    probe: int | None  # the delivery that was let through to see whether the provider answers again


@dataclass(frozen=True, kw_only=True)
class Gates:
    """All gates at one moment, as the channels see them."""

    ways: Ways
    by_name: Mapping[str, Gate]
    now: datetime

    def opens_at(self, channel: str) -> datetime | None:
        """Return the last moment at which a gate of the channel opens or opened; None where it never had one."""
        names = self.ways.gates(channel)
        return max((self.by_name[name].opens_at for name in names if name in self.by_name), default=None)

    def is_shut(self, channel: str) -> bool:
        """Tell whether the channel's calls have to wait."""
        opens_at = self.opens_at(channel)
        return opens_at is not None and opens_at > self.now

    def shut(self) -> tuple[str, ...]:
        """Return the channels that have to wait.

        An account's gate is its channel's alone, and of hundreds of accounts some are always shut for a moment; only where an
        app's or a provider's is shut, every channel is looked at.
        """
        closed = [name for name, gate in self.by_name.items() if gate.opens_at > self.now]
        if all(name.startswith(ACCOUNT) for name in closed):
            return tuple(sorted(name.removeprefix(ACCOUNT) for name in closed))
        known = {*self.ways.by_channel, *(name.partition(":")[2] for name in self.by_name)}
        return tuple(sorted(channel for channel in known if self.is_shut(channel)))

    def asks_one(self, channel: str) -> bool:
        """Tell whether the channel's provider was in trouble, and lets one delivery through to ask whether that is over."""
        gate = self.by_name.get(provider_gate(self.ways.of(channel).provider))
        return gate is not None and gate.trips > 0


def read_gates(connection: Connection, ways: Ways, now: datetime) -> Gates:
    """Return all gates as they are in this transaction."""
    found = (_gate(row) for row in _ALL.all(connection))
    return Gates(ways=ways, by_name={gate.name: gate for gate in found}, now=now)


def read_shut_gates(connection: Connection, ways: Ways, now: datetime) -> Gates:
    """Return the gates that may keep somebody waiting: an office of hundreds of accounts has hundreds that do not."""
    found = (_gate(row) for row in _MAY_WAIT.all(connection, {"now": now}))
    return Gates(ways=ways, by_name={gate.name: gate for gate in found}, now=now)


def let_one_through(connection: Connection, ways: Ways, delivery: Delivery, now: datetime, until: datetime) -> bool:
    """Keep everybody but this delivery waiting until it is known how it fared; False where another one was faster."""
    name = provider_gate(ways.of(delivery.channel).provider)
    free = update(GATES).where(GATES.c.name == name, GATES.c.trips > 0, GATES.c.opens_at <= now)
    return connection.execute(free.values(probe=delivery.id, opens_at=until)).rowcount == 1


def pass_through(connection: Connection, ways: Ways, delivery: Delivery, now: datetime, until: datetime) -> datetime | None:
    """Count one call and return None; return when the gate opens where it is shut, with nothing counted.

    `until` is when the call is over one way or the other: so long a provider that was in trouble is asked by nobody else.
    """
    paces = {name: rate for name, rate in ways.rates(delivery.channel).items() if rate is not None}
    provider = provider_gate(ways.of(delivery.channel).provider)
    _make(connection, paces, now)  # before any is locked: what waits for another's first call must not keep others waiting
    gates = {gate.name: gate for gate in _locked(connection, ways.gates(delivery.channel))}
    waits = [gate.opens_at for gate in gates.values() if gate.opens_at > now and gate.probe != delivery.id]
    if waits:
        return max(waits)
    for name, rate in paces.items():
        _count(connection, gates[name], rate, now)
    if provider in gates and gates[provider].trips:
        _set(connection, provider, opens_at=until, probe=delivery.id)
    return None


def note_answer(connection: Connection, ways: Ways, delivery: Delivery, answer: Answer, now: datetime) -> None:
    """Remember what a call says of its provider; one in trouble rests, then one delivery at a time asks whether it is over."""
    if answer is Answer.NOT_ASKED:
        return
    name = provider_gate(ways.of(delivery.channel).provider)
    gate = next(iter(_locked(connection, (name,))), None)
    if answer is Answer.NONE:
        _note_trouble(connection, gate or _made(connection, name, now), delivery, now)
    elif gate is not None and gate.trips:
        if gate.probe == delivery.id:
            _set(connection, name, opens_at=now, trips=0, probe=None, failures=0, answers=0, since=now)
    elif gate is not None and gate.failures:
        _set(connection, name, answers=gate.answers + 1)


def whose_gate(ways: Ways, channel: str, *, of_app: bool) -> str:
    """Return the gate that an answer shuts: the account's, or its app's where it has one."""
    way = ways.of(channel)
    return app_gate(way) if of_app and way.app is not None else account_gate(channel)


def shut(connection: Connection, name: str, until: datetime, now: datetime) -> None:
    """Let no call pass an account's or an app's gate before a moment: its platform says so. A later one that is known stays.

    Where a transaction also notes an answer, this comes first: gates are locked in the order of their names.
    """
    gate = next(iter(_locked(connection, (name,))), None) or _made(connection, name, now)
    _set(connection, name, opens_at=max(gate.opens_at, until))


def open_account(connection: Connection, channel: str) -> None:
    """Forget the waits and the pace of a channel's account: another one has come in its place."""
    connection.execute(delete(GATES).where(GATES.c.name == account_gate(channel)))


def forget_gates(connection: Connection) -> None:
    """Forget every wait, pace and rest: they are of a clock that is not gone by any more."""
    connection.execute(delete(GATES))


def _count(connection: Connection, gate: Gate, rate: Rate, now: datetime) -> None:
    paced_to = max(gate.paced_to, now) + rate.interval
    _set(connection, gate.name, paced_to=paced_to, opens_at=max(gate.opens_at, paced_to - rate.slack))


def _note_trouble(connection: Connection, gate: Gate, delivery: Delivery, now: datetime) -> None:
    fresh = now - gate.since > WINDOW
    failures, answers = (1, 1) if fresh else (gate.failures + 1, gate.answers + 1)
    if gate.trips:
        # Another call was under way when the rest began: it says nothing that is not known.
        if gate.probe == delivery.id:
            _rest(connection, gate, now)
    elif failures >= TROUBLE and 2 * failures >= answers:
        _rest(connection, gate, now)
    else:
        _set(connection, gate.name, failures=failures, answers=answers, since=now if fresh else gate.since)


def _rest(connection: Connection, gate: Gate, now: datetime) -> None:
    rest = min(FIRST_REST * 2.0**gate.trips, LONGEST_REST)
    _set(connection, gate.name, opens_at=now + rest, trips=gate.trips + 1, probe=None, failures=0, answers=0, since=now)


def _locked(connection: Connection, names: Iterable[str]) -> tuple[Gate, ...]:
    """Return the gates that exist of one to three, each locked until the transaction is over, always in the same order."""
    return tuple(_gate(row) for row in _LOCKED.all(connection, _three(names)))


def _three(names: Iterable[str]) -> dict[str, str]:
    """Return one to three names as a statement is given them."""
    named = tuple(names)
    return dict(zip(_NAMES, (*named, *named[-1:] * len(_NAMES)), strict=False))


def _made(connection: Connection, name: str, now: datetime) -> Gate:
    """Return the gate, made open where there is none; of two that make it at once the later one waits for the other."""
    _make(connection, (name,), now)
    (gate,) = _locked(connection, (name,))
    return gate


def _make(connection: Connection, names: Collection[str], now: datetime) -> None:
    """Make those of the gates that there are not, open, always in the same order."""
    missing = {*names} - {row.name for row in _KNOWN.all(connection, _three(names))} if names else set[str]()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    for name in sorted(missing):
        row = {"name": name, "opens_at": now, "paced_to": now, "since": now, "failures": 0, "answers": 0, "trips": 0}
        connection.execute(dialect.insert(GATES).values(**row).on_conflict_do_nothing())


def _set(connection: Connection, name: str, **values: object) -> None:
    _CHANGE.count(connection, {**values, "known": name})


def _gate(row: Any) -> Gate:
    return Gate(name=row.name, opens_at=row.opens_at, paced_to=row.paced_to, failures=row.failures, answers=row.answers,
                since=row.since, trips=row.trips, probe=row.probe)  # fmt: skip


# Made once: to build a statement takes longer than to run it.
_ALL = Statement(select(GATES))
_NAMES = ("one", "other", "third")  # an account's, its app's and its provider's
_AMONG = GATES.c.name.in_([bindparam(name) for name in _NAMES])
_KNOWN = Statement(select(GATES.c.name).where(_AMONG))
_LOCKED = Statement(select(GATES).where(_AMONG).order_by(GATES.c.name).with_for_update())
_MAY_WAIT = Statement(select(GATES).where(or_(GATES.c.opens_at > bindparam("now", type_=Moment()), GATES.c.trips > 0)))
_CHANGE = Statement(update(GATES).where(GATES.c.name == bindparam("known")))
