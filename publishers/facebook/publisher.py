"""Publish to a Facebook Page.

Pictures are uploaded unpublished and tied to the post by the one /feed call. A clip is uploaded in chunks, finished as
unpublished, and made public by `POST /{video} published=true`: its id is known before it is public, so that call can be
repeated and its outcome looked up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from editorial.likeness import same_words
from editorial.outcome import (
    Absent,
    CannotTell,
    Comment,
    Found,
    Greeting,
    LivePost,
    OutcomeUnknown,
    Receipt,
    Refused,
    Sighting,
    Snapshot,
    Unauthorized,
    Unavailable,
)
from editorial.post import Medium, Post
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
from publishers.facebook.errors import DEAD_TOKEN
from publishers.facebook.graph import Graph
from publishers.facebook.video import upload_video
from publishers.manifest import load_manifest
from publishers.tree import Tree

PUBLIC_URL = "https://www.facebook.com"  # where the public reads; a rehearsal has another
CLOCK_SKEW = timedelta(minutes=2)  # between Facebook's clock and ours
PAGES_READ = 5  # of 100 posts each; a look that needs more is not complete
POST_FIELDS = "id,message,permalink_url,is_published,is_hidden,attachments{media_type,target,subattachments}"
LIST_FIELDS = "id,message,created_time,permalink_url,application,attachments{media_type,target,subattachments}"
VIDEO_FIELDS = "id,description,published,permalink_url,post_id"
# What the office's page token has to be allowed, and what for.
RIGHTS = {
    "pages_manage_posts": "đăng, sửa, gỡ bài",
    "pages_read_engagement": "đọc lại bài đã đăng",
    "pages_read_user_content": "đọc bình luận",
    "pages_manage_engagement": "trả lời bình luận",
    "read_insights": "xem số liệu",
}
METRICS = ("post_media_view", "post_total_media_view_unique", "post_clicks")


class FacebookPublisher(Publisher, Prepares, Reconciles, Verifies, Corrects, Withdraws, Measures, Converses, Greets):
    """Text, link, one or many pictures, or one clip, on a page that the office owns."""

    manifest = load_manifest(Path(__file__).parent)

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._graph = Graph(account, lambda: self.app_notes)
        self._page = account.settings["page_id"]

    def close(self) -> None:
        """Let go of connections."""
        self._graph.close()

    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        """Upload every picture unpublished, or the clip; safe to repeat. While the page's or the app's allowance is low, wait."""
        self._graph.allowance.ask()
        for picture in post.images:
            if handles.get(_photo_handle(picture)) is None:
                handles.save(_photo_handle(picture), self._upload_photo(picture))
        for clip in post.videos:
            upload_video(self._graph, self._page, clip, post, handles)

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt:
        """Make the post public: one /feed call, or for a clip one call that publishes the video by its id."""
        if post.videos:
            video = _needed(handles, "video")
            self._graph.post(video, {"published": "true"}, commit=True)
            return self._receipt(video, url=self._absolute(f"/{self._page}/videos/{video}/"))
        photos = [_needed(handles, _photo_handle(picture)) for picture in post.images]
        answer = self._graph.post(f"{self._page}/feed", _feed_form(post, photos), commit=True)
        remote_id = answer.text("id")
        if not remote_id:
            raise OutcomeUnknown("Facebook trả lời mà không có mã bài; Loa sẽ tìm bài", code="no-id")
        return self._receipt(remote_id, photos=photos)

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Look at the clip by its id; else for a post with our pictures' ids or, without pictures, with our words."""
        if post.videos:
            return self._find_video(handles)
        photos = [photo for picture in post.images if (photo := handles.get(_photo_handle(picture)))]
        app = self.account.settings.get("app_id", "")
        matches = [live for live in self._posts_after(since - CLOCK_SKEW) if _is_ours(live, post, photos, app)]
        if len(matches) > 1:
            return CannotTell(why=f"có {len(matches)} bài giống nhau trên Trang; hãy mở Trang và chọn bài đúng")
        if not matches:
            return Absent(proof=self.manifest.absence_is_proof)
        return Found(receipt=self._receipt(matches[0].text("id"), url=matches[0].text("permalink_url"), photos=photos))

    def read_back(self, receipt: Receipt) -> LivePost | None:
        """Return the live post or video; None when it is gone."""
        if _is_video(receipt):
            return self._read_video(receipt.remote_id)
        live = self._graph.get_or_none(receipt.remote_id, fields=POST_FIELDS)
        if live is None:
            return None
        return LivePost(
            remote_id=receipt.remote_id,
            url=live.text("permalink_url") or receipt.url,
            text=live.text("message"),
            visible=live.text("is_published") != "false" and not live.is_true("is_hidden"),
            media_count=len(tuple(_attached(live))),
        )

    def correct(self, receipt: Receipt, post: Post, *, handles: Handles) -> Receipt:
        """Replace the words; Facebook keeps the pictures of a published post as they are."""
        words, told = post.variant, {"message": post.variant.text}
        if _is_video(receipt):
            told = {"description": words.text, **({"name": words.title} if words.title else {})}
        self._graph.post(receipt.remote_id, told)
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post; one that is gone already is as good."""
        self._graph.delete(receipt.remote_id)

    def measure(self, receipt: Receipt, *, at: datetime) -> Snapshot:
        """Return reactions, comments and shares, and each insights metric that is still alive."""
        figures: dict[str, int] = {}
        counters = self._video_counters if _is_video(receipt) else self._counters
        for name, ask in counters(receipt.remote_id):
            try:
                value = ask()
            except (Refused, Unavailable):  # a retired metric costs only itself
                continue
            except Unauthorized as error:
                if error.code.partition("/")[0] in DEAD_TOKEN:
                    raise
                continue  # the page may be read and its insights may not: that costs the insights
            if value is not None:
                figures[name] = value
        return Snapshot(at=at, figures=figures)

    def comments(self, receipt: Receipt, *, since: datetime) -> tuple[Comment, ...]:
        """Return what people and the page said, in threads."""
        found: list[Comment] = []
        cursor: dict[str, str] = {}
        moment = str(int(since.timestamp()))
        for _ in range(PAGES_READ):
            page = self._graph.get(
                f"{receipt.remote_id}/comments", filter="stream", order="chronological", since=moment, limit="100",
                fields="id,message,created_time,parent,from{id}", **cursor,
            )  # fmt: skip
            found.extend(_comment(row, self._page) for row in page.at("data"))
            after = page.text("paging", "cursors", "after")
            if not page.text("paging", "next") or not after:
                break
            cursor = {"after": after}
        return tuple(found)

    def answer(self, receipt: Receipt, text: str, *, to: str | None = None) -> str:
        """Say something below the post, or below a comment, as the page."""
        said = self._graph.post(f"{to or receipt.remote_id}/comments", {"message": text}, commit=True).text("id")
        if not said:
            raise OutcomeUnknown("Facebook trả lời mà không có mã bình luận; hãy mở bài để xem", code="no-id")
        return said

    def greet(self) -> Greeting:
        """Return the page's name and which rights its token lacks, where the app's id and secret are known."""
        page = self._graph.get(self._page, fields="id,name,link")
        granted = self._graph.scopes()
        lacks = () if granted is None else tuple(f"{right}: {use}" for right, use in RIGHTS.items() if right not in granted)
        used = {"call_count": self._graph.allowance.percent}
        return Greeting(name=page.text("name"), url=page.text("link") or None, lacks=lacks, used=used,
                        account=page.text("id"))  # fmt: skip

    def _counters(self, remote_id: str) -> Iterator[tuple[str, Callable[[], int | None]]]:
        for name in ("reactions", "comments"):
            yield name, lambda name=name: self._total(remote_id, name)  # type: ignore[misc]  # the default binds the loop's name
        yield "shares", lambda: self._graph.get(remote_id, fields="shares").number("shares", "count")
        for metric in METRICS:
            yield metric, lambda metric=metric: self._insight(remote_id, metric)  # type: ignore[misc]

    def _video_counters(self, video: str) -> Iterator[tuple[str, Callable[[], int | None]]]:
        yield "views", lambda: self._graph.get(video, fields="views").number("views")
        yield "comments", lambda: self._total(video, "comments")

    def _total(self, remote_id: str, edge: str) -> int | None:
        answer = self._graph.get(remote_id, fields=f"{edge}.summary(total_count).limit(0)")
        return answer.number(edge, "summary", "total_count")

    def _insight(self, remote_id: str, metric: str) -> int | None:
        answer = self._graph.get(f"{remote_id}/insights", metric=metric, period="lifetime")
        return answer.number("data", 0, "values", 0, "value")

    def _upload_photo(self, picture: Medium) -> str:
        file = (picture.path.name, picture.path.read_bytes(), picture.media_type)
        form = {"published": "false", "alt_text_custom": picture.alt}
        photo = self._graph.post(f"{self._page}/photos", form, files={"source": file}).text("id")
        if not photo:
            raise Unavailable("Facebook nhận ảnh mà không trả mã ảnh; Loa sẽ tải lại", code="no-id")
        return photo

    def _find_video(self, handles: Handles) -> Sighting:
        video = handles.get("video")
        if video is None:
            return Absent(proof=True)  # the commit call names the video; without an id there was none
        live = self._graph.get_or_none(video, fields=VIDEO_FIELDS)
        if live is None:
            return CannotTell(why="clip đã tải lên nhưng Facebook không còn cho xem; hãy mở thư viện video của Trang")
        if live.is_true("published"):
            return Found(receipt=self._receipt(video, url=self._absolute(live.text("permalink_url"))))
        return Absent(proof=True)  # publishing by id may be repeated

    def _read_video(self, video: str) -> LivePost | None:
        live = self._graph.get_or_none(video, fields=VIDEO_FIELDS)
        if live is None:
            return None
        url = self._absolute(live.text("permalink_url"))
        return LivePost(remote_id=video, url=url, text=live.text("description"), visible=live.is_true("published"), media_count=1)

    def _receipt(self, remote_id: str, *, url: str = "", photos: list[str] | None = None) -> Receipt:
        evidence = {"photos": ",".join(photos)} if photos else {}
        return Receipt(remote_id=remote_id, url=url or self._absolute(f"/{remote_id}"), evidence=evidence)

    def _absolute(self, link: str) -> str:
        """Return a whole address: Graph gives a clip's without its beginning."""
        return self.account.settings.get("public_url", PUBLIC_URL).rstrip("/") + link if link.startswith("/") else link

    def _posts_after(self, moment: datetime) -> Iterator[Tree]:
        """Yield the page's public posts since the moment, newest first; raise Unavailable when the list does not end."""
        cursor: dict[str, str] = {}
        for _ in range(PAGES_READ):
            page = self._graph.get(f"{self._page}/published_posts", fields=LIST_FIELDS, limit="100", **cursor)
            posts = list(page.at("data"))
            yield from (post for post in posts if _created(post) >= moment)
            after = page.text("paging", "cursors", "after")
            if not page.text("paging", "next") or not after or (posts and _created(posts[-1]) < moment):
                return
            cursor = {"after": after}
        raise Unavailable("Trang có quá nhiều bài để tìm hết trong một lần; Loa sẽ tìm lại", code="too-many-posts")


def _photo_handle(picture: Medium) -> str:
    return f"photo.{picture.id}.{picture.sha256[:16]}"


def _needed(handles: Handles, name: str) -> str:
    handle = handles.get(name)
    if handle is None:
        raise Unavailable("ảnh hoặc clip chưa được tải lên; Loa sẽ chuẩn bị lại", code="not-prepared")
    return handle


def _feed_form(post: Post, photos: list[str]) -> dict[str, str]:
    form = {"message": post.variant.text}
    if photos:
        form["attached_media"] = json.dumps([{"media_fbid": photo} for photo in photos])
    elif post.variant.link:
        form["link"] = post.variant.link
    return form


def _is_video(receipt: Receipt) -> bool:
    """Tell a video from a post: the id of a page's post is `{page}_{post}`."""
    return "_" not in receipt.remote_id


def _is_ours(live: Tree, post: Post, photos: list[str], app: str) -> bool:
    """Tell our post by its pictures; without any by its words, unless Facebook says that somebody else's program made it."""
    if photos:
        return not set(photos).isdisjoint(_attached(live))
    if app and live.text("application", "id") not in ("", app):
        return False
    return same_words(live.text("message"), post.variant.text)


def _attached(live: Tree) -> Iterator[str]:
    """Yield the ids of the pictures and clips of a post; the preview card of a link is none."""
    for attachment in live.at("attachments", "data"):
        parts = list(attachment.at("subattachments", "data")) or [attachment]
        yield from (part.text("target", "id") for part in parts if part.text("media_type") in ("photo", "video", "album"))


def _comment(row: Tree, page: str) -> Comment:
    """Return a comment; whether the page itself said it is known where Graph says who did."""
    said_by = row.text("from", "id")
    return Comment(
        id=row.text("id"),
        text=row.text("message"),
        at=_created(row),
        parent=row.text("parent", "id") or None,
        own=said_by == page if said_by else None,
    )


def _created(live: Tree) -> datetime:
    return datetime.strptime(live.text("created_time"), "%Y-%m-%dT%H:%M:%S%z")
