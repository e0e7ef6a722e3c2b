"""Telephone numbers and hotlines: 024 3825 3536, +84 24 3825 3536, 1900 1009, gọi 1022."""

from __future__ import annotations

import re
from dataclasses import dataclass

from editorial.claims.unit import unit_at
from editorial.claims.wording import blanked


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number that a text states."""

    start: int
    stop: int
    digits: str  # as dialled in Vietnam


_LONG = re.compile(
    r"(?<![\w.,/+-])(?:\(?\+84\)?|84(?=[ .][0-9]{2})|"
    r"\((?:\+|00)?84(?=[ .)-]+[0-9]{2})|\(?0(?=[ .-]?[1-9]))[ .-]?(?:[0-9][ .()-]{0,2}){7,10}[0-9](?![0-9])"
)
_SERVICE = re.compile(r"(?<![\w.,/+-])1[89]00[ .-]?[0-9]{2,4}(?:[ .-]?[0-9]{2,4})?(?![0-9])")
_CALLED = re.compile(
    r"(?<!\w)(?:gọi(?: điện)?|hotline|tổng đài|đường dây nóng|điện thoại|số máy|đt|sđt|bấm số|nhắn tin|call|dial|phone|tel|"
    r"helpline"
    r"|hot line)(?![a-zà-ỹ])[^0-9\n.;\x00]{0,24}?[ :(.](?P<number>[0-9]{3,6})(?![0-9]|[.,/][0-9])"
)
_ONES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SPOKEN = re.compile(  # gọi số không hai ba sáu, ba sáu sáu sáu, bảy bảy bảy
    r"(?<!\w)(?:gọi|số|tổng đài|điện thoại|hotline|liên hệ)[^0-9\n.;,]{0,16}? "
    rf"(?P<digits>không(?:,? (?:{'|'.join(_ONES)})){{6,10}})(?!\w)"
)
PUBLIC = frozenset({"111", "112", "113", "114", "115", "1022"})  # children, rescue, police, fire, ambulance; a city's own desk
_PUBLIC = re.compile(r"(?<![\w.,/:%-])(?:11[1-5]|1022)(?![\w%]|[.,/:-][0-9]|-)")
_PUBLIC_CUE = re.compile(
    r"(?:(?:gọi|alo|a lô|số|tổng đài|hotline|đường dây(?: nóng)?|điện thoại|báo|phản ánh|liên hệ|phản hồi|góp ý|cứu nạn|cứu hộ|"
    r"cấp cứu|trợ giúp|khẩn cấp|hỗ trợ|cảnh sát|công an|app|ứng dụng|cổng|kênh|gửi|qua|call|dial|the|hoặc|và|or|and|ring|text|"
    r"contact|via|[:,/\x00☎📞])[^0-9.;!?\n]{0,24}?)$"
)
_ONWARD = frozenset(("hoặc", "hay", "và", "miễn", "nếu", "nhé", "ngay", "luôn", "or", "and", "if", "when", "hotline", "now"))
_NEXT = re.compile(r"(?:,| hoặc| và| or| and|/| -)[ ]?(?P<number>[0-9]{3,4})(?![0-9]|[.,/][0-9])")


def phones(masked: str) -> tuple[list[Phone], str]:
    """Return the telephone numbers that the lower-case text states, and the text with them blanked."""
    found: list[Phone] = []
    for pattern in (_LONG, _SERVICE):
        for match in pattern.finditer(masked):
            dialled = digits_of(match.group())
            if 7 <= len(dialled) <= 11:
                found.append(Phone(match.start(), match.end(), dialled))
                masked = blanked(masked, match.start(), match.end())
    for match in _SPOKEN.finditer(masked) if "không" in masked else ():
        dialled = "".join(str(_ONES.index(word)) for word in re.findall("[^ ,]+", match["digits"]))
        if 7 <= len(dialled) <= 11:
            found.append(Phone(match.start("digits"), match.end("digits"), dialled))
            masked = blanked(masked, match.start("digits"), match.end("digits"))
    for match in _CALLED.finditer(masked):
        masked = _called(match, masked, found)
    for match in _PUBLIC.finditer(masked):
        unit = unit_at(masked, match.end())
        alone = not unit.dimension and (not unit.words or unit.words[0] in _ONWARD)
        if alone and _PUBLIC_CUE.search(masked, max(0, match.start() - 40), match.start()):
            found.append(Phone(match.start(), match.end(), match.group()))
            masked = blanked(masked, match.start(), match.end())
    return found, masked


def digits_of(text: str) -> str:
    """Return the digits as dialled in Vietnam: +84 24 is 024."""
    digits = re.sub(r"[^0-9]", "", text)
    return "0" + digits[2:] if digits.startswith("84") and len(digits) >= 10 else digits


def _called(match: re.Match[str], masked: str, found: list[Phone]) -> str:
    """Take the number after `gọi`, and those listed after it, unless it counts something (gọi 126 xã)."""
    following: re.Match[str] | None = match
    while following is not None:
        unit = unit_at(masked, following.end())
        if (unit.counts or unit.dimension) and not masked.startswith(",", following.end()):
            break
        found.append(Phone(following.start("number"), following.end(), following["number"]))
        masked = blanked(masked, following.start("number"), following.end())
        following = _NEXT.match(masked, following.end())
    return masked
