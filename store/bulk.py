"""Many rows at once into an empty database, past every rule of the ledger: only for offices that are made up to be measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Integer, create_engine, event, text, update
from sqlalchemy.engine import make_url

from store.database import postgresql_engine
from store.schema import AUDIT_HEAD, METADATA

AT_ONCE = 5000  # rows


class Bulk:
    """Put rows into tables that are there already; nothing is checked but what the tables themselves check."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self._is_sqlite = address.get_backend_name() == "sqlite"
        self._engine = create_engine(address) if self._is_sqlite else postgresql_engine(address)
        if self._is_sqlite:
            event.listen(self._engine, "connect", _hurried)

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Put rows into a table; return how many."""
        known = METADATA.tables[table].c
        processes = [known[name].type.dialect_impl(self._engine.dialect).bind_processor(self._engine.dialect) for name in columns]
        kept = ([keep(value) if keep else value for keep, value in zip(processes, row, strict=True)] for row in rows)
        with self._engine.begin() as connection:
            driver: Any = connection.connection.driver_connection
            return self._many(driver, table, columns, kept) if self._is_sqlite else _copied(driver, table, columns, kept)

    def _many(self, driver: Any, table: str, columns: Sequence[str], rows: Iterable[list[Any]]) -> int:
        names, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        count, left = 0, iter(rows)
        while some := list(islice(left, AT_ONCE)):
            driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", some)
            count += len(some)
        return count

    def end_log(self, number: int, sha256: str) -> None:
        """Say how long the audit log is, and what its newest row's digest is: its guard lets nobody move it on but by one."""
        guards = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_head'"
        with self._engine.begin() as connection:
            known = connection.execute(text(guards)).all() if self._is_sqlite else []
            away = [f"DROP TRIGGER {name}" for name, _ in known] or ["ALTER TABLE audit_head DISABLE TRIGGER USER"]
            back = [sql for _, sql in known] or ["ALTER TABLE audit_head ENABLE TRIGGER USER"]
            for statement in away:
                connection.exec_driver_sql(statement)
            connection.execute(update(AUDIT_HEAD).values(number=number, sha256=sha256))
            for statement in back:
                connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Let the database know what it has: numbers go on behind those that were given, plans know the tables' sizes."""
        with self._engine.begin() as connection:
            if not self._is_sqlite:
                for table in METADATA.sorted_tables:
                    if "id" in table.c and isinstance(table.c.id.type, Integer) and table.name != "audit_head":
                        own = f"pg_get_serial_sequence('{table.name}', 'id')"
                        whole = f"SELECT max(id) AS newest FROM {table.name}"
                        connection.execute(text(f"SELECT setval({own}, newest) FROM ({whole}) rows WHERE newest IS NOT NULL"))
                connection.execute(text("VACUUM (ANALYZE)"))
        self._engine.dispose()


def _hurried(connection: Any, _record: object) -> None:
    for pragma in ("synchronous = OFF", "journal_mode = WAL", "cache_size = -200000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _copied(driver: Any, table: str, columns: Sequence[str], rows: Iterable[list[Any]]) -> int:
    names, count = ", ".join(f'"{name}"' for name in columns), 0
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)
            count += 1
    return count
