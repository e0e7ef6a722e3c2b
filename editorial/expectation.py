"""What the facts let a text say: every fact as a typed value, ready to be held against claims."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from functools import lru_cache

from editorial.claims.document_number import DocumentNumber, document_number
from editorial.claims.figure import SCALE, SCALES
from editorial.claims.link import Link, read_link
from editorial.claims.name import NameIndex
from editorial.claims.noun import concepts, word_list
from editorial.claims.phone import digits_of
from editorial.claims.reader import Claims, read
from editorial.claims.unit import Unit, unit_of
from editorial.claims.when import When
from editorial.claims.wording import clean, folded, lowered
from editorial.fact import Fact, FactKind
from editorial.fact_guess import when_of

_BESIDE_MOMENTS = re.compile(
    r"(?<!\w)(?:từ|đến|đến hết|tới|ngày|giờ|lúc|và|sáng|trưa|chiều|tối|năm|hằng ngày|hàng ngày|mỗi ngày)(?!\w)|[\s\x00,;:()/→-]"
)
_SPAN = re.compile(r"[0-9]{1,2} (?:năm|quý|tháng|tuần|ngày|years|months|weeks|days)(?!\w)")
_UP = re.compile(r"(?:^|[_ .-])(?:tang|increase|growth|rise|rising|up|gain)(?:$|[_ .-])|(?<!\w)tăng(?!\w)")
_DOWN = re.compile(
    r"(?:^|[_ .-])(?:giam|decrease|reduction|reduce[sd]?|drop|fall|decline|down|cut)(?:$|[_ .-])|(?<!\w)giảm(?!\w)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureFact:
    """A number with what it measures or counts."""

    fact: Fact
    number: Decimal  # as given: 1250
    value: Decimal  # with its magnitude: 1.250 tỷ is 1250000000000
    units: tuple[Unit, ...]  # Vietnamese, then English where given
    direction: int  # +1 when the fact is a rise, -1 a fall
    below: bool = False  # a temperature below zero, which is no fall
    quiet: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WhenFact:
    """A day, month, quarter, span or year."""

    fact: Fact
    when: When
    day: date | None
    quiet: bool


@dataclass(kw_only=True)
class Expectations:
    """The facts of one message, by what they are; `quiet` ones may be said and are never what a text contradicts."""

    facts: dict[str, Fact] = field(default_factory=dict)
    figures: list[FigureFact] = field(default_factory=list)
    whens: list[WhenFact] = field(default_factory=list)
    hours: dict[int, list[Fact]] = field(default_factory=dict)
    documents: list[tuple[DocumentNumber, Fact]] = field(default_factory=list)
    phones: dict[str, list[Fact]] = field(default_factory=dict)
    links: list[tuple[Link, Fact]] = field(default_factory=list)
    names: NameIndex = field(default_factory=lambda: NameIndex(()))
    quiet: frozenset[str] = frozenset()
    near: frozenset[str] | None = None  # the facts that the message is about; None where that is not known

    def own(self, fact: Fact) -> bool:
        """Tell whether the message is about the fact: such a one is meant before another of the ledger."""
        return self.near is None or fact.id in self.near

    def loud(self, fact: Fact) -> bool:
        """Tell whether a text can contradict the fact."""
        return fact.id not in self.quiet


def expectations(facts: Iterable[Fact], also: Iterable[Fact] = (), near: Iterable[str] | None = None) -> Expectations:
    """Return what the facts, and the values that may also appear, let a text say; the message is about the `near` ones."""
    loud, more = list(facts), list(also)
    quiet = frozenset(fact.id for fact in more)
    known = {fact.id: fact for fact in loud}
    expected = Expectations(quiet=quiet, facts=known, near=None if near is None else frozenset(near))
    named: list[tuple[str, str]] = []
    for fact in (*loud, *more):
        _expect(fact, expected, named)
    expected.names = NameIndex(named, quiet)
    return expected


def _expect(fact: Fact, expected: Expectations, named: list[tuple[str, str]]) -> None:
    quiet = fact.id in expected.quiet
    match fact.value:
        case bool():
            return
        case int() | Decimal():
            expected.figures.append(_figure(fact, Decimal(fact.value), quiet))
            if isinstance(fact.value, int) and 1000 <= fact.value < 2200 and fact.unit in (None, "năm"):
                expected.whens.append(WhenFact(fact=fact, when=When(0, 0, year=fact.value), day=None, quiet=quiet))
        case date():
            day = fact.value
            when = When(0, 0, day.year, day.month, day.day)
            expected.whens.append(WhenFact(fact=fact, when=when, day=day, quiet=quiet))
        case time():
            expected.hours.setdefault(fact.value.hour * 60 + fact.value.minute, []).append(fact)
        case str():
            _expect_text(fact, clean(fact.value).strip(), expected, named)


def _expect_text(fact: Fact, text: str, expected: Expectations, named: list[tuple[str, str]]) -> None:
    when = when_of(text) if fact.kind in (FactKind.PERIOD, FactKind.DATE) else None
    number = document_number(text) if fact.kind is FactKind.DOCUMENT else None
    link = read_link(text) if fact.kind is FactKind.LINK else None
    if when is not None:
        expected.whens.append(WhenFact(fact=fact, when=when, day=when.date, quiet=fact.id in expected.quiet))
    elif number is not None:
        expected.documents.append((number, fact))
    elif link is not None:
        expected.links.append((link, fact))
    elif fact.kind is FactKind.PHONE:
        expected.phones.setdefault(digits_of(text), []).append(fact)
    elif text and not _expect_moments(fact, text, expected):
        named.append((fact.id, text))
        if fact.id in expected.quiet:
            _expect_parts(fact, text, expected)
        elif fact.kind is FactKind.PERIOD and (span := _SPAN.match(text)):
            _expect_parts(fact, span.group(), expected)  # 11 tháng, of 11 tháng đầu năm 2026
    if fact.kind is not FactKind.PHONE and text.isdigit():  # "1022" may be dialled as well
        expected.phones.setdefault(text, []).append(fact)


def _expect_moments(fact: Fact, text: str, expected: Expectations) -> bool:
    """Take a value that is nothing but days or times for each of them: 01/10/2026 - 15/10/2026, 7h30-9h00."""
    claims = None if fact.id in expected.quiet else moments_of(text)
    if claims is None:
        return False
    expected.whens.extend(WhenFact(fact=fact, when=when, day=when.date, quiet=False) for when in claims.whens)
    for hour in claims.hours:
        expected.hours.setdefault(hour.minutes, []).append(fact)
    return True


def moments_of(text: str) -> Claims | None:
    """Return what a text states that is nothing but days or times and the words between them; None for any other."""
    claims = read(text, "vi", NameIndex(()))
    return claims if (claims.whens or claims.hours) and not _BESIDE_MOMENTS.sub("", claims.masked) else None


def _expect_parts(fact: Fact, text: str, expected: Expectations) -> None:
    """Let a text say by itself whatever a phrase that may appear states: Nghị quyết 80-NQ/TW, khóa 2026-2031."""
    claims = read(text, "vi", NameIndex(()))
    expected.documents.extend((number, fact) for number in claims.documents)
    expected.links.extend((link, fact) for link in claims.links)
    expected.whens.extend(WhenFact(fact=fact, when=when, day=when.date, quiet=True) for when in claims.whens)
    for hour in claims.hours:
        expected.hours.setdefault(hour.minutes, []).append(fact)
    for phone in claims.phones:
        expected.phones.setdefault(phone.digits, []).append(fact)
    for figure in claims.figures:
        expected.figures.append(
            FigureFact(fact=fact, number=figure.mantissa, value=figure.value, units=(figure.unit,), direction=0, quiet=True)
        )


def _figure(fact: Fact, number: Decimal, quiet: bool) -> FigureFact:
    unit, scale = unit_and_scale(told_unit(fact))
    units = (unit, unit_and_scale(fact.unit_en)[0]) if fact.unit_en else (unit,)
    below = number < 0 and unit.dimension == "heat"
    return FigureFact(
        fact=fact,
        number=abs(number),
        value=abs(number) * scale,
        units=units,
        direction=-1 if number < 0 and not below else _direction(f"{fact.id} {fact.unit or ''} {fact.note or ''}"),
        quiet=quiet,
        below=below,
    )


def told_unit(fact: Fact) -> str:
    """Return the unit of a fact, or the one that its kind implies."""
    return fact.unit or {FactKind.PERCENTAGE: "%", FactKind.MONEY: "đồng"}.get(fact.kind, "")


@lru_cache(maxsize=2048)
def unit_and_scale(words: str) -> tuple[Unit, Decimal]:
    """Return the unit that a fact's words are, and its magnitude: tỷ đồng is đồng, a thousand million times."""
    lower = re.sub(r"^(?:tăng|giảm)[ ]", "", lowered(clean(words)).strip())
    scale = SCALE.match(" " + lower)
    if scale is None:
        return unit_of(lower), Decimal(1)
    return unit_of(lower[scale.end() - 1 :].strip()), Decimal(SCALES[scale.group(1)])


@lru_cache(maxsize=2048)
def _direction(words: str) -> int:
    lower = words.lower()
    up, down = bool(_UP.search(lower) or _UP.search(folded(lower))), bool(_DOWN.search(lower) or _DOWN.search(folded(lower)))
    return up - down


@lru_cache(maxsize=2048)
def label(fact_id: str) -> frozenset[str]:
    """Return the words of a fact's name, without marks: ty_le_dung_han is ty, le, dung, han."""
    return frozenset(re.findall(r"[a-z]{2,}", folded(fact_id)))


@lru_cache(maxsize=2048)
def label_concepts(fact_id: str) -> frozenset[str]:
    """Return what a fact's name speaks of: metro_stations speaks of stations."""
    words = word_list(folded(fact_id).replace("_", " "))
    return concepts(words, len(words))
