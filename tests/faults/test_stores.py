"""F14 to F17: the database restarts, is locked, is full, or loses its power."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import cast

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from desk.records import DATABASE, MEDIA, OFFICE
from desk.working import open_patiently
from editorial.clock import SystemClock
from editorial.delivery import State
from scheduler.engines.contract import Beat
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.engines.outage import BACK
from store.database import WRITING
from store.errors import Away, NoRoom
from store.room import RESERVE
from store.store import Store
from store.trouble import CROWDED, trouble
from tests.faults.city import CHANNELS, City, around_call, die, open_city
from tests.faults.expected import ROWS
from tests.store.fresh_database import fresh_database
from tests.store.postgres_cluster import Cluster, own_cluster, remove, wait_until_up
from tests.store.small_disk import small_disk


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL that may be ended: other tests are not on it."""
    fresh_database(tmp_path_factory.mktemp("asked"), "postgresql")  # skips where there is none
    cluster = own_cluster()
    yield cluster
    remove(cluster)


@pytest.fixture
def server_city(server: Cluster, tmp_path: Path) -> Iterator[City]:
    name = f"city_{len(list(tmp_path.parent.iterdir()))}_{tmp_path.name[-1]}"
    server.run(f"CREATE DATABASE {name}")
    with open_city(tmp_path, server.url(name)) as opened:
        yield opened


def test_F14_postgresql_is_ended_and_started_in_the_middle_of_every_call(server: Cluster, server_city: City) -> None:
    for publisher in server_city.publishers.values():
        around_call(publisher, after=server.restart)
    server_city.plan_all()
    server_city.live()
    assert server_city.ends() == ROWS["F14"].ends


def test_F14_postgresql_is_gone_when_the_answer_comes_and_back_half_a_minute_later(server: Cluster, server_city: City) -> None:
    city = server_city
    for publisher in city.publishers.values():
        around_call(publisher, after=server.stop)
    city.plan_all()
    for _ in CHANNELS:
        with pytest.raises(DBAPIError) as gone:
            city.live()
        assert (trouble(gone.value) or "").startswith("máy chủ cơ sở dữ liệu không trả lời")
        city.clock.advance(timedelta(seconds=30))
        server.start()
        wait_until_up(server)
    city.live()
    assert city.ends() == ROWS["F14"].ends


def test_F14_a_server_that_is_not_there_when_the_store_is_opened_is_away_and_not_unusable(server: Cluster) -> None:
    server.run("CREATE DATABASE opened_later")
    server.stop()
    try:
        with pytest.raises(Away, match="máy chủ cơ sở dữ liệu không trả lời"):
            Store.open(server.url("opened_later"), clock=SystemClock())
    finally:
        server.start()


def test_F14_a_server_that_dies_while_the_store_is_opened_is_away(server: Cluster) -> None:
    server.run("CREATE DATABASE dies_meanwhile")
    with psycopg.connect(server.url("dies_meanwhile"), autocommit=True) as other, ThreadPoolExecutor(1) as pool:
        other.execute("SELECT pg_advisory_lock(%s)", (WRITING,))
        opening = pool.submit(Store.open, server.url("dies_meanwhile"), clock=SystemClock())
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while other.execute(waiting).fetchone() == (0,):
            assert not opening.done()
        server.restart()
        with pytest.raises(Away):
            opening.result(30)


def test_F14_a_worker_asks_again_until_the_server_is_there(
    server: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server.run("CREATE DATABASE worked_on")
    monkeypatch.setenv(DATABASE, server.url("worked_on"))
    monkeypatch.delenv(MEDIA, raising=False)
    server.stop()
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_patiently, tmp_path / OFFICE, SystemClock())
        try:
            assert _comes(lambda: "Loa thử lại liên tục" in caplog.text)
        finally:
            server.start()
        opening.result(30).close()
    assert len(caplog.records) == 1, "told once, however often it is asked"


def test_F14_every_connection_of_the_pool_is_taken_when_the_answer_comes(city: City) -> None:
    pool = cast(QueuePool, city.store._database._writer.pool)
    pool._timeout = 0.1  # a person is told after half a minute; nothing else hangs on how long
    taken = list[Connection]()
    for publisher in city.publishers.values():
        around_call(publisher, after=lambda: taken.extend(_all_connections(city)))
    city.plan_all()
    for _ in CHANNELS:
        with pytest.raises(PoolTimeout) as crowded:
            city.live()
        assert trouble(crowded.value) == "đang quá bận; hãy chờ một lát rồi làm lại"
        city.clock.advance(timedelta(seconds=30))  # what TikTok has, it shows when that is through moderation
        public = city.public()
        with pytest.raises(PoolTimeout):
            city.live()
        assert city.public() == public, "no call without an intent that was written"
        while taken:
            taken.pop().close()
    city.live()
    assert city.ends() == ROWS["F14"].ends
    assert pool.checkedout() == 0, "none is lost for the next time"


def _all_connections(city: City) -> Iterator[Connection]:
    """Yield every connection that this process may have for writing."""
    with suppress(PoolTimeout):
        while True:
            yield city.store._database._writer.connect()


def test_F14_other_programs_have_all_connections_that_the_server_gives(server: Cluster, tmp_path: Path) -> None:
    server.run("CREATE ROLE office LOGIN CONNECTION LIMIT 8")
    server.run("CREATE DATABASE crowded OWNER office")
    address = server.url("crowded").replace("//loa@", "//office@")
    others = list[psycopg.Connection[tuple[object, ...]]]()

    def crowd() -> None:
        server.restart()
        with suppress(psycopg.OperationalError):
            while True:
                others.append(psycopg.connect(address))

    with open_city(tmp_path, address) as city:
        for publisher in city.publishers.values():
            around_call(publisher, after=crowd)
        city.plan_all()
        for _ in CHANNELS:
            with pytest.raises(DBAPIError) as refused:
                city.live()
            assert trouble(refused.value) == CROWDED
            while others:
                others.pop().close()
            assert _comes(lambda: _connects(address))
        city.live()
        assert city.ends() == ROWS["F14"].ends


def _connects(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_F14_beats_tell_once_that_the_store_is_away_and_once_that_it_is_back(
    database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest
) -> None:
    """The store of an office in one process lies in a folder that is moved; PostgreSQL is ended."""
    folder = tmp_path / "memory"
    folder.mkdir()
    away: Callable[[], object] = partial(folder.rename, tmp_path / "elsewhere")
    back: Callable[[], object] = partial((tmp_path / "elsewhere").rename, folder)
    if database == "postgresql":
        server: Cluster = request.getfixturevalue("server")
        server.run("CREATE DATABASE beaten")
        url, away, back = server.url("beaten"), server.stop, server.start
    else:
        url = fresh_database(folder)
    engine, tries, well = EmbeddedEngine(threads=1, processes=1), list[int](), list[int]()
    with Store.open(url, clock=SystemClock()) as store:

        def write() -> None:
            tries.append(1)
            store.settings.set("heartbeat", "now")
            well.append(1)

        every = timedelta(milliseconds=50)
        engine.start([Beat(name="write", every=every, run=write), Beat(name="idle", every=every, run=lambda: None)])
        try:
            assert _comes(lambda: bool(well))
            away()
            before = len(tries)
            assert _comes(lambda: len(tries) > before + 5)
            engine.submit(write)
            engine.wait_idle()
            begun = [record.getMessage() for record in caplog.records]
            back()
            began = monotonic()
            assert _comes(lambda: BACK in caplog.text)
            assert monotonic() - began < 5
        finally:
            engine.stop()
    assert len(begun) == 1 and begun[0].startswith("Sổ của Loa: ")
    assert [record.getMessage() for record in caplog.records] == [*begun, BACK]
    assert not any(record.exc_info for record in caplog.records)


def _comes(holds: Callable[[], bool]) -> bool:
    pause, end = threading.Event(), monotonic() + 30
    while not holds():
        if monotonic() > end:
            return False
        pause.wait(0.05)
    return True


def test_F15_a_backup_that_locks_the_store_is_waited_for(city: City) -> None:
    city.plan_all()
    with _locked_by_another(city) as let_go:
        release = threading.Timer(0.5, let_go)
        release.start()
        city.live()
        release.join()
    assert city.ends() == ROWS["F15"].ends


@contextmanager
def _locked_by_another(city: City) -> Iterator[Callable[[], object]]:
    """Hold the lock that every writer asks for, as a backup or another program does; yield how it lets go."""
    if city.store._database.is_sqlite:
        with closing(sqlite3.connect(city.folder / "loa.db", check_same_thread=False)) as other:
            other.isolation_level = None
            other.execute("BEGIN IMMEDIATE")
            yield lambda: other.execute("COMMIT")
        return
    address = city.store._database._writer.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", (WRITING,))
        yield lambda: server.execute("SELECT pg_advisory_unlock(%s)", (WRITING,))


def test_F16_a_store_that_takes_no_more_keeps_every_call_from_being_made(city: City) -> None:
    city.plan_all()
    with _full(city), pytest.raises(DBAPIError) as refused:
        city.live()
    assert trouble(refused.value), "a person is told what to look at"
    assert city.public().total() == 0
    city.live()
    assert city.ends() == ROWS["F16"].ends


def test_F16_a_store_that_fills_up_during_the_call_loses_no_post_and_doubles_none(city: City) -> None:
    fuller = [_full(city) for _ in CHANNELS]
    for publisher, full in zip(city.publishers.values(), fuller, strict=True):
        around_call(publisher, after=full.__enter__)
    city.plan_all()
    for full in fuller:
        with pytest.raises(DBAPIError):
            city.live()
        full.__exit__(None, None, None)
    city.live()
    assert city.ends() == ROWS["F16"].ends


@pytest.fixture
def cramped_city(tmp_path: Path) -> Iterator[tuple[City, Path]]:
    """A city whose disk has room for a few posts more than the reserve, and a file that takes that room once it is written."""
    with small_disk(tmp_path / "disk", RESERVE + 6_000_000) as disk, open_city(disk, "sqlite") as opened:
        yield opened, disk / "clip.mov"


def test_F16_while_the_disk_has_hardly_any_room_nothing_new_is_begun(cramped_city: tuple[City, Path]) -> None:
    city, file = cramped_city
    city.plan_all()
    file.write_bytes(b"\0" * 6_000_000)
    with pytest.raises(NoRoom) as told:
        city.live()
    assert city.public().total() == 0
    assert "Loa tự làm tiếp" in (trouble(told.value) or "")
    file.unlink()
    city.live()
    assert city.ends() == ROWS["F16"].ends


def test_F16_a_thread_that_goes_from_post_to_post_begins_no_other_when_the_room_has_gone(cramped_city: tuple[City, Path]) -> None:
    city, file = cramped_city

    def fill() -> None:
        if city.public().total() > 1:
            return  # the room is back, and the others go out
        file.write_bytes(b"\0" * 6_000_000)
        with pytest.raises(NoRoom):
            city.first.tick()

    for publisher in city.publishers.values():
        around_call(publisher, after=fill)
    city.plan_all()
    city.first.tick()
    assert city.public().total() == 1, "the one in hand is written down, and no other is begun"
    assert [each.state for each in city.store.deliveries.list()].count(State.QUEUED) == len(CHANNELS) - 1
    file.unlink()
    city.live()
    assert city.ends() == ROWS["F16"].ends


class _full:  # noqa: N801 (reads as a state)
    """While this is entered, the store takes nothing: SQLite's file may not grow, as on a full disk; PostgreSQL only reads."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._database = city.store._database

    def __enter__(self) -> None:
        if self._database.is_sqlite:
            resource.setrlimit(resource.RLIMIT_FSIZE, ((self._city.folder / "loa.db-wal").stat().st_size, resource.RLIM_INFINITY))
        else:
            self._only_read("on")

    def __exit__(self, *error: object) -> None:
        if self._database.is_sqlite:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        else:
            self._only_read("off")

    def _only_read(self, switch: str) -> None:
        address = self._database._writer.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as server:
            name = self._database._writer.url.database
            server.execute("SET default_transaction_read_only = off")
            server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {switch}".encode())
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            server.execute(others, (name,))


@pytest.mark.parametrize("step", ["before the call", "after the call"])
def test_F17_the_power_fails_and_only_what_was_confirmed_is_left(tmp_path: Path, step: str) -> None:
    """The copy holds what SQLite had handed to the disk: with synchronous=FULL that is each commit, whole."""
    with open_city(tmp_path, "sqlite") as city:
        left = tmp_path / "left"
        left.mkdir()

        def power_cut() -> None:
            for name in ("loa.db", "loa.db-wal"):
                shutil.copy(tmp_path / name, left / name)
            die()

        for publisher in city.publishers.values():
            around_call(publisher, **{"before" if step == "before the call" else "after": power_cut})
        city.plan_all()
        for _ in CHANNELS:
            city.work()
            city.store.close()
            for name in ("loa.db", "loa.db-wal"):
                shutil.copy(left / name, tmp_path / name)
            (tmp_path / "loa.db-shm").unlink(missing_ok=True)
            assert State.SENDING in {delivery.state for delivery in city.store.deliveries.list()}
        city.live()
        assert city.ends() == ROWS["F2" if step == "before the call" else "F3"].ends


def test_F17_sqlite_is_told_to_wait_for_the_disk_at_every_commit(tmp_path: Path) -> None:
    with open_city(tmp_path, "sqlite") as city, city.store._database.write() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
