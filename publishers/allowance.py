"""How much of a platform's allowance an account, or its app, has used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """One allowance as it was last known; `resets_at` is when it is whole again, None where it comes back bit by bit."""

    what: str  # in plain Vietnamese
    used: int
    most: int
    resets_at: datetime | None = None
    percent: bool = False  # `used` and `most` are percent, since the platform tells no more

    @property
    def share(self) -> float:
        """Return the part that is used, from 0 to 1."""
        return min(1.0, self.used / self.most) if self.most else 0.0
