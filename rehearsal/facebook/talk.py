"""What is said below a Page's posts and clips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rehearsal.call import Call, JsonObject
from rehearsal.facebook import parameter, token
from rehearsal.facebook.description import stamp
from rehearsal.facebook.error import GraphError, invalid
from rehearsal.facebook.page import sender
from rehearsal.journal import Counter, Journal
from rehearsal.remark import Remark

CITIZEN: JsonObject = {"id": "2600000000000126", "name": "Người dân diễn tập"}


@dataclass(frozen=True, kw_only=True)
class Comment:
    """One comment: below a post, and below another comment when it answers one."""

    id: str
    post: str
    parent: str = ""
    text: str
    at: datetime
    by_page: bool


class Talk:
    """Keeps comments; the Page's own token speaks as the Page, a person's token as a citizen."""

    def __init__(self, journal: Journal, counter: Counter, now: Callable[[], datetime]) -> None:
        self._comments = journal.table("comments", Comment)
        self._counter = counter
        self._now = now

    def comment(self, id: str) -> Comment | None:
        """Find a comment."""
        return self._comments.get(id)

    def count(self, post: str) -> int:
        """Count what is said below a post."""
        return sum(one.post == post for one in self._comments)

    def remarks(self) -> tuple[Remark, ...]:
        """List everything that was ever said."""
        return tuple(
            Remark(platform="facebook", id=one.id, post=one.post, text=one.text, at=one.at, own=one.by_page, parent=one.parent)
            for one in self._comments
        )  # fmt: skip

    def say(self, call: Call, post: str, parent: str = "") -> JsonObject:
        """POST /{post|video|comment}/comments."""
        text = parameter.message(call)
        if not text.strip():
            raise GraphError("Comment cannot be empty", code=1705, subcode=1446036)
        id = f"{post.rpartition('_')[2]}_{self._counter.next('comment') + 500}"
        by_page = token.given(call) != token.USER_TOKEN
        self._comments.put(id, Comment(id=id, post=post, parent=parent, text=text, at=self._now(), by_page=by_page))
        return {"id": id}

    def list(self, call: Call, post: str, parent: str = "") -> JsonObject:
        """GET /{post|video|comment}/comments with filter, order, since, limit and after."""
        found = [one for one in self._comments if one.post == post and (not parent or one.parent == parent)]
        if call.text("filter") != "stream" and not parent:
            found = [one for one in found if not one.parent]
        if since := call.text("since"):
            found = [one for one in found if one.at.timestamp() >= float(since)]
        if call.text("order") == "reverse_chronological":
            found.reverse()
        limit, start = call.text("limit") or "25", int(call.text("after") or "0")
        if not limit.isdigit() or int(limit) > 100:
            raise invalid("Param limit must be between 0 and 100")
        shown = found[start : start + int(limit)]
        answer: JsonObject = {"data": [self._described(one) for one in shown], "summary": {"total_count": len(found)}}
        if start + len(shown) < len(found) and shown:
            after = start + len(shown)
            answer["paging"] = {"cursors": {"after": str(after)}, "next": f"{call.path}?after={after}"}
        return answer

    def _described(self, one: Comment) -> JsonObject:
        described: JsonObject = {"id": one.id, "message": one.text, "created_time": stamp(one.at)}
        described |= {"from": sender() if one.by_page else CITIZEN, "is_hidden": False}
        return {**described, "parent": {"id": one.parent}} if one.parent else described
