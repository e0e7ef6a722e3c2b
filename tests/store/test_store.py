"""What an office remembers besides its deliveries."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

from editorial.approval import Approval, package_digest
from editorial.changes import entry_changes
from editorial.clock import SimulatedClock
from editorial.entry import Entry, MediaOrder
from editorial.fact import Fact, FactKind
from editorial.message import Message
from editorial.outcome import LivePost, Unauthorized, Unavailable
from editorial.source import Source
from editorial.tone import Tone
from store.connections import Connection
from store.database import Database
from store.media import MediaStore
from store.migration import FOLDER, newest
from store.schema import ENTRY_REVISIONS, METADATA
from store.secrets import AccountSecrets, Bond
from store.store import Store
from tests.store.fresh_database import lay_empty
from tests.store.ledger_posts import DUE, approval, post, with_picture


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    with Store.open(url, clock=SimulatedClock(DUE), media_folder=tmp_path / "media") as opened:
        yield opened


def test_the_migrations_make_exactly_the_tables_of_the_schema(url: str) -> None:
    made = Database(url)
    with made.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    made.close()


def test_the_newest_revision_is_known_by_its_file_and_a_store_that_has_it_loads_no_alembic(tmp_path: Path) -> None:
    assert newest() == ScriptDirectory(str(FOLDER)).get_current_head()
    lay_empty(tmp_path / "loa.db")
    program = "import sys; from store.store import Store; from editorial.clock import SystemClock\n"
    program += "Store.open(sys.argv[1], clock=SystemClock()).close(); print([each for each in sys.modules if 'alembic' in each])"
    command = [sys.executable, "-P", "-c", program, f"sqlite:///{tmp_path}/loa.db"]
    found = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(FOLDER.parents[1])}, capture_output=True, text=True)
    assert found.stdout.strip() == "[]", found.stderr


def test_a_ledger_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="outlive"):
        Store.open("sqlite://", clock=SimulatedClock(DUE))


def test_a_post_comes_back_with_the_same_digest_and_every_version_stays(store: Store, tmp_path: Path) -> None:
    first = with_picture(post(), tmp_path / "media" / "sha256" / "a.jpg")
    second = post(text="Lời khác")
    store.posts.save(first)
    store.posts.save(second)
    assert store.posts.version(first.key, first.digest) == first
    assert (store.posts.get(first.key), store.posts.of_entry(first.entry)) == (second, (second,))


def test_what_a_post_was_made_of_comes_back_whole(store: Store) -> None:
    facts = (
        Fact(id="a", kind=FactKind.NUMBER, value=126, source="x", unit="xã, phường", as_of=date(2026, 1, 1), note="ghi chú"),
        Fact(id="b", kind=FactKind.PERCENTAGE, value=Decimal("12.50"), source="x"),
        Fact(id="c", kind=FactKind.DATE, value=date(2026, 10, 10), source="x"),
        Fact(id="d", kind=FactKind.TIME, value=time(8, 30), source="x"),
        Fact(id="e", kind=FactKind.DOCUMENT, value="02-NQ/TW", source="x"),
        Fact(id="f", kind=FactKind.PHONE, value="1022", source="x"),
    )
    message = Message(language="vi", headline="Tin {{ fact.a }}", summary="Tóm tắt", body="Nội dung", hashtags=("HaNoi",))
    data = {"vi": {"steps": [{"n": 1.5, "ok": True}]}}
    order = MediaOrder(id="anh", template="infographic/steps", data=data, alt={"vi": "Ảnh"})
    entry = Entry(id="giai-phong", group="1.1", axis="ubnd", unit="btgdv", tone=Tone.SOLEMN, when="2026-10-10@08:00",
                  channels=("portal",), messages={"vi": message}, media=(order,), facts=facts[:2], uses=("a", "c"))  # fmt: skip
    source = Source(entry=entry, facts={fact.id: fact for fact in facts})
    first, second = post(), post(text="Lời khác")
    store.sources.keep((first,), source)
    store.sources.keep((first, second), source)
    store.posts.save(second)
    assert store.sources.of(first) == source == store.sources.of(second)
    assert store.sources.of(post(text="Lời chưa giữ")) is None


def test_media_are_found_where_the_folder_was_moved_to(url: str, tmp_path: Path) -> None:
    ready = with_picture(post(), tmp_path / "old" / "a.jpg")
    with Store.open(url, clock=SimulatedClock(DUE), media_folder=tmp_path / "old") as before:
        before.posts.save(ready)
    with Store.open(url, clock=SimulatedClock(DUE), media_folder=tmp_path / "new") as after:
        assert after.posts.get(ready.key).media[0].path == tmp_path / "new" / "a.jpg"


def test_an_approval_is_kept_with_the_bytes_that_it_signs(store: Store) -> None:
    ready = post()
    signed = approval([ready])
    store.approvals.save(signed, [ready])
    assert store.approvals.latest(ready.entry) == signed
    assert store.approvals.covers(ready.key, ready.digest)
    store.approvals.revoke(ready.entry, who="Minh", why="sai số liệu")
    assert store.approvals.latest(ready.entry) is None
    assert not store.approvals.covers(ready.key, ready.digest)
    assert [deed.action for deed in store.audit.of(ready.entry)] == ["approve", "revoke"]


def test_an_approval_for_other_posts_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="other posts"):
        store.approvals.save(approval([post()]), [post(text="Lời khác")])


def test_the_database_itself_refuses_an_author_who_approves(store: Store) -> None:
    ready = post()
    own = Approval(entry=ready.entry, digest=package_digest([ready]), author="Lan", approver="Lan", at=DUE)
    with pytest.raises(IntegrityError):
        store.approvals.save(own, [ready])
    assert store.approvals.latest(ready.entry) is None


def test_who_handed_an_entry_in_is_remembered(store: Store) -> None:
    made = store.submissions.save("tet", "d" * 64, "Lan")
    assert store.submissions.latest("tet") == made
    assert store.submissions.latest("khac") is None


def test_an_entry_card_says_what_the_entry_says_now(store: Store) -> None:
    message = Message(language="vi", headline="Hà Nội ngày trở về", summary="", body="")
    entry = Entry(id="giai-phong", group="1.7", axis="vhtt", unit="so-vhtt", tone=Tone.SOLEMN, when="giai_phong@08:00",
                  channels=("portal",), messages={"vi": message}, file="content/giai-phong.md")  # fmt: skip
    store.entries.save(entry)
    store.entries.save(entry)
    (card,) = store.entries.all()
    assert card == store.entries.get("giai-phong")
    assert (card.title, card.tone, card.revision) == ("Hà Nội ngày trở về", Tone.SOLEMN, entry.revision)


def test_what_an_entry_said_in_each_revision_is_kept_and_compared_field_by_field(store: Store, url: str) -> None:
    message = Message(language="vi", headline="Hà Nội ngày trở về", summary="", body="")
    entry = Entry(id="giai-phong", group="1.7", axis="vhtt", unit="so-vhtt", tone=Tone.SOLEMN, when="giai_phong@08:00",
                  channels=("portal",), messages={"vi": message}, file="content/giai-phong.md")  # fmt: skip
    other = replace(entry, tone=Tone.FESTIVE, messages={"vi": replace(message, body="Lời khác")})
    store.entries.save(entry)
    store.entries.save(other)
    said = store.entries.said(entry.id, entry.revision)
    assert said and entry_changes(said, entry, shown=False) == ()
    found = {change.field: (change.before, change.after) for change in entry_changes(said, other, shown=False)}
    assert found == {"tone": ("solemn", "festive"), "messages.vi.body": ("", "Lời khác")}
    assert [change.field for change in entry_changes(said, other, shown=True)] == ["tone"]
    assert store.entries.said(entry.id, "0" * 64) is None
    made = Database(url)
    with pytest.raises(IntegrityError), made.write() as connection:
        connection.execute(ENTRY_REVISIONS.delete())
    made.close()


def test_handles_belong_to_one_version_of_a_post(store: Store) -> None:
    delivery = store.deliveries.plan(post())
    handles = store.handles.of(delivery)
    handles.save("draft", "1")
    handles.save("draft", "2")
    assert store.handles.of(delivery).all() == {"draft": "2"}
    assert store.handles.of(store.deliveries.plan(post(text="Lời khác"))).get("draft") is None


def test_readings_come_back_as_they_were(store: Store) -> None:
    delivery = store.deliveries.plan(post())
    live = LivePost(remote_id="1", url=None, text="chào", visible=True, media_count=0)
    made = [store.readings.add(delivery.id, live, ()), store.readings.add(delivery.id, None, ("không còn thấy bài",))]
    assert store.readings.of(delivery.id) == tuple(made)


def test_what_an_adapter_notes_of_its_account_outlives_the_process_and_no_addition_is_lost(store: Store) -> None:
    notes = store.settings.of("youtube")
    assert (notes.get("near-end"), notes.add("quota", 50)) == ("", 50)
    notes.put("near-end", "7")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: store.settings.of("youtube").add("quota", 1), range(40)))
    again = store.settings.of("youtube")
    assert (again.get("near-end"), again.get("quota")) == ("7", "90")
    assert store.settings.of("facebook").get("quota") == ""


def test_secrets_are_replaced_together_and_a_missing_one_asks_for_a_connection(store: Store) -> None:
    secrets = store.secrets.of("zalo")
    with pytest.raises(Unauthorized):
        secrets.get("access")
    secrets.replace({"access": "truy-cap-cu", "refresh": "lam-moi-cu"})
    secrets.replace({"access": "truy-cap-moi", "refresh": "lam-moi-moi"})
    assert (secrets.get("access"), secrets.get("refresh")) == ("truy-cap-moi", "lam-moi-moi")
    assert "truy-cap" not in repr(secrets)


@pytest.mark.parametrize("name", ["Trang Hà Nội", "Trang khác"])
def test_credentials_tied_to_a_connection_are_neither_read_nor_replaced_once_there_is_another(
    store: Store, name: str
) -> None:
    clock = store.clock
    assert isinstance(clock, SimulatedClock)

    def connect(named: str, token: str) -> AccountSecrets:
        made = Connection(base_url="https://a.example", settings={}, name=named)
        store.connections.connect("facebook", made, secrets={"page_token": token}, notes={}, who="Lan")
        clock.advance(timedelta(seconds=1))
        kept = store.connections.of("facebook")
        assert kept is not None
        return store.secrets.of("facebook", kept.bond)

    stand_in = store.secrets.of("facebook", Bond(made_at=None))
    stand_in.replace({"page_token": "thu"})
    assert stand_in.get("page_token") == "thu"
    before, after = connect("Trang Hà Nội", "mot"), connect(name, "hai")
    for past in (stand_in, before):
        for asked in ("page_token", "app_secret"):
            with pytest.raises(Unavailable):
                past.get(asked)
        with pytest.raises(Unavailable):
            past.replace({"page_token": "mot"})
    after.replace({"page_token": "ba"})
    assert after.get("page_token") == store.secrets.of("facebook").get("page_token") == "ba"
    store.connections.disconnect("facebook", who="Lan")
    with pytest.raises(Unauthorized):
        after.get("page_token")
    with pytest.raises(Unavailable):
        after.replace({"page_token": "bon"})


def test_what_is_noted_of_a_connection_is_noted_no_more_once_there_is_another(store: Store) -> None:
    stand_in = store.settings.of("facebook", Bond(made_at=None))
    stand_in.put("near-end", "7")
    assert (stand_in.add("quota", 2), stand_in.get("near-end")) == (2, "7")
    store.connections.connect("facebook", Connection(base_url="https://a.example", settings={}, name="Trang"), secrets={},
                              notes={"quota": "5"}, who="Lan")  # fmt: skip
    stand_in.put("near-end", "8")
    stand_in.add("quota", 1)
    kept = store.connections.of("facebook")
    assert kept is not None
    notes = store.settings.of("facebook", kept.bond)
    assert (notes.get("near-end"), notes.add("quota", 1)) == ("", 6)


def test_an_installation_counts_its_starts(store: Store) -> None:
    assert store.installation.current() is None
    first, second = store.installation.start(), store.installation.start()
    assert (first.id, second.generation) == (second.id, 2)


def test_settings_have_a_default(store: Store) -> None:
    assert store.settings.get("office", "chưa đặt") == "chưa đặt"
    store.settings.set("office", "Sở VHTT")
    assert store.settings.get("office") == "Sở VHTT"


def test_a_pause_set_twice_is_one_pause(store: Store) -> None:
    for _ in range(2):
        store.halts.set("all", why="quốc tang", who="Minh")
    assert [halt.why for halt in store.halts.standing()] == ["quốc tang"]
    store.halts.lift("all", who="Minh")
    assert store.halts.standing() == ()


def test_a_moment_is_the_same_whatever_zone_it_was_given_in(store: Store) -> None:
    ready = post(due_at=(DUE + timedelta(hours=1)).astimezone())
    assert store.deliveries.plan(ready).due_at == DUE + timedelta(hours=1)


class TestMedia:
    def test_the_same_bytes_are_kept_once_under_their_digest(self, tmp_path: Path) -> None:
        media, source = MediaStore(tmp_path / "media"), tmp_path / "a.jpg"
        source.write_bytes(b"anh")
        digest = hashlib.sha256(b"anh").hexdigest()
        kept = media.put(source, ".jpg")
        assert kept == media.put(b"anh", ".jpg") == media.path_of(digest) == media.named(f"{digest}.jpg")
        assert kept.read_bytes() == b"anh"
        assert [file.name for file in (tmp_path / "media").rglob("*") if file.is_file()] == [f"{digest}.jpg"]

    @pytest.mark.parametrize("name", ["", "x.jpg", "../loa.db", "a" * 64 + ".jpg", "a" * 64 + "./../../x"])
    def test_a_name_that_is_no_digest_finds_nothing(self, tmp_path: Path, name: str) -> None:
        media = MediaStore(tmp_path / "media")
        media.put(b"anh", ".jpg")
        assert media.named(name) is None
