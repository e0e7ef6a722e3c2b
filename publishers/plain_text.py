"""The words of an HTML body, as a reader would copy them: what two versions of a page are compared by."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "tr", "table", "blockquote"]) | frozenset(
    ["figure", "figcaption", "section", "article", "pre", "hr"]
)
_SILENT = frozenset(("script", "style", "video", "audio", "head", "title"))


def plain_text(html: str) -> str:
    """Return the text of the HTML: blocks on lines of their own, no markup, runs of white space as one."""
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("img", "video"):
            self.media.extend(value for name, value in attrs if name == "src" and value)
        if tag in _SILENT:
            self._silent += 1
        if tag in _BLOCKS or tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # A line break in HTML source is white space; only markup breaks a line.
            self.parts.append(data.replace("\n", " "))
