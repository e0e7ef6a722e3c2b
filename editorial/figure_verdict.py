"""Holding figures against facts: which fact a figure says, which it contradicts, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise, permutations

from editorial.claims.bystander import listed
from editorial.claims.figure import MINUS, Figure
from editorial.claims.label import is_label, is_ordinary
from editorial.claims.noun import GENERIC, PEOPLE, concepts, word_list
from editorial.claims.reader import Claims
from editorial.claims.unit import MEASURES, Unit, related
from editorial.expectation import Expectations, FigureFact, label, label_concepts
from editorial.fact_words import words
from editorial.figure_time import facts_of_time, is_span_of_facts
from editorial.figure_truth import digits, is_true_of
from editorial.finding import Finding, FindingKind, Statement

_TWINS = {"ward": "phường", "wards": "phường", "commune": "xã", "communes": "xã"}  # one concept, two of the law's units
_MULTIPLIED = re.compile(r"(?:gấp|tăng|giảm|cao hơn|nhiều hơn|lớn hơn|by|up|down)(?: (?:gần|hơn|khoảng|tới|đến|nearly|over))* $")
_TOWNSHIPS = {"xã", "phường"}
_THE_REST = re.compile(r"[^.;,!?\n0-9]{0,24}? (?:còn lại|khác|nữa|remaining|others?)(?!\w)")
_PART_OF = re.compile(r" (?:trên|trong) tổng số |/(?=[0-9])| out of | of the [0-9]")
_FROM = re.compile(r"(?:từ|from)[ ](?:mức |hơn |gần |khoảng |over |some )?$")
_COURSE = re.compile(
    r"[^.!?\n0-9;]{0,24}?(?:(?P<down>(?:xuống|còn|down to)(?: còn)?)|(?P<up>lên(?: tới| đến)?|up to)|(?P<arrow>→|➡️?|=>|->)"
    r"|đến|tới|to)"
    r"(?: (?:mức|chỉ|còn|chưa đầy|hơn|gần|khoảng|just|only|about))* ?"
)
_LISTED = re.compile(r"[^.!?\n:;0-9]{1,40}: (?P<items>[^.!?\n:()]+)")
_BETWEEN = re.compile(r", (?:và |and )?|; | - | và | and | & ")
_FAR = 5
_LASTING = frozenset({"clock", "days", "months"})
_MAGNITUDES = (10**3, 10**6, 10**9, 10**12)
_GENERIC = frozenset(
    {"percent", "dong", "dollar", "days", "months", "clock", "length", "area", "mass", "age", "fold", "person", "visitor", "view"}
)


@dataclass(frozen=True, slots=True)
class _Held:
    """A figure held against one fact."""

    fact: FigureFact
    related: bool | None
    holds: bool
    same_digits: bool  # the same digits with another magnitude or unit


def hold_figures(
    claims: Claims, expected: Expectations, language: str, publish: date | None = None
) -> tuple[list[Statement], list[Finding]]:
    """Return what the figures of a text say, and what is wrong with them."""
    held = [(figure, [_hold(figure, fact, language) for fact in expected.figures]) for figure in claims.figures]
    statements: list[Statement] = []
    findings: list[Finding] = []
    open_figures: list[tuple[Figure, list[_Held]]] = []
    right: list[tuple[Figure, FigureFact]] = []
    for figure, against in held:
        agreed = _agreed(figure, against, language)
        dialled = _dialled(figure, expected)
        if dialled and not agreed:
            statements.extend(
                Statement(fact=fact, text=shown(figure, claims), start=figure.start, stop=figure.stop) for fact in dialled
            )
            continue
        moment = [] if agreed else facts_of_time(figure, claims, expected, publish)
        if moment:
            statements.extend(Statement(fact=fact, text=shown(figure, claims)) for fact in moment)
            continue
        if not agreed and is_span_of_facts(figure, expected):
            continue
        if not agreed:
            open_figures.append((figure, against))
            continue
        rival = _rightful(figure, agreed, against)
        if rival is not None:
            findings.append(_finding(FindingKind.WRONG_FIGURE, figure, rival.fact, claims, language))
            continue
        turned = [one for one in agreed if one.fact.direction and figure.direction and one.fact.direction != figure.direction]
        if len(turned) == len(agreed) and not turned[0].fact.quiet:
            findings.append(_finding(FindingKind.WRONG_FIGURE, figure, turned[0].fact, claims, language))
        else:
            statements.extend(_statement(figure, one.fact, claims) for one in agreed)
            right.append((figure, agreed[0].fact))
    findings.extend(_finding(FindingKind.WRONG_FIGURE, *one, claims, language) for one in _backwards(right, claims))
    said = {statement.fact for statement in statements} | {finding.fact for finding in findings if finding.fact}
    items = listed(claims.wording.text) if open_figures else 0
    exchanged = _exchanged([figure for figure, _ in open_figures], expected.figures)
    for figure, against in open_figures:
        if figure.start in exchanged:
            findings.append(_finding(FindingKind.WRONG_FIGURE, figure, exchanged[figure.start], claims, language))
            continue
        if items > 1 and figure.mantissa == items and figure.scale == 1 and not figure.unit.dimension:
            continue
        found = _verdict(figure, against, said, claims, expected, language)
        if found is not None and not (found.fact is None and _counts_what_follows(figure, claims)):
            findings.append(found)
    return statements, findings


def _counts_what_follows(figure: Figure, claims: Claims) -> bool:
    """Tell whether the figure is the count of what is listed behind a colon: 3 loại: hữu cơ, tái chế, còn lại."""
    follows = _LISTED.match(claims.wording.lower, figure.stop) if figure.scale == 1 and not figure.unit.dimension else None
    return follows is not None and len(_BETWEEN.split(follows["items"].strip())) == figure.mantissa


def _backwards(right: Sequence[tuple[Figure, FigureFact]], claims: Claims) -> Iterator[tuple[Figure, FigureFact]]:
    """Yield figures that each is a fact's and that say the contrary together: từ 15 ngày, nay chỉ còn 45 ngày."""
    for (first, mine), (second, yours) in pairwise(right):
        course = _COURSE.fullmatch(claims.wording.lower[first.end : second.start])
        begins = claims.wording.lower[max(0, first.start - 24) : first.start]
        if course is None or mine.fact.id == yours.fact.id or not (_FROM.search(begins) or course["arrow"]):
            continue
        falls = bool(course["down"]) or (not course["up"] and first.direction < 0)
        rises = bool(course["up"]) or (not course["down"] and first.direction > 0)
        if (falls and first.value < second.value) or (rises and first.value > second.value):
            yield first, yours
            yield second, mine


def _rightful(figure: Figure, agreed: Sequence[_Held], against: Sequence[_Held]) -> _Held | None:
    """Return the fact whose unit the figure names word for word, where it has another fact's value: 420 trường học of 35."""
    if figure.unit.dimension or not all(_counted(one.fact) for one in agreed) or any(_worded(figure, one.fact) for one in agreed):
        return None
    mine = [one for one in against if _counted(one.fact) and _worded(figure, one.fact) and not one.fact.quiet]
    return mine[0] if mine and not any(one.holds for one in mine) else None


def _counted(fact: FigureFact) -> bool:
    return any(unit.words and not unit.dimension for unit in fact.units)


def _worded(figure: Figure, fact: FigureFact) -> bool:
    """Tell whether the words after the figure are the fact's unit, in whichever order: xã, phường and phường, xã."""
    after = tuple(_TWINS.get(word, word) for word in figure.unit.words if word != "and")
    if {*after[:2]} == _TOWNSHIPS and not any({*unit.words} >= _TOWNSHIPS for unit in fact.units):
        return False  # 126 xã, phường are not the 75 xã
    return any(unit.words and not unit.dimension and {*unit.words} <= {*after[: len(unit.words)]} for unit in fact.units)


def _exchanged(figures: Sequence[Figure], facts: Sequence[FigureFact]) -> dict[int, FigureFact]:
    """Return, by place, the facts of figures that have changed places, each keeping its unit: dài 40 km, rộng 8,4 m."""
    found: dict[int, FigureFact] = {}
    for one, other in combinations(figures, 2):
        for mine, yours in permutations([fact for fact in facts if not fact.quiet], 2):
            swapped = one.mantissa == yours.number and other.mantissa == mine.number and mine.number != yours.number
            if swapped and _measured_as(one, mine) and _measured_as(other, yours) and not _measured_as(one, yours):
                found |= {one.start: mine, other.start: yours}
    return found


def _measured_as(figure: Figure, fact: FigureFact) -> bool:
    """Tell whether the figure is measured as the fact is, magnitude and all."""
    unit = _unit_like(figure.unit, fact.units)
    same = bool(unit.dimension) and (unit.dimension, unit.factor) == (figure.unit.dimension, figure.unit.factor)
    return same and figure.scale * fact.number == fact.value


def _statement(figure: Figure, fact: FigureFact, claims: Claims) -> Statement:
    return Statement(
        fact=fact.fact.id, text=shown(figure, claims, fact), start=figure.start, stop=figure.stop, direction=figure.direction
    )


def shown(figure: Figure, claims: Claims, fact: FigureFact | None = None) -> str:
    """Return the figure as it stands in the text, with its unit; with the fact's whole unit where that follows."""
    end = figure.end
    sign = MINUS.search(claims.wording.lower, max(0, figure.start - 9), figure.start) if figure.below else None
    for unit in fact.units if fact else ():
        if len(unit.words) > 1 and figure.unit.words[: len(unit.words)] == unit.words:
            for word in unit.words:
                end = claims.wording.lower.index(word, figure.stop if word == unit.words[0] else end) + len(word)
    return claims.wording.text[sign.start() if sign else figure.start : end].strip(" \u00a0,/")


def _dialled(figure: Figure, expected: Expectations) -> tuple[str, ...]:
    """Return the telephone facts whose digits the figure has, where nothing said `gọi` before it."""
    if figure.scale != 1 or figure.unit.dimension or figure.unit.counts:
        return ()
    return tuple(fact.id for fact in expected.phones.get(f"{figure.mantissa:f}", ()))


def _hold(figure: Figure, fact: FigureFact, language: str) -> _Held:
    if figure.unit.dimension == "age" and fact.units[0].dimension == "months":  # tròn bảy mươi tuổi, of 70 năm
        figure = replace(figure, unit=replace(figure.unit, dimension="months", factor=Decimal(12)))
    relation = _relation(figure.unit, fact.units, foreign=language == "en" and len(fact.units) == 1)
    same_unit = _unit_like(figure.unit, fact.units)
    factor = figure.unit.factor / same_unit.factor if relation and figure.unit.dimension else Decimal(1)
    holds = relation is not False and is_true_of(figure, figure.value * factor, fact.value)
    if not holds and relation is None and figure.scale == 1 and not figure.unit.words and not figure.unit.dimension:
        holds = is_true_of(figure, figure.mantissa, fact.number)  # the number by itself, its unit drawn elsewhere in the picture
    holds = holds and (figure.unit.dimension != "heat" or figure.below == fact.below)  # 3 °C is not −3 °C
    return _Held(fact, relation, holds, digits(figure.mantissa) == digits(fact.number))


def _relation(unit: Unit, units: Sequence[Unit], *, foreign: bool) -> bool | None:
    answers = [related(unit, other, foreign=foreign) for other in units]
    return True if True in answers else None if None in answers else False


def _unit_like(unit: Unit, units: Sequence[Unit]) -> Unit:
    return next((other for other in units if other.dimension == unit.dimension), units[0])


def _agreed(figure: Figure, against: Sequence[_Held], language: str) -> list[_Held]:
    """Return the facts that the figure says: those of its unit, else those of which the words do not tell."""
    sure = [one for one in against if one.holds and one.related]
    worded = language == "en" and figure.mantissa > 2 and figure.unit.words  # ten water stations, which no list of nouns has
    if sure or (figure.simple and not worded):
        return sure
    return [one for one in against if one.holds]


def _verdict(
    figure: Figure, against: Sequence[_Held], said: set[str], claims: Claims, expected: Expectations, language: str
) -> Finding | None:
    loud = _meant([one for one in against if not one.fact.quiet], figure, claims, expected)
    if figure.simple:
        return _simple(figure, loud, said, claims, language)
    again = figure.unit.dimension == "fold" and figure.value <= 3 and not _multiplied(figure, claims)
    if again and not any(one.related for one in loud):
        return None  # làm 2 lần là thích
    free = figure.value == 0 and figure.unit.dimension == "dong"  # gian hàng 0 đồng
    named = figure.unit.dimension == "voltage" and not any(one.related or one.same_digits for one in loud)  # đường dây 500 kV
    if free or named or (figure.value in (0, 1) and not any(one.related for one in loud)):
        return None  # 1 ngày vui: as idle as một
    if _PART_OF.match(claims.masked, figure.stop):
        return Finding(kind=FindingKind.UNSOURCED_FIGURE, text=shown(figure, claims), start=figure.start)
    rivals = [one for one in loud if not one.holds and (one.related or _kindred(figure, one))]
    fresh = [one for one in rivals if one.fact.fact.id not in said]
    moved = [one for one in loud if one.related is False and one.same_digits and _plain(figure, one)]
    best = _best(figure, fresh, claims, expected)
    lost = next((one for one in moved if one.fact.fact.id not in said), None)
    # An unrelated fact of the ledger that has the number by chance does not stand before the message's own.
    by_chance = lost is not None and best is not None and expected.own(best.fact.fact) and not expected.own(lost.fact.fact)
    if best is not None and (lost is None or by_chance or _elsewhere(best.fact, figure, claims)):
        return _finding(_kind(figure, best), figure, best.fact, claims, language)
    if lost is not None:
        return _finding(FindingKind.UNIT, figure, lost.fact, claims, language)
    close = next((one for one in rivals if _specific(figure, one) or _slip(figure, one.fact) or _remeasured(figure, one)), None)
    if close is not None and close.fact.fact.id in said and _THE_REST.match(claims.wording.lower, figure.stop):
        close = None  # 340 hộ đã bốc thăm, 25 hộ còn lại
    if close is not None and close.fact.fact.id in said and _of_another_size(figure, close):
        close = None  # trồng 1,25 triệu cây, cắt tỉa 46.000 cây
    if close is not None:
        return _finding(_kind(figure, close), figure, close.fact, claims, language)
    unsaid = [one for one in loud if one.related is None and one.fact.fact.id not in said and _slip(figure, one.fact)]
    if unsaid and not is_label(figure, claims.wording.text, claims.masked, language):  # get off at stop 12, of 126 wards
        return _finding(_kind(figure, unsaid[0]), figure, unsaid[0].fact, claims, language)
    if is_ordinary(figure, claims.wording.text, claims.wording.lower, claims.masked, language):
        return None
    return Finding(kind=FindingKind.UNSOURCED_FIGURE, text=shown(figure, claims), start=figure.start)


def _remeasured(figure: Figure, one: _Held) -> bool:
    """Tell whether the fact's very number stands with another unit of its kind: 30 m where 30 cm was said before."""
    return one.related is True and _plain(figure, one) and _kind(figure, one) is FindingKind.UNIT


def _of_another_size(figure: Figure, one: _Held) -> bool:
    """Tell whether the figure is so far from the fact's, in size and digits, that nobody wrote the one for the other."""
    if one.same_digits or _slip(figure, one.fact):
        return False
    less, more = sorted((figure.value * figure.unit.factor, one.fact.value * _unit_like(figure.unit, one.fact.units).factor))
    return less > 0 and more / less > _FAR


def _multiplied(figure: Figure, claims: Claims) -> bool:
    return _MULTIPLIED.search(claims.masked[max(0, figure.start - 40) : figure.start]) is not None


def _meant(loud: Sequence[_Held], figure: Figure, claims: Claims, expected: Expectations) -> list[_Held]:
    """Return the facts that a wrong figure may be meant for: its message's own, then those much like it."""
    around = _around(figure, claims)
    own = [one for one in loud if expected.own(one.fact.fact)]
    others = [one for one in loud if not expected.own(one.fact.fact)]
    return [*own, *(one for one in others if _much_alike(figure, one, around))]


def _much_alike(figure: Figure, one: _Held, around: str) -> bool:
    called = label(one.fact.fact.id) | (label_concepts(one.fact.fact.id) - {GENERIC})
    spoken = {*around.replace(",", " ").split()} | concepts(word_list(around), 20)
    return _specific(figure, one) or _slip(figure, one.fact) or _plain(figure, one) or bool(one.related and called & spoken)


def _elsewhere(fact: FigureFact, figure: Figure, claims: Claims) -> bool:
    """Tell whether the fact's number stands elsewhere in the text: then two figures have changed places."""
    return any(other is not figure and fact.number in (other.mantissa, other.value) for other in claims.figures)


def _kindred(figure: Figure, one: _Held) -> bool:
    """Tell whether both count people, whom two languages name differently: lượt khách, passengers."""
    return one.related is None and bool(figure.unit.concepts & PEOPLE) and any(unit.concepts & PEOPLE for unit in one.fact.units)


def _plain(figure: Figure, one: _Held) -> bool:
    """Tell whether the very number was taken over: one digit agrees by chance too often."""
    taken = figure.mantissa == one.fact.number or figure.value == one.fact.value
    return taken and (len(digits(figure.mantissa)) > 1 or figure.value >= 10 or figure.mantissa != int(figure.mantissa))


def _kind(figure: Figure, one: _Held) -> FindingKind:
    """Tell the wrong unit (1.250 triệu for 1.250 tỷ, 30 m for 30 cm) from the wrong number."""
    if not one.same_digits or not (figure.scale != 1 or figure.unit.dimension or one.fact.value != one.fact.number):
        return FindingKind.WRONG_FIGURE
    unit = _unit_like(figure.unit, one.fact.units)
    same = (unit.dimension, unit.factor) == (figure.unit.dimension, figure.unit.factor) and unit.dimension != "dong"
    if same and figure.scale == 1 and one.fact.value == one.fact.number and not (figure.unit.per and one.related is False):
        return FindingKind.WRONG_FIGURE  # 10 năm for 100 năm, 3 °C for −3 °C: the unit is right
    true = one.fact.value * unit.factor
    measured = figure.unit.dimension if figure.unit.dimension != "percent" else ""
    steps = {factor for dimension, factor in MEASURES.values() if dimension == measured} or {Decimal(1)}
    taken = one.fact.number in (figure.mantissa, figure.value) or (  # bảy nghìn năm trăm tạ, of 7.500 tấn
        figure.scale in (*_MAGNITUDES, 1, 10**15)  # mười vạn for 10.000 has ten times too many
        and any(figure.mantissa * scale * step == true for scale in (*_MAGNITUDES, 1) for step in steps)
    )
    return FindingKind.UNIT if taken else FindingKind.WRONG_FIGURE


def _best(figure: Figure, rivals: Sequence[_Held], claims: Claims, expected: Expectations) -> _Held | None:
    """Return the rival that the words around the figure speak of most, then the one nearest in value; an own fact first."""
    if not rivals:
        return None
    around = _around(figure, claims)

    def nearness(one: _Held) -> tuple[bool, int, bool, bool, float]:
        named = _named(one.fact, around, figure)
        return expected.own(one.fact.fact), named, one.same_digits, _slip(figure, one.fact), -_apart(figure, one)

    return max(rivals, key=nearness)


def _apart(figure: Figure, one: _Held) -> float:
    return abs(float(figure.value * figure.unit.factor) - float(one.fact.value * one.fact.units[0].factor))


def _around(figure: Figure, claims: Claims) -> str:
    text = claims.wording.folded
    start = max(text.rfind(mark, 0, figure.start) for mark in (". ", "\n", ";", "! ", "? "))
    return text[max(start, figure.start - 70, 0) : figure.start] + " " + text[figure.stop : figure.stop + 30]


def _named(fact: FigureFact, around: str, figure: Figure) -> int:
    present = set(around.replace(",", " ").split())
    spoken = concepts(word_list(around), 20)
    wanted = set().union(*(unit.marks for unit in fact.units)) | label(fact.fact.id)
    return len(present & wanted) + len(spoken & (label_concepts(fact.fact.id) - {GENERIC})) + len(figure.unit.marks & wanted)


def _specific(figure: Figure, one: _Held) -> bool:
    """Tell whether the unit names one thing only, so that a second number of it contradicts: xã, phường; not %, not người."""
    unit = figure.unit
    if unit.dimension in _GENERIC or unit.concepts & _GENERIC:
        return False
    return any(len(unit.marks & other.marks) >= min(2, len(other.marks)) and other.marks for other in one.fact.units)


def _slip(figure: Figure, fact: FigureFact) -> bool:
    """Tell whether the figure is the fact's with one digit changed, left out, added or swapped with the next."""
    stated, true = f"{figure.mantissa:f}", f"{fact.number:f}"
    if figure.scale != 1 or fact.value != fact.number:
        stated, true = f"{figure.value.normalize():f}", f"{fact.value.normalize():f}"
    if len(true) < 2 or stated == true or abs(len(stated) - len(true)) > 1:
        return False
    if len(stated) == len(true):
        differing = [place for place in range(len(true)) if stated[place] != true[place]]
        return len(differing) == 1 or (len(differing) == 2 and sorted(stated) == sorted(true))
    longer, shorter = (stated, true) if len(stated) > len(true) else (true, stated)
    return len(true) > 2 and any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def _simple(figure: Figure, loud: Sequence[_Held], said: set[str], claims: Claims, language: str) -> Finding | None:
    """Hold a small number in words, which counts only right before the fact's own noun: sáu điểm nghẽn."""
    moved = next((one for one in loud if figure.mantissa == one.fact.number and _same_sort(figure, one)), None)
    if moved is not None and moved.fact.fact.id not in said:
        return _finding(FindingKind.UNIT, figure, moved.fact, claims, language)
    if figure.value < 2 or not (figure.unit.words or figure.unit.dimension):
        return None
    if figure.unit.dimension == "percent" and figure.value == 50:
        return None  # một nửa of whatever
    for one in loud:
        same = any(unit.words and figure.unit.words[: len(unit.words)] == unit.words for unit in one.fact.units)
        reach = 2 if language == "en" else 1  # six water trucks
        same = same or (one.related is True and bool(concepts(figure.unit.words, reach) - _GENERIC - {GENERIC}))
        same = same or (one.related is True and figure.unit.dimension == "fold" and bool(_multiplied(figure, claims)))
        same = same or (
            one.related is True
            and figure.mantissa >= 5
            and any(figure.unit.factor == unit.factor for unit in one.fact.units if unit.dimension and figure.unit.dimension)
        )
        if same and not one.holds and one.fact.fact.id not in said and one.fact.number <= 30:
            return _finding(FindingKind.WRONG_FIGURE, figure, one.fact, claims, language)
    return None


def _same_sort(figure: Figure, one: _Held) -> bool:
    """Tell whether both measure the same, time in hours, weeks or months being one: ba tuần for 3 tháng."""
    lasting = figure.unit.dimension in _LASTING and any(unit.dimension in _LASTING for unit in one.fact.units)
    return bool(figure.unit.dimension and one.related) or (lasting and figure.mantissa > 1)


def _finding(kind: FindingKind, figure: Figure, fact: FigureFact, claims: Claims, language: str) -> Finding:
    return Finding(
        kind=kind, text=shown(figure, claims), fact=fact.fact.id, expected=words(fact.fact, language), start=figure.start
    )
