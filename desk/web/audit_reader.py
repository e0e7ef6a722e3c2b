"""What the page of the audit log shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from desk.audit_reader import DeedLine, LogFilters, read_deeds
from desk.deed_words import MACHINES
from desk.log_check import Checked
from desk.web.bench import Bench
from desk.web.moment_words import clock_words, day_of_year_heading, local, moment_words, moments_said
from desk.web.phrase_book import spoken

PAGE = 60  # deeds
NAMED = 20  # breaks of the log
# A digest says nothing to a reader, and stays in the exported log.
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_AUTHOR = re.compile(r"\(([^()]+)\)")

__all__ = ("DayOfDeeds", "DeedRow", "LogFilters", "LogPage", "LogState", "read_log", "state_of")


@dataclass(frozen=True, kw_only=True)
class DeedRow:
    """One deed."""

    number: int
    time: str
    who: str
    what: str
    whom: str
    why: str
    kind: str
    link: str  # to what it was done, where there is a page of it


@dataclass(frozen=True, kw_only=True)
class DayOfDeeds:
    """The deeds of a day, newest first."""

    day: date
    heading: str
    rows: tuple[DeedRow, ...]


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """A stretch of the log by day; `older` is where the next one begins."""

    days: tuple[DayOfDeeds, ...]
    older: int | None


@dataclass(frozen=True, kw_only=True)
class LogState:
    """Whether the log holds: how many rows it has, when all of them were read, how many came since, and what does not hold."""

    rows: int
    head: str
    at: str
    newer: int
    breaks: tuple[str, ...]
    more: int  # breaks that are not named
    witnessed: bool


def read_log(bench: Bench, filters: LogFilters, before: int | None) -> LogPage:
    """Return a stretch of the log."""
    found = read_deeds(bench.store, bench.content.office, filters, before=before, limit=PAGE)
    days = groupby(found.lines, key=lambda line: local(line.at).date())
    return LogPage(
        days=tuple(
            DayOfDeeds(day=day, heading=day_of_year_heading(day), rows=tuple(_row(bench, line) for line in lines))
            for day, lines in days
        ),
        older=found.older,
    )


def state_of(checked: Checked) -> LogState:
    """Return what a reading of the log says on a page."""
    found = (*checked.report.breaks, *(checked.on.breaks if checked.on else ()))
    return LogState(
        rows=checked.rows, head=checked.head, at=moment_words(checked.at), newer=checked.newer,
        breaks=tuple(f"dòng {each.number}: {each.what}" if each.number else each.what for each in found[:NAMED]),
        more=max(0, len(found) - NAMED), witnessed=checked.report.ok,
    )  # fmt: skip


def _row(bench: Bench, line: DeedLine) -> DeedRow:
    return DeedRow(
        number=line.number, time=clock_words(line.at), who=_who(line.who), what=line.what, whom=line.whom,
        why=_why(line.why), kind=line.kind.value, link=_link(bench, line.subject),
    )  # fmt: skip


def _who(name: str) -> str:
    return spoken(name) if name in MACHINES.values() else name


def _why(detail: str) -> str:
    """Return what the log adds, without digests; where only the name behind a signature is left, say whose it is."""
    rest = moments_said(_DIGEST.sub("", detail).strip(" ;·,"))
    author = _AUTHOR.fullmatch(rest)
    return f"người soạn: {author[1]}" if author and rest != detail else rest


def _link(bench: Bench, subject: str) -> str:
    entry = subject.partition(".")[0]
    return f"/entries/{entry}" if entry in bench.content.entries else ""
