"""Media that a platform is given by address: fetched over real HTTP, and from this machine only."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit

SECONDS = 10
HERE = ("127.0.0.1", "localhost", "::1")


class CannotFetch(Exception):
    """An address whose bytes could not be had; says why."""


class TooLarge(CannotFetch):
    """The bytes are more than the platform takes."""


async def get(url: str, *, largest: int) -> bytes:
    """Fetch the bytes of an address without holding up the servers, one of which may be the one that is asked."""
    return await asyncio.to_thread(_get, url, largest)


async def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> int | None:
    """Push JSON to an address of this machine; give the status of its answer, None where none came in time."""
    return await asyncio.to_thread(_post, url, body, headers, seconds)


def _post(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> int | None:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in HERE:
        return None
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=seconds)
    try:
        connection.request("POST", parts.path or "/", body, {"Content-Type": "application/json", **headers})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _get(url: str, largest: int) -> bytes:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in HERE:
        raise CannotFetch(f"{url} is not on this machine, and a rehearsal never leaves it")
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=SECONDS)
    try:
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        reply = connection.getresponse()
        data = reply.read(largest + 1)
    except (OSError, http.client.HTTPException) as problem:
        raise CannotFetch(f"{url} does not answer") from problem
    finally:
        connection.close()
    if reply.status != 200:
        raise CannotFetch(f"{url} answered {reply.status}")
    if len(data) > largest:
        raise TooLarge(f"{url} has more than {largest} bytes")
    return data
