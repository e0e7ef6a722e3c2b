"""Times of day: 8h00, 8 giờ tối, 20:00, 8g30, 8 giờ rưỡi, 8 giờ kém 15, 8 p.m., 12 noon, a quarter to eight."""

from __future__ import annotations

import re
from dataclasses import dataclass

from editorial.claims.number_words import vietnamese_value
from editorial.claims.wording import blanked


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of day that a text states, in minutes from midnight."""

    start: int
    stop: int
    minutes: int
    otherwise: int | None = None  # twelve hours later, where only the end of a span tells the half of the day


_DAY = 24 * 60  # minutes
_PART = r"(?:[ ]?(?P<part>sáng|trưa|chiều|tối|đêm|khuya|a\.m\.|p\.m\.|am|pm)(?![\w]))?"
_HOUR = r"(?<![\w.,:/])(?P<hour>[01]?[0-9]|2[0-4])"
_CLOCK = re.compile(
    rf"{_HOUR}(?:(?:h|g|:|h:)(?P<minute>[0-5][0-9])(?![0-9]|:[0-9]{{4}})(?:[ ]?(?:phút|p|hrs)(?!\w))?|h(?!\w)){_PART}"
)
_ONE = "một|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mười|mươi|mốt"
_SPOKEN = rf"(?:{_ONE})(?: (?:{_ONE}))*"
_MINUTES_END = r"(?=[,.;:!?\n)]|$| -| (?:đến|tới|ngày|hôm|sáng|trưa|chiều|tối|đêm|tại|ở|thứ|chủ nhật)(?!\w))"
_NAMED = re.compile(
    rf"(?<![\w.,])(?P<hour>[0-9]{{1,2}}|{_SPOKEN})"
    rf" giờ(?: (?:(?P<minute>[0-5]?[0-9])(?: phút)?(?![\w/]|[.,][0-9]| ?tháng)|"
    rf"kém (?P<less>[0-5]?[0-9]|{_SPOKEN})(?: phút)?(?![\w/]|[.,][0-9])|"
    rf"(?P<spoken>{_SPOKEN})(?: phút|{_MINUTES_END}))| (?P<half>rưỡi)| "
    rf"đúng)?" + _PART
)
_HALF_PAST = re.compile(
    rf"(?<![\w.,])(?P<hour>[0-9]{{1,2}}|{_SPOKEN}) (?P<half>rưỡi) (?P<part>sáng|trưa|chiều|tối|đêm|khuya)(?!\w)"
)
_ENGLISH = re.compile(rf"{_HOUR}(?:[:.](?P<minute>[0-5][0-9]))?[ ]?(?P<part>a\.m\.|p\.m\.|am|pm|o'clock)(?!\w)")
_NOON = re.compile(r"(?:(?<!\w)12 |(?<=at )|(?<=until )|(?<=till )|(?<=from )|(?<=by )|(?<=before )|(?<=after )|(?<=since ))"
    r"(?P<noon>noon|midday|midnight)(?!\w)")
_EN_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PAST = re.compile(
    rf"(?<!\w)(?P<turn>half past|(?:a )?quarter past|(?:a )?quarter to) (?P<hour>{'|'.join(_EN_ONES)}|1[0-2]|[1-9])"
    r"(?![\w.,:][0-9a-z])"
    r"(?:[ ]?(?P<part>a\.m\.|p\.m\.|am|pm|in the (?:morning|afternoon|evening))(?!\w))?"
)
_CUE = re.compile(r"(?:lúc|từ|đến|tới|vào|hồi|trước|sau|khoảng|bắt đầu|kết thúc|mở cửa|đóng cửa|chuyến đầu|chuyến cuối|"
    r"đầu tiên|cuối cùng|sớm nhất|muộn nhất|đúng|giờ|at|from|until|[(:-]),? ?$")
_FOLLOWED = re.compile(r"^,? ?(?:ngày|hôm|thứ|chủ nhật|cùng ngày|\x00|-|đến)")
_SPAN_BEFORE = re.compile(  # từ 6 đến 8 giờ tối, between 6 and 8 p.m.
    r"(?<![\w.,:/-])(?P<hour>1?[0-9])(?:[h:.](?P<minute>[0-5][0-9])|h)?[ ]?(?:-|đến|tới|to|and|until)[ ]?$"
)
_ONWARD = re.compile(r"\x00 (?:đến|tới|to|until) ?$")  # what stands before it was a moment: từ 8 giờ đến 22 giờ
_LASTING = re.compile(r"(?:trong|suốt|kéo dài|mất|hơn|gần|khoảng|tới|đến|sau|trước|mỗi|for|within) ?$")
_BOUNDS = ("tới", "đến", "sau", "trước")  # of a moment as well as of a length of time


def hours(masked: str) -> tuple[list[Hour], str]:
    """Return the times of day that the lower-case text states, and the text with them blanked; `trong 8 giờ` is a duration."""
    found: list[Hour] = []
    rare = (*([_HALF_PAST] if "rưỡi" in masked else ()), *([_NOON] if "noon" in masked or "mid" in masked else ()))
    rare = (*rare, *([_PAST] if "quarter" in masked or "half past" in masked else ()))
    for pattern in (_ENGLISH, _CLOCK, _NAMED, *rare):
        for match in pattern.finditer(masked):
            read = _in_words(match) if pattern in (_NOON, _PAST) else _read(match, masked)
            if read is not None:
                found.append(read)
                masked = blanked(masked, match.start(), match.end())
                begins = _SPAN_BEFORE.search(masked, max(0, match.start() - 12), match.start())
                if begins and match.groupdict().get("part") and (first := _begun(begins, read)) is not None:
                    found.append(first)
                    masked = blanked(masked, begins.start(), begins.end())
    return found, masked


def _begun(begins: re.Match[str], end: Hour) -> Hour | None:
    """Return the time at which a span begins that only tells at its end whether it is morning or evening."""
    minutes = int(begins["hour"]) * 60 + int(begins["minute"] or 0)
    later = minutes + _DAY // 2
    if int(begins["hour"]) > 12 or minutes == end.minutes:
        return None
    stop = begins.end("minute") if begins["minute"] else begins.end("hour")
    return Hour(begins.start(), stop, minutes, later if later < end.minutes else None)


def _read(match: re.Match[str], masked: str) -> Hour | None:
    groups = match.groupdict()
    hour = _number(match["hour"])
    if hour is None or hour > 24:
        return None
    if match.re is _NAMED and not _is_moment(match, masked):
        return None
    minute = _number(groups.get("minute") or groups.get("spoken") or "") or (30 if groups.get("half") else 0)
    minute -= _number(groups.get("less") or "") or 0
    return Hour(match.start(), match.end(), ((_of_day(hour, groups.get("part")) % 24) * 60 + minute) % _DAY)


def _in_words(match: re.Match[str]) -> Hour | None:
    """Return the time of 12 noon, half past five, a quarter to eight in the evening; None where the half day is not told."""
    if match.re is _NOON:
        return Hour(match.start(), match.end(), 0 if match["noon"] == "midnight" else _DAY // 2)
    hour = int(match["hour"]) if match["hour"].isdigit() else _EN_ONES.index(match["hour"]) + 1
    part = {"in the morning": "am", "in the afternoon": "pm", "in the evening": "pm"}.get(match["part"] or "", match["part"])
    if part is None:
        return None
    turn = 30 if match["turn"].startswith("half") else 15 if match["turn"].endswith("past") else -15
    return Hour(match.start(), match.end(), ((_of_day(hour, part) % 24) * 60 + turn) % _DAY)


def _number(words: str) -> int | None:
    if words.isdigit():
        return int(words)
    value = vietnamese_value(words)
    return None if value is None else int(value)


def _of_day(hour: int, part: str | None) -> int:
    if part in ("chiều", "tối", "p.m.", "pm") and hour < 12:
        return hour + 12
    if part in ("đêm", "khuya"):
        return hour + 12 if 6 <= hour < 12 else hour % 12 if hour == 12 else hour
    if part in ("a.m.", "am") and hour == 12:
        return 0
    return hour + 12 if part == "trưa" and hour < 4 else hour


def _is_moment(match: re.Match[str], masked: str) -> bool:
    """Tell a moment (lúc 8 giờ, 8 giờ sáng) from a duration (trong 8 giờ)."""
    if match["part"] or match["half"]:
        return True
    before, after = masked[max(0, match.start() - 14) : match.start()], masked[match.end() : match.end() + 14]
    if _ONWARD.search(before):
        return True
    minuted = match["minute"] or match["spoken"] or match["less"]
    told = minuted and not match.group().endswith("phút")  # 5 giờ 30: nobody counts so
    lasting = _LASTING.search(before)
    if told and lasting and lasting.group().rstrip() in _BOUNDS:
        return True  # đến 0 giờ 30
    return (bool(told or _CUE.search(before)) and not lasting) or bool(_FOLLOWED.match(after))
