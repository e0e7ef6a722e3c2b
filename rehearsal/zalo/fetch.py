"""Pictures that Zalo is given by address: fetched over real HTTP, from this machine only."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from rehearsal.media import Kind, Media, MediaStore
from rehearsal.zalo.error import invalid, too_much

LARGEST = 1 << 20
SECONDS = 10
HERE = ("127.0.0.1", "localhost", "::1")


def picture(url: str, store: MediaStore) -> Media:
    """Fetch and keep a picture of at most 1 MB; a rehearsal never leaves the machine."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in HERE:
        raise invalid(f"image url cannot be reached in the rehearsal: {url}")
    data = _get(parts.hostname, parts.port or 80, parts.path + (f"?{parts.query}" if parts.query else ""), url)
    if len(data) > LARGEST:
        raise too_much("image is larger than 1MB")
    media = store.keep(data, name=parts.path.rsplit("/", 1)[-1])
    if media.kind is not Kind.PICTURE:
        raise invalid(f"url is not an image: {url}")
    return media


def _get(host: str, port: int, path: str, url: str) -> bytes:
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.request("GET", path or "/", headers={"User-Agent": "rehearsal-zalo"})
        reply = connection.getresponse()
        data = reply.read(LARGEST + 1)
    except (OSError, http.client.HTTPException) as problem:
        raise invalid(f"cannot download image: {url}") from problem
    finally:
        connection.close()
    if reply.status != 200:
        raise invalid(f"cannot download image: {url} answered {reply.status}")
    return data
