from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from editorial.problem import BadInput
from publishers.download import download, shown_address

BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Office(BaseHTTPRequestHandler):
    """Another office's web server."""

    def do_GET(self) -> None:
        moved = {"/moved": "/calendar.ics", "/round": "/round", "/away": "file:///etc/passwd"}.get(self.path)
        known = self.path == "/calendar.ics"
        self.send_response(302 if moved else 200 if known else 404)
        if moved:
            self.send_header("Location", moved)
        self.send_header("Content-Length", str(len(BODY) if known else 0))
        self.end_headers()
        if known:
            self.wfile.write(BODY)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def office() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Office) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/calendar.ics", "/moved"])
def test_a_calendar_is_fetched_also_where_it_has_moved_to(office: str, path: str) -> None:
    assert download(office + path, most_bytes=1000) == BODY


@pytest.mark.parametrize(
    ("path", "said"),
    [("/none", "mã 404"), ("/round", "chuyển tiếp"), ("/away", "phải bắt đầu bằng"), ("/calendar.ics", "lớn hơn")],
)
def test_what_cannot_be_had_is_said_in_one_line(office: str, path: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        download(office + path, most_bytes=10)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x", "https://[", "http://", "ftp://x/y", "http://a\x00b/"])
def test_an_address_that_is_none_is_said_in_one_line(address: str) -> None:
    with pytest.raises(BadInput):
        download(address, most_bytes=10)


def test_a_private_calendar_s_key_is_not_shown() -> None:
    assert shown_address("https://ten:mat-khau@so.example.vn/lich.ics?key=abc#x") == "https://so.example.vn/lich.ics"
