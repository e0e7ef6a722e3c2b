"""The workspace in memory: what the office is, what it knows and what it plans to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from editorial.campaign import Campaign
from editorial.entry import Entry
from editorial.fact import Fact
from editorial.office import Office
from editorial.problem import Problem
from editorial.quotes import quoting_entries

Place = tuple[str, int, str]  # file, line (from 1), dotted key


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything that content/ says, by id; `places` finds where an entry says a key."""

    office: Office
    facts: Mapping[str, Fact]
    entries: Mapping[str, Entry]
    places: Mapping[str, Mapping[str, Place]]  # entry id -> dotted key -> place
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    campaign_places: Mapping[str, Mapping[str, Place]] = field(default_factory=dict)  # campaign id -> dotted key -> place
    translated_places: Mapping[tuple[str, str], Mapping[str, Place]] = field(default_factory=dict)  # (entry id, language)

    def facts_of(self, entry: Entry) -> Mapping[str, Fact]:
        """Return the facts that the entry may quote: the shared ledger and its own, which win."""
        return {**self.facts, **{fact.id: fact for fact in entry.facts}}

    @cached_property
    def quoting(self) -> Mapping[str, tuple[str, ...]]:
        """Return the entries that quote each fact, by the fact's id, or `entry/fact` for a fact of an entry's own."""
        return quoting_entries(self)

    @property
    def names(self) -> frozenset[str]:
        """Return the ids of all entries, and of the series whose occurrences some of them are."""
        return frozenset(self.entries) | {entry.series for entry in self.entries.values() if entry.series}

    def unknown_entry(self, id: str) -> Problem:
        """Say that there is no such entry, and what may have been meant."""
        turns = [entry.id for entry in self.entries.values() if entry.series == id]
        near = get_close_matches(id, self.entries, n=1, cutoff=0.6)
        message = f"không có mục nội dung “{id}” trong content/" + (f"; có phải “{near[0]}”?" if near else "")
        if turns:
            message = f"mục “{id}” lặp lại nhiều kỳ; hãy chọn một kỳ, từ {turns[0]} đến {turns[-1]}"
        return Problem(rule="unknown-entry", message=message)

    def place(self, entry: str, key: str, language: str = "vi") -> Place:
        """Return where the entry says the key in a language, or its nearest parent."""
        translated = self.translated_places.get((entry, language))
        return _nearest(self.places[entry] if translated is None else translated, key)

    def medium_place(self, entry: Entry, index: int, key: str, language: str = "vi") -> Place:
        """Return where a picture or clip has its `alt`, or a key of its `data`; a translation says only what differs."""
        translated = self.translated_places.get((entry.id, language), {})
        section, _, inner = key.partition(".")
        start = f"{section}.{entry.media[index].id}"
        here = f"{start}.{inner.split('.')[0].split('[')[0]}" if inner else start
        if here in translated or (section == "alt" and translated):
            return _nearest(translated, f"{start}.{inner}" if inner else start)
        return self.place(entry.id, f"media[{index}].{key}")

    def campaign_place(self, campaign: str, key: str) -> Place:
        """Return where the campaign says the key, or its nearest parent."""
        return _nearest(self.campaign_places[campaign], key)


def _nearest(known: Mapping[str, Place], key: str) -> Place:
    parts = key.replace("[", ".[").split(".")
    for length in range(len(parts), 0, -1):
        found = known.get(".".join(parts[:length]).replace(".[", "["))
        if found:
            return found[0], found[1], key
    return known[""][0], known[""][1], key
