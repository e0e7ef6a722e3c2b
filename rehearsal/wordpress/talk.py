"""Comments below a portal's posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import JSONResponse, Response

from rehearsal.call import Call, JsonObject
from rehearsal.journal import Counter, Journal
from rehearsal.remark import Remark
from rehearsal.wordpress import login
from rehearsal.wordpress.error import RestError
from rehearsal.wordpress.listing import answer_list
from rehearsal.wordpress.site import Site


@dataclass(frozen=True, kw_only=True)
class Comment:
    """One comment; `parent` is 0 for one that answers none."""

    id: int
    post: int
    parent: int
    text: str
    at: datetime


class Talk:
    """Keeps comments; all are approved at once."""

    def __init__(self, site: Site, journal: Journal, counter: Counter) -> None:
        self._site = site
        self._comments = journal.table("comments", Comment)
        self._counter = counter

    def remarks(self) -> tuple[Remark, ...]:
        """List everything that was ever said; only members of the portal may say something here."""
        return tuple(
            Remark(platform="wordpress", id=str(one.id), post=str(one.post), text=one.text, at=one.at, own=True,
                   parent=str(one.parent) if one.parent else "")
            for one in self._comments
        )  # fmt: skip

    def list(self, call: Call) -> Response:
        """GET /wp/v2/comments with post, after, order and pages."""
        found = [one for one in self._comments if call.query.get("post") in (None, str(one.post))]
        if after := call.query.get("after"):
            found = [one for one in found if one.at > datetime.fromisoformat(after).astimezone(UTC)]
        return answer_list(call, found if call.query.get("order") == "asc" else found[::-1], _described)

    def say(self, call: Call) -> Response:
        """POST /wp/v2/comments: the same words below the same post are said once."""
        post, parent, text = call.text("post"), call.text("parent") or "0", call.text("content")
        if not post.isdigit() or self._site.post(int(post)).status != "publish":
            message = "Sorry, you are not allowed to create this comment without a post."
            raise RestError("rest_comment_invalid_post_id", message, 403)
        if not text.strip():
            raise RestError("rest_comment_content_invalid", "Invalid comment content.", 400)
        if any((one.post, one.text) == (int(post), text) for one in self._comments):
            message = "Duplicate comment detected; it looks as though you&#8217;ve already said that!"
            raise RestError("comment_duplicate", message, 409)
        id = self._counter.next("comment")
        made = Comment(id=id, post=int(post), parent=int(parent), text=text, at=self._site.now())
        self._comments.put(str(id), made)
        return JSONResponse(_described(made), status_code=201)


def _described(one: Comment) -> JsonObject:
    content: JsonObject = {"rendered": f"<p>{one.text}</p>", "raw": one.text}
    at = one.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    described: JsonObject = {"id": one.id, "post": one.post, "parent": one.parent, "date_gmt": at, "content": content}
    return {**described, "status": "approved", "author": login.USER_ID, "author_name": login.USER}
