"""The credentials of the office's accounts: encrypted in the database, never logged and never part of a repr."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from editorial.clock import Clock
from editorial.outcome import Unauthorized, Unavailable
from store.database import Database
from store.schema import SECRETS
from store.statement import Statement
from store.vault import Unopened, Vault, secret_place

CONNECTION = "connection"  # among an account's secrets, which account it is; no platform has this name
OTHER_BY_NOW = "reconnected"  # the code of a call that was not made because the channel has been connected anew

# Together: a token that is read beside a connection belongs to it.
_VALUE = Statement(
    select(SECRETS.c.name, SECRETS.c.value, SECRETS.c.saved_at)
    .where(SECRETS.c.account == bindparam("of"), SECRETS.c.name.in_((bindparam("named"), bindparam("connection"))))
)  # fmt: skip
_MADE_AT = select(SECRETS.c.saved_at).where(SECRETS.c.account == bindparam("of"), SECRETS.c.name == CONNECTION)
# Who renews an account's credentials at the moment: a row beside them, since no transaction may wait for a platform.
RENEWING = "renewing"
LONGEST_RENEWAL = timedelta(minutes=2)  # longer than any call; whoever has not come back by then is dead
PATIENCE, GLANCE = 20.0, 0.05  # seconds to wait for another's renewal, and between two looks


@dataclass(frozen=True, kw_only=True)
class Bond:
    """The connection that credentials belong to, by when it was made; None where the channel has none, and a stand-in."""

    made_at: datetime | None


class AccountSecrets:
    """The credentials of one account.

    With a bond they are those of that one connection: once there is another, whoever knows only the address and the settings of
    the one before gets none of its credentials, and stores none.
    """

    def __init__(self, database: Database, clock: Clock, vault: Vault, account: str, bond: Bond | None = None) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._account = account
        self._bond = bond

    def get(self, name: str) -> str:
        """Return the secret; raise Unauthorized when the account was never connected, or what was kept does not open here.

        Raise Unavailable when the channel has been connected anew.
        """
        found = self._read(name)
        if found is None:
            raise Unauthorized(f"kênh {self._account} chưa được kết nối; hãy kết nối kênh rồi thử lại", code="not-connected")
        try:
            return self._vault.decrypt(found, *secret_place(self._account, name))
        except Unopened as error:
            raise Unauthorized(f"kênh {self._account}: {error.problems[0].message}", code=error.problems[0].rule) from error

    def find(self, name: str) -> str:
        """Return the secret; empty where there is none. Raise Unopened where what was kept does not open here."""
        found = self._read(name)
        return self._vault.decrypt(found, *secret_place(self._account, name)) if found is not None else ""

    def replace(self, values: Mapping[str, str]) -> None:
        """Store new values together, durably, before this returns; raise Unavailable when the channel has another connection."""
        now = self._clock.now()
        with self._database.write() as connection:
            self._ask_bond(connected_at(connection, self._account))
            for name, value in values.items():
                put_secret(connection, self._vault, self._account, name, value, now)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other thread, process and machine from renewing these while the block runs."""
        mine, end = secrets.token_hex(8), time.monotonic() + PATIENCE
        while not self._take(mine):
            if time.monotonic() > end:
                raise Unavailable(f"kênh {self._account}: chương trình khác đang làm mới mã kết nối; Loa sẽ thử lại", code="busy")
            time.sleep(GLANCE)
        try:
            yield
        finally:
            with self._database.write() as connection:
                connection.execute(delete(SECRETS).filter_by(account=self._account, name=RENEWING, value=mine))

    def _read(self, name: str) -> str | None:
        """Return what is kept, encrypted; None where nothing is."""
        asked = {"of": self._account, "named": name, "connection": CONNECTION}
        rows = {row.name: row for row in self._database.ask(_VALUE, asked)}
        if CONNECTION in rows:  # else it was taken off: whoever asks is told that
            self._ask_bond(rows[CONNECTION].saved_at)
        return str(rows[name].value) if name in rows else None

    def _ask_bond(self, made_at: datetime | None) -> None:
        """Raise Unavailable where the channel's connection, which was made then, is not the one that these belong to."""
        if self._bond is not None and made_at != self._bond.made_at:
            raise Unavailable(f"kênh {self._account} vừa đổi kết nối; Loa sẽ làm tiếp với kết nối mới", code=OTHER_BY_NOW)

    def _take(self, mine: str) -> bool:
        """Put our mark where there is none, or only that of somebody who is dead."""
        now, row = self._clock.now(), {"account": self._account, "name": RENEWING}
        with self._database.write() as connection:
            since: datetime | None = connection.execute(select(SECRETS.c.saved_at).filter_by(**row)).scalar_one_or_none()
            if since is not None and now - since < LONGEST_RENEWAL:
                return False
            connection.execute(delete(SECRETS).filter_by(**row))
            connection.execute(insert(SECRETS).values(**row, value=mine, saved_at=now))
        return True


class SecretTable:
    """Credentials by account."""

    def __init__(self, database: Database, clock: Clock, vault: Vault) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault

    def of(self, account: str, bond: Bond | None = None) -> AccountSecrets:
        """Return the credentials of an account: whichever it has at the moment, or those of one connection."""
        return AccountSecrets(self._database, self._clock, self._vault, account, bond)


def connected_at(connection: Connection, account: str) -> datetime | None:
    """Return when the channel's connection was made; None where it has none."""
    found: datetime | None = connection.execute(_MADE_AT, {"of": account}).scalar_one_or_none()
    return found


def put_secret(connection: Connection, vault: Vault, account: str, name: str, value: str, now: datetime) -> None:
    """Encrypt a secret in the place of the last one, inside a transaction that is under way."""
    encrypted = vault.encrypt(connection, value, *secret_place(account, name))
    connection.execute(delete(SECRETS).filter_by(account=account, name=name))
    connection.execute(insert(SECRETS).values(account=account, name=name, value=encrypted, saved_at=now))
