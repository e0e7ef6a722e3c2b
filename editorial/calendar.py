"""The office's calendar: every occasion, the days off and the days of mourning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from editorial.days_off import DaysOff
from editorial.occasion import Evidence, Occasion, OccasionRule, occurrences
from editorial.problem import BadInput, Problem


@dataclass(frozen=True, kw_only=True)
class MourningPeriod:
    """Days of state mourning, both ends included; festive posts are held on them (Decree 105/2012, article 10)."""

    start: date
    end: date
    reason: str
    evidence: Evidence

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


class Catalogue:
    """Answer what a day is; raise BadInput where two occasions have one id."""

    def __init__(
        self, rules: Iterable[OccasionRule], days_off: DaysOff | None = None, mourning: Iterable[MourningPeriod] = ()
    ) -> None:
        self.rules = tuple(rules)
        self.days_off = days_off or DaysOff()
        self.mourning = tuple(mourning)
        self._by_id = {rule.id: rule for rule in self.rules}
        self._years: dict[int, tuple[Occasion, ...]] = {}
        self._falls: dict[tuple[str, int], tuple[Occasion, ...]] = {}
        twice = [id for id, count in Counter(rule.id for rule in self.rules).items() if count > 1]
        if twice:
            raise BadInput(*(_duplicate(id) for id in twice))

    def get(self, id: str) -> OccasionRule:
        """Find a rule by its id; raise BadInput with the nearest ids where there is none."""
        if id not in self._by_id:
            raise self._unknown(id)
        return self._by_id[id]

    def occurrences(self, id: str, year: int) -> tuple[Occasion, ...]:
        """List the days of one rule in a Gregorian year; raise BadInput as `get` and the rule itself do."""
        if (id, year) not in self._falls:
            self._falls[id, year] = occurrences(self.get(id), year)
        return self._falls[id, year]

    def occasions(self, year: int) -> tuple[Occasion, ...]:
        """List the occasions of a Gregorian year by date, then by id."""
        if year not in self._years:
            found = (occasion for rule in self.rules for occasion in self.occurrences(rule.id, year))
            self._years[year] = tuple(sorted(found, key=lambda occasion: (occasion.date, occasion.id)))
        return self._years[year]

    def between(self, start: date, end: date) -> tuple[Occasion, ...]:
        """List the occasions from `start` to `end`, both included."""
        years = range(start.year, end.year + 1)
        return tuple(occasion for year in years for occasion in self.occasions(year) if start <= occasion.date <= end)

    def on(self, day: date) -> tuple[Occasion, ...]:
        """List the occasions of one day."""
        return self.between(day, day)

    def mourning_on(self, day: date) -> MourningPeriod | None:
        """Find the mourning period that a day falls in."""
        return next((period for period in self.mourning if day in period), None)

    def _unknown(self, id: str) -> BadInput:
        near = get_close_matches(id, self._by_id, n=3, cutoff=0.6)
        advice = f"có phải {' hay '.join(near)}?" if near else "hãy chọn một mã có trong calendars/, hoặc thêm ngày đó vào"
        return BadInput(Problem(rule="unknown-anchor", message=f"lịch không có mốc “{id}”; {advice}"))


def _duplicate(id: str) -> Problem:
    return Problem(rule="duplicate-occasion", message=f"mã “{id}” được khai báo hai lần; hãy đổi tên hoặc xóa một mục")
