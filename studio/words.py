"""Text cut into the pieces that may stand on separate lines, as Vietnamese readers expect."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from studio.number import NBSP

_UNITS = (
    r"%|‰|km²|km2|m²|m2|m³|km|kg|ha|cm|mm|m|l|°C|MW|kWh|phút|giờ|giây|ngày|tháng|năm|tuần|tuổi|người|hộ|lượt|vụ|tỷ|triệu|nghìn|ngàn|đồng|tấn|"
    r"phường|xã|tuyến|ga|trạm|cầu|trường|ca|điểm|lần|hồ sơ|thủ tục|dịch vụ"
)
_TOGETHER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(\d) (?=(?:{_UNITS})(?!\w))",  # 126 phường
        r"(\bTP\.?) (?=[A-ZĐÀ-Ỹ])",  # TP. Hà Nội
        r"(\bHà) (?=Nội\b)",
        r"(\bHồ) (?=Chí Minh\b)",
        r"(\bChí) (?=Minh\b)",
        r"(\bsố) (?=\d)",  # Nghị quyết số 02-NQ/TW
        r"(\b(?:tỷ|triệu)) (?=đồng)",
        r"(\b(?:ngày|tháng|phút|giờ|năm|quý|lúc)) (?=\d)",
        r"(\w) (?=[–—]|- )",  # a dash never starts a line, nor the hyphen that many write for one
    )
)
# Words of two syllables that headlines are full of: broken in two they read as a stumble
_WHOLE = re.compile(
    r"\b(giải phóng|thủ đô|tổ quốc|việt nam|toàn quốc|kháng chiến|thành phố|trung thu|nhà giáo|nhân dân|quốc khánh|cách mạng|"
    r"kỷ niệm|hoàn kiếm|long biên|an toàn|thực phẩm|chuyển đổi|giao thông|môi trường|hòa bình|văn hóa|lịch sử|gia đình|"
    r"độc lập|hạnh phúc|thị xã|thủ tục|hồ sơ|trực tuyến|dịch vụ)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """A word, or words kept together, and whether it is emphasised."""

    text: str
    emphasised: bool = False


def normal(text: str) -> str:
    """Return text in NFC with plain spaces; NFD from a Mac looks the same afterwards."""
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip(" ") for line in lines).strip("\n")


_PHONE = re.compile(r"(?<![\d.,])(?:0|\+84|1[89]00)[\d ]{5,}\d(?!\d)")
# a whole date is too long to be one word: it may be broken before its month and its year
_DATE_PARTS = (
    re.compile(rf"(\bngày{NBSP}\d{{1,2}}){NBSP}(?=tháng{NBSP}\d)", re.IGNORECASE),
    re.compile(rf"(\btháng{NBSP}\d{{1,2}}){NBSP}(?=năm{NBSP}\d{{4}})", re.IGNORECASE),
)


def keep_together(text: str) -> str:
    """Return the text with unbreakable spaces where a break would tear a figure from its unit or a name or word apart."""
    for pattern in _TOGETHER:
        text = pattern.sub(r"\1" + NBSP, text)
    for pattern in _DATE_PARTS:
        text = pattern.sub(r"\1 ", text)
    for whole in (_PHONE, _WHOLE):
        text = whole.sub(lambda word: word[0].replace(" ", NBSP), text)
    return text


def paragraphs(text: str, emphasis: bool) -> tuple[tuple[Piece, ...], ...]:
    """Return the pieces of each line that the author broke; `**` toggles emphasis when it is on."""
    on = False
    lines: list[tuple[Piece, ...]] = []
    for line in keep_together(normal(text)).split("\n"):
        pieces: list[Piece] = []
        for word in line.split(" "):
            shown, on, marked = _unmarked(word, on) if emphasis else (word, False, False)
            if shown:
                pieces.append(Piece(shown, marked))
        lines.append(tuple(pieces))
    return tuple(lines)


def _unmarked(word: str, on: bool) -> tuple[str, bool, bool]:
    """Return the word without `**`, whether emphasis is on after it, and whether the word is emphasised."""
    marks = word.count("**")
    marked = on or marks > 0
    return word.replace("**", ""), on != (marks % 2 == 1), marked
