"""The words of an HTML body, as a reader would copy them: what two versions of a page are compared by."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "tr", "table", "blockquote"]) | frozenset(
    ["figure", "figcaption", "section", "article", "pre", "hr"]
)
_SILENT = frozenset(("script", "style", "video", "audio", "head", "title"))


def plain_text(html: str) -> str:
    """Return the text of the HTML, spelt as captions are: items with bullets, a link's address behind its words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r"[ \t\r\f\v\u00a0]+", " ", line).strip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def media_addresses(html: str) -> tuple[str, ...]:
    """Return the addresses of the pictures and clips in the HTML, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.media)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.media: list[str] = []
        self._silent = 0
        self._lists: list[int | None] = []  # the number of the last item; None in a list without numbers
        self._links: list[tuple[str, int]] = []  # address, and where its words start in `parts`

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("img", "video"):
            self.media.extend(value for name, value in attrs if name == "src" and value)
        if tag in _SILENT:
            self._silent += 1
        if tag in _BLOCKS or tag == "br":
            self.parts.append("\n")
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self.parts.append(self._bullet())
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if tag == "a" and self._links:
            self._close_link(*self._links.pop())
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # A line break in HTML source is white space; only markup breaks a line.
            self.parts.append(data.replace("\n", " "))

    def _bullet(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "• "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _close_link(self, address: str, start: int) -> None:
        words = "".join(self.parts[start:]).strip()
        if address and words not in (address, address.removeprefix("https://").removeprefix("mailto:")):
            self.parts.append(f" ({address})")
