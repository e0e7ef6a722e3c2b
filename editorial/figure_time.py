"""Figures that say a fact of time without a word for it: 19.12, 8 giờ 30 phút, còn 4 ngày nữa."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations, permutations

from editorial.claims.figure import Figure
from editorial.claims.reader import Claims
from editorial.expectation import Expectations

_DAY = 24 * 60  # minutes
_DASHED_DAY = re.compile(r"[0-9]{1,2}-[0-9]{1,2}(?![\w-])")
_DURING = re.compile(r"(?:trong|suốt|kéo dài|dài|mất|hơn|gần|mỗi|cả|for|within|over|lasts?|takes?) ?(?:khoảng |about )?$")
_YEARS = re.compile(r",? \(?([12][0-9]{3}) ?- ?([12][0-9]{3})(?![0-9])")
_STILL = re.compile(r"(?<!\w)(?:còn|chỉ còn|còn đúng|còn chưa đầy|only|just) $")
_TO_GO = re.compile(r" (?:nữa(?!\w)|to go(?!\w)|left(?!\w)|until |before )")


def facts_of_time(figure: Figure, claims: Claims, expected: Expectations, publish: date | None) -> list[str]:
    """Return the facts of time that a figure says without a word for it: 19.12, 8 giờ 30 phút, còn 4 ngày nữa."""
    if figure.unit.dimension == "clock" and not _DURING.search(claims.masked[max(0, figure.start - 14) : figure.start]):
        return [fact.id for fact in expected.hours.get(int(figure.value * figure.unit.factor / 60), ())]
    if figure.unit.dimension == "months" and figure.scale == 1:
        return _years_of_span(figure, claims, expected)
    if figure.unit.dimension == "days" and publish is not None and _is_to_come(figure, claims):
        days = int(figure.value * figure.unit.factor)
        return [fact.fact.id for fact in expected.whens if fact.day is not None and (fact.day - publish).days == days]
    return _dotted_day(figure, claims, expected)


def is_span_of_facts(figure: Figure, expected: Expectations) -> bool:
    """Tell whether the figure counts how long it is from one fact of time to another: 4 ngày, of 18/4 to 21/4."""
    measured = figure.unit.dimension
    if any(not fact.quiet and any(unit.dimension == measured for unit in fact.units) for fact in expected.figures):
        return False  # a fact tells how long it is
    lasting = int(figure.value * figure.unit.factor)
    if measured == "clock":
        starts = [at for at, facts in expected.hours.items() if any(expected.loud(fact) for fact in facts)]
        return any((second - first) % _DAY * 60 == lasting for first, second in permutations(starts, 2))
    nights = figure.unit.words[:1] in (("đêm",), ("nights",))
    if measured != "days" and not nights:
        return False
    days = sorted({fact.day for fact in expected.whens if fact.day is not None and not fact.quiet})
    spans = {(second - first).days for first, second in combinations(days, 2)}
    return lasting - 1 in spans or (nights and lasting in spans)


def _years_of_span(figure: Figure, claims: Claims, expected: Expectations) -> list[str]:
    """Return the facts whose years the figure counts, where they follow: 5 năm 2026-2030."""
    years = _YEARS.match(claims.wording.lower, figure.unit.stop)
    if years is None or figure.value * figure.unit.factor != 12 * (int(years[2]) - int(years[1]) + 1):
        return []
    return [fact.fact.id for fact in expected.whens if (fact.when.year, fact.when.last_year) == (int(years[1]), int(years[2]))]


def _is_to_come(figure: Figure, claims: Claims) -> bool:
    before = claims.masked[max(0, figure.start - 20) : figure.start]
    return bool(_STILL.search(before) or _TO_GO.match(claims.masked, figure.unit.stop))


def _dotted_day(figure: Figure, claims: Claims, expected: Expectations) -> list[str]:
    """Return the facts whose day and month the figure is when its point or dash is between them: 19.12, khai mạc 18-4."""
    dashed = _DASHED_DAY.match(claims.wording.text, figure.start)
    stated = dashed.group() if dashed else claims.wording.text[figure.start : figure.stop]
    day, _, month = stated.replace("-", ".").partition(".")
    if not (day.isdigit() and month.isdigit()) or figure.unit.dimension:
        return []
    return [fact.fact.id for fact in expected.whens if (fact.when.day, fact.when.month) == (int(day), int(month))]
