"""Everything that will go out, held against the facts: no figure, date or document number without a fact behind it.

Texts quote facts; whatever they state with digits has to be one of the forms in which some fact may be written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from editorial.fact import Fact, FactKind
from editorial.fact_forms import FactForms, Statement
from editorial.fact_words import unit_words, words
from editorial.problem import Problem, Severity

_IGNORED = re.compile(
    r"https?://\S+|(?:[\w-]+\.)+(?:vn|com|org|net)\b\S*"  # addresses
    r"|[#@][\w.]+"  # hashtags, handles
    r"|^\s*(?:\d{1,2}[.)]|Bước \d{1,2}[.:]?|Step \d{1,2}[.:]?)\s"  # list numbering
    r"|</?[a-z][^>]*>",  # markup
    re.MULTILINE | re.IGNORECASE,
)
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
    forms = FactForms(facts.values())
    says: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    channels: set[str] = set()
    for text in said:
        channels.add(text.channel)
        problems.extend(_hold(text, forms, facts, entry, says))
    for name in uses:
        problems.extend(_missing(name, channel, entry) for channel in sorted(channels - says.get(name, {}).keys()))
    return Certificate(says=says, problems=tuple(dict.fromkeys(problems)))


def unsourced(said: Said, facts: Mapping[str, Fact], entry: str) -> tuple[Problem, ...]:
    """Return a problem for each figure, date or document number in the text that no fact says."""
    return tuple(_hold(said, FactForms(facts.values()), facts, entry, {}))


def _hold(
    said: Said, forms: FactForms, facts: Mapping[str, Fact], entry: str, says: dict[str, dict[str, str]]
) -> Iterator[Problem]:
    """Hold one text against the facts: note in `says` what it says, yield what has no fact."""
    text = _IGNORED.sub(" ", unicodedata.normalize("NFC", said.text))
    for name, words_found in forms.named(text).items():
        says.setdefault(name, {}).setdefault(said.channel, words_found)
    for statement in forms.statements(text):
        for name in statement.facts:
            says.setdefault(name, {}).setdefault(said.channel, statement.text)
        if not statement.facts:
            yield _problem(statement, said, facts, entry)


def _problem(statement: Statement, said: Said, facts: Mapping[str, Fact], entry: str) -> Problem:
    rule, message = _verdict(statement.text, statement.after, said, facts)
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
