"""The credentials of the office's accounts. They are never logged and never part of a repr."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, insert, select

from editorial.clock import Clock
from editorial.outcome import Unauthorized
from store.database import Database
from store.schema import SECRETS

_VALUE = select(SECRETS.c.value).where(SECRETS.c.account == bindparam("of"), SECRETS.c.name == bindparam("named"))


class AccountSecrets:
    """The credentials of one account."""

    def __init__(self, database: Database, clock: Clock, account: str) -> None:
        self._database = database
        self._clock = clock
        self._account = account

    def get(self, name: str) -> str:
        """Return the secret; raise Unauthorized when the account was never connected."""
        with self._database.read() as connection:
            value: str | None = connection.execute(_VALUE, {"of": self._account, "named": name}).scalar_one_or_none()
        if value is None:
            raise Unauthorized(f"kênh {self._account} chưa được kết nối; hãy kết nối kênh rồi thử lại", code="not-connected")
        return value

    def replace(self, values: Mapping[str, str]) -> None:
        """Store new values together, durably, before this returns."""
        now = self._clock.now()
        with self._database.write() as connection:
            for name, value in values.items():
                connection.execute(delete(SECRETS).filter_by(account=self._account, name=name))
                connection.execute(insert(SECRETS).values(account=self._account, name=name, value=value, saved_at=now))


class SecretTable:
    """Credentials by account."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(self, account: str) -> AccountSecrets:
        """Return the credentials of an account."""
        return AccountSecrets(self._database, self._clock, account)
