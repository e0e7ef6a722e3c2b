"""Holding times of day against facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from editorial.claims.hour import Hour
from editorial.claims.reader import Claims
from editorial.expectation import Expectations
from editorial.fact import Fact
from editorial.fact_words import words
from editorial.finding import Finding, FindingKind, Statement
from editorial.ordinary_day import within
from editorial.when_verdict import IDLE, called

_PUBLISHING = re.compile(
    r"(?:(?P<broadcast>phát sóng|lên sóng|bản tin|broadcast|live|on air|news)|đăng|tin nhanh|tin lúc|phát hành|cập nhật|"
    r"xuất bản|đăng tải|posted|"
    r"published|updated|update)[^.!?\n0-9]{0,24}$"
)


def hold_hours(
    claims: Claims, expected: Expectations, publish: date | None, language: str
) -> tuple[list[Statement], list[Finding]]:
    """Return what the times of day of a text say, and what is wrong with them; a time of publication is nobody's fact."""
    statements: list[Statement] = []
    wrong: list[Hour] = []
    loud = [fact for facts in expected.hours.values() for fact in facts if expected.loud(fact)]
    for hour in claims.hours:
        agreed = expected.hours.get(hour.minutes, ()) or expected.hours.get(_later(hour), ())
        shown = claims.wording.text[hour.start : hour.stop]
        if agreed:
            statements.extend(Statement(fact=fact.id, text=shown, start=hour.start, stop=hour.stop) for fact in agreed)
        elif not _publishing(hour, claims, loud) and (loud or not _beside_publication(hour, claims, publish)):
            wrong.append(hour)
    said = {statement.fact for statement in statements}
    return statements, [_wrong_hour(hour, loud, said, claims, expected, language) for hour in wrong]


def _later(hour: Hour) -> int:
    """Return the minutes of the other reading of an hour, where it has one."""
    return hour.minutes if hour.otherwise is None else hour.otherwise


def _publishing(hour: Hour, claims: Claims, loud: Sequence[Fact]) -> bool:
    """Tell whether a time is the text's own: Cập nhật lúc 8h00; a broadcast at a fact's hour is an event."""
    lower = claims.wording.lower
    found = _PUBLISHING.search(lower[max(0, hour.start - 40) : hour.start])
    return found is not None and not (found["broadcast"] and loud)


def _beside_publication(hour: Hour, claims: Claims, publish: date | None) -> bool:
    """Tell whether a time stands with the day of publication: 05.11.2026, 08:00."""
    return publish is not None and any(
        when.day is not None and within(when, publish) and min(abs(hour.start - when.stop), abs(when.start - hour.stop)) <= 8
        for when in claims.whens
    )


def _wrong_hour(
    hour: Hour, loud: Sequence[Fact], said: set[str], claims: Claims, expected: Expectations, language: str
) -> Finding:
    """Lay a wrong time against the nearest fact, those first that the text does not say otherwise."""
    shown = claims.wording.text[hour.start : hour.stop]
    if not loud:
        return Finding(kind=FindingKind.UNSOURCED_FIGURE, text=shown, start=hour.start)
    loud = [fact for fact in loud if expected.own(fact)] or loud
    around = frozenset(re.findall(r"[a-z]{2,}", claims.wording.folded[max(0, hour.start - 40) : hour.start])) - IDLE
    minutes = {fact.id: at for at, facts in expected.hours.items() for fact in facts}

    def nearness(fact: Fact) -> tuple[bool, bool, int, int]:
        return expected.own(fact), fact.id not in said, called(fact, around), -abs(minutes[fact.id] - hour.minutes)

    fact = max(loud, key=nearness)
    return Finding(kind=FindingKind.WRONG_DATE, text=shown, fact=fact.id, expected=words(fact, language), start=hour.start)
