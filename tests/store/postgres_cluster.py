"""A PostgreSQL of this test run alone: on loopback, in a temporary folder, never as root; started when first asked for."""

from __future__ import annotations

import atexit
import functools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from editorial.clock import SimulatedClock
from store.store import Store
from store.vault import VARIABLE
from tests.ports import free_port
from tests.store.ledger_posts import DUE

GIVEN = "LOA_TEST_POSTGRES"  # the address of a server that tests may make databases on, instead of one of their own
PATIENCE = 60.0
EMPTY = "loa_empty"
# A test's server need not survive a power cut; a killed process it does survive.
FAST = ("fsync=off", "full_page_writes=off", "max_connections=300", "shared_buffers=64MB")
# Of every database of a server: no file lies beside it. The processes that a test starts inherit it.
KEY = "dGVzdHMtb25seS1rZXktb2YtMzItYnl0ZXMtISEhISE="
_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A running server; `folder` is None where somebody else runs it."""

    address: str  # without a database's name
    folder: Path | None = None

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"{self.address}/{database}"

    def run(self, statement: str) -> None:
        """Run a statement outside any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def ask(self, question: str, *values: str) -> str:
        """Return the one value that a query gives, as text."""
        with psycopg.connect(self.url("postgres")) as connection:
            row = connection.execute(question.encode(), values).fetchone()
        assert row is not None
        return str(row[0])

    def restart(self) -> None:
        """End the server as a crash does, and start it again."""
        assert self.folder is not None, "only a server of one's own may be ended"
        _pg_ctl(self.folder, "stop", "-m", "immediate")
        self.start()

    def start(self) -> None:
        assert self.folder is not None
        _pg_ctl(self.folder, "start", "-w", "-l", str(self.folder / "log"))

    def stop(self) -> None:
        assert self.folder is not None
        _pg_ctl(self.folder, "stop", "-m", "immediate")


def fresh_postgresql() -> str:
    """Return the address of an empty, migrated database; skip the test where there is no PostgreSQL, which CI may not."""
    cluster = the_cluster()
    if isinstance(cluster, str):
        if os.environ.get("CI"):
            pytest.fail(cluster)
        pytest.skip(cluster)
    name = f"loa_{os.getpid()}_{next(_numbers)}"
    cluster.run(f"CREATE DATABASE {name} TEMPLATE {_empty(cluster)} STRATEGY file_copy")
    return cluster.url(name)


@functools.cache
def the_cluster() -> Cluster | str:
    """Return the server of this process, or why there is none."""
    given = os.environ.get(GIVEN)
    if given:
        os.environ.setdefault(VARIABLE, KEY)
        return Cluster(address=given.rstrip("/"))
    programs = _programs()
    if programs is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    made = own_cluster()
    atexit.register(remove, made)
    return made


def own_cluster() -> Cluster:
    """Make and start one more server; whoever asks removes it."""
    os.environ.setdefault(VARIABLE, KEY)
    folder = Path(tempfile.mkdtemp(prefix="loa-postgresql-"))
    account = _account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    _run(folder, "initdb", "-D", str(folder / "data"), "-U", "loa", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    port = free_port()
    settings = (f"port={port}", "listen_addresses='127.0.0.1'", f"unix_socket_directories='{folder}'", *FAST)
    with (folder / "data" / "postgresql.conf").open("a") as file:
        file.write("\n".join(settings) + "\n")
    cluster = Cluster(address=f"postgresql://loa@127.0.0.1:{port}", folder=folder)
    cluster.start()
    return cluster


def remove(cluster: Cluster) -> None:
    """End a server of one's own and leave nothing of it."""
    if cluster.folder is not None and cluster.folder.exists():
        subprocess.run(_command(cluster.folder, "stop", "-m", "immediate"), capture_output=True, **_as_account())  # type: ignore[call-overload]
        shutil.rmtree(cluster.folder, ignore_errors=True)


@functools.cache
def _empty(cluster: Cluster) -> str:
    name = f"{EMPTY}_{os.getpid()}"
    cluster.run(f"CREATE DATABASE {name}")
    Store.open(cluster.url(name), clock=SimulatedClock(DUE)).close()
    return name


def _pg_ctl(folder: Path, *words: str) -> None:
    # The server keeps what it inherits open for ever: its output must not be a pipe that somebody waits for.
    with (folder / "pg_ctl").open("wb") as out:
        subprocess.run(_command(folder, *words), check=True, stdout=out, stderr=out, timeout=PATIENCE, **_as_account())  # type: ignore[call-overload]


def _command(folder: Path, *words: str) -> list[str]:
    return [str(Path(_programs() or "") / "pg_ctl"), "-D", str(folder / "data"), *words]


def _run(folder: Path, program: str, *words: str) -> None:
    command = [str(Path(_programs() or "") / program), *words]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE, cwd=folder, **_as_account())  # type: ignore[call-overload]


@functools.cache
def _programs() -> Path | None:
    """Return the newest PostgreSQL's programs; Debian keeps them off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    found = [folder for folder in folders if (folder / "initdb").exists()]
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).parent if on_path else None


def _account() -> pwd.struct_passwd | None:
    """Return who runs the server where root runs the tests."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _as_account() -> dict[str, object]:
    account = _account()
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "env": {**os.environ, "HOME": "/"}}


def wait_until_up(cluster: Cluster) -> None:
    """Return when the server takes connections."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(cluster.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            assert time.monotonic() < end, "PostgreSQL does not come up"
            time.sleep(0.1)
        else:
            return
