"""The parameters of WordPress calls, validated as its schemas do."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from rehearsal.call import Call
from rehearsal.wordpress.error import invalid
from rehearsal.wordpress.post import STATUSES


def rendered(call: Call, name: str) -> str | None:
    """Read a text field, plain or as {"raw": ...}; None where it is missing."""
    value = call.params.get(name)
    if value is None:
        return None
    if isinstance(value, dict):
        value = value.get("raw", value.get("rendered"))
    if not isinstance(value, str):
        raise invalid(name, f"{name} is not of type string,object.")
    return value


def number(call: Call, name: str) -> int | None:
    """Read a whole number; None where it is missing."""
    value = call.params.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
        raise invalid(name, f"{name} is not of type integer.")
    return int(str(value))


def numbers(call: Call, name: str) -> tuple[int, ...] | None:
    """Read a list of ids: JSON array, or separated by commas; None where it is missing."""
    value = call.params.get(name)
    if value is None:
        return None
    parts = value if isinstance(value, list) else [part for part in str(value).split(",") if part]
    if not all(re.fullmatch(r"\d+", str(part)) for part in parts):
        raise invalid(name, f"{name}[0] is not of type integer.")
    return tuple(int(str(part)) for part in parts)


def flag(call: Call, name: str) -> bool | None:
    """Read a truth value; None where it is missing."""
    value = call.params.get(name)
    if value is None:
        return None
    if str(value).lower() not in ("true", "false", "1", "0"):
        raise invalid(name, f"{name} is not of type boolean.")
    return str(value).lower() in ("true", "1")


def choice(call: Call, name: str, options: tuple[str, ...]) -> str | None:
    """Read one of the given words; None where it is missing."""
    value = call.params.get(name)
    if value is None:
        return None
    if value not in options:
        raise invalid(name, f"{name} is not one of {', '.join(options)}.")
    return str(value)


def status(call: Call) -> str | None:
    """Read the status to set."""
    return choice(call, "status", STATUSES)


def moment(call: Call, name: str) -> datetime | None:
    """Read a time; without a zone it is UTC, as in date_gmt."""
    value = call.params.get(name)
    if not value:
        return None
    try:
        when = datetime.fromisoformat(str(value))
    except ValueError as problem:
        raise invalid(name, f"{name} is not a valid date.") from problem
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def words(call: Call, name: str) -> tuple[str, ...]:
    """Read a list from the query: repeated, as name[], or separated by commas."""
    values = [*call.query.getlist(name), *call.query.getlist(f"{name}[]")]
    return tuple(part for value in values for part in value.split(",") if part)


def page(call: Call) -> tuple[int, int]:
    """Read page and per_page."""
    size = number(call, "per_page")
    at = number(call, "page")
    if size is not None and not 1 <= size <= 100:
        raise invalid("per_page", "per_page must be between 1 (inclusive) and 100 (inclusive)")
    return (1 if at is None else max(1, at)), (10 if size is None else size)
