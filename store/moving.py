"""An office moves house: everything that it remembers, from its file to PostgreSQL, row for row.

At every moment at most one of the two may publish. First the old house is paused and marked, then everything is copied in one
transaction, the pause with it, and read back; only then the new house takes its mark off and lifts the pause. Cut short anywhere,
the same command goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Integer, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import InterfaceError, OperationalError

from editorial.clock import Clock
from editorial.problem import BadInput, Problem
from store.audit_head import HeadFile
from store.halts import ALL, lift
from store.schema import AUDIT_HEAD, INSTALLATION, METADATA, SETTINGS
from store.store import Store

MOVED_TO, MOVED_FROM = "moved-to", "moved-from"  # settings: where an office has gone, and where it has come from
WHY = "đang chuyển sổ sang máy chủ PostgreSQL; chuyển xong sổ mới tự đăng tiếp, sổ này không đăng nữa"
AT_ONCE = 500  # rows
TABLES = METADATA.sorted_tables

Progress = Callable[[str, int, int], None]  # step, done, total


class _Found(Enum):
    """What lies at the new address."""

    NOTHING = "nothing"
    UNFINISHED = "unfinished"  # this office, copied and not yet opened
    OPENED = "opened"  # this office, at work there
    SOMETHING_ELSE = "something else"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What was moved: rows by table, and how many rows of the audit log hold on the other side."""

    rows: dict[str, int]
    audit_rows: int
    already: bool  # it had been moved before


def move(old_url: str, new_url: str, *, clock: Clock, heads: HeadFile, progress: Progress = lambda *_: None) -> Moved:
    """Move an office's records; raise BadInput, with the old ones as they were, where they cannot be moved.

    Nobody else may be at work on the old records meanwhile; whoever writes all the same is found, and nothing is opened.
    """
    with Store.open(old_url, clock=clock, heads=heads) as old:
        if old.installation.current() is None:
            old.installation.start()
        with Store.open(new_url, clock=clock) as new:
            return _Move(old, new, progress, clock).run(new_url, heads)


class _Move:
    def __init__(self, old: Store, new: Store, progress: Progress, clock: Clock) -> None:
        self._clock = clock
        self._old, self._new = old._database, new._database
        self._stores = (old, new)
        self._progress = progress

    def run(self, new_url: str, heads: HeadFile) -> Moved:
        there, old = self._new.home(), self._stores[0]
        if old.settings.get(MOVED_TO) not in ("", there):
            raise BadInput(_problem("moved-already", "sổ này đã chuyển sang một kho khác; hãy ghi đúng địa chỉ kho đó"))
        found = self._found(there)
        if found is _Found.SOMETHING_ELSE:
            raise BadInput(_problem("not-empty", "kho ở địa chỉ này đã có dữ liệu; hãy tạo một kho trống rồi chạy lại"))
        if found is _Found.OPENED:
            return Moved(rows={}, audit_rows=0, already=True)
        self._leave(there)
        try:
            if found is _Found.NOTHING:
                self._copy()
            rows = self._compare()
            with Store.open(new_url, clock=self._clock, heads=heads) as opened:
                audit_rows = _ask_audit(opened)
                self._open(opened, self._clock.now())
        except BadInput:  # the new house was not opened and never will be like this
            self._come_back()
            raise
        except (OperationalError, InterfaceError) as error:  # whether all has arrived is seen the next time; till then both wait
            message = "máy chủ cơ sở dữ liệu không trả lời giữa chừng; sổ cũ tạm dừng, hãy chạy lại lệnh này"
            raise BadInput(_problem("database-away", message)) from error
        except Exception:
            if self._found(there) is _Found.NOTHING:
                self._come_back()
            raise
        return Moved(rows=rows, audit_rows=audit_rows, already=False)

    def _found(self, there: str) -> _Found:
        with self._new.read() as connection:
            filled = any(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES
                         if table is not AUDIT_HEAD)  # fmt: skip
            if not filled:
                return _Found.NOTHING
            same = connection.execute(select(INSTALLATION.c.id)).scalar_one_or_none() == self._installation()
            if not same:
                return _Found.SOMETHING_ELSE
            marks = {row.name: row.value for row in connection.execute(select(SETTINGS))}
        if marks.get(MOVED_TO) == there:
            return _Found.UNFINISHED
        return _Found.OPENED if MOVED_FROM in marks else _Found.SOMETHING_ELSE

    def _installation(self) -> str | None:
        with self._old.read() as connection:
            return connection.execute(select(INSTALLATION.c.id)).scalar_one_or_none()

    def _leave(self, there: str) -> None:
        """Let the old house publish nothing more, from now on and for good."""
        old = self._stores[0]
        old.settings.set(MOVED_TO, there)
        old.halts.set(ALL, why=WHY, who="loa")

    def _come_back(self) -> None:
        """Undo the leaving."""
        with self._old.write() as connection:
            connection.execute(delete(SETTINGS).filter_by(name=MOVED_TO))
            lift(connection, ALL, who="loa", now=self._clock.now(), why=WHY)

    def _copy(self) -> None:
        """Copy every row in one transaction: the new house has all of them or none."""
        whole = sum(self._count(table) for table in TABLES)
        done = 0
        with self._old.read() as source, self._new.write() as target:
            for table in TABLES:
                for rows in _rows(source, table):
                    if table is AUDIT_HEAD:
                        _put_head(target, rows[0])
                    else:
                        target.execute(insert(table), rows)
                    done += len(rows)
                    self._progress("copy", done, whole)
                _go_on_counting(target, table)

    def _compare(self) -> dict[str, int]:
        """Read every row back from both; raise BadInput with the table where they differ."""
        counts: dict[str, int] = {}
        with self._old.read() as source, self._new.read() as target:
            for number, table in enumerate(TABLES, start=1):
                (count, one), (other_count, other) = _digest(source, table), _digest(target, table)
                if (count, one) != (other_count, other):
                    message = (
                        f"bảng {table.name} ở hai nơi không khớp ({count} và {other_count} dòng): có người vừa ghi vào sổ cũ; "
                        "hãy tạo một kho trống khác rồi chạy lại"
                    )
                    raise BadInput(_problem("not-the-same", message))
                counts[table.name] = count
                self._progress("compare", number, len(TABLES))
        return counts

    def _open(self, new: Store, now: datetime) -> None:
        """Let the new house live, in one step: it is at home where it lies, and the mark and the pause of the move are off."""
        home = self._new.home()
        with new._database.write() as connection:
            connection.execute(update(INSTALLATION).values(home=home))
            connection.execute(delete(SETTINGS).where(SETTINGS.c.name.in_([MOVED_TO, MOVED_FROM])))
            connection.execute(insert(SETTINGS).values(name=MOVED_FROM, value=f"{self._old.name} {now.isoformat()}"))
            lift(connection, ALL, who="loa", now=now, why=WHY)

    def _count(self, table: Table) -> int:
        with self._old.read() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()


def has_moved(store: Store) -> bool:
    """Tell whether what is remembered here has gone elsewhere, and is only kept to look at."""
    return bool(store.settings.get(MOVED_TO))


def _ask_audit(store: Store) -> int:
    """Return how many rows the log has; raise BadInput where it does not hold."""
    report = store.audit.verify()
    if report.breaks or store.signatures.contradictions():
        raise BadInput(_problem("audit-broken", "nhật ký không khớp; chưa chuyển gì, hãy xem ./loa audit verify ở sổ cũ"))
    return report.chain.rows


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
    for part in found.partitions(AT_ONCE):
        yield [dict(row) for row in part]


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    """Return how many rows there are, and a digest of all that they say, in the order of their keys."""
    count, digest = 0, hashlib.sha256()
    parts: set[str] = set()
    for rows in _rows(connection, table):
        count += len(rows)
        parts.update(hashlib.sha256(repr(sorted(row.items())).encode("utf-8", "surrogatepass")).hexdigest() for row in rows)
    for part in sorted(parts):  # two databases may order texts differently
        digest.update(part.encode())
    return count, digest.hexdigest()


def _put_head(connection: Connection, row: dict[str, Any]) -> None:
    """Set the one row that an empty database has, and that otherwise moves on by one alone."""
    connection.execute(text("ALTER TABLE audit_head DISABLE TRIGGER audit_head_no_update"))
    connection.execute(update(AUDIT_HEAD).values(**row))
    connection.execute(text("ALTER TABLE audit_head ENABLE TRIGGER audit_head_no_update"))


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Let the numbers of new rows go on after those that were copied."""
    column = table.autoincrement_column
    if column is None or not isinstance(column.type, Integer) or connection.dialect.name != "postgresql":
        return
    counter = connection.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar_one()
    last = connection.execute(select(func.max(column))).scalar_one()
    if counter is not None and last is not None:
        connection.execute(text("SELECT setval(:counter, :last)"), {"counter": counter, "last": last})


def _problem(rule: str, message: str) -> Problem:
    return Problem(rule=rule, key="--to", message=message)
