"""A clip in chunks: start, transfer, finish as unpublished. Facebook says where each chunk begins and ends.

The session is saved before the first byte. A later try asks how far the clip is and goes on there; only where Facebook does not
know the session any more is another one begun, and what the first one left is seen by nobody.
"""

from __future__ import annotations

from datetime import timedelta

from editorial.likeness import same_words
from editorial.outcome import RateLimited, Refused, Unavailable
from editorial.post import Medium, Post
from publishers.contract import Handles
from publishers.facebook.errors import OFFSET_MISMATCH
from publishers.facebook.graph import Graph, GraphError
from publishers.tree import Tree
from publishers.verdict import Verdict

MOST_ROUNDS = 20_000  # 10 GB in the smallest chunks that Facebook asks for; more is a loop
FEELER = 1 << 16  # bytes sent to learn how far an upload came: few, and welcome where none has arrived
LOCALES = {"vi": "vi_VN", "en": "en_US"}  # as the name of a caption file has to say it
SOON = timedelta(seconds=15)
WORKING, BROKEN = ("uploading", "upload_complete", "processing"), ("error", "expired")


def upload_video(graph: Graph, page: str, clip: Medium, post: Post, handles: Handles) -> None:
    """Bring the clip to the page, unpublished; raise RateLimited while Facebook works on it: call again."""
    if not handles.get("video.finished"):
        _bring(graph, page, clip, post, handles)
        handles.save("video.finished", "true")
    video = handles.get("video") or ""
    _add_poster(graph, video, clip, handles)
    _add_subtitles(graph, video, clip, post.variant.language, handles)
    _wait_until_ready(graph, video)


def _bring(graph: Graph, page: str, clip: Medium, post: Post, handles: Handles) -> None:
    if _is_there(graph, handles.get("video"), post):  # only the answer to its finish was lost
        return
    session, offset, end = _resumed(graph, page, clip, handles.get("video.session")) or _begun(graph, page, clip, handles)
    _transfer(graph, page, clip, session, offset, end)
    form = {
        "upload_phase": "finish",
        "upload_session_id": session,
        "title": post.variant.title,
        "description": post.variant.text,
        "published": "false",
    }
    graph.post(f"{page}/videos", form, video=True)


def _is_there(graph: Graph, video: str | None, post: Post) -> bool:
    """Tell whether the whole clip has arrived, and what is said of it, which comes with the finish alone."""
    if video is None:
        return False
    known = graph.get_or_none(video, fields="status,description") or Tree(None)
    whole = known.text("status", "uploading_phase", "status") == "complete"
    return whole and same_words(known.text("description"), post.variant.text)


def _begun(graph: Graph, page: str, clip: Medium, handles: Handles) -> tuple[str, int, int]:
    started = graph.post(f"{page}/videos", {"upload_phase": "start", "file_size": str(clip.byte_size)}, video=True)
    session, video = started.text("upload_session_id"), started.text("video_id")
    if not session or not video:
        raise Unavailable("Facebook chưa mở được phiên tải clip; Loa sẽ thử lại", code="no-session")
    handles.save("video", video)
    handles.save("video.session", session)
    return session, started.number("start_offset") or 0, started.number("end_offset") or clip.byte_size


def _resumed(graph: Graph, page: str, clip: Medium, session: str | None) -> tuple[str, int, int] | None:
    """Return where an upload goes on; None when it never began, or Facebook has forgotten it."""
    if session is None:
        return None
    with clip.path.open("rb") as file:
        answer, error = _send(graph, page, session, 0, file.read(FEELER))
    if error is None:
        return (session, *_offsets(answer))
    if error.subcode == OFFSET_MISMATCH:
        return (session, *_offsets(error.data))
    if error.ruling.verdict is Verdict.REFUSED:
        return None
    raise graph.refusal(error)


def _transfer(graph: Graph, page: str, clip: Medium, session: str, offset: int, end: int) -> None:
    with clip.path.open("rb") as file:
        for _ in range(MOST_ROUNDS):
            if offset >= end:
                return
            file.seek(offset)
            answer, error = _send(graph, page, session, offset, file.read(end - offset))
            if error is not None and error.subcode != OFFSET_MISMATCH:
                raise graph.refusal(error)
            offset, end = _offsets(answer if error is None else error.data)
    raise Unavailable("Facebook đòi tải clip mãi không xong; Loa sẽ thử lại", code="too-many-chunks")


def _send(graph: Graph, page: str, session: str, offset: int, data: bytes) -> tuple[Tree, GraphError | None]:
    form = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": str(offset)}
    return graph.attempt(f"{page}/videos", form, {"video_file_chunk": ("chunk", data, "application/octet-stream")})


def _offsets(answer: Tree) -> tuple[int, int]:
    start, end = answer.number("start_offset"), answer.number("end_offset")
    if start is None or end is None:
        raise Unavailable("Facebook trả lời lạ khi tải clip; Loa sẽ thử lại", code="no-offset")
    return start, end


def _add_poster(graph: Graph, video: str, clip: Medium, handles: Handles) -> None:
    if clip.poster is None or handles.get("video.poster"):
        return
    file = ("poster.jpg", clip.poster.read_bytes(), "image/jpeg")
    graph.post(f"{video}/thumbnails", {"is_preferred": "true"}, files={"source": file}, video=True)
    handles.save("video.poster", "true")


def _add_subtitles(graph: Graph, video: str, clip: Medium, language: str, handles: Handles) -> None:
    locale = LOCALES.get(language)
    if clip.subtitles is None or locale is None or handles.get("video.captions"):
        return
    file = (f"phu-de.{locale}.srt", clip.subtitles.read_bytes(), "application/x-subrip")
    graph.post(f"{video}/captions", {"default_locale": locale}, files={"captions_file": file}, video=True)
    handles.save("video.captions", "true")


def _wait_until_ready(graph: Graph, video: str) -> None:
    """Hold the post until the clip can be shown at once, and find a clip that Facebook cannot read before its moment."""
    status = graph.get(video, fields="status").at("status")
    name = status.text("video_status")
    if name in BROKEN:
        faults = [*status.at("processing_phase", "errors"), status.at("processing_phase", "error")]
        said = next((fault.text("message") for fault in faults if fault.text("message")), "")
        raise Refused(f"Facebook không xử lý được clip; hãy xuất lại clip. {said}".strip(), code=f"video-{name}")
    if name in WORKING:
        raise RateLimited("Facebook đang xử lý clip", wait=SOON, code=f"video-{name}")
