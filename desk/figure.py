"""Figures in the commands' Vietnamese output: `1,25`, `10.000`, `95,3%`."""

from __future__ import annotations


def written(value: float, decimals: int = 0) -> str:
    """Return the number as Vietnamese writes it."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def share(value: float, decimals: int = 1) -> str:
    """Return a part of one as a percentage."""
    return f"{written(100 * value, decimals)}%"
