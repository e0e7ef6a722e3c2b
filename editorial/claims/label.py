"""Numbers that are labels: in Vietnamese a bare number after a noun says which one, not how many: quầy 6, chuyền 9."""

from __future__ import annotations

import re

from editorial.claims.figure import Approximation, Figure

_MOST = 1000  # what is numbered in a city has fewer: counters, teams, signs
_NOUN_BEFORE = re.compile(r"(?:^|[\s(“\"/,])(?P<noun>[^\W\d_]+) $")
_COUNTING = frozenset({  # words after which a number says how many, how much or when
    "là", "đạt", "có", "được", "gồm", "còn", "lên", "xuống", "đến", "tới", "từ", "hơn", "gần", "khoảng", "chỉ", "thêm",
    "tăng", "giảm", "với", "trên", "dưới", "quá", "vượt", "thành", "cả", "đủ", "hết", "mất", "trao", "tặng", "nhận",
    "cho", "trong", "tại", "ở", "và", "hoặc", "cứ", "mỗi", "cộng", "trừ", "bằng", "thắng", "thua", "hòa", "hoà", "khi",
    "bởi", "về", "đã", "sẽ", "đang", "bớt", "tổng", "cùng", "mở", "xây", "lắp", "trồng", "đón", "phục", "giao", "bán",
    "mua", "phát", "cấp", "thu", "chi", "vào", "ra", "do", "như", "cần", "phải", "xong", "ghi", "chia", "ước", "độ",
    "chừng", "tầm", "cỡ", "hay", "những", "các", "nhất", "đa", "thiểu", "tròn", "mốc", "lượng", "mức", "tỷ", "lệ", "giá",
    "điểm", "nay", "năm", "tháng", "ngày", "giờ", "rằng", "rồi", "để", "mà", "thì", "nhưng", "nếu", "sau", "trước",
})  # fmt: skip


def is_label(figure: Figure, masked: str, language: str) -> bool:
    """Tell whether the figure is a bare number right after a noun, with nothing behind it that it could count."""
    whole = figure.scale == 1 and figure.mantissa == int(figure.mantissa) and figure.value < _MOST
    plain = whole and masked[figure.start].isdigit()
    counted = figure.unit.dimension or figure.unit.words or figure.direction
    if language == "en" or not plain or counted or figure.approximation is not Approximation.EXACT:
        return False
    before = _NOUN_BEFORE.search(masked, max(0, figure.start - 24), figure.start)
    return before is not None and before["noun"] not in _COUNTING
