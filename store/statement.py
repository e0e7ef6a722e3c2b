"""A statement of the hot path: written once, as all others are, and run by the driver itself.

SQLAlchemy takes three times as long to have a small statement run as SQLite takes to run it. It still writes the words, for
either database, and says how each value is kept and read; what it does anew for each run is done here once.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

Made = Select[Any] | Insert | Update | Delete
Process = Callable[[Any], Any]


class Statement:
    """One statement and what it is given, by the names of its parameters and, where it writes, of its columns.

    Rows have their columns as attributes. What the driver raises comes out as SQLAlchemy would raise it.
    """

    def __init__(self, made: Made) -> None:
        self._made = made
        self._written: dict[tuple[str, tuple[str, ...]], _Written] = {}

    def all(self, connection: Connection, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Run it in the connection's transaction, and return every row that it gives."""
        given = values or {}
        written, lent = self._ready(connection, given)
        try:
            return written.rows(lent, given)
        except connection.dialect.loaded_dbapi.Error as error:
            _raise(written.text, connection.dialect, lent, connection.invalidate, error)

    def one(self, connection: Connection, values: Mapping[str, Any] | None = None) -> Any:
        """Run it and return its only row; raise LookupError where there is another number of them."""
        rows = self.all(connection, values)
        if len(rows) != 1:
            raise LookupError(f"{len(rows)} rows instead of one: {self._made}")
        return rows[0]

    def one_or_none(self, connection: Connection, values: Mapping[str, Any] | None = None) -> Any | None:
        """Run it and return its first row, or None where there is none."""
        return next(iter(self.all(connection, values)), None)

    def count(self, connection: Connection, values: Mapping[str, Any] | None = None) -> int:
        """Run what returns no rows; return how many it has written."""
        given = values or {}
        written, lent = self._ready(connection, given)
        try:
            return written.count(lent, given)
        except connection.dialect.loaded_dbapi.Error as error:
            _raise(written.text, connection.dialect, lent, connection.invalidate, error)

    def alone(self, dialect: Dialect, lent: PoolProxiedConnection, values: Mapping[str, Any]) -> list[Any]:
        """Run it outside any transaction, on a connection of the pool that commits by itself."""
        written = self.compiled(dialect, values)
        try:
            return written.rows(lent, values)
        except dialect.loaded_dbapi.Error as error:
            _raise(written.text, dialect, lent, lent.invalidate, error)

    def _ready(self, connection: Connection, values: Mapping[str, Any]) -> tuple[_Written, PoolProxiedConnection]:
        if not connection.in_transaction():  # as SQLAlchemy does with the first statement, so that all see one view
            connection.begin()
        return self.compiled(connection.dialect, values), connection.connection

    def compiled(self, dialect: Dialect, values: Mapping[str, Any]) -> _Written:
        """Return the statement in the words of a database, for values of these names."""
        name = (dialect.name, tuple(values))
        if name not in self._written:
            self._written[name] = _write(self._made, dialect, name[1])
        return self._written[name]


def command(connection: Connection, words: str, **how: Any) -> None:
    """Have the driver run a few fixed words whose answer nobody reads; what it raises comes out as SQLAlchemy would raise it."""
    lent = connection.connection
    driver: Any = lent.driver_connection
    try:
        driver.execute(words, **how)
    except connection.dialect.loaded_dbapi.Error as error:
        _raise(words, connection.dialect, lent, connection.invalidate, error)


@dataclass(frozen=True, kw_only=True)
class _Written:
    """A statement in the words of one database."""

    text: str
    given: tuple[tuple[str, Process | None], ...]  # each parameter that is given a value, and how that is kept
    constants: Mapping[str, Any]
    order: tuple[str, ...] | None  # of the parameters, where they have no names
    row: Callable[[Sequence[Any]], Any]
    read: tuple[tuple[int, Process], ...]  # the columns that are not kept as they are read

    def rows(self, lent: PoolProxiedConnection, values: Mapping[str, Any]) -> list[Any]:
        found = self._run(lent, values).fetchall()
        if not self.read:
            return [self.row(each) for each in found]
        return [self.row(self._as_read(each)) for each in found]

    def count(self, lent: PoolProxiedConnection, values: Mapping[str, Any]) -> int:
        count: int = self._run(lent, values).rowcount
        return count

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return what the driver is given: in order, or by name."""
        kept = {name: values[name] if keep is None else keep(values[name]) for name, keep in self.given}
        named = {**self.constants, **kept} if self.constants else kept
        return named if self.order is None else [named[name] for name in self.order]

    def _run(self, lent: PoolProxiedConnection, values: Mapping[str, Any]) -> Any:
        driver: Any = lent.driver_connection
        return driver.execute(self.text, self.parameters(values))

    def _as_read(self, found: Sequence[Any]) -> list[Any]:
        values = list(found)
        for place, read in self.read:
            values[place] = read(values[place])
        return values


def _write(made: Made, dialect: Dialect, names: tuple[str, ...]) -> _Written:
    compiled: Any = made.compile(dialect=dialect, column_keys=None if isinstance(made, Select) else list(names))
    if not isinstance(made, Select) and (compiled.insert_prefetch or compiled.update_prefetch):
        raise TypeError(f"a value for each column that has a default is wanted: {made}")
    # A list that the statement itself names is written out; what is missing raises.
    whole = compiled.construct_expanded_state(dict.fromkeys(names))
    keep = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    keep.update(whole.processors)
    constants = {name: value for name, value in whole.parameters.items() if name not in names}
    columns = made.column_descriptions if isinstance(made, Select) else made.returning_column_descriptions
    read = [each["type"].dialect_impl(dialect).result_processor(dialect, None) for each in columns]
    row: Any = namedtuple("row", [each["name"] or "_" for each in columns], rename=True)  # type: ignore[misc]
    return _Written(
        text=whole.statement,
        given=tuple((name, keep.get(name)) for name in whole.parameters if name in names),
        constants={name: process(value) if (process := keep.get(name)) else value for name, value in constants.items()},
        order=tuple(whole.positiontup) if whole.positiontup is not None else None,
        row=row._make,
        read=tuple((place, process) for place, process in enumerate(read) if process is not None),
    )


def _raise(
    words: str, dialect: Dialect, lent: PoolProxiedConnection, invalidate: Callable[[BaseException], None], error: Any
) -> NoReturn:  # fmt: skip
    """Raise what the driver has raised as SQLAlchemy does, and give up a connection that is broken."""
    raw: DBAPIConnection | None = lent.dbapi_connection
    broken = dialect.is_disconnect(error, raw, None)
    if broken:
        invalidate(error)
    base: Any = dialect.loaded_dbapi.Error
    told = DBAPIError.instance(
        words, None, error, base, hide_parameters=True, connection_invalidated=broken, dialect=dialect
    )  # fmt: skip
    raise told from error
