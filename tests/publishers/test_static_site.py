"""The site of plain files keeps every promise of a channel, read as its readers read it: over HTTP."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from editorial.outcome import Absent, CannotTell, Found, OutcomeUnknown, Receipt, Unauthorized, Unavailable
from editorial.post import Medium, Post
from publishers.contract import Account
from publishers.registry import open_publisher
from publishers.slug import page_slug
from publishers.static_site.feeds import ATOM, DELETED, SITEMAP
from publishers.static_site.page import read_page, shortened
from publishers.static_site.publisher import StaticSitePublisher
from publishers.subtitles import to_webvtt
from tests.publishers.bench import HandClock, MemoryHandles, MemorySecrets, a_post, clip, picture, serving
from tests.publishers.channel_contract import ChannelContract

_numbers = count(1)
OFFICE = "Văn phòng <UBND> & “Loa”"


class TestStaticSite(ChannelContract):
    channel = "static_site"
    platform = "static_site"

    @pytest.fixture(autouse=True)
    def _stage(self, clock: HandClock, tmp_path: Path) -> Iterator[None]:  # type: ignore[override]
        self.clock, self.folder, self.number = clock, tmp_path, next(_numbers)
        self.root = tmp_path / "site"
        (self.root / "public").mkdir(parents=True)
        self.handles = MemoryHandles()
        with serving(self.root / "public") as url:
            settings = {"folder": str(self.root), "site_name": OFFICE}
            self.address = url
            self.publisher = open_publisher(
                self.channel,
                Account(
                    channel="portal", base_url=f"{url}/", settings=settings, secrets=MemorySecrets({}), now=clock,
                    deadline=timedelta(seconds=5),
                ),
            )  # fmt: skip
            yield
            self.publisher.close()

    # There is no platform on the other side that could lose an answer, throttle or forget a token.
    test_a_lost_answer_is_an_unknown_outcome_and_the_post_is_found = None
    test_a_server_error_is_an_unknown_outcome_and_nothing_is_found = None
    test_a_dead_token_pauses_the_channel = None
    test_a_throttle_says_how_long_to_wait = None
    test_a_platform_that_cannot_be_reached_has_posted_nothing = None

    def media(self) -> tuple[Medium, ...]:
        return (picture(self.folder, "anh", self.number), picture(self.folder, "anh-2", 100 + self.number), clip(self.folder))

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.address}{path}", trust_env=False, follow_redirects=True)

    def live(self) -> list[dict[str, object]]:  # type: ignore[override]
        """Return what the public is told of in the feed."""
        answer = self.get("/feed.json")
        return list(answer.json()["items"]) if answer.status_code == 200 else []

    published = live  # type: ignore[assignment]

    def test_publishing_once_shows_the_public_exactly_one_post_as_approved(self) -> None:
        post = self.post()
        receipt = self.sent(post)
        assert self.shown(post, receipt) == ()
        assert [item["url"] for item in self.live()] == [receipt.url]
        again = self.publisher.publish(post, key=post.key, handles=self.handles)
        assert again == receipt
        assert len(self.live()) == 1

    def test_nothing_of_a_draft_can_be_read_before_its_moment(self) -> None:
        post = self.prepared(self.post())
        public = self.root / "public"
        assert [path for path in public.rglob("*") if path.is_file()] == []
        assert self.get(f"/bai/{page_slug(post.key)}/").status_code == 404

    def test_a_page_tells_people_networks_and_search_engines_the_same(self) -> None:
        post = self.post(title='Cầu "Long Biên" </script><b>cấm</b>')
        receipt = self.sent(post)
        html = self.get(f"/bai/{receipt.remote_id}/").text
        assert "<b>cấm</b>" not in html
        told = json.loads(html.partition('ld+json">')[2].partition("</script>")[0])
        assert (told["@type"], told["headline"], told["inLanguage"]) == ("NewsArticle", post.variant.title, "vi")
        assert told["publisher"] == {"@type": "GovernmentOrganization", "name": OFFICE, "url": f"{self.address}/"}
        assert told["datePublished"] == self.clock.now.isoformat()
        assert all(httpx.get(url, trust_env=False).content == medium.path.read_bytes()
                   for url, medium in zip(told["image"], post.images, strict=True))  # fmt: skip
        assert f'<meta property="og:url" content="{receipt.url}">' in html
        assert f'<meta property="og:image" content="{told["image"][0]}">' in html
        assert '<meta property="og:locale" content="vi_VN">' in html
        assert f'alt="{post.images[0].alt}"' in html
        assert read_page(html)[0] == post.variant.title

    def test_a_clip_has_its_poster_and_subtitles_that_a_browser_reads(self) -> None:
        post = self.post()
        receipt = self.sent(post)
        html = self.get(f"/bai/{receipt.remote_id}/").text
        track = html.partition('<track kind="captions" src="')[2].partition('"')[0]
        subtitles = post.videos[0].subtitles
        assert subtitles is not None
        assert self.get(f"/bai/{receipt.remote_id}/{track}").text == to_webvtt(subtitles.read_text(encoding="utf-8"))
        assert 'poster="' in html

    def test_all_feeds_and_the_sitemap_name_what_is_live_and_the_feed_what_was_taken_down(self) -> None:
        kept = self.sent()
        self.handles = MemoryHandles()
        self.clock.move(hours=2)
        dropped = self.sent(replace(self.post(), key="bai-hai.portal.2026"))
        self.publisher.withdraw(dropped)  # type: ignore[attr-defined]
        atom = ElementTree.fromstring(self.get("/feed.atom").content)
        ids = [entry.findtext(f"{{{ATOM}}}id") for entry in atom.iter(f"{{{ATOM}}}entry")]
        (gone,) = atom.iter(f"{{{DELETED}}}deleted-entry")
        assert len(ids) == 1
        assert gone.get("ref", "").endswith(dropped.remote_id)
        assert atom.findtext(f"{{{ATOM}}}updated") == self.clock.now.isoformat()
        rss = ElementTree.fromstring(self.get("/feed.rss").content)
        assert [item.findtext("guid") for item in rss.iter("item")] == ids
        assert [item["id"] for item in self.live()] == ids
        places = ElementTree.fromstring(self.get("/sitemap.xml").content).iter(f"{{{SITEMAP}}}loc")
        assert [place.text for place in places] == [f"{self.address}/", kept.url]
        assert f"Sitemap: {self.address}/sitemap.xml" in self.get("/robots.txt").text
        assert dropped.remote_id not in self.get("/").text

    def test_a_page_that_was_taken_down_says_so_and_keeps_nothing_of_what_it_said(self) -> None:
        post = self.post()
        receipt = self.sent(post)
        self.publisher.withdraw(receipt)  # type: ignore[attr-defined]
        page = self.get(f"/bai/{receipt.remote_id}/").text
        assert "đã được gỡ" in page
        assert "noindex" in page
        left = {path.name for path in (self.root / "public" / "bai" / receipt.remote_id).iterdir()}
        assert left == {"index.html", "page.json"}
        assert "Long Biên" not in self.get(f"/bai/{receipt.remote_id}/page.json").text
        assert isinstance(self.look(post), CannotTell)

    def test_an_entry_keeps_its_id_and_address_through_a_correction(self) -> None:
        receipt = self.sent()
        (before,) = self.live()
        self.clock.move(hours=3)
        new = replace(self.post(title="Tên mới"), media=(picture(self.folder, "anh-moi", 200),))
        self.publisher.correct(receipt, new, handles=self.handles)  # type: ignore[attr-defined]
        (after,) = self.live()
        assert (after["id"], after["url"], after["date_published"]) == (before["id"], before["url"], before["date_published"])
        assert (after["title"], after["date_modified"]) == ("Tên mới", self.clock.now.isoformat())
        assert self.shown(new, receipt) == ()
        place = self.root / "public" / "bai" / receipt.remote_id
        assert len(list(place.iterdir())) == 3, "the old pictures can no longer be downloaded"

    def test_a_page_that_somebody_changed_by_hand_is_found_out(self) -> None:
        post = self.post()
        receipt = self.sent(post)
        page = self.root / "public" / "bai" / receipt.remote_id / "index.html"
        page.write_text(page.read_text(encoding="utf-8").replace("6 giờ", "7 giờ"), encoding="utf-8")
        live = self.publisher.read_back(receipt)  # type: ignore[attr-defined]
        assert "6 giờ" not in live.text
        with pytest.raises(AssertionError):
            assert self.shown(post, receipt) == ()

    @pytest.mark.parametrize("step", range(1, 40))
    def test_a_process_killed_at_any_change_of_a_file_leaves_the_page_whole_or_absent(
        self, step: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        post = self.prepared(self.post())
        counted = count(1)

        def killing(real: object) -> object:
            def work(*arguments: object, **more: object) -> object:
                if next(counted) == step:
                    raise Killed
                return real(*arguments, **more)  # type: ignore[operator]

            return work

        with monkeypatch.context() as patch:
            for owner, name in ((os, "rename"), (os, "replace"), (os, "fsync"), (os, "unlink")):
                patch.setattr(owner, name, killing(getattr(owner, name)))
            with suppress(Killed):
                self.publisher.publish(post, key=post.key, handles=self.handles)
                assert step > LEAST_CHANGES, "every earlier change has been cut short"
        sighting = self.look(post)
        if isinstance(sighting, Absent):
            assert sighting.proof
            assert self.live() == []
            receipt = self.send(post)
        else:
            assert isinstance(sighting, Found)
            receipt = sighting.receipt
        assert self.shown(post, receipt) == ()
        assert [item["url"] for item in self.live()] == [receipt.url]

    def test_a_web_server_that_does_not_show_the_folder_is_named(self) -> None:
        assert self.publisher.greet().lacks == ()  # type: ignore[attr-defined]
        elsewhere = self.folder / "khac"
        elsewhere.mkdir()
        with serving(elsewhere) as url:
            other = open_publisher(self.channel, replace(self.publisher.account, base_url=url))
            assert "chưa đưa thư mục" in other.greet().lacks[0]  # type: ignore[attr-defined]
            other.close()

    def test_a_reader_that_gets_no_answer_is_no_proof_of_absence(self) -> None:
        receipt = self.sent()
        nobody = open_publisher(self.channel, replace(self.publisher.account, base_url="http://127.0.0.1:9"))
        with pytest.raises(Unavailable):
            nobody.read_back(receipt)  # type: ignore[attr-defined]
        nobody.close()


LEAST_CHANGES = 15  # of files, in one publication


class Killed(BaseException):
    """The process ends here."""


def opened(folder: Path) -> StaticSitePublisher:
    settings = {"folder": str(folder), "site_name": "Trang tin"}
    account = Account(channel="portal", base_url="http://127.0.0.1:9", settings=settings, secrets=MemorySecrets({}))
    return StaticSitePublisher(account)


def ready(folder: Path, post: Post) -> StaticSitePublisher:
    publisher = opened(folder)
    publisher.prepare(post, key=post.key, handles=MemoryHandles())
    return publisher


def test_a_folder_that_is_no_folder_asks_a_person(tmp_path: Path) -> None:
    (tmp_path / "tep").write_text("x")
    post = a_post("static_site", ())
    with pytest.raises(Unauthorized, match="folder"):
        ready(tmp_path / "tep" / "site", post)


def test_an_error_of_the_file_system_that_is_not_listed_is_an_unknown_outcome(tmp_path: Path) -> None:
    """Somebody's file stands where the page is to be: the renaming fails in a way that no table foresees."""
    post = a_post("static_site", ())
    publisher = ready(tmp_path, post)
    place = tmp_path / "public" / "bai" / page_slug(post.key)
    place.mkdir()
    (place / "la.txt").write_text("của ai?")
    with pytest.raises(OutcomeUnknown) as caught:
        publisher.publish(post, key=post.key, handles=MemoryHandles())
    assert caught.value.code == "ENOTEMPTY"
    assert str(tmp_path) not in f"{caught.value}{caught.value!r}"
    assert publisher.find(post, key=post.key, handles=MemoryHandles(), since=post.due_at) == Absent(proof=True)


def test_lists_that_cannot_be_written_never_make_a_public_page_look_absent(tmp_path: Path) -> None:
    post = a_post("static_site", ())
    publisher = ready(tmp_path, post)
    (tmp_path / "lists.lock").mkdir()
    with pytest.raises(OutcomeUnknown, match="đã lên"):
        publisher.publish(post, key=post.key, handles=MemoryHandles())
    (tmp_path / "lists.lock").rmdir()
    assert isinstance(publisher.find(post, key=post.key, handles=MemoryHandles(), since=post.due_at), Found)
    assert page_slug(post.key) in (tmp_path / "public" / "feed.json").read_text(encoding="utf-8")


def test_a_page_that_was_never_prepared_is_not_public(tmp_path: Path) -> None:
    post = a_post("static_site", ())
    with pytest.raises(Unavailable, match="chưa được viết"):
        opened(tmp_path).publish(post, key=post.key, handles=MemoryHandles())
    assert opened(tmp_path).find(post, key=post.key, handles=MemoryHandles(), since=post.due_at) == Absent(proof=True)
    opened(tmp_path).withdraw(Receipt(remote_id="khong-co", url=None))


def test_a_headline_for_search_engines_is_cut_between_words() -> None:
    assert shortened("ngắn") == "ngắn"
    assert shortened("từ " * 50) == "từ " * 35 + "từ…"
    assert len(shortened("từ " * 50)) <= 110
