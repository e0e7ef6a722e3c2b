"""The resumable upload protocol: a session URI, chunks of 256 KiB, 308 with what arrived, an answer that can be asked again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from starlette.responses import JSONResponse, Response

from rehearsal.call import Call, JsonObject
from rehearsal.journal import Counter, Table
from rehearsal.youtube.error import ApiError, bad
from rehearsal.youtube.video import Session

STEP = 256 << 10
LIFE = timedelta(days=7)
_RANGE = re.compile(r"^bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)$")
_BOUNDARY = re.compile(r"boundary=\"?([^\";]+)")


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A complete upload: what it is, what was said about it, and its bytes."""

    kind: str
    metadata: JsonObject
    query: dict[str, str]
    data: bytes


class Uploads:
    """Sessions and their bytes; both outlive a restart."""

    def __init__(
        self,
        *,
        sessions: Table[Session],
        counter: Counter,
        folder: Path,
        now: Callable[[], datetime],
        open: Callable[[str, JsonObject, dict[str, str]], None],
        finish: Callable[[Arrived], str],
        describe: Callable[[str, str, dict[str, str]], JsonObject],
    ) -> None:
        self._sessions = sessions
        self._counter = counter
        self._folder = folder
        self._now = now
        self._open = open
        self._finish = finish
        self._describe = describe
        folder.mkdir(parents=True, exist_ok=True)

    def begin(self, call: Call, kind: str, address: str) -> Response:
        """POST: open a session, or take a whole upload at once (uploadType media or multipart)."""
        query = dict(call.query)
        way = query.get("uploadType", "media")
        if way == "resumable":
            return self._begin_session(call, kind, query, address)
        metadata, data = _related(call) if way == "multipart" else ({}, call.body)
        if not data:
            raise bad("mediaBodyRequired", "The request does not include the media content.")
        self._open(kind, metadata, query)
        result = self._finish(Arrived(kind=kind, metadata=metadata, query=query, data=data))
        return JSONResponse(self._describe(kind, result, query))

    def receive(self, call: Call) -> Response:
        """PUT on a session: a chunk, the rest, or the question what has arrived."""
        session = self._found(call.query.get("upload_id", ""))
        if session.result:
            return JSONResponse(self._describe(session.kind, session.result, session.query))
        place = self._place(session)
        held = place.stat().st_size
        start, end, total = self._range(call, session, held)
        if start is not None:
            held = self._append(call, place, held, start, end, total)
        if total is None or held < total:
            headers = {"Range": f"bytes=0-{held - 1}"} if held else {}
            return Response(status_code=308, headers={**headers, "X-GUploader-UploadID": session.id})
        return self._complete(session, place)

    def cancel(self, call: Call) -> Response:
        """DELETE on a session."""
        session = self._found(call.query.get("upload_id", ""))
        self._sessions.drop(session.id)
        self._place(session).unlink(missing_ok=True)
        return Response(status_code=499)

    def forget(self) -> None:
        """Throw away the bytes of every session."""
        for place in self._folder.iterdir():
            place.unlink()

    def _begin_session(self, call: Call, kind: str, query: dict[str, str], address: str) -> Response:
        total = call.headers.get("x-upload-content-length", "0")
        metadata = call.json or {}
        self._open(kind, metadata, query)
        id = "ADPycdrehearsal" + sha256(f"session {self._counter.next('session')}".encode()).hexdigest()[:40]
        session = Session(
            id=id,
            kind=kind,
            metadata=metadata,
            query=query,
            total=int(total) if total.isdigit() else 0,
            content_type=call.headers.get("x-upload-content-type", ""),
            opened=self._now(),
        )
        self._sessions.put(id, session)
        self._place(session).write_bytes(b"")
        location = f"{address}{call.path}?{call.query}&upload_id={id}"
        return Response(status_code=200, headers={"Location": location, "X-GUploader-UploadID": id})

    def _range(self, call: Call, session: Session, held: int) -> tuple[int | None, int, int | None]:
        """Read Content-Range; without one the body is everything that is left."""
        header = call.headers.get("content-range")
        if header is None:
            return held, held + len(call.body) - 1, held + len(call.body)
        found = _RANGE.match(header)
        if not found:
            raise bad("badRequest", "Failed to parse Content-Range header.")
        total = int(found.group(3)) if found.group(3) != "*" else session.total or None
        if found.group(1) is None:
            return None, 0, total
        return int(found.group(1)), int(found.group(2)), total

    def _append(self, call: Call, place: Path, held: int, start: int, end: int, total: int | None) -> int:
        if end - start + 1 != len(call.body) or start > held or (total is not None and end >= total):
            raise bad("badRequest", "Invalid request. The Content-Range does not match the bytes that were received.")
        last = total is not None and end + 1 == total
        if not last and len(call.body) % STEP:
            raise bad(
                "badRequest", "Invalid request. The number of bytes uploaded must be a multiple of 262144, except the last."
            )
        with place.open("ab") as file:
            file.write(call.body[held - start :])
        return place.stat().st_size

    def _complete(self, session: Session, place: Path) -> Response:
        arrived = Arrived(kind=session.kind, metadata=session.metadata, query=session.query, data=place.read_bytes())
        result = self._finish(arrived)
        self._sessions.put(session.id, replace(session, result=result))
        place.unlink()
        return JSONResponse(self._describe(session.kind, result, session.query))

    def _found(self, id: str) -> Session:
        session = self._sessions.get(id)
        if session is None or session.opened + LIFE < self._now():
            raise ApiError(404, "notFound", "The upload session cannot be found; it may have expired.", domain="global")
        return session

    def _place(self, session: Session) -> Path:
        return self._folder / f"{session.id}.part"


def _related(call: Call) -> tuple[JsonObject, bytes]:
    """Split a multipart/related body into its JSON and its media."""
    found = _BOUNDARY.search(call.headers.get("content-type", ""))
    if not found:
        raise bad("badRequest", "Missing multipart boundary.")
    pieces = call.body.split(b"--" + found.group(1).encode())[1:-1]
    bodies = [piece.lstrip(b"\r\n").partition(b"\r\n\r\n" if b"\r\n\r\n" in piece else b"\n\n")[2] for piece in pieces]
    if len(bodies) != 2:
        raise bad("badRequest", "A multipart upload has two parts.")
    metadata = json.loads(bodies[0])
    return (metadata if isinstance(metadata, dict) else {}), bodies[1].removesuffix(b"\n").removesuffix(b"\r")
