"""Formatted text as the Bot API reads it: plain words with entities counted in UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

from rehearsal.call import JsonObject
from rehearsal.telegram.error import bad

LONGEST_TEXT, LONGEST_CAPTION, MOST_ENTITIES = 4096, 1024, 100
_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline", "s": "strikethrough",
    "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre", "a": "text_link", "span": "spoiler",
    "tg-spoiler": "spoiler", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>|<|([^<]+)")
_HREF = re.compile(r"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_AUTOMATIC = ((re.compile(r"(?<!\w)#\w+"), "hashtag"), (re.compile(r"https?://[^\s<>]+"), "url"))
_SHOWN = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A formatted stretch of text; offset and length in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""

    def describe(self) -> JsonObject:
        """Describe it as the API does."""
        plain: JsonObject = {"type": self.type, "offset": self.offset, "length": self.length}
        return {**plain, "url": self.url} if self.url else plain


@dataclass(frozen=True, kw_only=True)
class Formatted:
    """Words and their formatting."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    @property
    def html(self) -> str:
        """Show the words as a web page would."""
        units = self.text.encode("utf-16-le")
        marks: list[tuple[int, int, str]] = []
        for entity in self.entities:
            tag = _SHOWN.get(entity.type)
            opening, closing = (f'<a href="{escape(entity.url)}">', "</a>") if entity.url else (f"<{tag}>", f"</{tag}>")
            if tag or entity.url:
                marks += [(entity.offset, 1, opening), (entity.offset + entity.length, 0, closing)]
        parts, at = [], 0
        for place, _, mark in sorted(marks, key=lambda mark: mark[:2]):
            parts += [escape(units[at * 2 : place * 2].decode("utf-16-le")), mark]
            at = place
        return "".join([*parts, escape(units[at * 2 :].decode("utf-16-le"))]).replace("\n", "<br>")


@dataclass
class _Reading:
    words: list[str] = field(default_factory=list)
    open: list[tuple[str, int, str]] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    length: int = 0

    def say(self, text: str) -> None:
        self.words.append(text)
        self.length += units(text)

    def close(self, name: str, at: int) -> None:
        if not self.open or self.open[-1][0] != name:
            expected = f', expected "</{self.open[-1][0]}>", found "</{name}>"' if self.open else ""
            raise bad(f"can't parse entities: {'Unmatched' if self.open else 'Unexpected'} end tag at byte offset {at}{expected}")
        tag, start, url = self.open.pop()
        if self.length > start and (tag != "a" or url):
            self.entities.append(Entity(type=_TAGS[tag], offset=start, length=self.length - start, url=url))


def units(text: str) -> int:
    """Count a text as Telegram does, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse(text: str, mode: str) -> Formatted:
    """Read a text in its parse mode; refuse what cannot be read."""
    readers: dict[str, Callable[[str], Formatted]] = {"": lambda text: Formatted(text=text), "html": _html}
    if mode.lower() not in readers:
        raise bad(f"unsupported parse_mode in the rehearsal: {mode} (only HTML is known here)")
    read = readers[mode.lower()](text)
    stripped = _strip(read)
    if len(stripped.entities) > MOST_ENTITIES:
        stripped = Formatted(text=stripped.text, entities=stripped.entities[:MOST_ENTITIES])
    return stripped


def given(text: str, entities: object) -> Formatted:
    """Read a text whose formatting is given apart from it, as a list of entities."""
    if not isinstance(entities, list):
        raise bad("can't parse entities: a list is expected")
    total, found = units(text), []
    for one in entities:
        if not isinstance(one, dict) or not isinstance(one.get("offset"), int) or not isinstance(one.get("length"), int):
            raise bad("can't parse entities: offset and length are expected")
        if one["length"] > 0 and one["offset"] + one["length"] <= total:
            found.append(
                Entity(type=str(one.get("type")), offset=one["offset"], length=one["length"], url=str(one.get("url") or ""))
            )
    return _strip(Formatted(text=text, entities=tuple(found)))


def _html(text: str) -> Formatted:
    reading = _Reading()
    for found in _TOKEN.finditer(text):
        at = len(text[: found.start()].encode())
        if found.group(4) is not None:
            reading.say(_decode(found.group(4)))
        elif found.group(2) is None:
            raise bad(f"can't parse entities: Unclosed start tag at byte offset {at}")
        elif found.group(2).lower() not in _TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{found.group(2)}" at byte offset {at}')
        elif found.group(1):
            reading.close(found.group(2).lower(), at)
        else:
            href = _HREF.search(found.group(3) or "")
            url = unescape(href.group(1) or href.group(2) or "") if href else ""
            reading.open.append((found.group(2).lower(), reading.length, url))
    if reading.open:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{reading.open[-1][0]}\"")
    whole = "".join(reading.words)
    return Formatted(text=whole, entities=tuple(sorted(reading.entities, key=lambda one: (one.offset, -one.length))))


def _decode(text: str) -> str:
    """Decode the four named entities and the numeric ones; others stay as they are written."""
    return re.sub(r"&(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);", lambda found: unescape(found.group(0)), text)


def _strip(formatted: Formatted) -> Formatted:
    """Cut spaces at both ends and move the entities along, and note hashtags and addresses."""
    left = len(formatted.text) - len(formatted.text.lstrip())
    text = formatted.text.strip()
    moved = units(formatted.text[:left])
    total = units(text)
    kept = [
        Entity(
            type=one.type,
            offset=max(0, one.offset - moved),
            length=min(one.length, total - max(0, one.offset - moved)),
            url=one.url,
        )
        for one in formatted.entities
    ]
    for pattern, type in _AUTOMATIC:
        kept += [
            Entity(type=type, offset=units(text[: hit.start()]), length=units(hit.group(0))) for hit in pattern.finditer(text)
        ]
    return Formatted(
        text=text, entities=tuple(sorted((one for one in kept if one.length > 0), key=lambda one: (one.offset, -one.length)))
    )
