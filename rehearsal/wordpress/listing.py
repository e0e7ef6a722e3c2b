"""Pages of a WordPress list, with the totals in X-WP headers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.responses import JSONResponse, Response

from rehearsal.call import Call, JsonObject
from rehearsal.wordpress import request
from rehearsal.wordpress.error import RestError

Item = TypeVar("Item")


def answer_list(call: Call, items: Sequence[Item], describe: Callable[[Item], JsonObject]) -> Response:
    """Answer with one page of items."""
    page, size = request.page(call)
    pages = math.ceil(len(items) / size)
    if page > 1 and page > pages:
        raise RestError(
            "rest_post_invalid_page_number", "The page number requested is larger than the number of pages available.", 400
        )
    shown = [describe(item) for item in items[(page - 1) * size : page * size]]
    return JSONResponse(shown, headers={"X-WP-Total": str(len(items)), "X-WP-TotalPages": str(pages)})
