"""Figures and dates as Vietnamese and English readers write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NBSP = "\u00a0"
_WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MARKS = {"vi": (".", ","), "en": (",", ".")}  # thousands, decimals
# a number at the start of a text, in whole groups of three or none: `1.25` is no Vietnamese number, and nobody guesses
_AMOUNT = {
    "vi": re.compile(r"\s*(?P<sign>[-−]?)\s*(?P<digits>(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?)(?![\d.,/–-]*\d)"),
    "en": re.compile(r"\s*(?P<sign>[-−]?)\s*(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?![\d.,/–-]*\d)"),
}
_SHARE = re.compile(r"\s*(?P<digits>\d+(?:[.,]\d+)?)\s*(?P<percent>%?)\s*")
_DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A value with its unit, which prints itself in the reader's language; `amount` is the number that it is, where it is one."""

    value: str
    unit: str = ""
    amount: Decimal | None = None

    def __str__(self) -> str:
        return f"{self.value}{NBSP}{self.unit}".strip(NBSP) if self.unit != "%" else f"{self.value}%"


@dataclass(frozen=True, kw_only=True)
class Running:
    """A written figure that can count: the words around its digits stay, its separators too."""

    before: str
    value: float
    after: str
    decimals: int
    grouped: bool
    language: str

    def at(self, value: float) -> str:
        """Return the text while the counter stands at value."""
        return self.before + _written(value, self.decimals, self.grouped, self.language) + self.after


def write_number(value: object, language: str) -> str:
    """Return a number with the language's separators; a text is returned as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    exact = Decimal(str(value)).normalize()
    exponent = exact.as_tuple().exponent
    return _written(exact, max(0, -exponent) if isinstance(exponent, int) else 0, True, language)


def running(text: str, language: str) -> Running | None:
    """Return the first figure in a text, ready to count up to it; None where there is none."""
    match = _DIGITS.search(text)
    if match is None:
        return None
    thousands, point = _MARKS.get(language, _MARKS["vi"])
    digits = match.group()
    whole, _, fraction = digits.replace(thousands, "").partition(point)
    if not (whole + (fraction or "0")).isdigit():
        return None
    return Running(
        before=text[: match.start()],
        value=float(f"{whole}.{fraction or 0}"),
        after=text[match.end() :],
        decimals=len(fraction),
        grouped=thousands in digits or len(whole) > 4,
        language=language,
    )


def read_amount(written: object, language: str) -> Decimal | None:
    """Return the number that a value is or begins with: 38.3, "38,3 km", "-1.250,5"; None where it is none."""
    if isinstance(written, int | float | Decimal) and not isinstance(written, bool):
        return Decimal(str(written)) if Decimal(str(written)).is_finite() else None
    match = _AMOUNT[language if language in _AMOUNT else "vi"].match(str(written))
    if match is None:
        return None
    thousands, point = _MARKS.get(language, _MARKS["vi"])
    amount = Decimal(match["digits"].replace(thousands, "").replace(point, "."))
    return -amount if match["sign"] else amount


def read_share(text: str) -> float | None:
    """Return `0.625`, `0,625`, `62,5%` or `62.5 %` as a share from 0 to 1, more than the whole as 1; None where it is none."""
    match = _SHARE.fullmatch(text.replace(NBSP, " "))
    if match is None:
        return None
    number = float(match["digits"].replace(",", "."))
    return min(1.0, number / 100 if match["percent"] else number)


def short_day(day: date) -> str:
    """Return 10/10/2026."""
    return f"{day.day}/{day.month}/{day.year}"


def long_day(day: date, language: str) -> str:
    """Return Thứ Bảy, 10/10/2026."""
    return f"{_WEEKDAYS.get(language, _WEEKDAYS['vi'])[day.weekday()]}, {short_day(day)}"


def _written(value: float | Decimal, decimals: int, grouped: bool, language: str) -> str:
    thousands, point = _MARKS.get(language, _MARKS["vi"])
    text = f"{value:,.{decimals}f}" if grouped else f"{value:.{decimals}f}"
    return text.replace(",", "\0").replace(".", point).replace("\0", thousands)
