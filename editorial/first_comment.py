"""The first comment below a post: the office's own words, said once the post is public.

An address in it is that of the same entry's post on another channel. It is known only when that one is public, so what is signed
has a place for it, `{{ post.portal }}`, and the key of the post that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST_ADDRESS = 200  # characters that are kept free for an address nobody knows yet
_PLACE = re.compile(r"\{\{\s*post\.([a-z0-9]+(?:[-_.][a-z0-9]+)*)\s*\}\}")
_OPENS, _CLOSES = "\ue000", "\ue001"  # letters that nobody writes


@dataclass(frozen=True, kw_only=True)
class Link:
    """A place for an address: the post of the same entry on another channel, by the key of its first copy."""

    channel: str
    post: str


@dataclass(frozen=True, kw_only=True)
class FirstComment:
    """What is said, its facts written out, and the posts whose addresses are in it."""

    text: str
    links: tuple[Link, ...] = ()

    def said(self, addresses: Mapping[str, str]) -> str:
        """Return the words with the addresses, by channel; raise KeyError where one is missing."""
        return _PLACE.sub(lambda found: addresses[found[1]], self.text)

    @property
    def longest(self) -> str:
        """Return the words with the longest addresses that are reckoned with."""
        return _PLACE.sub("x" * LONGEST_ADDRESS, self.text)

    @property
    def bare(self) -> str:
        """Return the words without the places for addresses: what the facts are held against."""
        return without_places(self.text)


def linked_channels(source: str) -> tuple[str, ...]:
    """Return the channels whose posts a text asks the address of, each once, in order."""
    return tuple(dict.fromkeys(_PLACE.findall(source)))


def without_places(text: str) -> str:
    """Return a text without its places for addresses."""
    return _PLACE.sub("", text)


def guarded(source: str) -> str:
    """Return a text whose places for addresses are nothing to whoever writes its facts out; `unguarded` gives them back."""
    return _PLACE.sub(lambda found: f"{_OPENS}{found[1]}{_CLOSES}", source)


def unguarded(text: str) -> str:
    """Return a text with its places for addresses as they are signed."""
    return re.sub(f"{_OPENS}([^{_CLOSES}]*){_CLOSES}", r"{{ post.\1 }}", text)


def circles(links: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield each channel whose comment leads, from post to post, back to its own; `links` are the channels each one names."""
    for start in links:
        seen, further = set[str](), list(links[start])
        while further:
            channel = further.pop()
            if channel == start:
                yield start
                break
            if channel not in seen:
                seen.add(channel)
                further.extend(links.get(channel, ()))
