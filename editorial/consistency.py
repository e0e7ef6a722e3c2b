"""Everything that will go out, held against the facts: no figure, date or document number without a fact behind it.

Texts quote facts, so what a fact says is taken out of the text first; any digit that is left has nothing behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from editorial.fact import Fact, FactKind
from editorial.fact_words import date_words, unit_words, value_words, words
from editorial.problem import Problem, Severity

_IGNORED = re.compile(
    r"https?://\S+|(?:[\w-]+\.)+(?:vn|com|org|net)\b\S*"  # addresses
    r"|[#@][\w.]+"  # hashtags, handles
    r"|^\s*(?:\d{1,2}[.)]|Bước \d{1,2}[.:]?|Step \d{1,2}[.:]?)\s"  # list numbering
    r"|</?[a-z][^>]*>",  # markup
    re.MULTILINE | re.IGNORECASE,
)
_CLAIM = re.compile(r"\d+(?:[.,/:-]\d+)*(?:\s?%|[-/][A-ZĐ][A-ZĐ-]+(?:/[A-ZĐ]+)?)?")
_DATE_FORM = re.compile(r"\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?|\d{4}")


@dataclass(frozen=True, kw_only=True)
class Said:
    """One text that will go out: where (a channel), in which part, and what it says."""

    channel: str
    part: str  # "title", "text", "summary", "alt", "media anh"
    text: str
    language: str = "vi"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Which channel says which fact, and how; with the problems that stand against it."""

    says: Mapping[str, Mapping[str, str]]  # fact id -> channel -> the words found there
    problems: tuple[Problem, ...]

    @property
    def clean(self) -> bool:
        """Tell whether nothing stands against the message."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def certify(said: Iterable[Said], facts: Mapping[str, Fact], uses: Iterable[str], entry: str) -> Certificate:
    """Return the certificate of an entry: facts found, figures without a fact, facts that a channel leaves out."""
    texts = tuple(said)
    says = {fact.id: _said_where(fact, texts) for fact in facts.values()}
    problems = [problem for text in texts for problem in unsourced(text, facts, entry)]
    channels = sorted({text.channel for text in texts})
    for name in uses:
        problems.extend(_missing(name, channel, entry) for channel in channels if channel not in says.get(name, {}))
    found = {name: channels for name, channels in says.items() if channels}
    return Certificate(says=found, problems=tuple(dict.fromkeys(problems)))


def unsourced(said: Said, facts: Mapping[str, Fact], entry: str) -> tuple[Problem, ...]:
    """Return a problem for each figure, date or document number in the text that no fact says."""
    rest = _IGNORED.sub(" ", unicodedata.normalize("NFC", said.text))
    for phrase in _phrases(facts.values()):
        rest = phrase.sub(" ", rest)
    return tuple(_problem(claim.group(), rest, claim.end(), said, facts, entry) for claim in _CLAIM.finditer(rest))


def _phrases(facts: Iterable[Fact]) -> list[re.Pattern[str]]:
    """Return what the facts may look like, the longest first, never inside a longer number."""
    forms = {form for fact in facts for form in forms_of(fact) if any(letter.isdigit() for letter in form)}
    return [_whole(form) for form in sorted(forms, key=lambda form: (-len(form), form))]


@lru_cache(maxsize=4096)
def _whole(form: str) -> re.Pattern[str]:
    spaced = r"\s+".join(re.escape(part) for part in form.split())
    return re.compile(rf"(?<![\d.,/])(?<!\d-){spaced}(?![\d])(?![.,/]\d)", re.IGNORECASE)


def forms_of(fact: Fact) -> frozenset[str]:
    """Return the ways in which a text may state the fact, in both languages."""
    forms = {words(fact, "vi"), words(fact, "en"), value_words(fact, "vi"), value_words(fact, "en")}
    if isinstance(fact.value, date):
        forms |= _date_forms(fact.value)
    elif isinstance(fact.value, int | Decimal):
        forms |= {f"{fact.value}", f"{fact.value:02}"} if isinstance(fact.value, int) else {f"{fact.value}"}
    return frozenset(forms)


def _date_forms(day: date) -> set[str]:
    padded = f"{day:%d/%m}"
    return {
        f"{padded}/{day.year}", padded, f"{day.day}/{day.month}", f"{day.month}/{day.year}", f"{day:%m/%Y}", f"{day.year}",
        f"ngày {day.day} tháng {day.month} năm {day.year}", f"ngày {day.day} tháng {day.month}",
        f"ngày {day.day:02} tháng {day.month}",
        f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}", date_words(day, "en"), date_words(day, "en").rsplit(" ", 1)[0],
    }  # fmt: skip


def _said_where(fact: Fact, texts: tuple[Said, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    patterns = [_whole(form) for form in sorted(forms_of(fact), key=len, reverse=True)]
    for said in texts:
        hit = next((match for pattern in patterns if (match := pattern.search(said.text))), None)
        if hit and said.channel not in found:
            found[said.channel] = hit.group()
    return found


def _problem(claim: str, text: str, end: int, said: Said, facts: Mapping[str, Fact], entry: str) -> Problem:
    rule, message = _verdict(claim, text[end : end + 40], said, facts)
    return Problem(rule=rule, message=message, channel=said.channel, key=f"{entry}.{said.part}")


def _verdict(claim: str, after: str, said: Said, facts: Mapping[str, Fact]) -> tuple[str, str]:
    rival = _same_unit(after, said.language, facts)
    if rival:
        known = words(rival, said.language)
        return "wrong-figure", f"“{claim}” khác dữ kiện {rival.id} ({known}); hãy trích dữ kiện thay vì gõ số"
    if _DATE_FORM.fullmatch(claim):
        return "unsourced-date", f"ngày hoặc năm “{claim}” chưa có dữ kiện nào nêu; hãy thêm vào facts kèm nguồn"
    return "unsourced-figure", f"số “{claim}” chưa có dữ kiện nào nêu; hãy thêm vào facts kèm nguồn"


def _same_unit(after: str, language: str, facts: Mapping[str, Fact]) -> Fact | None:
    """Return the fact whose unit follows the figure: then the figure contradicts it."""
    following = after.strip().casefold()
    for fact in facts.values():
        unit = unit_words(fact, language).casefold()
        if unit and fact.kind is FactKind.NUMBER and following.startswith(unit):
            return fact
    return None


def _missing(name: str, channel: str, entry: str) -> Problem:
    message = f"bài trên kênh này không nêu dữ kiện bắt buộc “{name}”, cả trong lời lẫn trong hình"
    return Problem(rule="missing-fact", message=message, channel=channel, key=entry)
