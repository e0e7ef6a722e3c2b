"""The portal's channel against a real WordPress: what the stand-in promises, WordPress does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest

from editorial.likeness import differences
from editorial.outcome import Absent, CannotTell, Found, OutcomeUnknown, Receipt, Unauthorized, Unavailable
from editorial.post import Medium, Post
from publishers.contract import Account
from publishers.slug import page_slug
from publishers.web_portal.publisher import WebPortalPublisher
from tests.publishers.bench import HANOI_MORNING, MemoryHandles, MemorySecrets, a_post, clip, picture
from tests.wordpress.cutting_proxy import Cut, Road, road_to
from tests.wordpress.site import Site, missing, running

pytestmark = pytest.mark.wordpress

_numbers = count(1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a running WordPress; where the packages are missing, skip at home and fail in CI."""
    if lacking := missing():
        reason = f"không có WordPress thật để thử; cài bằng apt-get install những gì thiếu: {', '.join(lacking)}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with running(tmp_path_factory.mktemp("wordpress")) as site:
        yield site


@pytest.fixture(scope="module")
def road(site: Site) -> Iterator[Road]:
    with road_to(site.address) as road:
        yield road


class Portal:
    """One office's account on the site, the post it is about to publish, and what a reader or an editor finds."""

    def __init__(
        self, site: Site, address: str, folder: Path, user: str = "scheduler", password: str | None = None, **settings: str
    ) -> None:
        self._site = site
        secrets = MemorySecrets({"username": user, "application_password": password or site.passwords[user]})
        patience = timedelta(seconds=60)
        self.publisher = WebPortalPublisher(
            Account(channel="web_portal", base_url=address, settings=settings, secrets=secrets, deadline=patience)
        )
        self.handles = MemoryHandles()
        number = next(_numbers)  # bytes of its own for each post, since the same bytes are uploaded once
        self.media: tuple[Medium, ...] = (picture(folder, shade=number), picture(folder, "anh-2", 100 + number), clip(folder))
        self.post: Post = a_post("web_portal", self.media, number)

    def prepare(self) -> None:
        self.publisher.prepare(self.post, key=self.post.key, handles=self.handles)

    def publish(self) -> Receipt:
        return self.publisher.publish(self.post, key=self.post.key, handles=self.handles)

    def look(self) -> object:
        return self.publisher.find(self.post, key=self.post.key, handles=self.handles, since=HANOI_MORNING)

    def shown(self, post: Post, receipt: Receipt) -> tuple[str, ...]:
        live = self.publisher.read_back(receipt)
        assert live is not None
        assert live.visible
        return differences(self.publisher.shown(post), live)

    def listed(self, **filters: str) -> list[str]:
        """Return the slugs of this post's copies as an editor's list shows them: also drafts, when asked for any status."""
        pair = ("scheduler", self._site.passwords["scheduler"])
        query = {"search": self.post.variant.title, "per_page": "50", **filters}
        with httpx.Client(auth=pair, timeout=60, trust_env=False) as client:
            found = client.get(f"{self._site.address}/wp-json/wp/v2/posts", params=query).raise_for_status().json()
        return [row["slug"] for row in found if row["title"]["rendered"] == self.post.variant.title]


@pytest.fixture
def portal(site: Site, road: Road, tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(site, road.address, tmp_path)
    yield portal
    portal.publisher.close()


def test_what_the_public_reads_is_word_for_word_and_byte_for_byte_what_was_approved(portal: Portal) -> None:
    portal.prepare()
    assert portal.listed() == []
    receipt = portal.publish()
    assert portal.shown(portal.post, receipt) == ()
    assert portal.listed() == [page_slug(portal.post.key)]


def test_a_reader_without_an_account_sees_the_page_with_its_pictures(portal: Portal) -> None:
    portal.prepare()
    receipt = portal.publish()
    assert receipt.url
    with httpx.Client(timeout=60, trust_env=False) as reader:
        page = reader.get(receipt.url)
        assert page.status_code == 200
        assert "cầu <strong>Long Biên</strong> cấm xe máy từ 6 giờ." in page.text
        address = portal.handles.values[f"m-{portal.media[1].sha256[:16]}.address"]
        assert address in page.text
        assert reader.get(address).content == portal.media[1].path.read_bytes()


def test_preparing_twice_makes_one_draft_and_one_of_each_medium(portal: Portal) -> None:
    portal.prepare()
    first = dict(portal.handles.values)
    portal.handles.values.clear()
    portal.prepare()
    assert portal.handles.values == first
    assert portal.listed(status="any") == [page_slug(portal.post.key)]


@pytest.mark.parametrize("cut", list(Cut))
def test_a_lost_answer_to_the_draft_leaves_one_draft(portal: Portal, road: Road, cut: Cut) -> None:
    road.break_at(cut, "/posts")
    with pytest.raises(Unavailable):
        portal.prepare()
    portal.prepare()
    portal.publish()
    assert portal.listed(status="any") == [page_slug(portal.post.key)]


@pytest.mark.parametrize("cut", list(Cut))
def test_a_lost_answer_to_the_upload_leaves_one_medium(portal: Portal, road: Road, cut: Cut) -> None:
    road.break_at(cut, "/media")
    with pytest.raises(Unavailable):
        portal.prepare()
    portal.prepare()
    assert portal.shown(portal.post, portal.publish()) == ()


def test_a_lost_answer_to_the_publication_is_unknown_and_the_page_is_found(portal: Portal, road: Road) -> None:
    portal.prepare()
    road.break_at(Cut.AFTER, f"/posts/{portal.handles.values['post']}")
    with pytest.raises(OutcomeUnknown):
        portal.publish()
    found = portal.look()
    assert isinstance(found, Found)
    assert portal.shown(portal.post, found.receipt) == ()
    assert portal.listed() == [page_slug(portal.post.key)]


def test_a_publication_that_was_never_heard_is_unknown_and_proved_absent(portal: Portal, road: Road) -> None:
    portal.prepare()
    road.break_at(Cut.BEFORE, f"/posts/{portal.handles.values['post']}")
    with pytest.raises(OutcomeUnknown):
        portal.publish()
    assert portal.look() == Absent(proof=True)
    portal.publish()
    assert portal.listed() == [page_slug(portal.post.key)]


def test_a_publication_repeated_in_full_shows_one_page(portal: Portal) -> None:
    portal.prepare()
    assert portal.publish() == portal.publish()
    assert portal.listed() == [page_slug(portal.post.key)]


def test_a_corrected_page_keeps_its_address_and_says_the_new_words(portal: Portal, tmp_path: Path) -> None:
    portal.prepare()
    before = portal.publish()
    words = replace(portal.post.variant, html="<p>Cấm xe máy đến 10 giờ &amp; không sớm hơn.</p>", summary="Đến 10 giờ.")
    media = (picture(tmp_path, "anh-moi", 250), *portal.media[1:])
    post = replace(portal.post, variant=words, media=media)
    for _ in range(2):
        after = portal.publisher.correct(before, post, handles=portal.handles)
    assert (after.remote_id, after.url) == (before.remote_id, before.url)
    assert portal.shown(post, after) == ()
    assert portal.shown(portal.post, after) != ()


def test_a_site_without_permalinks_is_published_to_as_well(site: Site, tmp_path: Path) -> None:
    portal = Portal(site, site.address, tmp_path, plain_permalinks="true")
    portal.prepare()
    receipt = portal.publish()
    assert portal.shown(portal.post, receipt) == ()
    portal.publisher.correct(receipt, portal.post, handles=portal.handles)
    assert portal.publisher.comments(receipt, since=HANOI_MORNING) == ()
    portal.publisher.withdraw(receipt)
    assert portal.listed() == []
    portal.publisher.close()


def test_a_withdrawn_page_is_gone_for_readers_and_may_be_withdrawn_again(portal: Portal) -> None:
    portal.prepare()
    receipt = portal.publish()
    for _ in range(2):
        portal.publisher.withdraw(receipt)
    assert portal.publisher.read_back(receipt) is None
    assert portal.listed() == []
    assert isinstance(portal.look(), CannotTell)


def test_an_editor_who_changes_a_live_page_by_hand_is_found_out(portal: Portal, site: Site) -> None:
    portal.prepare()
    receipt = portal.publish()
    with httpx.Client(auth=("scheduler", site.passwords["scheduler"]), timeout=60, trust_env=False) as editor:
        content = {"content": "<p>Cầu Long Biên cấm xe máy từ 7 giờ.</p>"}
        editor.post(f"{site.address}/wp-json/wp/v2/posts/{receipt.remote_id}", json=content).raise_for_status()
    assert portal.shown(portal.post, receipt) != ()


def test_a_wrong_password_and_an_account_that_may_not_publish_ask_for_a_connection(site: Site, tmp_path: Path) -> None:
    for user, password in (("scheduler", "aaaa bbbb cccc dddd eeee ffff"), ("guest", None)):
        portal = Portal(site, site.address, tmp_path, user, password)
        with pytest.raises(Unauthorized) as caught:
            portal.prepare()
        assert "aaaa" not in f"{caught.value!r}{caught.value}"
        portal.publisher.close()
    assert portal.listed(status="any") == []


def test_the_account_says_who_it_is_and_what_its_role_lacks(site: Site, tmp_path: Path) -> None:
    editor, guest = (Portal(site, site.address, tmp_path, user) for user in ("scheduler", "guest"))
    assert (editor.publisher.greet().name, editor.publisher.greet().lacks) == ("scheduler", ())
    assert "đăng bài" in guest.publisher.greet().lacks
    for portal in (editor, guest):
        portal.publisher.close()


def test_comments_are_read_and_answered_once_in_their_thread(portal: Portal, road: Road) -> None:
    portal.prepare()
    receipt, since = portal.publish(), datetime.now(UTC) - timedelta(minutes=1)
    assert portal.publisher.comments(receipt, since=since) == ()
    asked = portal.publisher.answer(receipt, "Đến mấy giờ “thông xe”? <b>A & B</b>")
    road.break_at(Cut.AFTER, "/comments")
    with pytest.raises(OutcomeUnknown):
        portal.publisher.answer(receipt, "Đến 10 giờ.", to=asked)
    with pytest.raises(OutcomeUnknown, match="đã có"):  # WordPress says that it has these words, which is how a person knows
        portal.publisher.answer(receipt, "Đến 10 giờ.", to=asked)
    one, other = portal.publisher.comments(receipt, since=since)
    assert (one.id, one.text, one.parent) == (asked, "Đến mấy giờ “thông xe”? A & B", None)
    assert (other.text, other.parent) == ("Đến 10 giờ.", asked)
    assert portal.publisher.comments(receipt, since=datetime.now(UTC) + timedelta(minutes=1)) == ()


def test_two_offices_that_make_the_same_draft_at_once_end_with_one(portal: Portal, site: Site) -> None:
    """WordPress never refuses a taken slug, it adds -2; the later draft is deleted and the earlier one adopted."""
    slug = page_slug(portal.post.key)
    with httpx.Client(auth=("scheduler", site.passwords["scheduler"]), timeout=60, trust_env=False) as other:
        draft = {"title": portal.post.variant.title, "slug": slug, "status": "draft"}
        address = f"{site.address}/wp-json/wp/v2/posts"
        made = [other.post(address, json=draft).raise_for_status().json() for _ in range(2)]
    assert [row["slug"] for row in made] == [slug, f"{slug}-2"]
    portal.prepare()
    assert portal.handles.values["post"] == str(made[0]["id"])
