"""Text cut into the pieces that may stand on separate lines, as Vietnamese readers expect."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from studio.number import NBSP

_UNITS = (
    r"%|‰|km²|km2|m²|m2|m³|km|kg|ha|cm|mm|m|l|°C|MW|kWh|phút|giờ|giây|ngày|tháng|năm|tuần|tuổi|người|hộ|lượt|vụ|tỷ|triệu|nghìn|ngàn|đồng|tấn|"
    r"phường|xã|cấp|tuyến|ga|trạm|cầu|trường|ca|điểm|lần|hồ sơ|thủ tục|dịch vụ"
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
        r"(\b(?:quý|thế kỷ|khóa|hạng|loại|vành đai)) (?=[IVX]+\b)",  # quý IV
        r"(\w) (?=[–—]|- )",  # a dash never starts a line, nor the hyphen that many write for one
    )
)
# Words of two syllables that headlines are full of: broken in two they read as a stumble
_WHOLE = re.compile(
    r"\b(giải phóng|thủ đô|tổ quốc|việt nam|toàn quốc|kháng chiến|thành phố|trung thu|nhà giáo|nhân dân|quốc khánh|cách mạng|"
    r"kỷ niệm|hoàn kiếm|long biên|an toàn|thực phẩm|chuyển đổi|giao thông|môi trường|hòa bình|văn hóa|lịch sử|gia đình|"
    r"độc lập|hạnh phúc|thị xã|thủ tục|hồ sơ|trực tuyến|dịch vụ|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """A word, or words kept together, and whether it is emphasised."""

    text: str
    emphasised: bool = False


MOST_MARKS = 8  # on one letter; Vietnamese has two, the richest scripts four
_MARK = r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARKS_TOO_MANY = re.compile(rf"({_MARK}{{{MOST_MARKS}}}){_MARK}+")


def few_marks(text: str) -> str:
    """Return the text with at most `MOST_MARKS` combining marks on a letter: thousands of them take seconds to set."""
    return _MARKS_TOO_MANY.sub(r"\1", text)


def normal(text: str) -> str:
    """Return text in NFC with plain spaces; NFD from a Mac looks the same afterwards."""
    lines = unicodedata.normalize("NFC", few_marks(text)).splitlines()
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip(" ") for line in lines).strip("\n")


_LONGEST_NAME = 4  # syllables; where more begin with capitals, it is a headline written so
_TITLES = frozenset({"Ngày", "Lễ", "Năm", "Tháng"})  # begin the name of an occasion, which is long and may be broken after them
# small words with a capital where they begin a sentence: no part of the name after them
_OPENERS = frozenset(
    {"Tại", "Ở", "Về", "Đến", "Khi", "Theo", "Cùng", "Với", "Các", "Những", "Một", "Trong", "Sau", "Trước", "Do", "Để"}
)
_AROUND = "“”\"'‘’(),.;:!?…"
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


def keep_names(text: str) -> str:
    """Return the text with unbreakable spaces in names of two to four syllables: Quốc Tử Giám, Cát Linh."""
    return "\n".join(_names_kept(line) for line in text.split("\n"))


def _names_kept(line: str) -> str:
    kept: list[str] = []
    for run in _runs(line.split(" ")):
        kept += run if _syllables(run) > _LONGEST_NAME else [NBSP.join(run)]
    return " ".join(kept)


def _runs(words: list[str]) -> Iterator[list[str]]:
    """Yield the words in stretches: those of a name together, every other one alone."""
    run: list[str] = []
    for word in words:
        if run and not (_named(run[-1].split(NBSP)[-1]) and run[-1][-1:].isalpha() and _named(word.split(NBSP)[0])):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _syllables(run: list[str]) -> int:
    """Return how many syllables the longest name in a stretch of words has."""
    named = groupby(NBSP.join(run).split(NBSP), _named)
    return max((len(list(group)) for is_name, group in named if is_name), default=0)


def _named(syllable: str) -> bool:
    """Return whether a syllable may be a part of a name: it begins with a capital, and only there."""
    letters = syllable.replace("**", "").strip(_AROUND)
    return len(letters) > 1 and letters.isalpha() and letters.istitle() and letters not in _TITLES | _OPENERS


def paragraphs(text: str, emphasis: bool, names: bool = False) -> tuple[tuple[Piece, ...], ...]:
    """Return the pieces of each line that the author broke; `**` toggles emphasis when it is on, `names` keeps names whole."""
    on = False
    lines: list[tuple[Piece, ...]] = []
    plain = normal(text)
    for line in keep_together(keep_names(plain) if names else plain).split("\n"):
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
