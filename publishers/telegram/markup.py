"""Captions in Telegram's HTML, in one spelling, so that what was sent and what comes back can be compared."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

_SAME = {"strong": "b", "em": "i", "ins": "u", "strike": "s", "del": "s"}


def canonical(html: str) -> str:
    """Return the caption with one name for each tag, only the address of a link, and only & < > escaped."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    written = "".join(writer.parts).strip()
    # Telegram keeps stretches of text, not tags: two of one kind side by side come back as one.
    return re.sub(r"</([bius]|code)><\1>", "", written)


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        self.parts.append(f'<a href="{escape(address)}">' if address else f"<{_SAME.get(tag, tag)}>")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{_SAME.get(tag, tag)}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data, quote=False))
