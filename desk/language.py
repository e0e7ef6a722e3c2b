"""Messages about mistakes in the language that the person asks for: Vietnamese, or English with LOA_LANG=en."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from editorial.problem import BadInput, Problem

if TYPE_CHECKING:
    from desk.catalogue import Catalogue

VARIABLE = "LOA_LANG"
VIETNAMESE, ENGLISH = "vi", "en"


def language() -> str:
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
