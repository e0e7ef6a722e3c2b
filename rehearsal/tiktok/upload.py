"""The bytes of a video: chunks in order to an address that lives for an hour."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from starlette.responses import JSONResponse, Response

from rehearsal.call import Call
from rehearsal.journal import Table
from rehearsal.tiktok.share import Share, Status

LIFE = timedelta(hours=1)
TYPES = ("video/mp4", "video/quicktime", "video/webm")
_RANGE = re.compile(r"^bytes (\d+)-(\d+)/(\d+)$")


class Uploads:
    """Takes chunks; the bytes outlive a restart. `finish` is told of a share and its whole bytes."""

    def __init__(
        self, shares: Table[Share], folder: Path, now: Callable[[], datetime], finish: Callable[[Share, bytes], None]
    ) -> None:  # fmt: skip
        self._shares = shares
        self._folder = folder
        self._now = now
        self._finish = finish
        folder.mkdir(parents=True, exist_ok=True)

    def receive(self, call: Call) -> Response:
        """PUT a chunk: 206 while more is wanted, 201 when the video is whole."""
        token = call.query.get("upload_token", "")
        share = next((one for one in self._shares if token and one.token == token), None)
        if share is None:
            return _refused(404, "task_not_found", "The upload task is not found")
        if share.opened + LIFE <= self._now() or share.status is Status.FAILED:
            return _refused(403, "upload_url_expired", "The upload url has expired")
        found = _RANGE.match(call.headers.get("content-range", ""))
        if not found or call.headers.get("content-type", "").partition(";")[0] not in TYPES:
            return _refused(400, "invalid_header", "Content-Type or Content-Range is not correct")
        start, end, total = (int(number) for number in found.groups())
        if end - start + 1 != len(call.body) or total != share.size:
            return _refused(400, "invalid_header", "Content-Range does not match the body or the size of the video")
        if start != share.received or end != self._expected_end(share):
            held = {"Content-Range": f"bytes 0-{share.received - 1}/{share.size}"} if share.received else {}
            return _refused(416, "range_not_satisfiable", "Content-Range does not match the progress", held)
        return self._take(share, call.body, end)

    def forget(self) -> None:
        """Throw away the bytes of every share."""
        for place in self._folder.iterdir():
            place.unlink()

    def _take(self, share: Share, chunk: bytes, end: int) -> Response:
        place = self._folder / f"{share.token}.part"
        with place.open("r+b" if place.exists() else "wb") as file:
            file.seek(share.received)
            file.write(chunk)
        moved = self._shares.put(share.id, replace(share, received=end + 1))
        headers = {"Content-Range": f"bytes 0-{end}/{share.size}"}
        if moved.received < moved.size:
            return Response(status_code=206, headers=headers)
        self._finish(moved, place.read_bytes())
        place.unlink()
        return Response(status_code=201, headers=headers)

    def _expected_end(self, share: Share) -> int:
        """Give the last byte of the next chunk; the last chunk takes what is left over."""
        at = share.received // share.chunk
        return share.size - 1 if at >= share.chunks - 1 else (at + 1) * share.chunk - 1


def _refused(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status, headers=headers)
