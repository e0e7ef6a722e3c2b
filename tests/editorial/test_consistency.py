from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.consistency import Said, certify, examine, unsourced
from editorial.fact import Fact, FactKind, FactValue
from editorial.fact_guess import guessed_fact

FACTS = {
    fact.id: fact
    for fact in (
        Fact(id="wards", kind=FactKind.NUMBER, value=126, unit="xã, phường", unit_en="wards", source="Kế hoạch"),
        Fact(id="rivers", kind=FactKind.NUMBER, value=4, unit="sông nội đô", source="Kế hoạch"),
        Fact(id="rate", kind=FactKind.PERCENTAGE, value=Decimal("12.5"), source="Kế hoạch"),
        Fact(id="liberation", kind=FactKind.DATE, value=date(1954, 10, 10), source="Lịch sử"),
        Fact(id="resolution", kind=FactKind.DOCUMENT, value="02-NQ/TW", source="Kế hoạch"),
        Fact(id="ring", kind=FactKind.NAME, value="Vành đai 4", source="Kế hoạch"),
        Fact(id="budget", kind=FactKind.NUMBER, value=1250, unit="tỷ đồng", source="Kế hoạch"),
    )
}


def said(text: str, language: str = "vi") -> Said:
    return Said(channel="facebook", part="text", text=text, language=language)


@pytest.mark.parametrize(
    "text",
    [
        "126 xã, phường đã vào cuộc",
        "Phục hồi 04 sông nội đô, đạt 12,5%",
        "Kỷ niệm ngày 10/10/1954, ngày 10 tháng 10 và năm 1954",
        "Nghị quyết số 02-NQ/TW và đường Vành đai 4",
        "1.250 tỷ đồng cho Thủ đô",
        "Xem https://hanoi.gov.vn/2026/11 #HaNoi2026",
        "1. Mở trang\n2. Nhập mã",
        "Không có con số nào",
    ],
)
def test_what_a_fact_says_raises_nothing(text: str) -> None:
    assert unsourced(said(text), FACTS, "mot") == ()


@pytest.mark.parametrize(
    ("text", "rule", "figure"),
    [
        ("125 xã, phường", "wrong-figure", "125 xã"),
        ("đạt 13%", "wrong-figure", "13%"),
        ("ngày 11/10/1954", "wrong-date", "11/10/1954"),
        ("Nghị quyết số 03-NQ/TW", "wrong-figure", "03-NQ/TW"),
        ("1.251 tỷ đồng", "wrong-figure", "1.251 tỷ đồng"),
        ("1.250 triệu đồng", "unit", "1.250 triệu đồng"),
        ("hơn 1.126 xã", "wrong-figure", "1.126 xã"),
        ("từ năm 2019", "wrong-date", "2019"),
        ("126.5 wards", "wrong-figure", "126.5 wards"),
        ("126 trường học", "unit", "126 trường"),
        ("5.000 cây", "unsourced-figure", "5.000 cây"),
    ],
)
def test_a_figure_without_a_fact_is_named(text: str, rule: str, figure: str) -> None:
    (problem,) = unsourced(said(text), FACTS, "mot")
    assert problem.rule == rule
    assert f"“{figure}”" in problem.message


def test_a_required_fact_that_a_channel_leaves_out_is_missing() -> None:
    texts = [said("126 xã, phường"), Said(channel="zalo", part="text", text="Không có số")]
    certificate = certify(texts, FACTS, ["wards"], "mot")
    assert [(problem.rule, problem.channel) for problem in certificate.problems] == [("missing-fact", "zalo")]
    assert certificate.says == {"wards": {"facebook": "126 xã, phường"}}


def test_a_fact_shown_only_in_the_picture_counts() -> None:
    texts = [said("Không có số"), Said(channel="facebook", part="media anh", text="126")]
    assert certify(texts, FACTS, ["wards"], "mot").clean


@given(st.integers(min_value=5, max_value=999_999_999))
def test_any_other_number_is_caught(number: int) -> None:
    text = f"có {number:,} người".replace(",", ".")  # no fact speaks of people: even 126 is wrong here, of another unit
    assert {problem.rule for problem in unsourced(said(text), FACTS, "mot")} <= {"unsourced-figure", "unit"}
    assert unsourced(said(text), FACTS, "mot")


_PIECES = (
    *("tháng 11", "tháng ba", "năm 2026", "quý 3", "quý IV/2026", "10/10", "31/2/2026", "18-4", "8h30", "19 giờ ba mươi"),
    *("thứ Bảy", "126 xã", "hai phần ba", "1.250 tỷ đồng", "12,5%", "tăng", "giảm", "từ", "đến", "còn lại", "gọi 1022"),
    *("02-NQ/TW", "15/8 âm lịch", "Nhà hát Lớn", "Sở Văn hóa", "https://hanoi.gov.vn", "9 tháng đầu năm 2026", "(1/3)"),
    *("\n", ",", ".", " ", "0", "2026-2030"),
)
_VALUES = (
    *("tăng 8,5%", "7h30-9h00", "01/10/2026 - 15/10/2026", "15/8 âm lịch", "6 tháng đầu năm 2026", "quý IV/2026", "2026-2030"),
    *("Nhà hát Hồ Gươm", "02-NQ/TW", "1022", "https://hanoi.gov.vn/a", "2026-10-10", "08:30", "1.250 tỷ đồng", "", "0"),
    *(0, 126, 2026, -3, Decimal("12.5"), date(2026, 10, 10), date(1954, 10, 10)),
)


@given(
    st.lists(st.sampled_from(_PIECES), max_size=12),
    st.lists(st.sampled_from(_PIECES), max_size=8),
    st.lists(st.sampled_from(_VALUES), max_size=5),
    st.sampled_from((None, *FactKind)),
    st.sampled_from((None, date(2026, 9, 30))),
)
def test_no_mixture_of_facts_and_texts_breaks_the_check(
    pieces: list[str], others: list[str], values: list[FactValue], kind: FactKind | None, publish: date | None
) -> None:
    facts = [guessed_fact(f"tang_{number}", value, kind=kind) for number, value in enumerate(values)]
    texts = [
        Said(channel="facebook", part="text", text=" ".join(pieces)),
        Said(channel="facebook.en", part="text", text=" ".join(others), language="en"),
    ]
    found = examine(texts, facts, [fact.id for fact in facts], publish=publish).found
    assert all(one.channel in ("facebook", "facebook.en") for one in found)


@given(st.text(max_size=300))
def test_no_text_breaks_the_check(text: str) -> None:
    assert isinstance(unsourced(said(text), FACTS, "mot"), tuple)
