"""A small web server for the folder of a site of plain files, in the rehearsal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from publishers.download import download
from publishers.static_site.feeds import SITEMAP
from publishers.static_site.page import read_page
from scheduler.proof import Publication

MOST_BYTES = 10_000_000  # of a page or a list


class SiteHost:
    """Serve a folder on loopback until it is closed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        app = Starlette(routes=[Mount("/", StaticFiles(directory=folder, html=True))])
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._socket = config.bind_socket()
        self._socket.listen()  # who comes before the server is up waits for it, and is not turned away
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Return the root of the site."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def shown(self, channel: str) -> Iterator[Publication]:
        """Yield every page that the site's readers can find, as they read it: from the sitemap on."""
        if not (self.folder / "sitemap.xml").exists():
            return
        places = ElementTree.fromstring(download(f"{self.address}/sitemap.xml", most_bytes=MOST_BYTES)).iter(f"{{{SITEMAP}}}loc")
        for address in (place.text or "" for place in places):
            if slug := address.removeprefix(f"{self.address}/").removeprefix("bai/").rstrip("/"):
                _, text, _ = read_page(download(address, most_bytes=MOST_BYTES).decode())
                yield Publication(channel=channel, remote_id=slug, url=address, text=text)

    def close(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(timeout=5)
