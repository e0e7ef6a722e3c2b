"""How a frozen value is written into one column and read back equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import TypeAdapter

from editorial.outcome import LivePost, Pending
from editorial.post import Post

POST = TypeAdapter(Post)
LIVE_POST = TypeAdapter(LivePost)
PENDING = TypeAdapter(Pending)
TEXTS = TypeAdapter(tuple[str, ...])
EVIDENCE = TypeAdapter(Mapping[str, str])


Value = TypeVar("Value")


def json_of(form: TypeAdapter[Value], value: Value) -> str:
    """Return the value as JSON."""
    return form.dump_json(value).decode()
