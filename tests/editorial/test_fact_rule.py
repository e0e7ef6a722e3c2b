"""A fact says what its kind allows, in the ledger as in a correction."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from editorial.fact import Fact, FactKind, FactValue
from editorial.fact_rule import fact_faults, read_day, read_number, read_time

Unit = str | None


def keys(kind: FactKind, value: FactValue, unit: Unit = None, **days: date) -> list[str]:
    return [fault.key for fault in fact_faults(Fact(id="a", kind=kind, value=value, unit=unit, source="Thử", **days))]


@pytest.mark.parametrize(
    ("kind", "value", "unit"),
    [
        (FactKind.NUMBER, 126, "xã, phường"),
        (FactKind.NUMBER, Decimal("8.5"), "triệu lượt khách"),
        (FactKind.NUMBER, Decimal("-0.3"), "điểm phần trăm"),
        (FactKind.NUMBER, -3, "°C"),
        (FactKind.NUMBER, 0, "hồ sơ"),
        (FactKind.PERCENTAGE, Decimal("12.5"), None),
        (FactKind.PERCENTAGE, -100, None),
        (FactKind.MONEY, 0, None),
        (FactKind.MONEY, 1250, "tỷ đồng"),
        (FactKind.DATE, date(1010, 10, 10), None),
        (FactKind.TIME, time(8, 30), None),
        *((FactKind.PERIOD, value, None) for value in ("quý IV/2026", "tháng 10/2026", "6 tháng đầu năm 2026", "2026 - 2031")),
        *((FactKind.PERIOD, value, None) for value in ("20/11", "29/2", "1010", "Mùng 10 tháng Ba", "1/10 - 15/10/2026")),
        *((FactKind.DOCUMENT, value, None) for value in ("02-NQ/TW", "36/2005/QĐ-TTg", "167-HĐBT", "Nghị quyết số 80-NQ/TW")),
        *((FactKind.PHONE, value, None) for value in ("113", "1022", "1900 1009", "024 3825 3536", "+84 24 3825 3536")),
        *((FactKind.LINK, value, None) for value in ("https://hanoi.gov.vn/", "http://dichvucong.gov.vn", "hanoi.gov.vn/a?b=1")),
        (FactKind.NAME, "Kỷ cương, trách nhiệm", None),
        (FactKind.PLACE, "48 phố Hàng Ngang", None),
    ],
)
def test_what_is_right_raises_nothing(kind: FactKind, value: FactValue, unit: Unit) -> None:
    assert keys(kind, value, unit) == []


@pytest.mark.parametrize(
    ("kind", "value", "unit"),
    [
        (FactKind.NUMBER, -5, "xã, phường"),
        (FactKind.NUMBER, -5, "triệu lượt khách"),
        (FactKind.NUMBER, -5, "năm"),
        (FactKind.NUMBER, Decimal("nan"), "xã"),
        (FactKind.NUMBER, Decimal("inf"), "xã"),
        (FactKind.PERCENTAGE, Decimal("-100.5"), None),
        (FactKind.PERCENTAGE, 10**9, None),
        (FactKind.MONEY, -1, None),
        (FactKind.MONEY, Decimal("12.5"), None),
        (FactKind.DATE, date(26, 9, 25), None),
        (FactKind.TIME, time(8, 30, 5), None),
        *((FactKind.PERIOD, value, None) for value in ("abc", "quý V/2026", "tháng 13/2026", "2031-2026", "31/2", "31/2/2026")),
        *((FactKind.DOCUMENT, value, None) for value in ("abc", "123", "NQ/TW", "02-NQ/TW và 03-NQ/TW")),
        *((FactKind.PHONE, value, None) for value in ("abc", "12", "0123", "999 999 999 999", "024 3825 353x", "0000000000")),
        *((FactKind.LINK, value, None) for value in ("javascript:alert(1)", "JavaScript://hanoi.gov.vn/%0aalert(1)")),
        *((FactKind.LINK, value, None) for value in ("data:text/html,x", "ftp://hanoi.gov.vn", "https://", "hanoi", "file:///a")),
        *((FactKind.LINK, value, None) for value in ("https://hanoi.gov.vn@evil.vn/", "https://hanoi.gov.vn/a b")),
        *((FactKind.NAME, value, None) for value in ("123", "Hà Nội\nHuế", "<b>Hà Nội</b>", "{{ fact.wards }}", "a" * 301)),
        (FactKind.PLACE, " ", None),
    ],
)
def test_what_the_kind_does_not_allow_is_told_at_the_value(kind: FactKind, value: FactValue, unit: Unit) -> None:
    assert keys(kind, value, unit) == ["value"]


def test_a_unit_belongs_to_numbers_and_amounts_alone() -> None:
    assert keys(FactKind.DATE, date(2026, 10, 10), "ngày") == ["unit"]
    assert keys(FactKind.PERCENTAGE, 12, "%") == ["unit"]
    assert keys(FactKind.NUMBER, 12) == [""]


def test_a_fact_does_not_end_before_it_was_true() -> None:
    assert keys(FactKind.PHONE, "113", as_of=date(2026, 4, 1), valid_until=date(2026, 3, 31)) == ["valid_until"]
    assert keys(FactKind.PHONE, "113", as_of=date(2026, 4, 1), valid_until=date(2026, 4, 1)) == []


@pytest.mark.parametrize("text", ["nan", "inf", "1_000", "1e9", "１２", "", "1.", "--5", "12 5"])
def test_what_only_a_machine_would_call_a_number_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        read_number(text)


def test_days_and_times_are_read_in_one_form_only() -> None:
    assert (read_day("2026-09-25"), read_time("08:30")) == (date(2026, 9, 25), time(8, 30))
    for text in ("20260925", "2026-W39-5", "2026-02-30", "25/9/2026"):
        with pytest.raises(ValueError):
            read_day(text)
    for text in ("08", "08:30:15", "08:30+07:00", "24:00"):
        with pytest.raises(ValueError):
            read_time(text)
