"""The `fields` language of Graph: names with optional sub-selections, each checked against the kind of object."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rehearsal.call import JsonObject
from rehearsal.facebook.error import GraphError

_NAME = re.compile(r"^[a-z_0-9]+")


def names(text: str) -> tuple[str, ...]:
    """Split a selection at its outermost commas and keep the names."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and depth == 0:
            found.append(text[start:at])
            start = at + 1
    found.append(text[start:])
    matches = (_NAME.match(part.strip()) for part in found)
    return tuple(match.group(0) for match in matches if match)


def select(kind: str, wanted: str, values: Mapping[str, object], *, default: tuple[str, ...]) -> JsonObject:
    """Give the wanted fields that have a value; one unknown name refuses the whole request. The id always comes."""
    chosen = names(wanted) if wanted else default
    for name in chosen:
        if name not in values:
            raise GraphError(f"Tried accessing nonexisting field ({name}) on node type ({kind})", code=100)
    picked = {name: values[name] for name in chosen if values[name] is not None}
    return {**picked, "id": values["id"]}
