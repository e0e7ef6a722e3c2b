"""The YAML that people nearly always write, read by libyaml, some twenty times as fast as by the reader that knows every mistake.

It gives up wherever the two might not agree, and on all that is wrong: what is unusual is for the other (reading/document.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import normalize

import yaml  # type: ignore[import-untyped]  # it comes without types
from ruamel.yaml.resolver import implicit_resolvers

from reading.key_path import KeyPath

# What the two take differently, or one of them refuses: tabs, other ends of lines, what cannot be printed, a remark right
# behind | or >.
_STRANGE = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[|>][-+0-9]*#")
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_YEAR = re.compile(r"[1-9][0-9]{0,17}")  # as a key: the number, written back, is the same letters
_DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
_VERSION = (1, 2)
_TAG = "tag:yaml.org,2002:"
LOADER = getattr(yaml, "CSafeLoader", None)  # None where PyYAML was built without libyaml


class _Unusual(Exception):
    """Here the other reader has to look."""


def read_plainly(text: str, *, most_nodes: int, most_deep: int) -> tuple[object, dict[KeyPath, int]] | None:
    """Return the values and the line (from 0) of each key path; None where the text is not plain."""
    if LOADER is None or _STRANGE.search(text):
        return None
    try:
        return _Reader(text, most_nodes, most_deep).document()
    except (_Unusual, yaml.YAMLError, ValueError):
        return None


class _Reader:
    def __init__(self, text: str, most_nodes: int, most_deep: int) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=LOADER)
        self._again: list[yaml.Event] = []  # what comes before the text goes on, the next one last
        self._anchored: dict[str, list[yaml.Event]] = {}
        self._left = most_nodes
        self._most_deep = most_deep
        self._lines: dict[KeyPath, int] = {(): 0}

    def document(self) -> tuple[object, dict[KeyPath, int]]:
        self._expect(yaml.StreamStartEvent)
        start = self._expect(yaml.DocumentStartEvent)
        if start.version or start.tags:
            raise _Unusual
        root = self._next()
        if isinstance(root, yaml.ScalarEvent):
            raise _Unusual
        value = self._value(self._meant(root), ())
        self._expect(yaml.DocumentEndEvent)
        self._expect(yaml.StreamEndEvent)
        return value, self._lines

    def _next(self) -> yaml.Event:
        return self._again.pop() if self._again else next(self._events)

    def _expect(self, kind: type[yaml.Event]) -> yaml.Event:
        event = self._next()
        if not isinstance(event, kind):
            raise _Unusual
        return event

    def _value(self, event: yaml.Event, path: KeyPath) -> object:
        self._left -= 1
        if self._left < 0 or len(path) > self._most_deep or event.tag:
            raise _Unusual
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)

    def _meant(self, event: yaml.Event) -> yaml.Event:
        """Return what stands here: an alias is what its anchor was given to, as often as it is named."""
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchored:
                raise _Unusual
            event, *inside = self._anchored[event.anchor]
            self._again += reversed(inside)
        elif event.anchor:
            inside = list(self._inside(event))
            if any(isinstance(each, yaml.AliasEvent) or each.anchor for each in _nodes(inside)):
                raise _Unusual  # it may hold itself
            self._anchored[event.anchor] = [event, *inside]
            self._again += reversed(inside)
        return event

    def _inside(self, event: yaml.Event) -> Iterator[yaml.Event]:
        """Yield the events up to the end of what has begun."""
        deep = int(isinstance(event, yaml.CollectionStartEvent))
        while deep:
            event = self._next()
            deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            yield event

    def _mapping(self, path: KeyPath) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = _key(event)
            if key in found:
                raise _Unusual
            value = self._meant(self._next())
            found[key] = self._member(value, event.start_mark.line, (*path, key))
        return found

    def _sequence(self, path: KeyPath) -> list[object]:
        found: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            event = self._meant(event)
            if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and not event.value:
                raise _Unusual  # a dash and nothing: where that stands is told differently
            found.append(self._member(event, event.start_mark.line, (*path, len(found))))
        return found

    def _member(self, event: yaml.Event, line: int, path: KeyPath) -> object:
        below = isinstance(event, yaml.ScalarEvent) and event.style in ("|", ">") and "\n" not in event.value.strip("\n")
        self._lines[path] = line + below
        return self._value(event, path)


def _key(event: yaml.Event) -> str:
    if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag or len(event.value.splitlines()) > 1:
        raise _Unusual
    text = str(event.value)
    kind = _kind(text) if event.implicit[0] else "str"
    if kind != "str" and not (kind == "int" and _YEAR.fullmatch(text)):
        raise _Unusual
    return text


def _nodes(events: list[yaml.Event]) -> Iterator[yaml.Event]:
    yield from (each for each in events if isinstance(each, yaml.NodeEvent))


def _scalar(event: yaml.ScalarEvent) -> object:
    text: str = event.value
    kind = _kind(text) if event.implicit[0] else "str"  # what stands in quotes, or below | or >, is words
    match kind:
        case "str" | "timestamp":
            return normalize("NFC", text)
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int" if _WHOLE.fullmatch(text):
            return int(text)
        case "float" if _DECIMAL.fullmatch(text):
            return float(text)
    raise _Unusual


def _kind(text: str) -> str:
    """Return what words without quotes are, by the other reader's own rules for YAML 1.2."""
    return next((kind for kind, known in _kinds().get(text[:1], ()) if known.match(text)), "str")


@cache
def _kinds() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for versions, tag, known, firsts in implicit_resolvers:
        for first in firsts if _VERSION in versions else ():
            found.setdefault(first, []).append((tag.removeprefix(_TAG), re.compile(known.pattern, re.VERBOSE)))
    return found
