"""F24 and F25: yesterday's backup, and a copy of the whole office. What was sent is not sent again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.delivery import HoldReason, State
from scheduler.awakening import Memory, Witness, awake, give_sign_of_life
from store.halts import ALL, channel_scope
from store.store import Store
from tests.faults.city import CHANNELS, City, open_city
from tests.faults.expected import ROWS
from tests.publishers.bench import a_post
from tests.store.fresh_database import DATABASES, fresh_database
from tests.store.postgres_cluster import Cluster, own_cluster, remove


@pytest.fixture(params=DATABASES)
def backed_up(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[City, Callable[[], None], Callable[[], None]]]:
    """A city with a way to make a backup and a way to bring it back to the same place."""
    opened = _file_city(tmp_path) if request.param == "sqlite" else _server_city(tmp_path)
    with opened as made:
        yield made


@contextmanager
def _file_city(folder: Path) -> Iterator[tuple[City, Callable[[], None], Callable[[], None]]]:
    kept = folder / "backup"
    kept.mkdir()

    def back_up() -> None:
        city.store.close()
        shutil.copyfile(folder / "loa.db", kept / "loa.db")

    def restore() -> None:
        city.store.close()
        for name in ("loa.db-wal", "loa.db-shm"):
            (folder / name).unlink(missing_ok=True)
        shutil.copyfile(kept / "loa.db", folder / "loa.db")

    with open_city(folder, "sqlite") as city:
        yield city, back_up, restore


@contextmanager
def _server_city(folder: Path) -> Iterator[tuple[City, Callable[[], None], Callable[[], None]]]:
    fresh_database(folder, "postgresql")  # skips where there is none
    cluster = own_cluster()
    assert cluster.folder is not None
    data, kept = cluster.folder / "data", cluster.folder / "backup"
    cluster.run("CREATE DATABASE office")

    def copied(start: Path, end: Path) -> None:
        city.store.close()
        cluster.stop()
        shutil.rmtree(end, ignore_errors=True)
        subprocess.run(["cp", "-a", str(start), str(end)], check=True)
        cluster.start()

    try:
        with open_city(folder, cluster.url("office")) as city:
            yield city, lambda: copied(data, kept), lambda: copied(kept, data)
    finally:
        remove(cluster)


def test_F24_a_restored_backup_starts_paused_and_finds_what_was_sent_since(
    backed_up: tuple[City, Callable[[], None], Callable[[], None]], tmp_path: Path
) -> None:
    city, back_up, restore = backed_up
    witness = Witness(place=tmp_path / "witness.json")
    assert awake(city.store, witness) is Memory.OURS
    city.plan_all()
    tomorrow = replace(city.post("web_portal", 7), due_at=city.clock.now() + timedelta(days=1))
    city.plan(tomorrow)
    back_up()
    city.live()
    give_sign_of_life(city.store, witness)
    restore()
    assert awake(city.store, witness) is Memory.RESTORED
    city.live()
    later = city.store.deliveries.by_key(tomorrow.key)
    ends = {delivery.channel: delivery for delivery in city.store.deliveries.list() if delivery.post_key != tomorrow.key}
    assert city.public() == dict.fromkeys(CHANNELS, 1)
    assert {name: (each.state, each.hold_reason) for name, each in ends.items()} == {
        name: (end.state, end.reason) for name, end in ROWS["F24"].ends.items()
    }
    assert later and later.state is State.SCHEDULED
    city.live(timedelta(days=1))
    assert city.store.deliveries.get(later.id).hold_reason is HoldReason.HALT
    assert awake(city.store, witness) is Memory.OURS, "it is told once"


def test_F24_what_the_backup_holds_and_has_gone_out_since_is_looked_for_and_not_sent_once_more(
    backed_up: tuple[City, Callable[[], None], Callable[[], None]], tmp_path: Path
) -> None:
    city, back_up, restore = backed_up
    witness = Witness(place=tmp_path / "witness.json")
    awake(city.store, witness)
    _pause(city)
    city.plan_all()
    city.work()
    back_up()
    assert {each.hold_reason for each in city.store.deliveries.list()} == {HoldReason.AUTH}
    _lift(city)
    city.live(timedelta(minutes=10))
    assert city.public() == dict.fromkeys(CHANNELS, 1)
    give_sign_of_life(city.store, witness)
    restore()
    assert awake(city.store, witness) is Memory.RESTORED
    _lift(city)
    city.store.halts.lift(ALL, who="Lan")
    city.live()
    assert city.public() == dict.fromkeys(CHANNELS, 1)
    assert city.ends() == ROWS["F24"].ends


@pytest.mark.parametrize("words", ["the same", "others"])
def test_F24_what_was_moved_earlier_after_the_backup_and_sent_is_not_sent_at_its_old_moment(
    backed_up: tuple[City, Callable[[], None], Callable[[], None]], tmp_path: Path, words: str
) -> None:
    city, back_up, restore = backed_up
    witness = Witness(place=tmp_path / "witness.json")
    awake(city.store, witness)
    city.plan(*(replace(city.post(channel), due_at=city.clock.now() + timedelta(days=1)) for channel in CHANNELS))
    back_up()
    city.clock.advance(timedelta(hours=1))
    moved = [city.post(channel) for channel in CHANNELS]
    if words == "others":
        moved = [replace(post, variant=a_post(post.channel, post.media, 9).variant) for post in moved]
    city.plan(*moved)
    city.live(timedelta(minutes=30))
    assert city.public() == dict.fromkeys(CHANNELS, 1)
    give_sign_of_life(city.store, witness)
    restore()
    assert awake(city.store, witness) is Memory.RESTORED
    city.store.halts.lift(ALL, who="Lan")
    city.live(timedelta(days=2))
    assert city.public() == dict.fromkeys(CHANNELS, 1)
    expected = dict.fromkeys(CHANNELS, State.VERIFIED if words == "the same" else State.HELD)  # a person sees what else is there
    assert {name: end.state for name, end in city.ends().items()} == expected | {"zalo_oa": State.HELD}


def test_F24_a_memory_that_was_restored_twice_knows_what_was_sent_between(
    backed_up: tuple[City, Callable[[], None], Callable[[], None]], tmp_path: Path
) -> None:
    city, back_up, restore = backed_up
    witness = Witness(place=tmp_path / "witness.json")
    awake(city.store, witness)
    later = [replace(city.post("web_portal", number), due_at=city.clock.now() + timedelta(days=1)) for number in range(2)]
    city.plan(*later)
    back_up()
    for post in later:
        city.plan(replace(post, due_at=city.clock.now()))
        city.live(timedelta(minutes=30))
        give_sign_of_life(city.store, witness)
        restore()
        assert awake(city.store, witness) is Memory.RESTORED
        city.store.halts.lift(ALL, who="Lan")
    city.live(timedelta(days=2))
    assert city.public() == {"web_portal": 2}


def _pause(city: City) -> None:
    for channel in CHANNELS:
        city.store.halts.set(channel_scope(channel), why="hết quyền truy cập", who="scheduler", reason=HoldReason.AUTH)


def _lift(city: City) -> None:
    for channel in CHANNELS:
        city.store.halts.lift(channel_scope(channel), who="Lan")


def test_F24_a_running_scheduler_notices_that_its_store_went_back_in_time(
    backed_up: tuple[City, Callable[[], None], Callable[[], None]], tmp_path: Path
) -> None:
    city, back_up, restore = backed_up
    witness = Witness(place=tmp_path / "witness.json")
    awake(city.store, witness)
    back_up()
    give_sign_of_life(city.store, witness)
    restore()
    assert city.store.halts.standing() == ()
    give_sign_of_life(city.store, witness)
    assert [halt.scope for halt in city.store.halts.standing()] == [ALL]


@pytest.mark.parametrize("database", DATABASES)
def test_F25_a_copied_installation_starts_paused_and_the_first_goes_on(tmp_path: Path, database: str) -> None:
    with open_city(tmp_path, database) as city:
        awake(city.store, Witness(place=tmp_path / "witness.json"))
        city.plan(*(replace(city.post(channel), due_at=city.clock.now() + timedelta(hours=1)) for channel in CHANNELS))
        with Store.open(_copy_of(city, tmp_path), clock=city.clock, media_folder=tmp_path) as copied:
            assert awake(copied, Witness(place=tmp_path / "copied.json")) is Memory.COPIED
            twin = City(tmp_path, copied, city.clock, city.town, city.publishers)
            city.clock.advance(timedelta(hours=1))
            twin.work()
            assert city.public().total() == 0
            assert {delivery.hold_reason for delivery in copied.deliveries.list()} == {HoldReason.HALT}
            city.live()
            assert city.ends() == ROWS["F25"].ends
            assert awake(city.store, Witness(place=tmp_path / "witness.json")) is Memory.OURS


def _copy_of(city: City, folder: Path) -> str:
    """Copy the database with all that is in it, as somebody does who sets up a second machine."""
    database = city.store._database
    city.store.close()
    if database.is_sqlite:
        shutil.copyfile(folder / "loa.db", folder / "copied.db")
        return f"sqlite:///{folder / 'copied.db'}"
    address, _, name = database._writer.url.set(drivername="postgresql").render_as_string(hide_password=False).rpartition("/")
    Cluster(address=address).run(f"CREATE DATABASE {name}_copied TEMPLATE {name}")
    return f"{address}/{name}_copied"


def test_a_note_that_a_crash_cut_off_does_not_spoil_those_that_come_after(tmp_path: Path) -> None:
    witness = Witness(place=tmp_path / "witness.json")
    witness.note_sent("one", [(1, "first")])
    (notes,) = tmp_path.glob("*.jsonl")
    notes.write_bytes(notes.read_bytes() + '["one", 2, "bài'.encode()[:-1])  # it lost power in a line, and in a letter
    witness.note_sent("one", [(3, "third")])
    assert witness.sent("one") == {"first": 1, "third": 3}
    joined = '["one", 4, "fo["one", 5, "fifth"]\n'  # as older versions went on after a cut
    notes.write_text(notes.read_text(errors="replace") + joined)
    witness.note_sent("one", [(6, "sixth")])
    assert witness.sent("one") == {"first": 1, "third": 3, "sixth": 6}
