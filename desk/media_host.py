"""A small server for approved media, for platforms that take pictures by public address only."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from store.media import MediaStore

IMMUTABLE = {"cache-control": "public, max-age=31536000, immutable"}  # the name is the digest of the bytes


class MediaHost:
    """Serve `/media/<sha256>.<ext>` on loopback while it is open."""

    def __init__(self, media: MediaStore, *, port: int = 0) -> None:
        self._media = media
        app = Starlette(routes=[Route("/media/{name}", self._answer)])
        config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._socket = config.bind_socket()
        self._socket.listen()  # who comes before the server is up waits for it, and is not turned away
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    @property
    def address(self) -> str:
        """Return the address under which media are named by their digest."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/media"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=5)

    async def _answer(self, request: Request) -> Response:
        path = self._path(str(request.path_params["name"]))
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, headers=IMMUTABLE)

    def _path(self, name: str) -> Path | None:
        sha256, _, _ = name.partition(".")
        return self._media.path_of(sha256)
