"""Document numbers: 02-NQ/TW, 5918/QĐ-UBND, 36/2005/QĐ-TTg; and a document named by its number alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from editorial.claims.wording import blanked, folded

_LETTERS = r"[A-ZĐƯ]{1,}[A-Za-zĐđƯư]*[0-9]{0,2}"  # TW and TƯ
_NUMBER = re.compile(
    rf"(?<![\w/])(?P<number>[0-9]{{1,5}})(?:/(?P<year>[12][0-9]{{3}}))?[-/ ]?(?<=[-/])"
    rf"(?P<kind>(?=[^\s]*[A-ZĐƯ]{{2}}){_LETTERS}(?:[-/]{_LETTERS})*)"
)
_LONGEST_TITLE = 40  # letters: Nghị quyết số ... của Bộ Chính trị
_NAMED = re.compile(
    r"(?<!\w)(?:nghị quyết|quyết định|chỉ thị|kế hoạch|nghị định|thông tư|công văn|công điện|chương trình hành động|đề án|"
    r"thông báo|"
    r"hướng dẫn|kết luận|sắc lệnh|pháp lệnh|resolution|decree|directive|decision|plan|circular|conclusion)"
    r" (?:số |no\. ?|no |number )?(?P<number>[0-9]{1,5})(?![\w/.,-]*[0-9A-Za-zđ%]| (?:năm|tháng|ngày|xã|phường|dự án|tỷ|"
    r"triệu|days?|years?|points?))"
)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number that a text states; `kind` is "" where the text gives the number alone."""

    start: int
    stop: int
    number: str  # without leading zeros
    year: str
    kind: str  # without marks, in lower case: nq/tw


def document_numbers(text: str, masked: str) -> tuple[list[DocumentNumber], str]:
    """Return the document numbers of the text, and its masked lower case with them blanked."""
    found: list[DocumentNumber] = []
    for match in _NUMBER.finditer(text):
        if "\x00" in masked[match.start() : match.end()]:
            continue
        found.append(_made(match, match["year"] or "", match["kind"]))
        masked = blanked(masked, match.start("number"), match.end())
    for match in _NAMED.finditer(masked):
        found.append(_made(match, "", ""))
        masked = blanked(masked, match.start("number"), match.end())
    return found, masked


def document_number(text: str) -> DocumentNumber | None:
    """Return the document number that the text is, with or without what the document is called; None when it is none."""
    match = _NUMBER.search(text)
    around = text[: match.start()] + text[match.end() :] if match else ""
    alone = match is not None and not any(letter.isdigit() for letter in around) and len(around) <= _LONGEST_TITLE
    return _made(match, match["year"] or "", match["kind"]) if match and alone else None


def _made(match: re.Match[str], year: str, kind: str) -> DocumentNumber:
    number = match["number"].lstrip("0") or "0"
    return DocumentNumber(match.start("number"), match.end(), number, year, folded(kind.replace("TƯ", "TW")))
