"""The parameters of Graph calls: flags, moments and attached media in each encoding that clients use."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

from rehearsal.call import Call, Upload
from rehearsal.facebook.error import invalid

LONGEST_MESSAGE = 63_206
EARLIEST, LATEST = timedelta(minutes=10), timedelta(days=30)
_INDEXED = re.compile(r"^attached_media\[(\d+)\]$")


def flag(call: Call, name: str, *, default: bool) -> bool:
    """Read a truth value."""
    value = call.text(name).lower()
    if value in ("", "true", "1", "false", "0"):
        return default if not value else value in ("true", "1")
    raise invalid(f"Param {name} must be a boolean")


def message(call: Call, name: str = "message") -> str:
    """Read the words of a post."""
    value = call.text(name)
    if len(value) > LONGEST_MESSAGE:
        raise invalid(f"Param {name} is too long; the maximum is {LONGEST_MESSAGE} characters")
    return value


def moment(call: Call, now: datetime) -> datetime | None:
    """Read scheduled_publish_time (unix seconds or ISO-8601) and hold it to 10 minutes to 30 days from now."""
    text = call.text("scheduled_publish_time")
    if not text:
        return None
    when = _parse(text)
    if not EARLIEST <= when - now <= LATEST:
        raise invalid("The specified scheduled publish time is invalid. It must be between 10 minutes and 30 days from now.")
    return when


def attached(call: Call) -> tuple[str, ...]:
    """Read attached_media: one JSON array, or one JSON object per index."""
    whole = call.params.get("attached_media")
    parts = {int(match.group(1)): value for name, value in call.params.items() if (match := _INDEXED.match(name))}
    items = [parts[index] for index in sorted(parts)] if parts else _array(whole)
    return tuple(_media_id(item) for item in items)


def file(call: Call, *names: str) -> Upload | None:
    """Find the first of these file parts."""
    return next((call.files[name] for name in names if name in call.files), None)


def _parse(text: str) -> datetime:
    try:
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return datetime.fromtimestamp(float(text), UTC)
        when = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as problem:
        raise invalid("Param scheduled_publish_time must be a valid datetime") from problem
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _array(value: object) -> list[object]:
    if value in (None, ""):
        return []
    try:
        items = json.loads(value) if isinstance(value, str) else value
    except ValueError as problem:
        raise invalid("Param attached_media must be an array.") from problem
    if not isinstance(items, list):
        raise invalid("Param attached_media must be an array.")
    return items


def _media_id(item: object) -> str:
    try:
        found = json.loads(item) if isinstance(item, str) else item
    except ValueError:
        found = None
    if not isinstance(found, dict) or not str(found.get("media_fbid", "")).isdigit():
        raise invalid("Param attached_media[0] must be a JSON object with the key media_fbid")
    return str(found["media_fbid"])
