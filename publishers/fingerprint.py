"""The digests of media as a reader downloads them; a long clip is downloaded once, while its server says that it is the same."""

from __future__ import annotations

import hashlib

from editorial.outcome import Unavailable
from publishers.contract import Account
from publishers.wire import Answer, Call, Wire

LONG = 4 << 20  # bytes from which a medium is not downloaded again without a reason


def fingerprint(account: Account, wire: Wire, address: str) -> str:
    """Return the SHA-256 of what is at a public address; that of nothing where it does not download.

    A long one that was read before is asked for by its head first: the same strong ETag and length are the same bytes (RFC 9110,
    section 8.8.1). A server that gives no such mark is asked for all of it each time. Raises Unavailable where it is in trouble,
    which says nothing about the bytes.
    """
    name = f"read.{hashlib.sha256(address.encode()).hexdigest()[:16]}"
    known, _, digest = account.notes.get(name).rpartition(" ")
    if known and known == _mark(wire.send(Call(method="HEAD", url=address))):
        return digest
    answer = wire.send(Call(method="GET", url=address, download=True))
    if answer.status == 429 or answer.status >= 500:
        raise Unavailable("máy chủ web chưa đưa ra ảnh hoặc clip của bài; Loa sẽ đọc lại", code=str(answer.status))
    made = hashlib.sha256(answer.body if answer.ok else b"").hexdigest()
    mark = _mark(answer)
    if mark and len(answer.body) >= LONG:
        account.notes.put(name, f"{mark} {made}")
    return made


def _mark(answer: Answer) -> str:
    """Return what a server says tells these bytes from all others at the address; empty where it says nothing reliable."""
    etag, length = answer.headers.get("etag", ""), answer.headers.get("content-length", "")
    return f"{etag} {length}" if answer.ok and etag.startswith('"') and length else ""
