"""How the office writes a day."""

from __future__ import annotations

from datetime import date

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def day_name(day: date) -> str:
    """Write a day with its weekday: `thứ Ba 22/9/2026`."""
    return f"{WEEKDAYS[day.weekday()]} {short_day(day)}"


def short_day(day: date) -> str:
    """Write a day in figures: `22/9/2026`."""
    return f"{day.day}/{day.month}/{day.year}"
