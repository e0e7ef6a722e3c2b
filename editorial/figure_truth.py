"""Whether a stated number is true of a fact's: exactly, rounded, or as hơn, gần and khoảng mean it."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from editorial.claims.figure import Approximation, Figure

_CLOSE = Decimal("0.12")  # how far a rounded figure may be from the truth: hơn 120 for 126
_ROUNDED = Decimal("0.01")  # how far 8,4 triệu may be from 8.435.700
_NEAR = Decimal("0.05")  # khoảng 125 for 126


def is_true_of(figure: Figure, stated: Decimal, true: Decimal) -> bool:
    """Tell whether what is stated is true of the fact: exactly, or as hơn, gần and khoảng mean it."""
    if stated == true:
        return True
    if not true:
        return False
    apart = abs(stated - true) / true
    match figure.approximation:
        case Approximation.ABOVE:
            return stated < true and (apart <= _CLOSE or stated == _rounded_down(true))
        case Approximation.BELOW:
            return stated > true and (apart <= _CLOSE or stated == _rounded_down(true) + Decimal(10) ** true.adjusted())
        case Approximation.ABOUT:
            return apart <= _NEAR and _rounder(stated, true)
    return figure.scale >= 1000 and true >= 10_000 and apart <= _ROUNDED and _rounds_to(stated, true)


def _rounder(stated: Decimal, true: Decimal) -> bool:
    """Tell whether a number is rounder than the truth, or ends in a five: khoảng 125 for 126, but not khoảng 321 for 312."""
    mine, yours = digits(stated), digits(true)
    return len(mine) < len(yours) or (len(mine) == len(yours) and mine.endswith("5"))


def _rounded_down(value: Decimal) -> Decimal:
    step = Decimal(10) ** value.adjusted()
    return value // step * step


def _rounds_to(stated: Decimal, true: Decimal) -> bool:
    """Tell whether the figure is the truth with fewer digits."""
    shorter = len(digits(stated)) < len(digits(true))
    place = Decimal(10) ** (stated.adjusted() - len(digits(stated)) + 1)
    return shorter and abs(stated - true) <= place / 2


@lru_cache(maxsize=4096)
def digits(value: Decimal) -> str:
    """Return the digits that tell one number from another: 1250, 1,25 and 12,5 have the same."""
    return "".join(str(digit) for digit in value.normalize().as_tuple().digits)
