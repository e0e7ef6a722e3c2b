"""Small things an office sets once, by name."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from store.database import Database
from store.schema import SETTINGS


class SettingTable:
    """Texts by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str, default: str = "") -> str:
        """Return a setting, or the default when it was never set."""
        with self._database.read() as connection:
            value = connection.execute(select(SETTINGS.c.value).filter_by(name=name)).scalar_one_or_none()
        return default if value is None else value

    def set(self, name: str, value: str) -> None:
        """Keep a setting."""
        with self._database.write() as connection:
            connection.execute(delete(SETTINGS).filter_by(name=name))
            connection.execute(insert(SETTINGS).values(name=name, value=value))
