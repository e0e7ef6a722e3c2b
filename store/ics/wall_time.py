"""A day or moment as another calendar wrote it, and the office's day that it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from editorial.clock import HANOI_TIME, OFFICE_ZONE


@dataclass(frozen=True, kw_only=True)
class WallTime:
    """What stands in the file; a whole day has no clock, and is the same day everywhere."""

    day: date
    clock: time | None = None
    zone: tzinfo = OFFICE_ZONE

    @property
    def moment(self) -> datetime:
        """Return the moment; of a whole day, its first."""
        zone = HANOI_TIME if self.zone is OFFICE_ZONE else self.zone
        return datetime.combine(self.day, self.clock or time(), zone)

    @property
    def office_day(self) -> date:
        """Return the day that it is in Hanoi."""
        same = self.clock is None or self.zone is OFFICE_ZONE
        return self.day if same else self.moment.astimezone(HANOI_TIME).date()

    def on(self, day: date) -> WallTime:
        """Return the same time of another day."""
        return WallTime(day=day, clock=self.clock, zone=self.zone)
