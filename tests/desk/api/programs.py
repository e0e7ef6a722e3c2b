"""A program that asks the API of an office on disk, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import FastAPI

from desk.api.pace import Pace
from desk.api_tokens import Scope, Tokens
from desk.web.app import create_app
from desk.workbench import Workbench

HOST = "http://127.0.0.1:8000"
EVERYTHING = tuple(scope.value for scope in Scope)


def open_api(bench: Workbench, pace: Pace | None = None) -> FastAPI:
    """Return the application of the office."""
    return create_app(bench, pace=pace)


def tokens_of(bench: Workbench) -> Tokens:
    """Return what makes tokens of the office."""
    return Tokens(store=bench.store, people=bench.content.office.people, clock=bench.clock)


def token_for(bench: Workbench, person: str = "bien-tap", scopes: tuple[str, ...] = EVERYTHING) -> str:
    """Return a new token of somebody, made by themselves."""
    who = bench.content.office.people[person]
    return tokens_of(bench).make(who, who, name="chương trình thử", scopes=scopes, days=30).token


class Program:
    """One program with one token, or none."""

    def __init__(self, app: FastAPI, token: str = "") -> None:
        self._app = app
        self._own = {"authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for something."""
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        """Send JSON."""
        return self.send("POST", path, json=body, headers=headers)

    def patch(self, path: str, body: object, **headers: str) -> httpx.Response:
        """Send a change."""
        return self.send("PATCH", path, json=body, headers=headers)

    def send(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        """Send anything; names of headers may have _ for -."""
        named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await client.request(method, path, headers={**self._own, **named}, **more)

        return asyncio.run(send())


def all_of(program: Program, path: str, limit: int) -> list[Any]:
    """Return every item of a list, read page by page."""
    found: list[Any] = []
    cursor, joint = "", "&" if "?" in path else "?"
    while True:
        answer = program.get(f"{path}{joint}limit={limit}&cursor={cursor}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = page["next"]
