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

from editorial.outcome import OutcomeUnknown, PublishError, RateLimited, Receipt, Refused, Unauthorized, Unavailable
from editorial.post import Medium, MediumKind, Post
from editorial.problem import BadInput
from publishers.accompaniment import ASLEEP, accompanied, asked_wait
from publishers.contract import Account, Publisher
from publishers.facebook.errors import CODES as FACEBOOK
from publishers.registry import open_publisher
from publishers.secrecy import scrub
from publishers.tiktok.errors import CODES as TIKTOK
from publishers.tiktok.errors import UPLOADS
from publishers.tree import Tree
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
    Verdict.UNAVAILABLE: Unavailable,
    Verdict.UNKNOWN: OutcomeUnknown,
}
SECRET = "sieu-mat-0123456789"
HANDLES = {
    "facebook": {}, "zalo_oa": {"article": "a1"}, "youtube": {"video": "v1"}, "telegram": {}, "web_portal": {"post": "7"},
    "tiktok": {"session": "v_pub_file~1 2026-10-10T01:00:00+00:00 {base}/video/?upload_token=" + SECRET},
}  # fmt: skip


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
    names = ("page_token", "access_token", "refresh_token", "app_secret", "client_secret", "application_password", "username")
    secrets = dict.fromkeys(names, SECRET) | {"bot_token": f"12345:{SECRET}"}
    settings = {
        "page_id": "1",
        "app_id": "2",
        "client_key": "3",
        "oauth_url": base,
        "token_uri": f"{base}/token",
        "public_media_url": base,
        "chat_id": "@kenh",
        "audit_chat_id": "-1",
    }
    deadline = timedelta(seconds=2)
    return Account(channel=channel, base_url=base, settings=settings, secrets=MemorySecrets(secrets), deadline=deadline)


def post_for(channel: str) -> Post:
    """Return a post of words; for Zalo with a cover, which its commit call names by address only; for TikTok with a byte."""
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
    byte = replace(cover, kind=MediumKind.VIDEO, media_type="video/mp4", path=Path(__file__))
    media = {"zalo_oa": (cover,), "tiktok": (byte,)}
    return a_post(channel, media.get(channel, ()))


def handles_for(channel: str, port: int) -> MemoryHandles:
    """Return what preparing has left, with the address of the server that answers now."""
    base = f"http://127.0.0.1:{port}"
    return MemoryHandles({name: value.replace("{base}", base) for name, value in HANDLES[channel].items()})


def outcome(channel: str, oracle: Oracle) -> PublishError:
    """Return the error that the commit call raises."""
    publisher: Publisher = open_publisher(channel, account(channel, oracle.port))
    post = post_for(channel)
    with pytest.raises(PublishError) as caught:
        publisher.publish(post, key=post.key, handles=handles_for(channel, oracle.port))
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
    "tiktok": (409, {"error": {"code": "never_heard_of", "message": "?"}}),
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


@pytest.mark.parametrize("code", sorted(TIKTOK))
def test_tiktok_codes_mean_what_the_table_says(code: str, oracle: Oracle) -> None:
    oracle.says(403, {"data": {}, "error": {"code": code, "message": f"upload_token={SECRET}"}})
    assert type(outcome("tiktok", oracle)) is BY_VERDICT[TIKTOK[code].verdict]


@pytest.mark.parametrize("status", sorted(UPLOADS))
def test_tiktoks_upload_server_is_understood_by_its_status(status: int, oracle: Oracle) -> None:
    oracle.says(status, b"")
    assert type(outcome("tiktok", oracle)) is BY_VERDICT[UPLOADS[status].verdict]


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


SHORT = {"error": 0, "data": {"name": "OA", "is_verified": False}}
CLOSED = {"items": [{"id": "UC1", "snippet": {"title": "K"}, "status": {"longUploadsStatus": "disallowed"}}]}
PRIVATE = {
    "data": {"creator_nickname": "K", "privacy_level_options": ["FOLLOWER_OF_CREATOR", "SELF_ONLY"]}, "error": {"code": "ok"},
}  # fmt: skip
SCOPES = {"name": "Trang", "data": {"is_valid": True, "scopes": ["pages_manage_posts", "pages_read_engagement", "read_insights"]}}


@pytest.mark.parametrize(
    ("channel", "answer", "lacks"),
    [
        ("facebook", SCOPES, ("pages_read_user_content: đọc bình luận", "pages_manage_engagement: trả lời bình luận")),
        ("zalo_oa", SHORT, ("OA chưa được Zalo xác thực",)),
        ("tiktok", PRIVATE, ("tài khoản đang để riêng tư: không đăng công khai được",)),
        ("youtube", CLOSED, ("kênh chưa xác minh: clip dài quá 15 phút không tải lên được",)),
        ("web_portal", {"name": "A", "capabilities": {"publish_posts": True, "upload_files": True, "edit_published_posts": True}},
         ("gỡ bài đã đăng", "đọc bình luận")),
    ],
)  # fmt: skip
def test_an_account_that_lacks_a_right_says_which(channel: str, answer: object, lacks: tuple[str, ...], oracle: Oracle) -> None:
    oracle.says(200, answer)
    publisher = open_publisher(channel, account(channel, oracle.port))
    assert publisher.greet().lacks == lacks  # type: ignore[attr-defined]
    publisher.close()


def test_a_google_account_without_a_channel_asks_for_another(oracle: Oracle) -> None:
    oracle.says(200, {"items": []})
    publisher = open_publisher("youtube", account("youtube", oracle.port))
    with pytest.raises(Unauthorized, match="chưa có kênh"):
        publisher.greet()  # type: ignore[attr-defined]
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


@pytest.mark.parametrize("channel", sorted(HANDLES))
def test_a_commit_call_that_may_not_be_made_any_more_writes_no_byte(channel: str, oracle: Oracle) -> None:
    publisher, post = open_publisher(channel, account(channel, oracle.port)), post_for(channel)
    with accompanied(lambda: False), pytest.raises(Unavailable) as caught:
        publisher.publish(post, key=post.key, handles=handles_for(channel, oracle.port))
    publisher.close()
    assert caught.value.code == ASLEEP
    assert oracle.asked == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, 0), ({"retry-after": "17"}, 17), ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0),
     ({"x-ratelimit-remain": "0"}, 60),
     ({"x-ratelimit-remaining": "0", "retry-after": "5"}, 5), ({"x-ratelimit-remaining": "3"}, 0)],
)  # fmt: skip
def test_an_answer_asks_to_wait_by_its_headers(headers: dict[str, str], seconds: int) -> None:
    assert asked_wait(headers) == timedelta(seconds=seconds)


def test_an_answer_that_takes_the_post_and_asks_to_wait_is_heard(oracle: Oracle) -> None:
    oracle.says(200, {"id": 7, "status": "publish", "link": "https://example.vn/7"}, Retry_After="30")
    publisher, post = open_publisher("web_portal", account("web_portal", oracle.port)), post_for("web_portal")
    with accompanied() as heard:
        publisher.publish(post, key=post.key, handles=MemoryHandles({"post": "7"}))
    publisher.close()
    assert heard.wait == timedelta(seconds=30)


@pytest.mark.parametrize("channel", UNLISTED)
def test_a_platform_that_never_answers_is_an_unknown_outcome_by_the_deadline(channel: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        short = Account(**{**vars(account(channel, silent.getsockname()[1])), "deadline": timedelta(seconds=0.2)})
        publisher = open_publisher(channel, short)
        post = post_for(channel)
        with pytest.raises(OutcomeUnknown):
            publisher.publish(post, key=post.key, handles=handles_for(channel, silent.getsockname()[1]))
        publisher.close()


@pytest.mark.parametrize("channel", UNLISTED)
def test_no_token_is_written_to_a_log_at_any_level(channel: str, oracle: Oracle, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    oracle.says(500, b"{}")
    outcome(channel, oracle)
    assert caplog.records
    assert SECRET not in caplog.text


@pytest.mark.parametrize("number", ["Infinity", "1e999", '"1e999"', "NaN", '"x"', "null", "[1]"])
def test_a_number_that_is_none_is_no_exception(number: str) -> None:
    assert Tree.parse(f'{{"wait": {number}}}'.encode()).number("wait") is None


def test_tokens_are_scrubbed_wherever_platforms_put_them() -> None:
    told = scrub(f"https://g/x?a=1&access_token={SECRET}&b=2 https://t/bot12:{SECRET}/sendMessage Bearer {SECRET}")
    assert told == "https://g/x?a=1&access_token=***&b=2 https://t/bot***/sendMessage Bearer ***"


@pytest.mark.parametrize("channel", ["facebook", "zalo_oa", "youtube", "tiktok", "telegram"])
def test_an_account_without_a_setting_is_refused_before_anything_can_be_sent(channel: str) -> None:
    bare = Account(**{**vars(account(channel, 9)), "settings": {}})
    with pytest.raises(BadInput, match="thiếu cài đặt"):
        open_publisher(channel, bare)
