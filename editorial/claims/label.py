"""Numbers that are labels: in Vietnamese a bare number after a noun says which one, not how many: quầy 6, chuyền 9."""

from __future__ import annotations

import re

from editorial.claims.figure import Approximation, Figure

_MOST = 1000  # what is numbered in a city has fewer: counters, teams, signs
_NOUN_BEFORE = re.compile(r"(?:^|[\s(“\"/,-])(?P<noun>[^\W\d_]+) $")
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
    "nhé", "nha", "nè", "or", "and", "if", "when", "but", "which", "where", "then", "runs", "opens", "leaves", "stops", "stop",
    "run", "goes",
    "near", "next", "beside", "behind", "after", "before", "until", "of", "as", "because", "so", "can", "may", "must",
    "should",
})  # fmt: skip


_ONE_MORE = re.compile(  # cổng 1 đến 40, Bus: 7 or 9
    r"(?:(?P<noun>[^\W\d_]+) |[:;,(–/] ?)[0-9]{1,3}(?: đến | tới |-|, | và | to | and | or | hoặc | hay )$"
)
_QUOTED = re.compile(r"[“\"](?P<title>[^”\"\n]{2,48})[”\"]")
_TITLE_WORDS = 7  # what is quoted and longer is somebody's speech, which states facts
_CAR = re.compile(r"(?<!\w)(?:xe|taxi)(?: (?:ô tô|khách|du lịch|tải|con|buýt|trên|dưới|từ|loại))* $")
_PERSON = re.compile(
    r"(?<!\w)(?:ông|bà|anh|chị|em|cụ|cháu|bé|cô|chú|bác|dì|cậu|mẹ|mr|mrs|ms|nghệ nhân|thầy|bạn)(?: (?:ông|bà|cụ|ngoại|nội|giáo))?"
    r"(?: [^\W\d_]+){0,5}(?:,| \(|, năm nay| năm nay| đã| mới| tuổi)? ?$"
)
_SLOGAN = re.compile(
    r"(?<!\w)(?:phương châm|tinh thần|tiêu chí|phong trào|mô hình|quy tắc|nguyên tắc|khẩu hiệu|thông điệp|"
    r"cuộc vận động)"
    r"[ :“\"]{1,3}(?:[2-9] [^\W\d_]+(?: [^\W\d_]+)?(?:, ?| và ))*$"
)
_WHEELS = frozenset({"bánh", "chiều"})  # xe 2 bánh, đường 1 chiều
_STRENGTHS = frozenset({"sao", "inch", "phân", "mhz", "ghz", "fps", "cc", "thế", "star", "stars"})  # 5 sao, 110 phân khối
_ON_THE_WAY = (("walk",), ("drive",), ("stroll",))
_EVENT = frozenset({"rào", "tự", "ếch", "bướm", "ngửa", "hỗn", "tiếp", "freestyle", "hurdles", "butterfly"})  # 100 m rào


def is_ordinary(figure: Figure, text: str, lower: str, masked: str, language: str) -> bool:
    """Tell whether a figure that is no fact's needs none: a label, a short title, a slogan, a class of car, a person's age."""
    before, unit = lower[max(0, figure.start - 60) : figure.start], figure.unit
    if is_label(figure, text, masked, language):
        return True
    if not _word_before(figure, masked) and unit.words[:1] != ("of",) and _is_bare(figure, text, masked, language):
        return True  # Kênh: 168; but 60 of the pupils
    if unit.dimension == "age" and figure.scale == 1:
        return _PERSON.search(before) is not None
    if unit.dimension == "length":
        return unit.words[:1] != () and unit.words[0] in _EVENT
    if unit.dimension == "clock":
        return unit.words[:1] in _ON_THE_WAY  # a five-minute walk
    if unit.dimension or figure.scale != 1 or figure.value > _MOST:
        return False
    small = figure.value < 10 and figure.mantissa == int(figure.mantissa)
    word = unit.words[0] if unit.words else ""
    if small and (word in _WHEELS or _SLOGAN.search(before)):
        return True
    if word in _STRENGTHS or (word == "chỗ" and _CAR.search(before)):
        return True
    titles = _QUOTED.finditer(text, max(0, figure.start - 50), figure.end + 50)
    return any(
        found.start() < figure.start < found.end() and len(found["title"].split()) <= _TITLE_WORDS for found in titles
    )


def is_label(figure: Figure, text: str, masked: str, language: str) -> bool:
    """Tell whether the figure is a bare number right after a noun, with nothing behind it that it could count."""
    before = _word_before(figure, masked)
    counting = _COUNTING_EN if language == "en" else _COUNTING
    return before != "" and before not in counting and _is_bare(figure, text, masked, language)


def _is_bare(figure: Figure, text: str, masked: str, language: str) -> bool:
    whole = figure.scale == 1 and figure.mantissa == int(figure.mantissa) and figure.value < _MOST
    plain = whole and masked[figure.start].isdigit()
    named = language != "en" and text[figure.stop + 1 : figure.stop + 2].isupper()  # Vùng 3 Hải quân
    counts = figure.unit.words and figure.unit.words[0] not in _ONWARD and not named
    meant = figure.direction or figure.approximation is not Approximation.EXACT
    return plain and not (counts or figure.unit.dimension or meant)


def _word_before(figure: Figure, masked: str) -> str:
    """Return the word that the number, or the list of numbers that it ends, stands right behind; "" where none does."""
    start = max(0, figure.start - 24)
    before = _ONE_MORE.search(masked, start, figure.start) or _NOUN_BEFORE.search(masked, start, figure.start)
    return (before["noun"] or "") if before else ""
