"""The addresses below /__sandbox that every stand-in has: ledger, feed, media, faults, reset, and what people do."""

from __future__ import annotations

import json
from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from rehearsal import pages
from rehearsal.faults import Armed
from rehearsal.platform import Platform
from rehearsal.publication import Publication

_ARMED = TypeAdapter(Armed)


def application(platform: Platform) -> Starlette:
    """Build the sandbox addresses of one platform."""

    async def ledger(request: Request) -> Response:
        return JSONResponse([as_json(row) for row in platform.ledger.rows(platform.address)])

    async def feed(request: Request) -> Response:
        return pages.feed(platform)

    async def media(request: Request) -> Response:
        place = platform.media.named(request.path_params["filename"])
        return FileResponse(place) if place.is_file() else PlainTextResponse("Không có tệp này.", status_code=404)

    async def arm(request: Request) -> Response:
        try:
            platform.arm(_ARMED.validate_python(await request.json()))
        except (ValidationError, ValueError) as problem:
            return PlainTextResponse(str(problem), status_code=400)
        return JSONResponse({"armed": True})

    async def reset(request: Request) -> Response:
        platform.reset()
        return JSONResponse({"reset": True})

    async def act(request: Request) -> Response:
        try:
            values = await request.json() if await request.body() else {}
            return JSONResponse(await platform.act(request.path_params["name"], values))
        except (ValueError, AttributeError) as problem:
            return PlainTextResponse(str(problem), status_code=400)

    return Starlette(
        routes=[
            Route("/__sandbox/ledger", ledger),
            Route("/__sandbox/feed", feed),
            Route("/__sandbox/media/{filename}", media),
            Route("/__sandbox/faults", arm, methods=["POST"]),
            Route("/__sandbox/reset", reset, methods=["POST"]),
            Route("/__sandbox/act/{name}", act, methods=["POST"]),
        ]
    )


def as_json(row: Publication) -> dict[str, object]:
    """Write a ledger row as JSON values, with the count and digests of its media."""
    values = json.loads(json.dumps(asdict(row), default=_plain))
    return {**values, "media_count": row.media_count, "media_sha256": list(row.media_sha256)}


def _plain(value: object) -> str:
    return str(getattr(value, "value", None) or getattr(value, "isoformat", value.__str__)())
