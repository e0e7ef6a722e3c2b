"""A channel's mark: two letters that fit where its name does not."""

from __future__ import annotations

from dataclasses import dataclass

from editorial.office import Office
from publishers.registry import PUBLISHERS, manifest_of


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A channel as the pages show it."""

    id: str
    letters: str
    name: str


def mark(office: Office, channel: str) -> Mark:
    """Return the mark of a channel; one that the office no longer has goes by its id."""
    known = office.channels.get(channel)
    if known is None:
        return Mark(id=channel, letters=channel[:2].upper(), name=channel)
    given = manifest_of(known.publisher).mark if known.publisher in PUBLISHERS else ""
    return Mark(id=channel, letters=given or known.publisher[:2].upper(), name=known.name)
