"""What the consistency check finds in a text: what it says of a fact, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class FindingKind(Enum):
    """What is wrong; the value is the stable rule id."""

    WRONG_FIGURE = "wrong-figure"  # another number, document number or telephone number than the fact's
    WRONG_DATE = "wrong-date"  # another day, time, quarter, period or year
    WRONG_WEEKDAY = "wrong-weekday"  # thứ Sáu beside a day that is a Saturday
    MISSING_FACT = "missing-fact"  # a required fact that a channel leaves out
    UNSOURCED_FIGURE = "unsourced-figure"  # a figure that no fact says
    WRONG_NAME = "wrong-name"  # a name a letter or a mark away from the fact's
    UNIT = "unit"  # the fact's number with another unit or magnitude
    TRANSLATION = "translation"  # the translation states another value than the original
    WRONG_LINK = "wrong-link"  # an address that is not the fact's, or only looks like ours


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A place in a text that says a fact."""

    fact: str
    text: str
    start: int = field(default=-1, compare=False)
    stop: int = field(default=-1, compare=False)
    direction: int = field(default=0, compare=False)  # +1 where the text says that it rises, -1 that it falls


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something in a text that stands against the facts."""

    kind: FindingKind
    text: str  # the words in question; "" for what is missing
    fact: str | None = None  # the fact it contradicts, where one is known
    expected: str | None = None  # what the text should say, in its language
    start: int = -1  # where in the text


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What one text says and what is wrong with it."""

    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]
    folded: str = ""  # the text in lower case without marks, in which the places above count
