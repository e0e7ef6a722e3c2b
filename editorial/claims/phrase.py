"""Figures that are said in another way than a number with its unit: two thirds, gấp đôi, half an hour, 1m65, giật cấp 12."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from editorial.claims.unit import Unit, unit_at, unit_of

_PARTS_VI = {"hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_PARTS_EN = {"third": 3, "thirds": 3, "quarters": 4, "fifth": 5, "fifths": 5, "sixth": 6, "tenth": 10, "tenths": 10}
_ONES_EN = {"one": 1, "a": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "nine": 9}
_SHARE = {  # hai phần ba, two thirds: of whatever was said before
    "vi": re.compile(rf"(?<!\w)(một|{'|'.join(_PARTS_VI)}) phần ({'|'.join(_PARTS_VI)})(?!\w)(?! (?:trăm|nghìn|ngàn|mươi))"),
    "en": re.compile(rf"(?<!\w)({'|'.join(_ONES_EN)})[ -]({'|'.join(_PARTS_EN)})(?= of(?!\w)|[.,;!?\n]|$)"),
}
_FRACTION = re.compile(r"(?<![\w.,/])([1-4])/([2-9])(?![\w/]|[.,][0-9])")  # whatever is no day by then
_PART_OF_TIME = re.compile(r"(?: of an?)?(?= (?:giờ|tiếng|hour)(?!\w))")
_COUNTS_EN = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_IN_EN = re.compile(
    rf"(?<!\w)({'|'.join(_COUNTS_EN)}) (?:in|out of)(?: every)? ({'|'.join(_COUNTS_EN)})"
    r"(?= (?!days|weeks|months|years)[a-z]|[.,;!?\n]|$)"
)
_OF_EVERY = re.compile(  # cứ 4 hồ sơ thì có 3 hồ sơ xong sớm; cứ 100 hồ sơ thì có 85
    r"(?<!\w)cứ (?P<whole>[0-9]{1,4}) (?P<noun>[^\W\d_]+)[^.,;:!?\n0-9]{0,30}? (?P<then>thì )?(?:có |được )?(?P<part>[0-9]{1,4})"
    r"(?![\w.,/][0-9])(?(then)|(?= (?P=noun)))"
)
_ANNIVERSARY = re.compile(
    r"(?<![\w.,/])([0-9]{1,4})(?:st|nd|rd|th)[ ]((?:founding |birth )?(?:anniversary|birthday)|national day)(?!\w)"
)
_BROKEN = re.compile(  # 1m65, 3tr5, 2k5: what follows the letters are tenths; m2 and m3 are square and cubic
    r"[0-9](?<![\w.,/][0-9])[0-9]{0,2}(?P<mark>m(?![23](?![0-9]))|tr|k|tỷ)(?P<rest>[0-9]{1,2})(?!\w|[.,/][0-9])"
)
_BROKEN_SCALES = {"m": 1, "k": 10**3, "tr": 10**6, "tỷ": 10**9}
_TIMES = re.compile(  # not gấp ba lần, which has a number of its own
    r"(?<!\w)(?:(?P<fold>gấp đôi|gấp ba|doubled|tripled|trebled|quadrupled|twofold|threefold)(?! lần)|"
    r"(?P<often>once|twice)(?= (?:a|every|each|per) (?:day|week|month|quarter|year)(?!\w)))(?!\w)"
)
_TIMES_WORTH = {"gấp đôi": 2, "gấp ba": 3, "doubled": 2, "tripled": 3, "trebled": 3, "quadrupled": 4, "twofold": 2,
                "threefold": 3, "once": 1, "twice": 2}  # fmt: skip
_HALF = re.compile(r"(?<!\w)(?<!and a )(?<!and )(?:nửa|half an?|half|(?P<quarter>(?:a )?quarter of an?))(?= [^\W\d_])")
_HALF_OF = re.compile(  # giảm một nửa giá vé, half price: a share only where a fact says 50%
    r"(?<!\w)(?:một nửa|phân nửa|nửa (?=giá|số|tổng)|(?:by )?half(?= price|-price| of | the )|half-price|(?:by|to) half(?!\w))"
    r"(?! (?:giờ|tiếng|ngày|tháng|năm|đêm|mét|kg|lít|hour|day|a ))"
)
_HALF_MORE = re.compile(r"(?<!\w)an?(?P<unit> [a-z]+) and a half(?!\w)")
_HALVED = frozenset({"length", "mass", "volume", "days", "months", "clock", "percent"})
_FORCE = re.compile(  # of a storm; the number of a rank stands after its unit
    r"(?<!\w)(?:mạnh|giật|gió|sức gió)(?: (?:tới|đến|lên|trên))* cấp (?P<force>[0-9]{1,2})(?:[ ]?-[ ]?(?P<more>[0-9]{1,2}))?"
    r"(?![\w/]|[.,][0-9])"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A figure in other words: where it stands, its number and magnitude, and its unit."""

    start: int
    stop: int
    mantissa: Decimal
    unit: Unit
    scale: Decimal = Decimal(1)
    about: bool = False  # thirds are no whole per cents
    simple: bool = False  # says something only where a fact has this unit


def phrases(masked: str, language: str) -> Iterator[Phrase]:
    """Yield the figures in other words; `masked` is the lower-case text with what was read before blanked."""
    for nth in _ANNIVERSARY.finditer(masked):
        yield Phrase(nth.start(), nth.end(1) + 2, Decimal(nth.group(1)), Unit("months", Decimal(12), (), nth.end()))
    yield from _shares(masked, language)
    yield from _broken(masked)
    if "gấp " in masked or language == "en":
        for found in _TIMES.finditer(masked):
            worth = Decimal(_TIMES_WORTH[found.group()])
            yield Phrase(found.start(), found.end(), worth, Unit("fold", Decimal(1), (), found.end()))
    if "nửa" in masked or (language == "en" and "half" in masked):
        for found in _HALF_OF.finditer(masked):
            yield Phrase(found.start(), found.end(), Decimal(50), Unit("percent", Decimal(1), (), found.end()), simple=True)
    if "nửa " in masked or language == "en":
        yield from _halves(masked)
    if "cấp " in masked:
        yield from _forces(masked)


def is_force(masked: str, at: int) -> bool:
    """Tell whether the number that ends at `at` is the force of a storm or of its gusts, and no name's: mạnh cấp 12."""
    return any(found.end() == at for found in _FORCE.finditer(masked, max(0, at - 32), at))


def _shares(masked: str, language: str) -> Iterator[Phrase]:
    """Yield the shares as percentages, those of an hour as hours."""
    for found in _FRACTION.finditer(masked) if "/" in masked else ():
        if int(found.group(1)) < int(found.group(2)):
            yield _share(found, int(found.group(1)), int(found.group(2)))
    if language == "en":
        for found in _SHARE["en"].finditer(masked):
            yield _share(found, _ONES_EN[found.group(1)], _PARTS_EN[found.group(2)])
        for found in _IN_EN.finditer(masked):
            if _COUNTS_EN[found.group(1)] < _COUNTS_EN[found.group(2)]:
                yield _share(found, _COUNTS_EN[found.group(1)], _COUNTS_EN[found.group(2)])
        return
    for found in _SHARE["vi"].finditer(masked) if " phần " in masked else ():
        yield _share(found, {"một": 1, **_PARTS_VI}[found.group(1)], _PARTS_VI[found.group(2)])
    for found in _OF_EVERY.finditer(masked) if "cứ " in masked else ():
        if 0 < int(found["part"]) <= int(found["whole"]):
            yield _share(found, int(found["part"]), int(found["whole"]))


def _share(found: re.Match[str], part: int, whole: int) -> Phrase:
    time = _PART_OF_TIME.match(found.string, found.end())
    if time:  # ba phần tư giờ
        unit = unit_at(found.string, time.end())
        return Phrase(found.start(), unit.stop, Decimal(part) / whole, unit)
    share = Decimal(part) / whole * 100
    unit = Unit("percent", Decimal(1), (), found.end())
    return Phrase(found.start(), found.end(), share, unit, about=share != int(share))


def _broken(masked: str) -> Iterator[Phrase]:
    for found in _BROKEN.finditer(masked):
        value = Decimal(f"{masked[found.start() : found.start('mark')]}.{found['rest']}")
        unit = unit_at(masked, found.end())
        if found["mark"] == "m" or (found["mark"] != "k" and not unit.dimension):  # 3tr5 is money
            unit = Unit("length" if found["mark"] == "m" else "dong", Decimal(1), (), found.end())
        yield Phrase(found.start(), found.end(), value, unit, scale=Decimal(_BROKEN_SCALES[found["mark"]]))


def _halves(masked: str) -> Iterator[Phrase]:
    """Yield nửa tiếng, half an hour, a quarter of an hour, an hour and a half."""
    for found in _HALF.finditer(masked):
        unit = unit_at(masked, found.end())
        if unit.dimension in _HALVED:
            worth = Decimal("0.25") if found["quarter"] else Decimal("0.5")
            yield Phrase(found.start(), found.end(), worth, unit, simple=True)
    for found in _HALF_MORE.finditer(masked) if " and a half" in masked else ():
        unit = unit_at(masked, found.start("unit"))
        if unit.dimension in _HALVED:
            unit = Unit(unit.dimension, unit.factor, (), found.end())
            yield Phrase(found.start(), found.end(), Decimal("1.5"), unit, simple=True)


def _forces(masked: str) -> Iterator[Phrase]:
    for found in _FORCE.finditer(masked):
        for name in ("force", "more"):
            if found[name]:
                yield Phrase(found.start(name), found.end(name), Decimal(found[name]), unit_of("cấp"), simple=True)
