"""Other people's calendars read as days: their mistakes tolerated and told, what cannot be told apart refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, time, tzinfo

from editorial.clock import OFFICE_ZONE
from editorial.problem import BadInput, Problem, Severity
from store.ics.component import Component, read_calendars
from store.ics.content_line import Line, read_lines
from store.ics.length import days_of, span
from store.ics.recurrence import read_yearly
from store.ics.wall_time import WallTime
from store.ics.zone import zone_named, zone_with_offset

MOST_EVENTS = 5000
MOST_WARNINGS = 100
Moved = Mapping[str, Set[date]]  # by UID, the days of a series that have an event of their own
_WHEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?", re.ASCII)
_YEARS = range(1900, 2200)


@dataclass(frozen=True, kw_only=True)
class ForeignDay:
    """A day of another calendar: once, or by a rule that goes on."""

    uid: str
    summary: str
    day: date  # the first one
    rule: str  # in our words: date:2026-10-10, solar:10-10
    length: int = 1  # days
    english: str = ""


@dataclass(frozen=True, kw_only=True)
class ForeignCalendar:
    """What an .ics file says of the years asked for; `problems` are warnings."""

    name: str
    days: tuple[ForeignDay, ...]
    problems: tuple[Problem, ...]


def read_foreign(raw: bytes, file: str, years: Collection[int]) -> ForeignCalendar:
    """Return the days that fall into the years, by day; raise BadInput when the bytes are no calendar."""
    return _Reader(file=file, years=frozenset(years)).read(raw)


@dataclass(kw_only=True)
class _Reader:
    """Read one file, gathering what has to be told."""

    file: str
    years: frozenset[int]
    problems: list[Problem] = field(default_factory=list)
    outside: int = 0
    untold: int = 0

    def read(self, raw: bytes) -> ForeignCalendar:
        calendars = read_calendars(self._lines(raw), self.file)
        events = [(event, calendar) for calendar in calendars for event in calendar.within("VEVENT")]
        if len(events) > MOST_EVENTS:
            message = f"tệp có {len(events)} sự kiện, nhiều nhất là {MOST_EVENTS}; hãy xuất một khoảng ngắn hơn"
            raise BadInput(Problem(rule="too-many-events", file=self.file, message=message))
        moved = self._moved(events)
        found = [day for event, calendar in events for day in self._days(event, calendar, moved)]
        self._tell_outside()
        self._tell_untold()
        return ForeignCalendar(name=_name(calendars), days=_sorted(found), problems=tuple(dict.fromkeys(self.problems)))

    def _lines(self, raw: bytes) -> Iterator[Line]:
        for line in read_lines(raw, self.file):
            if isinstance(line, Problem):
                self._warn(line.rule, line.message, line.line or 1)
            else:
                yield line

    def _days(self, event: Component, calendar: Component, moved: Moved) -> Iterator[ForeignDay]:
        """Yield the days of an event; one that cannot be read is told and left out."""
        if calendar.says("METHOD", "CANCEL") or event.says("STATUS", "CANCELLED"):
            return
        summary = _one_line(event.text("SUMMARY"))
        if not summary:
            self._warn("no-summary", "sự kiện không có tên (SUMMARY); đã bỏ qua", event.number)
            return
        try:
            yield from self._read(event, calendar, moved, summary)
        except BadInput as error:
            for problem in error.problems:
                self._warn(problem.rule, f"“{summary[:60]}”: {problem.message}", problem.line or event.number)

    def _read(self, event: Component, calendar: Component, moved: Moved, summary: str) -> Iterator[ForeignDay]:
        starts = event.first("DTSTART")
        if starts is None:
            raise _refused("no-start", "sự kiện không có ngày bắt đầu (DTSTART)", event.number)
        start = self._wall_time(starts, calendar)
        length = self._length(event, calendar, start)
        for day, said in self._falls(event, calendar, start, moved, summary):
            yield ForeignDay(
                uid=_one_line(event.text("UID")), summary=summary, day=day, rule=said, length=length, english=_english(event)
            )

    def _falls(
        self, event: Component, calendar: Component, start: WallTime, moved: Moved, summary: str
    ) -> Iterator[tuple[date, str]]:
        """Yield (day, rule): one rule where the event comes back for ever, else a rule for each day in the years."""
        extra = self._listed(event, calendar, "RDATE")
        left_out = self._listed(event, calendar, "EXDATE") | self._moved_away(event, moved)
        repeats = event.first("RRULE")
        if repeats is None:
            days = {start.office_day, *extra}
        else:
            yearly = read_yearly(repeats.value, start)
            if yearly.endless and not extra and not left_out:
                if rule := yearly.rule(self.years):
                    yield start.office_day, rule
                    return
                self._tell_materialised(summary, repeats)
            days = {*yearly.days(self.years), *extra}
        yield from ((day, f"date:{day}") for day in sorted(days - left_out) if self._asked_for(day))

    def _tell_materialised(self, summary: str, repeats: Line) -> None:
        why = "sang ngày Hà Nội thì không còn theo một quy tắc; chỉ nhập các ngày của năm"
        message = f"“{summary[:60]}”: lặp theo giờ nơi khác, {why} {min(self.years)}-{max(self.years)}, năm sau hãy nhập lại"
        self._warn("repeated-elsewhere", message, repeats.number)

    def _listed(self, event: Component, calendar: Component, name: str) -> set[date]:
        values = ((line, value) for line in event.all(name) for value in line.value.split(","))
        return {self._day(line, calendar, value) for line, value in values if value.strip()}

    def _moved(self, events: Collection[tuple[Component, Component]]) -> Moved:
        """Return the days, by UID, of every occurrence that an event of its own replaces or cancels."""
        found: dict[str, set[date]] = {}
        for event, calendar in events:
            try:
                days = {self._day(line, calendar) for line in event.all("RECURRENCE-ID")}
            except BadInput:
                continue  # an occurrence of no day: nothing is replaced by it
            if days:
                found.setdefault(event.text("UID"), set()).update(days)
        return found

    def _moved_away(self, event: Component, moved: Moved) -> Set[date]:
        """Return the days of a series that another event of the same UID replaces."""
        if event.first("RECURRENCE-ID"):
            return set()
        return moved.get(event.text("UID"), set())

    def _asked_for(self, day: date) -> bool:
        self.outside += day.year not in self.years
        return day.year in self.years

    def _day(self, line: Line, calendar: Component, value: str | None = None) -> date:
        """Return the office's day of a DATE or DATE-TIME."""
        return self._wall_time(line, calendar, value).office_day

    def _wall_time(self, line: Line, calendar: Component, value: str | None = None) -> WallTime:
        text = (line.value if value is None else value).strip().split("/")[0]
        found = _WHEN.fullmatch(text.upper())
        try:
            if found is None or int(found[1]) not in _YEARS:
                raise ValueError(text)
            day = date(int(found[1]), int(found[2]), int(found[3]))
            if found[4] is None:
                return WallTime(day=day)
            clock = time(int(found[4]), int(found[5]), min(int(found[6]), 59))  # 23:59:60 is a leap second; Python has none
        except ValueError as error:
            raise _refused("wrong-date", f"{line.name}:{text[:30]} không phải là ngày giờ có thật", line.number) from error
        zone = zone_named("(UTC)") if found[7] else self._zone(line, calendar)
        return WallTime(day=day, clock=clock, zone=zone or OFFICE_ZONE)

    def _zone(self, line: Line, calendar: Component) -> tzinfo:
        name = line.parameters.get("TZID", "")
        if not name:
            if line.name == "DTEND":
                return OFFICE_ZONE  # told of the event's start already, or of no matter beside a start that has a zone
            self._warn("floating-time", "giờ không ghi múi giờ; đã coi là giờ Hà Nội", line.number)
            return OFFICE_ZONE
        zone = zone_named(name) or _declared(name, calendar)
        if zone is None:
            self._warn("unknown-zone", f"không biết múi giờ “{name[:60]}”; đã coi là giờ Hà Nội", line.number)
        return zone or OFFICE_ZONE

    def _length(self, event: Component, calendar: Component, start: WallTime) -> int:
        """Return how many days the event lasts; an end that cannot be read is none."""
        lasts = span(event.text("DURATION"))
        ends = event.first("DTEND")
        if lasts is None and ends is not None:
            try:
                lasts = self._wall_time(ends, calendar).moment - start.moment
            except BadInput:
                return 1
        return days_of(start, lasts) if lasts else 1

    def _tell_outside(self) -> None:
        if self.outside:
            message = f"{self.outside} ngày nằm ngoài các năm {min(self.years)}-{max(self.years)}; đã bỏ qua"
            self._warn("outside-years", message, None)

    def _tell_untold(self) -> None:
        if self.untold:
            message = f"còn {self.untold} lưu ý nữa; tệp này có vẻ không phải lịch tốt, hãy xuất lại"
            self.problems.append(Problem(rule="more-warnings", message=message, file=self.file, severity=Severity.WARNING))

    def _warn(self, rule: str, message: str, line: int | None) -> None:
        if len(self.problems) >= MOST_WARNINGS:
            self.untold += 1
            return
        self.problems.append(Problem(rule=rule, message=message, file=self.file, line=line, severity=Severity.WARNING))


def _declared(name: str, calendar: Component) -> tzinfo | None:
    """Return a zone that the file itself declares, by its standard time: a day is hardly ever lost to summer time."""
    for zone in calendar.within("VTIMEZONE"):
        if zone.text("TZID") == name:
            known = zone_named(zone.text("X-LIC-LOCATION"))
            standard = next(zone.within("STANDARD"), None)
            return known or (zone_with_offset(standard.text("TZOFFSETTO")) if standard else None)
    return None


def _name(calendars: Collection[Component]) -> str:
    named = (_one_line(calendar.text("X-WR-CALNAME") or calendar.text("NAME")) for calendar in calendars)
    return next((name for name in named if name), "")


def _english(event: Component) -> str:
    summary = (line for line in event.all("SUMMARY") if line.parameters.get("LANGUAGE", "").lower().startswith("en"))
    return next((_one_line(line.value) for line in summary), "")


def _one_line(text: str) -> str:
    """Return the text as it stands on one line, without letters that cannot be seen."""
    shown = "".join(letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", text))
    return " ".join(shown.split())[:300]


def _sorted(days: Collection[ForeignDay]) -> tuple[ForeignDay, ...]:
    once = {(day.uid or day.summary, day.rule): day for day in days}
    return tuple(sorted(once.values(), key=lambda day: (day.day, day.summary, day.uid)))


def _refused(rule: str, message: str, line: int) -> BadInput:
    return BadInput(Problem(rule=rule, message=f"{message}; đã bỏ qua", line=line))
