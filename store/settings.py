"""Small things an office sets once, by name."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, insert, select

from store.database import Database
from store.schema import SETTINGS
from store.statement import Statement

_VALUE = Statement(select(SETTINGS.c.value).where(SETTINGS.c.name == bindparam("named")))


class SettingTable:
    """Texts by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str, default: str = "") -> str:
        """Return a setting, or the default when it was never set."""
        found = self._database.ask(_VALUE, {"named": name})
        value: str = found[0].value if found else default
        return value

    def set(self, name: str, value: str) -> None:
        """Keep a setting."""
        with self._database.write() as connection:
            connection.execute(delete(SETTINGS).filter_by(name=name))
            connection.execute(insert(SETTINGS).values(name=name, value=value))

    def forget(self, name: str) -> None:
        """Forget a setting."""
        with self._database.write() as connection:
            connection.execute(delete(SETTINGS).filter_by(name=name))

    def starting(self, prefix: str) -> Mapping[str, str]:
        """Return the settings whose names begin with this, by name."""
        query = select(SETTINGS.c.name, SETTINGS.c.value).where(SETTINGS.c.name.startswith(prefix, autoescape=True))
        with self._database.read() as connection:
            return {row.name: row.value for row in connection.execute(query.order_by(SETTINGS.c.name))}

    def of(self, account: str) -> AccountNotes:
        """Return what the adapter of an account remembers."""
        return AccountNotes(self, notes_prefix(account), self._database)

    def shared(self, app: str) -> AccountNotes:
        """Return what the adapters of all accounts that share an app remember of it."""
        return AccountNotes(self, f"app.{app}.", self._database)


def notes_prefix(account: str) -> str:
    """Return how the names of the settings begin that are an account's notes."""
    return f"channel.{account}."


class AccountNotes:
    """Texts and counts of one account, or of what several share."""

    def __init__(self, table: SettingTable, prefix: str, database: Database) -> None:
        self._table = table
        self._prefix = prefix
        self._database = database

    def get(self, name: str) -> str:
        """Return a note; empty when there is none."""
        return self._table.get(self._prefix + name)

    def put(self, name: str, value: str) -> None:
        """Keep a note in the place of the last one."""
        self._table.set(self._prefix + name, value)

    def add(self, name: str, amount: int) -> int:
        """Add to a count and return it; a write runs alone, so no addition is lost."""
        row = {"name": self._prefix + name}
        with self._database.write() as connection:
            known = connection.execute(select(SETTINGS.c.value).filter_by(**row)).scalar_one_or_none()
            count = int(known or 0) + amount
            connection.execute(delete(SETTINGS).filter_by(**row))
            connection.execute(insert(SETTINGS).values(**row, value=str(count)))
        return count
