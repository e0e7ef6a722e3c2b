"""Holding days, weekdays and times of day against facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from editorial.claims.hour import Hour
from editorial.claims.reader import Claims
from editorial.claims.weekday import WEEKDAY, weekday_of
from editorial.claims.when import When
from editorial.crossing import label_words
from editorial.expectation import Expectations, WhenFact, label
from editorial.fact import Fact
from editorial.fact_words import words
from editorial.finding import Finding, FindingKind, Statement
from editorial.lunar import to_lunar

WEEKDAY_NAMES = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_PUBLISHING = re.compile(
    r"(?:(?P<broadcast>phát sóng|lên sóng|bản tin|broadcast|live|on air|news)|đăng|tin nhanh|tin lúc|phát hành|cập nhật|"
    r"xuất bản|đăng tải|posted|"
    r"published|updated|update)[^.!?\n0-9]{0,24}$"
)
_NEW_YEAR = re.compile(r"(?<!\w)(?:năm mới|xuân|tết|new year) (?:dương lịch )?$")
_LISTED = re.compile(r"[0-9], $")
_OUR_YEARS = range(2020, 2036)  # an earlier year is history, and history is a fact
_DAY_OFF = re.compile(r"(?:hằng|hàng|mỗi|các ngày|every|each|từ|from|đến|to|ngày thường|lần|thứ) ?$")
_REGULAR = re.compile(r"^ ?(?:hằng|hàng|mỗi|đến|tới|-|to|,? (?:và|and|,) )")
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
_WEEK = 7  # days
_IDLE = frozenset(
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
        if not agreed and not _ordinary(when, expected, publish, claims) and not _listed_between(when, expected, claims):
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
            if not (_is_festival(when, claims) or _is_history(when, claims) or (publish and _is_next_day(when, publish, claims)))
        ]
    findings.extend(_verdict(when, expected, said, claims, language) for when in unknown if not _carried(when, unknown))
    findings.extend(_lone_weekdays(claims, expected, publish, language))
    return statements, findings


def _is_festival(when: When, claims: Claims) -> bool:
    """Tell whether a day is called by its feast and states no fact: dịp lễ 30/4 - 1/5, rằm tháng Bảy, 23 tháng Chạp."""
    if when.lunar:
        return (when.day, when.month) in _LUNAR_FEASTS
    feast = when.year is None and (when.day, when.month) in _FEASTS
    return feast and _FEAST.search(claims.wording.lower, max(0, when.start - 36), when.start) is not None


def _is_history(when: When, claims: Claims) -> bool:
    """Tell whether a year is part of a name or of history: Hiệp định Paris 1973, APEC 2027, trước năm 1975."""
    if not when.loose or when.year is None or when.month is not None or when.quarter is not None:
        return False
    before = claims.wording.text[max(0, when.start - 24) : when.start]
    named = _NAMED_YEAR.search(before)
    if named and named.group(1).lower() not in _NO_NAMES:
        return True
    return when.year in _TURNS and _EPOCH.search(before.lower()) is not None


def agrees(when: When, fact: WhenFact) -> bool:
    """Tell whether a day, or a part of one, is the fact's."""
    true = fact.when
    if when.lunar and fact.day is not None:
        same = (when.year or true.year, when.month, when.day) == (true.year, true.month, true.day)
        return _agrees_lunar(when, fact.day) or (same and not when.lunar_said)
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
    return hour.minutes if hour.otherwise is None else hour.otherwise


def _carried(when: When, unknown: Sequence[When]) -> bool:
    """Tell whether a day is wrong only by the month of the next one: 16-30/12 for 16-30/11 is one mistake."""
    return when.borrowed and any(0 < other.start - when.stop <= 24 and other.month == when.month for other in unknown)


def _agrees_lunar(when: When, day: date) -> bool:
    if not date(1975, 1, 1) <= day <= date(2100, 12, 31):
        return False
    lunar = to_lunar(day)
    return (when.day in (None, lunar.day)) and (when.month in (None, lunar.month)) and when.year in (None, lunar.year, day.year)


def _same_quarter(when: When, true: When) -> bool:
    quarter = true.quarter or ((true.month + 2) // 3 if true.month else None)
    return when.quarter == quarter and (when.year is None or true.year in (None, when.year))


def _listed_between(when: When, expected: Expectations, claims: Claims) -> bool:
    """Tell whether a day is listed between the first and the last of a span: 1, 2 và 3/7."""
    if not when.borrowed or when.day is None or not _LISTED.search(claims.wording.lower, 0, when.start):
        return False
    month = [fact.when for fact in expected.whens if fact.when.month == when.month and when.year in (None, fact.when.year)]
    days = [true.day for true in month if true.day is not None]
    return when.day - 1 in days and when.day + 1 in days


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


def _ordinary(when: When, expected: Expectations, publish: date | None, claims: Claims) -> bool:
    """Tell whether a day is no fact's but needs none: the day of publication, its year, a year that facts know."""
    if when.lunar and publish is not None and when.day is not None and _agrees_lunar(when, publish):
        return True
    if publish is not None and _within(when, publish):
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
        school = (
            claims.masked[max(0, when.start - 14) : when.start].rstrip().endswith(_TERMS)
        )
        rival = any(fact.when.last_year for fact in expected.whens if not fact.quiet)
        near = publish is None or publish.year in ((when.year or 0) - 1, when.year, when.last_year)
        return {when.year, when.last_year} <= known or (school and near and not rival)
    return False


def _is_next_day(when: When, publish: date, claims: Claims) -> bool:
    """Tell whether a day is the one after or before that of publication, and called so: ngày mai 11/8, hôm qua 9/8."""
    told = _NEXT_DAY.search(claims.wording.lower, max(0, when.start - 24), when.start)
    if told is None or when.day is None or when.lunar:
        return False
    day = publish + timedelta(days=-1 if told["past"] else 1)
    same = (when.day, when.month) == (day.day, day.month) and when.year in (None, day.year)
    return same and when.weekday in (None, day.weekday())


def _meant_by_weekday(when: When, expected: Expectations) -> bool:
    """Tell whether a fact's day has the weekday that stands beside another day: then the day is wrong, not the weekday."""
    return any(fact.day is not None and fact.day.weekday() == when.weekday for fact in expected.whens if not fact.quiet)


def _within(when: When, publish: date) -> bool:
    if when.lunar or when.last_year is not None:
        return False
    if when.quarter is not None:
        return when.quarter == (publish.month + 2) // 3 and when.year in (None, publish.year)
    return when.year in (None, publish.year) and when.month in (None, publish.month) and when.day in (None, publish.day)


def _verdict(when: When, expected: Expectations, said: set[str], claims: Claims, language: str) -> Finding:
    """Return what a day that no fact says contradicts: the fact that shares most with it, those not yet said first."""
    shown = claims.wording.text[when.start : when.stop].strip()
    around = _before(when, claims)
    loud = [fact for fact in expected.whens if not fact.quiet and _comparable(when, fact)]
    loud = [fact for fact in loud if expected.own(fact.fact) or _much_alike(when, fact, around)]

    def nearness(fact: WhenFact) -> tuple[bool, bool, bool, int, float]:
        apart = _days_apart(when, fact)
        alike = _shared(when, fact.when) + _called(fact.fact, around) + (apart <= _WEEK)
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
    return _shared(when, fact.when) > 1 or _called(fact.fact, around) > 1 or _days_apart(when, fact) <= _WEEK


def _called(fact: Fact, around: frozenset[str]) -> int:
    """Return 2 where the words are the fact's whole name, 1 where some of them speak of it."""
    return 2 if label(fact.id) and label(fact.id) <= around else int(bool(label_words(fact.id) & around))


def _before(when: When, claims: Claims) -> frozenset[str]:
    """Return the words of the clause before a day."""
    text = claims.wording.folded[max(0, when.start - 60) : when.start]
    return frozenset(re.findall(r"[a-z]{2,}", re.split(r"[.;!?,\n0-9]", text)[-1])) - _IDLE


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


def _publishing(hour: Hour, claims: Claims, loud: Sequence[Fact]) -> bool:
    """Tell whether a time is the text's own: Cập nhật lúc 8h00; a broadcast at a fact's hour is an event."""
    lower = claims.wording.lower
    found = _PUBLISHING.search(lower[max(0, hour.start - 40) : hour.start])
    return found is not None and not (found["broadcast"] and loud)


def _beside_publication(hour: Hour, claims: Claims, publish: date | None) -> bool:
    """Tell whether a time stands with the day of publication: 05.11.2026, 08:00."""
    return publish is not None and any(
        when.day is not None and _within(when, publish) and min(abs(hour.start - when.stop), abs(when.start - hour.stop)) <= 8
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
    around = frozenset(re.findall(r"[a-z]{2,}", claims.wording.folded[max(0, hour.start - 40) : hour.start])) - _IDLE
    minutes = {fact.id: at for at, facts in expected.hours.items() for fact in facts}

    def nearness(fact: Fact) -> tuple[bool, bool, int, int]:
        return expected.own(fact), fact.id not in said, _called(fact, around), -abs(minutes[fact.id] - hour.minutes)

    fact = max(loud, key=nearness)
    return Finding(kind=FindingKind.WRONG_DATE, text=shown, fact=fact.id, expected=words(fact, language), start=hour.start)
