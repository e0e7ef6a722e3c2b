"""Publish an article on a Zalo Official Account: made hidden, shown by its id.

Zalo works behind tickets: create and update answer with a token that `verify` turns into the article's id once it is done.
While it is not, prepare raises RateLimited (not now, nothing posted) and the commit answers Pending.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from editorial.likeness import same_words
from editorial.outcome import (
    Absent,
    CannotTell,
    Found,
    Greeting,
    LivePost,
    OutcomeUnknown,
    Pending,
    RateLimited,
    Receipt,
    Refused,
    Sighting,
    Snapshot,
    Unavailable,
)
from editorial.post import Medium, Post
from editorial.problem import Problem
from publishers.contract import (
    Account,
    Corrects,
    Follows,
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
from publishers.plain_text import plain_text
from publishers.tree import Tree
from publishers.zalo_oa.article import LONGEST_AUTHOR, article, is_shown, media_count, words
from publishers.zalo_oa.errors import GONE, STILL_WORKING
from publishers.zalo_oa.open_api import OpenApi

SOON = timedelta(seconds=5)
SLICE = 10  # the most articles that getslice gives at once
SLICES_READ = 5
VIDEO_USABLE, VIDEO_WORKING = 1, (0, 3)


class ZaloOaPublisher(Publisher, Prepares, Follows, Reconciles, Verifies, Corrects, Withdraws, Measures, Greets):
    """One article with a cover, text and further pictures."""

    manifest = load_manifest(Path(__file__).parent)
    replaces_media = True

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._api = OpenApi(account)

    def close(self) -> None:
        """Let go of connections."""
        self._api.close()

    def check(self, post: Post) -> tuple[Problem, ...]:
        """Return what Zalo would refuse of the post, and of whom the account names as its author."""
        found, author = super().check(post), self.account.settings.get("author", "")
        if len(author) <= LONGEST_AUTHOR:
            return found
        message = f"tên tác giả dài {len(author)} ký tự, Zalo chỉ nhận {LONGEST_AUTHOR}; hãy rút gọn trong phần Kênh"
        return (*found, Problem(rule="too-long", message=message, channel=post.channel, key=post.entry))

    def shown(self, post: Post) -> Post:
        """Return the post with the words of its HTML, which is what the page says."""
        return replace(post, variant=replace(post.variant, text=plain_text(post.variant.html)))

    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        """Upload the clip and make the article hidden; raises RateLimited while Zalo works on either: call again."""
        self._know_author(handles)
        self._upload_videos(post, handles)
        if handles.get("article") is None and handles.get("article.token") is None:
            self._create(post, handles)
        token = handles.get("article.token")
        if handles.get("article") is None and token is not None:
            handles.save("article", self._resolved(token))

    def publish(self, post: Post, *, key: str, handles: Handles) -> Pending:
        """Show the article; may be repeated, since it names the article by id."""
        body = {**self._article(post, handles, "show"), "id": _article_id(handles)}
        token = self._api.post("update", body, commit=True).text("token")
        if not token:
            raise OutcomeUnknown("Zalo trả lời mà không có mã theo dõi; Loa sẽ tìm bài", code="no-token")
        return Pending(ticket=token, ask_again_in=SOON)

    def follow(self, pending: Pending, *, handles: Handles) -> Receipt | Pending:
        """Ask what became of the update; a receipt once the public sees the article."""
        try:
            article_id = self._resolved(pending.ticket)
        except RateLimited as still_working:
            return Pending(ticket=pending.ticket, ask_again_in=still_working.wait)
        except Refused as error:
            if error.code not in GONE:
                raise
            raise OutcomeUnknown("Zalo không còn biết lần cập nhật này; Loa sẽ xem bài", code=error.code) from None
        return self._receipt(article_id)

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Look at the article by the id that it had before it was shown."""
        article_id = handles.get("article")
        if article_id is None:
            return Absent(proof=True)  # the commit call names the article; without an id there was none
        detail = self._api.get_or_none("getdetail", id=article_id)
        if detail is None:
            return CannotTell(why="bài ẩn đã tạo không còn trên Zalo; hãy mở trang quản trị OA để xem")
        return Found(receipt=self._receipt(article_id)) if is_shown(detail) else Absent(proof=True)

    def read_back(self, receipt: Receipt) -> LivePost | None:
        """Return the article; None when it has been removed."""
        detail = self._api.get_or_none("getdetail", id=receipt.remote_id)
        if detail is None:
            return None
        return LivePost(
            remote_id=receipt.remote_id,
            url=receipt.url,
            title=detail.text("title"),
            text=words(detail),
            visible=is_shown(detail),
            media_count=media_count(detail),
        )

    def correct(self, receipt: Receipt, post: Post, *, handles: Handles) -> Receipt:
        """Send the whole article again under its id; Zalo shows the new words once it has processed them."""
        self._know_author(handles)
        self._upload_videos(post, handles)
        self._api.post("update", {**self._article(post, handles, "show"), "id": receipt.remote_id})
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Remove the article; one that is gone already is as good."""
        try:
            self._api.post("remove", {"id": receipt.remote_id})
        except Refused:
            if self._api.get_or_none("getdetail", id=receipt.remote_id) is not None:
                raise

    def measure(self, receipt: Receipt, *, at: datetime) -> Snapshot:
        """Return views and shares, the only figures that Zalo gives of an article."""
        listed = self._listed(receipt.remote_id)
        figures = {"views": listed.number("total_view"), "shares": listed.number("total_share")}
        return Snapshot(at=at, figures={name: figure for name, figure in figures.items() if figure is not None})

    def greet(self) -> Greeting:
        """Return the Official Account's name, and whether Zalo lets it publish."""
        about = self._api.about()
        lacks = () if about.is_true("is_verified") or not about.at("is_verified") else ("OA chưa được Zalo xác thực",)
        return Greeting(name=about.text("name"), lacks=lacks, account=about.text("oa_id"))

    def _create(self, post: Post, handles: Handles) -> None:
        """Make the hidden article and save its token. A lost answer may leave one behind: it is looked for before another."""
        if handles.get("article.creating") and (left := self._left_behind(post)):
            handles.save("article", left)
            return
        handles.save("article.creating", "true")
        token = self._api.post("create", self._article(post, handles, "hide")).text("token")
        if not token:
            raise Unavailable("Zalo nhận bài mà không trả mã theo dõi; Loa sẽ thử lại", code="no-token")
        handles.save("article.token", token)

    def _left_behind(self, post: Post) -> str | None:
        for listed in self._slice(0):
            if listed.text("title") == post.variant.title and listed.text("status") == "hide":
                detail = self._api.get_or_none("getdetail", id=listed.text("id"))
                if detail is not None and same_words(words(detail), post.variant.text):
                    return listed.text("id")
        return None

    def _resolved(self, token: str) -> str:
        article_id = self._api.post("verify", {"token": token}).text("id")
        if not article_id:
            raise RateLimited("Zalo đang xử lý bài", wait=SOON, code=STILL_WORKING)
        return article_id

    def _upload_videos(self, post: Post, handles: Handles) -> None:
        for clip in post.videos:
            if handles.get(_video_handle(clip)) is None:
                handles.save(_video_handle(clip), self._usable_video(self._upload_token(clip, handles)))

    def _upload_token(self, clip: Medium, handles: Handles) -> str:
        name = f"{_video_handle(clip)}.token"
        token = handles.get(name)
        if token is None:
            file = (clip.path.name, clip.path.read_bytes(), clip.media_type)
            token = self._api.upload("upload_video/preparevideo", file).text("token")
            handles.save(name, token)
        return token

    def _usable_video(self, token: str) -> str:
        video = self._api.get("upload_video/verify", token=token)
        status = video.number("status")
        if status == VIDEO_USABLE and video.text("video_id"):
            return video.text("video_id")
        if status in VIDEO_WORKING or status is None:
            raise RateLimited("Zalo đang xử lý clip", wait=SOON, code=STILL_WORKING)
        raise Refused(f"Zalo không dùng được clip này: {video.text('status_message')}; hãy xuất lại clip", code=f"video-{status}")

    def _article(self, post: Post, handles: Handles, status: str) -> dict[str, object]:
        settings = self.account.settings
        video = handles.get(_video_handle(post.videos[0])) if post.videos else None
        author = settings.get("author") or handles.get("author") or ""
        return article(post, status=status, author=author, media_url=settings["public_media_url"], video_id=video)

    def _know_author(self, handles: Handles) -> None:
        """Find out who signs the article, which Zalo wants to know: who the office says, else the Official Account."""
        if not self.account.settings.get("author") and handles.get("author") is None:
            handles.save("author", self._api.about().text("name")[:LONGEST_AUTHOR])

    def _receipt(self, article_id: str) -> Receipt:
        return Receipt(remote_id=article_id, url=self._listed(article_id).text("link_view") or None)

    def _listed(self, article_id: str) -> Tree:
        """Return the article's row in the list, which alone has its address and figures; empty when it is not near the top."""
        for number in range(SLICES_READ):
            rows = self._slice(number * SLICE)
            for row in rows:
                if row.text("id") == article_id:
                    return row
            if len(rows) < SLICE:
                break
        return Tree(None)

    def _slice(self, offset: int) -> list[Tree]:
        return list(self._api.get("getslice", offset=str(offset), limit=str(SLICE), type="normal").at("medias"))


def _video_handle(clip: Medium) -> str:
    return f"video.{clip.sha256[:16]}"


def _article_id(handles: Handles) -> str:
    article_id = handles.get("article")
    if article_id is None:
        raise Unavailable("bài ẩn trên Zalo chưa được tạo xong; Loa sẽ chuẩn bị lại", code="not-prepared")
    return article_id
