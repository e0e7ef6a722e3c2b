"""Publish an article on a WordPress portal: media first, then a draft under a slug of our own, made public by its id.

WordPress never refuses a slug that is taken, it adds `-2`; so the slug is looked up before a draft is made and compared after.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
    Unavailable,
)
from editorial.post import Medium, Post
from publishers.contract import (
    Account,
    Converses,
    Corrects,
    Greets,
    Handles,
    Prepares,
    Publisher,
    Reconciles,
    Verifies,
    Withdraws,
)
from publishers.manifest import load_manifest
from publishers.plain_text import media_addresses, plain_text
from publishers.slug import page_slug, site_of
from publishers.tree import Tree
from publishers.web_portal.errors import ALREADY_TRASHED, GONE, NO_TRASH
from publishers.web_portal.page import featured, file_name, medium_slug, page_html
from publishers.web_portal.rest import Rest, accepted

# What the account's role has to allow: an editor may do all of these.
RIGHTS = {
    "publish_posts": "đăng bài",
    "upload_files": "tải ảnh và clip lên",
    "edit_published_posts": "sửa bài đã đăng",
    "delete_published_posts": "gỡ bài đã đăng",
    "moderate_comments": "đọc bình luận",
}
PAGES_READ, MOST = 10, 100  # of comments; 100 is the most that WordPress gives at once


class WebPortalPublisher(Publisher, Prepares, Reconciles, Verifies, Corrects, Withdraws, Converses, Greets):
    """An article with pictures and clips on the office's portal."""

    manifest = load_manifest(Path(__file__).parent)
    replaces_media = True

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._rest = Rest(account)

    def close(self) -> None:
        """Let go of connections."""
        self._rest.close()

    def shown(self, post: Post) -> Post:
        """Return the post with the words of its HTML, which is what the page says."""
        return replace(post, variant=replace(post.variant, text=plain_text(post.variant.html)))

    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        """Upload media and make the draft; both are looked up by slug first, so this is safe to repeat."""
        self._upload(post, handles)
        if handles.get("post") is None:
            handles.save("post", self._draft(post, page_slug(key), handles))

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt:
        """Make the draft public; may be repeated, since it names the draft by id."""
        live = self._rest.post(f"posts/{_post_id(handles)}", {"status": "publish"}, commit=True)
        if live.text("status") != "publish" or not live.text("id"):
            raise OutcomeUnknown("Cổng trả lời nhưng bài chưa ở trạng thái đã đăng; Loa sẽ kiểm tra", code=live.text("status"))
        return _receipt(live)

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Look the draft up by its id, else by its slug."""
        known = handles.get("post")
        live = self._post(known) if known else self._by_slug("posts", page_slug(key), status="any")
        if known and (live is None or live.text("status") == "trash"):
            return CannotTell(why="bản nháp đã bị xóa hoặc bỏ vào thùng rác; hãy mở trang quản trị Cổng để xem")
        if live is not None and live.text("status") == "publish":
            return Found(receipt=_receipt(live))
        return Absent(proof=True)

    def read_back(self, receipt: Receipt) -> LivePost | None:
        """Return the article with the digests of its media as a reader downloads them; None when it is gone."""
        live = self._post(receipt.remote_id)
        if live is None or live.text("status") == "trash":
            return None
        html = live.text("content", "raw")
        addresses = self._addresses(live, html)
        return LivePost(
            remote_id=receipt.remote_id,
            url=live.text("link") or receipt.url,
            title=live.text("title", "raw"),
            text=plain_text(html),
            visible=live.text("status") == "publish" and not live.text("password"),
            media_count=len(addresses),
            media_sha256=self._digests(addresses),
        )

    def correct(self, receipt: Receipt, post: Post, *, handles: Handles) -> Receipt:
        """Replace title, words and media; the address stays."""
        self._upload(post, handles)
        return _receipt(self._rest.post(f"posts/{receipt.remote_id}", self._fields(post, handles)))

    def withdraw(self, receipt: Receipt) -> None:
        """Put the article into the portal's trash, from which a person can restore it."""
        answer = self._rest.ask("DELETE", f"posts/{receipt.remote_id}", {})
        code = answer.tree.text("code")
        if code == NO_TRASH:
            answer = self._rest.ask("DELETE", f"posts/{receipt.remote_id}", {"force": "true"})
        elif code == ALREADY_TRASHED or code in GONE:
            return
        accepted(answer, commit=False)

    def comments(self, receipt: Receipt, *, since: datetime) -> tuple[Comment, ...]:
        """Return the approved comments, oldest first."""
        # WordPress holds `after` against its own wall clock: a day earlier is early enough on any; the rest is sorted out here.
        moment = f"{since.astimezone(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%S}"
        found: list[Comment] = []
        own = ""
        for number in range(1, PAGES_READ + 1):
            chosen = {"post": receipt.remote_id, "after": moment, "order": "asc", "per_page": str(MOST), "page": str(number)}
            answer = self._rest.ask("GET", "comments", {"context": "edit", **chosen})
            rows = list(accepted(answer, commit=False))
            own = own or (self._own_id() if rows else "")
            found.extend(_comment(row, own) for row in rows)
            if number >= int(answer.headers.get("x-wp-totalpages") or 0):  # WordPress refuses a page behind the last
                break
        return tuple(comment for comment in found if comment.at >= since)

    def _own_id(self) -> str:
        """Return the number of the account that Loa speaks as."""
        return self._rest.get("users/me", context="edit").text("id")

    def answer(self, receipt: Receipt, text: str, *, to: str | None = None) -> str:
        """Say something below the article, or below a comment; WordPress itself refuses the same words twice."""
        body: dict[str, object] = {"post": int(receipt.remote_id), "parent": int(to or 0), "content": text}
        said = self._rest.post("comments", body, commit=True).text("id")
        if not said:
            raise OutcomeUnknown("Cổng trả lời mà không có mã bình luận; hãy mở bài để xem", code="no-id")
        return said

    def greet(self) -> Greeting:
        """Return the account's name on the portal, and what its role does not let it do."""
        me = self._rest.get("users/me", context="edit")
        lacks = tuple(use for right, use in RIGHTS.items() if not me.is_true("capabilities", right))
        return Greeting(name=me.text("name"), url=self.account.base_url, lacks=lacks, account=site_of(self.account.base_url))

    def _upload(self, post: Post, handles: Handles) -> None:
        for medium in post.media:
            if handles.get(f"{medium_slug(medium)}.address") is None:
                uploaded = self._by_slug("media", medium_slug(medium)) or self._sent(medium)
                if uploaded.text("alt_text") != medium.alt:  # the same bytes, which were described otherwise before
                    self._rest.post(f"media/{uploaded.text('id')}", {"alt_text": medium.alt})
                handles.save(medium_slug(medium), uploaded.text("id"))
                handles.save(f"{medium_slug(medium)}.address", uploaded.text("source_url"))

    def _sent(self, medium: Medium) -> Tree:
        form = {"slug": medium_slug(medium), "alt_text": medium.alt, "title": medium.alt[:100]}
        file = (file_name(medium), medium.path.read_bytes(), medium.media_type)
        answer = self._rest.upload("media", form, file)
        left = answer.headers.get("x-wp-upload-attachment-id", "")
        uploaded = self._finished(left) if answer.status >= 500 and left.isdigit() else accepted(answer, commit=False)
        if not uploaded.text("id") or not uploaded.text("source_url"):
            raise Unavailable("Cổng nhận tệp mà không trả địa chỉ; Loa sẽ thử lại", code="no-address")
        return uploaded

    def _finished(self, attachment: str) -> Tree:
        """Finish an upload that broke while WordPress was making the smaller sizes: the file itself is there."""
        self._rest.post(f"media/{attachment}/post-process", {"action": "create-image-subsizes"})
        return self._rest.get(f"media/{attachment}", context="edit")

    def _draft(self, post: Post, slug: str, handles: Handles) -> str:
        found = self._by_slug("posts", slug, status="any")
        if found is not None:
            if found.text("status") != "publish":  # an earlier try left it, perhaps with an earlier revision's words
                self._rest.post(f"posts/{found.text('id')}", self._fields(post, handles))
            return found.text("id")
        made = self._rest.post("posts", {**self._fields(post, handles), "slug": slug, "status": "draft"})
        if made.text("slug") == slug:
            self._refuse_unfiled(made)
            return made.text("id")
        return self._adopt_older(made, slug)

    def _adopt_older(self, made: Tree, slug: str) -> str:
        """Delete our draft when somebody took the slug between the look and the draft, and use theirs: it has our key."""
        accepted(self._rest.ask("DELETE", f"posts/{made.text('id')}", {"force": "true"}), commit=False)
        older = self._by_slug("posts", slug, status="any")
        if older is None:
            raise Unavailable("Cổng đổi địa chỉ bài nháp; Loa sẽ thử lại", code="slug-taken")
        return older.text("id")

    def _fields(self, post: Post, handles: Handles) -> dict[str, object]:
        addresses = {medium.sha256: handles.get(f"{medium_slug(medium)}.address") or "" for medium in post.media}
        head = featured(post)
        return {
            "title": post.variant.title,
            "content": page_html(post, addresses),
            "excerpt": post.variant.summary,
            "featured_media": int(handles.get(medium_slug(head)) or 0) if head else 0,
            **({"categories": self._categories} if self._categories else {}),
        }

    @property
    def _categories(self) -> list[int]:
        """Return the portal's categories that the office files its posts under; without any it is the portal's own default."""
        return [int(part) for part in self.account.settings.get("category_ids", "").split(",") if part.strip().isdigit()]

    def _refuse_unfiled(self, made: Tree) -> None:
        """Raise Refused where WordPress has left out a category that it does not know, which it does without a word."""
        filed = {category.text() for category in made.at("categories")}
        if missing := [id for id in self._categories if str(id) not in filed]:
            reason = f"Cổng không có chuyên mục số {missing[0]}; hãy sửa category_ids trong cài đặt kênh"
            raise Refused(reason, code="no-category")

    def _post(self, post_id: str) -> Tree | None:
        return self._rest.get_or_none(f"posts/{post_id}", context="edit")

    def _by_slug(self, kind: str, slug: str, **filters: str) -> Tree | None:
        """Return the object with exactly this slug."""
        listed = self._rest.get(kind, slug=slug, context="edit", **filters)
        return next((item for item in listed if item.text("slug") == slug), None)

    def _addresses(self, live: Tree, html: str) -> tuple[str, ...]:
        head = live.text("featured_media")
        if head in ("", "0"):
            return media_addresses(html)
        picture = self._rest.get_or_none(f"media/{head}", context="edit")
        return (*([picture.text("source_url")] if picture else []), *media_addresses(html))

    def _digests(self, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Return what the media hash to; a medium that does not download counts as other bytes."""
        return tuple(self._rest.fingerprint(address) for address in addresses)


def _post_id(handles: Handles) -> str:
    post_id = handles.get("post")
    if post_id is None:
        raise Unavailable("bản nháp trên Cổng chưa được tạo; Loa sẽ chuẩn bị lại", code="not-prepared")
    return post_id


def _comment(row: Tree, own: str) -> Comment:
    parent = row.text("parent")
    at = datetime.fromisoformat(row.text("date_gmt")).replace(tzinfo=UTC)  # WordPress writes it without a zone
    text = plain_text(row.text("content", "raw") or row.text("content", "rendered"))
    return Comment(id=row.text("id"), text=text, at=at, parent=parent if parent not in ("", "0") else None,
                   own=row.text("author") == own)  # fmt: skip


def _receipt(live: Tree) -> Receipt:
    return Receipt(remote_id=live.text("id"), url=live.text("link") or None, evidence={"slug": live.text("slug")})
