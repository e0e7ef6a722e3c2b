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
        text = problem.message[:1].upper() + problem.message[1:]
        for start, end in _stretches(source, one, _line(source, problem, content, entry)) if name else ():
            found.setdefault(name, {}).setdefault((start, end), Underline(start=start, end=end, text=text))
    return {name: tuple(sorted(marks.values(), key=lambda each: each.start)) for name, marks in found.items()}


def _line(source: str, problem: Problem, content: Content, entry: Entry) -> tuple[int, int]:
    """Return where the problem's line of the body begins and ends; the whole of any other field."""
    if problem.key != "body" or not problem.line:
        return 0, len(source)
    language = "vi" if problem.file == entry.file else "en"
    number = problem.line - content.place(entry.id, "body", language)[1]
    lines = source.split("\n")
    number = max(0, min(number, len(lines) - 1))
    start = sum(len(line) + 1 for line in lines[:number])
    return start, start + len(lines[number])


def _stretches(source: str, found: Found, line: tuple[int, int]) -> list[tuple[int, int]]:
    """Return where the words stand on the line, or else anywhere; the quotation of a fact where they were not typed."""
    words = found.finding.text.split()
    if not words:
        return []
    typed = re.compile(r"(?<!\w)" + _BETWEEN.join(map(re.escape, words)) + r"(?!\w)", re.IGNORECASE)
    quoted = re.compile(r"\{\{[^{}]*\bfact\." + re.escape(found.finding.fact or "") + r"\b[^{}]*\}\}")
    for pattern in (typed, quoted) if found.finding.fact else (typed,):
        matches = list(pattern.finditer(source, *line)) or list(pattern.finditer(source))
        if matches:
            return [match.span() for match in matches]
    return []
