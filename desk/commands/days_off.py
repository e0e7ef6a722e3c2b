"""The days off of a year as people read them: how sure each is, and who says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from editorial.calendar import Catalogue, MourningPeriod
from editorial.day_name import WEEKDAYS, short_day
from editorial.days_off import DayOff, DayStatus, WorkingDay

NOT_SAID = "chưa ghi"
LIBRARY = "thư viện holidays"
NAME_WIDTH = 40


def days_off_lines(catalogue: Catalogue, year: int) -> Iterator[str]:
    """Yield a line a day, and under it its source and what there is to know."""
    off, working = catalogue.days_off.of_year(year), catalogue.days_off.working_days_of_year(year)
    for day in off:
        yield from _lines(day, day.name)
    if working:
        yield ""
        yield "Ngày cuối tuần hay ngày lễ vẫn đi làm:"
    for each in working:
        yield from _lines(each, f"làm bù cho {short_day(each.swapped_for)}" if each.swapped_for else "đi làm")
    for period in _mourning(catalogue, year):
        yield ""
        yield f"Quốc tang {short_day(period.start)} - {short_day(period.end)}: {period.reason}"
    yield ""
    yield _summary(off)


def days_off_values(catalogue: Catalogue, year: int) -> dict[str, object]:
    """Return the same for machines."""
    return {
        "days_off": [{**_values(day), "name": day.name} for day in catalogue.days_off.of_year(year)],
        "working_days": [
            {**_values(day), "swapped_for": day.swapped_for.isoformat() if day.swapped_for else None}
            for day in catalogue.days_off.working_days_of_year(year)
        ],
        "mourning": [
            {"start": period.start.isoformat(), "end": period.end.isoformat(), "reason": period.reason}
            for period in _mourning(catalogue, year)
        ],
    }


def _lines(each: DayOff | WorkingDay, name: str) -> Iterator[str]:
    yield f"{each.day}  {WEEKDAYS[each.day.weekday()]:<8}  {name:<{NAME_WIDTH}}  {each.status.label}".rstrip()
    yield f"{'':<22}nguồn: {_source(each)}"
    if each.note:
        yield f"{'':<22}lưu ý: {each.note}"


def _source(each: DayOff | WorkingDay) -> str:
    return LIBRARY if each.source == "holidays" else each.source or NOT_SAID


def _summary(off: tuple[DayOff, ...]) -> str:
    counts = ((status.label, sum(day.status is status for day in off)) for status in DayStatus)
    parts = ", ".join(f"{count} {label}" for label, count in counts if count)
    return f"{len(off)} ngày nghỉ: {parts}." if off else "Không có ngày nghỉ nào."


def _values(each: DayOff | WorkingDay) -> dict[str, object]:
    day: date = each.day
    return {"date": day.isoformat(), "status": each.status.value, "source": each.source, "note": each.note}


def _mourning(catalogue: Catalogue, year: int) -> list[MourningPeriod]:
    return [period for period in catalogue.mourning if year in (period.start.year, period.end.year)]
