"""The written form of a date rule, such as `trung_thu/2026-3d@08:00~prev`.

rule   = anchor ["/" YYYY] { offset } "@" HH:MM [ "~" roll ]     anchor: an id of the calendar, or a day YYYY-MM-DD
offset = ("+" | "-") N ( "d" | "w" | "wd" | "m" | "h" | "min" )  N has 1 to 3 digits
roll   = "prev" | "next" | "near" | "modprev" | "modnext" | "none"
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from enum import Enum
from textwrap import shorten

from editorial.day_rule import real_date
from editorial.problem import BadInput, Problem

LONGEST = 120  # letters; no honest rule is half as long

_ANCHOR = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})|(?P<id>[a-z][a-z0-9_]*)(?:/(?P<year>\d{4}))?")
_OFFSET = re.compile(r"([+-]\d{1,3})(min|wd|d|w|m|h)(?![a-z0-9])")
_OFFSET_LIKE = re.compile(r"[+-][^+-]*")
_SPACE = re.compile(r"\s")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class Unit(Enum):
    """What an offset counts in."""

    MONTH = "m"  # clamped to the end of the month
    WEEK = "w"  # seven days
    DAY = "d"  # days of the wall calendar
    WORKING_DAY = "wd"  # days on which the office works
    HOUR = "h"  # hours after the wall time is set
    MINUTE = "min"  # minutes after the wall time is set


class Roll(Enum):
    """Where to go from a day on which the office does not work."""

    NONE = "none"  # stay
    PREV = "prev"  # back
    NEXT = "next"  # on
    NEAR = "near"  # to the nearer one; back where both are as near
    MODPREV = "modprev"  # back, unless that leaves the month; then on
    MODNEXT = "modnext"  # on, unless that leaves the month; then back


@dataclass(frozen=True, kw_only=True)
class Offset:
    """So many units after (before, where negative) what came before."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count:+d}{self.unit.value}"


@dataclass(frozen=True, kw_only=True)
class DateRule:
    """A date rule that was read. It has either an anchor from the calendar or a fixed day."""

    anchor: str
    year: int | None = None
    fixed: date | None = None
    offsets: tuple[Offset, ...] = ()
    at: time
    roll: Roll = Roll.NONE

    def total(self, unit: Unit) -> int:
        """Add up the offsets of one unit; their order in the text means nothing."""
        return sum(offset.count for offset in self.offsets if offset.unit is unit)

    def __str__(self) -> str:
        year = f"/{self.year:04d}" if self.year is not None else ""
        roll = f"~{self.roll.value}" if self.roll is not Roll.NONE else ""
        return f"{self.anchor}{year}{''.join(str(offset) for offset in self.offsets)}@{self.at:%H:%M}{roll}"


def parse(text: str) -> DateRule:
    """Read a date rule; raise BadInput with what to change where it cannot be read."""
    if len(text) > LONGEST:
        raise _bad("too-long", text, f"dài quá {LONGEST} ký tự; hãy viết gọn lại, ví dụ trung_thu/2026-3d@08:00")
    _refuse_stray_letters(text)
    before, at_sign, after = text.partition("@")
    if not at_sign:
        raise _bad("no-time", text, "thiếu giờ; hãy thêm @ và giờ vào sau, ví dụ trung_thu/2026-3d@08:00")
    clock, tilde, roll = after.partition("~")
    anchor = _ANCHOR.match(before)
    if anchor is None:
        advice = "phải bắt đầu bằng mã của một mốc trong lịch (chữ thường không dấu) hoặc một ngày như 2026-11-02"
        raise _bad("bad-anchor", text, advice)
    return DateRule(
        anchor=anchor["day"] or anchor["id"],
        year=int(anchor["year"]) if anchor["year"] else None,
        fixed=real_date(anchor["day"]) if anchor["day"] else None,
        offsets=_offsets(before[anchor.end() :], text),
        at=_time(clock, text),
        roll=_roll(roll, text) if tilde else Roll.NONE,
    )


def _refuse_stray_letters(text: str) -> None:
    if _SPACE.search(text):
        raise _bad("space", text, "không được có dấu cách; hãy viết liền, ví dụ trung_thu/2026-3d@08:00")
    if text != text.lower():
        raise _bad("capital", text, "chỉ dùng chữ thường")
    if not text.isascii():
        raise _bad("letter", text, "chỉ dùng chữ không dấu, chữ số, dấu + và dấu trừ thường (-)")


def _offsets(text: str, whole: str) -> tuple[Offset, ...]:
    parts = _OFFSET_LIKE.findall(text)
    if "".join(parts) != text:
        raise _bad("bad-anchor", whole, "sau mã mốc chỉ được ghi /năm rồi đến khoảng cách, ví dụ trung_thu/2026-3d@08:00")
    offsets = tuple(_offset(part, whole) for part in parts)
    working = [offset.count for offset in offsets if offset.unit is Unit.WORKING_DAY]
    if working and 0 in (*working, sum(working)):
        advice = "không có “0 ngày làm việc”; hãy bỏ phần wd, dùng ~prev hay ~next để dời khỏi ngày nghỉ"
        raise _bad("zero-working-days", whole, advice)
    return offsets


def _offset(part: str, whole: str) -> Offset:
    match = _OFFSET.fullmatch(part)
    if match:
        return Offset(count=int(match[1]), unit=Unit(match[2]))
    if part[1:].isdigit() and len(part) <= 4:
        advice = f"thiếu đơn vị sau {part}; hãy ghi d (ngày), w (tuần), wd (ngày làm việc), m (tháng), h (giờ) hoặc min (phút)"
        raise _bad("no-unit", whole, advice)
    advice = f"không hiểu “{part}”; hãy ghi dấu, số từ 1 đến 3 chữ số rồi đơn vị d, w, wd, m, h hoặc min, ví dụ -3d"
    raise _bad("bad-offset", whole, advice)


def _time(text: str, whole: str) -> time:
    match = _TIME.fullmatch(text)
    if match is None:
        raise _bad("bad-time", whole, "giờ không đúng; hãy ghi hai chữ số giờ và hai chữ số phút, từ 00:00 đến 23:59")
    return time(int(match[1]), int(match[2]))


def _roll(text: str, whole: str) -> Roll:
    known = [roll.value for roll in Roll]
    if text not in known:
        raise _bad("bad-roll", whole, f"không có cách dời này; sau dấu ~ hãy chọn một trong: {', '.join(known)}")
    return Roll(text)


def _bad(what: str, text: str, advice: str) -> BadInput:
    rule = what if what == "zero-working-days" else f"date-rule-{what}"
    shown = shorten(text, width=80, placeholder="…")
    return BadInput(Problem(rule=rule, message=f"thời điểm “{shown}”: {advice}"))
