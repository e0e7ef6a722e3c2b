"""Markdown turned into what a channel takes: clean HTML, Telegram's few tags, or plain text."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

import markdown
import nh3

_TAGS = {"p", "br", "strong", "em", "b", "i", "a", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "hr", "code", "pre"}
_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
# https://core.telegram.org/bots/api#html-style: anything else makes the call fail
_TELEGRAM = {"strong": "b", "b": "b", "em": "i", "i": "i", "code": "code", "pre": "pre", "blockquote": "blockquote"}
_CELLS = frozenset({"td", "th", "tr"})  # two figures in two cells are not one figure
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SPOKEN_ATTRIBUTES = frozenset({"alt", "title", "aria-label", "content", "placeholder", "summary"})
_BLOCKS = frozenset({"p", "ul", "ol", "blockquote", "pre", "table"}) | _HEADINGS


def to_html(text: object) -> str:
    """Return Markdown as HTML with harmless tags only."""
    made = markdown.markdown(str(text), extensions=["tables", "sane_lists", "nl2br"])
    return nh3.clean(made, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto", "tel"}).strip()


def to_plain(text: object) -> str:
    """Return Markdown as plain text: lists with bullets, links as their words and address."""
    return _read(to_html(text), telegram=False)


def to_telegram_html(text: object) -> str:
    """Return Markdown as the HTML that Telegram takes."""
    return _read(to_html(text), telegram=True)


def read_html(html: str) -> str:
    """Return everything that HTML tells people: its words, addresses, and what pictures and tooltips say of themselves."""
    reader = _Listener()
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{2,}", "\n", reader.text()).strip()


def _read(html: str, *, telegram: bool) -> str:
    reader = _Reader(telegram)
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", reader.text()).strip()


class _Reader(HTMLParser):
    """Write HTML again as lines of text."""

    def __init__(self, telegram: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._telegram = telegram
        self._out: list[str] = []
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int]] = []

    def text(self) -> str:
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        if tag == "li":
            self._out.append(f"\n{self._bullet()} ")
        elif tag == "br":
            self._out.append("\n")
        elif tag in _BLOCKS and not self._in_item():
            self._out.append("\n\n")
        if tag == "a":
            self._open_link(dict(attrs).get("href") or "")
        elif self._telegram:
            self._out.append(self._telegram_tag(tag, closing=False))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close_link()
        elif self._telegram:
            self._out.append(self._telegram_tag(tag, closing=True))
        if tag in _CELLS:
            self._out.append("\n" if tag == "tr" else " ")
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._out.append("\n\n" if not self._lists else "")
        elif tag in _BLOCKS and not self._in_item():
            self._out.append("\n\n")

    def handle_data(self, data: str) -> None:
        words = "" if data.isspace() and "\n" in data else data.strip("\n") if self._at_line_start() else data
        words = re.sub(r"\s*\n\s*", " ", words) if not self._at_line_start() else words
        self._out.append(escape(words, quote=False) if self._telegram else words)

    def _at_line_start(self) -> bool:
        return not self._out or self._out[-1].endswith("\n")

    def _in_item(self) -> bool:
        return bool(self._lists)

    def _bullet(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "•"
        self._lists[-1] += 1
        return f"{self._lists[-1]}."

    def _telegram_tag(self, tag: str, *, closing: bool) -> str:
        name = "b" if tag in _HEADINGS else _TELEGRAM.get(tag)
        return "" if name is None else f"</{name}>" if closing else f"<{name}>"

    def _open_link(self, address: str) -> None:
        if self._telegram:
            self._out.append(f'<a href="{escape(address)}">')
        self._links.append((address, len(self._out)))

    def _close_link(self) -> None:
        if not self._links:
            return
        address, start = self._links.pop()
        words = "".join(self._out[start:])
        if self._telegram:
            self._out.append("</a>")
        elif address and words.strip() not in (address, address.removeprefix("https://").removeprefix("mailto:")):
            self._out.append(f" ({address})")


class _Listener(_Reader):
    """Read HTML as plain text, and the attributes that are words beside it, each on a line of its own."""

    def __init__(self) -> None:
        super().__init__(telegram=False)
        self._told: list[str] = []

    def text(self) -> str:
        return "\n".join((super().text(), *self._told))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag in ("div", "figure", "figcaption", "section", "article", "hr"):
            self.handle_starttag("br", [])
        self._told += [value for name, value in attrs if value and name in _SPOKEN_ATTRIBUTES]
