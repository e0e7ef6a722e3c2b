"""Where a list ended: a word that means nothing to a program, and that goes on with the same list only."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, TypeVar

from fastapi import Query

from desk.api.problem_document import Refused, refusal

Limit = Annotated[int, Query(ge=1, le=200, description="Số mục nhiều nhất của một trang.")]
After = Annotated[str, Query(max_length=800, alias="cursor", description="Lấy từ `next` của trang trước; trống là từ đầu.")]
Place = TypeVar("Place", int, str)
_CHECK = 6  # bytes in front that tell a cursor from what somebody made up


def write_cursor(asked: Mapping[str, object], last: int | str) -> str:
    """Return the word for the place behind `last` in the list that was `asked` for."""
    body = json.dumps([_digest(asked), last], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:_CHECK] + body).decode().rstrip("=")


def read_cursor(word: str, asked: Mapping[str, object], start: Place) -> Place:
    """Return the place in the list, `start` without a word; raise Refused (400) for a word that no page of this list gave."""
    if not word:
        return start
    try:
        given = base64.urlsafe_b64decode(word.encode() + b"=" * (-len(word) % 4))
        _, last = json.loads(given[_CHECK:])
    except (ValueError, TypeError, RecursionError) as error:
        raise _wrong() from error
    if type(last) is not type(start) or write_cursor(asked, last) != word:
        raise _wrong()
    found: Place = last
    return found


def _digest(asked: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(dict(asked), sort_keys=True, default=str).encode()).hexdigest()[:12]


def _wrong() -> Refused:
    message = "không đọc được cursor này, hoặc nó của một danh sách khác; hãy gọi lại từ đầu, không có cursor"
    return refusal(400, "bad-cursor", message, key="cursor")
