from __future__ import annotations

from decimal import Decimal

import pytest

from editorial.consistency import Said, certify
from editorial.fact import Fact, FactKind
from editorial.fact_words import lacks_english, unit_words, value_words, words


def ask_said(fact: Fact, vi: str, en: str) -> None:
    """Ask that an amount is written so in both languages, and that the check reads both back."""
    assert (words(fact, "vi"), words(fact, "en")) == (vi, en)
    assert f"{value_words(fact, 'en')} {unit_words(fact, 'en')}" == en
    said = [
        Said(channel="portal", part="text", text=f"Tổng kinh phí là {vi}."),
        Said(channel="en", part="text", text=f"It costs {en}.", language="en"),
    ]
    assert certify(said, {"budget": fact}, ["budget"], "mot").problems == ()


@pytest.mark.parametrize(
    ("dong", "vi", "en"),
    [
        (1_250_000_000_000, "1.250 tỷ đồng", "1.25 trillion dong"),
        (3_200_000_000_000_000, "3.200.000 tỷ đồng", "3,200 trillion dong"),
        (45_600_000_000, "45,6 tỷ đồng", "45.6 billion dong"),
        (1_000_000_000, "1 tỷ đồng", "1 billion dong"),
        (650_000_000, "650 triệu đồng", "650 million dong"),
        (2_340_000, "2.340.000 đồng", "2,340,000 dong"),
        (15_000, "15.000 đồng", "15,000 dong"),
        (1_250_000_000_001, "1.250.000.000.001 đồng", "1,250,000,000,001 dong"),
        (0, "0 đồng", "0 dong"),
    ],
)
def test_an_amount_is_written_as_people_say_it_and_the_check_reads_it_back(dong: int, vi: str, en: str) -> None:
    fact = Fact(id="budget", kind=FactKind.MONEY, value=dong, source="Nghị quyết")
    ask_said(fact, vi, en)


def test_an_amount_with_a_unit_of_its_own_stays_as_written() -> None:
    fact = Fact(id="budget", kind=FactKind.MONEY, value=1250, unit="tỷ đồng", unit_en="billion dong", source="Nghị quyết")
    assert (words(fact, "vi"), words(fact, "en")) == ("1.250 tỷ đồng", "1,250 billion dong")


@pytest.mark.parametrize(
    ("period", "english"),
    [
        ("quý IV/2026", "Q4 2026"),
        ("quý 3 năm 2026", "Q3 2026"),
        ("6 tháng đầu năm 2026", "the first six months of 2026"),
        ("tháng 10/2026", "October 2026"),
        ("20/11", "20 November"),
        ("giai đoạn 2026-2030", "2026-2030"),
        ("nhiệm kỳ 2026-2031", "2026-2031 term"),
        ("năm học 2026-2027", "2026-2027 school year"),
        ("2026", "2026"),
    ],
)
def test_a_period_is_said_in_english_and_the_check_reads_it_back(period: str, english: str) -> None:
    fact = Fact(id="period", kind=FactKind.PERIOD, value=period, source="Kế hoạch")
    assert (words(fact, "vi"), words(fact, "en")) == (period, english)
    said = [Said(channel="en", part="text", text=f"The office reports on {english}.", language="en")]
    assert certify(said, {"period": fact}, ["period"], "mot").problems == ()


@pytest.mark.parametrize(
    ("fact", "lacking"),
    [
        (Fact(id="a", kind=FactKind.NUMBER, value=126, unit="xã, phường", source="x"), "unit"),
        (Fact(id="a", kind=FactKind.NUMBER, value=8, unit="ga", source="x"), "unit"),
        (Fact(id="a", kind=FactKind.NUMBER, value=126, unit="xã, phường", unit_en="wards", source="x"), None),
        (Fact(id="a", kind=FactKind.NUMBER, value=30, unit="km", source="x"), None),
        (Fact(id="a", kind=FactKind.NUMBER, value=1250, unit="tỷ đồng", source="x"), None),
        (Fact(id="a", kind=FactKind.PERIOD, value="Mùng 10 tháng Ba âm lịch", source="x"), "value"),
        (Fact(id="a", kind=FactKind.PERIOD, value="quý IV/2026", source="x"), None),
        (Fact(id="a", kind=FactKind.NAME, value="Vành đai 4", source="x"), None),
    ],
)
def test_what_keeps_a_fact_out_of_english_is_known(fact: Fact, lacking: str | None) -> None:
    assert lacks_english(fact) == lacking


def test_a_unit_that_everybody_knows_is_written_in_english() -> None:
    assert words(Fact(id="a", kind=FactKind.NUMBER, value=45, unit="phần trăm", source="x"), "en") == "45 percent"


@pytest.mark.parametrize("kind", [FactKind.NUMBER, FactKind.MONEY])
@pytest.mark.parametrize(
    ("value", "unit", "vi", "en"),
    [
        (1250, "tỷ đồng", "1.250 tỷ đồng", "1.25 trillion dong"),
        (45, "tỷ đồng", "45 tỷ đồng", "45 billion dong"),
        (Decimal("512.3"), "nghìn tỷ đồng", "512,3 nghìn tỷ đồng", "512.3 trillion dong"),
        (Decimal("0.5"), "nghìn tỷ đồng", "0,5 nghìn tỷ đồng", "500 billion dong"),
        (650, "triệu đồng", "650 triệu đồng", "650 million dong"),
        (Decimal("2.34"), "triệu đồng", "2,34 triệu đồng", "2,340,000 dong"),
        (15, "nghìn đồng", "15 nghìn đồng", "15,000 dong"),
        (1250, "triệu USD", "1.250 triệu USD", "1.25 billion USD"),
        (Decimal("1.5"), "triệu USD", "1,5 triệu USD", "1.5 million USD"),
    ],
)
def test_an_amount_with_a_magnitude_in_its_unit_is_said_in_english_like_whole_dong(
    kind: FactKind, value: int | Decimal, unit: str, vi: str, en: str
) -> None:
    fact = Fact(id="budget", kind=kind, value=value, unit=unit, source="Nghị quyết")
    ask_said(fact, vi, en)


def test_a_very_large_amount_has_all_its_zeros() -> None:
    zeros = ".".join(["000"] * 7)
    assert words(Fact(id="a", kind=FactKind.NUMBER, value=Decimal("1e22"), unit="đồng", source="x"), "vi") == f"10.{zeros} đồng"
    assert words(Fact(id="a", kind=FactKind.MONEY, value=10**22, source="x"), "en") == "10,000,000,000 trillion dong"
    assert words(Fact(id="a", kind=FactKind.NUMBER, value=10**22 + 1, unit="đồng", source="x"), "vi").endswith(".001 đồng")
