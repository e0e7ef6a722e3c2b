"""The form that moves an entry, and what it says before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.consequences import Consequence
from desk.web.views.mark import Mark


@dataclass(frozen=True, kw_only=True)
class ChannelChoice:
    """A channel of the entry: where it stands now, and whether it is among those to move."""

    mark: Mark
    at: str
    chosen: bool
    free: bool  # it may be moved


@dataclass(frozen=True, kw_only=True)
class MovedSlot:
    """One channel before and after."""

    mark: Mark
    before: str
    after: str
    entry: str  # the turn, where a whole series moves; empty for the entry itself
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class MovedRule:
    """A rule of the file before and after, and how the new one is found, step by step."""

    name: str
    before: str
    after: str
    steps: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MovePage:
    """Everything in the dialog. `errors` are by field; without `seal` there is nothing to agree to yet."""

    entry: str
    headline: str
    channels: tuple[ChannelChoice, ...]
    to_day: str
    to_time: str
    anchored: bool
    anchor: str  # the occasion that the rule counts from; empty for a fixed day
    series: bool
    day: str  # the day of the card that somebody pointed at
    back: str
    slots: tuple[MovedSlot, ...] = ()
    rules: tuple[MovedRule, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    seal: str = ""
    changed: bool = False  # what follows is no longer what was shown
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def may(self) -> bool:
        """Tell whether the move can be done as it stands."""
        return bool(self.seal) and not any(each.stops for each in self.consequences)
