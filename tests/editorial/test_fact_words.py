from __future__ import annotations

import pytest

from editorial.consistency import Said, certify
from editorial.fact import Fact, FactKind
from editorial.fact_words import unit_words, value_words, words


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
    assert (words(fact, "vi"), words(fact, "en")) == (vi, en)
    assert f"{value_words(fact, 'en')} {unit_words(fact, 'en')}" == en
    said = [
        Said(channel="portal", part="text", text=f"Tổng kinh phí là {vi}."),
        Said(channel="en", part="text", text=f"It costs {en}.", language="en"),
    ]
    assert certify(said, {"budget": fact}, ["budget"], "mot").problems == ()


def test_an_amount_with_a_unit_of_its_own_stays_as_written() -> None:
    fact = Fact(id="budget", kind=FactKind.MONEY, value=1250, unit="tỷ đồng", unit_en="billion dong", source="Nghị quyết")
    assert (words(fact, "vi"), words(fact, "en")) == ("1.250 tỷ đồng", "1,250 billion dong")
