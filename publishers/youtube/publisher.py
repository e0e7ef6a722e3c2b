"""Publish a clip on YouTube: uploaded private with a marker tag, then made public by its id.

An update replaces each named part as a whole and clears what it leaves out, so it is made of what stands there and what changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from googleapiclient.http import MediaInMemoryUpload  # type: ignore[import-untyped]

from editorial.likeness import same_words
from editorial.outcome import (
    Absent,
    CannotTell,
    Comment,
    Found,
    Greeting,
    LivePost,
    OutcomeUnknown,
    PublishError,
    Receipt,
    Refused,
    Sighting,
    Snapshot,
    Unauthorized,
    Unavailable,
)
from editorial.post import Post
from publishers.contract import (
    Account,
    Converses,
    Corrects,
    Greets,
    Handles,
    Measures,
    Prepares,
    Publisher,
    Reconciles,
    Verifies,
    Withdraws,
)
from publishers.manifest import load_manifest
from publishers.tree import Tree
from publishers.youtube import talk
from publishers.youtube.client import YouTube
from publishers.youtube.errors import ALREADY_THERE, GONE
from publishers.youtube.upload import upload

NEWS_AND_POLITICS = "25"
MOST_TAG_CHARACTERS = 500  # YouTube's; commas count, and quotes around a tag with a space
PAGES_READ = 4  # of 50 uploads each; our upload is among the newest
# Every call that a clip needs from its upload to its read-back.
COURSE = (
    "videos.insert", "videos.list", "thumbnails.set", "captions.insert", "playlistItems.list", "playlistItems.insert",
    "videos.update", "videos.list",
)  # fmt: skip
PROCESSING = "uploaded"  # and not yet looked at: neither taken nor rejected
DEAD = frozenset({"failed", "rejected", "deleted"})
# Every field of a part that an owner may write; reads also give what only YouTube writes.
SNIPPET_FIELDS = ("title", "description", "tags", "categoryId", "defaultLanguage", "defaultAudioLanguage")
STATUS_FIELDS = ("license", "embeddable", "publicStatsViewable", "selfDeclaredMadeForKids", "containsSyntheticMedia")
STATUS = {"license": "youtube", "embeddable": True, "publicStatsViewable": True, "selfDeclaredMadeForKids": False}
REASONS = {
    "duplicate": "YouTube cho rằng clip này đã có trên kênh",
    "copyright": "YouTube báo vi phạm bản quyền",
    "length": "clip dài quá mức kênh được tải lên",
    "codec": "YouTube không đọc được clip; hãy xuất lại",
    "conversion": "YouTube không đọc được clip; hãy xuất lại",
    "invalidFile": "YouTube không đọc được clip; hãy xuất lại",
}

PUBLIC_URL = "https://www.youtube.com"  # where the public watches; a rehearsal has another


class YouTubePublisher(Publisher, Prepares, Reconciles, Verifies, Corrects, Withdraws, Measures, Converses, Greets):
    """One clip with its poster and subtitles."""

    manifest = load_manifest(Path(__file__).parent)

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._youtube = YouTube(account, lambda: self.app_notes)
        self._api = self._youtube.api

    def close(self) -> None:
        """Let go of connections."""
        self._youtube.close()

    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        """Upload the clip private, with poster, subtitles and playlist; safe to repeat.

        None is begun that the day's quota cannot bring to its end.
        """
        video = handles.get("video")
        if video is None:
            if handles.get("session") is None:
                self._youtube.quota.ask(*COURSE)
            video = self._uploaded(post, key, handles)
            handles.save("video", video)
        self._refuse_unusable(video)
        self._set_poster(post, video, handles)
        self._set_subtitles(post, video, handles)
        self._put_in_playlist(video, handles)

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt:
        """Make the video public; may be repeated, since it names the video by id."""
        video = handles.get("video")
        if video is None:
            raise Unavailable("clip chưa được tải lên YouTube; Loa sẽ chuẩn bị lại", code="not-prepared")
        answer = self._youtube.run(self._privacy(video, "public"), commit=True)
        privacy = answer.text("status", "privacyStatus")
        if privacy == "private":  # so the project has not passed YouTube's audit, and nothing that it uploads is shown
            reason = "YouTube giữ clip ở chế độ riêng tư; dự án API phải qua kiểm định của YouTube"
            raise Unauthorized(reason, code="forced-private")
        if privacy != "public":
            raise OutcomeUnknown("YouTube trả lời nhưng clip chưa công khai; Loa sẽ kiểm tra", code="not-public")
        return self._receipt(video)

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Look at the video by its id; without one, the channel's uploads for the marker."""
        known = handles.get("video")
        video = self._video(known) if known else next(filter(_is_public, self._marked(key)), None)
        if video is None and known:
            return CannotTell(why="clip đã tải lên không còn trên YouTube; hãy mở YouTube Studio để xem")
        if video is not None and _is_public(video):
            return Found(receipt=self._receipt(video.text("id")))
        return Absent(proof=True)

    def _receipt(self, video: str) -> Receipt:
        public_url = self.account.settings.get("public_url", PUBLIC_URL)
        return Receipt(remote_id=video, url=f"{public_url}/watch?v={video}")

    def read_back(self, receipt: Receipt) -> LivePost | None:
        """Return the video, once YouTube has looked at all of it; None when it is gone."""
        video = self._video(receipt.remote_id)
        if video is None:
            return None
        if video.text("status", "uploadStatus") == PROCESSING:  # it may still be rejected, whatever its privacy says
            raise Unavailable("YouTube còn đang xử lý clip; Loa sẽ đọc lại", code=PROCESSING)
        return LivePost(
            remote_id=receipt.remote_id,
            url=receipt.url,
            title=video.text("snippet", "title"),
            text=video.text("snippet", "description"),
            visible=_is_public(video) and video.text("status", "uploadStatus") not in DEAD,
            media_count=1,
        )

    def correct(self, receipt: Receipt, post: Post, *, handles: Handles) -> Receipt:
        """Replace title, description and tags; a clip's picture and sound cannot be changed in place."""
        video = self._video(receipt.remote_id)
        if video is None:
            raise Refused("clip không còn trên YouTube", code="videoNotFound")
        marker = next((tag.text() for tag in video.at("snippet", "tags") if tag.text().startswith("ref:")), "")
        kept, ours = _written(video.at("snippet"), SNIPPET_FIELDS), self._words(post, marker)
        body = {"id": receipt.remote_id, "snippet": {**kept, **ours}}
        self._youtube.run(self._api.videos().update(part="snippet", body=body))
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Make the video private: out of public view, and kept as evidence; one that is gone already is as good."""
        video = self._video(receipt.remote_id)
        if video is not None:
            status = {**_written(video.at("status"), STATUS_FIELDS), "privacyStatus": "private"}
            self._youtube.run(self._api.videos().update(part="status", body={"id": receipt.remote_id, "status": status}))

    def measure(self, receipt: Receipt, *, at: datetime) -> Snapshot:
        """Return views, likes and comments."""
        listed = self._youtube.run(self._api.videos().list(part="statistics", id=receipt.remote_id))
        names = {"views": "viewCount", "likes": "likeCount", "comments": "commentCount"}
        figures = {name: listed.number("items", 0, "statistics", field) for name, field in names.items()}
        return Snapshot(at=at, figures={name: figure for name, figure in figures.items() if figure is not None})

    def comments(self, receipt: Receipt, *, since: datetime) -> tuple[Comment, ...]:
        """Return what was said in the video's threads, oldest first."""
        return talk.comments(self._youtube, receipt.remote_id, since)

    def answer(self, receipt: Receipt, text: str, *, to: str | None = None) -> str:
        """Say something below the video, or in a thread, which has one level: `to` may be any comment of it."""
        return talk.say(self._youtube, receipt.remote_id, text, to)

    def greet(self) -> Greeting:
        """Return the channel's title, whether it may upload long clips, and how much of the day's quota is used."""
        channel = self._youtube.run(self._api.channels().list(part="snippet,status", mine=True)).at("items", 0)
        if not channel:
            raise Unauthorized("tài khoản Google này chưa có kênh YouTube; hãy kết nối tài khoản có kênh", code="no-channel")
        long = channel.text("status", "longUploadsStatus") in ("allowed", "")
        lacks = () if long else ("kênh chưa xác minh: clip dài quá 15 phút không tải lên được",)
        url = f"{self.account.settings.get('public_url', PUBLIC_URL)}/channel/{channel.text('id')}"
        return Greeting(name=channel.text("snippet", "title"), url=url, lacks=lacks, used=self._youtube.quota.percent(),
                        account=channel.text("id"))  # fmt: skip

    def _uploaded(self, post: Post, key: str, handles: Handles) -> str:
        """Return the id of the private video: of the one that an earlier try left behind, where there is one."""
        if handles.get("session"):
            for left in self._marked(key, "snippet,status,fileDetails"):
                if _is_of(left, post):
                    return left.text("id")
        body: dict[str, object] = {
            "snippet": self._snippet(post, marker_of(key)),
            "status": {**STATUS, "privacyStatus": "private"},
        }
        return upload(self._youtube, post.videos[0], body, handles)

    def _snippet(self, post: Post, marker: str) -> dict[str, object]:
        category = self.account.settings.get("category_id") or NEWS_AND_POLITICS
        return {**self._words(post, marker), "categoryId": category, "defaultAudioLanguage": post.variant.language}

    def _words(self, post: Post, marker: str) -> dict[str, object]:
        """Return what an approved post says of the snippet; the rest is the channel's."""
        return {
            "title": post.variant.title,
            "description": post.variant.text,
            "tags": _tags(marker, post.variant.hashtags),
            "defaultLanguage": post.variant.language,
        }

    def _privacy(self, video: str, privacy: str) -> object:
        return self._api.videos().update(part="status", body={"id": video, "status": {**STATUS, "privacyStatus": privacy}})

    def _refuse_unusable(self, video: str) -> None:
        """Find a clip that YouTube has turned down before its moment."""
        live = self._video(video)
        if live is None or live.text("status", "uploadStatus") not in DEAD:
            return
        why = live.text("status", "rejectionReason") or live.text("status", "failureReason")
        raise Refused(REASONS.get(why, "YouTube không nhận clip này; hãy mở YouTube Studio để xem lý do"), code=why or "rejected")

    def _put_in_playlist(self, video: str, handles: Handles) -> None:
        """Add the private video to the office's playlist, once: YouTube would add it again."""
        playlist = self.account.settings.get("playlist_id")
        if not playlist or handles.get("playlist"):
            return
        listing = self._api.playlistItems().list(part="contentDetails", playlistId=playlist, videoId=video, maxResults=50)
        held = [item.text("contentDetails", "videoId") for item in self._youtube.run(listing).at("items")]
        if video not in held:
            resource = {"kind": "youtube#video", "videoId": video}
            body = {"snippet": {"playlistId": playlist, "resourceId": resource}}
            self._youtube.run(self._api.playlistItems().insert(part="snippet", body=body))
        handles.save("playlist", playlist)

    def _set_poster(self, post: Post, video: str, handles: Handles) -> None:
        poster = post.videos[0].poster
        if poster is None or handles.get("poster"):
            return
        media = MediaInMemoryUpload(poster.read_bytes(), mimetype="image/jpeg")
        self._youtube.run(self._api.thumbnails().set(videoId=video, media_body=media))
        handles.save("poster", "set")

    def _set_subtitles(self, post: Post, video: str, handles: Handles) -> None:
        subtitles = post.videos[0].subtitles
        if subtitles is None or handles.get("captions"):
            return
        body = {"snippet": {"videoId": video, "language": post.variant.language, "name": "", "isDraft": False}}
        media = MediaInMemoryUpload(subtitles.read_bytes(), mimetype="application/octet-stream")
        try:
            self._youtube.run(self._api.captions().insert(part="snippet", body=body, media_body=media))
        except PublishError as error:
            if error.code != ALREADY_THERE:
                raise
        handles.save("captions", "set")

    def _video(self, video: str) -> Tree | None:
        try:
            listed = self._youtube.run(self._api.videos().list(part="snippet,status", id=video))
        except PublishError as error:
            if error.code in GONE:
                return None
            raise
        return next(iter(listed.at("items")), None)

    def _marked(self, key: str, part: str = "snippet,status") -> Iterator[Tree]:
        """Yield the uploads that carry the key's marker, among the newest: each version of a post leaves one of its own."""
        for page in self._uploads():
            ids = ",".join(item.text("contentDetails", "videoId") for item in page)
            for video in self._youtube.run(self._api.videos().list(part=part, id=ids)).at("items"):
                if marker_of(key) in [tag.text() for tag in video.at("snippet", "tags")]:
                    yield video

    def _uploads(self) -> Iterator[list[Tree]]:
        channel = self._youtube.run(self._api.channels().list(part="contentDetails", mine=True))
        playlist = channel.text("items", 0, "contentDetails", "relatedPlaylists", "uploads")
        token = None
        for _ in range(PAGES_READ):
            listing = self._api.playlistItems().list(part="contentDetails", playlistId=playlist, maxResults=50, pageToken=token)
            page = self._youtube.run(listing)
            if not list(page.at("items")):
                return
            yield list(page.at("items"))
            token = page.text("nextPageToken") or None
            if token is None:
                return


def marker_of(key: str) -> str:
    """Return the tag by which an upload is known again; tags are shown to nobody but the owner and the API."""
    return f"ref:{key}"


def _is_public(video: Tree) -> bool:
    return video.text("status", "privacyStatus") == "public"


def _is_of(video: Tree, post: Post) -> bool:
    """Tell whether an upload is of this version of a post: with its words, and as many bytes as its clip has."""
    words = (video.text("snippet", "title"), post.variant.title), (video.text("snippet", "description"), post.variant.text)
    return all(same_words(*pair) for pair in words) and video.number("fileDetails", "fileSize") == post.videos[0].byte_size


def _written(part: Tree, fields: tuple[str, ...]) -> dict[str, object]:
    """Return what an owner has written into a part."""
    return {name: part.at(name).value for name in fields if part.at(name)}


def _tags(marker: str, hashtags: tuple[str, ...]) -> list[str]:
    """Return the marker and as many hashtags as YouTube takes."""
    tags, used = [marker], len(marker) + 2
    for tag in hashtags:
        used += len(tag) + 3
        if used > MOST_TAG_CHARACTERS:
            break
        tags.append(tag)
    return [tag for tag in tags if tag]
