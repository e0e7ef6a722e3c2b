"""Ask the application for pages, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx

from desk.web.app import create_app
from desk.web.bench import Bench

HOST = "http://127.0.0.1:8000"


class Browser:
    """A browser of one office's desk. It follows no redirect."""

    def __init__(self, bench: Bench) -> None:
        self._app = create_app(bench)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return self._send("GET", path, headers)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> httpx.Response:
        """Send a form as one of our own pages does, unless the headers say otherwise."""
        return self._send("POST", path, {"sec-fetch-site": "same-origin", **headers}, form)

    def _send(self, method: str, path: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await client.request(method, path, headers=named, data=form)

        return asyncio.run(send())
