"""What a stand-in remembers: typed tables in memory, each change appended to one JSON-lines file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter

Row = TypeVar("Row")


class Journal:
    """An append-only file of changes; every line is one request's changes, whole or absent."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[tuple[str, str, object]] = []
        self._tables: list[Table[object]] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self._saved = _replay(path)
        self._file = path.open("a", encoding="utf-8")

    def table(self, name: str, kind: type[Row]) -> Table[Row]:
        """Open a table, filled with what the file holds for it."""
        table = Table(name, kind, self, self._saved.pop(name, {}))
        self._tables.append(table)  # type: ignore[arg-type]
        return table

    def note(self, table: str, key: str, row: object) -> None:
        """Remember a change until the next flush; a row of None is a removal."""
        self._waiting.append((table, key, row))

    def flush(self) -> None:
        """Write the waiting changes as one line; to be called before a reply leaves."""
        if not self._waiting:
            return
        self._file.write(json.dumps(self._waiting, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._file.flush()
        self._waiting = []

    def clear(self) -> None:
        """Forget everything, on disk too."""
        for table in self._tables:
            table.forget()
        self._waiting = []
        self._file.truncate(0)

    def close(self) -> None:
        """Write what waits and let go of the file."""
        self.flush()
        self._file.close()


class Table(Generic[Row]):
    """Rows of one kind by their id, oldest first."""

    def __init__(self, name: str, kind: type[Row], journal: Journal, saved: dict[str, object]) -> None:
        self._name = name
        self._journal = journal
        self._adapter: TypeAdapter[Row] = TypeAdapter(kind)
        self._rows: dict[str, Row] = {key: self._adapter.validate_python(row) for key, row in saved.items()}

    def put(self, key: str, row: Row) -> Row:
        """Add or replace a row."""
        self._rows[key] = row
        self._journal.note(self._name, key, self._adapter.dump_python(row, mode="json"))
        return row

    def drop(self, key: str) -> None:
        """Remove a row, if it is there."""
        if self._rows.pop(key, None) is not None:
            self._journal.note(self._name, key, None)

    def get(self, key: str) -> Row | None:
        """Find a row by its id."""
        return self._rows.get(key)

    def forget(self) -> None:
        """Empty the table in memory only."""
        self._rows.clear()

    def __iter__(self) -> Iterator[Row]:
        return iter(tuple(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)


class Counter:
    """Numbers that are never given twice, not even after a restart."""

    def __init__(self, journal: Journal) -> None:
        self._table = journal.table("counter", int)

    def next(self, name: str) -> int:
        """Give the next number of a series, from 1."""
        return self._table.put(name, (self._table.get(name) or 0) + 1)


def _replay(path: Path) -> dict[str, dict[str, object]]:
    """Read the file back; a last line that was cut off by a crash was never answered, so it is cut away."""
    tables: dict[str, dict[str, object]] = {}
    if not path.exists():
        return tables
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        path.write_bytes(whole)
    for line in whole.decode().splitlines():
        _apply(tables, json.loads(line))
    return tables


def _apply(tables: dict[str, dict[str, object]], changes: Iterable[tuple[str, str, object]]) -> None:
    for table, key, row in changes:
        rows = tables.setdefault(table, {})
        if row is None:
            rows.pop(key, None)
        else:
            rows[key] = row
