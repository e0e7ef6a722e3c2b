"""What each kind of fact may say: one rule for the ledger as it is read and for a value that is corrected."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from urllib.parse import urlsplit

from editorial.claims.document_number import document_number
from editorial.claims.phone import digits_of
from editorial.claims.when import When
from editorial.claims.wording import clean, lowered
from editorial.expectation import moments_of, unit_and_scale
from editorial.fact import Fact, FactKind
from editorial.fact_guess import PART_OF_YEAR, when_of

YEARS = range(1000, 2201)
_MOST_PERCENT = 10_000
_MOST_LETTERS = 300
_BELOW_ZERO = frozenset({"percent", "percentage point", "dong", "dollar", "euro", "heat", "length"})  # what can be less than none
_MEASURED = frozenset({FactKind.NUMBER, FactKind.MONEY})  # kinds with a unit
_PHONE = re.compile(r"\(?\+?[0-9][0-9 .()-]*")
_DIALLED = re.compile(r"1[0-9]{2,4}|1[89]00[0-9]{4,6}|0[2-9][0-9]{8,9}")  # 113, 1022, 1900 1009, 024 3825 3536, 0912 345 678
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What a fact may not say, and the key of the fact at which it says it; "" for a key that is missing."""

    key: str
    message: str
    rule: str = "wrong-value"


def read_number(text: str) -> int | Decimal:
    """Return the number that a text is: 1250, -0.3, 12.5; raise ValueError for anything else, nan and 1_000 too."""
    if not re.fullmatch(r"-?[0-9]{1,24}(?:\.[0-9]{1,12})?", text, re.ASCII):
        raise ValueError(text)
    return Decimal(text) if "." in text else int(text)


def read_day(text: str) -> date:
    """Return the day that a text is, 2026-09-25 and no other form; raise ValueError."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def read_time(text: str) -> time:
    """Return the time that a text is, 08:30 and no other form; raise ValueError."""
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}", text, re.ASCII):
        raise ValueError(text)
    return time.fromisoformat(text)


def fact_faults(fact: Fact) -> tuple[Fault, ...]:
    """Return everything about a fact that its kind does not allow."""
    wrong = _wrong_value(fact)
    values = (Fault(key="value", message=wrong),) if wrong else ()
    return (*values, *_unit_faults(fact), *_day_faults(fact))


def _wrong_value(fact: Fact) -> str | None:
    match fact.kind:
        case FactKind.NUMBER:
            return _wrong_number(fact)
        case FactKind.PERCENTAGE:
            return _wrong_percentage(fact)
        case FactKind.MONEY:
            return _wrong_money(fact)
        case FactKind.DATE:
            return _wrong_date(fact)
        case FactKind.TIME:
            return _wrong_time(fact)
        case FactKind.PERIOD:
            return _wrong_period(fact)
        case FactKind.DOCUMENT:
            return _wrong_document(fact)
        case FactKind.PHONE:
            return _wrong_phone(fact)
        case FactKind.LINK:
            return _wrong_link(fact)
        case FactKind.NAME | FactKind.PLACE:
            return _wrong_name(fact)


def _unit_faults(fact: Fact) -> Iterator[Fault]:
    if fact.unit and fact.kind is FactKind.PERCENTAGE:
        yield Fault(key="unit", message="phần trăm đã có dấu %; hãy bỏ unit, hoặc dùng kind: number", rule="wrong-unit")
    elif fact.unit and fact.kind not in _MEASURED:
        yield Fault(key="unit", message="loại dữ kiện này không có đơn vị; hãy bỏ unit", rule="wrong-unit")
    elif fact.kind is FactKind.NUMBER and not fact.unit:
        yield Fault(key="", message="thiếu đơn vị; hãy thêm khóa unit", rule="missing-unit")


def _day_faults(fact: Fact) -> Iterator[Fault]:
    if fact.as_of and fact.valid_until and fact.valid_until < fact.as_of:
        message = "ngày hết giá trị (valid_until) trước ngày của số liệu (as_of); hãy xem lại hai ngày"
        yield Fault(key="valid_until", message=message, rule="wrong-date")


def _wrong_number(fact: Fact) -> str | None:
    value = fact.value
    if not _finite(value):
        return "phải là số"
    below = isinstance(value, int | Decimal) and value < 0
    if below and unit_and_scale(fact.unit or "")[0].dimension not in _BELOW_ZERO:
        return "số này không thể âm; tăng hay giảm thì nói trong lời bài"
    return None


def _wrong_percentage(fact: Fact) -> str | None:
    value = fact.value
    if not _finite(value):
        return "phải là số (12.5 nghĩa là 12,5%)"
    fits = isinstance(value, int | Decimal) and -100 <= value <= _MOST_PERCENT
    return None if fits else f"phần trăm phải từ -100 đến {_MOST_PERCENT}; 12.5 nghĩa là 12,5%"


def _wrong_money(fact: Fact) -> str | None:
    value = fact.value
    if isinstance(value, bool) or not isinstance(value, int):
        return "phải là số đồng nguyên"
    return "số tiền không thể âm" if value < 0 else None


def _wrong_date(fact: Fact) -> str | None:
    if not isinstance(fact.value, date):
        return "phải là ngày có thật, dạng 2026-09-25"
    return None if fact.value.year in YEARS else f"năm phải từ {YEARS[0]} đến {YEARS[-1]}"


def _wrong_time(fact: Fact) -> str | None:
    value = fact.value
    right = isinstance(value, time) and value.tzinfo is None and not (value.second or value.microsecond)
    return None if right else "phải là giờ, dạng 08:30"


def _wrong_period(fact: Fact) -> str | None:
    text = _line(fact.value)
    if text and (PART_OF_YEAR.fullmatch(lowered(clean(text))) or _is_of_calendar(text)):
        return None
    return "phải là một kỳ như quý IV/2026, tháng 10/2026, 6 tháng đầu năm 2026, 2026-2030, 20/11; chữ khác thì dùng kind: name"


def _is_of_calendar(text: str) -> bool:
    """Tell whether a text is a year, a quarter, a span, or nothing but days and times, all of which exist."""
    whole, moments = when_of(text), moments_of(text)
    stated = (whole,) if whole is not None else moments.whens if moments is not None else ()
    return bool(stated or (moments and moments.hours)) and all(_exists(when) for when in stated)


def _exists(when: When) -> bool:
    if when.last_year is not None:
        return when.year is not None and when.year < when.last_year
    if when.day is not None and when.month is not None:
        return when.day <= (30 if when.lunar else monthrange(when.year or 2000, when.month)[1])
    return when.year is None or when.year in YEARS


def _wrong_document(fact: Fact) -> str | None:
    return None if document_number(_line(fact.value)) else "phải là số hiệu văn bản, ví dụ 02-NQ/TW hoặc 36/2005/QĐ-TTg"


def _wrong_phone(fact: Fact) -> str | None:
    text = _line(fact.value)
    right = _PHONE.fullmatch(text) and _DIALLED.fullmatch(digits_of(text))
    return None if right else "phải là số điện thoại gọi được, ví dụ 113, 1900 1009, 024 3825 3536"


def _wrong_link(fact: Fact) -> str | None:
    return None if _leads_somewhere(_line(fact.value)) else "phải là địa chỉ http:// hoặc https://, ví dụ https://hanoi.gov.vn/"


def _leads_somewhere(text: str) -> bool:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = parts.port
    except ValueError:
        return False
    plain = not re.search(r"[\s<>\"'\\]", text) and "@" not in parts.netloc
    return plain and parts.scheme in ("http", "https") and port != 0 and bool(_HOST.fullmatch(parts.hostname or ""))


def _wrong_name(fact: Fact) -> str | None:
    text = _line(fact.value)
    spelt = any(letter.isalpha() for letter in text) and len(text) <= _MOST_LETTERS and not re.search(r"[<>{}]", text)
    return None if spelt else f"phải là tên, có chữ, trên một dòng, tối đa {_MOST_LETTERS} ký tự, không có dấu ngoặc nhọn"


def _line(value: object) -> str:
    """Return a text of one line; nothing for what is none."""
    return value.strip() if isinstance(value, str) and value.isprintable() else ""


def _finite(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and Decimal(value).is_finite()
