"""Which account each channel posts to. Where it answers is encrypted as its credentials are: nobody can send them elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import Connection as Transaction
from sqlalchemy import delete, insert, select

from editorial.clock import Clock
from editorial.delivery import Delivery, HoldReason
from store.account_change import ask_nothing_under_way, leave_behind
from store.account_history import (
    KEPT_HISTORY,
    AccountHistory,
    KnownAccount,
    history_name,
    left_behind,
    put_history,
    read_history,
)
from store.audit import Deed, note
from store.database import Database
from store.halts import channel_scope, lift, standing
from store.schema import SECRETS, SETTINGS
from store.secrets import CONNECTION, Bond, put_secret
from store.settings import notes_prefix
from store.vault import Unopened, Vault, secret_place

BEGUN = "connecting"  # a name among an account's secrets, which no platform uses
VERSION = "connections"  # the setting that is another one after each change
LONGEST = timedelta(minutes=10)  # between going to the platform and coming back


@dataclass(frozen=True, kw_only=True)
class Connection:
    """The account to which a channel posts: where it answers, its settings, and how its platform knows it."""

    base_url: str
    settings: Mapping[str, str] = field(repr=False)
    name: str
    url: str | None = None
    lacks: tuple[str, ...] = ()  # rights that it lacked when it was connected
    by: str = ""
    at: datetime | None = None
    account: str = ""  # the platform's own id of it; empty where nobody could tell

    @property
    def known(self) -> KnownAccount:
        """Return what tells this account apart from others."""
        return KnownAccount(id=self.account, shown=f"{self.base_url} {self.url or self.name}", name=self.name)

    @property
    def bond(self) -> Bond:
        """Return what ties credentials to this connection."""
        return Bond(made_at=self.at)


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A connection that somebody has begun and that waits for the platform's answer: what they typed, and whose errand it is."""

    by: str
    word: str = field(repr=False)  # the digest of what ties the answer to the browser
    values: Mapping[str, str] = field(repr=False)
    at: datetime | None = None


class ConnectionTable:
    """Connections by channel."""

    def __init__(self, database: Database, clock: Clock, vault: Vault) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault

    def of(self, channel: str) -> Connection | None:
        """Return a channel's connection; None where it has none. Raise Unopened where this machine has not the key."""
        text = self._read(channel, CONNECTION)
        return _connection(text) if text else None

    def all(self) -> Mapping[str, Connection]:
        """Return every connection by channel; raise Unopened where this machine has not the key."""
        query = select(SECRETS.c.account, SECRETS.c.value).where(SECRETS.c.name == CONNECTION).order_by(SECRETS.c.account)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return {row.account: _connection(self._vault.decrypt(row.value, *secret_place(row.account, CONNECTION))) for row in rows}

    def channels(self) -> frozenset[str]:
        """Return which channels are connected; no key is needed for that."""
        with self._database.read() as connection:
            return frozenset(connection.execute(select(SECRETS.c.account).where(SECRETS.c.name == CONNECTION)).scalars())

    def version(self) -> str:
        """Return what is another text after each change; empty where nothing was ever connected."""
        with self._database.read() as connection:
            found: str | None = connection.execute(select(SETTINGS.c.value).filter_by(name=VERSION)).scalar_one_or_none()
        return found or ""

    def connect(
        self, channel: str, made: Connection, *, secrets: Mapping[str, str], notes: Mapping[str, str], who: str
    ) -> None:  # fmt: skip
        """Let a channel post to this account from now on, and to no other; a pause for want of credentials ends with it.

        What was known of the account before, its credentials and notes, is forgotten. Where it was another one, nothing that was
        made on it is used any more, and a person is asked about what may be public there; raises BadInput while a post is being
        sent to it.
        """
        now = self._clock.now()
        kept = replace(made, by=who, at=now)
        with self._database.write() as connection:
            self._follow_another(connection, channel, made.known, who, now)
            _forget(connection, channel)
            for name, value in {**secrets, CONNECTION: _written(kept)}.items():
                put_secret(connection, self._vault, channel, name, value, now)
            for name, value in notes.items():
                connection.execute(insert(SETTINGS).values(name=notes_prefix(channel) + name, value=value))
            self._changed(connection)
            note(connection, Deed(who=who, action="connect", subject=channel_scope(channel), detail=made.name, at=now))
            for halt in standing(connection, now):
                if halt.scope == channel_scope(channel) and halt.reason is HoldReason.AUTH:
                    lift(connection, halt.scope, who=who, now=now, why=halt.why)

    def disconnect(self, channel: str, *, who: str) -> bool:
        """Forget an account with all its credentials; False where there was none."""
        now = self._clock.now()
        with self._database.write() as connection:
            known = connection.execute(select(SECRETS.c.name).filter_by(account=channel, name=CONNECTION)).first()
            if known is not None:
                put_history(connection, channel, self._history(connection, channel).after(None, now))
            _forget(connection, channel)
            if known is not None:
                self._changed(connection)
                note(connection, Deed(who=who, action="disconnect", subject=channel_scope(channel), detail="", at=now))
        self._database.let_go_of_history()
        return known is not None

    def left_behind(self, delivery: Delivery) -> str:
        """Return the name of the account that a post went to, where the channel has another one now; else nothing."""
        if not self._database.ask(KEPT_HISTORY, {"named": history_name(delivery.channel)}):  # as nearly always, in one trip
            return ""
        with self._database.read() as connection:
            return left_behind(connection, delivery)

    def _follow_another(self, connection: Transaction, channel: str, new: KnownAccount, who: str, now: datetime) -> None:
        """Keep which account the channel has from now on; leave behind what was made on another one."""
        history = self._history(connection, channel)
        if history.current is not None and history.current.is_same(new):
            put_history(connection, channel, replace(history, current=new))
            return
        ask_nothing_under_way(connection, channel)
        last = next((each for each in (history.current, *reversed(history.past)) if each and each.shown), KnownAccount())
        if not last.is_same(new):  # else it was taken off for a while, and nothing was made elsewhere that is still in hand
            leave_behind(connection, channel, last.name, who=who, now=now)
        put_history(connection, channel, history.after(new, now))

    def _history(self, connection: Transaction, channel: str) -> AccountHistory:
        """Return the channel's accounts; of one that was connected before this was kept, by its connection."""
        if (history := read_history(connection, channel)) is not None:
            return history
        query = select(SECRETS.c.value).filter_by(account=channel, name=CONNECTION)
        found: str | None = connection.execute(query).scalar_one_or_none()
        try:
            known = _connection(self._vault.decrypt(found, *secret_place(channel, CONNECTION))).known if found else None
        except Unopened:  # its key is lost: whatever it was, it is not known to be the next one
            known = KnownAccount()
        return AccountHistory(current=known)

    def begin(self, channel: str, begun: Begun) -> None:
        """Keep what somebody typed until the platform answers; what was begun before for the channel is void."""
        now = self._clock.now()
        kept = {"by": begun.by, "word": begun.word, "values": dict(begun.values), "at": now.isoformat()}
        with self._database.write() as connection:
            put_secret(connection, self._vault, channel, BEGUN, json.dumps(kept), now)

    def begun(self, channel: str) -> Begun | None:
        """Return what was begun; None where nothing was, or too long ago."""
        text = self._read(channel, BEGUN)
        if not text:
            return None
        kept = json.loads(text)
        begun = Begun(by=kept["by"], word=kept["word"], values=kept["values"], at=datetime.fromisoformat(kept["at"]))
        return begun if begun.at is not None and self._clock.now() - begun.at < LONGEST else None

    def end(self, channel: str) -> None:
        """Forget what was begun: an answer works once."""
        with self._database.write() as connection:
            connection.execute(delete(SECRETS).filter_by(account=channel, name=BEGUN))

    def _read(self, channel: str, name: str) -> str:
        with self._database.read() as connection:
            query = select(SECRETS.c.value).filter_by(account=channel, name=name)
            found: str | None = connection.execute(query).scalar_one_or_none()
        return self._vault.decrypt(found or "", *secret_place(channel, name))

    def _changed(self, connection: Transaction) -> None:
        connection.execute(delete(SETTINGS).filter_by(name=VERSION))
        connection.execute(insert(SETTINGS).values(name=VERSION, value=token_hex(8)))


def _forget(connection: Transaction, channel: str) -> None:
    connection.execute(delete(SECRETS).filter_by(account=channel))
    connection.execute(delete(SETTINGS).where(SETTINGS.c.name.startswith(notes_prefix(channel), autoescape=True)))


def _written(made: Connection) -> str:
    return json.dumps({**asdict(made), "at": made.at.isoformat() if made.at else None})


def _connection(text: str) -> Connection:
    kept = json.loads(text)
    at = datetime.fromisoformat(kept["at"]) if kept["at"] else None
    return Connection(**{**kept, "lacks": tuple(kept["lacks"]), "at": at})
