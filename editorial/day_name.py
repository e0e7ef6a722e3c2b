"""How the office writes a day."""

from __future__ import annotations

import re
from datetime import date

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def iso_day(text: str) -> date:
    """Read `2026-09-22`; raise ValueError for all else, also what Python takes: week dates and the digits of other scripts."""
    if not _ISO_DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def day_name(day: date) -> str:
    """Write a day with its weekday: `thứ Ba 22/9/2026`."""
    return f"{WEEKDAYS[day.weekday()]} {short_day(day)}"


def short_day(day: date) -> str:
    """Write a day in figures: `22/9/2026`."""
    return f"{day.day}/{day.month}/{day.year}"
