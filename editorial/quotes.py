"""Which facts an entry quotes, or has to carry, wherever it does so: words, handwritten variants, pictures, alt texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from editorial.entry import Entry

if TYPE_CHECKING:
    from editorial.workspace import Content

_QUOTE = re.compile(r"\bfact\.([a-z0-9_]+)")


def texts_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield every text of an entry as it was written, with its language."""
    for language, message in entry.messages.items():
        by_hand = [text for each in message.variants.values() for text in (each.title, each.summary, each.text, each.comment)]
        for text in (message.headline, message.summary, message.body, message.action, message.link, *by_hand):
            yield text or "", language
    for order in entry.media:
        for language, values in order.data.items():
            yield str(values), language
        for language, alt in order.alt.items():
            yield alt, language


def quoted_by(entry: Entry) -> frozenset[str]:
    """Return the ids of the facts that an entry quotes or has to carry, its own and shared ones."""
    return frozenset((*entry.uses, *(id for text, _ in texts_of(entry) for id in _QUOTE.findall(text))))


def quoting_entries(content: Content) -> Mapping[str, tuple[str, ...]]:
    """Return the entries that quote each fact; an entry's own fact goes by `entry/fact`, or `series/fact` where it repeats."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in content.entries.values():
        own = {fact.id for fact in entry.facts}
        for id in quoted_by(entry):
            found[f"{entry.series or entry.id}/{id}" if id in own else id].append(entry.id)
    return {id: tuple(entries) for id, entries in found.items()}
