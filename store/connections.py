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
from editorial.delivery import HoldReason
from store.audit import Deed, note
from store.database import Database
from store.halts import channel_scope, lift, standing
from store.schema import SECRETS, SETTINGS
from store.secrets import put_secret
from store.settings import notes_prefix
from store.vault import Vault, secret_place

CONNECTION, BEGUN = "connection", "connecting"  # names among an account's secrets, which no platform uses
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

        What was known of the account before, its credentials and notes, is forgotten.
        """
        now = self._clock.now()
        kept = replace(made, by=who, at=now)
        with self._database.write() as connection:
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
            _forget(connection, channel)
            if known is not None:
                self._changed(connection)
                note(connection, Deed(who=who, action="disconnect", subject=channel_scope(channel), detail="", at=now))
        self._database.let_go_of_history()
        return known is not None

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
