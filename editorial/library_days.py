"""Days off as the holidays library has them, and how much each one rests on: the law's date, a yearly choice, a guess."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache, cached_property, partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

SATURDAY = 5


class Chosen(Enum):
    """A holiday whose days the Prime Minister chooses each year around those that the law dates (Labour Code, article 112)."""

    TET = "tet"
    NATIONAL_DAY = "national_day"

    @property
    def days(self) -> int:
        """Return how many days the law gives it; a plan that names fewer is no whole plan."""
        return {"tet": 5, "national_day": 2}[self.value]


class Ground(Enum):
    """What a day of the library rests on."""

    LAW = "law"  # the Labour Code dates it
    CHOICE = "choice"  # the library's guess at what will be chosen
    GUESS = "guess"  # a make-up day that nobody has announced, or a day whose law was not found
    SWAP = "swap"  # exchanged for a Saturday; the library cites the announcement


@dataclass(frozen=True, kw_only=True)
class LibraryDay:
    """A day off that the library knows."""

    day: date
    name: str
    ground: Ground
    of: Chosen | None  # the holiday with a yearly choice to which it belongs


@dataclass(frozen=True, kw_only=True)
class LibraryYear:
    """What the library says of a year."""

    days_off: Mapping[date, LibraryDay]
    working_days: frozenset[date]

    @cached_property
    def tet_choices(self) -> frozenset[date]:
        """Return every day that the choice for Tết may take: one day of the old year with four of the new, or two with three.

        A Saturday or Sunday among them is made up for on the weekdays that follow.
        """
        first = next((day for day, each in self.days_off.items() if "Tết Nguyên Đán" in each.name.split("; ")), None)
        spans = ([first + timedelta(days=n - before) for n in range(Chosen.TET.days)] for before in (1, 2)) if first else ()
        return frozenset(day for span in spans for day in (*span, *_made_up(span)))

    def near(self, chosen: Chosen, day: date) -> bool:
        """Say whether a day lies where this holiday's days may be put: within a week of those that the library has."""
        return any(abs((day - each.day).days) <= 7 for each in self.days_off.values() if each.of is chosen)


def _made_up(span: list[date]) -> Iterator[date]:
    """Yield the weekdays after a span of days off that make up for its Saturdays and Sundays."""
    owed, day = sum(each.weekday() >= SATURDAY for each in span), span[-1]
    while owed:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            owed -= 1
            yield day


@cache
def library_year(year: int) -> LibraryYear:
    """Return the library's year."""
    known = _vietnam()(years=[year], language="vi")
    days = {day: _library_day(day, name) for day, name in known.items()}
    return LibraryYear(days_off=days, working_days=frozenset(known.weekend_workdays))


_LAW = frozenset(
    {
        "Tết Dương lịch", "Giao thừa Tết Nguyên Đán", "Tết Nguyên Đán", "Mùng hai Tết Nguyên Đán", "Mùng ba Tết Nguyên Đán",
        "Ngày Giỗ Tổ Hùng Vương", "Ngày Chiến thắng", "Ngày Quốc tế Lao động",
    }
)  # fmt: skip


def _library_day(day: date, name: str) -> LibraryDay:
    names = name.split("; ")  # two holidays on one day: Giỗ Tổ may be 30/4
    of = next((found for each in names if (found := _chosen(each))), None)
    return LibraryDay(day=day, name=name, ground=_ground(day, names, of), of=of)


def _chosen(name: str) -> Chosen | None:
    if name == "29 Tết" or "Tết Nguyên Đán" in name:
        return Chosen.TET
    return Chosen.NATIONAL_DAY if name.startswith("Quốc khánh") else None


def _ground(day: date, names: list[str], of: Chosen | None) -> Ground:
    if not _LAW.isdisjoint(names) or ("Quốc khánh" in names and (day.month, day.day) == (9, 2)):
        return Ground.LAW
    if any(name.startswith("Ngày nghỉ (thay cho") for name in names):
        return Ground.SWAP
    return Ground.CHOICE if of else Ground.GUESS


@cache
def _vietnam() -> Callable[..., HolidayBase]:
    """Return the library's Vietnam alone: its own door imports 250 countries, which takes longer than to plan a quarter."""
    import holidays  # imported here since most commands never ask

    source = Path(holidays.__file__).parent / "countries" / "vietnam.py"
    spec = spec_from_file_location("holidays_vietnam", source)
    if spec is None or spec.loader is None or not source.is_file():
        return partial(holidays.country_holidays, "VN")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: type[HolidayBase] = module.Vietnam
    return found
