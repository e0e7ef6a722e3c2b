"""Media and renditions that several machines have in common, in a real S3-compatible store."""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

import pytest

from editorial.clock import SimulatedClock
from editorial.outcome import Unavailable
from scheduler.station import Station
from store.depot import Depot
from store.errors import Tampered, Unreachable
from store.shared_media import SharedMediaStore, SharedRenditions
from store.store import Store
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE, post, with_picture
from tests.store.s3_server import fresh_bucket, the_server

PICTURE = b"\xff\xd8 mot buc anh" * 1000
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def address() -> str:
    return fresh_bucket()


def machine(folder: Path, address: str) -> SharedMediaStore:
    return SharedMediaStore(folder, Depot(address))


def test_a_file_put_by_one_machine_is_had_by_all(tmp_path: Path, address: str) -> None:
    one, other = machine(tmp_path / "one", address), machine(tmp_path / "other", f"{address}/")
    put = one.put(PICTURE, ".jpg")
    found = other.path_of(DIGEST)
    assert found and found.read_bytes() == PICTURE and found.is_relative_to(tmp_path / "other")
    assert found.relative_to(other.folder) == put.relative_to(one.folder)
    third = machine(tmp_path / "third", address)
    named = third.named(f"{DIGEST}.jpg")
    assert named and named.read_bytes() == PICTURE
    assert (other.path_of("0" * 64), third.named(f"{'0' * 64}.jpg"), third.named("../x"), third.named("x.jpg")) == (None,) * 4


def test_a_clip_of_many_parts_arrives_whole(tmp_path: Path, address: str) -> None:
    clip = os.urandom(12 * 2**20)
    machine(tmp_path / "one", address).put(clip, ".mp4")
    found = machine(tmp_path / "other", address).path_of(hashlib.sha256(clip).hexdigest())
    assert found and found.read_bytes() == clip


def test_other_bytes_under_a_name_are_taken_for_none(tmp_path: Path, address: str, caplog: pytest.LogCaptureFixture) -> None:
    one = machine(tmp_path / "one", address)
    name = one.put(PICTURE, ".jpg").relative_to(one.folder).as_posix()
    Depot(address).put(name, b"somebody else's picture")
    assert machine(tmp_path / "other", address).named(f"{DIGEST}.jpg") is None
    assert "other bytes" in caplog.text


def test_a_worker_has_the_files_of_what_it_sends_and_sends_nothing_where_they_are_not_to_be_had(
    tmp_path: Path, address: str
) -> None:
    clock, url = SimulatedClock(DUE), fresh_database(tmp_path)
    editor = machine(tmp_path / "editor", address)
    with Store.open(url, clock=clock, media=editor) as store:
        ready = with_picture(post(), editor.put(PICTURE, ".jpg"), DIGEST)
        store.deliveries.plan(ready)
    away = SharedMediaStore(tmp_path / "away", Depot("http://a:b@127.0.0.1:1/x"))
    with Store.open(url, clock=clock, media=away) as store, pytest.raises(Unavailable):
        Station(store=store, publishers={}, clock=clock).to_send(ready.key, ready.digest)
    with Store.open(url, clock=clock, media=machine(tmp_path / "worker", address)) as store:
        sent = Station(store=store, publishers={}, clock=clock).to_send(ready.key, ready.digest)
        assert sent.media[0].path.read_bytes() == PICTURE and sent.media[0].path.is_relative_to(tmp_path / "worker")
    empty = machine(tmp_path / "empty", fresh_bucket())
    with Store.open(url, clock=clock, media=empty) as store, pytest.raises(Tampered):
        Station(store=store, publishers={}, clock=clock).to_send(ready.key, ready.digest)


def test_a_rendition_is_shared_whole_or_not_at_all(tmp_path: Path, address: str) -> None:
    note, digest = "rendition.json", "ab" * 32
    made, taken, half = (tmp_path / name for name in ("made", "taken", "half"))
    for folder in (made, taken, half):
        folder.mkdir()
    for name in ("clip.mp4", note, "poster.jpg"):
        (made / name).write_bytes(name.encode())
    shared = pickle.loads(pickle.dumps(SharedRenditions(Depot(address), note)))  # as a rendering process gets it
    Depot(address).put(f"renditions/ab/{digest}/clip.mp4", b"cut off")
    assert not shared.bring(digest, half)
    shared.share(digest, made)
    assert shared.bring(digest, taken)
    assert {file.name: file.read_bytes() for file in taken.iterdir()} == {file.name: file.read_bytes() for file in made.iterdir()}
    away = SharedRenditions(Depot("http://a:b@127.0.0.1:1/x"), note)
    away.share(digest, made)
    assert not away.bring(digest, half)


@pytest.mark.parametrize("address", ["", "x", "ftp://a/b", "http://a", "http://a/", "s3://", "http://a:99999/b", "\0", "http://[::1/x"])
def test_what_is_no_address_of_a_bucket_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        Depot(address)


def test_a_wrong_secret_is_told(tmp_path: Path) -> None:
    fresh_bucket()
    server = the_server()
    assert not isinstance(server, str)
    with pytest.raises(Unreachable):
        Depot(server.address("loa-wrong", "wrong")).ask()
