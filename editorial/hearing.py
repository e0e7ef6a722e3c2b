"""Hearing one text: everything that it states, held against everything that the facts let it say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from editorial.claims.reader import Claims, read
from editorial.expectation import Expectations
from editorial.fact import FactKind
from editorial.fact_words import words
from editorial.figure_verdict import hold_figures
from editorial.finding import Finding, FindingKind, Heard
from editorial.hour_verdict import hold_hours
from editorial.reference_verdict import hold_documents, hold_links, hold_names, hold_phones, wrong_name
from editorial.when_verdict import hold_whens

_VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
_ENGLISH = re.compile(
    r"(?<!\w)(?:the|of|and|to|in|is|are|will|for|on|from|at|with|by|residents|city|people|has|have)(?!\w)", re.IGNORECASE
)


def language_of(text: str, channel: str = "") -> str:
    """Return en for a channel that says so, or for a text that reads like English; else vi."""
    name = channel.lower()
    if re.search(r"(?:^|[._\-/ ])en(?:$|[._\-/ ])|english", name):
        return "en"
    if re.search(r"(?:^|[._\-/ ])vi(?:$|[._\-/ ])", name):
        return "vi"
    marks, function_words = len(_VIETNAMESE.findall(text)), len(_ENGLISH.findall(text))
    return "en" if function_words and marks < max(3, 2 * function_words) and marks * 12 < len(text) else "vi"


def hear(text: str, language: str, expected: Expectations, publish: date | None = None) -> Heard:
    """Return what a text says of the facts and what stands against it, in the order in which it stands."""
    return _heard(read(text, language, expected.names), language, expected, publish)


def _heard(claims: Claims, language: str, expected: Expectations, publish: date | None) -> Heard:
    results = (
        hold_links(claims, expected),
        hold_names(claims, expected),
        hold_documents(claims, expected),
        hold_phones(claims, expected),
        hold_whens(claims, expected, publish, language),
        hold_hours(claims, expected, publish, language),
        hold_figures(claims, expected, language, publish),
    )
    statements = [statement for said, _ in results for statement in said if statement.fact in expected.facts]
    findings = sorted((finding for _, found in results for finding in found), key=lambda finding: finding.start)
    return Heard(statements=tuple(statements), findings=tuple(findings), folded=claims.wording.folded)


def _other_names(text: str, said: set[str], elsewhere: Collection[str], expected: Expectations) -> Iterator[Finding]:
    """Yield the names that stand where a fact's name of the same sort would, on a channel that nowhere says that one.

    Another ward or street is often just another one; where other channels say the fact's, it stands in its place.
    """
    for fact in expected.facts.values():
        if fact.kind not in (FactKind.NAME, FactKind.PLACE) or fact.id in said:
            continue
        other = expected.names.neighbour(fact.id, text)
        if other is None and fact.id in elsewhere:
            other = expected.names.lone_rival(fact.id, text)
        if other is not None and not any(each.exact and each.start < other[1] and other[0] < each.stop
                                         for each in expected.names.said(text, "vi")):  # fmt: skip
            yield wrong_name(fact, text[other[0] : other[1]], other[0])


def left_out(
    text: str, touched: Collection[str], elsewhere: Collection[str], required: Iterable[str], expected: Expectations,
    language: str,
) -> tuple[Finding, ...]:
    """Return the required facts that a channel neither says nor contradicts; another proper name in a name's place is wrong.

    `touched` are the facts that it says or contradicts, `elsewhere` those that other channels say.
    """
    found = [*_other_names(text, set(touched), elsewhere, expected)]
    said = {*touched, *(finding.fact for finding in found if finding.fact)}
    for name in required:
        fact = expected.facts.get(name)
        if fact is None or name in said:
            continue
        other = expected.names.replacement(name, text) if fact.kind in (FactKind.NAME, FactKind.PLACE) else None
        if other is not None:
            found.append(wrong_name(fact, text[other[0] : other[1]], other[0]))
        else:
            found.append(Finding(kind=FindingKind.MISSING_FACT, text="", fact=name, expected=words(fact, language)))
    return tuple(found)
