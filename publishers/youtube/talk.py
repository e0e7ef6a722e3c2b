"""What is said below a video: threads of one level."""

from __future__ import annotations

from datetime import datetime

from editorial.outcome import Comment, OutcomeUnknown
from publishers.tree import Tree
from publishers.youtube.client import YouTube

PAGES_READ = 10  # of 100 threads each
MOST = 100  # the most that YouTube gives at once


def comments(youtube: YouTube, video: str, since: datetime) -> tuple[Comment, ...]:
    """Return the comments since the moment, oldest first. Old threads are read too: an answer in one may be new."""
    found: list[Comment] = []
    token = None
    for _ in range(PAGES_READ):
        chosen = {"videoId": video, "order": "time", "textFormat": "plainText", "maxResults": MOST, "pageToken": token}
        page = youtube.run(youtube.api.commentThreads().list(part="snippet,replies", **chosen))
        for thread in page.at("items"):
            own = thread.text("snippet", "channelId")
            rows = (thread.at("snippet", "topLevelComment"), *_replies(youtube, thread))
            found.extend(_comment(row, own) for row in rows)
        token = page.text("nextPageToken") or None
        if token is None:
            break
    return tuple(sorted((comment for comment in found if comment.at >= since), key=lambda comment: comment.at))


def say(youtube: YouTube, video: str, text: str, to: str | None) -> str:
    """Begin a thread below the video, or answer in the thread of the comment `to`; return the new comment's id."""
    if to is None:
        body: dict[str, object] = {"snippet": {"videoId": video, "topLevelComment": {"snippet": {"textOriginal": text}}}}
        request = youtube.api.commentThreads().insert(part="snippet", body=body)
    else:
        head = to.partition(".")[0]  # an answer's own id is its thread's, a dot and more
        request = youtube.api.comments().insert(part="snippet", body={"snippet": {"parentId": head, "textOriginal": text}})
    said = youtube.run(request, commit=True).text("id")
    if not said:
        raise OutcomeUnknown("YouTube trả lời mà không có mã bình luận; hãy mở clip để xem", code="no-id")
    return said


def _replies(youtube: YouTube, thread: Tree) -> list[Tree]:
    """Return a thread's answers; YouTube puts only the first few of them beside it."""
    beside = list(thread.at("replies", "comments"))
    if (thread.number("snippet", "totalReplyCount") or 0) > len(beside):
        asked = youtube.api.comments().list(
            part="snippet", parentId=thread.text("id"), textFormat="plainText", maxResults=MOST
        )  # fmt: skip
        beside = list(youtube.run(asked).at("items"))
    return beside


def _comment(row: Tree, own: str) -> Comment:
    """Return a comment; `own` is the channel that the video is on."""
    snippet = row.at("snippet")
    said_by = snippet.text("authorChannelId", "value")
    return Comment(
        id=row.text("id"),
        text=snippet.text("textOriginal") or snippet.text("textDisplay"),
        at=datetime.fromisoformat(snippet.text("publishedAt")),
        parent=snippet.text("parentId") or None,
        own=said_by == own if said_by and own else None,
    )
