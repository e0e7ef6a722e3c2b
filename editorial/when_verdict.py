"""Holding days and weekdays against facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from editorial.claims.reader import Claims
from editorial.claims.weekday import WEEKDAY, weekday_of
from editorial.claims.when import When
from editorial.crossing import label_words
from editorial.expectation import Expectations, WhenFact, label
from editorial.fact import Fact
from editorial.fact_words import words
from editorial.finding import Finding, FindingKind, Statement
from editorial.ordinary_day import agrees_lunar, is_festival, is_history, is_listed_between, is_next_day, is_ordinary

WEEKDAY_NAMES = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_DAY_OFF = re.compile(r"(?:hằng|hàng|mỗi|các ngày|every|each|từ|from|đến|to|ngày thường|lần|thứ) ?$")
_REGULAR = re.compile(r"^ ?(?:hằng|hàng|mỗi|đến|tới|-|to|,? (?:và|and|,) )")
_WEEK = 7  # days
IDLE = frozenset(  # words around a day or an hour that tell nothing of it
    ("ngay", "tu", "den", "vao", "la", "co", "va", "cua", "nam", "thang", "the", "on", "of", "to", "from", "and", "in")
)
_WEEKDAY_CUE = re.compile(r"(?:sáng|trưa|chiều|tối|đêm|vào|ngày|hôm|hẹn|on|this|next) $")


def hold_whens(
    claims: Claims, expected: Expectations, publish: date | None, language: str
) -> tuple[list[Statement], list[Finding]]:
    """Return what the days of a text say, and what is wrong with them and their weekdays."""
    statements: list[Statement] = []
    findings: list[Finding] = []
    unknown: list[When] = []
    for when in claims.whens:
        dialled = expected.phones.get(str(when.year), ()) if when.loose else ()
        if dialled:  # Hỗ trợ: 1022
            statements.extend(_statement(when, fact, claims) for fact in dialled)
            continue
        agreed = [fact for fact in expected.whens if agrees(when, fact)]
        statements.extend(_statement(when, fact.fact, claims) for fact in agreed if _tells(when, fact))
        if not agreed and not is_ordinary(when, expected, publish, claims) and not is_listed_between(when, expected, claims):
            unknown.append(when)
        elif when.weekday is not None:
            agreed.sort(key=lambda fact: not expected.own(fact.fact))
            findings.extend(_weekday(when, agreed, publish, claims, language))
    said = {statement.fact for statement in statements}
    days = [fact for fact in expected.whens if fact.when.day is not None and not fact.quiet and expected.own(fact.fact)]
    days += [fact for fact in expected.whens if fact.when.day is None and not fact.quiet and expected.own(fact.fact)]
    if all(fact.fact.id in said for fact in days):  # else the festival may stand where the fact's day belongs
        unknown = [
            when
            for when in unknown
            if not (is_festival(when, claims) or is_history(when, claims) or (publish and is_next_day(when, publish, claims)))
        ]
    findings.extend(_verdict(when, expected, said, claims, language) for when in unknown if not _carried(when, unknown))
    findings.extend(_lone_weekdays(claims, expected, publish, language))
    return statements, findings


def agrees(when: When, fact: WhenFact) -> bool:
    """Tell whether a day, or a part of one, is the fact's."""
    true = fact.when
    if when.lunar and fact.day is not None:
        same = (when.year or true.year, when.month, when.day) == (true.year, true.month, true.day)
        return agrees_lunar(when, fact.day) or (same and not when.lunar_said)
    if when.lunar != true.lunar and when.day is not None:
        return False
    if when.last_year is not None:
        return (when.year, when.last_year) == (true.year, true.last_year)
    if when.quarter is not None:
        return _same_quarter(when, true)
    if when.loose and when.year is not None:
        return when.year in (true.year, true.last_year)
    pairs = ((when.year, true.year), (when.month, true.month), (when.day, true.day))
    return (
        any(stated is not None and stated == known for stated, known in pairs)
        and all(stated is None or known is None or stated == known for stated, known in pairs)
        and not (when.day is not None and true.day is None and true.month is None)
    )


def _carried(when: When, unknown: Sequence[When]) -> bool:
    """Tell whether a day is wrong only by the month of the next one: 16-30/12 for 16-30/11 is one mistake."""
    return when.borrowed and any(0 < other.start - when.stop <= 24 and other.month == when.month for other in unknown)


def _same_quarter(when: When, true: When) -> bool:
    quarter = true.quarter or ((true.month + 2) // 3 if true.month else None)
    return when.quarter == quarter and (when.year is None or true.year in (None, when.year))


def _tells(when: When, fact: WhenFact) -> bool:
    """Tell whether the words say the whole fact: a year alone does not say a day."""
    true = fact.when
    if when.lunar:
        return when.day is not None
    if true.day is not None:
        return when.day is not None
    if true.quarter is not None:
        return when.quarter is not None
    if true.last_year is not None:
        return when.last_year is not None or when.year == true.last_year
    return true.month is None or when.month is not None


def _statement(when: When, fact: Fact, claims: Claims) -> Statement:
    return Statement(fact=fact.id, text=claims.wording.text[when.start : when.stop], start=when.start, stop=when.stop)


def _verdict(when: When, expected: Expectations, said: set[str], claims: Claims, language: str) -> Finding:
    """Return what a day that no fact says contradicts: the fact that shares most with it, those not yet said first."""
    shown = claims.wording.text[when.start : when.stop].strip()
    around = _before(when, claims)
    loud = [fact for fact in expected.whens if not fact.quiet and _comparable(when, fact)]
    loud = [fact for fact in loud if expected.own(fact.fact) or _much_alike(when, fact, around)]

    def nearness(fact: WhenFact) -> tuple[bool, bool, bool, int, float]:
        apart = _days_apart(when, fact)
        alike = _shared(when, fact.when) + called(fact.fact, around) + (apart <= _WEEK)
        sort = (when.quarter is None) == (fact.when.quarter is None)
        return expected.own(fact.fact), fact.fact.id not in said, sort, alike, -apart

    rival = max(loud, key=nearness, default=None)
    if rival is not None and when.loose and rival.fact.id in said and not _year_slip(when, loud):
        rival = None
    if rival is not None and rival.fact.id in said and when.year is not None and not _shared(when, rival.when):
        rival = None  # said right here, and this day is quite another: hạn 15/12/2026, thi ngày 9/1/2027
    if rival is None:
        impossible = (
            when.year is not None and when.month is not None and when.day is not None and not when.lunar and when.date is None
        )
        kind = FindingKind.WRONG_DATE if impossible else FindingKind.UNSOURCED_FIGURE
        return Finding(kind=kind, text=shown, start=when.start)
    expected_words = words(rival.fact, language)
    return Finding(kind=FindingKind.WRONG_DATE, text=shown, fact=rival.fact.id, expected=expected_words, start=when.start)


def _much_alike(when: When, fact: WhenFact, around: frozenset[str]) -> bool:
    """Tell whether a day may be meant for a fact of the ledger that the message is not about."""
    return _shared(when, fact.when) > 1 or called(fact.fact, around) > 1 or _days_apart(when, fact) <= _WEEK


def called(fact: Fact, around: frozenset[str]) -> int:
    """Return 2 where the words are the fact's whole name, 1 where some of them speak of it."""
    return 2 if label(fact.id) and label(fact.id) <= around else int(bool(label_words(fact.id) & around))


def _before(when: When, claims: Claims) -> frozenset[str]:
    """Return the words of the clause before a day."""
    text = claims.wording.folded[max(0, when.start - 60) : when.start]
    return frozenset(re.findall(r"[a-z]{2,}", re.split(r"[.;!?,\n0-9]", text)[-1])) - IDLE


def _days_apart(when: When, fact: WhenFact) -> float:
    """Return how far a day is from the fact's, a year or month that is not said taken for the fact's."""
    true = fact.when
    parts = (when.year or true.year, when.month or true.month, when.day or true.day)
    if None in parts or true.year is None or true.month is None:
        return float("inf")
    year, month, day = (part or 0 for part in parts)
    return abs((year - true.year) * 365 + (month - true.month) * 30.5 + day - (true.day or day))


def _comparable(when: When, fact: WhenFact) -> bool:
    """Tell whether a claim and a fact are of one sort: quarters contradict quarters, spans contradict spans."""
    true = fact.when
    if when.quarter is not None:
        return true.quarter is not None or true.month is not None
    if when.last_year is not None:
        return true.last_year is not None
    if when.loose and when.year is not None:
        return true.year is not None
    return true.month is not None


def _shared(when: When, true: When) -> int:
    pairs = ((when.year, true.year), (when.month, true.month), (when.day, true.day), (when.quarter, true.quarter),
             (when.last_year, true.last_year))  # fmt: skip
    return sum(stated is not None and stated == known for stated, known in pairs)


def _year_slip(when: When, facts: Iterable[WhenFact]) -> bool:
    stated = str(when.year)
    for fact in facts:
        true = str(fact.when.year)
        if when.year is None or fact.when.year is None:
            continue
        if abs(int(stated) - int(true)) <= 1 or (stated != true and sorted(stated) == sorted(true)):
            return True
    return False


def _weekday(when: When, agreed: Sequence[WhenFact], publish: date | None, claims: Claims, language: str) -> Iterable[Finding]:
    """Yield the weekday that is not that day's, in any year that may be meant."""
    days = _meant(when, agreed, publish)
    if not days or any(day.weekday() == when.weekday for day in days):
        return
    right = WEEKDAY_NAMES[language if language == "en" else "vi"][days[0].weekday()]
    shown = f"{claims.wording.text[when.start : when.stop].strip()}"
    said = claims.wording.lower.find(when.weekday_text)
    text = claims.wording.text[said : said + len(when.weekday_text)] if said >= 0 else when.weekday_text
    fact = next((fact.fact.id for fact in agreed if not fact.quiet), None)
    yield Finding(kind=FindingKind.WRONG_WEEKDAY, text=f"{text} {shown}", fact=fact, expected=right, start=when.start)


def _meant(when: When, agreed: Sequence[WhenFact], publish: date | None) -> list[date]:
    if when.date is not None:
        return [when.date]
    days = [fact.day for fact in agreed if fact.day is not None]
    if when.month is None or when.day is None or when.lunar:
        return days
    around = (publish.year,) if publish else ()
    for year in (*around, *(fact.when.year for fact in agreed if fact.when.year)):
        try:
            days.append(date(year, when.month, when.day))
        except ValueError:
            continue
    return sorted(set(days), reverse=True)


def _lone_weekdays(claims: Claims, expected: Expectations, publish: date | None, language: str) -> Iterable[Finding]:
    """Yield weekdays without a day beside them that fit no day of the message: tối Chủ nhật for a Saturday."""
    dated = [fact for fact in expected.whens if fact.day is not None and expected.own(fact.fact)]
    days = [fact.day for fact in dated if fact.day is not None]
    loud = [fact for fact in dated if not fact.quiet]
    recent = [day for day in days if publish is None or abs(day - publish) <= timedelta(days=60)]
    if not loud or not recent or any(when.weekday is not None for when in claims.whens):
        return
    lower = claims.wording.lower
    fitting = {day.weekday() for day in (*recent, *((publish,) if publish else ()))}
    for said in WEEKDAY.finditer(lower):
        before, after = lower[max(0, said.start() - 12) : said.start()], lower[said.end() : said.end() + 8]
        if said["short"] or _DAY_OFF.search(before) or _REGULAR.match(after) or not _is_day(said, before, claims.wording.text):
            continue
        if weekday_of(said) not in fitting:
            right = WEEKDAY_NAMES[language if language == "en" else "vi"][recent[0].weekday()]
            shown = claims.wording.text[said.start() : said.end()]
            fact = next((one.fact.id for one in loud if one.day == recent[0]), None)
            yield Finding(kind=FindingKind.WRONG_WEEKDAY, text=shown, fact=fact, expected=right, start=said.start())


def _is_day(said: re.Match[str], before: str, text: str) -> bool:
    if said["en"]:
        return len(said["en"]) > 4 and text[said.start()].isupper()
    return bool(_WEEKDAY_CUE.search(before)) and said.group() != "cn"
