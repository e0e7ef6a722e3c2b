"""What was held or missed comes back without a burst: a person decides about each, or each has a moment of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

PUNCTUAL = timedelta(seconds=60)  # taken up so long after its moment, a post still goes out as people planned it
LEAST_GAP = timedelta(minutes=1)  # also where an office plans its own posts as close together as it likes
LONGEST_DELAY = timedelta(hours=2)  # what has no place on its channel within this waits for a person


class Comeback(Enum):
    """What becomes of a post that lost its moment, while it is still within its grace."""

    ASK = "ask"  # a person decides about each
    SPACE = "space"  # it goes out by itself, a gap away from the channel's other posts


@dataclass(frozen=True, kw_only=True)
class ReleaseRule:
    """How the office lets go of what lost its moment, and how far apart a channel's posts then are."""

    gap: timedelta = timedelta(minutes=30)
    gaps: Mapping[str, timedelta] = field(default_factory=dict)  # of the channels that have their own
    after_pause: Comeback = Comeback.ASK
    after_downtime: Comeback = Comeback.SPACE  # of this machine, or of the channel's connection

    def gap_on(self, channel: str) -> timedelta:
        """Return the least time between a released post and any other of the channel."""
        return max(self.gaps.get(channel, self.gap), LEAST_GAP)


USUAL = ReleaseRule()


def moment_to_go(taken: Iterable[datetime], now: datetime, gap: timedelta) -> datetime:
    """Return the first moment from `now` on that keeps the gap to the moments that are taken."""
    chosen = now
    for moment in sorted(taken):
        if abs(moment - chosen) < gap:
            chosen = moment + gap
    return chosen
