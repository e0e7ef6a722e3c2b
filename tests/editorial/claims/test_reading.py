"""What the check reads in a text, one way of writing at a time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editorial.claims.link import looks_like
from editorial.claims.name import NameIndex
from editorial.claims.number_words import spoken, vietnamese_value
from editorial.claims.reader import Claims, read

NO_NAMES = NameIndex(())
PIECES = (
    *("năm", "mươi", "tỷ", "phẩy", "thứ", "tháng", "ngày", "/", ".", ",", "-", "%", "h", "giờ"),
    *("km", "đồng", "gọi", "quý", "từ", "đến"),
    *("https://", "hanoi.gov.vn", "31/2/2026", "0", "²", "\n", "#", "million"),
)
ONES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def claims(text: str, language: str = "vi") -> Claims:
    return read(text, language, NO_NAMES)


def in_words(number: int) -> str:
    """Return a number under one million in Vietnamese words, as school teaches it."""
    if number >= 1000:
        rest = number % 1000
        tail = "" if not rest else " " + ("không trăm " if rest < 100 else "") + ("linh " if rest < 10 else "") + in_words(rest)
        return f"{in_words(number // 1000)} nghìn{tail}"
    if number >= 100:
        rest = number % 100
        return f"{ONES[number // 100]} trăm" + ("" if not rest else f" linh {ONES[rest]}" if rest < 10 else f" {in_words(rest)}")
    if number >= 20:
        one = {0: "", 1: " mốt", 4: " tư", 5: " lăm"}.get(number % 10, f" {ONES[number % 10]}")
        return f"{ONES[number // 10]} mươi{one}"
    if number >= 10:
        return "mười" + ("" if number == 10 else " lăm" if number == 15 else f" {ONES[number - 10]}")
    return ONES[number]


@given(st.integers(min_value=0, max_value=999_999))
def test_every_number_in_vietnamese_words_is_read_back(number: int) -> None:
    assert vietnamese_value(in_words(number)) == number


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("mười hai phẩy năm", "12.5"),
        ("tám phẩy không một", "8.01"),
        ("hai triệu rưỡi", "2500000"),
        ("một phẩy hai lăm nghìn tỷ", "1250000000000"),
        ("một nghìn hai trăm năm mươi tỷ", "1250000000000"),
        ("một trăm hai sáu", "126"),
        ("tám chục", "80"),
        ("một chín năm tư", "1954"),
    ],
)
def test_spoken_turns_are_understood(words: str, value: str) -> None:
    assert vietnamese_value(words) == Decimal(value)


def test_the_year_is_not_the_five() -> None:
    assert next(one.value for one in spoken("hai mươi năm", "vi")) == 20
    assert next(one.value for one in spoken("mười lăm năm", "vi")) == 15


@pytest.mark.parametrize(
    ("text", "language", "value", "dimension"),
    [
        ("1.250 tỷ đồng", "vi", 1_250_000_000_000, "dong"),
        ("1,25 nghìn tỷ đồng", "vi", 1_250_000_000_000, "dong"),
        ("1 tỷ 250 triệu đồng", "vi", 1_250_000_000, "dong"),
        ("1 250 000 đồng", "vi", 1_250_000, "dong"),
        ("15k/lượt", "vi", 15_000, "dong"),
        ("VND1,250 billion", "en", 1_250_000_000_000, "dong"),
        ("US$3.9 billion", "en", 3_900_000_000, "dollar"),
        ("30cm", "vi", 30, "length"),
        ("0,3 điểm %", "vi", Decimal("0.3"), "percentage point"),
        ("8.5m visitors", "en", 8_500_000, ""),
    ],
)
def test_figures_keep_their_magnitude_and_measure(text: str, language: str, value: int | Decimal, dimension: str) -> None:
    (figure,) = claims(text, language).figures
    assert (figure.value, figure.unit.dimension) == (value, dimension)


@pytest.mark.parametrize(
    "text",
    [
        "10/10/1954",
        "10-10-1954",
        "10.10.1954",
        "ngày 10 tháng 10 năm 1954",
        "ngày mười tháng mười năm một chín năm tư",
        "1954-10-10",
    ],
)
def test_one_day_in_many_ways(text: str) -> None:
    (when,) = claims(f"Từ {text} đến nay" if text[0] != "n" else text).whens
    assert when.date == date(1954, 10, 10)


@pytest.mark.parametrize("text", ["10 October 1954", "October 10, 1954", "10th of October, 1954", "Oct. 10th 1954"])
def test_one_day_in_english(text: str) -> None:
    (when,) = claims(f"It began on {text}.", "en").whens
    assert when.date == date(1954, 10, 10)


@pytest.mark.parametrize("text", ["8h30", "8 giờ 30", "08:30", "8g30", "8 giờ rưỡi", "tám giờ ba mươi phút", "8h30 sáng"])
def test_one_time_in_many_ways(text: str) -> None:
    (hour,) = claims(f"Bắt đầu lúc {text}.").hours
    assert hour.minutes == 8 * 60 + 30


def test_a_duration_is_no_time_of_day() -> None:
    assert claims("kéo dài trong 8 giờ").hours == ()


@pytest.mark.parametrize(
    "text",
    [
        "Đường Vành đai 4, quốc lộ 1A, tuyến metro số 3, ngõ 132/45",
        "1. Mở trang\n2. Nhập mã\n3️⃣ Xong",
        "#HaNoi2026 @kenh24h",
        "mạng 5G, COVID-19, cách mạng 4.0, 24/7",
        "Một số bà con, hai bên đường, năm nay, ba miền",
    ],
)
def test_ordinary_numbers_state_nothing(text: str) -> None:
    found = claims(text)
    assert [figure for figure in found.figures if not figure.simple] == []
    assert (found.whens, found.hours, found.phones, found.documents) == ((), (), (), ())


@pytest.mark.parametrize(
    "host",
    [
        "hanoi-gov.vn",
        "hanoii.gov.vn",
        "hanoi.gov.vn.example.com",
        "hanоi.gov.vn",
        "xn--hani-0xa.gov.vn",
        "hanoi.g0v.vn",
        "hanoi.com.vn",
    ],
)
def test_a_host_that_only_looks_like_ours_is_known(host: str) -> None:
    assert looks_like(host, "hanoi.gov.vn")


@pytest.mark.parametrize("host", ["hanoi.gov.vn", "sxd.hanoi.gov.vn", "chinhphu.vn", "haiphong.gov.vn", "vnexpress.net"])
def test_our_own_and_other_peoples_hosts_are_left_alone(host: str) -> None:
    assert not looks_like(host, "hanoi.gov.vn")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.integers(min_value=0, max_value=10**13).map(str),
            st.sampled_from(PIECES),
        ),
        max_size=30,
    ),
    st.sampled_from(["vi", "en"]),
)
def test_no_text_breaks_the_reading(parts: list[str], language: str) -> None:
    names = NameIndex([("a", "Hồ Tây"), ("b", "Vành đai 4"), ("c", "iHanoi")])
    for text in (" ".join(parts), "".join(parts)):
        found = read(text, language, names)
        assert all(0 <= figure.start < figure.stop <= len(found.wording.text) for figure in found.figures)
