"""Right words that were once told as wrong, and wrong ones that were once let be, each with its facts as a case file has them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from editorial.consistency import Said, examine
from editorial.fact import Fact, FactKind
from editorial.fact_guess import guessed_fact

PUBLISH = date(2026, 6, 10)
PAY = {"low": (8_500_000, None, "money"), "high": (25_000_000, None, "money")}
TIMES = {"start": ("18:00", None, "time"), "end": ("20:00", None, "time")}
FEES = {"fee_bike": (10_000, None, "money"), "fee_car": (50_000, None, "money")}


def facts_of(given: dict[str, Any]) -> list[Fact]:
    """Return the facts of `name: value`, or `name: (value, unit, kind)`."""
    made = []
    for name, one in given.items():
        value, unit, kind = one if isinstance(one, tuple) else (one, None, None)
        made.append(guessed_fact(name, value, unit=unit, kind=FactKind(kind) if kind else None))
    return made


def kinds(texts: str | tuple[str, ...], facts: dict[str, Any], language: str = "vi", required: tuple[str, ...] = ()) -> list[str]:
    said = [
        Said(channel=f"c{number}", part="text", text=text, language=language)
        for number, text in enumerate((texts,) if isinstance(texts, str) else texts)
    ]
    return [one.finding.kind.value for one in examine(said, facts_of(facts), required, publish=PUBLISH).found]


@pytest.mark.parametrize(
    ("text", "language", "facts"),
    [
        ("Bé đã tiêm mũi 2 chưa?", "vi", {}),
        ("Đọc tiếp trong 3 phút.", "vi", {}),
        ("Q&A in 2 minutes below.", "en", {}),
        ("Bấm nút là có hàng: 2 bước là xong.", "vi", {}),
        ("FAQ: 5 câu hỏi bố mẹ hay gặp.", "vi", {}),
        ("Phân rác làm 3 loại: hữu cơ, tái chế, còn lại.", "vi", {}),
        ("Chỉ 3 bước: đăng nhập - chọn tờ khai - ký.", "vi", {}),
        ("Đọc “1984”, “Hai vạn dặm dưới đáy biển” hay “Totto-chan”?", "vi", {}),
        ("Lương 8,5 - 25 triệu đồng một tháng.", "vi", PAY),
        ("Pay from 8.5 to 25 million dong.", "en", PAY),
        ("Xe rác đến từ 6 đến 8 giờ tối.", "vi", TIMES),
        ("Put your bins out between 6 and 8 p.m.", "en", TIMES),
        ("Từ 9 đến 5 giờ chiều.", "vi", {"start": ("09:00", None, "time"), "end": ("17:00", None, "time")}),
        ("Cấm xe đến 0 giờ 30.", "vi", {"end": ("00:30", None, "time")}),
        ("Gần 1/4 số lượt mượn là sách thiếu nhi.", "vi", {"share": (23.4, None, "percentage")}),
        ("Gần 1/4: đó là mức tăng.", "vi", {"share": (23.4, None, "percentage")}),
        ("Trên 1/3 (36%) là rác tái chế được.", "vi", {"share": (36, None, "percentage")}),
        ("Cùng diễn tập trong ba phần tư giờ.", "vi", {"lasting": (45, "phút", None)}),
        ("It lasts three quarters of an hour.", "en", {"lasting": (45, "phút", None)}),
        ("Trồng cây trong 5 năm 2026-2030.", "vi", {"by": ("2026-2030", None, "period")}),
        ("Một năm rưỡi rồi mới đông vui như vậy.", "vi", {"months": (18, "tháng", None)}),
        ("Thẻ thư viện 40.000 đồng.", "vi", {"lib": ("Thư viện Hà Nội", None, "name"), "card": (40_000, None, "money")}),
    ],
)
def test_what_is_right_and_said_otherwise_raises_nothing(text: str, language: str, facts: dict[str, Any]) -> None:
    assert kinds(text, {"opening": date(2026, 7, 1), **facts}, language) == []


def test_a_document_number_at_the_head_of_a_line_is_no_list_numbering() -> None:
    order = {"order": ("14/CĐ-UBND", None, "document")}
    assert kinds("14/CĐ-UBND: bà con ven sông di dời.", order, required=("order",)) == []
    assert kinds("41/CĐ-UBND: bà con ven sông di dời.", order) == ["wrong-figure"]
    assert kinds("1/Metro chạy suốt đêm.\n2/Xe buýt cũng vậy.", order) == []


def test_a_drill_on_a_day_is_no_part_of_a_series() -> None:
    assert kinds("Diễn tập 8/7 tại tòa nhà.", {"day": date(2026, 7, 8)}, required=("day",)) == []
    assert kinds("Diễn tập 9/7 tại tòa nhà.", {"day": date(2026, 7, 8)}) == ["wrong-date"]


def test_every_day_of_a_list_is_read() -> None:
    days = {"from": date(2026, 7, 1), "to": date(2026, 7, 3)}
    assert kinds("Đăng ký trong các ngày 1, 2 và 3/7/2026.", days, required=("from", "to")) == []
    assert "wrong-date" in kinds("Đăng ký trong các ngày 4, 5 và 6/7/2026.", days)


def test_a_wrong_share_or_hour_is_still_wrong() -> None:
    assert kinds("Hơn 1/2 là rác tái chế được.", {"share": (36, None, "percentage")}) == ["wrong-figure"]
    assert kinds("Xe rác đến từ 5 đến 8 giờ tối.", TIMES) == ["wrong-date"]
    assert kinds("Lương 9,5 - 25 triệu đồng.", PAY) == ["wrong-figure"]
    assert kinds("Phân rác làm 4 loại: hữu cơ, tái chế, còn lại.", {}) == ["unsourced-figure"]


def test_amounts_of_whole_dong_that_changed_places_are_found() -> None:
    assert kinds("Xe máy 10.000 đồng, ô tô 50.000 đồng.", FEES) == []
    assert kinds("Ô tô 10.000 đồng, xe máy 50.000 đồng.", FEES) == ["wrong-figure", "wrong-figure"]


def test_two_days_exchanged_are_found_though_another_text_uses_other_words() -> None:
    texts = (
        "Nhận hồ sơ ngày 5/11/2026, trả kết quả ngày 12/11/2026.",
        "Nộp 5/11, nhận 12/11. Nhanh gọn!",
        "Nhận hồ sơ ngày 12/11/2026, trả kết quả ngày 5/11/2026.",
    )
    days = {"d1": date(2026, 11, 5), "d2": date(2026, 11, 12)}
    assert kinds(texts[:2], days) == []
    assert kinds(texts, days) == ["wrong-date", "wrong-date"]


def test_a_number_that_nobody_would_write_for_the_fact_is_called_unsourced() -> None:
    trees, candidates = {"trees": (1_250_000, "cây", None)}, {"candidates": (124_300, "thí sinh", None)}
    assert kinds("Trồng 1,25 triệu cây, cắt tỉa 46.000 cây.", trees) == ["unsourced-figure"]
    assert kinds("Trồng 1,25 triệu cây, trong đó 1,52 triệu cây bóng mát.", trees) == ["wrong-figure"]
    assert kinds("Kỳ thi có 5.180 phòng thi.", candidates) == ["unsourced-figure"]  # thi is not thí
    assert kinds("Kỳ thi có 123.400 thí sinh.", candidates) == ["wrong-figure"]
    assert kinds("Ky thi co 123.400 thi sinh.", candidates) == ["wrong-figure"]


def test_few_things_with_an_adjective_are_counted_in_english() -> None:
    trucks = {"trucks": (9, "xe bồn", None)}
    assert kinds("Six water trucks will serve the ward.", trucks, "en") == ["wrong-figure"]
    assert kinds("Nine water trucks will serve the ward.", trucks, "en") == []


SPAN = {"from": date(2026, 7, 24), "to": date(2026, 7, 26)}
NIGHT = {"start": ("20:30", None, "time"), "end": ("21:30", None, "time")}


@pytest.mark.parametrize(
    ("text", "facts", "required"),
    [
        ("Lấy số ở quầy 6, chị Lan làm ở chuyền 9.", {}, ()),
        ("Thi công 3 ca, 4 kíp. Biển phụ 505 ghi rõ giờ.", {}, ()),
        ("Góp ý xin gửi 1022. Báo cháy: 114, cấp cứu gọi 113, 114 hoặc 115.", {}, ()),
        ("Đầu số lạ +84 hoặc số nước ngoài đều đáng ngờ.", {}, ()),
        ("Cự ly 5K, 10K, 21K và 42K.", {}, ()),
        ("Kiểm kê theo ISO 14064. Công nghệ 4.0 mà vẫn thân tình.", {}, ()),
        ("Đếm ngược nào: 3, 2, 1...", {}, ()),
        ("Ảnh đời sống những năm 80 thế kỷ 20.", {}, ()),
        ("Gặp tác giả “Tuổi 20 tôi đã sống như thế”.", {}, ()),
        ("Từ số nhà 2 đến 118 đường Lê Duẩn.", {}, ()),
        ("Bà con Phường 5, khu phố 8 đến trạm gần nhất.", {}, ()),
        ("Từ thứ Sáu 24/7 đến Chủ nhật 26/7, tổng đài trực 24/7.", SPAN, ("from", "to")),
        ("24.07 → 26.07", SPAN, ("from", "to")),
        ("Mở cửa 3 ngày, từ 24/7 đến 26/7.", SPAN, ("from", "to")),
        ("Tắt đèn 60 phút, từ 20h30 đến 21h30.", NIGHT, ("start", "end")),
        ("Tòa nhà 8 tầng sơn trắng.", {"floors": (8, "tầng", None)}, ("floors",)),
        ("Bão số sáu đang vào gần bờ.", {"storm": ("bão số 6", None, "name")}, ("storm",)),
        ("Giảm một nửa giá vé.", {"cut": (50, "%", None)}, ("cut",)),
        (
            "Ngày hai mươi tháng mười một, một nghìn giọng ca cùng hát.",
            {"day": date(2026, 11, 20), "voices": (1000, "giọng ca", None)},
            ("day", "voices"),
        ),
    ],
)
def test_labels_and_spans_of_facts_raise_nothing(text: str, facts: dict[str, Any], required: tuple[str, ...]) -> None:
    assert kinds(text, facts, required=required) == []


def test_what_looks_like_them_and_is_wrong_is_still_found() -> None:
    assert kinds("Mở cửa 5 ngày, từ 24/7 đến 26/7.", SPAN) == ["unsourced-figure"]
    assert kinds("Mở cửa 3 ngày, từ 24/7 đến 26/7.", {**SPAN, "days": (2, "ngày", None)}) == ["wrong-figure"]
    assert kinds("Gọi 1022 để đặt lịch.", {"desk": ("1900 1009", None, "phone")}) == ["wrong-figure"]
    assert kinds("Gọi 1900 1009 hoặc 1022.", {"desk": ("1900 1009", None, "phone")}) == []
    assert kinds("Cứu được 115 người.", {}) == ["unsourced-figure"]
    assert kinds("Khách đạt 97.", {}) == ["unsourced-figure"]
    assert kinds("Bão số bảy đang vào gần bờ.", {"storm": ("bão số 6", None, "name")}) == ["wrong-name"]
    deadline = {"deadline": date(2026, 12, 15)}
    assert kinds("Hạn 15/12/2026. Thi ngày 9/1/2027.", deadline) == ["unsourced-figure"]
    assert kinds("Hạn 15/12/2026. Nhận hồ sơ đến 25/12/2026.", deadline) == ["wrong-date"]


def test_building_twelve_schools_names_no_building() -> None:
    assert kinds("The city is building 12 kindergartens.", {"schools": (12, "trường mầm non", None)}, "en", ("schools",)) == []


@pytest.mark.parametrize(
    ("text", "language", "facts", "required"),
    [
        ("Gallery 4 is closed; board at tower 3 or door 9, carriage 5.", "en", {}, ()),
        ("Mật khẩu wifi thường là... 12345678.", "vi", {}, ()),
        ("Thắng kịch tính: 21–19, 18–21, 22–20. Đội bỏ cuộc bị xử thua 0-3.", "vi", {}, ()),
        ("Đếm ngược 10, 9, 8... nào!", "vi", {}, ()),
        ("Bạn Gia Bảo lớp 5/2 ở hẻm 12/8 về nhất.", "vi", {}, ()),
        ("Pace 5:30 hay 8:00 đều vui.", "vi", {"start": ("22:00", None, "time")}, ()),
        ("Bé mới 5 tuổi rưỡi.", "vi", {"age": (5.5, "tuổi", None)}, ("age",)),
        ("Làn 4 dành cho kỷ lục gia nhí, bài tập 2 trang 37.", "vi", {}, ()),
        ("Yêu cầu 7.5 IELTS.", "vi", {"score": (7.5, "IELTS", None)}, ("score",)),
        ("Bốn mươi bốn nghìn đồng một tháng một hộ.", "vi", {"fee": (44_000, "đồng/tháng", "money")}, ("fee",)),
        ("Thứ bảy, hai mươi sáu tháng chín, cả xóm ra quân.", "vi", {"day": date(2026, 9, 26)}, ("day",)),
        ("Gọi số không hai ba sáu, ba sáu sáu sáu, bảy bảy bảy.", "vi", {"desk": ("0236 3666 777", None, "phone")}, ("desk",)),
        ("21:00 – Khai màn\n00:00 – Pháo hoa", "vi", {"a": ("21:00", None, "time"), "b": ("00:00", None, "time")}, ("a", "b")),
    ],
)
def test_labels_scores_and_programmes_raise_nothing(
    text: str, language: str, facts: dict[str, Any], required: tuple[str, ...]
) -> None:
    assert kinds(text, facts, language, required) == []


def test_a_measure_after_a_noun_that_is_often_numbered_is_read() -> None:
    minutes = {"minutes": (90, "phút", None)}
    assert kinds("Môn Toán làm bài 90 phút.", minutes, required=("minutes",)) == []
    assert kinds("Môn Toán làm bài 90 giây.", minutes, required=("minutes",)) == ["unit"]
    assert kinds("The fair has 150 kinds of cakes.", {"cakes": (115, "loại bánh", None)}, "en") == ["wrong-figure"]
    assert kinds("The number of guests reached 97.", {}, "en") == ["unsourced-figure"]
    assert kinds("Gọi số không hai ba sáu, ba sáu sáu sáu, bảy bảy tám.", {"desk": ("0236 3666 777", None, "phone")}) == [
        "wrong-figure"
    ]


OPENING = {"opening": date(2026, 7, 1)}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sạt lở ở km 23+400, Km 12 quốc lộ 14B cấm xe.", "vi"),
        ("Gói “Ở 3 trả 2”, mua 2 tặng 1.", "vi"),
        ("Phim “12 người đàn bà” chiếu ở sạp 14 chợ quê.", "vi"),
        ("Cổng check-in 1 đến 40 mở cả ngày.", "vi"),
        ("Quân về Quân khu 5 và Vùng 3 Hải quân.", "vi"),
        ("Phương châm “4 tại chỗ”, quy tắc 5 chữ K.", "vi"),
        ("Khách sạn 5 sao, taxi 4 chỗ, xe 2 bánh.", "vi"),
        ("Bà Lê Thị Hoa, 62 tuổi, chờ con đường này lâu rồi.", "vi"),
        ("Theo Bộ luật Dân sự 2015 và Luật Đất đai năm 2024.", "vi"),
        ("Khai mạc 1/7. Dịp lễ 30/4 - 1/5 và rằm tháng Bảy vẫn mở cửa.", "vi"),
        ("Khai mạc 1/7. So với năm 2025 thì đông hơn; ngày mai 11/6 vẫn mưa.", "vi"),
        ("Khai mạc 1/7. Ảnh về Hiệp định Paris 1973 và thời trước năm 1975.", "vi"),
        ("Biển số 43A-123.45, nhà ở 54/12 Lê Lợi, P. 4.", "vi"),
        ("Mở cả 7 ngày trong tuần, nội dung 100m rào.", "vi"),
        ("A 5-star hotel, a 20-minute walk away, open 24 hours, 7 days a week.", "en"),
    ],
)
def test_offers_titles_slogans_and_feasts_raise_nothing(text: str, language: str) -> None:
    assert kinds(text, OPENING, language) == []


@pytest.mark.parametrize(
    "text",
    ["Kênh thông tin: 168.", "(18) Chợ Đồng Xuân mở lại.", "Wifi miễn phí – 505 – hỏi bảo vệ.", "Bus or metro: 7 or 9."],
)
def test_a_bare_number_after_no_word_at_all_raises_nothing(text: str) -> None:
    assert kinds(text, {"wards": (126, "phường", None)}, language="en" if text.startswith("Bus") else "vi") == []


def test_another_ward_stands_in_the_place_of_the_one_that_other_channels_name() -> None:
    ward = {"where": ("phường Bạch Mai", None, "place")}
    assert kinds(("Mất nước tại phường Hoàng Mai.", "Mất nước tại phường Bạch Mai."), ward) == ["wrong-name"]
    assert kinds("Mất nước tại phường Hoàng Mai.", ward) == []  # nobody says that this message is about Bạch Mai
    assert kinds(("Sau phường Hoàng Mai là phường Bạch Mai.", "Mất nước tại phường Bạch Mai."), ward) == []
    assert kinds(("Các phường Cửa Nam, phường Hoàng Mai và phường Láng.", "Tại phường Bạch Mai."), ward) == []


@pytest.mark.parametrize("when", ["7 giờ 30, ngày 5/12", "7 giờ 30, 5/12/2026", "7 giờ 30, ngày 5 tháng 12"])
def test_the_minutes_of_an_hour_are_no_day_of_a_list(when: str) -> None:
    facts = {"day": ("2026-12-05", None, "date"), "hour": ("07:30", None, "time")}
    assert kinds(f"Xuất phát: {when}.", facts) == []
    assert kinds("Mở cửa 30 và 31/12/2026.", {"day": ("2026-12-31", None, "date")}) == ["wrong-date"]


def test_a_number_in_words_in_another_unit_is_a_wrong_unit() -> None:
    assert kinds("Thu gom bảy nghìn năm trăm tạ rác mỗi ngày.", {"waste": (7500, "tấn", None)}) == ["unit"]


def test_a_numbered_place_is_no_slip_of_a_fact_with_nearly_its_digits() -> None:
    assert kinds("Take bus 86 and get off at stop 12.", {"wards": (126, "phường", None)}, language="en") == []


def test_a_bare_number_that_a_word_has_count_is_still_unsourced() -> None:
    assert kinds("Số người dự đạt 812.", {"wards": (126, "phường", None)}) == ["unsourced-figure"]
    assert kinds("60 of the pupils came.", {"wards": (126, "phường", None)}, language="en") == ["unsourced-figure"]


def test_a_day_drawn_in_a_picture_is_read() -> None:
    assert kinds("20 · 10\nTẶNG MẸ", {"day": date(2026, 10, 20)}, required=("day",)) == []
    assert kinds("21 · 10\nTẶNG MẸ", {"day": date(2026, 10, 20)}) == ["wrong-date"]


def test_a_feast_where_the_day_of_a_fact_belongs_is_wrong() -> None:
    assert kinds("Khai mạc dịp lễ 30/4.", OPENING) == ["wrong-date"]
    assert kinds("Ngày mai 11/6 khai mạc.", OPENING) == ["wrong-date"]
    assert kinds("Mô hình có 5 hộ tham gia.", {}) == ["unsourced-figure"]
    assert kinds("Cây cầu 62 tuổi.", {}) == ["unsourced-figure"]
