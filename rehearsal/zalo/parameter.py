"""The parameters of Zalo calls."""

from __future__ import annotations

from rehearsal.call import Call, JsonObject
from rehearsal.zalo.error import invalid, too_much

MOST_IN_BROADCAST = 5


def body(call: Call) -> JsonObject:
    """Read the JSON object of a call."""
    if call.json is None:
        raise invalid("body must be a JSON object")
    return call.json


def number(call: Call, name: str, default: int) -> int:
    """Read a whole number from the query."""
    text = call.query.get(name, str(default))
    if not text.isdigit():
        raise invalid(name)
    return int(text)


def broadcast_articles(message: JsonObject) -> tuple[str, ...]:
    """Read the article ids of a broadcast to a target group."""
    try:
        target = message["recipient"]["target"]  # type: ignore[index]
        payload = message["message"]["attachment"]["payload"]  # type: ignore[index]
        ids = tuple(str(one["attachment_id"]) for one in payload["elements"] if one["media_type"] == "article")
    except (KeyError, TypeError) as problem:
        raise invalid("message") from problem
    if not isinstance(target, dict) or payload.get("template_type") != "media" or not ids:
        raise invalid("message")
    if len(ids) > MOST_IN_BROADCAST:
        raise too_much("at most 5 articles")
    return ids
