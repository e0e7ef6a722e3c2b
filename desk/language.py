"""In which language a person is told something: Vietnamese or English, commands by LOA_LANG, pages as the reader chose."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from editorial.problem import BadInput, Problem

if TYPE_CHECKING:
    from desk.catalogue import Catalogue

VARIABLE = "LOA_LANG"
VIETNAMESE, ENGLISH = "vi", "en"
_READER: ContextVar[str] = ContextVar("reader", default="")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Tell everything within in a reader's language, whatever the environment asks for."""
    token = _READER.set(language)
    try:
        yield
    finally:
        _READER.reset(token)


def language() -> str:
    """Return the language of the reader, or where nobody reads a page that of the environment."""
    return _READER.get() or environment_language()


def own_name(vietnamese: str, english: str) -> str:
    """Return which of two names something is called by for the reader: the Vietnamese one where there is no other."""
    return english if english and language() != VIETNAMESE else vietnamese


def environment_language() -> str:
    """Return the language that the environment asks for; Vietnamese where there is no catalogue of it."""
    wanted = os.environ.get(VARIABLE, "").strip().lower()
    return wanted if wanted == ENGLISH else VIETNAMESE


def refuse_unknown_language() -> None:
    """Raise BadInput when the environment asks for a language that there is no catalogue of."""
    wanted = os.environ.get(VARIABLE, "").strip().lower()
    if wanted not in ("", VIETNAMESE, ENGLISH):
        raise BadInput(Problem(rule="unknown-language", key=VARIABLE, message=f"“{wanted}” không phải là vi hoặc en"))


def told(problem: Problem) -> Problem:
    """Return the problem in the person's language; file, line, key and rule are the same in each."""
    spoken = language()
    return problem if spoken == VIETNAMESE else replace(problem, message=_catalogue(spoken).say(problem.message))


def in_words(text: str) -> str:
    """Return a sentence that is no problem's in the person's language."""
    spoken = language()
    return text if spoken == VIETNAMESE else _catalogue(spoken).say(text)


@cache
def _catalogue(language: str) -> Catalogue:
    from desk.catalogue import read_catalogue  # nothing is read where nothing is translated

    return read_catalogue(language)
