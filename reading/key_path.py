"""Where a value stands in a file: its keys and places in lists, from the outermost in."""

from __future__ import annotations

KeyPath = tuple[str | int, ...]
