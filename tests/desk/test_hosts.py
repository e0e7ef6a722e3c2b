"""The small web servers of the rehearsal take whoever comes, also before they are up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn

from desk.media_host import MediaHost
from desk.site_host import SiteHost
from store.media import MediaStore

PATIENCE = 20.0
Serving = Callable[[Path], AbstractContextManager[str]]


@pytest.fixture
def up(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let servers begin only when this is set, as on a machine that is busy."""
    begin, run = threading.Event(), uvicorn.Server.run

    def later(server: uvicorn.Server, *given: object, **more: object) -> None:
        assert begin.wait(PATIENCE)
        run(server, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(uvicorn.Server, "run", later)
    return begin


@contextmanager
def site(folder: Path) -> Iterator[str]:
    folder.joinpath("site").mkdir()
    folder.joinpath("site", "a.txt").write_text("ok")
    with closing(SiteHost(folder / "site")) as host:
        yield f"{host.address}/a.txt"


@contextmanager
def media(folder: Path) -> Iterator[str]:
    store = MediaStore(folder / "media")
    path = store.put(b"ok", ".jpg")
    with MediaHost(store) as host:
        yield f"{host.address}/{path.name}"


@pytest.mark.parametrize("serving", [site, media])
def test_who_comes_before_the_server_is_up_waits_for_it(serving: Serving, tmp_path: Path, up: threading.Event) -> None:
    with serving(tmp_path) as address:
        place = urlsplit(address)
        try:
            early = socket.create_connection((place.hostname, place.port), PATIENCE)
        finally:
            up.set()
        with early:
            early.sendall(f"GET {place.path} HTTP/1.1\r\nhost: loa\r\nconnection: close\r\n\r\n".encode())
            answer = early.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"ok")
