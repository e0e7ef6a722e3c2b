"""Bring a database to the shape that this version of Loa needs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from editorial.problem import BadInput, Problem
from store.database import Database
from store.errors import Away
from store.sealing import begin_sealing
from store.trouble import AWAY, CROWDED, trouble

FOLDER = Path(__file__).with_name("migrations")
KNOWN = "alembic_version"  # Alembic's table of the revision that a database has


def migrate(database: Database, now: datetime) -> None:
    """Make or upgrade the tables in one transaction; two processes that start together take turns.

    What an older version kept is written in the audit log as it stands `now`.

    Raise BadInput when the database is not one that this version can use, Away when its server does not answer now.
    """
    try:
        with database.read() as connection:
            if _revision(connection) == newest():
                return  # as nearly always: Alembic, which reads every revision there ever was, is not even loaded
    except DatabaseError as error:
        raise _not_to_be_used(database, error) from error
    from alembic.util.exc import CommandError

    try:
        _upgrade(database, now)
    except CommandError as error:
        raise BadInput(_unusable(database, "do bản Loa mới hơn ghi; hãy cập nhật Loa trên máy này")) from error
    except DatabaseError as error:
        raise _not_to_be_used(database, error) from error


def newest() -> str:
    """Return the revision of this version of Loa: its file begins with it, `v0024_calls_of_webhooks.py`."""
    return max(path.name for path in (FOLDER / "versions").glob("v*.py")).partition("_")[0]


def _not_to_be_used(database: Database, error: DatabaseError) -> Away | BadInput:
    why = _why(error)
    return Away(why) if why in (AWAY, CROWDED) else BadInput(_unusable(database, why))


def _why(error: DatabaseError) -> str:
    """Return what is wrong with the database; raise the error again when it is a fault of ours."""
    found = trouble(error)
    if found is None:
        raise error
    return found


def _unusable(database: Database, why: str) -> Problem:
    return Problem(rule="unusable-database", message=f"sổ “{database.name}” {why}")


def _upgrade(database: Database, now: datetime) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        begin_sealing(connection, now)


def _revision(connection: Connection) -> str | None:
    """Return the revision that a database has; None for one without tables, and for several, of which Alembic says more."""
    if not inspect(connection).has_table(KNOWN):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {KNOWN}")).scalars().all()
    return found[0] if len(found) == 1 else None
