"""In the rehearsal a site of plain files is shown from a folder, and what its readers find there is the public's ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from desk.rehearsal_accounts import connect
from editorial.clock import SimulatedClock
from editorial.office import Channel
from publishers.static_site.publisher import StaticSitePublisher
from rehearsal.town import Town
from store.store import Store
from tests.publishers.bench import MemoryHandles, a_post
from tests.store.fresh_database import fresh_database


def channel(id: str, publisher: str) -> Channel:
    return Channel(id=id, name=f"Kênh {id}", publisher=publisher, caption="portal")


def test_pages_are_found_as_readers_find_them_and_what_has_no_stand_in_is_not_connected(tmp_path: Path) -> None:
    clock = SimulatedClock(datetime(2026, 10, 10, tzinfo=UTC))
    channels = {each.id: each for each in (channel("trang", "static_site"), channel("app", "webhook"), channel("fb", "facebook"))}
    with Store.open(fresh_database(tmp_path), clock=clock) as store, Town(clock=clock.now, folder=tmp_path / "town") as town:
        rehearsed = connect(channels, store, town, "http://127.0.0.1:9", tmp_path / "site")
        try:
            assert set(rehearsed.publishers) == {"trang", "fb"}
            assert rehearsed.platforms == {"fb": "facebook"}
            site, publisher = rehearsed.sites["trang"], rehearsed.publishers["trang"]
            assert isinstance(publisher, StaticSitePublisher)
            assert list(site.shown("trang")) == []
            posts = [a_post("trang", (), number) for number in range(3)]
            for post in posts:
                publisher.prepare(post, key=post.key, handles=MemoryHandles())
            receipts = [publisher.publish(post, key=post.key, handles=MemoryHandles()) for post in posts]
            publisher.withdraw(receipts[0])
            shown = {page.remote_id: page for page in site.shown("trang")}
            assert set(shown) == {receipt.remote_id for receipt in receipts[1:]}
            assert shown[receipts[1].remote_id].text == publisher.shown(posts[1]).variant.text
            assert shown[receipts[1].remote_id].url == receipts[1].url
        finally:
            rehearsed.close()


def test_without_a_folder_a_site_is_not_connected(tmp_path: Path) -> None:
    clock = SimulatedClock(datetime(2026, 10, 10, tzinfo=UTC))
    with Store.open(fresh_database(tmp_path), clock=clock) as store, Town(clock=clock.now, folder=tmp_path / "town") as town:
        assert connect({"trang": channel("trang", "static_site")}, store, town, "http://127.0.0.1:9").publishers == {}
