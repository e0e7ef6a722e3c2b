"""An empty, migrated database for each test, copied from one that was made once."""

from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path

from editorial.clock import SimulatedClock
from store.store import Store
from tests.store.ledger_posts import DUE
from tests.store.postgres_cluster import fresh_postgresql

DATABASES = ("sqlite", "postgresql")


def fresh_database(folder: Path, kind: str = "sqlite") -> str:
    """Return the address of an empty database, in the folder where it is a file."""
    if kind == "postgresql":
        return fresh_postgresql()
    shutil.copy(_made_once(), folder / "loa.db")
    return f"sqlite:///{folder / 'loa.db'}"


def lay_empty(file: Path) -> None:
    """Put an empty, migrated database where an office will look for its own: to make one takes longer than most tests."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_made_once(), file)


@functools.cache
def _made_once() -> Path:
    path = Path(tempfile.mkdtemp(prefix="loa-empty-")) / "empty.db"
    Store.open(f"sqlite:///{path}", clock=SimulatedClock(DUE)).close()
    return path
