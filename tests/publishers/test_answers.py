"""What each adapter makes of an answer, asked of a server that says whatever the test wants."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from editorial.outcome import OutcomeUnknown, PublishError, RateLimited, Receipt, Refused, Unauthorized
from editorial.post import Medium, MediumKind, Post
from editorial.problem import BadInput
from publishers.contract import Account, Publisher
from publishers.facebook.errors import CODES as FACEBOOK
from publishers.registry import open_publisher
from publishers.secrecy import scrub
from publishers.verdict import Verdict
from publishers.web_portal.errors import CODES as PORTAL
from publishers.youtube.errors import REASONS as YOUTUBE
from publishers.zalo_oa.errors import CODES as ZALO
from publishers.zalo_oa.errors import TOKEN_OVER
from tests.publishers.bench import HANOI_MORNING, HandClock, MemoryHandles, MemorySecrets, a_post

BY_VERDICT = {
    Verdict.REFUSED: Refused,
    Verdict.UNAUTHORIZED: Unauthorized,
    Verdict.LIMITED: RateLimited,
    Verdict.UNKNOWN: OutcomeUnknown,
}
HANDLES = {"facebook": {}, "zalo_oa": {"article": "a1"}, "youtube": {"video": "v1"}, "telegram": {}, "web_portal": {"post": "7"}}
SECRET = "sieu-mat-0123456789"


@dataclass
class Oracle:
    """A server that gives one answer to everything, and remembers what it was asked."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def says(self, status: int, answer: object, **headers: str) -> None:
        self.status, self.body = status, answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def oracle() -> Iterator[Oracle]:
    oracle = Oracle()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            oracle.asked.append(f"{self.command} {self.path}")
            self.send_response(oracle.status)
            for name, value in {"Content-Type": "application/json", **oracle.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(oracle.body)))
            self.end_headers()
            self.wfile.write(oracle.body)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815  # http.server asks for these names

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        oracle.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield oracle
        server.shutdown()
        thread.join()


def account(channel: str, port: int) -> Account:
    base = f"http://127.0.0.1:{port}"
    names = ("page_token", "access_token", "app_secret", "application_password", "username")
    secrets = dict.fromkeys(names, SECRET) | {"bot_token": f"12345:{SECRET}"}
    settings = {
        "page_id": "1",
        "app_id": "2",
        "oauth_url": base,
        "token_uri": f"{base}/token",
        "public_media_url": base,
        "chat_id": "@kenh",
        "audit_chat_id": "-1",
    }
    deadline = timedelta(seconds=2)
    return Account(channel=channel, base_url=base, settings=settings, secrets=MemorySecrets(secrets), deadline=deadline)


def post_for(channel: str) -> Post:
    """Return a post of words; for Zalo with a cover, which its commit call names by address only."""
    cover = Medium(
        id="anh",
        kind=MediumKind.IMAGE,
        media_type="image/png",
        sha256="a" * 64,
        byte_size=1,
        width=1,
        height=1,
        alt="Bản đồ",
        path=Path("anh.png"),
    )
    return a_post(channel, (cover,) if channel == "zalo_oa" else ())


def outcome(channel: str, oracle: Oracle) -> PublishError:
    """Return the error that the commit call raises."""
    publisher: Publisher = open_publisher(channel, account(channel, oracle.port))
    post = post_for(channel)
    with pytest.raises(PublishError) as caught:
        publisher.publish(post, key=post.key, handles=MemoryHandles(dict(HANDLES[channel])))
    publisher.close()
    assert len(oracle.asked) == 1, "the commit call is made once"
    assert SECRET not in f"{caught.value!r}{caught.value}"
    oracle.asked.clear()
    return caught.value


UNLISTED = {
    "facebook": (400, {"error": {"code": 987654, "message": "?"}}),
    "zalo_oa": (200, {"error": -98765, "message": "?"}),
    "youtube": (400, {"error": {"code": 400, "errors": [{"reason": "neverHeardOf"}]}}),
    "telegram": (418, {"ok": False, "error_code": 418, "description": "?"}),
    "web_portal": (400, {"code": "rest_never_heard_of", "message": "?"}),
}


@pytest.mark.parametrize("channel", UNLISTED)
def test_an_error_that_is_not_listed_is_an_unknown_outcome(channel: str, oracle: Oracle) -> None:
    oracle.says(*UNLISTED[channel])
    assert type(outcome(channel, oracle)) is OutcomeUnknown


@pytest.mark.parametrize("channel", UNLISTED)
@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b"<html>OK</html>"), (200, b""), (200, b"{}"), (200, b"[]"), (302, b""), (500, b"{}"), (502, b"<html>"), (503, b"")],
)
def test_an_answer_that_says_nothing_is_an_unknown_outcome(channel: str, status: int, body: bytes, oracle: Oracle) -> None:
    oracle.says(status, body, Location="http://127.0.0.1:9/elsewhere")
    assert type(outcome(channel, oracle)) is OutcomeUnknown


@pytest.mark.parametrize("code", [code for code in FACEBOOK if code.isdigit() and not 201 <= int(code) <= 299] + ["368/1404082"])
def test_facebook_codes_mean_what_the_table_says(code: str, oracle: Oracle) -> None:
    number, _, sub = code.partition("/")
    oracle.says(
        400, {"error": {"code": int(number), "error_subcode": int(sub) if sub else None, "message": f"hết access_token={SECRET}"}}
    )
    assert type(outcome("facebook", oracle)) is BY_VERDICT[FACEBOOK[code].verdict]


@pytest.mark.parametrize("code", sorted(set(ZALO) - TOKEN_OVER))
def test_zalo_codes_mean_what_the_table_says_although_they_come_with_http_200(code: str, oracle: Oracle) -> None:
    oracle.says(200, {"error": int(code), "message": "?"})
    assert type(outcome("zalo_oa", oracle)) is BY_VERDICT[ZALO[code].verdict]


@pytest.mark.parametrize("reason", YOUTUBE)
def test_youtube_reasons_mean_what_the_table_says(reason: str, oracle: Oracle) -> None:
    oracle.says(403, {"error": {"code": 403, "errors": [{"reason": reason, "message": "?"}]}})
    assert type(outcome("youtube", oracle)) is BY_VERDICT[YOUTUBE[reason].verdict]


@pytest.mark.parametrize("code", PORTAL)
def test_portal_codes_mean_what_the_table_says(code: str, oracle: Oracle) -> None:
    oracle.says(403, {"code": code, "message": "?"})
    assert type(outcome("web_portal", oracle)) is BY_VERDICT[PORTAL[code].verdict]


@pytest.mark.parametrize(
    ("status", "description", "expected"),
    [
        (400, "Bad Request: can't parse entities: x", Refused),
        (400, "Bad Request: chat not found", Unauthorized),
        (403, "Forbidden: bot is not a member of the channel chat", Unauthorized),
        (401, "Unauthorized", Unauthorized),
        (404, "Not Found", Unauthorized),
        (502, "Bad Gateway", OutcomeUnknown),
        (500, "Internal Server Error", OutcomeUnknown),
    ],
)
def test_telegram_answers_are_told_apart(status: int, description: str, expected: type, oracle: Oracle) -> None:
    oracle.says(status, {"ok": False, "error_code": status, "description": description})
    assert type(outcome("telegram", oracle)) is expected


@pytest.mark.parametrize(("seconds", "expected"), [(17, RateLimited), (5, OutcomeUnknown)])
def test_telegrams_own_restart_looks_like_a_throttle_of_five_seconds(seconds: int, expected: type, oracle: Oracle) -> None:
    oracle.says(429, {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": seconds}})
    error = outcome("telegram", oracle)
    assert type(error) is expected
    if isinstance(error, RateLimited):
        assert error.wait == timedelta(seconds=17)


def test_facebooks_usage_header_says_when_to_come_back(oracle: Oracle) -> None:
    usage = json.dumps({"1": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 47}]})
    oracle.says(400, {"error": {"code": 80001, "is_transient": True}}, X_Business_Use_Case_Usage=usage)
    error = outcome("facebook", oracle)
    assert isinstance(error, RateLimited)
    assert error.wait == timedelta(minutes=47)


@pytest.mark.parametrize(
    ("header", "told", "minutes"),
    [
        ("X_Business_Use_Case_Usage", {"1": [{"type": "pages", "call_count": 96, "estimated_time_to_regain_access": 20}]}, 20),
        ("X_Business_Use_Case_Usage", {"1": [{"type": "pages", "call_count": 3, "total_cputime": 99}]}, 15),
        ("X_App_Usage", {"call_count": 95, "total_time": 2, "total_cputime": 1}, 15),
        ("X_App_Usage", {"call_count": 94, "total_time": 2, "total_cputime": 1}, 0),
    ],
)
def test_facebook_rests_before_its_allowance_is_used_up(header: str, told: object, minutes: int, oracle: Oracle) -> None:
    clock = HandClock()
    publisher = open_publisher("facebook", replace(account("facebook", oracle.port), now=clock))
    oracle.says(200, {"id": "1", "name": "Trang"}, **{header: json.dumps(told)})
    publisher.greet()  # type: ignore[attr-defined]
    oracle.says(200, {"id": "9"})
    post, asked = post_for("facebook"), len(oracle.asked)
    if minutes:
        with pytest.raises(RateLimited) as caught:
            publisher.prepare(post, key=post.key, handles=MemoryHandles())  # type: ignore[attr-defined]
        assert caught.value.wait == timedelta(minutes=minutes)
        assert len(oracle.asked) == asked
    clock.move(minutes=minutes)
    publisher.prepare(post, key=post.key, handles=MemoryHandles())  # type: ignore[attr-defined]
    publisher.close()


@pytest.mark.parametrize(("code", "sub"), [(10, 0), (200, 0), (190, 463), (102, 0)])
def test_insights_that_may_not_be_read_cost_only_themselves_and_a_dead_token_is_told(code: int, sub: int, oracle: Oracle) -> None:
    oracle.says(400, {"error": {"code": code, "error_subcode": sub or None, "message": "?"}})
    publisher = open_publisher("facebook", account("facebook", oracle.port))
    receipt = Receipt(remote_id="1_2", url=None)
    if code in (102, 190):
        with pytest.raises(Unauthorized):
            publisher.measure(receipt, at=HANOI_MORNING)  # type: ignore[attr-defined]
    else:
        assert publisher.measure(receipt, at=HANOI_MORNING).figures == {}  # type: ignore[attr-defined]
    publisher.close()


@pytest.mark.parametrize("status", ["error", "expired"])
def test_a_clip_that_facebook_cannot_read_is_refused_before_its_moment(status: str, oracle: Oracle) -> None:
    oracle.says(200, {"status": {"video_status": status, "processing_phase": {"error": {"message": "codec"}}}})
    publisher = open_publisher("facebook", account("facebook", oracle.port))
    post = a_post("facebook", (replace(post_for("zalo_oa").media[0], kind=MediumKind.VIDEO),))
    handles = MemoryHandles({"video": "1", "video.finished": "true"})
    with pytest.raises(Refused, match="codec"):
        publisher.prepare(post, key=post.key, handles=handles)  # type: ignore[attr-defined]
    publisher.close()


@pytest.mark.parametrize("channel", UNLISTED)
def test_a_platform_that_never_answers_is_an_unknown_outcome_by_the_deadline(channel: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        short = Account(**{**vars(account(channel, silent.getsockname()[1])), "deadline": timedelta(seconds=0.2)})
        publisher = open_publisher(channel, short)
        post = post_for(channel)
        with pytest.raises(OutcomeUnknown):
            publisher.publish(post, key=post.key, handles=MemoryHandles(dict(HANDLES[channel])))
        publisher.close()


@pytest.mark.parametrize("channel", UNLISTED)
def test_no_token_is_written_to_a_log_at_any_level(channel: str, oracle: Oracle, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    oracle.says(500, b"{}")
    outcome(channel, oracle)
    assert caplog.records
    assert SECRET not in caplog.text


def test_tokens_are_scrubbed_wherever_platforms_put_them() -> None:
    told = scrub(f"https://g/x?a=1&access_token={SECRET}&b=2 https://t/bot12:{SECRET}/sendMessage Bearer {SECRET}")
    assert told == "https://g/x?a=1&access_token=***&b=2 https://t/bot***/sendMessage Bearer ***"


@pytest.mark.parametrize("channel", ["facebook", "zalo_oa", "youtube", "telegram"])
def test_an_account_without_a_setting_is_refused_before_anything_can_be_sent(channel: str) -> None:
    bare = Account(**{**vars(account(channel, 9)), "settings": {}})
    with pytest.raises(BadInput, match="thiếu cài đặt"):
        open_publisher(channel, bare)
