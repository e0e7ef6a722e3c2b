"""What is said below a channel's videos: threads of one level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rehearsal.call import Call, JsonObject
from rehearsal.journal import Journal
from rehearsal.remark import Remark
from rehearsal.youtube.channel import Channel, stamp
from rehearsal.youtube.error import ApiError, bad
from rehearsal.youtube.video import CHANNEL_ID, CHANNEL_TITLE

BESIDE = 5  # of a thread's answers are given beside it


@dataclass(frozen=True, kw_only=True)
class Comment:
    """One comment; without a parent it heads a thread."""

    id: str
    video: str
    parent: str = ""
    text: str
    at: datetime


class Talk:
    """Keeps comments."""

    def __init__(self, journal: Journal, channel: Channel, now: Callable[[], datetime]) -> None:
        self._comments = journal.table("comments", Comment)
        self._channel = channel
        self._now = now

    def remarks(self) -> tuple[Remark, ...]:
        """List everything that was ever said; the channel alone speaks here."""
        return tuple(
            Remark(platform="youtube", id=one.id, post=one.video, text=one.text, at=one.at, own=True, parent=one.parent)
            for one in self._comments
        )

    def threads(self, call: Call) -> JsonObject:
        """GET commentThreads of a video, newest first, with their replies."""
        video = self._channel.video(call.query.get("videoId", ""))
        size, token = call.query.get("maxResults", "20"), call.query.get("pageToken", "T0")
        if not size.isdigit() or not 1 <= int(size) <= 100 or not token[1:].isdigit():
            raise bad("invalidParameter", "maxResults must be within 1 and 100", location="maxResults")
        heads = [one for one in self._comments if one.video == video.id and not one.parent][::-1]
        start, end = int(token[1:]), int(token[1:]) + int(size)
        answer: JsonObject = {
            "kind": "youtube#commentThreadListResponse", "etag": "1", "items": [self._thread(one) for one in heads[start:end]],
            "pageInfo": {"totalResults": len(heads), "resultsPerPage": int(size)},
        }  # fmt: skip
        return {**answer, "nextPageToken": f"T{end}"} if end < len(heads) else answer

    def begin(self, call: Call) -> JsonObject:
        """POST commentThreads: the first comment of a thread."""
        snippet = _mapping((call.json or {}).get("snippet"))
        top = _mapping(_mapping(snippet.get("topLevelComment")).get("snippet"))
        video = self._channel.video(str(snippet.get("videoId")))
        return self._thread(self._kept(video.id, "", str(top.get("textOriginal") or "")))

    def reply(self, call: Call) -> JsonObject:
        """POST comments: an answer in a thread; there is no deeper level."""
        snippet = _mapping((call.json or {}).get("snippet"))
        head = self._comments.get(str(snippet.get("parentId")))
        if head is None or head.parent:
            message = "The specified parent comment could not be found."
            raise ApiError(404, "parentCommentNotFound", message, domain="youtube.comment")
        return self._described(self._kept(head.video, head.id, str(snippet.get("textOriginal") or "")))

    def answers(self, call: Call) -> JsonObject:
        """GET comments of a thread."""
        found = [self._described(one) for one in self._replies(call.query.get("parentId", ""))]
        return {"kind": "youtube#commentListResponse", "etag": "1", "items": found}

    def _replies(self, head: str) -> list[Comment]:
        return [one for one in self._comments if one.parent == head]

    def _kept(self, video: str, parent: str, text: str) -> Comment:
        if not text.strip():
            raise ApiError(400, "commentTextRequired", "The comment has no text.", domain="youtube.comment")
        id = f"Ug{self._channel.new_id('comment', 24)}" if not parent else f"{parent}.{self._channel.new_id('comment', 22)}"
        return self._comments.put(id, Comment(id=id, video=video, parent=parent, text=text, at=self._now()))

    def _thread(self, head: Comment) -> JsonObject:
        replies = self._replies(head.id)
        snippet: JsonObject = {"channelId": CHANNEL_ID, "videoId": head.video, "topLevelComment": self._described(head)}
        snippet |= {"canReply": True, "totalReplyCount": len(replies), "isPublic": True}
        thread: JsonObject = {"kind": "youtube#commentThread", "etag": "1", "id": head.id, "snippet": snippet}
        return {**thread, "replies": {"comments": [self._described(one) for one in replies[:BESIDE]]}} if replies else thread

    def _described(self, one: Comment) -> JsonObject:
        snippet: JsonObject = {"videoId": one.video, "textDisplay": one.text, "textOriginal": one.text}
        snippet |= {"publishedAt": stamp(one.at), "authorChannelId": {"value": CHANNEL_ID}}
        snippet |= {"authorDisplayName": CHANNEL_TITLE, "likeCount": 0, **({"parentId": one.parent} if one.parent else {})}
        return {"kind": "youtube#comment", "etag": "1", "id": one.id, "snippet": snippet}


def _mapping(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}
