"""Publish a page on a site of plain files: a draft that nobody sees, and one rename that makes it public.

The page is read back over HTTP, as its readers get it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin

from editorial.outcome import (
    Absent,
    CannotTell,
    Found,
    Greeting,
    LivePost,
    OutcomeUnknown,
    Receipt,
    Refused,
    Sighting,
    Unavailable,
)
from editorial.post import Post
from publishers.contract import (
    Account,
    Corrects,
    Greets,
    Handles,
    Prepares,
    Publisher,
    Reconciles,
    Verifies,
    Withdraws,
)
from publishers.fingerprint import fingerprint
from publishers.manifest import load_manifest
from publishers.plain_text import plain_text
from publishers.slug import page_slug, site_of
from publishers.static_site.errors import failure
from publishers.static_site.page import read_page
from publishers.static_site.record import Record, Site, files_of
from publishers.static_site.shelf import Shelf
from publishers.wire import Answer, Call, Wire

GONE = (404, 410)


class StaticSitePublisher(Publisher, Prepares, Reconciles, Verifies, Corrects, Withdraws, Greets):
    """A page with pictures and clips in a folder that a web server shows; `base_url` is where it shows it."""

    manifest = load_manifest(Path(__file__).parent)
    replaces_media = True

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        settings = account.settings
        name = settings["site_name"]
        self._site = Site(address=account.base_url.rstrip("/"), name=name, publisher=settings.get("publisher_name") or name)
        self._shelf = Shelf(Path(settings["folder"]), self._site)
        self._wire = Wire(account.deadline)

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def shown(self, post: Post) -> Post:
        """Return the post with the words of its HTML, which is what the page says."""
        return replace(post, variant=replace(post.variant, text=plain_text(post.variant.html)))

    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        """Write the page and its media where nobody sees them; safe to repeat. A page that is public is left alone."""
        slug = page_slug(key)
        with _told(commit=False):
            if self._shelf.record(slug) is None:
                record, sources = _made(post, slug, published=post.due_at, updated=post.due_at)
                self._shelf.draft(record, sources)
        handles.save("page", slug)

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt:
        """Rename the draft to its place among the pages; once it is there, this changes nothing."""
        slug, now = page_slug(key), self.account.now()
        with _told(commit=True):
            draft = self._shelf.drafted(slug)
            if draft is None and self._shelf.record(slug) is None:
                raise Unavailable("trang chưa được viết ra; Loa sẽ chuẩn bị lại", code="not-prepared")
            if draft is not None:
                self._shelf.show(draft.model_copy(update={"published_at": now, "updated_at": now}))
        try:
            self._shelf.renew_lists(now)
        except OSError as error:  # the page is there: whatever it is, nothing may say that it is not
            code = type(error).__name__
            raise OutcomeUnknown("trang đã lên nhưng danh sách và feed chưa; Loa sẽ làm lại", code=code) from None
        return self._receipt(slug)

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Look for the page in its place, and put it into the lists where a crash left it out."""
        slug = page_slug(key)
        with _told(commit=False):
            record = self._shelf.record(slug)
            if record is None:
                return Absent(proof=True)
            if record.withdrawn_at is not None:
                return CannotTell(why="trang này đã được gỡ; hãy mở trang tin để xem")
            if not self._shelf.is_listed(slug):
                self._shelf.renew_lists(self.account.now())
        return Found(receipt=self._receipt(slug))

    def read_back(self, receipt: Receipt) -> LivePost | None:
        """Return the page as a reader gets it, with the digests of its media as they download; None when it is gone."""
        address = self._site.page(receipt.remote_id)
        answer = self._asked(address)
        with _told(commit=False):
            record = self._shelf.record(receipt.remote_id)
        if answer.status in GONE or (record is not None and record.withdrawn_at is not None):
            return None
        if not answer.ok:
            raise Unavailable("máy chủ web của trang tin chưa trả lời được; Loa sẽ thử lại", code=str(answer.status))
        title, text, media = read_page(answer.body.decode(errors="replace"))
        digests = tuple(fingerprint(self.account, self._wire, urljoin(address, name)) for name in media)
        return LivePost(
            remote_id=receipt.remote_id, url=address, title=title, text=text, visible=True,
            media_count=len(media), media_sha256=digests,
        )  # fmt: skip

    def correct(self, receipt: Receipt, post: Post, *, handles: Handles) -> Receipt:
        """Replace title, words and media; address and date of publication stay."""
        now = self.account.now()
        with _told(commit=False):
            before = self._live(receipt)
            record, sources = _made(post, receipt.remote_id, published=before.published_at, updated=now)
            self._shelf.replace(record, sources)
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Leave a page that says that it was taken down; the lists forget it, and the feed tells its readers."""
        with _told(commit=False):
            before = self._shelf.record(receipt.remote_id)
            if before is not None and before.withdrawn_at is None:
                now = self.account.now()
                empty = {"title": "", "summary": "", "html": "", "files": (), "withdrawn_at": now, "updated_at": now}
                self._shelf.replace(before.model_copy(update=empty), ())

    def greet(self) -> Greeting:
        """Ask for the list of pages as a reader would, which is empty on a site that has just begun."""
        with _told(commit=False):
            if not self._shelf.has_lists:
                self._shelf.renew_lists(self.account.now())
        answer = self._asked(f"{self._site.address}/")
        shown = answer.ok and read_page(answer.body.decode(errors="replace"))[0] == self._site.name
        where = f"máy chủ web chưa đưa thư mục “{self._shelf.public.name}” của trang tin ra {self._site.address}"
        return Greeting(name=self._site.name, url=f"{self._site.address}/", lacks=() if shown else (where,),
                        account=site_of(self._site.address))  # fmt: skip

    def _live(self, receipt: Receipt) -> Record:
        record = self._shelf.record(receipt.remote_id)
        if record is None or record.withdrawn_at is not None:
            raise Refused("trang không còn trên trang tin", code="gone")
        return record

    def _asked(self, address: str) -> Answer:
        return self._wire.send(Call(method="GET", url=address))

    def _receipt(self, slug: str) -> Receipt:
        return Receipt(remote_id=slug, url=self._site.page(slug))


@contextmanager
def _told(*, commit: bool) -> Iterator[None]:
    """Let what the file system refuses be one of the five errors."""
    try:
        yield
    except OSError as error:
        raise failure(error, commit=commit) from None  # its text has a path of this machine


def _made(post: Post, slug: str, *, published: datetime, updated: datetime) -> tuple[Record, tuple[tuple[str, Path], ...]]:
    """Return the page's record and its files with where they lie."""
    made = [files_of(medium) for medium in post.media]
    words = post.variant
    record = Record(
        slug=slug, language=words.language, title=words.title, summary=words.summary, html=words.html,
        files=tuple(file for file, _ in made), published_at=published, updated_at=updated,
    )  # fmt: skip
    return record, tuple(source for _, sources in made for source in sources)
