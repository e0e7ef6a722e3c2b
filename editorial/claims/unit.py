"""What a figure is measured in: kilometres, per cent, đồng, years, with the factor to one base; or what it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from editorial.claims.noun import GENERIC, PEOPLE, concepts, marks
from editorial.claims.wording import folded
from editorial.claims.wording import spelled as spelled_word

_ROWS: dict[str, tuple[tuple[str, str], ...]] = {  # dimension -> (factor, words)
    "length": (
        ("1000", "km, kilomet, kilômét, ki-lô-mét, ki lô mét, cây số, kilometre, kilometer"),
        ("1", "m, mét, met, metre, meter"),
        ("0.01", "cm, xăng-ti-mét, xăng ti mét, centimetre, centimeter"),
        ("0.001", "mm, mi-li-mét, mi li mét, millimetre, millimeter"),
        ("1609.344", "dặm, mile"),
    ),
    "area": (
        ("1000000", "km2, ki-lô-mét vuông, kilômét vuông, km vuông, square kilometre, square kilometer, sq km"),
        ("1", "m2, mét vuông, square metre, square meter, sq m"),
        ("10000", "ha, héc ta, héc-ta, hecta, hectare"),
        ("360", "sào"),
    ),
    "volume": (("1", "m3, mét khối, cubic metre, cubic meter"), ("0.001", "lít, l, litre, liter"),
               ("0.000001", "ml, mililít, mi-li-lít, mi li lít, millilitre, milliliter")),
    "mass": (
        ("1", "kg, ki-lô-gam, ki lô gam, kilogram, kilo, cân"),
        ("1000", "tấn, tonne, ton"),
        ("100", "tạ"),
        ("0.001", "g, gam, gram"),
        ("0.000001", "mg, mi-li-gam, miligam, milligram"),
        ("10", "yến"),
        ("0.1", "lạng"),
    ),
    "percent": (("1", "%, phần trăm, percent, per cent, pct"), ("0.1", "‰, phần nghìn")),
    "percentage point": (("1", "điểm %, điểm phần trăm, percentage point, pp"),),
    "dong": (("1", "đồng, đ, vnd, vnđ, dong"),),
    "dollar": (("1", "usd, $, đô la, đô-la, đô la mỹ, us dollar, dollar"),),
    "euro": (("1", "eur, euro, €"),),
    "clock": (("1", "giây, second"), ("60", "phút, minute"), ("3600", "giờ, tiếng, tiếng đồng hồ, hour, giờ đồng hồ")),
    "days": (("1", "ngày, hôm, day, ngày đêm, days and nights"), ("7", "tuần, tuần lễ, week")),
    "months": (("1", "tháng, month"), ("3", "quý, quarter"), ("12", "năm, year"), ("120", "thập kỷ, thập niên, decade"),
               ("1200", "thế kỷ, century, centuries")),
    "age": (("1", "tuổi, years old, year old, year-old, years of age"),),
    "speed": (
        ("1", "km/h, km/giờ, km giờ, km một giờ, km mỗi giờ, cây số một giờ, cây số giờ, kph, km per hour, km an hour, "
              "kilometres per hour, kilometers per hour, kilometres an hour, kilometers an hour, "
              "ki-lô-mét/giờ, ki-lô-mét giờ, ki-lô-mét một giờ, ki-lô-mét mỗi giờ, ki lô mét một giờ, ki lô mét giờ"),
        ("3.6", "m/s, mét/giây, mét trên giây, metres per second, meters per second"),
    ),
    "voltage": (("1000", "kv, ki-lô-vôn, kilovolt"), ("1", "vôn, volt")),
    "density": (("1", "µg/m3, μg/m3, microgram/m3, micrograms per cubic metre"), ("1000", "mg/m3")),
    "power": (("1", "w"), ("1000", "kw"), ("1000000", "mw, megawatt"), ("1000000000", "gw, gigawatt")),
    "energy": (("1", "kwh"), ("1000", "mwh"), ("1000000", "gwh")),
    "heat": (("1", "°c, độ c, độ, ºc, degrees celsius, degree"),),
    "data": (("1", "mb"), ("1000", "gb"), ("1000000", "tb")),
    "bandwidth": (("1", "mbps"), ("1000", "gbps")),
    "fold": (("1", "lần, times, fold"),),
}  # fmt: skip
_ENGLISH_PLURAL = re.compile(
    r"(?:metre|meter|mile|hectare|litre|liter|watt|gram|kilo|ton|tonne|point|dollar|euro|second|minute|hour|day|week|month|"
    r"quarter|year|decade|degree)$"
)
_TAIL = re.compile(r"(?:[ \u00a0,/&]|, )?(?:[^\W\d_]+(?:-[^\W\d_]+)*)")
_END = re.compile(r"[ \u00a0]?(?:[.;:!?()\n\"”“\[\]|•\x00]|-|,[ ]?(?:và|với|trong|and|with|while|but)\b)")
_VERBS = frozenset({
    "là", "số", "được", "đã", "đang", "sẽ", "có", "trong", "tại", "trên", "cho", "từ", "đến", "của", "thuộc", "khi",
    "để", "nằm", "ở", "với", "hoàn", "thành", "phục", "is", "are", "was", "were", "will", "have", "has", "had", "in", "at",
    "on", "across", "for", "from", "to", "by", "with", "within", "during",
    "thôi", "nha", "nhé", "nè", "nhen", "ạ", "à", "only", "một", "mỗi", "each", "per",
})  # fmt: skip
_PER = re.compile(r"(?:[ ]?/[ ]?|[ ](?:mỗi|một|trên một|a|an|per|each|every)[ ])([^\W\d_]+)")
_ONE_NAME = {"tháng": "month", "năm": "year", "ngày": "day", "giờ": "hour", "tiếng": "hour", "tuần": "week", "người": "person",
             "lượt": "trip", "bữa": "meal", "giây": "second", "s": "second", "phút": "minute", "h": "hour",
             "héc": "ha", "hectare": "ha", "hecta": "ha", "m": "m3", "khối": "m3", "cubic": "m3", "số": "kwh", "quý": "quarter",
             "học sinh": "pupil", "ride": "trip", "head": "person", "hộ": "household"}  # fmt: skip
_EACH = re.compile(r"/| (?:mỗi|một|per|each|every|a) ")
_COUNTED_PER = re.compile(  # 1.200 lượt/ngày, 1,200 trips a day
    r"(?:[ \u00a0][^\W\d_]+){1,4}?(?:[ ]?/[ ]?|[ ](?:mỗi|một|per|each|every|a)[ ])"
    r"(giờ|ngày|tuần|tháng|quý|năm|hour|day|week|month|quarter|year)(?!\w)"
)
_TOWNSHIPS = frozenset(("phuong", "xa"))  # one concept, two units of the law: 12 phường are not 12 xã
_TOWNSHIPS_EN = {"ward": "phuong", "commune": "xa"}
REACH = 3  # words after a Vietnamese figure within which its noun stands


@dataclass(frozen=True, slots=True)
class Unit:
    """What follows a figure: a measure with its factor, or the words of what is counted."""

    dimension: str = ""  # "" when it counts things, or says nothing
    factor: Decimal = Decimal(1)
    words: tuple[str, ...] = ()  # lower case, at most six
    stop: int = 0  # where the measure, or the noun's first word, ends in the text
    marks: frozenset[str] = field(default_factory=frozenset)
    concepts: frozenset[str] = field(default_factory=frozenset)
    per: str = ""  # đồng/tháng is per month

    @property
    def counts(self) -> bool:
        """Tell whether it names something to count that we know."""
        return not self.dimension and bool(self.concepts - {GENERIC})


def _measures() -> dict[str, tuple[str, Decimal]]:
    table: dict[str, tuple[str, Decimal]] = {}
    for dimension, rows in _ROWS.items():
        for factor, names in rows:
            for name in names.split(", "):
                table[name] = (dimension, Decimal(factor))
                if _ENGLISH_PLURAL.search(name):
                    table[name + "s"] = (dimension, Decimal(factor))
    return table


MEASURES = _measures()
_MEASURE = re.compile(
    r"[ \u00a0-]?(" + "|".join(re.escape(name) for name in sorted(MEASURES, key=len, reverse=True)) + r")(?![\w%]|/h(?!\w))",
)


def unit_at(lower: str, at: int) -> Unit:
    """Return the unit that stands right after a figure which ends at `at`."""
    found = _MEASURE.match(lower, at)
    if found:
        dimension, factor = MEASURES[found.group(1)]
        words = _words(lower, found.end(), 4)
        return Unit(dimension, factor, words, found.end(), marks(words), concepts(words, 2), per_at(lower, found.end()))
    words = _words(lower, at, 6)
    stop = at + 1 + len(words[0]) if words else at
    per = _COUNTED_PER.match(lower, at) if words and _EACH.search(lower, at, at + 40) else None
    counted = _ONE_NAME.get(per.group(1), per.group(1)) if per else ""
    return Unit("", Decimal(1), words, stop, marks(words[:4]), concepts(words, REACH), counted)


def per_at(lower: str, at: int) -> str:
    """Return for what a measure counts once: đồng/tháng, mỗi người, a month; "" when it says nothing."""
    found = _PER.match(lower, at)
    return _ONE_NAME.get(found.group(1), found.group(1)) if found else ""


def unit_of(lower: str) -> Unit:
    """Return the unit of a fact, as its `unit` key names it."""
    return unit_at(" " + lower, 0) if lower else Unit()


def _words(lower: str, at: int, most: int) -> tuple[str, ...]:
    """Return the words that follow, up to a stop or a verb."""
    words: list[str] = []
    if lower.startswith(",", at):
        return ()
    while len(words) < most and not _END.match(lower, at):
        found = _TAIL.match(lower, at)
        if found is None:
            break
        word = found.group().lstrip(" \u00a0,/&")
        if word in _VERBS:
            break
        words.append(word)
        at = found.end()
    return tuple(words)


def related(one: Unit, other: Unit, *, foreign: bool = False) -> bool | None:
    """Tell whether a figure's unit and a fact's measure or count the same; None when the words do not tell.

    `foreign` says that the two are words of different languages, which share no nouns beyond those that we know.
    """
    if one.dimension or other.dimension:
        return _same_measure(one, other)
    if one.per and other.per and one.per != other.per:
        return False
    mine, yours = one.concepts - {GENERIC}, other.concepts - {GENERIC}
    if mine and yours:
        ours, theirs = _townships(one), _townships(other)
        if ours and theirs and not ours & theirs:
            return False
        return bool(mine & yours) or (None if mine & PEOPLE and yours & PEOPLE else False)
    if any(_spelled_alike(mark, one.words, other.words) for mark in one.marks & other.marks):
        return True
    strange = mine and other.words and not other.concepts and not foreign  # trường học beside trạm quan trắc
    return False if strange else None


def _spelled_alike(mark: str, mine: tuple[str, ...], yours: tuple[str, ...]) -> bool:
    """Tell whether a word that two units share without its marks is one word: phòng thi are not thí sinh."""
    if all(word.isascii() for word in mine) or all(word.isascii() for word in yours):
        return True  # a text that leaves the marks out, or English
    spelled = {spelled_word(word) for word in mine if folded(word) == mark}
    return not spelled or not spelled.isdisjoint({spelled_word(word) for word in yours if folded(word) == mark})


def _townships(unit: Unit) -> frozenset[str]:
    """Return which of the law's two units are counted: ward is phường, commune is xã."""
    return _TOWNSHIPS & (unit.marks | {_TOWNSHIPS_EN[mark] for mark in unit.marks & _TOWNSHIPS_EN.keys()})


def _same_measure(one: Unit, other: Unit) -> bool | None:
    if one.dimension == other.dimension:
        return not (one.per and other.per) or one.per == other.per
    bare = other if one.dimension else one
    if bare.words and "percent" in (one.dimension, other.dimension):
        return False  # 25 điểm are not 25%
    return None if not bare.dimension and not bare.counts else False
