"""Weekdays in running text, and the days that they stand beside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from editorial.claims.when import When
from editorial.claims.wording import BLANK

WEEKDAY_HINTS = ("thứ", "nhật", "cn", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHORT = re.compile(r"t[.]?[2-7]")
_VIETNAMESE = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5, "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5}
_ENGLISH = {
    name[:3]: n for n, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
WEEKDAY = re.compile(
    r"(?<!\w)(?:thứ (?P<vi>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|t\.?(?P<short>[2-7])|(?P<sunday>chủ nhật|chúa nhật|cn)"
    r"|(?P<en>monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun))(?!\w)"
)
_GAP_BEFORE = re.compile(
    r"^[ ,().:-]*(?:(?:này|tới|tuần này|tuần tới|tuần sau|vừa qua|nay|next|this)[ ,(]*)?"
    r"(?:(?:sáng|trưa|chiều|tối|đêm|morning|afternoon|evening|night)[ ,(]*)?(?:ngày|mùng|mồng|hôm|the|on)?[ ]?$"
)
_GAP_AFTER = re.compile(r"^[ ,]*[ (,-]*(?:tức|là|nhằm|rơi vào|đúng|vào|falls on|is|a)?[ ]?(?:đúng |ngày |vào |a )*$")


def with_weekdays(found: list[When], masked: str, language: str) -> tuple[list[When], str]:
    """Return the days, each with the weekday that stands right beside it, and the text with the weekdays blanked."""
    if not any(hint in masked for hint in WEEKDAY_HINTS) and not _SHORT.search(masked):
        return found, masked
    said = [each for each in WEEKDAY.finditer(masked) if language == "en" or len(each["en"] or "monday") > 5]  # not Trung thu
    found = _joined(found, masked, said)
    for each in said:
        masked = masked[: each.start()] + BLANK * len(each.group()) + masked[each.end() :]
    return found, masked


def _joined(found: list[When], masked: str, weekdays: Sequence[re.Match[str]]) -> list[When]:
    days = sorted(found, key=lambda when: when.start)
    for said in weekdays:
        place = _paired(said, weekdays, days, masked) or _beside(said, days, masked)
        if place is not None and masked[max(0, said.start() - 4) : said.start()] != "lần ":
            days[place] = replace(days[place], weekday=weekday_of(said), weekday_text=said.group())
    return days


_PAIR = re.compile(r"(?:,| và| and| &) ?$")


def _paired(said: re.Match[str], weekdays: Sequence[re.Match[str]], days: list[When], masked: str) -> int | None:
    """Return the second of two days after two weekdays, for the second of them: Thứ Bảy, Chủ nhật (14, 15/11)."""
    first = next((other for other in weekdays if other.end() <= said.start() <= other.end() + 6), None)
    if first is None or not _PAIR.fullmatch(masked[first.end() : said.start()]):
        return None
    place = _beside(said, days, masked)
    if place is None or place + 1 >= len(days) or not days[place].borrowed or days[place].start < said.end():
        return None
    days[place] = replace(days[place], weekday=weekday_of(first), weekday_text=first.group())
    return place + 1


def _beside(said: re.Match[str], days: list[When], masked: str) -> int | None:
    """Return the day that the weekday belongs to: the next one, else the one before."""
    for place, when in enumerate(days):
        if when.day is None:
            continue
        if 0 <= when.start - said.end() <= 24 and _GAP_BEFORE.match(masked[said.end() : when.start].replace("\x00", "")):
            return place
    for place, when in enumerate(days):
        near = when.day is not None and when.weekday is None and 0 <= said.start() - when.stop <= 14
        if near and _GAP_AFTER.match(masked[when.stop : said.start()]):
            return place
    return None


def weekday_of(said: re.Match[str]) -> int:
    """Return the weekday of a match of WEEKDAY, Monday as 0."""
    if said["sunday"]:
        return 6
    return _VIETNAMESE[said["vi"] or said["short"]] if said["vi"] or said["short"] else _ENGLISH[said["en"][:3]]
