"""A figure in running text: digits or words, with its magnitude (nghìn tỷ, million, k), its unit, and how it is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from editorial.claims.number_words import spoken
from editorial.claims.phrase import Phrase, phrases
from editorial.claims.unit import Unit, per_at, unit_at
from editorial.claims.wording import blanked


class Approximation(Enum):
    """How a figure is meant when it is not meant exactly."""

    EXACT = "exact"  # 126
    ABOVE = "above"  # hơn 120, over 120: the truth is a little more
    BELOW = "below"  # gần 130, nearly 130: the truth is a little less
    ABOUT = "about"  # khoảng 125, about 125


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that a text states."""

    start: int
    stop: int  # after the number and its magnitude
    mantissa: Decimal
    scale: Decimal
    unit: Unit
    approximation: Approximation
    direction: int  # +1 tăng, -1 giảm, 0 neither
    simple: bool  # a word such as ba or two, which often counts nothing
    below: bool = False  # a temperature below zero

    @property
    def value(self) -> Decimal:
        """Return the figure in its unit."""
        return self.mantissa * self.scale

    @property
    def end(self) -> int:
        """Return where the figure with its unit ends."""
        return max(self.stop, self.unit.stop)


SCALES = {
    "nghìn tỷ": 10**12, "ngàn tỷ": 10**12, "nghìn tỉ": 10**12, "triệu tỷ": 10**15, "trăm tỷ": 10**11, "chục tỷ": 10**10,
    "tỷ": 10**9, "tỉ": 10**9, "trăm triệu": 10**8, "chục triệu": 10**7, "triệu": 10**6, "tr": 10**6, "trăm nghìn": 10**5,
    "quadrillion": 10**15, "tá": 12,
    "trăm ngàn": 10**5, "chục nghìn": 10**4, "vạn": 10**4, "nghìn": 1000, "ngàn": 1000, "trăm": 100, "chục": 10, "k": 1000,
    "trillion": 10**12, "tn": 10**12, "billion": 10**9, "bn": 10**9, "million": 10**6, "mn": 10**6, "mln": 10**6,
    "hundred thousand": 10**5, "thousand": 1000, "hundred": 100, "thousand billion": 10**12,
}  # fmt: skip
SCALE = re.compile(r"[ \u00a0-]?(" + "|".join(sorted(SCALES, key=len, reverse=True)) + r")(?!\w)")
_HALVED = frozenset({"length", "mass", "volume", "days", "months", "clock", "age"})
_HALF = re.compile(r"[ \u00a0](?:rưỡi|rưởi)(?!\w)")
_DIGITS = re.compile(
    r"(?:(?<![\w.,/])(?<!\w-)|(?<=vnd)|(?<=usd))[0-9]+(?:[.,][0-9]+)*(?:\u00a0[0-9]{3}(?![0-9]))*(?: [0-9]{3}(?![0-9])){0,4}"
)
_PLAIN_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*(?:\u00a0[0-9]{3}(?![0-9]))*")
_MORE = re.compile(r"[ \u00a0]([0-9]+(?:[.,][0-9]+)?)")
_ALONE = re.compile(  # its first letter comes first: the search then leaps from one line end to the next
    r"\n(?=[^\W\d_]|%)(?:(?<=\n[0-9]\n)|(?<=\n[0-9]{2}\n)|(?<=\n[0-9]{3}\n)|(?<=^[0-9]\n)|(?<=^[0-9]{2}\n)|(?<=^[0-9]{3}\n)|"
    r"(?<=[0-9][.,][0-9]{3}\n)|(?<=[0-9],[0-9]\n)|(?<=[0-9]\.[0-9]\n))"
)
_ONWARD = re.compile(r"[ \u00a0]?(?:-|đến|tới|to|and)[ \u00a0]?")
_MILLIONS = re.compile(r"m(?= [a-z])")
_BEFORE = re.compile(
    r"(?:(?P<above>hơn|trên|quá|vượt|vượt mốc|ít nhất|tối thiểu|không dưới|không ít hơn|over|more than|above|at least|"
    r"exceeding|upwards of"
    r"|no fewer than|no less than)"
    r"|(?P<below>gần|dưới|tối đa|không quá|ngót|xấp xỉ|nearly|almost|close to|up to|under|less than|fewer than|at most|just "
    r"under)"
    r"|(?P<about>khoảng|chừng|độ|cỡ|ước|ước tính|tầm|about|around|some|approximately|roughly|an estimated|circa))"
    r"[ \u00a0](?:khoảng[ \u00a0])?(?:vnd[ \u00a0]?|us\$|\$)?$"
)
_BEFORE_ENDS = (  # how whatever _BEFORE finds ends; most figures have none of it, and a search costs more than a look
    "hơn", "trên", "quá", "vượt", "mốc", "nhất", "thiểu", "dưới", "over", "than", "above", "least", "exceeding", "of", "gần",
    "đa", "ngót", "xỉ", "nearly", "almost", "to", "under", "most", "khoảng", "chừng", "độ", "cỡ", "ước", "tính", "tầm", "about",
    "around", "some", "approximately", "roughly", "estimated", "circa", "vnd", "$",
)  # fmt: skip
_ROUGHLY = frozenset({"xấp xỉ"})
_TURN = re.compile(
    r"(?<!\w)(?:(?P<up>tăng|tăng thêm|cao hơn|nhiều hơn|vượt|increas\w*|rose|rise[sn]?|rising|grew|grow[sn]?|growth|up(?! to)|"
    r"higher|gain\w*|climb\w*|soar\w*|surg(?:ed?|es|ing)|jump\w*|nhích|vọt)"
    r"|(?P<down>giảm|giảm bớt|thấp hơn|ít hơn|hạ|decreas\w*|reduc\w*|fell|fall[sn]?|fallen|falling|sank|sunk|shrunk|sụt|"
    r"drop\w*|declin\w*|down|lower|cut|cuts|shrank|tụt|lùi|rớt|plung\w*|plummet\w*|slump\w*|slid|slipp\w*))"
    r"(?!\w)(?![ ](?:cường|nhẹ gánh|to [a-z]+ \d))"
)
_ANOTHER = re.compile(r"[0-9]")
_COURSE = re.compile(r"(?<!\w)(?:từ|xuống|lên|còn|đến|tới|from|down|to)(?!\w)|→|->|\x00")
_CLAUSE = re.compile(r"[.;!?\n\x00](?:\s|$)|[,;:] (?=[^0-9])")
_HOUR = 3600  # seconds
_REST = re.compile(r" (?:và |and )?([0-9]{1,2}) (?:phút|minutes?)(?!\w)")
_AGED = (" aged ", " ages ", " the age of ")
MINUS = re.compile(r"(?:(?<!\w)-|(?<!\w)(?:âm|trừ|minus|negative) )$")
_BELOW_ZERO = re.compile(r" (?:dưới (?:0|không)|below (?:zero|freezing))(?!\w)")
_CURRENCY = re.compile(r"(vnd|us\$|\$|€|usd)[ \u00a0]?$")


def figures(masked: str, language: str) -> Iterator[Figure]:
    """Yield the figures of a text, in digits and in words; `masked` is its lower case with what was read before blanked."""
    masked = _ALONE.sub(" ", masked)
    turns = _TURN.search(masked) is not None
    for phrase in phrases(masked, language):
        yield _phrased(masked, phrase, turns=turns)
        masked = blanked(masked, phrase.start, phrase.stop)
    rest, end = masked, 0
    for found in _digits(masked, language):
        if found[0] < end:
            continue  # the 30 of 1 giờ 30 phút
        figure = _complete(masked, _with_the_last(masked, found, language), simple=False, turns=turns)
        yield figure
        end = figure.end if figure.unit.dimension else figure.stop
        rest = blanked(rest, figure.start, end)
    for words in spoken(rest, language):
        scale, stop = _scale(rest, words.stop)
        inner = _spoken_scale(rest[words.start : words.stop]) if scale == 1 else Decimal(1)
        scale *= inner
        simple = words.simple and scale in (inner, 12)  # một tá lý do
        yield _complete(rest, (words.start, stop, words.value / inner, scale), simple=simple, turns=turns)


def _phrased(masked: str, phrase: Phrase, *, turns: bool) -> Figure:
    meant, worth = _meant(masked[max(0, phrase.start - 24) : phrase.start]), phrase.mantissa
    if phrase.about:  # two thirds are 67%, more than two thirds are 66 and more
        meant = Approximation.ABOUT if meant is Approximation.EXACT else meant
        worth = Decimal(int(worth) + {Approximation.ABOVE: 0, Approximation.BELOW: 1}.get(meant, round(worth) - int(worth)))
    turn = _direction(masked, phrase.start, turns=turns)
    return Figure(phrase.start, phrase.stop, worth, phrase.scale, phrase.unit, meant, turn, phrase.simple)


Reading = tuple[int, int, Decimal, Decimal]  # start, stop, mantissa, scale


def _digits(lower: str, language: str) -> Iterator[Reading]:
    end = 0
    for found in _DIGITS.finditer(lower):
        if found.start() < end:
            continue
        read = _number(lower, found.start(), language)
        if read is None:
            continue
        reading = _with_magnitude(lower, found.start(), *read, language)
        if reading[1] < len(lower) and _glued(lower, reading[1]):
            continue
        end = reading[1]
        yield reading


def _number(lower: str, start: int, language: str) -> tuple[int, Decimal] | None:
    """Return where the digits end and their value; digits parted by plain spaces count when there are two groups or more."""
    wide = _DIGITS.match(lower, start)
    assert wide is not None  # found by the same pattern
    groups = wide.group().split(" ")
    if len(groups) > 2 and groups[0].isdigit() and len(groups[0]) <= 3:
        return wide.end(), Decimal("".join(groups))
    plain = _PLAIN_DIGITS.match(lower, start)
    assert plain is not None
    value = digits_value(plain.group(), language)
    return None if value is None else (plain.end(), value)


def digits_value(digits: str, language: str) -> Decimal | None:
    """Return the value of digits with separators, read as the language writes them; None for 1.5.2, which is no number."""
    digits = digits.replace("\u00a0", "")
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return Decimal(digits)
    if dots and commas:
        thousands = "." if digits.rindex(".") < digits.rindex(",") else ","
        whole = digits.replace(thousands, "").replace(",", ".")
        return Decimal(whole) if whole.count(".") == 1 else None
    mark = "." if dots else ","
    head, *groups = digits.split(mark)
    grouped = all(len(group) == 3 for group in groups) and len(head) <= 3 and head.lstrip("0") != ""
    if len(groups) > 1:
        return Decimal("".join((head, *groups))) if grouped else None
    if grouped and mark == (".", ",")[language == "en"]:
        return Decimal(head + groups[0])
    return Decimal(f"{head}.{groups[0]}")


def _with_the_last(lower: str, reading: Reading, language: str) -> Reading:
    """Give the first of two figures the magnitude that only the last one has: 8,5 - 25 triệu."""
    start, stop, value, scale = reading
    onward = _ONWARD.match(lower, stop) if scale == 1 else None
    last = _number(lower, onward.end(), language) if onward and _DIGITS.match(lower, onward.end()) else None
    if last is None or last[1] <= value:
        return reading
    return start, stop, value, _scale(lower, last[0])[0]


def _with_magnitude(lower: str, start: int, stop: int, value: Decimal, language: str) -> Reading:
    scale, after = _scale(lower, stop)
    if scale == 1 and language == "en" and _MILLIONS.match(lower, stop):
        return start, stop + 1, value, Decimal(10**6)
    if scale > 1 and (half := _HALF.match(lower, after)):
        return start, half.end(), value + Decimal("0.5"), scale
    if scale >= 1000:
        value, scale, after = _compound(lower, value, scale, after, language)
    return start, after, value, scale


def _compound(lower: str, value: Decimal, scale: Decimal, stop: int, language: str) -> tuple[Decimal, Decimal, int]:
    """Take in the next part: 1 tỷ 250 triệu, 1 nghìn 250 tỷ."""
    more = _MORE.match(lower, stop)
    part = digits_value(more.group(1), language) if more else None
    if more is None or part is None:
        return value, scale, stop
    next_scale, after = _scale(lower, more.end())
    if 1 < next_scale < scale:
        return value + part * next_scale / scale, scale, after
    if next_scale > scale and part < scale:
        return value * scale + part, next_scale, after
    return value, scale, stop


def _scale(lower: str, at: int) -> tuple[Decimal, int]:
    found = SCALE.match(lower, at)
    return (Decimal(SCALES[found.group(1)]), found.end()) if found else (Decimal(1), at)


def _spoken_scale(words: str) -> Decimal:
    """Return the magnitude with which a number in words ends: tám phẩy tám tỷ is 8,8 of tỷ."""
    last = words.split()[-2:]
    return Decimal(SCALES.get(" ".join(last)) or SCALES.get(last[-1], 1)) if len(words.split()) > 1 else Decimal(1)


def _glued(lower: str, at: int) -> bool:
    """Tell whether letters that are no unit cling to the digits: 5G, 1A, 4K are names."""
    return lower[at].isalnum() and not unit_at(lower, at).dimension


def _complete(masked: str, reading: Reading, *, simple: bool, turns: bool) -> Figure:
    start, stop, mantissa, scale = reading
    unit = unit_at(masked, stop)
    before = masked[max(0, start - 24) : start]
    money = _CURRENCY.search(before)
    if money and not unit.dimension:
        dimension = "dong" if money.group(1) == "vnd" else "euro" if money.group(1) == "€" else "dollar"
        unit = Unit(dimension, Decimal(1), unit.words, stop, unit.marks, unit.concepts)
    elif masked[stop - 1] == "k" and not unit.dimension and (not unit.words or masked[stop : stop + 1] == "/"):
        unit = Unit("dong", Decimal(1), unit.words, stop, unit.marks, unit.concepts, per_at(masked, stop))  # 15k/lượt
    half = _HALF.match(masked, unit.stop) if unit.dimension in _HALVED else None
    rest = _REST.match(masked, unit.stop) if unit.dimension == "clock" and unit.factor == _HOUR else None
    if rest:  # 1 giờ 30 phút
        mantissa, unit = mantissa + Decimal(rest.group(1)) / 60 / scale, replace(unit, stop=rest.end())
    if not unit.dimension and before.endswith(_AGED):
        unit = Unit("age", Decimal(1), (), stop)
    if half:  # bốn mét rưỡi
        mantissa, unit, simple = mantissa + Decimal("0.5") / scale, replace(unit, stop=half.end()), False
    below = unit.dimension == "heat" and bool(MINUS.search(before) or _BELOW_ZERO.match(masked, unit.stop))
    return Figure(start, stop, mantissa, scale, unit, _meant(before), _direction(masked, start, turns=turns), simple, below)


def _meant(before: str) -> Approximation:
    if not before.rstrip(" \u00a0").endswith(_BEFORE_ENDS):
        return Approximation.EXACT
    found = _BEFORE.search(before)
    if found is None:
        return Approximation.EXACT
    if found.group("about") or found.group("below") in _ROUGHLY:
        return Approximation.ABOUT
    return Approximation.ABOVE if found.group("above") else Approximation.BELOW


def _direction(masked: str, start: int, *, turns: bool) -> int:
    """Return whether the clause before the figure says that something rises or falls; the nearest word decides."""
    before = masked[max(0, start - 48) : start]
    cut = turn = 0
    for stop in _CLAUSE.finditer(before) if turns else ():
        cut = stop.end()
    for found in _TURN.finditer(before, cut) if turns else ():
        turn = 1 if found.group("up") else -1
        if _ANOTHER.search(before, found.end()) and not _COURSE.search(before, found.end()):
            turn = 0  # giảm giá 50% trong 4 ngày: the days do not fall
    if not turn and before.endswith((" -", "(-", " +", "(+")):
        turn = -1 if before[-1] == "-" else 1
    return turn
