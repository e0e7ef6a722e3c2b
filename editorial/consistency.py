"""Everything that will go out, held against the facts: no figure, date, name or link that no fact says.

The check reads what each text states (editorial.claims), compares it with the facts, and sums up by channel: what is said where,
what is wrong, what a channel leaves out, and where a translation departs from the original.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from editorial.claims.wording import clean
from editorial.credit import credits, quotations
from editorial.crossing import crossed, turned
from editorial.expectation import Expectations, expectations
from editorial.fact import Fact, FactKind
from editorial.finding import Finding, FindingKind, Heard, Statement
from editorial.hearing import hear, left_out
from editorial.origin import Origin, origin_of
from editorial.problem import Problem, Severity

_TELLING = frozenset(FactKind) - {FactKind.NAME, FactKind.PLACE, FactKind.LINK}
_TRANSLATABLE = frozenset({FindingKind.WRONG_FIGURE, FindingKind.WRONG_DATE, FindingKind.UNIT})


@dataclass(frozen=True, kw_only=True)
class Said:
    """One text that will go out: where (a channel), in which part, and what it says."""

    channel: str
    part: str  # "title", "text", "summary", "alt", "media anh"
    text: str
    language: str = "vi"
    origins: tuple[Origin, ...] = ()  # where its words are written; none where that is not known


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a fact is said, and in which words."""

    fact: str
    channel: str
    part: str
    text: str
    start: int = field(default=-1, compare=False)
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A finding with the channel and part in which it stands; `part` is "" for what a whole channel leaves out."""

    channel: str
    part: str
    finding: Finding


@dataclass(frozen=True, kw_only=True)
class Examination:
    """What the texts of one message say, and everything that stands against them."""

    places: tuple[Place, ...]
    found: tuple[Found, ...]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Which channel says which fact, and how; with the problems that stand against it."""

    says: Mapping[str, Mapping[str, str]]  # fact id -> channel -> the words found there first
    problems: tuple[Problem, ...]
    places: tuple[Place, ...] = field(default=())
    found: tuple[Found, ...] = field(default=())
    said: tuple[Said, ...] = field(default=())  # every text that was read
    placed: tuple[tuple[Found, Problem], ...] = field(default=())  # every finding with the problem that it is

    @property
    def clean(self) -> bool:
        """Tell whether nothing stands against the message."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def examine(
    said: Sequence[Said],
    facts: Iterable[Fact],
    required: Iterable[str] = (),
    *,
    also: Iterable[Fact] = (),
    publish: date | None = None,
    own: Collection[str] | None = None,
) -> Examination:
    """Hold the texts of one message against its facts; `also` are values that may appear and need not.

    `own` are the facts that the message is about, where the others are only in the same ledger.
    """
    expected = expectations(facts, also, own)
    hearing = lru_cache(maxsize=None)(lambda text, language: hear(text, language, expected, publish))
    heard: list[tuple[Said, Heard]] = [(text, hearing(text.text, text.language)) for text in said]
    found = [Found(channel=text.channel, part=text.part, finding=finding) for text, one in heard for finding in one.findings]
    parts = [(text.channel, text.part, text.language, one) for text, one in heard]
    found += [
        Found(channel=channel, part=part, finding=finding)
        for channel, part, finding in (*crossed(parts, expected), *turned(parts, expected))
    ]
    once = {(one.channel, one.part, one.finding.start, one.finding.kind, one.finding.fact): one for one in reversed(found)}
    found = _translations(list(reversed(once.values())), heard)
    found += _borrowed(heard, found, expected.facts, own) if own is not None else ()
    places = tuple(place for text, one in heard for place in _places(text, one, found, expected.facts, own))
    missing = _missing(said, places, found, tuple(required), expected)
    return Examination(places=places, found=(*found, *missing))


def certify(
    said: Iterable[Said],
    facts: Mapping[str, Fact],
    uses: Iterable[str],
    entry: str,
    publish: date | None = None,
    *,
    own: Collection[str] | None = None,
    homes: Mapping[str, Origin] | None = None,
) -> Certificate:
    """Return the certificate of an entry: facts found, figures without a fact, facts that a channel leaves out.

    `own` are the facts that the entry quotes, demands or defines; `homes` tells where it demands each of them.
    """
    texts = tuple(said)
    examined = examine(texts, facts.values(), uses, publish=publish, own=own)
    says: dict[str, dict[str, str]] = {}
    for place in examined.places:
        says.setdefault(place.fact, {}).setdefault(place.channel, place.text)
    placed = tuple((found, _problem(found, entry, _origin(found, texts, homes or {}))) for found in examined.found)
    problems = tuple(dict.fromkeys(problem for _, problem in placed))
    return Certificate(
        says=says, problems=problems, places=examined.places, found=examined.found, said=texts, placed=placed
    )  # fmt: skip


def unsourced(said: Said, facts: Mapping[str, Fact], entry: str) -> tuple[Problem, ...]:
    """Return a problem for each thing the text states that no fact says, or that a fact says otherwise."""
    return tuple(_problem(found, entry, None) for found in examine([said], facts.values()).found)


def _places(
    text: Said, heard: Heard, found: Sequence[Found], facts: Mapping[str, Fact], own: Collection[str] | None
) -> Iterator[Place]:
    """Yield where a text says a fact, leaving out the values that are right by themselves and stand in another's place."""
    against = [each.finding for each in found if (each.channel, each.part) == (text.channel, text.part)]
    said = list(credits(text.text, heard.statements, against, text.origins, own or ()))
    told = {credit.statement.fact for credit in said} | {finding.fact for finding in against if finding.fact}
    for credit in (*said, *quotations(text.text, text.language, text.origins, facts, told)):
        one = credit.statement
        yield Place(
            fact=one.fact, channel=text.channel, part=text.part, text=one.text, start=one.start, origin=credit.origin
        )


def _borrowed(
    heard: Sequence[tuple[Said, Heard]], found: Sequence[Found], facts: Mapping[str, Fact], own: Collection[str]
) -> Iterator[Found]:
    """Yield the figures and days that only a fact of another message bears out: the ledger has them, this message does not."""
    told = {(each.channel, each.part, each.finding.start) for each in found}
    for text, one in heard:
        meant = {statement.start for statement in one.statements if statement.fact in own}
        for statement in one.statements:
            place = (text.channel, text.part, statement.start)
            if statement.start not in meant and place not in told and _tells(facts[statement.fact], statement.text):
                told.add(place)
                yield Found(channel=text.channel, part=text.part, finding=_of_another(statement))


def _of_another(one: Statement) -> Finding:
    return Finding(kind=FindingKind.UNSOURCED_FIGURE, text=one.text, fact=one.fact, start=one.start)


def _tells(fact: Fact, text: str) -> bool:
    """Tell whether the words state something of their own: a year alone, one person or a way to reach the office do not."""
    digits = re.sub(r"\D", "", text)
    return fact.kind in _TELLING and bool(digits) and not re.fullmatch(r"(?:năm |year )?\d{4}", text.casefold())


def _translations(found: Sequence[Found], heard: Sequence[tuple[Said, Heard]]) -> list[Found]:
    """Call a wrong value in an English text a wrong translation where the Vietnamese says it right."""
    right = {statement.fact for text, one in heard if text.language != "en" for statement in one.statements}
    languages = {(text.channel, text.part): text.language for text, _ in heard}
    return [
        replace(each, finding=replace(each.finding, kind=FindingKind.TRANSLATION))
        if each.finding.kind in _TRANSLATABLE and each.finding.fact in right and languages[each.channel, each.part] == "en"
        else each
        for each in found
    ]


def _missing(
    said: Sequence[Said], places: Sequence[Place], found: Sequence[Found], required: Sequence[str], expected: Expectations
) -> Iterator[Found]:
    """Yield the required facts that a whole channel leaves out, all its parts taken together."""
    for channel in dict.fromkeys(text.channel for text in said):
        mine = [text for text in said if text.channel == channel]
        whole = "\n".join(text.text for text in mine)
        if all(word.startswith("#") for word in whole.split()):
            continue  # hashtags by themselves, or nothing, say no fact
        touched = {place.fact for place in places if place.channel == channel}
        touched |= {each.finding.fact for each in found if each.channel == channel and each.finding.fact}
        elsewhere = {place.fact for place in places if place.channel != channel}
        for finding in left_out(whole, touched, elsewhere, required, expected, mine[0].language):
            yield Found(channel=channel, part="", finding=finding)


def _origin(found: Found, said: Sequence[Said], homes: Mapping[str, Origin]) -> Origin | None:
    """Return where the words of a finding are written; where a fact is demanded, for one that a whole channel leaves out."""
    finding = found.finding
    if found.part:
        text = next(text for text in said if (text.channel, text.part) == (found.channel, found.part))
        return origin_of(text.text, finding.start, finding.text, text.origins)
    holding = [text for text in said if text.channel == found.channel and finding.text and finding.text in clean(text.text)]
    if holding:
        return origin_of(holding[0].text, -1, finding.text, holding[0].origins)
    return homes.get(finding.fact or "")


def _problem(found: Found, entry: str, origin: Origin | None) -> Problem:
    finding = found.finding
    if origin is None:
        key = f"{entry}.{found.part}" if found.part else entry
        return Problem(rule=finding.kind.value, message=message(finding), channel=found.channel, key=key)
    return Problem(
        rule=finding.kind.value,
        message=message(finding),
        channel=found.channel,
        file=origin.file,
        line=origin.line,
        key=origin.key,
    )


def message(finding: Finding) -> str:
    """Return what is wrong and what to do about it, in the office's words."""
    text, fact, known = finding.text, finding.fact, finding.expected
    match finding.kind:
        case FindingKind.MISSING_FACT:
            return f"bài trên kênh này không nêu dữ kiện bắt buộc “{fact}” ({known}), cả trong lời lẫn trong hình"
        case FindingKind.UNSOURCED_FIGURE if fact:
            quote = f"{{{{ fact.{fact} }}}}"
            return f"“{text}” chỉ trùng với dữ kiện {fact} mà mục này không nêu; nói về nó thì trích {quote}, không thì sửa lại"
        case FindingKind.UNSOURCED_FIGURE:
            return f"“{text}” chưa có dữ kiện nào nêu; hãy trích dữ kiện đã có (gõ @), hoặc thêm vào content/facts kèm nguồn"
        case FindingKind.WRONG_WEEKDAY:
            return f"“{text}” sai thứ: ngày này là {known}; hãy sửa thứ hoặc ngày"
        case FindingKind.WRONG_NAME:
            return f"“{text}” viết khác tên đúng trong dữ kiện {fact}: “{known}”; hãy sửa lại tên"
        case FindingKind.WRONG_LINK:
            return f"đường dẫn “{text}” không phải địa chỉ đúng ({known}); hãy sửa lại"
        case FindingKind.UNIT:
            return f"“{text}” sai đơn vị so với dữ kiện {fact} ({known}); hãy trích dữ kiện thay vì gõ số"
        case FindingKind.TRANSLATION:
            return f"bản dịch ghi “{text}”, khác bản tiếng Việt và dữ kiện {fact} ({known}); hãy sửa bản dịch"
    degrees = known is not None and "°" in known  # a minus before them is no fall
    if known and (known in text or text in known) and not degrees:  # the words around the value are wrong, not the value
        return f"“{text}” đúng số nhưng câu nói ngược chiều tăng, giảm với dữ kiện {fact} hoặc với kênh khác; hãy đọc lại cả câu"
    return f"“{text}” khác dữ kiện {fact} ({known}); hãy trích dữ kiện thay vì gõ số"
