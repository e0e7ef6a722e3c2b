"""What is kept is not taken at its word: what reads otherwise than it was signed does not go out, whoever changed it and how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from editorial.delivery import Delivery, HoldReason, State
from editorial.post import Post
from store.database import Database
from store.media import MediaStore
from tests.scheduler.fake_platform import SETTLE
from tests.scheduler.office import Office, open_office
from tests.store.fresh_database import DATABASES, fresh_database
from tests.store.ledger_posts import DUE, approval, post, with_picture

KEY, ENTRY = "giai-phong.portal.2026", "giai-phong"
EARLY = "2026-10-10 01:00:00.000000"  # when the clock begins


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(tmp_path: Path, database: str) -> str:
    return fresh_database(tmp_path, database)


@pytest.fixture
def office(tmp_path: Path, url: str) -> Iterator[Office]:
    opened = open_office(tmp_path, url=url)
    yield opened
    opened.store.close()


def change(url: str, statement: str, **values: object) -> None:
    """Change a row as somebody with the database in hand would; exactly so many rows as there are."""
    database = Database(url)
    with database.write() as connection:
        assert connection.execute(text(statement), values).rowcount >= 1
    database.close()


def held(office: Office, delivery: Delivery) -> bool:
    after = office.now(delivery)
    return (after.state, after.hold_reason) == (State.HELD, HoldReason.UNAPPROVED) and office.platform.calls == []


@pytest.mark.parametrize("in_hand", [False, True])
@pytest.mark.parametrize("values", ["", f", due_at = '{EARLY}'", ", channel = 'facebook'", ", entry = 'muc-khac'"])
def test_a_post_goes_out_where_and_when_it_was_signed_to_whatever_its_row_says(
    office: Office, url: str, values: str, in_hand: bool
) -> None:
    ready = post(due_at=DUE + timedelta(hours=5))
    delivery = office.store.deliveries.plan(ready)
    office.store.approvals.save(approval([ready]), [ready])
    queued = ", state = 'queued'" if in_hand else ""
    change(url, f"UPDATE deliveries SET next_at = '{EARLY}'{values}{queued}")
    office.run()
    assert office.platform.calls == []
    assert in_hand or held(office, delivery)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posts SET body = replace(body, 'ngày trở về', 'ngày ra đi')",
        "UPDATE posts SET body = replace(body, '\"due_at\":\"2026-10-10T01:00:00Z\"', '\"due_at\":\"2026-10-09T01:00:00Z\"')",
        "UPDATE posts SET body = '{}'",
        "UPDATE posts SET channel = 'facebook'",
        "UPDATE approvals SET digest = 'd0' || substr(digest, 3)",
        "UPDATE approvals SET entry = 'muc-khac'",
    ],
)
def test_a_row_that_was_altered_after_it_was_signed_is_held(office: Office, url: str, statement: str) -> None:
    delivery = office.plan(KEY)
    assert office.store.signatures.contradictions() == ()
    change(url, statement)
    office.run()
    assert held(office, delivery)
    assert office.store.signatures.contradictions()


def test_another_version_that_nobody_signed_cannot_be_slipped_under_a_signature(office: Office, url: str) -> None:
    delivery, other = office.plan(KEY), post(KEY, text="Lời chưa ai duyệt")
    office.store.posts.save(other)
    change(url, "UPDATE approved_posts SET post_digest = :digest", digest=other.digest)
    change(url, "UPDATE deliveries SET post_digest = :digest", digest=other.digest)
    office.run()
    assert held(office, delivery)


def test_an_approval_that_was_taken_back_cannot_be_revived_in_its_row(office: Office, url: str) -> None:
    delivery = office.plan(KEY)
    office.store.approvals.revoke(ENTRY, who="Minh", why="sai số liệu")
    assert office.store.signatures.contradictions() == ()
    change(url, "UPDATE approvals SET revoked_at = NULL, revoked_by = NULL, revoked_why = NULL")
    office.run()
    assert held(office, delivery)
    (found,) = office.store.signatures.contradictions()
    assert found.subject == ENTRY and "nhật ký ghi là chưa ký hoặc đã gỡ" in found.what


def test_an_approval_that_is_gone_is_missed(office: Office, url: str) -> None:
    office.plan(KEY)
    change(url, "DELETE FROM approved_posts")
    change(url, "DELETE FROM approvals")
    (found,) = office.store.signatures.contradictions()
    assert found.subject == ENTRY and "không còn" in found.what


def test_an_approval_taken_back_by_nobody_is_told(office: Office, url: str) -> None:
    office.plan(KEY)
    change(url, "UPDATE approvals SET revoked_at = at")
    (found,) = office.store.signatures.contradictions()
    assert "không ghi ai gỡ" in found.what


def test_an_approval_that_no_log_knows_of_is_none(office: Office, url: str) -> None:
    ready = post(KEY)
    delivery = office.store.deliveries.plan(ready)
    digest = approval([ready]).digest
    change(url, "INSERT INTO approvals (id, entry, digest, author, approver, at) VALUES (9, :entry, :digest, 'a', 'b', :at)",
           entry=ENTRY, digest=digest, at="2026-10-10 01:00:00.000000")  # fmt: skip
    change(url, "INSERT INTO approved_posts VALUES (9, :key, :digest)", key=KEY, digest=ready.digest)
    office.run()
    assert held(office, delivery)


def test_what_is_signed_again_after_it_was_taken_back_goes_out(office: Office) -> None:
    delivery = office.plan(KEY)
    office.store.approvals.revoke(ENTRY, who="Minh", why="xem lại")
    ready = office.store.posts.version(KEY, delivery.post_digest)
    office.store.approvals.save(approval([ready]), [ready])
    office.run()
    assert office.now(delivery).state is State.VERIFIED


class TestFiles:
    @pytest.fixture
    def media(self, tmp_path: Path) -> MediaStore:
        return MediaStore(tmp_path / "media")

    def planned(self, office: Office, media: MediaStore) -> tuple[Post, Delivery]:
        path = media.put(b"anh that", ".jpg")
        ready = with_picture(post(KEY), path, path.stem)
        delivery = office.store.deliveries.plan(ready)
        office.store.approvals.save(approval([ready]), [ready])
        return ready, delivery

    def test_a_whole_file_goes_out(self, office: Office, media: MediaStore) -> None:
        _, delivery = self.planned(office, media)
        office.run()
        assert office.now(delivery).state is State.VERIFIED

    @pytest.mark.parametrize("raw", [b"anh khac", b"", None])
    def test_a_file_that_was_replaced_or_is_gone_is_held(self, office: Office, media: MediaStore, raw: bytes | None) -> None:
        ready, delivery = self.planned(office, media)
        path = ready.media[0].path
        path.unlink()
        if raw is not None:
            path.write_bytes(raw)
        office.run()
        assert held(office, delivery)

    def test_a_file_that_is_replaced_while_the_post_is_prepared_is_held(self, office: Office, media: MediaStore) -> None:
        ready, delivery = self.planned(office, media)
        prepare = office.publisher.prepare

        def slow(*given: object, **named: object) -> None:
            prepare(*given, **named)  # type: ignore[arg-type]
            ready.media[0].path.write_bytes(b"anh khac")

        office.publisher.prepare = slow  # type: ignore[method-assign]
        office.run()
        assert held(office, delivery)

    def test_what_is_kept_again_is_whole_again(self, office: Office, media: MediaStore) -> None:
        ready, delivery = self.planned(office, media)
        ready.media[0].path.write_bytes(b"anh khac")
        office.run()
        assert media.put(b"anh that", ".jpg").read_bytes() == b"anh that"
        office.store.decisions.publish_now(delivery.id, who="Minh", why="đã trả lại tệp")
        office.run()
        assert office.now(delivery).state is State.VERIFIED


def test_a_live_post_is_not_called_right_by_an_altered_row(office: Office, url: str) -> None:
    delivery = office.plan(KEY)
    office.platform.words = {KEY: "Lời lạ"}
    office.platform.lag = SETTLE / 2
    office.run()
    change(url, "UPDATE posts SET body = replace(body, :was, 'Lời lạ')", was=f"Hà Nội ngày trở về {KEY}")
    office.live()
    after = office.now(delivery)
    assert (after.state, after.hold_reason) == (State.HELD, HoldReason.DRIFT)
    assert "audit verify" in after.detail
