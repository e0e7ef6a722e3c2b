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
        ("hai triệu sáu", "2600000"),
        ("một trăm hai", "120"),
        ("nửa triệu", "500000"),
        ("chín hai phẩy năm", "92.5"),
    ],
)
def test_spoken_turns_are_understood(words: str, value: str) -> None:
    assert vietnamese_value(words) == Decimal(value)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("half a million", "500000"),
        ("a quarter of a million", "250000"),
        ("eight and a half million", "8500000"),
        ("a million and a half", "1500000"),
        ("a dozen", "12"),
        ("two dozen", "24"),
        ("half a dozen", "6"),
        ("twenty-five hundred", "2500"),
    ],
)
def test_english_words_are_one_number_to_their_end(words: str, value: str) -> None:
    (number,) = spoken(f"{words} people", "en")
    assert (number.value, number.stop) == (Decimal(value), len(words))


def test_for_one_is_no_part_of_the_number() -> None:
    price, one = spoken("hai lăm nghìn một lượt", "vi")
    assert (price.value, one.value) == (25_000, 1)


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
        ("cao 1m65", "vi", Decimal("1.65"), "length"),
        ("3tr5 mỗi suất", "vi", 3_500_000, "dong"),
        ("tọa đàm 1 giờ 30 phút", "vi", Decimal("1.5"), "clock"),
        ("an hour and a half", "en", Decimal("1.5"), "clock"),
        ("eleven and a half kilometres", "en", Decimal("11.5"), "length"),
        ("cứ 4 hồ sơ thì có 3 hồ sơ xong sớm", "vi", 75, "percent"),
        ("three in four applications", "en", 75, "percent"),
        ("40 ki-lô-mét một giờ", "vi", 40, "speed"),
        ("people aged eighty and over", "en", 80, "age"),
        ("visits have tripled", "en", 3, "fold"),
        ("open twice a week", "en", 2, "fold"),
        ("25 ngàn thôi cả nhà ơi", "vi", 25_000, ""),
        ("the 81st National Day", "en", 81, "months"),
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


@pytest.mark.parametrize(
    ("text", "language", "time"),
    [
        ("8 giờ kém 15", "vi", (7, 45)),
        ("12 noon", "en", (12, 0)),
        ("until midnight", "en", (0, 0)),
        ("half past five in the afternoon", "en", (17, 30)),
        ("a quarter to eight a.m.", "en", (7, 45)),
    ],
)
def test_a_time_in_words_is_a_time(text: str, language: str, time: tuple[int, int]) -> None:
    (hour,) = claims(f"{text}, {text}", language).hours[:1]
    assert divmod(hour.minutes, 60) == time


@pytest.mark.parametrize(
    ("text", "below"),
    [("-3 °C", True), ("âm 3 độ C", True), ("3 độ dưới 0", True), ("3 °C", False), ("12-19 °C", False)],
)
def test_a_temperature_below_zero_is_told_from_one_above(text: str, below: bool) -> None:
    assert claims(f"xuống {text}").figures[-2 if "dưới" in text else -1].below is below


def test_a_document_of_the_centre_is_written_two_ways() -> None:
    (one,), (other,) = claims("Nghị quyết 80-NQ/TƯ").documents, claims("Nghị quyết 80-NQ/TW").documents
    assert (one.number, one.kind) == (other.number, other.kind)


@pytest.mark.parametrize("number", ["(84-24) 3825 3536", "(+84) 24 3825 3536", "(+84 24) 3825 3536"])
def test_a_telephone_number_from_abroad_is_the_same_number(number: str) -> None:
    assert [phone.digits for phone in claims(f"Tel. {number}", "en").phones] == ["02438253536"]


def test_a_month_of_paying_is_no_month_of_the_year() -> None:
    found = claims("Mỗi tháng 2 triệu đồng, vé tháng 200 nghìn đồng")
    assert (found.whens, [int(figure.value) for figure in found.figures]) == ((), [2_000_000, 200_000])


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
        "Đếm ngược 5, 4, 3, 2, 1 rồi 3-2-1",
        "Xem tới phút 3:15, mời 3 người bạn, 10 điểm không có nhưng",
        "(1/4) Chuyện phố cổ",
        "Mực nước trên báo động 2, tại ngôi nhà 87 Mã Mây",
        "Một tá lý do, nửa tiếng, nửa năm qua",
        "Gió mạnh cấp 11, giật cấp 13",
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
