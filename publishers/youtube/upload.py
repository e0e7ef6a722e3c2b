"""A resumable upload. The session's address is saved before the first byte: asked again, it says how far the upload came."""

from __future__ import annotations

import re

from googleapiclient.http import MediaIoBaseUpload  # type: ignore[import-untyped]

from editorial.outcome import Unavailable
from editorial.post import Medium
from publishers.contract import Handles
from publishers.tree import Tree
from publishers.wire import Answer
from publishers.youtube.client import YouTube

CHUNK = 8 * 1024 * 1024  # a multiple of 256 KiB, small enough for a deadline on a slow line


def upload(youtube: YouTube, clip: Medium, body: dict[str, object], handles: Handles) -> str:
    """Return the id of the uploaded, private video; goes on where an earlier try stopped."""
    address, start = handles.get("session"), 0
    if address is not None:
        answer = youtube.session(address, clip.byte_size)
        if answer.status in (200, 201):
            return _video_id(answer.tree)
        if answer.status == 429 or answer.status >= 500:  # another upload would count, and begin with the first byte
            raise Unavailable("YouTube chưa trả lời được clip đã tới đâu; Loa sẽ hỏi lại", code=str(answer.status))
        address, start = (address, _received(answer)) if answer.status == 308 else (None, 0)
    return _send(youtube, clip, body, handles, address, start)


def _send(youtube: YouTube, clip: Medium, body: dict[str, object], handles: Handles, address: str | None, start: int) -> str:
    with clip.path.open("rb") as file:
        media = MediaIoBaseUpload(file, mimetype=clip.media_type, chunksize=CHUNK, resumable=True)
        request = youtube.api.videos().insert(part="snippet,status", body=body, media_body=media)
        request.resumable_uri, request.resumable_progress = address, start
        for _ in range(clip.byte_size // CHUNK + 2):
            video = youtube.chunk(request, lambda session: handles.save("session", session))
            if video is not None:
                return _video_id(video)
    raise Unavailable("YouTube chưa nhận xong clip; Loa sẽ tải tiếp", code="upload-unfinished")


def _received(answer: Answer) -> int:
    """Return how many bytes the session has: `Range: bytes=0-N`, absent when it has none."""
    found = re.fullmatch(r"(?:bytes=)?0-(\d+)", answer.headers.get("range", ""))
    return int(found[1]) + 1 if found else 0


def _video_id(video: Tree) -> str:
    if not video.text("id"):
        raise Unavailable("YouTube nhận clip mà không trả mã clip; Loa sẽ hỏi lại", code="no-id")
    return video.text("id")
