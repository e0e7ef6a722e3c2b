"""Where the words that go out were written: file, line and key of each stretch of a finished text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from editorial.claims.wording import clean, lowered

_SENTENCE_END = re.compile(r"[.!?…;][\s”\"')]+(?=\S)|\n")
_AROUND = 60  # letters on either side of some words that tell two places of them apart


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """A stretch of text as it goes out, where it is written, and the facts that it quotes there."""

    text: str
    file: str
    line: int
    key: str
    quotes: frozenset[str] = frozenset()


def origin_of(text: str, start: int, words: str, origins: Sequence[Origin]) -> Origin | None:
    """Return where the words at `start` of the cleaned text were written; a negative start means their first place.

    The origin that holds their whole sentence is the one; where several do, or none, the one that holds most of the words around.
    """
    if len(origins) < 2:
        return origins[0] if origins else None
    whole = clean(text)
    found = start if start >= 0 else max(0, whole.find(clean(words)))
    sentence = _letters(_sentence(whole, found, found + len(words)))
    holding = [origin for origin in origins if _letters(words) in _letters(origin.text)]
    # capnuoc-hanoi.gov.vn has the letters of capnuoc.hanoi.gov.vn: the origin with the very words is the one
    holding = [origin for origin in holding if clean(words) in clean(origin.text)] or holding
    exact = [origin for origin in holding if sentence in _letters(origin.text)]
    if len(exact) == 1:
        return exact[0]
    return _nearest(whole, found, len(words), exact or holding) or _inside(sentence, origins) or origins[0]


def carried(text: str, origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """Return the origins that the text holds whole."""
    whole = _letters(text)
    return tuple(origin for origin in origins if _letters(origin.text) in whole)


def _nearest(text: str, start: int, length: int, origins: Iterable[Origin]) -> Origin | None:
    """Return the origin that agrees furthest with the letters on both sides of the words."""
    stop = start + length
    words, before, after = _letters(text[start:stop]), _letters(text[:start])[-_AROUND:], _letters(text[stop:])[:_AROUND]
    return max(origins, key=lambda origin: _agreement(_letters(origin.text), words, before, after), default=None)


def _agreement(text: str, words: str, before: str, after: str) -> int:
    best = 0
    at = text.find(words)
    while words and at >= 0:
        left, right = text[:at][::-1], text[at + len(words) :]
        best = max(best, _common(left, before[::-1]) + _common(right, after))
        at = text.find(words, at + 1)
    return best


def _common(one: str, other: str) -> int:
    """Return how many letters two texts begin with together."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _inside(sentence: str, origins: Iterable[Origin]) -> Origin | None:
    """Return the longest origin that is a part of the sentence."""
    inside = [origin for origin in origins if _letters(origin.text) and _letters(origin.text) in sentence]
    return max(inside, key=lambda origin: len(origin.text), default=None)


def _sentence(text: str, start: int, stop: int) -> str:
    begins = max((each.end() for each in _SENTENCE_END.finditer(text, 0, start)), default=0)
    ends = _SENTENCE_END.search(text, stop)
    return text[begins : ends.start() if ends else len(text)]


@lru_cache(maxsize=4096)
def _letters(text: str) -> str:
    """Return the letters and digits alone: what is made of a source has other marks, bullets and line breaks."""
    return "".join(letter for letter in lowered(clean(text)) if letter.isalnum())
