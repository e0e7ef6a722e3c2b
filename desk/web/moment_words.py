"""How the desk writes moments, sizes and lengths for the office."""

from __future__ import annotations

from datetime import UTC, date, datetime

from editorial.clock import OFFICE_ZONE
from editorial.day_name import day_name, short_day
from editorial.lunar import LunarDate

ZONE = "giờ Hà Nội (+07)"


def local(moment: datetime) -> datetime:
    """Return the moment on the office's wall clock."""
    return moment.astimezone(OFFICE_ZONE)


def clock_words(moment: datetime) -> str:
    """Write the wall time: `08:00`."""
    return f"{local(moment):%H:%M}"


def moment_words(moment: datetime) -> str:
    """Write a moment: `08:00 thứ Bảy 10/10/2026`."""
    here = local(moment)
    return f"{here:%H:%M} {day_name(here.date())}"


def short_moment(moment: datetime) -> str:
    """Write a moment for a table: `08:00 10/10/2026`."""
    here = local(moment)
    return f"{here:%H:%M} {short_day(here.date())}"


def machine_moment(moment: datetime) -> str:
    """Write a moment for `<time datetime>`, with its offset."""
    return local(moment).isoformat(timespec="seconds")


def day_heading(day: date) -> str:
    """Write a day as a heading: `Thứ Bảy, 10/10`."""
    name, _ = day_name(day).rsplit(" ", 1)
    return f"{name[0].upper()}{name[1:]}, {day.day}/{day.month}"


def lunar_words(day: LunarDate) -> str:
    """Write a lunar day without its year: `1/9`, `15/6 nhuận`."""
    return f"{day.day}/{day.month}{' nhuận' if day.leap else ''}"


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago a moment was, in its largest unit."""
    seconds = int((now.astimezone(UTC) - moment.astimezone(UTC)).total_seconds())
    if seconds < 60:
        return "vừa xong"
    for unit, word in ((86400, "ngày"), (3600, "giờ"), (60, "phút")):
        if seconds >= unit:
            return f"{seconds // unit} {word} trước"
    raise AssertionError(seconds)


def left(moment: datetime, now: datetime) -> str:
    """Say how long it is until a moment, in its largest unit."""
    seconds = int((moment.astimezone(UTC) - now.astimezone(UTC)).total_seconds())
    for unit, word in ((86400, "ngày"), (3600, "giờ"), (60, "phút")):
        if seconds >= unit:
            return f"còn {seconds // unit} {word}"
    return "còn chưa đầy một phút" if seconds > 0 else "đã hết"


def duration_words(seconds: float) -> str:
    """Write the length of a clip: `0:24`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def size_words(count: int) -> str:
    """Write a number of bytes in the unit that people know: `1,4 MB`."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} MB".replace(".", ",")
    return f"{max(1, round(count / 1000))} kB"


def count_words(count: int) -> str:
    """Write a whole number with Vietnamese grouping: `1.234`."""
    return f"{count:,}".replace(",", ".")
