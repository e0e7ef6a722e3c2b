"""One canonical form of a value, so that the same content always has the same digest."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

# A field that was added later, and counts only where it says something: what was signed before it keeps its digest.
WHEN_SAID = "when said"


def digest(value: object) -> str:
    """Return the SHA-256 (64 hex digits) of the value's canonical JSON; text is compared in Unicode NFC."""
    return digest_of(canonical(value))


def digest_of(text: str) -> str:
    """Return the SHA-256 (64 hex digits) of a text that is canonical already."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: object) -> str:
    """Return JSON with sorted keys and no spaces; raise TypeError for a value without a canonical form."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: object) -> object:
    match value:
        case None | bool() | int():
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case float() | Decimal() | datetime() | date() | time():
            return _scalar(value)
        case Enum():
            return _plain(value.value)
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case Sequence() if not isinstance(value, bytes):
            return [_plain(inner) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value) if _counts(each, value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _counts(each: Field[Any], value: object) -> bool:
    """Tell whether a field is part of the canonical form."""
    signed = each.metadata.get("signed", True)
    return getattr(value, each.name) is not None if signed == WHEN_SAID else bool(signed)


def _scalar(value: float | Decimal | datetime | date | time) -> str:
    """Return a text: JSON's floats and time zones could be written in more than one way."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(Decimal(str(value)).normalize())
