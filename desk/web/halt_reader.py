"""Gather the pauses that a page tells of: those that hold what it shows."""

from __future__ import annotations

from collections.abc import Collection

from desk.silence import scope_words
from desk.web.moment_words import short_moment
from desk.web.outlook import Outlook
from desk.web.pauses_reader import in_office, window_said
from desk.web.views.halts import HaltLine, HaltLines, halt_lines
from editorial.entry import Entry
from editorial.tone import Tone
from store.halts import ALL, MOURNING, Halt, channel_scope, entry_scope, tone_scope, unit_scope

_OF_ONE = ("entry:", "post:")  # pauses of one entry or post, which only its own page tells


def office_halts(outlook: Outlook) -> HaltLines:
    """Return the pauses that hold more than one entry, in force or to come."""
    return _lines(outlook, tuple(each for each in _planned(outlook) if not each.scope.startswith(_OF_ONE)))


def entry_halts(outlook: Outlook, entry: Entry) -> HaltLines:
    """Return the pauses that hold an entry on any of its channels, in force or to come."""
    scopes = {ALL, entry_scope(entry.id), unit_scope(entry.unit), tone_scope(entry.tone), *map(channel_scope, entry.channels)}
    if entry.tone is not Tone.SOLEMN:
        scopes.add(MOURNING)
    return _lines(outlook, tuple(each for each in _planned(outlook) if each.scope in scopes))


def _planned(outlook: Outlook) -> tuple[Halt, ...]:
    return outlook.bench.store.halts.planned()


def _lines(outlook: Outlook, halts: Collection[Halt]) -> HaltLines:
    office, now = outlook.bench.content.office, outlook.bench.clock.now()
    return halt_lines(tuple(
        HaltLine(
            scope=each.scope,
            what=in_office(scope_words(each.scope), office),
            why=each.why,
            who=office.name_of(each.who),
            since=short_moment(each.at),
            window=window_said(each),
            to_come=not each.in_force(now),
        )
        for each in halts
    ))  # fmt: skip
