"""Fetch a public file that a person named, such as another office's calendar."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import httpx

from editorial.problem import BadInput, Problem

MOST_REDIRECTS = 5
_SECONDS = 15.0


def download(address: str, *, most_bytes: int, deadline: timedelta = timedelta(seconds=30)) -> bytes:
    """Return the bytes at the address; raise BadInput, saying what to do, when they cannot be had."""
    url = address.replace("webcal://", "https://", 1)
    end = time.monotonic() + deadline.total_seconds()
    try:
        with httpx.Client(follow_redirects=False, timeout=_SECONDS) as client:
            for _ in range(MOST_REDIRECTS + 1):
                found = _fetch(client, _web(url, address), address, most_bytes, end)
                if isinstance(found, bytes):
                    return found
                url = urljoin(url, found)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # UnicodeError: a host's name that cannot be one
        raise _failed(address, "không tải được; hãy kiểm tra mạng và đường dẫn") from error
    raise _failed(address, "đường dẫn chuyển tiếp quá nhiều lần; hãy dùng đường dẫn cuối cùng")


def _fetch(client: httpx.Client, url: str, address: str, most_bytes: int, end: float) -> bytes | str:
    """Return the body, or the address to go on to."""
    with client.stream("GET", url) as response:
        if response.has_redirect_location:
            return response.headers["location"]
        if response.status_code != httpx.codes.OK:
            raise _failed(address, f"máy chủ trả lời mã {response.status_code}; hãy kiểm tra đường dẫn và quyền xem")
        return _whole(response, address, most_bytes, end)


def _whole(response: httpx.Response, address: str, most_bytes: int, end: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > most_bytes:
            raise _failed(address, f"tệp lớn hơn {most_bytes // (1024 * 1024)} MB; hãy xuất một khoảng ngắn hơn")
        if time.monotonic() > end:
            raise _failed(address, "tải quá lâu; hãy thử lại sau")
    return bytes(body)


def _web(url: str, address: str) -> str:
    try:
        known = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        known = False
    if not known:
        raise _failed(address, "đường dẫn phải bắt đầu bằng https:// hoặc webcal://")
    return url


def _failed(address: str, message: str) -> BadInput:
    return BadInput(Problem(rule="not-downloaded", file=shown_address(address), message=message))


def shown_address(address: str) -> str:
    """Return the address without its name, password and query: the key of a private calendar is in them."""
    return re.sub(r"//[^/?#]*@", "//", re.split(r"[?#]", address, maxsplit=1)[0])
