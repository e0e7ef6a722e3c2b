"""Put events on a CalDAV server (RFC 4791): plain conditional PUT and DELETE, one event a resource.

Not a publisher: the staff's calendar is no channel, and nothing here is public.
"""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from urllib.parse import quote, unquote, urlsplit

from editorial.outcome import PublishError, Refused, Unauthorized, Unavailable
from publishers.wire import Answer, Call, Wire

_DAV = "{DAV:}"
_ASK_ETAGS = b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
_CHANGED_MEANWHILE = 412
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, kw_only=True)
class Placed:
    """What was put under a name, and the server's word for that version."""

    digest: str
    etag: str


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """The names of what a push did."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    overruled: tuple[str, ...] = ()  # somebody had changed them on the server; ours is there again
    failed: tuple[str, ...] = ()  # changed again and again while being written; left for the next push


@dataclass
class CalDav:
    """One calendar collection. `placed` is what earlier pushes left there; it is kept up as each write succeeds."""

    address: str
    user: str
    password: str = field(repr=False)
    placed: dict[str, Placed] = field(default_factory=dict, repr=False)
    deadline: timedelta = timedelta(seconds=20)

    def __post_init__(self) -> None:
        if not _keeps_the_password(self.address):
            raise Refused("địa chỉ CalDAV phải bắt đầu bằng https://, vì mật khẩu đi cùng từng lần gọi", code="not-https")
        self._wire = Wire(self.deadline)

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def push(self, resources: Mapping[str, bytes]) -> Pushed:
        """Make the collection hold these events, by UID; what others put there is left alone. Safe to repeat."""
        there = self._list()
        done: dict[str, list[str]] = {}
        for name, body in resources.items():
            done.setdefault(self._bring(name, body, there.get(name)), []).append(name)
        for name in sorted(set(self.placed) - set(resources)):
            done.setdefault(self._remove(name, there.get(name)), []).append(name)
        return Pushed(**{outcome: tuple(names) for outcome, names in done.items()})

    def _bring(self, name: str, body: bytes, etag: str | None) -> str:
        """Return what was done: created, changed, unchanged, overruled or failed."""
        digest, before = sha256(body).hexdigest(), self.placed.get(name)
        foreign = before is not None and etag is not None and etag != before.etag
        if before and before.digest == digest and etag == before.etag:
            return "unchanged"
        answer = self._put(name, body, etag)
        if answer.status == _CHANGED_MEANWHILE:
            etag, foreign = self._etag(name), True
            answer = self._put(name, body, etag)
        if answer.status == _CHANGED_MEANWHILE:
            return "failed"
        _check(answer)
        self.placed[name] = Placed(digest=digest, etag=answer.headers.get("etag") or self._etag(name) or "")
        return "overruled" if foreign else "created" if etag is None else "changed"

    def _remove(self, name: str, etag: str | None) -> str:
        """Return what was done: removed, or failed when somebody changed it meanwhile."""
        if etag is not None:
            answer = self._send("DELETE", name, {"If-Match": etag})
            if answer.status == _CHANGED_MEANWHILE:
                return "failed"
            if answer.status not in (404, 410):
                _check(answer)
        del self.placed[name]
        return "removed"

    def _put(self, name: str, body: bytes, etag: str | None) -> Answer:
        condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        return self._send("PUT", name, {**condition, "Content-Type": "text/calendar; charset=utf-8"}, body)

    def _list(self) -> dict[str, str]:
        """Return the version of every event in the collection."""
        answer = self._send("PROPFIND", "", {"Depth": "1", "Content-Type": "application/xml"}, _ASK_ETAGS)
        if answer.status == 404:
            raise Refused("máy chủ không có lịch ở địa chỉ này; hãy tạo lịch trên máy chủ rồi chạy lại", code="404")
        _check(answer)
        return {name: etag for name, etag in _etags(answer.body).items() if name}

    def _etag(self, name: str) -> str | None:
        answer = self._send("PROPFIND", name, {"Depth": "0", "Content-Type": "application/xml"}, _ASK_ETAGS)
        if answer.status == 404:
            return None
        _check(answer)
        return _etags(answer.body).get(name)

    def _send(self, method: str, name: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        resource = f"{quote(name, safe='@')}.ics" if name else ""
        call = Call(method=method, url=f"{self.address.rstrip('/')}/{resource}", headers=headers, content=body)
        try:
            return self._wire.send(replace(call, headers={**headers, "Authorization": f"Basic {pair}"}))
        except Unavailable as error:
            raise Unavailable("máy chủ lịch không trả lời; hãy kiểm tra địa chỉ rồi chạy lại lệnh", code=error.code) from error


def _keeps_the_password(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _etags(body: bytes) -> dict[str, str]:
    """Return the ETag of each resource of a multistatus by its UID; the collection itself is the empty name."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Unavailable("máy chủ lịch trả lời không đúng dạng CalDAV", code="doctype")  # entities can make it explode
    try:
        tree = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise Unavailable("máy chủ lịch trả lời không đúng dạng CalDAV", code="not-xml") from error
    found = {}
    for response in tree.iter(f"{_DAV}response"):
        last = unquote(response.findtext(f"{_DAV}href", "")).rstrip("/").rpartition("/")[2]
        etag = response.findtext(f".//{_DAV}getetag")
        if etag and last.endswith(".ics"):
            found[last.removesuffix(".ics")] = etag
    return found


def _check(answer: Answer) -> None:
    """Raise what the status stands for."""
    if answer.ok:
        return
    raise _error(answer.status)


def _error(status: int) -> PublishError:
    if status in (401, 403):
        message = "máy chủ lịch không nhận tên hoặc mật khẩu này; hãy kiểm tra --user và LOA_CALDAV_PASSWORD"
        return Unauthorized(message, code=str(status))
    if status >= 500 or status == 429:
        return Unavailable("máy chủ lịch đang bận; hãy chạy lại lệnh sau ít phút", code=str(status))
    return Refused(f"máy chủ lịch không nhận sự kiện này (mã {status}); hãy báo người quản trị", code=str(status))
