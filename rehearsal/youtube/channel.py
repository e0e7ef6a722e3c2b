"""The channel itself: its videos and captions, what the public sees, and how the API describes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from rehearsal.call import JsonObject
from rehearsal.journal import Counter, Journal
from rehearsal.ledger import Ledger
from rehearsal.media import Kind, Media
from rehearsal.youtube.error import no_video
from rehearsal.youtube.video import CHANNEL_ID, CHANNEL_TITLE, Caption, ListItem, Video


def stamp(at: datetime) -> str:
    """Write a moment as YouTube does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Channel:
    """The tables of a channel and the one place where a video becomes visible."""

    def __init__(self, journal: Journal, counter: Counter, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self.videos = journal.table("videos", Video)
        self.captions = journal.table("captions", Caption)
        self.items = journal.table("items", ListItem)
        self._counter = counter
        self._ledger = ledger
        self.now = now
        self.address = ""
        self._planned = {video.id for video in self.videos if video.publish_at}

    def add(self, parts: dict[str, JsonObject], media: Media, processing: timedelta, rejected: str = "") -> Video:
        """Take a whole video in; what is not a clip fails in processing, as there, and what is rejected is so after it."""
        failed = rejected if media.kind is Kind.VIDEO else "invalidFile"
        return self.keep(
            Video(
                id=self.new_id("video", 11),
                parts=parts,
                media=media,
                uploaded=self.now(),
                ready_at=self.now() + processing,
                rejected=failed,
            )
        )

    def new_id(self, series: str, length: int) -> str:
        """Give an id in YouTube's letters."""
        return sha256(f"{series} {self._counter.next(series)}".encode()).hexdigest()[:length]

    def video(self, id: str) -> Video:
        """Find a video."""
        found = self.videos.get(id)
        if found is None:
            raise no_video()
        return found

    def keep(self, video: Video) -> Video:
        """Save a video and let the public see what it may."""
        self.videos.put(video.id, video)
        if video.publish_at:
            self._planned.add(video.id)
        if video.privacy != "public" or video.rejected:
            self._ledger.remove(video.id, at=self.now())
            return video
        snippet = video.parts["snippet"]
        path, text = f"/watch?v={video.id}", str(snippet["description"])
        self._ledger.show(video.id, path=path, at=self.now(), title=str(snippet["title"]), text=text, media=(video.media,))
        return video

    def drop(self, video: Video) -> None:
        """Delete a video."""
        self.videos.drop(video.id)
        self._ledger.remove(video.id, at=self.now())

    def publish_due(self) -> None:
        """Make public what was private until now."""
        for id in sorted(self._planned):
            video = self.videos.get(id)
            if video is None or video.privacy != "private" or not (when := video.publish_at):
                self._planned.discard(id)
            elif when <= self.now():
                status = {name: value for name, value in video.parts["status"].items() if name != "publishAt"}
                self.keep(replace(video, parts={**video.parts, "status": {**status, "privacyStatus": "public"}}))

    def newest_first(self) -> list[Video]:
        """List uploads as the uploads playlist does."""
        return sorted(self.videos, key=lambda video: video.uploaded)[::-1]

    def describe(self, video: Video, chosen: tuple[str, ...]) -> JsonObject:
        """Describe a video in the chosen parts, as its owner sees it."""
        makers: dict[str, Callable[[Video], JsonObject]] = {
            "snippet": self._snippet,
            "status": self._status,
            "processingDetails": self._processing,
            "fileDetails": _file,
            "statistics": lambda video: {"viewCount": "0", "likeCount": "0", "favoriteCount": "0", "commentCount": "0"},
            "contentDetails": self._content,
            "player": lambda video: {"embedHtml": f'<iframe src="{self.address}/watch?v={video.id}"></iframe>'},
        }
        head: JsonObject = {"kind": "youtube#video", "etag": self._etag(video), "id": video.id}
        for part in chosen:
            if part in makers:
                head[part] = makers[part](video)
            elif part in video.parts:
                head[part] = video.parts[part]
        return head

    def describe_item(self, video: Video, *, item: str, playlist: str, position: int) -> JsonObject:
        """Describe a place in a playlist."""
        snippet: JsonObject = {**self._snippet(video), "playlistId": playlist, "position": position}
        resource = {"kind": "youtube#video", "videoId": video.id}
        content: JsonObject = {"videoId": video.id, "videoPublishedAt": stamp(video.uploaded)}
        head: JsonObject = {"kind": "youtube#playlistItem", "etag": self._etag(video), "id": item}
        status = {"privacyStatus": video.privacy}
        return {**head, "snippet": {**snippet, "resourceId": resource}, "contentDetails": content, "status": status}

    def describe_caption(self, caption: Caption) -> JsonObject:
        """Describe a caption track."""
        snippet: JsonObject = {
            "videoId": caption.video,
            "language": caption.language,
            "name": caption.name,
            "isDraft": caption.draft,
        }
        snippet |= {"lastUpdated": stamp(caption.updated), "trackKind": "standard", "status": "serving", "isAutoSynced": False}
        return {"kind": "youtube#caption", "etag": caption.id, "id": caption.id, "snippet": snippet}

    def _snippet(self, video: Video) -> JsonObject:
        written = {name: value for name, value in video.parts["snippet"].items() if value != []}
        picture = self.address + video.thumbnail.path if video.thumbnail else f"{self.address}/vi/{video.id}/default.jpg"
        row = self._ledger.visible(video.id)
        localized = {name: written.get(name) for name in ("title", "description")}
        head: JsonObject = {"publishedAt": stamp(row.published_at if row else video.uploaded), "channelId": CHANNEL_ID}
        tail: JsonObject = {
            "thumbnails": {"default": {"url": picture}},
            "channelTitle": CHANNEL_TITLE,
            "liveBroadcastContent": "none",
        }
        return {**head, **written, **tail, "localized": localized}

    def _status(self, video: Video) -> JsonObject:
        done = "rejected" if video.rejected == "duplicate" else "failed" if video.rejected else "processed"
        state: JsonObject = {"uploadStatus": done if video.ready_at <= self.now() else "uploaded", "madeForKids": False}
        if done == "failed":
            state["failureReason"] = video.rejected
        elif done == "rejected":
            state["rejectionReason"] = video.rejected
        return {**state, **video.parts["status"]}

    def _processing(self, video: Video) -> JsonObject:
        ready = video.ready_at <= self.now()
        name = ("failed" if video.rejected else "succeeded") if ready else "processing"
        left = max(0, round((video.ready_at - self.now()).total_seconds() * 1000))
        details: JsonObject = {
            "processingStatus": name,
            "fileDetailsAvailability": "available",
            "thumbnailsAvailability": "available",
        }
        progress = {"partsTotal": "100", "partsProcessed": "100" if ready else "0", "timeLeftMs": str(left)}
        details |= {"processingFailureReason": "transcodeFailed"} if name == "failed" else {}
        return details if ready else {**details, "processingProgress": progress}

    def _content(self, video: Video) -> JsonObject:
        captioned = any(one.video == video.id for one in self.captions)
        plain: JsonObject = {"duration": f"PT{round(video.media.seconds)}S", "dimension": "2d", "definition": "hd"}
        return {**plain, "caption": "true" if captioned else "false", "licensedContent": False, "projection": "rectangular"}

    def _etag(self, video: Video) -> str:
        return sha256(repr((video.parts, video.thumbnail)).encode()).hexdigest()[:27]


def _file(video: Video) -> JsonObject:
    media = video.media
    streams = [{"widthPixels": media.width, "heightPixels": media.height}]
    sizes: JsonObject = {"fileSize": str(media.size), "durationMs": str(round(media.seconds * 1000))}
    return {**sizes, "fileName": media.name or "video.mp4", "fileType": "video", "container": "mov", "videoStreams": streams}
