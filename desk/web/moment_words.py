"""How the desk writes moments, sizes, lengths and numbers for its reader: the office's way, or that of the reader's language."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from desk.language import VIETNAMESE, language
from editorial.clock import OFFICE_ZONE
from editorial.day_name import WEEKDAYS, day_name
from editorial.day_name import short_day as office_day
from editorial.lunar import LunarDate

ZONE = "giờ Hà Nội (+07)"
NO_BREAK = "\N{NO-BREAK SPACE}"
LOCALES = {"en": "en_GB"}  # of CLDR, through Babel: the day before the month, and a day of 24 hours
_UNITS = (("day", 86400, "ngày"), ("hour", 3600, "giờ"), ("minute", 60, "phút"))
_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")
_DAY = re.compile(rf"(?:(?:{'|'.join(WEEKDAYS)}) )?\b(\d{{1,2}})/(\d{{1,2}})/(\d{{4}})\b")


def local(moment: datetime) -> datetime:
    """Return the moment on the office's wall clock."""
    return moment.astimezone(OFFICE_ZONE)


def clock_words(moment: datetime) -> str:
    """Write the wall time: `08:00`."""
    return f"{local(moment):%H:%M}"


def moment_words(moment: datetime) -> str:
    """Write a moment: `08:00 thứ Bảy 10/10/2026`, `08:00 Sat 10 Oct 2026`."""
    here = local(moment)
    return f"{here:%H:%M} {long_day(here.date())}"


def short_moment(moment: datetime) -> str:
    """Write a moment for a table: `08:00 10/10/2026`, `08:00 10 Oct 2026`, with no line's end within the day."""
    here = local(moment)
    return f"{here:%H:%M} {short_day(here.date()).replace(' ', NO_BREAK)}"


def machine_moment(moment: datetime) -> str:
    """Write a moment for `<time datetime>`, with its offset."""
    return local(moment).isoformat(timespec="seconds")


def long_day(day: date) -> str:
    """Write a day with its weekday: `thứ Bảy 10/10/2026`, `Sat 10 Oct 2026`."""
    return day_name(day) if _is_office() else _written(day, "EEE d MMM y")


def short_day(day: date) -> str:
    """Write a day: `10/10/2026`, `10 Oct 2026`."""
    return office_day(day) if _is_office() else _written(day, "d MMM y")


def day_and_month(day: date) -> str:
    """Write a day of a year that is known: `10/10`, `10 Oct`."""
    return f"{day.day}/{day.month}" if _is_office() else _written(day, "d MMM")


def day_heading(day: date) -> str:
    """Write a day as a heading: `Thứ Bảy, 10/10`, `Saturday, 10 October`."""
    if not _is_office():
        return _written(day, "EEEE, d MMMM")
    name, _ = day_name(day).rsplit(" ", 1)
    return f"{name[0].upper()}{name[1:]}, {day.day}/{day.month}"


def day_of_year_heading(day: date) -> str:
    """Write a day of any year as a heading: `Thứ Bảy, 10/10/2026`, `Saturday, 10 October 2026`."""
    return f"{day_heading(day)}/{day.year}" if _is_office() else _written(day, "EEEE, d MMMM y")


def month_title(first: date) -> str:
    """Write a month as a heading: `Tháng 10/2026`, `October 2026`."""
    return f"Tháng {first.month}/{first.year}" if _is_office() else _written(first, "LLLL y")


def days_said(text: str) -> str:
    """Return a text of the desk's own with each day in it written for the reader."""

    def said(day: re.Match[str]) -> str:
        try:
            found = date(int(day[3]), int(day[2]), int(day[1]))
        except ValueError:
            return day[0]
        return long_day(found) if day[0][0].isalpha() else short_day(found)

    return text if _is_office() else _DAY.sub(said, text)


def moments_said(text: str) -> str:
    """Return what the log wrote for programs, `2026-12-01T00:00:00+07:00`, as a table writes moments for its reader."""

    def said(found: re.Match[str]) -> str:
        try:
            return short_moment(datetime.fromisoformat(found[0]))
        except ValueError:
            return found[0]

    return _MOMENT.sub(said, text)


def lunar_words(day: LunarDate) -> str:
    """Write a lunar day without its year: `1/9`, `15/6 nhuận`, `15/6 leap`."""
    leap = "nhuận" if _is_office() else "leap"
    return f"{day.day}/{day.month}{f' {leap}' if day.leap else ''}"


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago a moment was, in its largest unit."""
    seconds = int((now.astimezone(UTC) - moment.astimezone(UTC)).total_seconds())
    if seconds < 60:
        return "vừa xong" if _is_office() else "just now"
    span = span_words(timedelta(seconds=seconds), most=1)
    return f"{span} trước" if _is_office() else f"{span} ago"


def span_words(span: timedelta, *, most: int = 2) -> str:
    """Write how long something is in its largest units, `most` of them; empty for less than a minute."""
    left, parts = int(span.total_seconds()), []
    for unit, seconds, word in _UNITS:
        count, left = divmod(left, seconds)
        parts.append((count, unit, word))
    first = next((place for place, (count, *_) in enumerate(parts) if count), len(parts))
    return " ".join(_counted(*part) for part in parts[first : first + most] if part[0])


def _counted(count: int, unit: str, word: str) -> str:
    if _is_office():
        return f"{count} {word}"
    from babel.units import format_unit

    return format_unit(count, f"duration-{unit}", locale=LOCALES[language()])


def left(moment: datetime, now: datetime) -> str:
    """Say how long there is until a moment, in its largest unit; `đã hết` where it has passed."""
    span = moment.astimezone(UTC) - now.astimezone(UTC)
    if span <= timedelta(0):
        return "đã hết" if _is_office() else "over"
    length = span_words(span, most=1)
    if _is_office():
        return f"còn {length}" if length else "còn chưa đầy một phút"
    return f"{length or 'less than a minute'} left"


def duration_words(seconds: float) -> str:
    """Write the length of a clip: `0:24`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def size_words(count: int) -> str:
    """Write a number of bytes in the unit that people know: `1,4 MB`, `1.4 MB`."""
    if count >= 1_000_000:
        written = f"{count / 1_000_000:.1f} MB"
        return written.replace(".", ",") if _is_office() else written
    return f"{max(1, round(count / 1000))} kB"


def count_words(count: int) -> str:
    """Write a whole number as the reader groups its digits: `1.234`, `1,234`."""
    if _is_office():
        return f"{count:,}".replace(",", ".")
    from babel.numbers import format_decimal

    return format_decimal(count, locale=LOCALES[language()])


def percent_words(percent: float) -> str:
    """Write a part of a hundred with one decimal: `97,5%`, `97.5%`."""
    written = f"{percent:.1f}%"
    return written.replace(".", ",") if _is_office() else written


def _is_office() -> bool:
    return language() == VIETNAMESE


def _written(day: date, pattern: str) -> str:
    """Write a day by a pattern of CLDR."""
    from babel.dates import format_datetime  # an office that reads Vietnamese never loads Babel

    return format_datetime(datetime.combine(day, time()), pattern, locale=LOCALES[language()])
