"""What the publishers' tests work with: an account at the rehearsal town, small real media, handles and secrets in memory."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

from editorial.message import Variant
from editorial.outcome import Pending, RateLimited, Receipt, Unauthorized
from editorial.post import Medium, MediumKind, Post
from publishers.contract import Account, Follows, Prepares, Publisher
from rehearsal.town import Town

HANOI_MORNING = datetime(2026, 10, 10, 1, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """A clock that moves when it is told to."""

    now: datetime = HANOI_MORNING

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class MemorySecrets:
    """The credentials of one account; counts how often they were replaced."""

    values: dict[str, str]
    replaced: int = 0
    lock: Lock = field(default_factory=Lock, repr=False)

    def get(self, name: str) -> str:
        if name not in self.values:
            raise Unauthorized(f"chưa kết nối: {name}")
        return self.values[name]

    def replace(self, values: Mapping[str, str]) -> None:
        self.values.update(values)
        self.replaced += 1

    def alone(self) -> Lock:
        return self.lock


@dataclass
class MemoryHandles:
    """Handles of one delivery."""

    values: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def save(self, name: str, value: str) -> None:
        assert value, f"{name} was saved empty"
        self.values[name] = value


def account_at(town: Town, channel: str, media_url: str) -> Account:
    """Return the channel's account as the town knows it."""
    known = town.credentials()
    town_name, settings, secrets = {
        "facebook": (
            "facebook",
            {"page_id": "page_id", "app_id": "app_id"},
            {"page_token": "page_token", "app_secret": "app_secret"},
        ),
        "zalo_oa": (
            "zalo",
            {"app_id": "app_id"},
            {"access_token": "access_token", "refresh_token": "refresh_token", "app_secret": "secret_key"},
        ),
        "youtube": (
            "youtube",
            {"token_uri": "token_uri"},
            {name: name for name in ("access_token", "refresh_token", "client_id", "client_secret")},
        ),
        "tiktok": (
            "tiktok",
            {"client_key": "client_key"},
            {name: name for name in ("access_token", "refresh_token", "client_secret")},
        ),
        "telegram": ("telegram", {"chat_id": "chat_id", "audit_chat_id": "audit_chat_id"}, {"bot_token": "token"}),
        "web_portal": ("wordpress", {}, {"username": "user", "application_password": "application_password"}),
    }[channel]
    given = known[town_name]
    url = town.addresses[town_name]
    extra = {"oauth_url": url, "public_url": url, "public_media_url": media_url, "author": "Loa"}
    return Account(
        channel=channel,
        base_url=url,
        settings={**extra, **{ours: given[theirs] for ours, theirs in settings.items()}},
        secrets=MemorySecrets({ours: given[theirs] for ours, theirs in secrets.items()}),
        now=town._platforms[town_name]._clock,  # the town's own time, whoever's hand moves it
        deadline=timedelta(seconds=3),
    )


def variant(channel: str, number: int = 0, **words: str) -> Variant:
    """Return a variant in the form that the channel's caption template would give; `number` sets the posts of a test apart."""
    first = f"Thông báo {number}: cầu Long Biên cấm xe máy từ 6 giờ."
    link, address = "hanoi.example/cam-duong", "https://hanoi.example/cam-duong?a=1&b=2"
    plain = f"{first}\n• Người dân & du khách\n• Xe buýt\nXem tại đây ({address}) hoặc {link}"
    html = (
        f"<p>{first.replace('Long Biên', '<strong>Long Biên</strong>')}</p>\n<ul>\n<li>Người dân &amp; du khách</li>\n"
        f'<li>Xe buýt</li>\n</ul>\n<p>Xem <a href="{escape(address)}">tại đây</a> hoặc <a href="https://{link}">{link}</a></p>'
    )
    texts = {
        "telegram": f'<b>Cấm "đường"</b>\n\n{escape(plain, quote=False)}\n\n<a href="{escape(address)}">Xem thêm</a>\n<i>Loa</i>',
        "facebook": f"Cấm đường\n\n{plain}\n\n#HàNội",
    }
    given = {"title": f"Cấm đường {number}", "text": texts.get(channel, plain), "html": html, "summary": first}
    return Variant(channel=channel, language="vi", hashtags=("HàNội",), **{**given, **words})


def a_post(channel: str, media: tuple[Medium, ...], number: int = 0, **words: str) -> Post:
    return Post(
        key=f"cam-duong-{number}.{channel}.2026",
        entry=f"cam-duong-{number}",
        channel=channel,
        variant=variant(channel, number, **words),
        media=media,
        due_at=HANOI_MORNING,
    )


def picture(folder: Path, name: str = "anh", shade: int = 120) -> Medium:
    """Write a real PNG and return it as a medium, served under its digest's name."""
    raw = png(shade=shade)
    return _medium(folder, name, raw, "png", "image/png", MediumKind.IMAGE, 8, 6)


def clip(folder: Path, size: int = 9000) -> Medium:
    """Write the boxes of an mp4 with poster and subtitles, and return it as a medium."""
    poster, subtitles = folder / "poster.jpg", folder / "phu-de.srt"
    poster.write_bytes(png(shade=9))
    subtitles.write_text("1\n00:00:00,000 --> 00:00:02,000\nCấm đường\n", encoding="utf-8")
    medium = _medium(folder, "clip", mp4(size), "mp4", "video/mp4", MediumKind.VIDEO, 1080, 1920)
    sides = {"poster_sha256": _sha256(poster), "subtitles_sha256": _sha256(subtitles)}
    return Medium(**{**vars(medium), "seconds": 12.0, "poster": poster, "subtitles": subtitles, **sides})


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _medium(folder: Path, name: str, raw: bytes, ext: str, media_type: str, kind: MediumKind, width: int, height: int) -> Medium:
    sha256 = hashlib.sha256(raw).hexdigest()
    path = folder / f"{sha256}.{ext}"
    path.write_bytes(raw)
    return Medium(
        id=name,
        kind=kind,
        media_type=media_type,
        sha256=sha256,
        byte_size=len(raw),
        width=width,
        height=height,
        alt=f"Bản đồ phân luồng quanh cầu Long Biên ({name})",
        path=path,
    )


def png(width: int = 8, height: int = 6, shade: int = 120) -> bytes:
    """Make a real grey PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress((b"\x00" + bytes([shade]) * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def mp4(size: int = 9000, seconds: int = 12, width: int = 1080, height: int = 1920) -> bytes:
    """Make the boxes of an mp4: enough for a platform that reads headers."""

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(body), kind) + body

    mvhd = box(b"mvhd", b"\x00" * 12 + struct.pack(">II", 1000, seconds * 1000) + b"\x00" * 80)
    tkhd = box(b"tkhd", b"\x00" * 76 + struct.pack(">II", width << 16, height << 16))
    head = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + box(b"moov", mvhd + box(b"trak", tkhd))
    return head + box(b"mdat", b"\x07" * (size - len(head) - 8))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the folder over HTTP, as the portal serves approved media to Zalo."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:  # also where the test fails: its thread would keep the whole run from ending
            server.shutdown()
            thread.join()


def prepare(publisher: Publisher, post: Post, handles: MemoryHandles, clock: HandClock) -> None:
    """Prepare as the scheduler does: again after every `not now`."""
    if not isinstance(publisher, Prepares):
        return None
    for _ in range(10):
        try:
            return publisher.prepare(post, key=post.key, handles=handles)
        except RateLimited as not_now:
            clock.now += not_now.wait
    raise AssertionError("never prepared")


def finish(publisher: Publisher, outcome: Receipt | Pending, handles: MemoryHandles, clock: HandClock) -> Receipt:
    """Follow a ticket to its receipt."""
    for _ in range(10):
        if isinstance(outcome, Receipt):
            return outcome
        clock.now += outcome.ask_again_in
        assert isinstance(publisher, Follows)
        outcome = publisher.follow(outcome, handles=handles)
    raise AssertionError("never finished")
