"""A script of the desk in another language: its literals that are in the phrase book, found as those of pages are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from desk.web.page_words import VIETNAMESE, Book

_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
_VALUE = re.compile(r"\$\{[^{}]*\}")
_PLACE = re.compile(r"\{(\d+)\}")


@dataclass
class Script:
    """A script on its way into another language."""

    book: Book
    found: list[str] = field(default_factory=list)  # every key, in the order of the script

    def translated(self, source: str) -> str:
        """Return the script with its words in the other language."""
        return _LITERAL.sub(self._literal, source)

    def _literal(self, literal: re.Match[str]) -> str:
        text, values = literal[0][1:-1], _VALUE.findall(literal[0])
        if not VIETNAMESE.search(text):
            return literal[0]
        numbers = iter(range(len(values)))
        whole = _VALUE.sub(lambda _: f"{{{next(numbers)}}}", text)
        key = whole.strip()
        self.found.append(key)
        said = self.book.get(key)
        if said is None:
            return literal[0]
        spoken = whole.replace(key, said.many or said.one)
        return literal[0][0] + _PLACE.sub(lambda place: values[int(place[1])], spoken) + literal[0][0]
