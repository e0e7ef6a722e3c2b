"""Days, months, quarters and years in running text, in the many ways in which both languages write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from editorial.claims.number_words import vietnamese_value
from editorial.claims.weekday import with_weekdays
from editorial.claims.when import When
from editorial.claims.wording import blanked

_WORDS = "|".join(
    ["không", "một", "hai", "ba", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "mươi", "mốt"]
)
_SPOKEN = rf"(?:{_WORDS})(?: (?:{_WORDS}))*?"
_MONTH_NAME = "giêng|chạp|mười một|mười hai|mười|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín|một"
_MONTHS_EN = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_EN = "|".join(sorted(_MONTHS_EN, key=len, reverse=True))
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2}|21[0-9]{2})(?![0-9])"
_YEAR_WORDS = (
    r"(?:một|hai) (?:nghìn|ngàn)(?: (?:không|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mươi|mốt|tư|lăm|trăm|linh|lẻ))*"
    r"|(?:một|hai)(?: (?:không|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|tư|lăm)){3}"
)
_YEAR_IN_FULL = (  # after a comma, where `một nghìn` begins a count: tháng mười một, một nghìn giọng ca
    r"(?:một (?:nghìn|ngàn) chín trăm|hai (?:nghìn|ngàn) (?:không trăm|linh|lẻ))(?: (?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|"
    r"mươi|mốt|tư|lăm|linh|lẻ))*|(?:một|hai)(?: (?:không|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|tư|lăm)){3}(?!\w)"
)
_NTH = r"(?:st|nd|rd|th)?"
_LINK = r"[ ]?(?:-|đến hết|đến|tới|và|,(?= )|(?<=ngày [0-9]),|(?<=ngày [0-9]{2}),|&|to|and)[ ]?(?:ngày |mùng |the )?"

_ISO = re.compile(r"(?<![\w/-])([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?![0-9])")
_SLASHED = re.compile(
    rf"(?<![\w.,/])(?<![0-9]-)(?:(?<!thứ )(?:(?<!giờ )|(?=[0-9]{{1,2}}/))(?<!:)(?P<first>[0-3]?[0-9])"
    rf"(?:/(?P<first_month>[01]?[0-9]))?{_LINK})?"
    r"(?<![0-9])(?P<day>[0-3]?[0-9])(?P<mark>[/.-])(?P<month>[01]?[0-9])(?P=mark)(?P<year>[12][0-9]{3}|(?<=/)[0-9]{2})(?![\w/])"
)
_PROPER = r"(?:1/[2-9]|2/[3-9]|3/[4-9]|4/[5-9])(?![\w/])"  # hơn 1/3, 2/3 số hộ: a share and no day
_ROUGHLY = "(?<=gần )|(?<=hơn )|(?<=trên )|(?<=quá )|(?<=chiếm )|(?<=nearly )|(?<=almost )|(?<=over )|(?<=than )"
_SHORT = re.compile(
    rf"(?<![\w.,/])(?!(?:{_ROUGHLY}){_PROPER}|{_PROPER} (?:số|tổng số|dân số|diện tích|lượng|of the|of all)(?!\w))"
    rf"(?:(?<!thứ )(?<!giờ )(?<!:)(?P<first>[0-3]?[0-9]){_LINK})?(?<![0-9])(?P<day>[0-3]?[0-9])/(?P<month>[01]?[0-9])(?![\w/]|"
    rf"[.,][0-9])"
    rf"(?:[ ,]{{1,2}}năm (?P<year>{_YEAR}|{_YEAR_WORDS}))?"
)
_AMERICAN = re.compile(r"(?<![\w.,/-])(?P<month>0?[1-9]|1[0-2])/(?P<day>1[3-9]|2[0-9]|3[01])/(?P<year>[12][0-9]{3})(?![\w/])")
_DRAWN = re.compile(  # as pictures have it, on a line by itself: 20 · 10, 07 . 11 . 2026
    r"(?m:^) *(?P<day>[0-3]?[0-9]) ?(?:[·•|]|(?<= )[./](?= )) ?(?P<month>[01]?[0-9])(?: ?[·•|"
    r"./] ?(?P<year>[12][0-9]{3}))? *(?m:$)"
)
_YEAR_NEXT = re.compile(r" (?:19|20)[0-9]{2}(?!\w)")
_COUNTED = re.compile(rf"(?:[0-9]|(?<!\w)(?:{_WORDS})) $")
_NO_DAY = re.compile(r"(?<![\w.,/-])(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[12][0-9]{3})(?![\w/-])")
_DASHED = re.compile(
    r"(?:(?<=ngày )|(?:(?<!\w)thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|(?<!\w)cn|(?<!\w)t[2-7]),? ?[ (])"
    r"(?P<day>[0-3]?[0-9])[.-](?P<month>[01]?[0-9])(?![\w/]|[.,-][0-9])"
)
_HOLIDAY = re.compile(  # written with a dash and no `ngày`: Quốc khánh 2-9, dịp lễ 30-4 và 1-5
    r"(?:(?:(?<=quốc khánh )|(?<=giải phóng )|(?<=lao động )|(?<=phụ nữ )|(?<=nhà giáo việt nam )|(?<=liệt sĩ )|(?<=lễ )|"
    r"(?<=dịp )|(?<=mừng )|(?<=kỷ niệm ))(?=8-3|3-2|2-9|1-5)|"
    r"(?<![\w.,/-])(?=30-4|20-10|20-11|22-12|27-7|19-5|10-10|19-8|21-6|26-3)|"
    r"(?<=30-4 và )(?=1-5)|(?<=30-4, )(?=1-5))(?P<day>[0-9]{1,2})-(?P<month>[0-9]{1,2})"
    r"(?![\w/%]|[.,-][0-9]| ?(?:%|năm|tháng|người))"
)
_IN_WORDS = re.compile(
    rf"(?<!\w)(?:(?<!thứ )(?<!giờ )(?<!:)(?<!/)(?:ngày |từ |mùng |mồng )?(?P<first>[0-3]?[0-9]|(?<=ngày )(?:{_SPOKEN})|(?<=mùng "
    rf")(?:{_SPOKEN}))(?P<link>{_LINK}))?"
    rf"(?P<lead>ngày mùng |ngày mồng |ngày |mùng |mồng |rằm |hôm )?(?P<day>(?<![\w.,/])[0-3]?[0-9]|(?<=ngày )(?:{_SPOKEN})|"
    rf"(?:(?<=mùng )|(?<=mồng )|(?<=sáng )|(?<=trưa )|(?<=chiều )|(?<=tối )|(?<=đêm )|(?<=: )|(?<=từ )|"
    rf"(?:(?<=thứ hai )|(?<=thứ ba )|(?<=thứ tư )|(?<=thứ năm )|(?<=thứ sáu )|(?<=thứ bảy )|"
    rf"(?<=chủ nhật )))(?:{_SPOKEN})|(?<=, )(?:{_WORDS})(?: (?:{_WORDS}))+?|(?<=rằm ))"
    rf"[ ]?tháng (?P<month>[01]?[0-9](?!\w)|(?:{_MONTH_NAME})(?!\w))"
    rf"(?:(?:[ ,]{{1,2}}năm (?={_YEAR}|{_YEAR_WORDS})|(?:, |/|-)(?={_YEAR}|{_YEAR_IN_FULL}))(?P<year>{_YEAR}|{_YEAR_WORDS}))?"
)
_NO_MONTH = r"(?! (?:trăm|mươi|nghìn|ngàn|triệu|tỷ|phẩy)(?!\w))"  # vé tháng ba trăm nghìn
_MONTH = re.compile(
    rf"(?<!\w)(?:(?<!mỗi )(?<!hằng )(?<!hàng )(?!(?<=một )tháng một)tháng "  # một tháng một hộ
    rf"(?P<month>[01]?[0-9](?![\w.,]?[0-9]|[ \u00a0](?:nghìn|ngàn|triệu|tỷ|tỉ)(?!\w))|(?:{_MONTH_NAME})(?!\w){_NO_MONTH})"
    rf"(?:(?:[ ,]{{1,2}}năm |, |/|-)(?P<year>{_YEAR}))?"
    rf"|(?<![\w.,/-])(?P<month2>[01]?[0-9])/(?P<year2>{_YEAR}))"
)
_EN_DAY = re.compile(
    rf"(?<![\w.,/-])(?:(?P<first>[0-3]?[0-9]){_NTH}(?:[ ]?(?:-|to|and|&)[ ]?))?(?P<day>[0-3]?[0-9]){_NTH}(?: day)?(?: "
    rf"of)?[ ](?P<month>{_EN})(?![a-z])\.?"
    rf"(?:,? (?P<year>{_YEAR}))?"
)
_EN_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<month>{_EN})(?![a-z])\.? (?:the )?(?:(?P<first>[0-3]?[0-9]){_NTH}(?:[ ]?(?:-|to|and|"
    rf"&)[ ]?))?(?P<day>[0-3]?[0-9]){_NTH}(?![\w%]|[.,][0-9]|:[0-9])"
    rf"(?:,? (?P<year>{_YEAR}))?"
)
_EN_MONTH = re.compile(
    rf"(?<!\w)(?P<month>{_EN})(?![a-z])\.?(?:,? (?:of )?(?P<year>{_YEAR}))|(?<=in )(?P<month2>{_EN})(?![a-z])|(?<=by "
    rf")(?P<month3>{_EN})(?![a-z])"
)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "một": 1, "nhất": 1, "hai": 2, "ba": 3, "tư": 4,
             "bốn": 4, "first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}  # fmt: skip
_QUARTER = re.compile(
    rf"(?<!\w)(?:(?:quý|quí) (?P<q1>iv|iii|ii|i|[1-4]|một|nhất|hai|ba|tư|bốn)(?!\w)(?:(?:[ ]?/[ ]?|-|, năm |, | năm | "
    rf")(?P<y1>{_YEAR}))?"
    rf"|q(?P<q2>[1-4])(?!\w)(?:(?:[ ]?/[ ]?|-|, | of | )(?P<y2>{_YEAR}))?"
    rf"|(?P<q3>first|second|third|fourth|1st|2nd|3rd|4th) quarter(?:(?: of(?: the year)?|,)? (?P<y3>{_YEAR}))?)"
)
_SPAN = re.compile(rf"(?<![\w.,/-])({_YEAR})[ ]?(?:-|đến(?: năm)?|to|tới)[ ]?({_YEAR}|[0-9]{{2}}(?![\w.,/%-]))")
_YEAR_SAID = re.compile(rf"(?<!\w)(?:năm|year) (?P<year>{_YEAR_WORDS})(?!\w)")
_YEAR_ALONE = re.compile(rf"(?<![\w.,/$-])(?P<year>{_YEAR})(?![\w%]|[.,/-][0-9])")
_LUNAR = re.compile(r"^[ ]?\(?(?:âm lịch|âl|al|lunar)(?!\w)")
_SOLAR = re.compile(r"^[ ]?\(?(?:dương lịch|dl)(?!\w)")
_LUNAR_BEFORE = re.compile(r"(?:âm lịch|lunar)[ :,(]{1,2}(?:ngày )?$")

_LISTED = re.compile(r"ngày (?P<days>(?:[0-3]?[0-9], ?)+)$")

_EN_HINTS = ("january", "february", "march ", "april", "june", "july", "august", "september", "october", "november", "december")
Making = Callable[[re.Match[str]], Iterator[When]]


def whens(masked: str, language: str) -> tuple[list[When], str]:
    """Return the days that the lower-case text states, and the text with them blanked; years by themselves are left."""
    found: list[When] = []
    for cue, pattern, make in _PATTERNS:
        if not _worth(cue, masked, language):
            continue
        for match in pattern.finditer(masked):
            made = [when for when in make(match) if _sensible(when) or pattern is _NO_DAY]
            if made:
                made = [*_before_in_list(made[0], masked), *made]
                found.extend(made)
                masked = blanked(masked, min(when.start for when in made), match.end())
    return with_weekdays(_with_lunar(found, masked), masked, language)


def _before_in_list(first: When, masked: str) -> Iterator[When]:
    """Yield the days that a list names before its last two: ngày 1, 2 và 3/7."""
    listed = _LISTED.search(masked, max(0, first.start - 40), first.start) if first.borrowed else None
    for day in re.finditer("[0-9]+", listed["days"]) if listed else ():
        start = (listed.start("days") if listed else 0) + day.start()
        yield replace(first, start=start, stop=start + len(day.group()), day=int(day.group()))


def _worth(cue: str, masked: str, language: str) -> bool:
    """Tell whether a pattern can match at all; most texts have few ways of writing a day."""
    match cue:
        case "english":
            return language == "en" and "/" in masked
        case "en":
            return language == "en" or any(hint in masked for hint in _EN_HINTS)
        case "month":
            return "tháng" in masked or "/" in masked
        case "dash":
            return "-" in masked or "." in masked
        case "tháng" | "q" | "/" | "ngày" | "-":
            return cue in masked
    return True


def years(masked: str) -> Iterator[When]:
    """Yield the four-digit numbers that may be years."""
    for match in _YEAR_ALONE.finditer(masked):
        yield When(match.start(), match.end(), year=int(match["year"]), loose=True)


def _with_lunar(found: list[When], masked: str) -> list[When]:
    return [_in_its_calendar(when, masked) for when in found]


def _in_its_calendar(when: When, masked: str) -> When:
    """Return the day as the words beside it say: âm lịch, or dương lịch even after tháng Chạp."""
    after = masked[when.stop : when.stop + 14]
    if when.lunar:
        return replace(when, lunar=False, lunar_said=False) if _SOLAR.match(after) else when
    said = _LUNAR.match(after) or _LUNAR_BEFORE.search(masked[: when.start])
    return replace(when, lunar=True, lunar_said=True) if said else when


def _sensible(when: When) -> bool:
    day, month = when.day, when.month
    return (day is None or 1 <= day <= 31) and (month is None or 1 <= month <= 12)


def _numeric(match: re.Match[str]) -> Iterator[When]:
    """Yield the day of 10/10/1954, and the first of 10-12/10/1954 or 28/9 - 2/10/1954."""
    groups = match.groupdict()
    year = _year(groups.get("year"))
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return
    if groups.get("first"):
        first_month = int(groups.get("first_month") or month)
        borrowed = not groups.get("first_month")
        yield When(match.start("first"), match.end("first"), year, first_month, int(match["first"]), borrowed=borrowed)
    yield When(match.start("day"), match.end(), year, month, day)


def _as_written(match: re.Match[str]) -> Iterator[When]:
    """Yield a day with its numbers as they stand: 12/15/2026 in English, and 32/10/2026, which is a slip and no two figures."""
    yield When(match.start(), match.end(), int(match["year"]), int(match["month"]), int(match["day"]))


def _iso(match: re.Match[str]) -> Iterator[When]:
    yield When(match.start(), match.end(), int(match[1]), int(match[2]), int(match[3]))


def _in_words(match: re.Match[str]) -> Iterator[When]:
    """Yield the day of `mùng 5 tháng 9 năm 1945`; a month by its own name after mùng or rằm is lunar."""
    name = match["month"]
    month = _month(name)
    lead = (match["lead"] or "").strip()
    day = 15 if lead == "rằm" and not match["day"] else _whole(match["day"])
    if month is None or day is None or (not lead and not match["year"] and _is_span(match)):
        return
    lunar = name in ("giêng", "chạp") or lead == "rằm" or (lead.endswith(("mùng", "mồng")) and not name[0].isdigit())
    year = _year(match["year"])
    if match["first"]:
        first = _whole(match["first"])
        yield When(match.start("first"), match.end("first"), year, month, first, lunar=lunar, borrowed=True)
    start = match.start("lead") if match["lead"] else match.start("day")
    yield When(start, match.end(), year, month, day, lunar=lunar, lunar_said=name in ("giêng", "chạp"))


def _is_span(match: re.Match[str]) -> bool:
    """Tell whether `chín tháng năm 2026` is nine months of a year and no May."""
    return match["month"] == "năm" and bool(_YEAR_NEXT.match(match.string, match.end()))


def _month_only(match: re.Match[str]) -> Iterator[When]:
    month = _month(match["month"] or match["month2"])
    year = _year(match["year"] or match["year2"])
    if month is not None and not (_COUNTED.search(match.string[: match.start()]) and _is_span(match)):
        yield When(match.start(), match.end(), year, month, loose=year is None, lunar=match["month"] in ("giêng", "chạp"))


def _english(match: re.Match[str]) -> Iterator[When]:
    month, year = _MONTHS_EN[match["month"]], _year(match["year"])
    if match["first"]:
        yield When(match.start("first"), match.end("first"), year, month, int(match["first"]), borrowed=True)
    start = match.start("day") if match.start("day") < match.start("month") else match.start()
    yield When(start, match.end(), year, month, int(match["day"]))


def _english_month(match: re.Match[str]) -> Iterator[When]:
    name = match["month"] or match["month2"] or match["month3"]
    year = _year(match["year"])
    yield When(match.start(), match.end(), year, _MONTHS_EN[name], loose=year is None)


def _quarter(match: re.Match[str]) -> Iterator[When]:
    name = match["q1"] or match["q2"] or match["q3"]
    year = _year(match["y1"] or match["y2"] or match["y3"])
    yield When(match.start(), match.end(), year, quarter=_QUARTERS[name])


def _span(match: re.Match[str]) -> Iterator[When]:
    first = int(match[1])
    last = int(match[2]) if len(match[2]) == 4 else first // 100 * 100 + int(match[2])
    if last > first:
        yield When(match.start(), match.end(), first, last_year=last)


def _year_said(match: re.Match[str]) -> Iterator[When]:
    year = _year(match["year"])
    if year is not None and 1000 <= year < 2200:
        yield When(match.start("year"), match.end(), year, loose=True)


_PATTERNS: tuple[tuple[str, re.Pattern[str], Making], ...] = (  # what a text must hold for the pattern to match
    ("-", _ISO, _iso),
    ("tháng", _IN_WORDS, _in_words),
    ("english", _AMERICAN, _as_written),
    ("any", _DRAWN, _numeric),
    ("any", _SLASHED, _numeric),
    ("/", _NO_DAY, _as_written),
    ("en", _EN_DAY, _english),
    ("en", _EN_MONTH_FIRST, _english),
    ("q", _QUARTER, _quarter),
    ("/", _SHORT, _numeric),
    ("dash", _DASHED, _numeric),
    ("-", _HOLIDAY, _numeric),
    ("month", _MONTH, _month_only),
    ("en", _EN_MONTH, _english_month),
    ("any", _SPAN, _span),
    ("any", _YEAR_SAID, _year_said),
)


def _whole(words: str | None) -> int | None:
    if not words:
        return None
    if words.isdigit():
        return int(words)
    value = vietnamese_value(words)
    return None if value is None else int(value)


def _month(name: str) -> int | None:
    special = {"giêng": 1, "chạp": 12, "tư": 4, "năm": 5}
    return special.get(name) or _whole(name)


def _year(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdigit() and len(text) == 2:
        return 2000 + int(text) if int(text) < 50 else 1900 + int(text)
    return _whole(text)
