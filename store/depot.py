"""Files by name in a bucket of an S3-compatible store, so that every machine of an office has the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from store.errors import Unreachable

REGION = "us-east-1"  # what a store that knows no regions is asked by
LONGEST = {"timeout": "60s", "connect_timeout": "5s", "allow_http": True}
RETRIES = {"max_retries": 2}
SAMPLE = ".loa"


class Depot:
    """One bucket, or a folder of it. May be pickled into another process.

    Addresses: `s3://bucket/folder`, with everything else from the environment (AWS_ACCESS_KEY_ID, AWS_ENDPOINT, ...), or
    `http(s)://key:secret@host:port/bucket/folder`. Raises ValueError for another kind of address, Unreachable where the store
    does not answer or does not let us in.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        parts = urlsplit(address)
        if parts.scheme not in ("s3", "http", "https") or not _bucket(address) or parts.port == 0:
            raise ValueError("not the address of a bucket")

    def __reduce__(self) -> tuple[type[Depot], tuple[str]]:
        return Depot, (self.address,)

    def ask(self) -> None:
        """Raise Unreachable where the bucket cannot be written."""
        self.put(SAMPLE, b"")

    def put(self, name: str, content: Path | bytes) -> None:
        """Keep a file under a name, whole and durable when this returns."""
        import obstore

        with _answered(name):
            obstore.put(self._store, name, content)

    def get(self, name: str, target: Path) -> bool:
        """Write the file of that name to `target`; False where there is none."""
        import obstore

        try:
            with _answered(name):
                chunks = obstore.get(self._store, name).stream()
        except FileNotFoundError:
            return False
        with _answered(name), target.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
        return True

    def has(self, name: str) -> bool:
        """Tell whether there is a file of that name."""
        import obstore

        try:
            with _answered(name):
                obstore.head(self._store, name)
        except FileNotFoundError:
            return False
        return True

    def names(self, folder: str) -> list[str]:
        """Return the names of all files in a folder."""
        import obstore

        with _answered(folder):
            return sorted(str(each["path"]) for page in obstore.list(self._store, folder) for each in page)

    @cached_property
    def _store(self) -> Any:
        from obstore.store import S3Store

        parts = urlsplit(self.address)
        bucket, prefix = _bucket(self.address) or ("", "")
        given: dict[str, Any] = {"client_options": LONGEST, "retry_config": RETRIES, "prefix": prefix or None}
        if parts.scheme != "s3":
            port = f":{parts.port}" if parts.port else ""
            given |= {"endpoint": f"{parts.scheme}://{parts.hostname}{port}", "region": REGION}
            if parts.username:
                given |= {"access_key_id": unquote(parts.username), "secret_access_key": unquote(parts.password or "")}
        return S3Store(bucket, **given)


def _bucket(address: str) -> tuple[str, str] | None:
    """Return the bucket and the folder in it; None where the address names none."""
    parts = urlsplit(address)
    bucket, _, prefix = (
        (parts.netloc, "", parts.path.strip("/")) if parts.scheme == "s3" else parts.path.strip("/").partition("/")
    )
    return (bucket, prefix) if bucket and parts.netloc else None


@contextmanager
def _answered(name: str) -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise
    except BaseError as error:
        raise Unreachable(f"{name}: {type(error).__name__}") from error
