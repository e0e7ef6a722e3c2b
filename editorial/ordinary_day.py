"""Days that state no fact: the day of publication, years that facts know, feasts, history, the days inside a list."""

from __future__ import annotations

import re
from datetime import date, timedelta

from editorial.claims.reader import Claims
from editorial.claims.when import When
from editorial.expectation import Expectations
from editorial.lunar import to_lunar

_NEW_YEAR = re.compile(r"(?<!\w)(?:năm mới|xuân|tết|new year) (?:dương lịch )?$")
_LISTED = re.compile(r"[0-9], $")
_OUR_YEARS = range(2020, 2036)  # an earlier year is history, and history is a fact
_COMPARED = re.compile(
    r"(?<!\w)(?:so với|cùng kỳ|compared (?:with|to)|than in|over)(?: (?:cùng kỳ|năm|cả năm|cuối năm|đầu năm))* $"
)
_NEXT_DAY = re.compile(r"(?<!\w)(?:mai|(?P<past>hôm qua|yesterday)|tomorrow)(?:,? \(?|, ngày |,? ngày )$")
_TERMS = ("năm học", "nhiệm kỳ", "niên khóa", "niên khoá", "mùa giải", "school year", "academic year", "term", "season")
_LUNAR_FEASTS = frozenset({(15, 1), (15, 4), (15, 7), (15, 8), (23, 12), (10, 3), (5, 5)})
_FEASTS = frozenset({(1, 1), (3, 2), (27, 2), (8, 3), (26, 3), (30, 4), (1, 5), (19, 5), (1, 6), (21, 6), (28, 6), (27, 7),
                     (19, 8), (2, 9), (10, 10), (20, 10), (20, 11), (22, 12)})  # fmt: skip
_FEAST = re.compile(
    r"(?<!\w)(?:lễ|dịp|nghỉ|kỳ nghỉ|mừng|kỷ niệm|quốc khánh|giải phóng(?: miền nam)?|lao động|phụ nữ(?: việt nam)?|"
    r"nhà giáo(?: việt nam)?|"
    r"thiếu nhi|thầy thuốc(?: việt nam)?|gia đình việt nam|thương binh(?:,? liệt sĩ)?|holiday)(?: [^\W\d_]+){0,2} ?[(]?"
    r"(?:[0-9]{1,2}/[0-9]{1,2} ?(?:-|và|,) ?)?$"
)
_NAMED_YEAR = re.compile(r"(?<=[^\W\d_] )([A-ZĐÀ-Ỹ][^\W\d_]*) $")  # a capital that does not begin the sentence
_NO_NAMES = frozenset(("năm", "tháng", "quý", "từ", "in", "since", "by", "from", "until", "january", "february", "march", "april",
                       "may", "june", "july", "august", "september", "october", "november", "december"))  # fmt: skip
_TURNS = frozenset((1930, 1945, 1954, 1968, 1972, 1975, 1986))
_EPOCH = re.compile(r"(?<!\w)(?:trước|sau|thời|hồi|before|after)(?: năm| mốc)? $")


def is_ordinary(when: When, expected: Expectations, publish: date | None, claims: Claims) -> bool:
    """Tell whether a day is no fact's but needs none: the day of publication, its year, a year that facts know."""
    if when.lunar and publish is not None and when.day is not None and agrees_lunar(when, publish):
        return True
    if publish is not None and within(when, publish):
        if when.quarter is not None and any(fact.when.quarter is not None and not fact.quiet for fact in expected.whens):
            return False
        return when.weekday in (None, publish.weekday()) or not _meant_by_weekday(when, expected)
    if when.lunar and when.day is None:
        return True
    last_year = publish is not None and when.loose and when.month is None and when.year == publish.year - 1
    if last_year and _COMPARED.search(claims.wording.lower, max(0, when.start - 24), when.start):
        return True  # so với năm 2025
    known = {year for fact in expected.whens for year in (fact.when.year, fact.when.last_year) if year}
    if when.loose and when.year is not None:
        if publish is not None and when.year == publish.year + 1 and _NEW_YEAR.search(claims.masked[: when.start]):
            return True
        alone = publish is None and not expected.whens and when.year in _OUR_YEARS  # nothing tells this year from another
        return alone or any(figure.number == when.year for figure in expected.figures)
    if when.last_year is not None:
        school = claims.masked[max(0, when.start - 14) : when.start].rstrip().endswith(_TERMS)
        rival = any(fact.when.last_year for fact in expected.whens if not fact.quiet)
        near = publish is None or publish.year in ((when.year or 0) - 1, when.year, when.last_year)
        return {when.year, when.last_year} <= known or (school and near and not rival)
    return False


def is_listed_between(when: When, expected: Expectations, claims: Claims) -> bool:
    """Tell whether a day is listed between the first and the last of a span: 1, 2 và 3/7."""
    if not when.borrowed or when.day is None or not _LISTED.search(claims.wording.lower, 0, when.start):
        return False
    month = [fact.when for fact in expected.whens if fact.when.month == when.month and when.year in (None, fact.when.year)]
    days = [true.day for true in month if true.day is not None]
    return when.day - 1 in days and when.day + 1 in days


def is_festival(when: When, claims: Claims) -> bool:
    """Tell whether a day is called by its feast and states no fact: dịp lễ 30/4 - 1/5, rằm tháng Bảy, 23 tháng Chạp."""
    if when.lunar:
        return (when.day, when.month) in _LUNAR_FEASTS
    feast = when.year is None and (when.day, when.month) in _FEASTS
    return feast and _FEAST.search(claims.wording.lower, max(0, when.start - 36), when.start) is not None


def is_history(when: When, claims: Claims) -> bool:
    """Tell whether a year is part of a name or of history: Hiệp định Paris 1973, APEC 2027, trước năm 1975."""
    if not when.loose or when.year is None or when.month is not None or when.quarter is not None:
        return False
    before = claims.wording.text[max(0, when.start - 24) : when.start]
    named = _NAMED_YEAR.search(before)
    if named and named.group(1).lower() not in _NO_NAMES:
        return True
    return when.year in _TURNS and _EPOCH.search(before.lower()) is not None


def is_next_day(when: When, publish: date, claims: Claims) -> bool:
    """Tell whether a day is the one after or before that of publication, and called so: ngày mai 11/8, hôm qua 9/8."""
    told = _NEXT_DAY.search(claims.wording.lower, max(0, when.start - 24), when.start)
    if told is None or when.day is None or when.lunar:
        return False
    day = publish + timedelta(days=-1 if told["past"] else 1)
    same = (when.day, when.month) == (day.day, day.month) and when.year in (None, day.year)
    return same and when.weekday in (None, day.weekday())


def within(when: When, publish: date) -> bool:
    """Tell whether a day, or a part of one, is that of publication."""
    if when.lunar or when.last_year is not None:
        return False
    if when.quarter is not None:
        return when.quarter == (publish.month + 2) // 3 and when.year in (None, publish.year)
    return when.year in (None, publish.year) and when.month in (None, publish.month) and when.day in (None, publish.day)


def _meant_by_weekday(when: When, expected: Expectations) -> bool:
    """Tell whether a fact's day has the weekday that stands beside another day: then the day is wrong, not the weekday."""
    return any(fact.day is not None and fact.day.weekday() == when.weekday for fact in expected.whens if not fact.quiet)


def agrees_lunar(when: When, day: date) -> bool:
    """Tell whether a lunar day, or a part of one, is a solar day."""
    if not date(1975, 1, 1) <= day <= date(2100, 12, 31):
        return False
    lunar = to_lunar(day)
    return (when.day in (None, lunar.day)) and (when.month in (None, lunar.month)) and when.year in (None, lunar.year, day.year)
