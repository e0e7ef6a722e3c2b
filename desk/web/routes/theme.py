"""The reader's choice of light or dark."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from desk.web.back import page_before
from desk.web.theme import COOKIE, THEMES, YEAR
from editorial.problem import BadInput, Problem

router = APIRouter(include_in_schema=False)


@router.post("/theme")
def choose(request: Request, theme: Annotated[str, Form()]) -> RedirectResponse:
    """Keep the choice for a year and go back to the page where it was made."""
    if theme not in THEMES:
        message = "không có giao diện này; hãy chọn sáng, tối hoặc theo thiết bị"
        raise BadInput(Problem(rule="unknown-choice", key="theme", message=message))
    answer = RedirectResponse(page_before(request), status_code=303)
    answer.set_cookie(COOKIE, theme, max_age=YEAR, samesite="lax", httponly=True, secure=request.url.scheme == "https")
    return answer

