"""Bring a database to the shape that this version of Loa needs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from editorial.problem import BadInput, Problem
from store.database import Database
from store.errors import Away
from store.sealing import begin_sealing
from store.trouble import AWAY, CROWDED, trouble

FOLDER = Path(__file__).with_name("migrations")


def migrate(database: Database, now: datetime) -> None:
    """Make or upgrade the tables in one transaction; two processes that start together take turns.

    What an older version kept is written in the audit log as it stands `now`.

    Raise BadInput when the database is not one that this version can use, Away when its server does not answer now.
    """
    try:
        _upgrade(database, now)
    except CommandError as error:
        raise BadInput(_unusable(database, "do bản Loa mới hơn ghi; hãy cập nhật Loa trên máy này")) from error
    except DatabaseError as error:
        why = _why(error)
        raise (Away(why) if why in (AWAY, CROWDED) else BadInput(_unusable(database, why))) from error


def _why(error: DatabaseError) -> str:
    """Return what is wrong with the database; raise the error again when it is a fault of ours."""
    found = trouble(error)
    if found is None:
        raise error
    return found


def _unusable(database: Database, why: str) -> Problem:
    return Problem(rule="unusable-database", message=f"sổ “{database.name}” {why}")


def _upgrade(database: Database, now: datetime) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    head = ScriptDirectory.from_config(config).get_current_head()
    with database.read() as connection:
        if _revision(connection) == head:
            return
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        begin_sealing(connection, now)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
