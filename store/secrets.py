"""The credentials of the office's accounts: encrypted in the database, never logged and never part of a repr."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from editorial.clock import Clock
from editorial.outcome import Unauthorized, Unavailable
from store.database import Database
from store.schema import SECRETS
from store.statement import Statement
from store.vault import Unopened, Vault, secret_place

_VALUE = Statement(
    select(SECRETS.c.value).where(SECRETS.c.account == bindparam("of"), SECRETS.c.name == bindparam("named"))
)  # fmt: skip
# Who renews an account's credentials at the moment: a row beside them, since no transaction may wait for a platform.
RENEWING = "renewing"
LONGEST_RENEWAL = timedelta(minutes=2)  # longer than any call; whoever has not come back by then is dead
PATIENCE, GLANCE = 20.0, 0.05  # seconds to wait for another's renewal, and between two looks


class AccountSecrets:
    """The credentials of one account."""

    def __init__(self, database: Database, clock: Clock, vault: Vault, account: str) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._account = account

    def get(self, name: str) -> str:
        """Return the secret; raise Unauthorized when the account was never connected, or what was kept does not open here."""
        found = self._database.ask(_VALUE, {"of": self._account, "named": name})
        if not found:
            raise Unauthorized(f"kênh {self._account} chưa được kết nối; hãy kết nối kênh rồi thử lại", code="not-connected")
        try:
            return self._vault.decrypt(found[0].value, *secret_place(self._account, name))
        except Unopened as error:
            raise Unauthorized(f"kênh {self._account}: {error.problems[0].message}", code=error.problems[0].rule) from error

    def find(self, name: str) -> str:
        """Return the secret; empty where there is none. Raise Unopened where what was kept does not open here."""
        found = self._database.ask(_VALUE, {"of": self._account, "named": name})
        return self._vault.decrypt(found[0].value, *secret_place(self._account, name)) if found else ""

    def replace(self, values: Mapping[str, str]) -> None:
        """Store new values together, durably, before this returns."""
        now = self._clock.now()
        with self._database.write() as connection:
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

    def of(self, account: str) -> AccountSecrets:
        """Return the credentials of an account."""
        return AccountSecrets(self._database, self._clock, self._vault, account)


def put_secret(connection: Connection, vault: Vault, account: str, name: str, value: str, now: datetime) -> None:
    """Encrypt a secret in the place of the last one, inside a transaction that is under way."""
    encrypted = vault.encrypt(connection, value, *secret_place(account, name))
    connection.execute(delete(SECRETS).filter_by(account=account, name=name))
    connection.execute(insert(SECRETS).values(account=account, name=name, value=encrypted, saved_at=now))
