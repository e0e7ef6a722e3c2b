"""How often a platform lets an account be called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Rate:
    """At most so many calls in any span of this length.

    Half of them may go at once, as `burst`; the others follow one `interval` after the other. So no span that begins in the
    middle of a burst ever holds more than `calls`.
    """

    calls: int
    span: timedelta

    def __post_init__(self) -> None:
        if self.calls < 1 or self.span <= timedelta(0):
            raise ValueError(f"{self.calls} calls in {self.span}: no call would ever be let through")

    @property
    def burst(self) -> int:
        """Return how many calls may go at once after a quiet span."""
        return max(1, self.calls // 2)

    @property
    def interval(self) -> timedelta:
        """Return the time in which one more call is allowed."""
        return self.span / max(1, self.calls - self.burst)

    @property
    def slack(self) -> timedelta:
        """Return how far the calls may be ahead of their steady pace."""
        return self.interval * (self.burst - 1)
