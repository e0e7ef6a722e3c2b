"""The town as a whole: what survives a restart, what goes wrong on request, what a person sees."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from rehearsal.faults import Fault
from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock, mp4, png

PLATFORMS = ("facebook", "zalo", "youtube", "telegram", "tiktok", "wordpress")


def say(town: Town, http: httpx.Client, message: str) -> httpx.Response:
    keys = town.credentials()["facebook"]
    address = f"{town.addresses['facebook']}/v26.0/{keys['page_id']}/feed"
    return http.post(address, params={"access_token": keys["page_token"]}, data={"message": message})


def test_the_public_state_outlives_the_process(clock: HandClock, tmp_path: Path, http: httpx.Client) -> None:
    with Town(clock=clock, folder=tmp_path) as town:
        first, before = say(town, http, "Tin một").json()["id"], town.addresses
    with Town(clock=clock, folder=tmp_path) as town:
        assert town.addresses == before
        assert [row.id for row in town.ledger()] == [first]
        assert say(town, http, "Tin hai").json()["id"] != first
        assert [row.text for row in town.ledger("facebook")] == ["Tin một", "Tin hai"]


def test_a_line_that_a_crash_cut_off_is_forgotten(clock: HandClock, tmp_path: Path, http: httpx.Client) -> None:
    with Town(clock=clock, folder=tmp_path) as town:
        say(town, http, "Tin một")
    with (tmp_path / "facebook.jsonl").open("a") as journal:
        journal.write('[["ledger","000002",{"platform":"face')
    with Town(clock=clock, folder=tmp_path) as town:
        assert len(town.ledger("facebook")) == 1
        say(town, http, "Tin hai")
    with Town(clock=clock, folder=tmp_path) as town:
        assert len(town.ledger("facebook")) == 2


@pytest.mark.parametrize(
    ("fault", "status", "posts"),
    [
        ("drop_response_after_commit", None, 1),
        ("timeout_mid_body", None, 1),
        ("5xx_after_commit", 503, 1),
        ("5xx_before_commit", 503, 0),
        ("html_error_page", 502, 0),
        ("rate_limit_next", 400, 0),
        ("duplicate_detect", 400, 0),
        ("expire_token_now", 200, 1),
    ],
)
def test_each_fault_does_what_it_says_once(town: Town, http: httpx.Client, fault: str, status: int | None, posts: int) -> None:
    town.arm("facebook", fault)
    if status is None:
        with pytest.raises(httpx.RemoteProtocolError):
            say(town, http, "Tin một")
    else:
        assert say(town, http, "Tin một").status_code == status
    assert len(town.ledger("facebook")) == posts
    assert say(town, http, "Tin hai").status_code == 200


def test_a_slow_commit_becomes_visible_later_by_the_clock(town: Town, http: httpx.Client, clock: HandClock) -> None:
    town.arm("facebook", Fault.SLOW_COMMIT, seconds=30)
    assert say(town, http, "Tin chậm").status_code == 503
    assert town.ledger("facebook") == ()
    clock.move(seconds=31)
    assert [row.text for row in town.ledger("facebook")] == ["Tin chậm"]


def test_faults_can_be_armed_and_everything_reset_over_http(town: Town, http: httpx.Client) -> None:
    say(town, http, "Tin một")
    root = town.addresses["facebook"] + "/__sandbox/"
    assert http.post(root + "faults", json={"fault": "5xx_before_commit", "count": 2, "path": "/feed"}).status_code == 200
    assert [say(town, http, "Tin hai").status_code for _ in range(3)] == [503, 503, 200]
    assert http.post(root + "faults", json={"fault": "insert_then_fail"}).status_code == 400
    assert [row["text"] for row in http.get(root + "ledger").json()] == ["Tin một", "Tin hai"]
    http.post(root + "reset")
    assert http.get(root + "ledger").json() == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_channel_has_a_feed_that_says_it_is_a_rehearsal(town: Town, http: httpx.Client, platform: str) -> None:
    page = http.get(town.addresses[platform] + "/__sandbox/feed")
    assert page.status_code == 200
    assert "Bản diễn tập" in page.text


def test_a_post_page_escapes_the_words_and_serves_the_media(town: Town, http: httpx.Client) -> None:
    keys = town.credentials()["facebook"]
    address = f"{town.addresses['facebook']}/v26.0/{keys['page_id']}/photos"
    data = {"caption": "<script>alert(1)</script>\nDòng hai"}
    http.post(address, params={"access_token": keys["page_token"]}, data=data, files={"source": ("a.png", png())})
    (row,) = town.ledger("facebook")
    page = http.get(row.url).text
    assert "<script>" not in page
    assert 'property="og:image"' in page
    served = http.get(town.addresses["facebook"] + row.media[0].path).content
    assert hashlib.sha256(served).hexdigest() == row.media_sha256[0]


def test_what_was_answered_before_a_kill_is_still_there(clock: HandClock, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], cwd=Path(__file__).parents[2]) as process:
        assert process.wait(60) == -signal.SIGKILL
    with Town(clock=clock, folder=tmp_path) as town:
        assert [row.text for row in town.ledger("facebook")] == ["Tin trước khi tắt"]


KILLED = """
import os, signal, sys, urllib.parse, urllib.request
from datetime import UTC, datetime
from pathlib import Path
from rehearsal.town import Town
town = Town(clock=lambda: datetime(2026, 10, 10, tzinfo=UTC), folder=Path(sys.argv[1]))
town.start()
keys = town.credentials()["facebook"]
body = urllib.parse.urlencode({"message": "Tin trước khi tắt", "access_token": keys["page_token"]}).encode()
urllib.request.urlopen(f"{town.addresses['facebook']}/v26.0/{keys['page_id']}/feed", body).read()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processing_takes_its_time_by_the_clock(clock: HandClock, tmp_path: Path, http: httpx.Client) -> None:
    with Town(clock=clock, folder=tmp_path, processing=timedelta(seconds=40)) as town:
        keys = town.credentials()["facebook"]
        root, token = f"{town.addresses['facebook']}/v26.0/", {"access_token": keys["page_token"]}
        files = {"source": ("clip.mp4", mp4(), "video/mp4")}
        video = http.post(f"{root}{keys['page_id']}/videos", params=token, data={"title": "Clip"}, files=files).json()["id"]
        status = {**token, "fields": "status"}
        assert http.get(root + video, params=status).json()["status"]["video_status"] == "processing"
        assert town.ledger() == ()
        clock.move(seconds=41)
        assert http.get(root + video, params=status).json()["status"]["video_status"] == "ready"
        assert len(town.ledger()) == 1


def test_a_feed_shows_addresses_as_links_and_hashtags_in_their_colour_and_nothing_else_as_markup(
    town: Town, http: httpx.Client
) -> None:
    say(town, http, 'Xem https://hanoi.gov.vn/a?b=1&c="><img src=x>.\n#HaNoi số 1#2 &#39; https://x.vn/#muc')
    page = http.get(town.addresses["facebook"] + "/__sandbox/feed").text
    assert '<a href="https://hanoi.gov.vn/a?b=1&amp;c=' in page
    assert '<a href="https://x.vn/#muc" rel="nofollow">https://x.vn/#muc</a>' in page
    assert page.count('class="tag"') == 1 and '<span class="tag">#HaNoi</span>' in page
    assert "<img src=x" not in page
    assert "&amp;#39;" in page


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_feed_has_a_look_for_light_and_dark_screens(town: Town, http: httpx.Client, platform: str) -> None:
    page = http.get(town.addresses[platform] + "/__sandbox/feed").text
    assert f'<body class="{platform}">' in page
    assert "prefers-color-scheme: dark" in page
