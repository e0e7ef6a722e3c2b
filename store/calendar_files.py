"""The files of calendars/, read into the office's calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from editorial.calendar import Catalogue, MourningPeriod
from editorial.day_name import day_name, short_day
from editorial.day_rule import Skip
from editorial.days_off import SATURDAY, DayOff, DaysOff, DayStatus, WorkingDay
from editorial.lunar import FIRST_YEAR, LAST_YEAR
from editorial.occasion import Evidence, Kind, Name, OccasionRule, TierBy, occurrences
from editorial.problem import BadInput, Problem
from editorial.tone import Tone
from reading.document import Document, KeyPath, Record, read_yaml
from reading.source import relative_name


class NameRecord(Record):
    """`name:`"""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class DayRecord(Record):
    """One item of `days:`."""

    id: str
    name: NameRecord
    kind: Kind
    rule: str
    tone: Tone
    basis: str = Field(min_length=1)
    evidence: Evidence
    public_holiday: bool = False
    first_year: int | None = None
    since: int | None = None
    skip: Skip | None = None
    leap: bool = False
    tier_by: TierBy = TierBy.ANNIVERSARY
    uncertain: str | None = None
    note: str | None = None
    sources: tuple[str, ...] = ()


class DayOffRecord(Record):
    """One item of `days_off:`."""

    day: date = Field(alias="date")
    name: str = Field(min_length=1)
    status: DayStatus
    source: str | None = None
    note: str | None = None


class WorkingDayRecord(Record):
    """One item of `working_weekend_days:` or `working_days:`."""

    day: date = Field(alias="date")
    status: DayStatus
    swapped_for: date | None = None
    source: str | None = None
    note: str | None = None


class YearRecord(Record):
    """One year of `years:`."""

    days_off: tuple[DayOffRecord, ...] = ()
    working_weekend_days: tuple[WorkingDayRecord, ...] = ()
    working_days: tuple[WorkingDayRecord, ...] = ()


class MourningRecord(Record):
    """One item of `mourning_periods:`."""

    start: date
    end: date
    reason: str = Field(min_length=1)
    evidence: str


class CalendarRecord(Record):
    """A whole file of calendars/."""

    schema_: Literal[1] = Field(alias="schema")
    days: tuple[DayRecord, ...] = ()
    years: Mapping[int, YearRecord] = Field(default_factory=dict)
    mourning_periods: tuple[MourningRecord, ...] = ()


def read_calendars(folder: Path, root: Path | None = None) -> Catalogue:
    """Read every *.yaml of the folder; raise BadInput with every problem, its file (relative to `root`), line and key."""
    reading = _Reading()
    reading.open(folder, root or folder.parent)
    days_off, rules, mourning = reading.days_off(), reading.rules(), reading.mourning()
    if reading.problems:
        raise BadInput(*reading.problems)
    return Catalogue(rules, days_off, mourning)


@dataclass
class _Reading:
    """Read the files one after another, gathering every problem instead of stopping at the first."""

    documents: list[Document[CalendarRecord]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def open(self, folder: Path, root: Path) -> None:
        paths = sorted(folder.glob("*.yaml"))
        if not paths:
            message = "không có tệp lịch *.yaml nào; hãy chép thư mục calendars/ mẫu vào không gian làm việc"
            self.problems.append(Problem(rule="no-calendars", message=message, file=relative_name(folder, root)))
        for path in paths:
            try:
                self.documents.append(read_yaml(path, CalendarRecord, root))
            except BadInput as error:
                self.problems += error.problems

    def rules(self) -> list[OccasionRule]:
        found: dict[str, tuple[str, OccasionRule]] = {}
        for document in self.documents:
            for index, record in enumerate(document.value.days):
                rule = self._rule(document, record, ("days", index))
                if rule and rule.id in found:
                    message = f"mã “{rule.id}” đã có ở {found[rule.id][0]}; hãy đổi tên hoặc xóa một mục"
                    self._report(document, "duplicate-occasion", message, "days", index, "id")
                elif rule:
                    found[rule.id] = (_where(document, "days", index, "id"), rule)
        return [rule for _, rule in found.values()]

    def _rule(self, document: Document[CalendarRecord], record: DayRecord, path: KeyPath) -> OccasionRule | None:
        try:
            rule = occasion_rule(record)
            for year in self._covered_years():
                occurrences(rule, year)
        except BadInput as error:
            self._report_all(document, error, path)
            return None
        if rule.day.may_be_missing and record.skip is None:
            message = f"ngày “{record.rule}” không phải năm nào cũng có; hãy thêm skip: backward, forward, omit hoặc error"
            self._report(document, "skip-undecided", message, *path, "rule")
        return rule

    def days_off(self) -> DaysOff:
        off: dict[date, DayOff] = {}
        working: dict[date, WorkingDay] = {}
        for document in self.documents:
            for year, record in document.value.years.items():
                self._check_year(document, year)
                self._read_days_off(document, year, record.days_off, off)
                self._read_working_days(document, year, "working_weekend_days", record.working_weekend_days, working)
                self._read_working_days(document, year, "working_days", record.working_days, working)
                self._check_swaps(document, year, record, off)
        return DaysOff(off.values(), working.values(), years=self._covered_years())

    def _read_days_off(
        self, document: Document[CalendarRecord], year: int, records: Sequence[DayOffRecord], found: dict[date, DayOff]
    ) -> None:
        for index, record in enumerate(records):
            self._check_day(document, year, record.day, found, ("years", str(year), "days_off", index, "date"))
            found[record.day] = DayOff(**dict(record))

    def _read_working_days(
        self,
        document: Document[CalendarRecord],
        year: int,
        key: str,
        records: Sequence[WorkingDayRecord],
        found: dict[date, WorkingDay],
    ) -> None:
        for index, record in enumerate(records):
            path = ("years", str(year), key, index, "date")
            self._check_day(document, year, record.day, found, path)
            if key == "working_weekend_days" and record.day.weekday() < SATURDAY:
                message = f"{day_name(record.day)} không phải cuối tuần; ngày thường phải đi làm thì ghi vào working_days"
                self._report(document, "not-a-weekend", message, *path)
            found[record.day] = WorkingDay(**dict(record))

    def _check_year(self, document: Document[CalendarRecord], year: int) -> None:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            message = f"năm phải từ {FIRST_YEAR} đến {LAST_YEAR}"
            self._report(document, "year-out-of-range", message, "years", str(year))

    def _check_day(
        self, document: Document[CalendarRecord], year: int, day: date, found: Mapping[date, object], path: KeyPath
    ) -> None:
        if day.year != year:
            self._report(document, "wrong-year", f"ngày {short_day(day)} không thuộc năm {year}; hãy chuyển sang đúng năm", *path)
        if day in found:
            self._report(document, "duplicate-day-off", f"ngày {short_day(day)} đã được ghi rồi; hãy xóa một dòng", *path)

    def _check_swaps(
        self, document: Document[CalendarRecord], year: int, record: YearRecord, off: Mapping[date, DayOff]
    ) -> None:
        for index, swapped in enumerate(record.working_weekend_days):
            if swapped.swapped_for and swapped.swapped_for not in off:
                message = f"đổi cho ngày {short_day(swapped.swapped_for)}, nhưng ngày đó chưa có trong days_off; hãy thêm vào"
                self._report(
                    document, "swap-without-day-off", message, "years", str(year), "working_weekend_days", index, "swapped_for"
                )

    def mourning(self) -> list[MourningPeriod]:
        periods = []
        for document in self.documents:
            for index, record in enumerate(document.value.mourning_periods):
                if record.end < record.start:
                    message = "ngày kết thúc đứng trước ngày bắt đầu; hãy đổi lại"
                    self._report(document, "mourning-backwards", message, "mourning_periods", index, "end")
                periods.append(MourningPeriod(**dict(record)))
        return periods

    def _covered_years(self) -> list[int]:
        """List the years that the files describe: there, every day must be found without asking anyone."""
        years = {year for document in self.documents for year in document.value.years}
        return sorted(year for year in years if FIRST_YEAR <= year <= LAST_YEAR)

    def _report(self, document: Document[CalendarRecord], rule: str, message: str, *path: str | int) -> None:
        self.problems.append(document.problem(rule, message, *path))

    def _report_all(self, document: Document[CalendarRecord], error: BadInput, path: KeyPath) -> None:
        for problem in error.problems:
            key = "id" if problem.rule == "bad-occasion-id" else "rule"
            self._report(document, problem.rule, problem.message, *path, key)


def occasion_rule(record: DayRecord) -> OccasionRule:
    """Turn one item of a file into the domain's rule; raise BadInput when its rule cannot be read."""
    values = dict(record)
    values["name"] = Name(**dict(record.name))
    values["skip"] = record.skip or Skip.ERROR
    return OccasionRule(**values)


def _where(document: Document[CalendarRecord], *path: str | int) -> str:
    file, line, _ = document.place(*path)
    return f"{file}:{line}"
