"""A foreign calendar written as a file of calendars/."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from editorial.lunar import FIRST_YEAR, LAST_YEAR
from editorial.occasion import Kind, OccasionRule, occurrences
from editorial.problem import BadInput, Problem, Severity
from editorial.tone import Tone
from reading.document import parse_tree, read_yaml, validate
from reading.source import MOST_BYTES, relative_name
from store.calendar_files import occasion_rule
from store.calendar_records import CalendarRecord
from store.ics.reader import ForeignCalendar, ForeignDay
from store.ics.slug import slug


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a calendar came from, and what its days are to the office."""

    source: str  # a file's name or an address
    kind: Kind = Kind.CITY_MILESTONE
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, kw_only=True)
class Written:
    """The ids of the days in the file, and a warning for each that another file has already."""

    ids: tuple[str, ...]
    known: tuple[Problem, ...]


def write_calendar_file(calendar: ForeignCalendar, origin: Origin, path: Path, *, force: bool = False) -> Written:
    """Write the calendar; raise BadInput when a file is in its way or nothing in it is new, with what was left out and why."""
    root = path.parent.parent
    name = relative_name(path, root)
    if path.exists() and not force:
        message = "tệp này đã có; hãy chọn --name khác, hoặc thêm --force để ghi đè"
        raise BadInput(Problem(rule="file-exists", file=name, message=message))
    rules = _other_rules(path, root)
    had = _known(calendar.days, rules)
    known = tuple(_already(day, origin.source) for day in had)
    days = tuple(day for day in calendar.days if day not in had)
    if not days:
        message = "không có ngày mới nào để nhập trong các năm này; hãy kiểm tra lại tệp lịch"
        raise BadInput(*calendar.problems, *known, Problem(rule="no-events", file=origin.source, message=message))
    ids = tuple(_ids(days, {rule.id for rule in rules}))
    text = "\n".join(_lines(days, ids, calendar.name, origin))
    if len(text.encode()) > MOST_BYTES:
        message = f"{len(ids)} ngày là quá nhiều cho một tệp lịch; hãy xuất một khoảng ngắn hơn"
        raise BadInput(Problem(rule="too-many-events", file=origin.source, message=message))
    for record in validate(parse_tree(text, name), CalendarRecord).value.days:
        occasion_rule(record)
    _replace(path, text)
    return Written(ids=ids, known=known)


def _other_rules(path: Path, root: Path) -> tuple[OccasionRule, ...]:
    """Return the days of the other calendars; two files with one id would stop the whole office."""
    others = (other for other in sorted(path.parent.glob("*.yaml")) if other != path)
    records = (record for other in others for record in read_yaml(other, CalendarRecord, root).value.days)
    return tuple(occasion_rule(record) for record in records)


def _known(days: Collection[ForeignDay], rules: Collection[OccasionRule]) -> tuple[ForeignDay, ...]:
    """Return the days that the office has already, by the same name on the same day."""
    named: dict[str, list[OccasionRule]] = {}
    for rule in rules:
        named.setdefault(slug(rule.name.vi), []).append(rule)
    return tuple(day for day in days if any(_falls_on(rule, day) for rule in named.get(slug(day.summary), ())))


def _already(day: ForeignDay, file: str) -> Problem:
    message = f"“{day.summary}” ({day.day:%d/%m/%Y}) đã có trong lịch; không nhập lại"
    return Problem(rule="already-known", message=message, file=file, severity=Severity.WARNING)


def _falls_on(rule: OccasionRule, day: ForeignDay) -> bool:
    if rule.rule == day.rule:
        return True
    in_range = FIRST_YEAR <= day.day.year <= LAST_YEAR
    return in_range and any(fall.date == day.day for fall in occurrences(rule, day.day.year))


def _ids(days: Collection[ForeignDay], taken: set[str]) -> Iterator[str]:
    """Yield an id a day: of its name, else of its UID; with its year, then a number, where that is taken."""
    for day in days:
        name = slug(day.summary) or slug(day.uid) or "ngay"
        base = name if name[0].isalpha() else f"ngay_{name}"
        numbered = (f"{base}_{day.day.year}_{number}" for number in range(2, len(days) + len(taken) + 3))
        id = next(id for id in (base, f"{base}_{day.day.year}", *numbered) if id not in taken)
        taken.add(id)
        yield id


def _lines(days: Collection[ForeignDay], ids: Collection[str], calendar: str, origin: Origin) -> Iterator[str]:
    yield "# Nhập từ một lịch iCalendar; nhập lại bằng ./loa ics-import với --force sẽ ghi đè tệp này."
    yield "# Cách viết từng khóa: docs/calendars.md"
    yield "schema: 1"
    yield "days:"
    for day, id in zip(days, ids, strict=True):
        yield from _day(day, id, calendar, origin)
    yield ""


def _day(day: ForeignDay, id: str, calendar: str, origin: Origin) -> Iterator[str]:
    yield f"  - id: {id}"
    yield f"    name: {{vi: {_quoted(day.summary)}, en: {_quoted(day.english or day.summary)}}}"
    yield f"    kind: {origin.kind.value}"
    yield f"    rule: {_quoted(day.rule)}"
    if not day.rule.startswith("date:"):
        yield f"    since: {day.day.year}"
    if day.rule == "solar:02-29":
        yield "    skip: omit"
    yield f"    tone: {origin.tone.value}"
    yield f"    basis: {_quoted(f'lịch “{calendar}”' if calendar else 'lịch nhập từ ngoài')}"
    yield "    evidence: general_knowledge"
    if day.length > 1:
        yield f"    note: {_quoted(f'kéo dài {day.length} ngày')}"
    yield f"    sources: [{_quoted(origin.source)}]"


def _quoted(text: str) -> str:
    """Return a YAML scalar in double quotes; what YAML would refuse or take for a line break is written as its number."""
    return '"' + "".join(_letter(letter) for letter in text) + '"'


def _letter(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    return f"\\U{ord(letter):08x}"


def _replace(path: Path, text: str) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(part).chmod(0o644)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)
