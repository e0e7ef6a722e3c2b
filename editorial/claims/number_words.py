"""Numbers in words: mười hai phẩy năm, bảy mươi hai, hai nghìn không trăm hai mươi sáu; twelve point five, seventy-two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

_VI_DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_VI_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_EN_ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_EN_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_EN_PARTS = {"half": Decimal("0.5"), "a quarter": Decimal("0.25"), "three quarters": Decimal("0.75")}

_VI_WORD = "|".join((*_VI_DIGITS, "mười", "mươi", "chục", "trăm", *_VI_SCALES, "linh", "lẻ", "phẩy", "rưỡi", "rưởi", "nửa"))
_EN_WORD = "|".join(sorted((*_EN_ONES, "hundred", "dozen", *_EN_SCALES, "point"), key=len, reverse=True))
_EN_MANY = "|".join(("hundred", "dozen", *_EN_SCALES))
_VI_RUN = re.compile(rf"(?<!\w)(?:{_VI_WORD})(?:[ \u00a0](?:{_VI_WORD}))*(?!\w)")
_EN_RUN = re.compile(
    rf"(?<!\w)(?:(?:(?P<part>half|a quarter of|three[ -]quarters of)[ ])?a[ ](?={_EN_MANY}))?"
    rf"(?:{_EN_WORD})(?:(?:[ ]and[ ]|[ -])(?:{_EN_WORD}))*(?P<half>[ ]and a half(?:[ -](?:{_EN_MANY}))?)?(?!\w)"
)
_TENTHS = {word: digit for word, digit in _VI_DIGITS.items() if digit and word not in ("một", "lăm", "nhăm")}  # hai triệu sáu
_BEFORE_FIVE = frozenset({"linh", "lẻ", "phẩy"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A number in words: where it stands and what it is worth; `simple` when it is one word up to ten."""

    start: int
    stop: int
    value: Decimal
    simple: bool


def spoken(lower: str, language: str) -> Iterator[Spoken]:
    """Yield the numbers in words, from left to right; the year (năm nay) is not the five."""
    if language == "en":
        yield from filter(None, map(_english, _EN_RUN.finditer(lower)))
    else:
        for run in _VI_RUN.finditer(lower):
            yield from _vietnamese(run.group(), run.start())


def vietnamese_value(words: str) -> Decimal | None:
    """Return what Vietnamese words are worth as a whole, digit by digit too (một chín năm tư); None when they are no number."""
    tokens = words.split()
    value = _value(tokens)
    if value is None and len(tokens) > 1 and all(token in _VI_DIGITS for token in tokens):
        return Decimal("".join(str(_VI_DIGITS[token]) for token in tokens))
    return value


def _vietnamese(run: str, at: int) -> Iterator[Spoken]:
    """Yield the numbers of a run of number words: the longest that make sense, `năm` cut off where it means year."""
    tokens = re.split("[ \u00a0]", run)
    places = [0]
    for token in tokens:
        places.append(places[-1] + len(token) + 1)
    first = 0
    while first < len(tokens):
        last = next((n for n in range(len(tokens), first, -1) if _reads(tokens, first, n)), None)
        if last is None:
            first += 1
            continue
        value = _value(tokens[first:last])
        assert value is not None  # _reads has looked
        simple = last - first == 1
        yield Spoken(at + places[first], at + places[last] - 1, value, simple)
        first = last


def _reads(tokens: Sequence[str], first: int, last: int) -> bool:
    if last - first > 1 and tokens[last - 1] == "năm" and tokens[last - 2] not in _BEFORE_FIVE:
        return False  # hai mươi năm: twenty years
    if first and last - first == 2 and tokens[first] == "năm" and tokens[last - 1] in ("rưỡi", "rưởi"):
        return False  # một năm rưỡi: a year and a half
    return _value(tokens[first:last]) is not None


def _value(tokens: Sequence[str]) -> Decimal | None:
    """Return the value of number words by the grammar (group scale)* group? (phẩy digits)? rưỡi?, or nửa scale."""
    if not tokens:
        return None
    if tokens[0] == "nửa":
        return Decimal(_VI_SCALES[tokens[1]]) / 2 if len(tokens) == 2 and tokens[1] in _VI_SCALES else None
    if tokens[-1] in ("rưỡi", "rưởi"):
        return _half_more(tokens[:-1])
    if "phẩy" in tokens:
        return _with_fraction(tokens)
    total, rest = 0, list(tokens)
    ceiling = 10**18
    while rest:
        place = next((n for n, token in enumerate(rest) if token in _VI_SCALES), None)
        if place is None and total and len(rest) == 1 and rest[0] != "mười":  # hai triệu sáu; hai lăm nghìn một (vé) is 25.000
            return Decimal(total + _TENTHS[rest[0]] * ceiling // 10) if rest[0] in _TENTHS else None
        group = _group(rest if place is None else rest[:place], follows=total > 0)
        if group is None:
            return None
        if place is None:
            return Decimal(total + group)
        scale = _VI_SCALES[rest[place]]
        rest = rest[place + 1 :]
        while rest and rest[0] in _VI_SCALES:  # nghìn tỷ
            scale *= _VI_SCALES[rest.pop(0)]
        if scale > ceiling:  # một nghìn hai trăm năm mươi tỷ: the larger scale counts for all that stands before it
            total, ceiling = (total + group) * scale, scale
        else:
            total, ceiling = total + group * scale, scale
    return Decimal(total)


def _half_more(tokens: Sequence[str]) -> Decimal | None:
    whole = _value(tokens)
    if whole is None or not tokens:
        return None
    scale = _VI_SCALES.get(tokens[-1]) or {"trăm": 100, "chục": 10, "mươi": 10}.get(tokens[-1], 1)
    return whole + Decimal(scale) / 2


def _with_fraction(tokens: Sequence[str]) -> Decimal | None:
    point = tokens.index("phẩy")
    whole = _value(tokens[:point])
    if whole is None and point == 2 and all(token in _VI_DIGITS for token in tokens[:2]):  # chín hai phẩy năm
        whole = Decimal(_VI_DIGITS[tokens[0]] * 10 + _VI_DIGITS[tokens[1]])
    digits = list(tokens[point + 1 :])
    scale = 1
    while digits and digits[-1] in _VI_SCALES:
        scale *= _VI_SCALES[digits.pop()]
    if whole is None or not digits:
        return None
    if all(token in _VI_DIGITS for token in digits):
        shown = "".join(str(_VI_DIGITS[token]) for token in digits)
    else:
        inner = _group(digits, follows=False)
        if inner is None:
            return None
        shown = str(inner)
    return Decimal(f"{whole}.{shown}") * scale


def _group(tokens: Sequence[str], *, follows: bool) -> int | None:
    """Return a group under one thousand: ba trăm linh năm, hai mươi mốt, mười lăm; None when it is no group."""
    rest, total = list(tokens), 0
    if not rest:
        return None
    if len(rest) >= 2 and rest[1] == "trăm" and rest[0] in _VI_DIGITS:
        total, rest = _VI_DIGITS[rest[0]] * 100, rest[2:]
        follows = True
    if rest and rest[0] in ("linh", "lẻ"):
        return total + _VI_DIGITS[rest[1]] if follows and len(rest) == 2 and rest[1] in _VI_DIGITS else None
    if total and len(rest) == 1:  # một trăm hai: 102 is một trăm linh hai
        return total + _TENTHS[rest[0]] * 10 if rest[0] in _TENTHS else total + 10 if rest[0] == "mười" else None
    tens = _tens(rest) if len(rest) != 2 or not total else _tens_after_hundred(rest)
    return None if tens is None else total + tens


def _tens_after_hundred(rest: Sequence[str]) -> int | None:
    """Return the tens as people say them after a hundred: một trăm hai sáu."""
    ten, one = (_VI_DIGITS.get(word, 0) for word in rest)
    return ten * 10 + one if ten > 1 and one and rest[1] != "năm" else _tens(rest)


def _tens(rest: Sequence[str]) -> int | None:
    match rest:
        case []:
            return 0
        case ["mười"]:
            return 10
        case ["mười", one] if one in _VI_DIGITS and one not in ("mốt", "tư"):
            return 10 + _VI_DIGITS[one]
        case [ten, "mươi" | "chục"] if ten in _VI_DIGITS:
            return _VI_DIGITS[ten] * 10
        case [ten, "mươi", one] | [ten, one] if ten in _VI_DIGITS and _VI_DIGITS[ten] > 1 and one in _VI_DIGITS:
            short = len(rest) == 2
            return None if short and one not in ("mốt", "tư", "lăm", "nhăm") else _VI_DIGITS[ten] * 10 + _VI_DIGITS[one]
        case [one] if one in _VI_DIGITS and one not in ("mốt", "lăm", "nhăm"):
            return _VI_DIGITS[one]
    return None


def _english(run: re.Match[str]) -> Spoken | None:
    """Return the number of a run: eight and a half million, half a million, a quarter of a million, two dozen."""
    part, half = run["part"], run["half"] or ""
    words = run.group()[len(part or "") : len(run.group()) - len(half)].strip()
    tokens = [token for token in re.split("[ -]", words) if token != "and"]
    value = _english_value(tokens)
    if value is None:
        return None
    if half:
        scale = _many(re.split("[ -]", half)[-1])
        value = (value + Decimal("0.5")) * scale if scale else value + Decimal(_many(tokens[-1]) or 1) / 2
    if part:
        value *= _EN_PARTS[part.removesuffix(" of").replace("-", " ")]
    value = Decimal(int(value)) if value == int(value) else value
    few = (len(tokens) == 1 and value <= 10) or (tokens[0] == "a" and len(tokens) == 2)
    return Spoken(run.start(), run.end(), value, few and not part and not half)


def _many(word: str) -> int:
    return {"hundred": 100, "dozen": 12, **_EN_SCALES}.get(word, 0)


def _english_value(tokens: Sequence[str]) -> Decimal | None:
    whole, point, fraction = _parted(tokens)
    total, group = Decimal(0), Decimal(0)
    if point and fraction:
        digits = [str(_EN_ONES[token]) for token in fraction if token in _EN_ONES]
        scales = [token for token in fraction if token in _EN_SCALES]
        base = _english_value(whole) if whole else Decimal(0)
        if base is None or not digits:
            return None
        return Decimal(f"{base}.{''.join(digits)}") * (_EN_SCALES[scales[-1]] if scales else 1)
    for token in whole:
        if token in _EN_ONES or token == "a":
            group += _EN_ONES.get(token, 1)
        elif token in ("hundred", "dozen"):
            group = (group or Decimal(1)) * _many(token)
        elif token in _EN_SCALES:
            total, group = total + (group or Decimal(1)) * _EN_SCALES[token], Decimal(0)
    return total + group


def _parted(tokens: Sequence[str]) -> tuple[Sequence[str], bool, Sequence[str]]:
    if "point" not in tokens:
        return tokens, False, ()
    place = tokens.index("point")
    return tokens[:place], True, tokens[place + 1 :]
