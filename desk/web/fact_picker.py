"""Facts found by what people type of them, in Vietnamese with or without marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from desk.web.views.entry import FactRow, fact_rows
from editorial.fact import Fact

MOST = 12  # as many as a list beside the text can show


@dataclass(frozen=True, kw_only=True)
class Picked:
    """A fact with how it is quoted."""

    row: FactRow
    quote: str


def pick(facts: Iterable[Fact], words: str, first: Iterable[str] = ()) -> tuple[Picked, ...]:
    """Return the facts in which every word is found: those of the entry first, then those whose name or value begins with it."""
    mine, known = set(first), {fact.id: fact for fact in facts}
    wanted = bare(words).split()
    rows = fact_rows(known, (), known)
    found = [row for row in rows if _holds(_text(row), wanted)]
    ordered = sorted(found, key=lambda row: (_rank(row, wanted), row.id not in mine, row.id))
    return tuple(Picked(row=row, quote=f"{{{{ fact.{row.id} }}}}") for row in ordered[:MOST])


def bare(text: str) -> str:
    """Return a text in small letters without marks: what people type in a hurry."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[_\s]+", " ", "".join(each for each in apart if not unicodedata.combining(each))).strip()


def _text(row: FactRow) -> str:
    return bare(f"{row.id} {row.words} {row.kind} {row.source}")


def _holds(text: str, wanted: list[str]) -> bool:
    return all(word in text for word in wanted)


def _rank(row: FactRow, wanted: list[str]) -> int:
    """Return how near a fact is: its value or name holds the words, or only its source does."""
    near = bare(f"{row.words} {row.id}")
    return 0 if _holds(near, wanted) else 1
