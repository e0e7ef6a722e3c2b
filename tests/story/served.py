"""A desk that real browsers open, and how a browser is signed in to it without typing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import BrowserContext

from desk.web.app import create_app
from desk.web.bench import Bench
from desk.web.cookies import SESSION
from desk.web.front import Front
from tests.desk.web.browser import signed_in


@contextmanager
def served(desk: Bench | FastAPI, front: Front | None = None) -> Iterator[str]:
    """Serve an office's desk, or an application that was made of one, while the block runs; return its address."""
    app = desk if isinstance(desk, FastAPI) else create_app(desk, front=front)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


def sign_in(context: BrowserContext, desk: str, bench: Bench, person: str) -> None:
    """Let all pages of a context be of somebody of the office who is signed in."""
    context.add_cookies([{"name": SESSION, "value": signed_in(bench, person), "url": desk, "httpOnly": True, "sameSite": "Lax"}])
