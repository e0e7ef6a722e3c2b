"""What the pages of the channels show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desk.channel_health import Condition, Link
from editorial.problem import Problem

if TYPE_CHECKING:
    from desk.channel_trial import Step

# The statuses of the pages give each condition its colour and its sign.
CONDITION_STATUS = {
    Condition.STOPPED: "failed", Condition.WAITING: "held", Condition.WARNED: "held", Condition.WELL: "verified",
    Condition.NEW: "ready",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sign:
    """A condition as `status` of _parts.html shows it."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class AllowanceLine:
    """How much of an allowance is used, and when it is whole again."""

    what: str
    used: str
    share: int  # percent
    full: bool
    resets: str


@dataclass(frozen=True, kw_only=True)
class ReasonLine:
    """Why a channel is not simply well."""

    words: str
    sign: str  # the icon
    until: str


@dataclass(frozen=True, kw_only=True)
class ChannelRow:
    """One channel of the list."""

    id: str
    name: str
    letters: str
    platform: str
    account: str
    link: Link
    sign: Sign
    reasons: tuple[ReasonLine, ...]
    published: str
    published_ago: str
    next: str
    to_come: int
    held: tuple[tuple[str, int], ...]  # why, and how many
    held_count: int
    expiry: str
    expiry_left: str
    allowances: tuple[AllowanceLine, ...]


@dataclass(frozen=True, kw_only=True)
class TroubleLine:
    """What last went wrong and still stands."""

    delivery: int
    detail: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Ability:
    """One thing that the channel can do, or cannot."""

    name: str
    meaning: str
    has: bool


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A trial at the stand-in: still under way, or over with its steps, or refused."""

    running: bool
    steps: tuple[Step, ...] = ()
    refused: tuple[Problem, ...] = ()

    @property
    def well(self) -> bool:
        """Tell whether the channel did all that it has to."""
        return bool(self.steps) and all(step.well for step in self.steps)


@dataclass(frozen=True, kw_only=True)
class ChannelPage:
    """One channel."""

    row: ChannelRow
    trouble: TroubleLine | None
    abilities: tuple[Ability, ...]
    limits: tuple[tuple[str, str], ...]
    documentation: str
    checked: date
    has_stand_in: bool
    url: str | None
    base_url: str
    connected_by: str
    connected_at: str
    handle: str
    demo: bool  # a rehearsal, which is never connected
    last: bool  # no other channel is connected
    trial: Trial | None = None


@dataclass(frozen=True, kw_only=True)
class ChannelsPage:
    """Every channel."""

    rows: tuple[ChannelRow, ...]
    rehearsal: bool  # none is connected
    needing: int  # channels that need a person
