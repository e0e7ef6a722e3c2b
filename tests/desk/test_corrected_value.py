"""A corrected value follows the rule of its kind, as the ledger does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from desk.correcting import read_value
from editorial.fact import Fact, FactKind, FactValue
from editorial.problem import BadInput


def fact(kind: FactKind, unit: str | None = None) -> Fact:
    return Fact(id="a", kind=kind, value=1, unit=unit, source="Thử")


@pytest.mark.parametrize(
    ("kind", "unit", "text", "value"),
    [
        (FactKind.NUMBER, "xã", " 127 ", 127),
        (FactKind.NUMBER, "điểm phần trăm", "-0.3", Decimal("-0.3")),
        (FactKind.DATE, None, "2026-09-25", date(2026, 9, 25)),
        (FactKind.LINK, None, "https://hanoi.gov.vn/a", "https://hanoi.gov.vn/a"),
    ],
)
def test_a_right_value_is_taken(kind: FactKind, unit: str | None, text: str, value: FactValue) -> None:
    assert read_value(fact(kind, unit), text) == value


@pytest.mark.parametrize(
    ("kind", "unit", "text"),
    [
        *((FactKind.NUMBER, "xã, phường", text) for text in ("-5", "nan", "inf", "1_000", "12 xã", "")),
        *((FactKind.PERCENTAGE, None, text) for text in ("-101", "nan", "12,5")),
        *((FactKind.MONEY, None, text) for text in ("-1", "12.5", "1e9")),
        *((FactKind.DATE, None, text) for text in ("20260925", "2026-02-30")),
        (FactKind.TIME, None, "8"),
        *((FactKind.LINK, None, text) for text in ("javascript:alert(1)", "")),
        (FactKind.PHONE, None, "0123"),
        (FactKind.PERIOD, None, "quý V/2026"),
        (FactKind.DOCUMENT, None, "abc"),
        (FactKind.NAME, None, "  "),
    ],
)
def test_a_value_that_its_kind_does_not_allow_is_refused_at_the_option(kind: FactKind, unit: str | None, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_value(fact(kind, unit), text)
    assert {problem.key for problem in caught.value.problems} == {"--value"}
