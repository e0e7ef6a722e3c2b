"""The calls that bring a clip to a Page: in one piece, in chunks, by a handle, and as a reel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from starlette.datastructures import Headers

from rehearsal.call import Call, JsonObject
from rehearsal.facebook import parameter
from rehearsal.facebook.error import GraphError, invalid, missing
from rehearsal.facebook.page import Page
from rehearsal.facebook.story import Session, Video
from rehearsal.media import Kind, Media, MediaStore

CHUNK = 1 << 20  # the server dictates the size of a chunk; small, so that rehearsals have several
REELS_A_DAY = 30


class Clips:
    """Takes clips; bytes of unfinished uploads are kept in memory, so after a restart the server asks for them anew."""

    def __init__(self, page: Page, media: MediaStore, processing: timedelta) -> None:
        self._page = page
        self._media = media
        self._processing = processing
        self._bytes: dict[str, bytearray] = {}

    def videos(self, call: Call) -> JsonObject:
        """POST /{page}/videos: any of its ways."""
        phase = call.text("upload_phase").lower()
        steps = {
            "": self._simple,
            "start": self._start,
            "transfer": self._transfer,
            "finish": self._finish,
            "cancel": self._cancel,
        }
        if phase not in steps:
            raise invalid("Param upload_phase must be one of {start, transfer, finish, cancel}")
        return steps[phase](call)

    def reels(self, call: Call, address: str) -> JsonObject:
        """POST /{page}/video_reels: start, or finish and publish."""
        phase = call.text("upload_phase").lower()
        if phase == "start":
            video = self._page.videos.put(id := self._page.new_id("video"), self._blank(id, reel=True))
            self._bytes[video.id] = bytearray()
            return {"video_id": video.id, "upload_url": f"{address}/video-upload/v26.0/{video.id}"}
        if phase != "finish":
            raise invalid("Param upload_phase must be one of {start, finish}")
        return self._finish_reel(call)

    def receive_reel(self, call: Call, id: str) -> JsonObject:
        """POST the bytes of a reel to its upload_url, from header `offset` on."""
        video = self._found(id)
        if pulled := call.files.get("source"):  # header file_url: the server has fetched the whole of it
            self._bytes[id] = bytearray(pulled.data)
            self._page.videos.put(id, replace(video, received=len(pulled.data), size=len(pulled.data)))
            return {"success": True}
        held = self._bytes.setdefault(id, bytearray())
        if _number(call.headers, "offset") != len(held):
            raise GraphError("Offset mismatch", code=6000, subcode=1363037, data={"start_offset": str(len(held))})
        held += call.body
        self._page.videos.put(id, replace(video, received=len(held), size=_number(call.headers, "file_size")))
        return {"success": True}

    def open_handle(self, call: Call) -> JsonObject:
        """POST /{app}/uploads: begin a resumable upload of its own."""
        id = "upload:" + self._page.new_id("session")
        size = call.text("file_length")
        if not size.isdigit():
            raise invalid("Param file_length must be an integer")
        self._page.sessions.put(id, Session(id=id, video="", size=int(size)))
        self._bytes[id] = bytearray()
        return {"id": id}

    def receive_handle(self, call: Call, id: str) -> JsonObject:
        """POST the bytes of a resumable upload, from header `file_offset` on; gives the handle when they are complete."""
        session = self._session(id)
        held = self._bytes.setdefault(id, bytearray())
        if _number(call.headers, "file_offset") != len(held):
            raise GraphError("Offset mismatch", code=6000, subcode=1363037, data={"start_offset": str(len(held))})
        held += call.body
        self._page.sessions.put(id, replace(session, received=len(held), handle=f"4:{id.partition(':')[2]}"))
        return {"h": f"4:{id.partition(':')[2]}"} if len(held) == session.size else {"id": id, "file_offset": len(held)}

    def ask_handle(self, id: str) -> JsonObject:
        """GET how far a resumable upload is."""
        self._session(id)
        return {"id": id, "file_offset": len(self._bytes.get(id, b""))}

    def edit(self, call: Call, video: Video) -> JsonObject:
        """POST /{video}: change title, description, or publish."""
        changed = replace(
            video,
            title=call.text("name") or call.text("title") or video.title,
            description=parameter.message(call, "description") or video.description,
            published=parameter.flag(call, "published", default=video.published),
        )
        self._page.videos.put(video.id, changed)
        if story := self._page.stories.get(changed.story):
            self._page.keep(replace(story, message=changed.description or changed.title, updated=self._page.now()))
        elif changed.published and self._page.ready(changed):
            self._page.release(replace(changed, created=self._page.now(), scheduled=None))
        return {"success": True}

    def thumbnail(self, call: Call, video: Video) -> JsonObject:
        """POST /{video}/thumbnails."""
        upload = parameter.file(call, "source", "source0")
        kept = self._media.keep(upload.data, name=upload.name) if upload else None
        if kept is None or not kept.is_picture("jpeg", "png"):
            raise GraphError("Missing or invalid image file", code=324)
        self._page.videos.put(video.id, replace(video, thumbnails=(*video.thumbnails, kept)))
        return {"success": True}

    def caption(self, call: Call, video: Video) -> JsonObject:
        """POST /{video}/captions: a file named name.xx_YY.srt."""
        upload = parameter.file(call, "captions_file")
        parts = upload.name.rsplit(".", 2) if upload else []
        if upload is None or len(parts) != 3 or parts[2] != "srt" or len(parts[1]) != 5:
            raise GraphError("The captions file must be named as filename.locale.srt", code=386)
        self._page.videos.put(video.id, replace(video, captions=(*video.captions, parts[1])))
        return {"success": True}

    def _simple(self, call: Call) -> JsonObject:
        upload = parameter.file(call, "source", "source0")
        handle = call.text("fbuploader_video_file_chunk")
        if upload is None and not handle:
            raise GraphError("No video file was uploaded. Please specify source or file_url", code=352)
        data = upload.data if upload else self._handled(handle)
        video = self._described(call, self._blank(self._page.new_id("video")))
        self._page.accept(video, self._clip(data), self._processing)
        return {"id": video.id}

    def _handled(self, handle: str) -> bytes:
        session = next((one for one in self._page.sessions if one.handle == handle), None)
        if session is None or len(self._bytes.get(session.id, b"")) != session.size:
            raise invalid("The upload handle is invalid or its upload is not complete")
        return bytes(self._bytes.get(session.id, b""))

    def _start(self, call: Call) -> JsonObject:
        size = call.text("file_size")
        if not size.isdigit() or int(size) == 0:
            raise invalid("Param file_size must be a positive integer")
        video = self._page.videos.put(id := self._page.new_id("video"), replace(self._blank(id), size=int(size)))
        session = Session(id=self._page.new_id("session"), video=video.id, size=int(size))
        self._page.sessions.put(session.id, session)
        self._bytes[session.id] = bytearray()
        return {"upload_session_id": session.id, "video_id": video.id, **_window(session)}

    def _transfer(self, call: Call) -> JsonObject:
        session = self._session(call.text("upload_session_id"))
        chunk = parameter.file(call, "video_file_chunk")
        if chunk is None:
            raise invalid("Param video_file_chunk is required")
        wrong = call.text("start_offset") != str(session.received)
        if wrong or len(chunk.data) > CHUNK or session.received + len(chunk.data) > session.size:
            raise GraphError(
                "There was a problem uploading your video file. Please try again.",
                code=6000,
                subcode=1363037,
                data=_window(session),
            )
        held = self._bytes.setdefault(session.id, bytearray())
        held += chunk.data
        moved = self._page.sessions.put(session.id, replace(session, received=len(held)))
        self._page.videos.put(session.video, replace(self._found(session.video), received=len(held)))
        return dict(_window(moved))

    def _finish(self, call: Call) -> JsonObject:
        session = self._session(call.text("upload_session_id"))
        video = self._found(session.video)
        if video.finished:
            return {"success": True}
        if session.received != session.size:
            raise GraphError("The video upload is not complete", code=6000, subcode=1363037, data=_window(session))
        clip = self._clip(bytes(self._bytes.get(session.id, b"")))
        self._page.accept(self._described(call, video), clip, self._processing)
        self._bytes.pop(session.id, None)
        return {"success": True}

    def _cancel(self, call: Call) -> JsonObject:
        session = self._session(call.text("upload_session_id"))
        self._page.sessions.drop(session.id)
        self._page.videos.drop(session.video)
        self._bytes.pop(session.id, None)
        return {"success": True}

    def _finish_reel(self, call: Call) -> JsonObject:
        video = self._found(call.text("video_id"))
        if video.finished:
            return {"success": True, "post_id": video.story}
        clip = self._clip(bytes(self._bytes.get(video.id, b"")))
        self._fits_reel(clip)
        state = call.text("video_state").upper()
        if state not in ("PUBLISHED", "DRAFT", "SCHEDULED"):
            raise invalid("Param video_state must be one of {PUBLISHED, DRAFT, SCHEDULED}")
        day = self._page.now() - timedelta(days=1)
        if (
            state == "PUBLISHED"
            and sum(one.reel and one.finished and one.created > day for one in self._page.videos) >= REELS_A_DAY
        ):
            raise GraphError("The Page has reached the limit of reels published by API in 24 hours", code=613, subcode=1363128)
        described = replace(self._described(call, video), published=state == "PUBLISHED", created=self._page.now())
        done = self._page.accept(described, clip, self._processing)
        story = (self._page.videos.get(done.id) or done).story
        return {"success": True, **({"post_id": story} if story else {})}

    def _fits_reel(self, clip: Media) -> None:
        tall = not clip.width or (clip.height * 9 >= clip.width * 16 * 0.98 and clip.width >= 540)
        if not tall or (clip.seconds and not 3 <= clip.seconds <= 90):
            raise GraphError("The video does not meet the requirements of reels", code=6000, subcode=1363040)

    def _described(self, call: Call, video: Video) -> Video:
        published = parameter.flag(call, "published", default=True)
        scheduled = parameter.moment(call, self._page.now())
        if scheduled and published and call.text("published"):
            raise invalid("You cannot specify a scheduled publish time on a published post")
        return replace(
            video, title=call.text("title"), description=parameter.message(call, "description"),
            published=published and not scheduled, scheduled=scheduled,
        )  # fmt: skip

    def _clip(self, data: bytes) -> Media:
        kept = self._media.keep(data)
        if kept.kind is not Kind.VIDEO:
            raise GraphError("The video file you selected is in a format that we don't support.", code=352, subcode=1363024)
        return kept

    def _blank(self, id: str, *, reel: bool = False) -> Video:
        return Video(id=id, created=self._page.now(), reel=reel, published=False)

    def _session(self, id: str) -> Session:
        session = self._page.sessions.get(id)
        if session is None:
            raise GraphError("Your video upload session is invalid or has expired", code=6000, subcode=1363026)
        return replace(session, received=len(self._bytes.get(id, b"")))

    def _found(self, id: str) -> Video:
        video = self._page.videos.get(id)
        if video is None:
            raise missing(id)
        return video


def _window(session: Session) -> JsonObject:
    """Tell which bytes the server wants next; equal offsets mean none."""
    return {"start_offset": str(session.received), "end_offset": str(min(session.received + CHUNK, session.size))}


def _number(headers: Headers, name: str) -> int:
    value = headers.get(name, "")
    if not value.isdigit():
        raise invalid(f"Header {name} must be an integer")
    return int(value)
