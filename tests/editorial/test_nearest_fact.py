"""The fact named beside a mistake is the one that was meant: of its kind, nearest in name and value, the message's own first."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from editorial.consistency import Said, examine
from editorial.fact import Fact, FactKind, FactValue


def facts(kind: FactKind, unit: str | None = None, /, **values: FactValue) -> list[Fact]:
    return [Fact(id=name, kind=kind, value=value, unit=unit, source="Kế hoạch") for name, value in values.items()]


def named(text: str, known: list[Fact], *, own: tuple[str, ...] | None = None) -> str | None:
    (found,) = examine([Said(channel="facebook", part="text", text=text)], known, own=own).found
    return found.finding.fact


DAYS = facts(
    FactKind.DATE,
    dang_ky=date(2026, 11, 2),
    khai_mac=date(2026, 11, 8),
    be_mac=date(2026, 11, 15),
    tong_ket=date(2026, 12, 20),
)
HOURS = facts(FactKind.TIME, mo_cua=time(7, 30), khai_mac=time(19), ket_thuc=time(22))
SHARES = facts(FactKind.PERCENTAGE, hai_long=Decimal("91.2"), truc_tuyen=Decimal("83.5"), dung_han=97)
PHONES = facts(FactKind.PHONE, hotline="1900 1022", cap_cuu="115")
DECISIONS = facts(FactKind.DOCUMENT, nghi_quyet="80-NQ/TW", quyet_dinh="1234/QĐ-UBND", quyet_dinh_sau="2468/QĐ-UBND")
PAGES = facts(FactKind.LINK, tuyen_sinh="https://hanoi.gov.vn/tuyen-sinh", thu_tuc="https://hanoi.gov.vn/thu-tuc")


@pytest.mark.parametrize(
    ("text", "known", "fact"),
    [
        ("Khai mạc ngày 9/11/2026.", DAYS, "khai_mac"),
        ("Kết thúc vào 16/11/2026.", DAYS, "be_mac"),
        ("Tổng kết ngày 20/11/2026", DAYS, "tong_ket"),
        ("Bắt đầu lúc 20 giờ", HOURS, "khai_mac"),
        ("Vào cổng lúc 8h00", HOURS, "mo_cua"),
        ("Đến 21h30 thì đóng cửa", HOURS, "ket_thuc"),
        ("Tỷ lệ hài lòng 90,4%", SHARES, "hai_long"),
        ("Hồ sơ trực tuyến đạt 85%", SHARES, "truc_tuyen"),
        ("Gọi 1900 1023", PHONES, "hotline"),
        ("Gọi 116", PHONES, "cap_cuu"),
        ("Quyết định 2469/QĐ-UBND", DECISIONS, "quyet_dinh_sau"),
        ("Xem https://hanoi.gov.vn/thu-tucs", PAGES, "thu_tuc"),
    ],
)
def test_the_nearest_fact_is_named(text: str, known: list[Fact], fact: str) -> None:
    assert named(text, known) == fact


LEDGER = [
    *facts(FactKind.NUMBER, "năm", ngay_thanh_lap_80=80, giai_phong=72),
    *facts(FactKind.DATE, le_hoi=date(1954, 10, 12), giai_phong_thu_do=date(1954, 10, 10)),
]


@pytest.mark.parametrize(
    ("text", "own", "fact"),
    [
        ("Kỷ niệm 79 năm", "giai_phong", "giai_phong"),  # nearer to the other fact, which the message never quotes
        ("Ngày 11/10/1954", "giai_phong_thu_do", "giai_phong_thu_do"),
        ("Ngày 11/10/1954", "le_hoi", "le_hoi"),
    ],
)
def test_a_fact_of_the_message_is_meant_before_another_of_the_ledger(text: str, own: str, fact: str) -> None:
    assert named(text, LEDGER, own=(own,)) == fact


@pytest.mark.parametrize(
    ("text", "ledger"),
    [
        ("Có 35 trường học", facts(FactKind.NUMBER, "xã", wards=75)),
        ("Gọi 1023", facts(FactKind.PHONE, cuu_nan="112")),
        ("Ngày 3/5/1975", facts(FactKind.DATE, khai_mac=date(2026, 11, 8))),
    ],
)
def test_what_is_like_no_fact_of_the_ledger_contradicts_none(text: str, ledger: list[Fact]) -> None:
    assert named(text, ledger, own=()) is None


def test_a_weekday_is_not_held_against_days_that_the_message_is_not_about() -> None:
    said = [Said(channel="facebook", part="text", text="Hẹn gặp vào tối Chủ nhật này")]
    assert examine(said, DAYS, publish=date(2026, 12, 18), own=()).found == ()
    assert examine(said, DAYS[:1], publish=date(2026, 10, 30), own=("dang_ky",)).found != ()


STALLS = facts(FactKind.NUMBER, "gian hàng", stalls=72)
CHANCE = [*facts(FactKind.NUMBER, "năm", city_years=27), *facts(FactKind.PERCENTAGE, coverage=100)]


@pytest.mark.parametrize("text", ["Có 27 gian hàng.", "Có một trăm gian hàng."])
def test_an_unrelated_fact_that_has_the_number_by_chance_is_not_named(text: str) -> None:
    assert named(text, [*CHANCE, *STALLS], own=("stalls",)) == "stalls"


@pytest.mark.parametrize(
    ("text", "fact"),
    [("Khánh thành ngày 2/9/2026.", "quoc_khanh"), ("Khánh thành ngày 10/10.", "digital_day"), ("Đã có 27 năm.", "city_years")],
)
def test_what_only_another_message_says_is_told_as_borrowed(text: str, fact: str) -> None:
    days = facts(FactKind.DATE, opening=date(2026, 11, 5), quoc_khanh=date(2026, 9, 2), digital_day=date(2026, 10, 10))
    known = [*days, *CHANCE]
    assert named(text, known, own=("opening",)) == fact
    assert examine([Said(channel="facebook", part="text", text=text)], known, own=("opening", fact)).found == ()


@pytest.mark.parametrize("text", ["Một người đến sớm.", "Xem hanoi.gov.vn.", "Năm 2026 là năm tốt."])
def test_a_year_one_person_and_the_office_itself_are_not_borrowed(text: str) -> None:
    known = [*facts(FactKind.NUMBER, "người", spokesperson=1), *facts(FactKind.LINK, portal="https://hanoi.gov.vn/"),
             *facts(FactKind.DATE, day=date(2026, 9, 2))]  # fmt: skip
    assert examine([Said(channel="facebook", part="text", text=text)], known, own=()).found == ()


def test_another_page_of_a_site_is_not_excused_by_the_site_alone_where_the_message_has_its_own_page() -> None:
    known = facts(FactKind.LINK, portal="https://hanoi.gov.vn/", festival="https://hanoi.gov.vn/le-hoi")
    for text in ("Xem https://hanoi.gov.vn/sai-duong-dan.", "Xem hanoi.gov.vn/le-h0i."):
        assert named(text, known, own=("festival",)) == "festival"
        assert examine([Said(channel="facebook", part="text", text=text)], known, own=("portal",)).found == ()
    right = Said(channel="facebook", part="text", text="Xem hanoi.gov.vn/le-hoi, hanoi.gov.vn.")
    assert examine([right], known, own=("festival",)).found == ()


def test_a_decade_is_no_figure() -> None:
    known = facts(FactKind.NUMBER, "năm", constitution_years=80)
    assert examine([Said(channel="facebook", part="text", text="Từ thế kỷ 21, thập niên 90 đã xa.")], known).found == ()


@pytest.mark.parametrize("address", ["https://hanoi.gov.vn:8443/le-hoi", "https://hanoi.gov.vn/LE-HOI"])
def test_another_port_or_another_case_is_another_address(address: str) -> None:
    known = facts(FactKind.LINK, festival="https://hanoi.gov.vn/le-hoi")
    assert named(f"Xem {address} nhé.", known) == "festival"
