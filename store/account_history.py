"""Which account of its platform a channel had when: what was made on one account must never be named to another.

A post's number on one page, portal or chat is some other post's number on the next. Until an account is connected the channel
posts to a stand-in, which is one more account.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from editorial.delivery import Delivery
from store.schema import ATTEMPTS, SETTINGS
from store.statement import Statement

BEFORE = "tài khoản trước (hoặc máy chủ thử)"


@dataclass(frozen=True, kw_only=True)
class KnownAccount:
    """An account as it was connected; `id` is the platform's own, empty where nobody told it. `until` is when another came."""

    id: str = ""
    shown: str = ""  # what told it apart before platforms were asked for its id
    name: str = BEFORE
    until: datetime | None = None

    def is_same(self, other: KnownAccount) -> bool:
        """Tell whether both are one account of the platform."""
        return self.id == other.id if self.id and other.id else bool(self.shown) and self.shown == other.shown


@dataclass(frozen=True, kw_only=True)
class AccountHistory:
    """The accounts of one channel, oldest first; `current` is None where none is connected."""

    past: tuple[KnownAccount, ...] = ()
    current: KnownAccount | None = None

    def after(self, current: KnownAccount | None, now: datetime) -> AccountHistory:
        """Return the history once the channel has another account, or none."""
        ended = self.current or KnownAccount()
        past = (*self.past, KnownAccount(id=ended.id, shown=ended.shown, name=ended.name, until=now))
        return AccountHistory(past=past, current=current)

    def left_behind(self, at: datetime) -> str:
        """Return the name of the account that something of this moment is on; empty where that is the channel's account now."""
        was = self._at(at)
        return "" if was is None or (self.current is not None and was.is_same(self.current)) else was.name

    def number(self, at: datetime) -> int:
        """Return which account something of this moment is on, from 1 as they came; one that comes again keeps its number."""
        was, alike = self._at(at), self.current
        if was is not None:
            return next(number for number, each in enumerate(self.past, start=1) if each is was or each.is_same(was))
        same = (number for number, each in enumerate(self.past, start=1) if alike is not None and each.is_same(alike))
        return next(same, len(self.past) + 1)

    def _at(self, at: datetime) -> KnownAccount | None:
        return next((each for each in self.past if each.until and at <= each.until), None)


def history_name(channel: str) -> str:
    """Return the name of the setting that keeps a channel's history."""
    return f"accounts.{channel}"


def read_history(connection: Connection, channel: str) -> AccountHistory | None:
    """Return a channel's history; None where nothing has changed since it was first kept."""
    found = KEPT_HISTORY.one_or_none(connection, {"named": history_name(channel)})
    if found is None:
        return None
    kept = json.loads(found.value)
    current = _known(kept["current"]) if kept["current"] else None
    return AccountHistory(past=tuple(_known(each) for each in kept["past"]), current=current)


def put_history(connection: Connection, channel: str, history: AccountHistory) -> None:
    """Keep a channel's history in the place of the last one."""
    kept = {"past": [_written(each) for each in history.past], "current": _written(history.current) if history.current else None}
    connection.execute(delete(SETTINGS).filter_by(name=history_name(channel)))
    connection.execute(insert(SETTINGS).values(name=history_name(channel), value=json.dumps(kept, ensure_ascii=False)))


def left_behind(connection: Connection, delivery: Delivery) -> str:
    """Return the name of the account that a post went to, where that is not the channel's any more; else nothing."""
    history = read_history(connection, delivery.channel)
    if history is None or not history.past:
        return ""
    at = _sent_at(connection, delivery)
    return history.left_behind(at) if at is not None else ""


def account_number(connection: Connection, delivery: Delivery, now: datetime) -> int:
    """Return on which of its channel's accounts a post is, or would be now: the same number is the same account."""
    history = read_history(connection, delivery.channel)
    return 1 if history is None else history.number(_sent_at(connection, delivery) or now)


def _sent_at(connection: Connection, delivery: Delivery) -> datetime | None:
    at: datetime | None = _LAST.one(connection, {"of": delivery.id})[0]
    return at or delivery.published_at


# Asked of every post that is read back.
KEPT_HISTORY = Statement(select(SETTINGS.c.value).where(SETTINGS.c.name == bindparam("named")))
_LAST = Statement(select(func.max(ATTEMPTS.c.started_at)).where(ATTEMPTS.c.delivery == bindparam("of")))


def _written(known: KnownAccount) -> Mapping[str, str | None]:
    return {**asdict(known), "until": known.until.isoformat() if known.until else None}


def _known(kept: Mapping[str, str]) -> KnownAccount:
    until = datetime.fromisoformat(kept["until"]) if kept["until"] else None
    return KnownAccount(id=kept["id"], shown=kept["shown"], name=kept["name"], until=until)
