"""The keys of webhooks' signatures lie encrypted: no file of the database can be read for one, and each opens in its own row."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from editorial.clock import SimulatedClock
from store.schema import SETTINGS, WEBHOOKS
from store.store import Store
from store.vault import FILE, FINGERPRINT, KeyPlace, Unopened
from store.webhooks import SECRET_MARK, News
from tests.store.postgres_cluster import the_cluster
from tests.store.test_vault import everything, key

URL, OTHER = "https://may.example.vn/loa", "https://may-khac.example.vn/loa"
OLD = SECRET_MARK + "dHJhbmctdGhhdC0wMTIzNDU2Nzg5YWJjZGVmZ2hpams="


def files_of(url: str, folder: Path) -> bytes:
    """Return all bytes in which a database lies: SQLite's files with its log, or those of PostgreSQL with its own."""
    if url.startswith("sqlite"):
        return everything(folder)
    cluster = the_cluster()
    assert not isinstance(cluster, str)
    if cluster.folder is None:
        pytest.skip("the files of somebody else's server cannot be read")
    cluster.run("CHECKPOINT")
    number = cluster.ask("SELECT oid FROM pg_database WHERE datname = %s", url.rpartition("/")[2])
    folders = (cluster.folder / "data" / "base" / number, cluster.folder / "data" / "global", cluster.folder / "data" / "pg_wal")
    return b"".join(each.read_bytes() for folder in folders for each in folder.rglob("*") if each.is_file())


def kept(store: Store) -> list[str]:
    with store._database.read() as connection:
        return list(connection.execute(select(WEBHOOKS.c.secret).order_by(WEBHOOKS.c.id)).scalars())


def test_a_new_key_comes_back_and_is_in_no_file_of_the_database(url: str, store: Store, tmp_path: Path) -> None:
    made = store.webhooks.add(URL, tuple(News), by="quan-tri")
    secret = store.webhooks.secret(store.webhooks.get(made.id))
    assert secret.startswith(SECRET_MARK) and len(secret) > 40 and secret == store.webhooks.secret(made)
    assert secret not in repr(made) and made.sealed not in repr(made)
    found = files_of(url, tmp_path)
    assert URL.encode() in found, "these are the files"
    assert secret.encode() not in found and secret.removeprefix(SECRET_MARK).encode() not in found


def readable(store: Store, secret: str) -> None:
    """Let a webhook's row lie as a version before the vault left it."""
    with store._database.write() as connection:
        connection.execute(update(WEBHOOKS).values(secret=secret))
        connection.execute(SETTINGS.delete().where(SETTINGS.c.name == FINGERPRINT))


def test_a_key_that_an_older_version_kept_readable_is_encrypted_when_the_store_is_opened(
    url: str, clock: SimulatedClock, tmp_path: Path
) -> None:
    with Store.open(url, clock=clock) as store:
        id = store.webhooks.add(URL, tuple(News), by="quan-tri").id
        readable(store, OLD)
    with Store.open(url, clock=clock) as store:
        assert store.webhooks.secret(store.webhooks.get(id)) == OLD, "the receiver goes on with the key that it has"
        assert kept(store)[0].startswith("v1.")
        if url.startswith("sqlite"):  # PostgreSQL keeps old rows until its vacuum
            assert OLD.encode() not in everything(tmp_path), "also not in the log beside a store that is open"
    if url.startswith("sqlite"):
        assert OLD.encode() not in everything(tmp_path)


def test_a_key_in_anothers_row_or_under_another_address_signs_nothing(store: Store) -> None:
    one, other = (store.webhooks.add(each, tuple(News), by="quan-tri") for each in (URL, OTHER))
    with store._database.write() as connection:
        connection.execute(update(WEBHOOKS).filter_by(id=other.id).values(secret=one.sealed))
        connection.execute(update(WEBHOOKS).filter_by(id=one.id).values(url=OTHER))
    for id in (one.id, other.id):
        with pytest.raises(Unopened, match="không còn nguyên"):
            store.webhooks.secret(store.webhooks.get(id))


def test_without_the_key_webhooks_can_be_listed_and_none_is_added(tmp_path: Path, clock: SimulatedClock) -> None:
    url = f"sqlite:///{tmp_path / 'loa.sqlite'}"
    with Store.open(url, clock=clock, keys=KeyPlace(given=key(1))) as store:
        store.webhooks.add(URL, tuple(News), by="quan-tri")
    assert not (tmp_path / FILE).exists()
    with Store.open(url, clock=clock, keys=KeyPlace()) as store:
        assert [each.url for each in store.webhooks.all()] == [URL]
        with pytest.raises(Unopened):
            store.webhooks.add(OTHER, tuple(News), by="quan-tri")
        assert [each.url for each in store.webhooks.all()] == [URL]
