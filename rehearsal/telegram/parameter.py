"""The parameters of Bot API calls: chats, words with their formatting, and JSON inside form fields."""

from __future__ import annotations

import json
from collections.abc import Mapping

from rehearsal.call import Call, JsonObject
from rehearsal.telegram.error import bad
from rehearsal.telegram.markup import LONGEST_CAPTION, LONGEST_TEXT, Formatted, given, parse, units
from rehearsal.telegram.message import AUDIT_ID, CHANNEL_ID, CHANNEL_NAME


def chat(call: Call, name: str = "chat_id") -> int:
    """Find the chat that a call is about."""
    value = call.text(name)
    if not value:
        raise bad(f"{name} is empty")
    known = {f"@{CHANNEL_NAME}": CHANNEL_ID, str(CHANNEL_ID): CHANNEL_ID, str(AUDIT_ID): AUDIT_ID}
    if value not in known:
        raise bad("chat not found")
    return known[value]


def words(call: Call, name: str, longest: int) -> Formatted:
    """Read a text or caption with its formatting, held to its length."""
    entities = parsed(call, "entities" if name == "text" else "caption_entities")
    words = given(call.text(name), entities) if entities else parse(call.text(name), call.text("parse_mode"))
    if units(words.text) > longest:
        raise bad("message is too long" if longest == LONGEST_TEXT else "message caption is too long")
    return words


def item_words(item: Mapping[str, object]) -> Formatted:
    """Read the caption of an item of an album."""
    words = parse(str(item.get("caption") or ""), str(item.get("parse_mode") or ""))
    if units(words.text) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return words


def parsed(call: Call, name: str) -> object:
    """Read a parameter that is JSON."""
    value = call.params.get(name)
    if not isinstance(value, str):
        return value
    try:
        parsed: object = json.loads(value)
    except ValueError as problem:
        raise bad(f"can't parse {name} JSON object") from problem
    return parsed


def markup(call: Call) -> JsonObject | None:
    """Read the buttons below a message."""
    value = parsed(call, "reply_markup")
    return value if isinstance(value, dict) else None
