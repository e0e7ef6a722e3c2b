"""Finding facts in running text: every way a fact may be written, looked up by the digits it starts with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from editorial.fact import Fact
from editorial.fact_words import date_words, value_words, words

_DIGITS = re.compile(r"\d+")
_CLAIM = re.compile(r"\d+(?:[.,/:-]\d+)*(?:\s?%|[-/][A-ZĐ][A-ZĐ-]+(?:/[A-ZĐ]+)?)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A place in a text that states something with digits; `facts` are the ids it agrees with, none when it has no fact."""

    text: str
    after: str  # what follows, up to 40 characters
    facts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Form:
    words: str  # lower case
    offset: int  # where its first digit stands
    fact: str


class FactForms:
    """The forms of many facts, ready to be found; a text costs time by its own figures, not by the number of facts."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by_digits: dict[str, list[_Form]] = {}
        self._wordy: list[tuple[str, str]] = []
        for fact in facts:
            for form in forms_of(fact):
                self._add(fact.id, spaced(form).lower())
        for forms in self._by_digits.values():
            forms.sort(key=lambda form: (-len(form.words), form.fact))

    def statements(self, text: str) -> Iterator[Statement]:
        """Yield what the text states with digits, from left to right, each digit once, the longest form that fits."""
        shown = spaced(text)
        lower = shown.lower() if len(shown.lower()) == len(shown) else shown
        end = 0
        for digits in _DIGITS.finditer(shown):
            if digits.start() < end:
                continue
            fitting = self._fitting(lower, digits.group(), digits.start(), end)
            start, stop = _span(fitting, digits.start()) or _claim_span(shown, digits.start())
            names = tuple(form.fact for form in fitting if len(form.words) == stop - start)
            yield Statement(text=shown[start:stop], after=shown[stop : stop + 40], facts=names)
            end = stop

    def named(self, text: str) -> dict[str, str]:
        """Return the facts without digits, such as names, that the text says: id -> words."""
        lower = spaced(text).lower()
        return {fact: form for form, fact in self._wordy if _stands(lower, form)}

    def _add(self, fact: str, form: str) -> None:
        digits = _DIGITS.search(form)
        if digits is None:
            self._wordy.append((form, fact))
        else:
            self._by_digits.setdefault(digits.group(), []).append(_Form(words=form, offset=digits.start(), fact=fact))

    def _fitting(self, lower: str, digits: str, at: int, end: int) -> list[_Form]:
        return [form for form in self._by_digits.get(digits, ()) if _fits(form, lower, at, end)]


def spaced(text: str) -> str:
    """Return the text in NFC with single spaces: no-break spaces and line ends do not change what is said."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def forms_of(fact: Fact) -> frozenset[str]:
    """Return the ways in which a text may state the fact, in both languages."""
    forms = {words(fact, "vi"), words(fact, "en"), value_words(fact, "vi"), value_words(fact, "en")}
    if isinstance(fact.value, date):
        forms |= _date_forms(fact.value)
    elif isinstance(fact.value, int):
        forms |= {f"{fact.value}", f"{fact.value:02}"}
    elif isinstance(fact.value, Decimal):
        forms.add(f"{fact.value}")
    return frozenset(forms)


def _date_forms(day: date) -> set[str]:
    padded = f"{day:%d/%m}"
    return {
        f"{padded}/{day.year}", padded, f"{day.day}/{day.month}", f"{day.month}/{day.year}", f"{day:%m/%Y}", f"{day.year}",
        f"ngày {day.day} tháng {day.month} năm {day.year}", f"ngày {day.day} tháng {day.month}",
        f"ngày {day.day:02} tháng {day.month}",
        f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}", date_words(day, "en"), date_words(day, "en").rsplit(" ", 1)[0],
    }  # fmt: skip


def _fits(form: _Form, lower: str, at: int, end: int) -> bool:
    start = at - form.offset
    return start >= end and lower.startswith(form.words, start) and _apart(lower, start, start + len(form.words))


def _apart(text: str, start: int, stop: int) -> bool:
    """Tell whether the words stand by themselves: not inside a longer number, date or word."""
    before, after = text[max(0, start - 2) : start], text[stop : stop + 2]
    if before and (before[-1].isalnum() or (before[-1] in ".,/-" and before[:1].isdigit() and text[start].isdigit())):
        return False
    return not (after and (after[0].isalnum() or (after[0] in ".,/" and after[1:].isdigit())))


def _span(fitting: list[_Form], at: int) -> tuple[int, int] | None:
    if not fitting:
        return None
    best = fitting[0]
    return at - best.offset, at - best.offset + len(best.words)


def _claim_span(text: str, at: int) -> tuple[int, int]:
    claim = _CLAIM.match(text, at)
    assert claim is not None  # `at` is where digits were found
    return claim.span()


def _stands(text: str, form: str) -> bool:
    start = text.find(form)
    return start >= 0 and _apart(text, start, start + len(form))
