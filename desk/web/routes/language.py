"""The reader's choice of language, and the desk's scripts in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from desk.language import VIETNAMESE
from desk.web.back import page_before
from desk.web.own_words import script_in
from desk.web.reader_language import COOKIE, LANGUAGES
from desk.web.theme import YEAR
from editorial.problem import BadInput, Problem

router = APIRouter(include_in_schema=False)


@router.post("/language")
def choose(request: Request, language: Annotated[str, Form()]) -> RedirectResponse:
    """Keep the choice for a year and go back to the page where it was made."""
    if language not in LANGUAGES:
        message = "không có ngôn ngữ này; hãy chọn tiếng Việt hoặc English"
        raise BadInput(Problem(rule="unknown-choice", key="language", message=message))
    answer = RedirectResponse(page_before(request), status_code=303)
    answer.set_cookie(COOKIE, language, max_age=YEAR, samesite="lax", httponly=True, secure=request.url.scheme == "https")
    return answer


@router.get("/static/{language}/js/{name:path}")
def script(language: str, name: str) -> Response:
    """Serve a script with its words in a language; its address carries a digest, so that a browser may keep it."""
    found = script_in(language, name) if language in LANGUAGES and language != VIETNAMESE else ""
    if not found:
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(found, media_type="text/javascript; charset=utf-8", headers=headers)
