"""Where in what somebody typed the words stand against which the check has something to say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from desk.entry_fields import Fields, field_of
from desk.web.views.editing import Underline
from editorial.consistency import Found
from editorial.entry import Entry
from editorial.problem import Problem
from editorial.workspace import Content

Placed = tuple[Found, Problem]
_BETWEEN = r"[\s*_>\-\u00a0]+"  # words that stand together on a channel may have marks of Markdown between them


def underlines(
    placed: Iterable[Placed], entry: Entry, fields: Fields, content: Content
) -> dict[str, tuple[Underline, ...]]:  # fmt: skip
    """Return the stretches of each field that a finding is about, in the order of the text, each once."""
    found: dict[str, dict[tuple[int, int], Underline]] = {}
    for one, problem in placed:
        name = field_of(problem, entry)
        source = fields.get(name, "")
        start = _line_start(source, problem, content, entry)
        stretch = _stretch(source, one, start) if name else None
        if stretch:
            text = problem.message[:1].upper() + problem.message[1:]
            found.setdefault(name, {}).setdefault(stretch, Underline(start=stretch[0], end=stretch[1], text=text))
    return {name: tuple(sorted(marks.values(), key=lambda each: each.start)) for name, marks in found.items()}


def _line_start(source: str, problem: Problem, content: Content, entry: Entry) -> int:
    """Return where the problem's line begins in the body; 0 where the field is of one line."""
    if problem.key != "body" or not problem.line:
        return 0
    language = "vi" if problem.file == entry.file else "en"
    first = content.place(entry.id, "body", language)[1]
    lines = source.split("\n")
    return sum(len(line) + 1 for line in lines[: max(0, min(problem.line - first, len(lines) - 1))])


def _stretch(source: str, found: Found, start: int) -> tuple[int, int] | None:
    """Return where the words stand, from `start` on or anywhere; the quotation of a fact where they were not typed."""
    words = found.finding.text.split()
    if not words:
        return None
    typed = re.compile(_BETWEEN.join(map(re.escape, words)), re.IGNORECASE)
    quoted = re.compile(r"\{\{[^{}]*\bfact\." + re.escape(found.finding.fact or "") + r"\b[^{}]*\}\}")
    for pattern in (typed, quoted) if found.finding.fact else (typed,):
        match = pattern.search(source, start) or pattern.search(source)
        if match:
            return match.span()
    return None
