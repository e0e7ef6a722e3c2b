"""Time zones as calendar programmes name them, whether or not the name is one."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from editorial.clock import OFFICE_ZONE

# Asia/Saigon is an alias that compares unequal, Asia/Hanoi does not exist, and Outlook calls our zone after Bangkok.
_OURS = frozenset({"asia/saigon", "asia/hanoi", "asia/ho_chi_minh", "se asia standard time"})
_SHOWN = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d{1,2}):?(\d\d)?)?\).*", re.IGNORECASE | re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?:\d\d)?", re.ASCII)
_OFFICE_OFFSET = timedelta(hours=7)


def zone_named(name: str) -> tzinfo | None:
    """Return the zone; None when nobody can tell which one is meant."""
    plain = name.strip().strip('"').strip()
    if plain.lower() in _OURS:
        return OFFICE_ZONE
    if shown := _SHOWN.fullmatch(plain):
        return _shifted(shown[1], shown[2] or "0", shown[3] or "0")  # Outlook: "(UTC+07:00) Bangkok, Hanoi, Jakarta"
    plain = WINDOWS_TO_OLSON.get(plain, plain)
    return next((ZoneInfo(part) for part in _endings(plain) if part in _known()), None)


def zone_with_offset(text: str) -> tzinfo | None:
    """Return the zone of a TZOFFSETTO such as +0700."""
    found = _OFFSET.fullmatch(text.strip())
    return _shifted(found[1], found[2], found[3]) if found else None


def _shifted(sign: str | None, hours: str, minutes: str) -> tzinfo | None:
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    if offset == _OFFICE_OFFSET:
        return OFFICE_ZONE
    return timezone(offset) if abs(offset) < timedelta(days=1) else None


def _endings(name: str) -> tuple[str, ...]:
    """Return the name and its last parts: some programmes write /example.org/20260101/Asia/Ho_Chi_Minh."""
    parts = name.split("/")
    return ("/".join(parts), "/".join(parts[-3:]), "/".join(parts[-2:]))


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
