"""How a period is said in English: quý IV/2026 is Q4 2026, 6 tháng đầu năm 2026 the first six months of 2026."""

from __future__ import annotations

import re

from editorial.claims.wording import clean, lowered
from editorial.fact_guess import when_of

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_COUNTS = {"3": "three", "6": "six", "9": "nine", "ba": "three", "sáu": "six", "chín": "nine"}
_PART = re.compile(r"(?P<count>3|6|9|ba|sáu|chín) tháng (?P<end>đầu|cuối) năm(?: (?P<year>[12][0-9]{3}))?")
_NAMED = {"nhiệm kỳ": "{} term", "khóa": "{} term", "năm học": "{} school year"}


def english_period(period: str) -> str | None:
    """Return the period in English; None where it is not one that English readers, or the check, would understand."""
    text = lowered(clean(period)).strip()
    part = _PART.fullmatch(text)
    if part is not None:
        end = "first" if part["end"] == "đầu" else "last"
        return f"the {end} {_COUNTS[part['count']]} months of {part['year'] or 'the year'}"
    return _of_calendar(text)


def _of_calendar(text: str) -> str | None:
    when = when_of(text)
    if when is None or when.lunar or when.lunar_said:
        return None
    year = f" {when.year}" if when.year else ""
    if when.last_year is not None:
        frame = next((frame for name, frame in _NAMED.items() if text.startswith(name)), "{}")
        return frame.format(f"{when.year}-{when.last_year}")
    if when.quarter is not None:
        return f"Q{when.quarter}{year}"
    if when.month is not None:
        day = f"{when.day} " if when.day else ""
        return f"{day}{MONTHS[when.month - 1]}{year}"
    return str(when.year) if when.year else None
