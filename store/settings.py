"""Small things an office sets once, by name."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, insert, select

from store.database import Database
from store.schema import SETTINGS
from store.secrets import Bond, connected_at
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

    def of(self, account: str, bond: Bond | None = None) -> AccountNotes:
        """Return what the adapter of an account remembers; with a bond, of that one connection."""
        return AccountNotes(self, notes_prefix(account), self._database, (account, bond) if bond is not None else None)

    def shared(self, app: str) -> AccountNotes:
        """Return what the adapters of all accounts that share an app remember of it."""
        return AccountNotes(self, f"app.{app}.", self._database)


def notes_prefix(account: str) -> str:
    """Return how the names of the settings begin that are an account's notes."""
    return f"channel.{account}."


class AccountNotes:
    """Texts and counts of one account, or of what several share.

    With a bond nothing is noted any more once the channel has another connection: the newest number of one chat is none of
    the next one's.
    """

    def __init__(self, table: SettingTable, prefix: str, database: Database, bond: tuple[str, Bond] | None = None) -> None:
        self._table = table
        self._prefix = prefix
        self._database = database
        self._bond = bond

    def get(self, name: str) -> str:
        """Return a note; empty when there is none."""
        return self._table.get(self._prefix + name)

    def put(self, name: str, value: str) -> None:
        """Keep a note in the place of the last one."""
        with self._database.write() as connection:
            self._keep(connection, self._prefix + name, value)

    def add(self, name: str, amount: int) -> int:
        """Add to a count and return it; a write runs alone, so no addition is lost."""
        row = {"name": self._prefix + name}
        with self._database.write() as connection:
            known = connection.execute(select(SETTINGS.c.value).filter_by(**row)).scalar_one_or_none()
            count = int(known or 0) + amount
            self._keep(connection, row["name"], str(count))
        return count

    def _keep(self, connection: Connection, name: str, value: str) -> None:
        if self._bond is None or connected_at(connection, self._bond[0]) == self._bond[1].made_at:
            connection.execute(delete(SETTINGS).filter_by(name=name))
            connection.execute(insert(SETTINGS).values(name=name, value=value))
