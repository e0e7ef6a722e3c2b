from __future__ import annotations

import asyncio
import re
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest

from desk.web.app import create_app
from desk.web.cookies import SESSION
from desk.web.renderer import STATIC
from tests.desk.web.browser import Browser, signed_in
from tests.desk.web.small_office import SmallOffice, open_small_office

PAGES = ("/calendar", "/entries/giai-phong-thu-do", "/deliveries", "/deliveries/1", "/nope", "/health", "/static/css/base.css")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_policy(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; img-src 'self' data:; media-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES[:5])
def test_no_page_breaks_its_own_policy(browser: Browser, path: str) -> None:
    html = browser.get(path).text
    assert " style=" not in html
    assert not re.search(r"\son[a-z]+=", html)
    assert re.findall(r"<script(?! src=)", html) == []
    loaded = re.findall(r"<(?:script|img|link|source|use|video)[^>]*(?:src|href|poster)=\"([^\"]+)\"", html)
    assert loaded and all(address.startswith("/") and not address.startswith("//") for address in loaded)


def test_a_failure_of_ours_is_a_friendly_page_without_a_trace(office: SmallOffice, caplog: pytest.LogCaptureFixture) -> None:
    broken = Browser(replace(office, catalogue=None))  # type: ignore[arg-type]  # whatever may go wrong
    answer = broken.get("/calendar")
    assert answer.status_code == 500
    assert "Có lỗi trong hệ thống" in answer.text and "Traceback" not in answer.text
    assert "content-security-policy" in answer.headers
    assert "GET /calendar failed" in caplog.text


def test_a_page_that_is_closed_while_it_sends_what_was_typed_is_no_failure_of_ours(
    office: SmallOffice, caplog: pytest.LogCaptureFixture
) -> None:
    token = signed_in(office, "le-chi")
    headers = [(b"host", b"127.0.0.1:8000"), (b"cookie", f"{SESSION}={token}".encode()), (b"sec-fetch-site", b"same-origin"),
               (b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"900")]  # fmt: skip
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "path": "/audit/state",
        "raw_path": b"/audit/state",
        "query_string": b"", "root_path": "", "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    parts = iter(({"type": "http.request", "body": b"why=C%C3%B3", "more_body": True}, {"type": "http.disconnect"}))
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(parts)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(create_app(office)(scope, receive, send))
    assert "failed" not in caplog.text and sent[0]["status"] == 400


def test_another_name_for_this_host_is_refused(browser: Browser) -> None:
    assert browser.get("/calendar", host="rebound.example").status_code == 400


def test_a_theme_is_kept_in_a_cookie_and_used(browser: Browser) -> None:
    answer = browser.post("/theme", {"theme": "dark"}, referer="http://127.0.0.1:8000/deliveries?page=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/deliveries?page=1"
    assert answer.headers["set-cookie"].startswith("theme=dark;")
    assert 'data-theme="dark"' in browser.get("/calendar", cookie="theme=dark").text
    assert "data-theme" not in browser.get("/calendar", cookie='theme="><script>').text


def test_a_theme_leads_back_to_no_other_host(browser: Browser) -> None:
    for referer in ("https://evil.example/x", "http://127.0.0.1:8000//evil.example"):
        assert browser.post("/theme", {"theme": "dark"}, referer=referer).headers["location"] == "/calendar"


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "none"}],
)
def test_another_site_cannot_pause_the_office(browser: Browser, office: SmallOffice, headers: dict[str, str]) -> None:
    answer = browser.post("/halts", {"why": "y"}, **headers)
    assert answer.status_code == 403
    assert office.store.halts.standing() == ()


def test_a_pause_needs_a_reason_and_is_written_down(tmp_path_factory: pytest.TempPathFactory) -> None:
    office = open_small_office(tmp_path_factory.mktemp("paused"))
    browser = Browser(office)
    assert browser.post("/halts", {"why": "  "}).status_code == 400
    assert browser.post("/halts", {"why": "Có tin buồn"}).headers["location"] == "/deliveries"
    html = browser.get("/deliveries").text
    assert "Mọi lượt đăng đang tạm dừng." in html and "Có tin buồn" in html
    assert browser.post("/halts/lift", {}).status_code == 303
    assert [deed.action for deed in office.store.audit.of("all")] == ["halt", "lift"]
    office.store.close()


def test_the_vendored_files_are_those_that_were_published() -> None:
    import hashlib

    rows = re.findall(r"\| (\S+) \| ([0-9a-f]{64}) \|", (STATIC / "vendor" / "README.md").read_text(encoding="utf-8"))
    assert rows
    for name, digest in rows:
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest
