"""What the page of pauses shows: what stands, what a new one would hold, and what comes back when one ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.web.choices import Options


@dataclass(frozen=True, kw_only=True)
class PauseRow:
    """A pause that stands or is to come."""

    scope: str
    what: str
    why: str
    who: str
    since: str
    window: str  # when it begins and ends, in words; empty for one that stands until it is lifted
    mourning: bool
    to_come: bool


@dataclass(frozen=True, kw_only=True)
class PostLine:
    """A post that a pause holds, or was too late for."""

    id: int
    headline: str
    channel: str
    due: str
    fate: str = ""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a pause would hold, the first few by name."""

    count: int
    posts: tuple[PostLine, ...]
    solemn: bool = False  # whether solemn posts go on

    @property
    def more(self) -> int:
        """Return how many are not named."""
        return self.count - len(self.posts)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as somebody has filled it in, and what is wrong with it, by field."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a deed came to: what it was too late for, or what is free to go again."""

    words: str
    too_late: tuple[PostLine, ...] = ()
    freed: tuple[PostLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PausesPage:
    """Everything on the page."""

    pauses: tuple[PauseRow, ...]
    kinds: Options
    names: Mapping[str, Options]  # by kind of scope
    pause: Form
    mourning: Form
    today: str  # ISO
    done: Done | None = None
