"""What a post was made of when it was signed: its entry and the facts as they were then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from editorial.entry import Entry
from editorial.fact import Fact
from editorial.workspace import Content


@dataclass(frozen=True, kw_only=True)
class Source:
    """An entry and everything that it may quote. Another post can be made of it that differs in one fact alone."""

    entry: Entry
    facts: Mapping[str, Fact]  # the shared ones; the entry's own are in the entry

    def fact(self, id: str) -> Fact | None:
        """Return a fact that the entry may quote, its own before the shared one."""
        return next((fact for fact in self.entry.facts if fact.id == id), self.facts.get(id))

    def owns(self, id: str) -> bool:
        """Tell whether the fact is the entry's own."""
        return any(fact.id == id for fact in self.entry.facts)

    def having(self, fact: Fact) -> Source:
        """Return the source with the fact in the place of the one that has its id."""
        if not self.owns(fact.id):
            return replace(self, facts={**self.facts, fact.id: fact})
        own = tuple(fact if each.id == fact.id else each for each in self.entry.facts)
        return replace(self, entry=replace(self.entry, facts=own))

    def within(self, content: Content) -> Content:
        """Return the content as this source saw it: no other entry, and no fact of today."""
        id = self.entry.id
        places = content.places.get(id, {"": (self.entry.file, 1, "")})
        return replace(content, facts=self.facts, entries={id: self.entry}, places={id: places})


def source_of(content: Content, entry: str) -> Source:
    """Return what the posts of an entry are made of now."""
    return Source(entry=content.entries[entry], facts=content.facts)
