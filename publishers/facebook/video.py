"""A clip in chunks: start, transfer, finish as unpublished. Facebook says where each chunk begins and ends."""

from __future__ import annotations

from editorial.outcome import Unavailable
from editorial.post import Medium, Post
from publishers.contract import Handles
from publishers.facebook.errors import OFFSET_MISMATCH
from publishers.facebook.graph import Graph, GraphError
from publishers.tree import Tree

MOST_ROUNDS = 20_000  # 10 GB in the smallest chunks that Facebook asks for; more is a loop


def upload_video(graph: Graph, page: str, clip: Medium, post: Post, handles: Handles) -> None:
    """Upload the clip unless its handle says that it is there; save the video id before the first byte."""
    if handles.get("video.finished"):
        return
    session, offset, end = _session(graph, page, clip, handles)
    _transfer(graph, page, clip, session, offset, end)
    form = {
        "upload_phase": "finish",
        "upload_session_id": session,
        "title": post.variant.title,
        "description": post.variant.text,
        "published": "false",
    }
    graph.post(f"{page}/videos", form, video=True)
    handles.save("video.finished", "true")


def _session(graph: Graph, page: str, clip: Medium, handles: Handles) -> tuple[str, int, int]:
    """Start an upload. A started one is not taken up again: what it has received is unknown, and it is invisible."""
    started = graph.post(f"{page}/videos", {"upload_phase": "start", "file_size": str(clip.byte_size)}, video=True)
    session, video = started.text("upload_session_id"), started.text("video_id")
    if not session or not video:
        raise Unavailable("Facebook chưa mở được phiên tải clip; Loa sẽ thử lại", code="no-session")
    handles.save("video", video)
    return session, started.number("start_offset") or 0, started.number("end_offset") or clip.byte_size


def _transfer(graph: Graph, page: str, clip: Medium, session: str, offset: int, end: int) -> None:
    with clip.path.open("rb") as file:
        for _ in range(MOST_ROUNDS):
            if offset >= end:
                return
            file.seek(offset)
            offset, end = _chunk(graph, page, session, offset, file.read(end - offset))
    raise Unavailable("Facebook đòi tải clip mãi không xong; Loa sẽ thử lại", code="too-many-chunks")


def _chunk(graph: Graph, page: str, session: str, offset: int, data: bytes) -> tuple[int, int]:
    form = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": str(offset)}
    answer, error = graph.attempt(f"{page}/videos", form, {"video_file_chunk": ("chunk", data, "application/octet-stream")})
    if error is not None and error.subcode == OFFSET_MISMATCH:
        return _offsets(error.data)
    return _offsets(_or_raise(graph, answer, error))


def _or_raise(graph: Graph, answer: Tree, error: GraphError | None) -> Tree:
    if error is not None:
        raise graph.refusal(error)
    return answer


def _offsets(answer: Tree) -> tuple[int, int]:
    start, end = answer.number("start_offset"), answer.number("end_offset")
    if start is None or end is None:
        raise Unavailable("Facebook trả lời lạ khi tải clip; Loa sẽ thử lại", code="no-offset")
    return start, end
