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
_COUNTING_EN = frozenset({
    "is", "are", "was", "were", "be", "been", "of", "to", "by", "at", "from", "with", "has", "have", "had", "reach",
    "reached", "reaches", "total", "totals", "totalled", "about", "over", "under", "in", "on", "and", "or", "than",
    "nearly", "almost", "only", "just", "all", "some", "for", "per", "between", "up", "down", "out", "after", "before",
    "until", "till", "since", "the", "a", "an", "another", "least", "most", "around", "roughly", "exactly", "hit",
    "hits", "set", "sold", "got", "gets", "get", "serve", "serves", "served", "open", "opens", "opened", "plant",
    "planted", "plants", "build", "builds", "built", "win", "won", "wins", "welcome", "welcomed", "welcomes", "as",
    "into", "that", "which", "these", "those", "our", "your", "their", "its", "now", "aged", "ages", "scored", "cost",
    "costs", "more", "will", "can", "may", "fell", "rose", "grew", "saw", "made", "gave", "took", "feed", "feeds", "fed",
    "employ", "employs", "but",
})  # fmt: skip
_ONWARD = frozenset({  # words that begin what comes next, after a number that counts nothing
    "hoặc", "hay", "và", "nếu", "dành", "cũ", "ghi", "rồi", "thì", "mà", "nhưng", "phải", "cũng", "đều", "bị", "do",
    "đi", "về", "thuộc", "nối", "chạy", "mở", "đóng", "họp", "rẽ", "qua", "kế", "cạnh", "đối", "bên", "phía", "không",
    "nhé", "nha", "nè", "or", "and", "if", "when", "but", "which", "where", "then", "runs", "opens", "leaves", "stops",
    "near", "next", "beside", "behind", "after", "before", "until", "of", "as", "because", "so", "can", "may", "must",
    "should",
})  # fmt: skip


def is_label(figure: Figure, masked: str, language: str) -> bool:
    """Tell whether the figure is a bare number right after a noun, with nothing behind it that it could count."""
    whole = figure.scale == 1 and figure.mantissa == int(figure.mantissa) and figure.value < _MOST
    plain = whole and masked[figure.start].isdigit()
    counts = figure.unit.words and figure.unit.words[0] not in _ONWARD
    if not plain or counts or figure.unit.dimension or figure.direction or figure.approximation is not Approximation.EXACT:
        return False
    before = _NOUN_BEFORE.search(masked, max(0, figure.start - 24), figure.start)
    return before is not None and before["noun"] not in (_COUNTING_EN if language == "en" else _COUNTING)
