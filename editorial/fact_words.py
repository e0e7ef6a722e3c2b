"""How a fact is written out, in each language, the same wherever it is quoted."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from editorial.fact import Fact, FactKind
from editorial.period_words import MONTHS, english_period

_ENGLISH_UNITS = {
    "đồng": "dong", "nghìn đồng": "thousand dong", "triệu đồng": "million dong", "tỷ đồng": "billion dong",
    "nghìn tỷ đồng": "trillion dong", "triệu USD": "million USD", "tỷ USD": "billion USD", "phần trăm": "percent",
}  # fmt: skip
_WORTH = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SYMBOLS = frozenset(  # the same in every language
    (
        *("%", "‰", "mm", "cm", "m", "km", "m2", "m²", "km2", "km²", "m3", "m³", "ha", "g", "kg", "mg", "l", "ml", "km/h", "°C"),
        *("V", "kV", "W", "kW", "MW", "kWh", "MWh", "GWh", "dB", "AQI", "µg/m3", "µg/m³", "MB", "GB", "TB", "Mbps", "USD", "VND"),
    )
)
_MAGNITUDES = {  # from which amount, its name, and what must divide the amount so that it stays short
    "vi": ((10**9, "tỷ", 10**6), (10**6, "triệu", 10**6)),
    "en": ((10**12, "trillion", 10**9), (10**9, "billion", 10**6), (10**6, "million", 10**6)),
}


def words(fact: Fact, language: str) -> str:
    """Return the fact as a reader of the language expects it: `126 xã, phường`, `10/10/1954`, `10 October 1954`."""
    unit = unit_words(fact, language)
    value = value_words(fact, language)
    return f"{value} {unit}" if unit else value


def value_words(fact: Fact, language: str) -> str:
    """Return the fact's value without its unit."""
    match fact.value:
        case bool():
            return str(fact.value)
        case int() | Decimal() if fact.kind is FactKind.MONEY or _in_named_magnitude(fact, language):
            return number_words(_amount(fact, language)[0], language)
        case int() | Decimal():
            return number_words(fact.value, language) + ("%" if fact.kind is FactKind.PERCENTAGE else "")
        case date():
            return date_words(fact.value, language)
        case time():
            return time_words(fact.value, language)
    if language == "en" and fact.kind is FactKind.PERIOD:
        return english_period(fact.value) or fact.value
    return fact.value


def lacks_english(fact: Fact) -> str | None:
    """Return what keeps the fact from being written in English: its `unit`, its `value`; None when nothing does."""
    if fact.unit and not fact.unit_en and fact.unit not in _SYMBOLS and fact.unit not in _ENGLISH_UNITS:
        return "unit"
    if fact.kind is FactKind.PERIOD and english_period(str(fact.value)) is None:
        return "value"
    return None


def unit_words(fact: Fact, language: str) -> str:
    """Return the unit in the language; the Vietnamese one where no other is given."""
    unit = fact.unit
    if language == "en" and unit:
        scaled = _in_named_magnitude(fact, language)
        unit = _amount(fact, language)[1] if scaled else fact.unit_en or _ENGLISH_UNITS.get(unit, unit)
    return unit or (_amount(fact, language)[1] if fact.kind is FactKind.MONEY else "")


def _amount(fact: Fact, language: str) -> tuple[int | Decimal, str]:
    """Return an amount as people say it: 1.250 and tỷ đồng, 1.25 and trillion dong, 650 and triệu đồng.

    An amount that would need more than three decimals, or that has a unit of its own, stays as it is; but a Vietnamese unit
    with a magnitude (1250 tỷ đồng, 1.2 nghìn tỷ đồng) is written in English as the same amount in whole dong would be.
    """
    value = written = fact.value if isinstance(fact.value, int | Decimal) else 0
    bare = otherwise = "dong" if language == "en" else "đồng"
    if fact.unit and _in_named_magnitude(fact, language):
        otherwise = _ENGLISH_UNITS[fact.unit]
        magnitude, _, bare = otherwise.rpartition(" ")
        value = value * _WORTH[magnitude]
    elif fact.unit:
        return value, bare
    if value != int(value):
        return written, otherwise
    for scale, name, finest in _MAGNITUDES["en" if language == "en" else "vi"]:
        if value >= scale and value % finest == 0:
            scaled = Decimal(int(value)) / scale
            return int(scaled) if scaled == int(scaled) else scaled, f"{name} {bare}"
    return (int(value), bare) if bare in ("dong", "đồng") else (written, otherwise)  # 1.5 million USD


def _in_named_magnitude(fact: Fact, language: str) -> bool:
    """Tell whether an English reader is told the amount by another magnitude than the one the Vietnamese unit names."""
    if language != "en" or fact.unit_en or fact.kind not in (FactKind.NUMBER, FactKind.MONEY):
        return False
    return _ENGLISH_UNITS.get(fact.unit or "", "").rpartition(" ")[0] in _WORTH


def number_words(value: int | Decimal, language: str) -> str:
    """Return digits grouped by thousands: 1.234.567,5 in Vietnamese, 1,234,567.5 in English."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,f}"  # 1E+22 has its zeros written out
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def date_words(day: date, language: str) -> str:
    """Return 10/10/1954 in Vietnamese, 10 October 1954 in English."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if language == "en" else f"{day.day}/{day.month}/{day.year}"


def time_words(moment: time, language: str) -> str:
    """Return 8 giờ 30 or 8 giờ in Vietnamese, 08:30 in English."""
    if language == "en":
        return f"{moment:%H:%M}"
    return f"{moment.hour} giờ {moment.minute:02}" if moment.minute else f"{moment.hour} giờ"
