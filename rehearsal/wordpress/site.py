"""The portal itself: its tables, what visitors see, and how the REST API describes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rehearsal.call import JsonObject
from rehearsal.journal import Counter, Journal
from rehearsal.ledger import Ledger
from rehearsal.media import Kind, Media
from rehearsal.wordpress.error import no_post
from rehearsal.wordpress.login import USER_ID
from rehearsal.wordpress.post import Attachment, Post, Term
from rehearsal.words import plain

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Site:
    """The tables of a portal and the one place where a post becomes visible."""

    def __init__(self, journal: Journal, counter: Counter, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self.posts = journal.table("posts", Post)
        self.attachments = journal.table("attachments", Attachment)
        self.terms = journal.table("terms", Term)
        self._counter = counter
        self._ledger = ledger
        self.now = now
        self._planned = {post.id for post in self.posts if post.status == "future"}

    def new_id(self) -> int:
        """Give an id; posts and attachments share one series, as in WordPress."""
        return self._counter.next("post") + 100

    def post(self, id: int) -> Post:
        """Find a post."""
        found = self.posts.get(str(id))
        if found is None:
            raise no_post()
        return found

    def attachment(self, id: int) -> Attachment:
        """Find an attachment."""
        found = self.attachments.get(str(id))
        if found is None:
            raise no_post()
        return found

    def slugs(self, *, but: int = 0) -> list[str]:
        """List the slugs in use, except one post's own."""
        return [one.slug for one in (*self.posts, *self.attachments) if one.slug and one.id != but]

    def keep(self, post: Post) -> Post:
        """Save a post and let visitors see what they may."""
        timed = self._timed(post)
        self.posts.put(str(timed.id), timed)
        if timed.status == "future":
            self._planned.add(timed.id)
        self._show(timed)
        return timed

    def drop(self, post: Post) -> None:
        """Delete a post for good."""
        self.posts.drop(str(post.id))
        self._ledger.remove(str(post.id), at=self.now())

    def publish_due(self) -> None:
        """Publish future posts whose time has come (WP-Cron)."""
        for id in sorted(self._planned):
            post = self.posts.get(str(id))
            if post is None or post.status != "future":
                self._planned.discard(id)
            elif post.date <= self.now():
                self.keep(replace(post, status="publish"))

    def path(self, post: Post) -> str:
        """Give the public path of a post; a draft has none but its number."""
        return f"/{post.slug}/" if post.status == "publish" else f"/?p={post.id}"

    def media(self, post: Post) -> tuple[Media, ...]:
        """List the featured picture and every attachment that the text shows."""
        featured = self.attachments.get(str(post.featured_media))
        inside = [one for one in self.attachments if one.path in post.content and one != featured]
        inside.sort(key=lambda one: post.content.index(one.path))
        shown = ([featured] if featured else []) + inside
        return tuple(replace(one.media, name=one.alt_text or one.title) for one in shown)

    def _timed(self, post: Post) -> Post:
        """Swap publish and future by the date, as WordPress does."""
        ahead = post.date - self.now() >= timedelta(seconds=60)
        if post.status == "publish" and ahead:
            return replace(post, status="future")
        return replace(post, status="publish") if post.status == "future" and not ahead else post

    def _show(self, post: Post) -> None:
        key = str(post.id)
        if post.status != "publish":
            self._ledger.remove(key, at=self.now())
            return
        text = plain(post.content)
        self._ledger.show(
            key,
            path=self.path(post),
            at=self.now(),
            title=plain(post.title),
            text=text,
            html=post.content,
            media=self.media(post),
        )


class Describer:
    """Describes posts, media and terms, with addresses below `address`."""

    def __init__(self, site: Site, address: str) -> None:
        self._site = site
        self.address = address

    def post(self, post: Post, *, edit: bool) -> JsonObject:
        """Describe a post; raw fields only for editing."""
        values: JsonObject = {
            "id": post.id,
            "date": _local(post.date),
            "date_gmt": _gmt(post.date),
            "guid": _text(f"{self.address}/?p={post.id}", edit=edit),
            "modified": _local(post.modified),
            "modified_gmt": _gmt(post.modified),
            "slug": post.slug,
            "status": post.status,
            "type": "post",
            "link": self.address + self._site.path(post),
            "title": _text(post.title, edit=edit),
            "content": {**_text(post.content, edit=edit), "protected": False},
            "excerpt": {**_text(post.excerpt, edit=edit), "protected": False},
            "author": USER_ID,
            "featured_media": post.featured_media,
            "comment_status": post.comment_status,
            "ping_status": "closed",
            "sticky": post.sticky,
            "template": post.template,
            "format": post.format,
            "meta": post.meta,
            "categories": list(post.categories),
            "tags": list(post.tags),
        }
        if edit:
            values |= {"password": "", "permalink_template": f"{self.address}/%postname%/", "generated_slug": post.slug}
        return values

    def attachment(self, one: Attachment, *, edit: bool) -> JsonObject:
        """Describe a medium."""
        source = self.address + one.path
        details: JsonObject = {"width": one.media.width, "height": one.media.height, "file": one.path.split("uploads/")[1]}
        details |= {"filesize": one.media.size, "sizes": {"full": {"source_url": source, "mime_type": one.media.content_type}}}
        return {
            "id": one.id,
            "date": _local(one.date),
            "date_gmt": _gmt(one.date),
            "modified_gmt": _gmt(one.date),
            "slug": one.slug,
            "status": "inherit",
            "type": "attachment",
            "link": f"{self.address}/{one.slug}/",
            "title": _text(one.title, edit=edit),
            "author": USER_ID,
            "caption": _text(one.caption, edit=edit),
            "description": _text(one.description, edit=edit),
            "alt_text": one.alt_text,
            "media_type": "image" if one.media.kind is Kind.PICTURE else "file",
            "mime_type": one.media.content_type,
            "media_details": details,
            "post": None,
            "source_url": source,
            "missing_image_sizes": [],
        }

    def term(self, term: Term) -> JsonObject:
        """Describe a category or tag."""
        count = sum(term.id in (*post.categories, *post.tags) for post in self._site.posts if post.status == "publish")
        return {
            "id": term.id, "count": count, "description": "", "link": f"{self.address}/{term.taxonomy}/{term.slug}/",
            "name": term.name, "slug": term.slug, "taxonomy": term.taxonomy, "meta": [],
        }  # fmt: skip


def _text(value: str, *, edit: bool) -> JsonObject:
    shown: JsonObject = {"rendered": value}
    return {"raw": value, **shown} if edit else shown


def _gmt(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def _local(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S")
