"""The portal's stand-in, driven over plain HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from rehearsal.publication import Event
from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock, png


class Portal:
    """Calls the portal as its editor."""

    def __init__(self, town: Town, http: httpx.Client) -> None:
        keys = town.credentials()["wordpress"]
        self.auth = (keys["user"], keys["application_password"])
        self.root, self._http = town.addresses["wordpress"] + "/wp-json/wp/v2/", http

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._http.request(method, self.root + path, auth=self.auth, **more)

    def post(self, **values: object) -> dict[str, Any]:
        return dict(self.call("POST", "posts", json={"title": "Thông báo", "content": "<p>Cấm đường</p>", **values}).json())


@pytest.fixture
def portal(town: Town, http: httpx.Client) -> Portal:
    return Portal(town, http)


def test_a_draft_is_found_by_its_slug_and_seen_once_it_is_published(portal: Portal, town: Town, http: httpx.Client) -> None:
    draft = portal.post(slug="tb-2026-1", status="draft")
    found = portal.call("GET", "posts", params={"slug": "tb-2026-1", "status": "any", "context": "edit"})
    assert (found.json()[0]["id"], found.headers["X-WP-Total"], found.headers["X-WP-TotalPages"]) == (draft["id"], "1", "1")
    assert town.ledger("wordpress") == ()
    for _ in range(2):
        portal.call("POST", f"posts/{draft['id']}", json={"status": "publish"})
    (row,) = town.ledger("wordpress")
    assert (row.title, row.text) == ("Thông báo", "Cấm đường")
    assert "<p>Cấm đường</p>" in http.get(row.url).text


def test_a_slug_that_is_taken_silently_becomes_another(portal: Portal) -> None:
    assert [portal.post(slug="tb-1")["slug"] for _ in range(3)] == ["tb-1", "tb-1-2", "tb-1-3"]


def test_media_come_raw_or_in_a_form_and_are_shown_with_the_post(portal: Portal, town: Town, http: httpx.Client) -> None:
    headers = {"Content-Disposition": 'attachment; filename="cau.png"', "Content-Type": "image/png"}
    raw = portal.call("POST", "media", content=png(), headers=headers)
    assert raw.headers["X-WP-Upload-Attachment-ID"] == str(raw.json()["id"])
    fields = {"slug": "m-0123456789abcdef", "alt_text": "Cầu Long Biên lúc sáng sớm"}
    form = portal.call("POST", "media", files={"file": ("cau.png", png(shade=9), "image/png")}, data=fields).json()
    assert (form["slug"], form["alt_text"], form["media_details"]["width"]) == (*fields.values(), 8)
    assert http.get(form["source_url"]).content == png(shade=9)
    content = f'<p>Cầu</p><img src="{raw.json()["source_url"]}">'
    portal.post(content=content, featured_media=form["id"], status="publish")
    assert town.ledger("wordpress")[0].media_count == 2


def test_a_file_that_is_not_what_its_name_says_is_refused(portal: Portal) -> None:
    refused = portal.call("POST", "media", files={"file": ("cau.jpg", b"not a picture", "image/jpeg")})
    assert (refused.status_code, refused.json()["code"]) == (500, "rest_upload_sideload_error")


def test_the_bin_frees_the_slug_and_takes_a_post_once(portal: Portal, town: Town) -> None:
    post = portal.post(slug="tb-7", status="publish")
    assert portal.call("DELETE", f"posts/{post['id']}").json()["slug"] == "tb-7__trashed"
    assert portal.call("DELETE", f"posts/{post['id']}").status_code == 410
    assert portal.post(slug="tb-7")["slug"] == "tb-7"
    assert [row.event for row in town.ledger("wordpress")] == [Event.PUBLISHED, Event.REMOVED]


def test_what_wordpress_ignores_without_a_word_is_ignored(portal: Portal) -> None:
    post = portal.post(meta={"_loa_job": "1"}, featured_media=999, tags=[999])
    assert (post["meta"], post["featured_media"], post["tags"]) == ({}, 0, [])


def test_visitors_see_only_what_is_published_and_no_raw_fields(portal: Portal, town: Town, http: httpx.Client) -> None:
    portal.post(status="draft")
    address = town.addresses["wordpress"] + "/wp-json/wp/v2/posts"
    assert http.get(address).json() == []
    assert http.get(address, params={"context": "edit"}).status_code == 401
    assert http.get(address, params={"status": "any"}).status_code == 401
    wrong = http.get(address, auth=(portal.auth[0], "wrong")).json()
    assert wrong["code"] == "incorrect_password"
    assert portal.call("GET", "users/me", params={"context": "edit"}).json()["capabilities"]["publish_posts"]


def test_a_post_may_exist_although_its_meta_was_refused(portal: Portal, town: Town) -> None:
    town.arm("wordpress", "insert_then_fail", path="/posts")
    refused = portal.call("POST", "posts", json={"title": "Tin", "slug": "tin-1"})
    assert refused.json()["code"] == "rest_cannot_update"
    assert portal.call("GET", "posts", params={"slug": "tin-1", "status": "any"}).headers["X-WP-Total"] == "1"


def test_a_future_post_appears_at_its_time(portal: Portal, town: Town, clock: HandClock) -> None:
    post = portal.post(slug="hen-gio", status="publish", date_gmt="2026-10-10T02:00:00")
    assert (post["status"], town.ledger("wordpress")) == ("future", ())
    clock.move(hours=1)
    assert town.ledger("wordpress")[0].url.endswith("/hen-gio/")


def test_a_site_without_cron_misses_its_schedule(clock: HandClock, tmp_path: Path, http: httpx.Client) -> None:
    with Town(clock=clock, folder=tmp_path, settings={"wordpress": {"cron": False}}) as town:
        portal = Portal(town, http)
        post = portal.post(slug="hen-gio", status="publish", date_gmt="2026-10-10T02:00:00")
        clock.move(hours=5)
        assert town.ledger("wordpress") == ()
        assert portal.call("GET", f"posts/{post['id']}").json()["status"] == "future"
        portal.call("POST", f"posts/{post['id']}", json={"status": "publish"})
        assert len(town.ledger("wordpress")) == 1


def test_an_upload_that_breaks_while_the_sizes_are_made_can_be_finished_by_its_id(portal: Portal, town: Town) -> None:
    town.arm("wordpress", "5xx_after_commit", path="/media")
    headers = {"Content-Disposition": 'attachment; filename="cau.png"', "Content-Type": "image/png"}
    broken = portal.call("POST", "media", content=png(), headers=headers)
    assert broken.status_code == 503
    id = broken.headers["X-WP-Upload-Attachment-ID"]
    done = portal.call("POST", f"media/{id}/post-process", json={"action": "create-image-subsizes"})
    assert (done.status_code, str(done.json()["id"]), done.json()["missing_image_sizes"]) == (200, id, [])
