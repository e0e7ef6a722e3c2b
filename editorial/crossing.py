"""Two facts of one kind that have changed places: khai mạc 8/11, bế mạc 6/11; hài lòng 83,5%, trực tuyến 96,2%.

The same for one value that rises in one text and falls in another. Each value is right by itself, so only the words around it
tell. They are compared with the names of the facts, and with the words around the same values in the other texts of the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations

from editorial.claims.figure import SCALE
from editorial.claims.noun import GENERIC
from editorial.claims.unit import Unit, unit_of
from editorial.claims.wording import folded, lowered
from editorial.expectation import Expectations, told_unit, unit_and_scale
from editorial.fact import Fact, FactKind
from editorial.fact_words import words
from editorial.finding import Finding, FindingKind, Heard, Statement

_SAME = {  # words of fact names, and how texts say them, without marks
    "online": "truc tuyen", "satisfaction": "hai long satisfied", "satisfied": "hai long",
    "start": "bat dau tu khai mac from begin open opening", "open": "khai mac mo cua tu from opening opens start",
    "opening": "khai mac mo tu from open opens start", "from": "tu ngay khai mac bat dau start opens",
    "begin": "bat dau tu from start", "close": "be mac ket thuc dong cua den to closes until",
    "closing": "be mac ket thuc den to closes until end", "end": "ket thuc be mac den han until to closes",
    "to": "den ket thuc be mac until closes", "until": "den ket thuc", "deadline": "han cuoi den",
    "khai": "opens opening open", "mac": "", "be": "closes closing close", "bat": "start starts from",
    "ket": "ends end until", "han": "deadline until", "growth": "tang truong grew", "grdp": "grdp tang truong", "gdp": "gdp",
    "cpi": "gia tieu dung consumer prices cpi", "price": "gia", "unemployment": "that nghiep", "poverty": "ngheo",
    "revenue": "thu ngan sach", "export": "xuat khau", "exports": "xuat khau", "import": "nhap khau", "imports": "nhap khau",
    "coverage": "bao phu do phu", "attendance": "tham du", "dust": "bui", "tree": "cay xanh green", "trees": "cay xanh green",
    "green": "cay xanh", "urban": "thanh thi do thi", "rural": "nong thon", "male": "nam", "female": "nu", "boys": "nam",
    "girls": "nu", "men": "nam", "women": "nu phu nu", "first": "dau tien thu nhat", "second": "thu hai", "before": "truoc",
    "after": "sau", "planned": "ke hoach", "actual": "thuc hien thuc te", "adult": "nguoi lon", "child": "tre em",
    "children": "tre em", "ticket": "ve", "day": "ngay", "month": "thang", "public": "cong", "private": "tu nhan",
    "liberation": "giai phong", "early": "som truoc han", "ontime": "dung han on time", "dung": "time", "water": "nuoc",
    "waste": "rac", "plan": "ke hoach", "target": "muc tieu chi tieu", "last": "nam truoc nam ngoai", "current": "nam nay",
    "domestic": "noi dia trong nuoc", "international": "quoc te", "foreign": "nuoc ngoai quoc te", "local": "dia phuong",
    "new": "moi thanh lap", "back": "tro lai quay lai returned", "bike": "xe may xe dap motorbike motorbikes bicycle",
    "motorbike": "xe may", "car": "o to oto cars", "cars": "o to oto", "bus": "xe buyt buses", "train": "tau hoa",
    "length": "dai long", "width": "rong wide", "height": "cao high", "depth": "sau deep", "area": "dien tich rong",
    "dai": "long length", "rong": "wide width", "cao": "high height", "sau": "deep depth",
}  # fmt: skip
_WORD = re.compile(r"[a-z]{2,}")
_STOP = re.compile(r"[.;!?](?:\s|$)|\n|, |\(|\)| va | and | con | while | trong khi ")
_ONWARD = re.compile(_STOP.pattern + "| den | to | until | tu | from ")
_ASIDE = re.compile(
    r"[0-9]{1,2} ?(?:h|g|:|gio)[0-9]{0,2}|(?<![a-z])(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn|t[2-7]|"
    r"[a-z]+day)(?![a-z]),? ?"
)
_IDLE = frozenset(
    (
        *("dat", "la", "co", "voi", "cua", "ngay", "lan", "nam", "va", "cho", "mot", "se", "duoc"),
        *("the", "of", "is", "are", "was", "at", "on", "in", "by", "has", "and"),
    )
)
_ENOUGH = 1  # how many words may speak for an exchange by chance when they all stand around one of the two values
_SURELY = 3  # how many words around each of the two values leave no doubt of an exchange
_YEAR = 300  # days
_SPAN = 6  # letters between two days that are a span: đến, to, -


@dataclass(frozen=True, slots=True)
class Spoken:
    """A value in a text, with the words around it."""

    channel: str
    part: str
    language: str
    fact: str
    start: int
    stop: int
    text: str
    around: frozenset[str]


def crossed(heard: Sequence[tuple[str, str, str, Heard]], expected: Expectations) -> Iterator[tuple[str, str, Finding]]:
    """Yield (channel, part, finding) for every value that stands where another fact's belongs.

    `heard` is (channel, part, language, what was heard there).
    """
    groups = _groups(expected)
    if not groups:
        return
    spoken = [one for channel, part, language, what in heard for one in _spoken(channel, part, language, what, groups)]
    for group in sorted(set(groups.values())):
        members = [one for one in spoken if groups[one.fact] == group]
        yield from _crossed_pairs(members, expected)


def turned(heard: Sequence[tuple[str, str, str, Heard]], expected: Expectations) -> Iterator[tuple[str, str, Finding]]:
    """Yield (channel, part, finding) where a text says that a fact falls which most others, or the first, say rises."""
    said: dict[str, list[tuple[str, str, str, Statement]]] = {}
    for channel, part, language, what in heard:
        for statement in what.statements:
            if statement.direction and statement.fact in expected.facts:
                said.setdefault(statement.fact, []).append((channel, part, language, statement))
    for fact, places in said.items():
        total = sum(statement.direction for *_, statement in places)
        believed = total or places[0][3].direction
        for channel, part, language, statement in places:
            if statement.direction * believed < 0:
                right = words(expected.facts[fact], language)
                shown = Finding(
                    kind=FindingKind.WRONG_FIGURE, text=statement.text, fact=fact, expected=right, start=statement.start
                )
                yield channel, part, shown


def _groups(expected: Expectations) -> dict[str, str]:
    """Return the facts that can be taken for one another, by what they measure."""
    found: dict[str, str] = {}
    for fact in expected.facts.values():
        group = _group(fact)
        if group:
            found[fact.id] = group
    return {fact: group for fact, group in found.items() if list(found.values()).count(group) > 1}


def _group(fact: Fact) -> str:
    if fact.kind in (FactKind.DATE, FactKind.TIME):
        return str(fact.kind.value)
    if fact.kind in (FactKind.PERCENTAGE, FactKind.NUMBER, FactKind.MONEY):
        unit = told_unit(fact)
        measure = unit_and_scale(unit)[0] if fact.kind is FactKind.MONEY else unit_of(lowered(unit))
        return f"{measure.dimension}/{measure.per}" if measure.dimension else _counted(unit, measure)
    return ""


def _counted(unit: str, measure: Unit) -> str:
    """Return what a unit counts: domestic and international visitors are both visitors."""
    counted = ", ".join(sorted(measure.concepts - {GENERIC}))
    scale = SCALE.match(" " + lowered(unit))
    return f"{scale.group(1) if scale else ''} {counted}" if counted else lowered(unit)


def _spoken(channel: str, part: str, language: str, what: Heard, groups: Mapping[str, str]) -> Iterator[Spoken]:
    """Yield the values of a text that say one fact only of their group."""
    places: dict[int, list[Statement]] = {}
    for statement in what.statements:
        if statement.fact in groups and statement.start >= 0:
            places.setdefault(statement.start, []).append(statement)
    for start, statements in places.items():
        if len(statements) == 1:
            one = statements[0]
            yield Spoken(channel, part, language, one.fact, start, one.stop, one.text, _around(what.folded, one.start, one.stop))


def _around(text: str, start: int, stop: int) -> frozenset[str]:
    """Return the words before the value in its clause, and a few after it."""
    before, after = _ASIDE.sub(" ", text[max(0, start - 60) : start]), text[stop : stop + 40]
    cut = 0
    before, after = re.split(r"[0-9]", before)[-1], re.split(r"[0-9]", after)[0]
    for found in _STOP.finditer(before):
        cut = found.end()
    end = _ONWARD.search(after)
    return frozenset(_WORD.findall(before[cut:])[-9:] + _WORD.findall(after[: end.start()] if end else after)[:5]) - _IDLE


def _crossed_pairs(members: Sequence[Spoken], expected: Expectations) -> Iterator[tuple[str, str, Finding]]:
    """Yield what the facts' names show to be exchanged; then, in the texts that they do not judge, what the other texts show."""
    texts = list(dict.fromkeys((one.channel, one.part) for one in members))
    pairs = [(place, one, other) for place in texts for one, other in _pairs(members, place, expected)]
    named = [_evidence_named(one, other) for _, one, other in pairs]
    wrong = {place for (place, _, _), verdict in zip(pairs, named, strict=True) if verdict < 0}
    for (place, one, other), verdict in zip(pairs, named, strict=True):
        others = [
            each for each in members
            if (each.channel, each.part) not in (*wrong, place) and each.language == one.language
        ]  # fmt: skip
        earlier = frozenset(texts[: texts.index(place)]) - wrong
        if verdict < 0 or (not verdict and _outvoted(one, other, others, earlier=earlier)):
            yield (*place, _finding(one, expected.facts[other.fact]))
            yield (*place, _finding(other, expected.facts[one.fact]))


def _pairs(members: Sequence[Spoken], place: tuple[str, str], expected: Expectations) -> Iterator[tuple[Spoken, Spoken]]:
    here = [one for one in members if (one.channel, one.part) == place]
    for one, other in combinations(here, 2):
        if _confusable(expected.facts[one.fact], expected.facts[other.fact]) and not _in_order(one, other, expected):
            yield one, other


def _in_order(one: Spoken, other: Spoken, expected: Expectations) -> bool:
    """Tell whether the two are a span of days that runs forward: 18/4 - 21/4/2026."""
    first, second = sorted((one, other), key=lambda spoken: spoken.start)
    begins, ends = expected.facts[first.fact].value, expected.facts[second.fact].value
    return isinstance(begins, date) and isinstance(ends, date) and begins < ends and 0 <= second.start - first.stop <= _SPAN


def _confusable(one: Fact, other: Fact) -> bool:
    """Tell two facts that can be taken for one another: not one fact twice, not days of different years."""
    if isinstance(one.value, date) and isinstance(other.value, date):
        return one.id != other.id and abs((one.value - other.value).days) < _YEAR
    return one.id != other.id


def _evidence_named(one: Spoken, other: Spoken) -> int:
    """Return what the facts' names say of two values' places."""
    mine, yours = one.around - other.around, other.around - one.around
    return _evidence(mine, yours, label_words(one.fact), label_words(other.fact))


def _outvoted(one: Spoken, other: Spoken, others: Sequence[Spoken], *, earlier: frozenset[tuple[str, str]]) -> bool:
    """Tell whether the other texts put the two values the other way round; of two that disagree, the first is believed."""
    mine, yours = one.around - other.around, other.around - one.around
    votes, heard_before = 0, False
    for text in dict.fromkeys((each.channel, each.part) for each in others):
        there = {each.fact: each.around for each in others if (each.channel, each.part) == text}
        if one.fact in there and other.fact in there:
            vote = _evidence(mine, yours, there[one.fact], there[other.fact])
            votes += vote * 3 if text in earlier else max(vote, -1) * 2
            heard_before = heard_before or text in earlier
    return votes < 0 and (votes < -2 or heard_before)


def _evidence(mine: frozenset[str], yours: frozenset[str], one: frozenset[str], other: frozenset[str]) -> int:
    """Return 1 when the words speak for the values' places, 0 when they do not tell, -1 when they speak only for an exchange.

    -2 is such an exchange by many words: it outweighs one text of other words, as `Nộp 5/11, nhận 12/11`.
    """
    only_one, only_other = one - other, other - one
    if mine & only_one or yours & only_other:
        return 1
    first, second = len(mine & only_other), len(yours & only_one)
    if first >= _SURELY and second >= _SURELY:
        return -2
    return -1 if (first and second) or first + second > _ENOUGH else 0


@lru_cache(maxsize=2048)
def label_words(fact: str) -> frozenset[str]:
    """Return the words of a fact's name, and those by which texts in either language speak of them."""
    names = re.findall(r"[a-z]{2,}", folded(fact))
    return frozenset(names) | frozenset(word for name in names for word in _SAME.get(name, "").split())


def _finding(spoken: Spoken, right: Fact) -> Finding:
    kind = FindingKind.WRONG_DATE if right.kind in (FactKind.DATE, FactKind.TIME) else FindingKind.WRONG_FIGURE
    expected = words(right, spoken.language)
    return Finding(kind=kind, text=spoken.text, fact=right.id, expected=expected, start=spoken.start)
