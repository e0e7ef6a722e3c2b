"""The files of calendars/, read into the office's calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from editorial.calendar import Catalogue, MourningPeriod
from editorial.day_name import day_name, short_day
from editorial.day_rule import Skip
from editorial.days_off import DayOff, DaysOff, WorkingDay
from editorial.library_days import SATURDAY
from editorial.lunar import FIRST_YEAR, LAST_YEAR
from editorial.occasion import Name, OccasionRule, occurrences
from editorial.problem import BadInput, Problem
from reading.document import Document, read_yaml
from reading.key_path import KeyPath
from reading.source import misnamed, relative_name
from store.calendar_records import CalendarRecord, DayRecord, WorkingDayRecord, YearRecord


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
        self.problems += misnamed(folder, ".yaml", root)
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
        for year in self._years():
            year.read_days_off(off)
        for year in self._years():
            year.read_working_days(working, off)
        return DaysOff(off.values(), working.values())

    def _years(self) -> Iterator[_Year]:
        for document in self.documents:
            for year, record in document.value.years.items():
                yield _Year(number=year, record=record, document=document, problems=self.problems)

    def mourning(self) -> list[MourningPeriod]:
        periods = []
        for document in self.documents:
            for index, record in enumerate(document.value.mourning_periods):
                if record.end < record.start:
                    message = "ngày kết thúc đứng trước ngày bắt đầu; hãy đổi lại"
                    self._report(document, "mourning-backwards", message, "mourning_periods", index, "end")
                periods.append(MourningPeriod(start=record.start, end=record.end, reason=record.reason, evidence=record.evidence))
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


@dataclass(frozen=True, kw_only=True)
class _Year:
    """One year of one file: its days off and swapped days."""

    number: int
    record: YearRecord
    document: Document[CalendarRecord]
    problems: list[Problem]

    def read_days_off(self, found: dict[date, DayOff]) -> None:
        if not FIRST_YEAR <= self.number <= LAST_YEAR:
            self._report("year-out-of-range", f"năm phải từ {FIRST_YEAR} đến {LAST_YEAR}")
        for index, record in enumerate(self.record.days_off):
            self._check_day(record.day, found, "days_off", index, "date")
            found[record.day] = DayOff(
                day=record.day, name=record.name, status=record.status, source=record.source, note=record.note
            )

    def read_working_days(self, found: dict[date, WorkingDay], off: Mapping[date, DayOff]) -> None:
        for key, records in (
            ("working_weekend_days", self.record.working_weekend_days),
            ("working_days", self.record.working_days),
        ):
            for index, record in enumerate(records):
                self._check_day(record.day, found, key, index, "date")
                self._check_working_day(record, off, key, index)
                found[record.day] = WorkingDay(
                    day=record.day, status=record.status, swapped_for=record.swapped_for, source=record.source, note=record.note
                )

    def _check_day(self, day: date, found: Mapping[date, object], *path: str | int) -> None:
        if day.year != self.number:
            self._report("wrong-year", f"ngày {short_day(day)} không thuộc năm {self.number}; hãy chuyển sang đúng năm", *path)
        if day in found:
            self._report("duplicate-day-off", f"ngày {short_day(day)} đã được ghi rồi; hãy xóa một dòng", *path)

    def _check_working_day(self, record: WorkingDayRecord, off: Mapping[date, DayOff], key: str, index: int) -> None:
        if record.day in off:
            message = f"ngày {short_day(record.day)} vừa là ngày nghỉ vừa là ngày làm việc; hãy xóa một dòng"
            self._report("off-and-working", message, key, index, "date")
        if key == "working_weekend_days" and record.day.weekday() < SATURDAY:
            message = f"{day_name(record.day)} không phải cuối tuần; ngày thường phải đi làm thì ghi vào working_days"
            self._report("not-a-weekend", message, key, index, "date")
        if record.swapped_for and record.swapped_for not in off:
            message = f"đổi cho ngày {short_day(record.swapped_for)}, nhưng ngày đó chưa có trong days_off; hãy thêm vào"
            self._report("swap-without-day-off", message, key, index, "swapped_for")

    def _report(self, rule: str, message: str, *path: str | int) -> None:
        self.problems.append(self.document.problem(rule, message, "years", str(self.number), *path))


def occasion_rule(record: DayRecord) -> OccasionRule:
    """Turn one item of a file into the domain's rule; raise BadInput when its rule cannot be read."""
    return OccasionRule(
        id=record.id,
        name=Name(vi=record.name.vi, en=record.name.en),
        kind=record.kind,
        rule=record.rule,
        tone=record.tone,
        basis=record.basis,
        evidence=record.evidence,
        public_holiday=record.public_holiday,
        first_year=record.first_year,
        since=record.since,
        skip=record.skip or Skip.ERROR,
        leap=record.leap,
        tier_by=record.tier_by,
        uncertain=record.uncertain,
        public_note=record.public_note,
        note=record.note,
        sources=record.sources,
    )


def _where(document: Document[CalendarRecord], *path: str | int) -> str:
    file, line, _ = document.place(*path)
    return f"{file}:{line}"
