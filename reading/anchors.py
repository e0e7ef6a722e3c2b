"""The values of a YAML text that stand in several places: by an anchor (&) once, by its aliases (*) elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, MappingStartEvent, NodeEvent, SequenceStartEvent

from reading.key_path import KeyPath

_NAME = re.compile(r"[*&][^\s,\[\]{}]+")


@dataclass(frozen=True, kw_only=True)
class Name:
    """An anchor or an alias of the text, and the key path of its value."""

    name: str
    is_alias: bool
    path: KeyPath
    start: int
    end: int


@dataclass(kw_only=True)
class _Level:
    """A list or mapping that is being read: which part of it comes now."""

    is_mapping: bool
    part: str | int = -1
    is_named: bool = False

    def passes(self, event: NodeEvent) -> bool:
        """Take note of what comes in it; tell whether it is the key of a mapping."""
        if not self.is_mapping:
            self.part = int(self.part) + 1
            return False
        self.is_named = not self.is_named
        if self.is_named:
            self.part = str(getattr(event, "value", ""))
        return self.is_named


def names_in(text: str) -> Iterator[Name]:
    """Yield each anchor and alias with the key path of its value."""
    way = list[_Level]()
    for event in yaml_reader().parse(text):
        if isinstance(event, CollectionEndEvent):
            way.pop()
        elif isinstance(event, NodeEvent):
            is_key = bool(way) and way[-1].passes(event)
            if event.anchor and not is_key:
                start = event.start_mark.index
                found = _NAME.match(text, start)
                yield Name(
                    name=str(event.anchor), is_alias=isinstance(event, AliasEvent),
                    path=tuple(level.part for level in way), start=start, end=found.end() if found else event.end_mark.index,
                )  # fmt: skip
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                way.append(_Level(is_mapping=isinstance(event, MappingStartEvent)))


def yaml_reader() -> YAML:
    """Return a reader of YAML 1.2 that keeps where everything stands."""
    reader = YAML(typ="rt", pure=True)
    reader.version = (1, 2)
    return reader
