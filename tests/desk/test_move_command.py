"""An office with signed posts, their pictures and their log moves to servers, and every command finds it there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.approving import posts_to_come
from desk.command import run
from desk.crew import bring_to_schedule, crew_of
from desk.occupation import occupy
from desk.place import Place
from desk.remembering import open_store
from desk.workbench import open_workbench
from editorial.clock import SimulatedClock, SystemClock
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.station import Station
from store.depot import Depot
from store.shared_media import SharedMediaStore
from store.store import Store
from tests.store.postgres_cluster import fresh_postgresql
from tests.store.s3_server import fresh_bucket
from tests.story.workspace import make_workspace

ENTRY = "bao-cao-quy-iv"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY,))
    engine = EmbeddedEngine()
    with open_workbench(Place(root=root), root / ".loa" / "office", SimulatedClock(datetime(2026, 11, 2, tzinfo=UTC))) as bench:
        bring_to_schedule(bench, ENTRY, posts_to_come(bench, ENTRY, engine), crew_of(bench))
    engine.stop()
    return root


@pytest.fixture
def office(signed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(signed)
    for name in ("LOA_DATABASE", "LOA_BROKER", "LOA_MEDIA"):
        monkeypatch.delenv(name, raising=False)
    yield signed


def test_an_office_that_is_open_does_not_move(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with occupy(office / ".loa" / "office"):
        assert run(["move", "--to", fresh_postgresql()]) == 2
    assert "đang dùng" in capsys.readouterr().err


def test_a_database_that_is_not_empty_is_refused(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = fresh_postgresql()
    with Store.open(url, clock=SystemClock()) as store:
        store.settings.set("of", "somebody else")
    assert run(["move", "--to", url]) == 2
    assert capsys.readouterr().err.strip().startswith("--to: kho ở địa chỉ này đã có dữ liệu")
    assert run(["held"]) == 0, "the old office goes on"


def test_the_office_moves_with_its_pictures_and_every_command_finds_it_there(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url, bucket = fresh_postgresql(), fresh_bucket()
    assert run(["workflow", ENTRY]) == 0
    before = capsys.readouterr().out
    assert run(["move", "--to", url, "--media", bucket]) == 0
    assert "mọi dòng khớp" in capsys.readouterr().out
    assert run(["move", "--to", url, "--media", bucket]) == 0
    assert "từ trước" in capsys.readouterr().out
    for command in (["held"], ["pauses"], ["workflow", ENTRY]):
        assert run(command) == 2
        assert "đã chuyển sang máy chủ PostgreSQL; hãy đặt LOA_DATABASE" in capsys.readouterr().err
    monkeypatch.setenv("LOA_DATABASE", url)
    monkeypatch.setenv("LOA_MEDIA", bucket)
    assert run(["workflow", ENTRY]) == 0
    assert capsys.readouterr().out == before
    assert run(["audit", "verify"]) == 0
    assert run(["pauses"]) == 0
    assert "chuyển sổ" not in capsys.readouterr().out
    clock = SystemClock()
    elsewhere = SharedMediaStore(tmp_path / "media", Depot(bucket))
    with Store.open(url, clock=clock, media=elsewhere) as store:
        station = Station(store=store, publishers={}, clock=clock)
        posts = [station.to_send(each.post_key, each.post_digest) for each in store.deliveries.list()]
    assert posts and any(post.media for post in posts), "another machine has every picture as it was signed"
    store, media = open_store(office / ".loa" / "office", clock)
    with store:
        assert isinstance(media, SharedMediaStore)
