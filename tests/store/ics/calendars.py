"""Calendars and events for the tests of the feeds."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

from editorial.calendar import Catalogue
from editorial.occasion import Evidence, Kind, Name, OccasionRule
from editorial.tone import Tone
from store.ics.event import FeedEvent

DOMAIN = "ha-noi.loa"
KNOWN = datetime(2025, 1, 1, tzinfo=UTC)


def rule(id: str, name: str, when: str, *, kind: Kind = Kind.NATIONAL, first: int | None = None) -> OccasionRule:
    return OccasionRule(
        id=id, name=Name(vi=name, en=id), kind=kind, rule=when, tone=Tone.FESTIVE, basis="thử", evidence=Evidence.LOOKED_UP,
        first_year=first,
    )  # fmt: skip


def catalogue() -> Catalogue:
    return Catalogue(
        (
            rule("giai_phong_thu_do", "Ngày Giải phóng Thủ đô", "solar:10-10", kind=Kind.CITY, first=1954),
            rule("toan_quoc_khang_chien", "Ngày Toàn quốc kháng chiến", "solar:12-19", first=1946),
            rule("trung_thu", "Tết Trung thu", "lunar:08-15", kind=Kind.TRADITIONAL),
            rule("q4_end", "Kết thúc Quý IV", "quarter_end:4", kind=Kind.QUARTER),
        )
    )


def day(uid: str = "a@ha-noi.loa", summary: str = "Kỷ niệm", start: date = date(2026, 10, 10), **more: str) -> FeedEvent:
    return FeedEvent(uid=uid, start=start, end=start + timedelta(days=1), summary=summary, known_since=KNOWN, **more)


def assert_well_folded(body: bytes) -> None:
    """Hold every physical line to RFC 5545, and to whole letters."""
    assert body.endswith(b"\r\n")
    lines = body.split(b"\r\n")[:-1]
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        text = line.decode()  # a line that starts or ends inside a letter is no UTF-8
        assert unicodedata.is_normalized("NFC", text)
        assert not unicodedata.combining(text.removeprefix(" ")[:1] or "x")


def unfolded(body: bytes) -> str:
    return re.sub(rb"\r\n[ \t]", b"", body).decode().replace("\r\n", "\n")
