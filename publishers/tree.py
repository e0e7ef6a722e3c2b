"""An answer from outside, walked without trusting its shape: what is not there is empty, never an exception."""

from __future__ import annotations

import json
from collections.abc import Iterator


class Tree:
    """A node of parsed JSON."""

    def __init__(self, value: object) -> None:
        self.value = value

    @classmethod
    def parse(cls, body: bytes) -> Tree:
        """Return the parsed body; an empty tree when it is not JSON."""
        try:
            return cls(json.loads(body))
        except ValueError:
            return cls(None)

    def __bool__(self) -> bool:
        return self.value is not None

    def __iter__(self) -> Iterator[Tree]:
        return iter([Tree(item) for item in self.value] if isinstance(self.value, list) else [])

    def at(self, *path: str | int) -> Tree:
        """Return the node at the path of keys and indexes."""
        value = self.value
        for part in path:
            value = _step(value, part)
        return Tree(value)

    def text(self, *path: str | int) -> str:
        """Return the scalar at the path as text; empty when it is absent, a list or a mapping."""
        value = self.at(*path).value
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, str | int | float) else ""

    def number(self, *path: str | int) -> int | None:
        """Return the whole number at the path, also where the platform writes it as text."""
        try:
            return int(float(self.text(*path)))
        except (ValueError, OverflowError):
            return None

    def is_true(self, *path: str | int) -> bool:
        """Tell whether the value at the path is true."""
        return self.text(*path).lower() == "true"

    @property
    def is_mapping(self) -> bool:
        """Tell whether this is a JSON object."""
        return isinstance(self.value, dict)


def _step(value: object, part: str | int) -> object:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None
