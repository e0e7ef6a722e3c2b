"""What a plain value is: a date, a time, a period, a document number, a telephone number, a link, a name or a figure."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal

from editorial.claims.day import whens
from editorial.claims.document_number import document_number
from editorial.claims.figure import digits_value
from editorial.claims.hour import hours
from editorial.claims.link import read_link
from editorial.claims.unit import unit_of
from editorial.claims.when import When
from editorial.claims.wording import clean, folded, lowered
from editorial.fact import Fact, FactKind, FactValue

_TYPED = frozenset({FactKind.NUMBER, FactKind.PERCENTAGE, FactKind.MONEY, FactKind.DATE, FactKind.TIME})
_WORDED = frozenset({FactKind.PHONE, FactKind.DOCUMENT, FactKind.NAME, FactKind.PLACE, FactKind.LINK, FactKind.PERIOD})
_PHONE_NAME = re.compile(r"phone|hotline|tong_?dai|duong_?day|dien_?thoai|(?:^|_)(?:sdt|dt|tel)(?:_|$)|khan_?cap|call")
_PHONE = re.compile(r"\(?(?:\+?84|0|1[89]00)[0-9 .()-]{5,14}|[1-9][0-9]{2,4}")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)*")
_DIRECTED = re.compile(r"(tăng|giảm)(?: thêm| bớt)? +(?=[0-9])(.+)")  # tăng 8,5%
PART_OF_YEAR = re.compile(r"(?:[0-9]{1,2}|một|hai|ba|sáu|chín) tháng (?:đầu|cuối) năm(?: [12][0-9]{3})?")
_FIGURE = re.compile(r"([-+]?[0-9]+(?:[.,][0-9]+)*)[ \u00a0]?(\D+)")


def guessed_fact(
    name: str, value: FactValue | float, unit: str | None = None, kind: FactKind | None = None, *, unit_en: str | None = None
) -> Fact:
    """Return the fact that a plain value is, of the kind given or the one that value, unit and name suggest."""
    number: FactValue | float = str(value) if kind in _WORDED and isinstance(value, int | float | Decimal) else value
    note: str | None = None
    if isinstance(value, str) and not unit and _may_count(value, kind):
        turned = _DIRECTED.fullmatch(lowered(clean(value)).strip())
        note = turned.group(1) if turned else None
        number, unit = _split(turned.group(2) if turned else value)
        number = number if unit or not turned else value
    if isinstance(number, str):
        guessed, found = _of_text(name, clean(number).strip(), kind)
    else:
        guessed, found = _of_number(name, number, unit)
    if isinstance(found, str) and kind in _TYPED:
        kind = FactKind.NAME  # a value that its kind cannot read is held as words
    if (kind or guessed) is FactKind.PERCENTAGE and unit in ("%", "phần trăm", "percent"):
        unit = None  # the kind says it
    return Fact(id=name, kind=kind or guessed, value=found, source="", unit=unit, unit_en=unit_en, note=note)


def _may_count(text: str, kind: FactKind | None) -> bool:
    return kind in (FactKind.NUMBER, FactKind.PERCENTAGE, FactKind.MONEY) or (kind is None and time_value(clean(text)) is None)


def _split(text: str) -> tuple[FactValue, str | None]:
    """Return the number and the unit of `1.250 tỷ đồng`; the text itself when it is not so made."""
    found = _FIGURE.fullmatch(text.strip())
    if found is None:
        return text, None
    unit = unit_of(lowered(found.group(2).strip()))
    number = digits_value(found.group(1).lstrip("+-"), "vi")
    known = unit.dimension or unit.counts or "tỷ" in found.group(2) or "triệu" in found.group(2)
    return (number, found.group(2).strip()) if number is not None and known else (text, None)


def _of_number(name: str, value: FactValue | float, unit: str | None) -> tuple[FactKind, FactValue]:
    if isinstance(value, date):
        return FactKind.DATE, value
    if isinstance(value, time):
        return FactKind.TIME, value
    number = value if isinstance(value, int | Decimal) else Decimal(str(value))
    dimension = unit_of(lowered(clean(unit))).dimension if unit else ""
    if dimension == "percent":
        return FactKind.PERCENTAGE, number
    if not unit and isinstance(number, int) and 100 <= number <= 99999 and _PHONE_NAME.search(folded(name)):
        return FactKind.PHONE, str(number)
    return FactKind.NUMBER, number


def _of_text(name: str, text: str, kind: FactKind | None) -> tuple[FactKind, FactValue]:
    if kind in (FactKind.NAME, FactKind.PLACE, FactKind.PHONE, FactKind.LINK, FactKind.DOCUMENT):
        return kind, text
    day = day_value(text)
    if day is not None and kind in (None, FactKind.DATE):
        return FactKind.DATE, day
    moment = time_value(text)
    if moment is not None and kind in (None, FactKind.TIME):
        return FactKind.TIME, moment
    if _PHONE.fullmatch(text) and _PHONE_NAME.search(folded(name)):
        return FactKind.PHONE, text
    timed = when_of(text) is not None or PART_OF_YEAR.fullmatch(lowered(text)) or kind is FactKind.PERIOD
    if timed and kind not in (FactKind.NUMBER, FactKind.PERCENTAGE, FactKind.MONEY):
        return FactKind.PERIOD, text
    if kind in (None, FactKind.DOCUMENT) and document_number(text):
        return FactKind.DOCUMENT, text
    if " " not in text and read_link(text) and not _NUMBER.fullmatch(text):
        return FactKind.LINK, text
    if _PHONE.fullmatch(text) and text[0] in "0+(1" and len(text) > 3 and kind is None:
        return FactKind.PHONE, text
    if _NUMBER.fullmatch(text) and (number := digits_value(text.lstrip("+-"), "vi")) is not None:
        return FactKind.NUMBER, -number if text.startswith("-") else number
    return FactKind.NAME, text


def day_value(text: str) -> date | None:
    """Return the complete day that a text is: 2026-10-10, 10/10/2026, ngày 10 tháng 10 năm 2026."""
    try:
        return (
            date.fromisoformat(text[:10]) if re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}(?:[T ].*)?", text) else _only_day(text)
        )
    except ValueError:
        return None


def _only_day(text: str) -> date | None:
    when = when_of(text)
    return when.date if when else None


def when_of(text: str) -> When | None:
    """Return the day, month, quarter, span or year that the whole text is; None when it says anything else."""
    lower = lowered(clean(text)).strip()
    if re.fullmatch(r"(?:năm )?[12][0-9]{3}", lower):
        return When(0, len(lower), year=int(lower[-4:]))
    for language in ("vi", "en"):
        found, rest = whens(lower, language)
        if len(found) == 1 and not re.sub(r"[\x00\s,()]|giai đoạn|nhiệm kỳ|ngày|từ|năm học|âm lịch|âl|dương lịch", "", rest):
            return found[0]
    return None


def time_value(text: str) -> time | None:
    """Return the time of day that a text is: 08:00, 8h00, 20 giờ."""
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", text):
        hour, minute = (int(part) for part in text.split(":")[:2])
        return time(hour, minute) if hour < 24 and minute < 60 else None
    found, rest = hours("lúc " + lowered(text))
    return (
        time(*divmod(found[0].minutes, 60))
        if len(found) == 1 and not rest.replace("\x00", "").replace("lúc", "").strip()
        else None
    )
