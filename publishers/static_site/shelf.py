"""The folder of a site: `public/` is what a web server shows, `drafts/` what nobody sees yet. One rename makes a page public.

Pages are the truth; the list, the feeds and the sitemap are made of them anew after each change, and whole or not at all. What a
crash leaves out of them is put in with the next change or look.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from publishers.accompaniment import ask_to_write
from publishers.static_site import feeds, page
from publishers.static_site.record import Record, Site
from publishers.subtitles import to_webvtt

RECORD, PAGE = "page.json", "index.html"
STYLE = Path(__file__).with_name("style.css")


class Shelf:
    """The pages of one site; raises OSError, and Unavailable where a worker has slept while others went on."""

    def __init__(self, folder: Path, site: Site) -> None:
        self._folder = folder
        self._site = site

    @property
    def public(self) -> Path:
        """Return what a web server is to show."""
        return self._folder / "public"

    @property
    def _pages(self) -> Path:
        return self.public / "bai"

    def draft(self, record: Record, sources: tuple[tuple[str, Path], ...]) -> None:
        """Make or renew the draft of a page, with its pictures and clips."""
        self._pages.mkdir(parents=True, exist_ok=True)
        draft = self._draft(record.slug)
        draft.mkdir(parents=True, exist_ok=True)
        self._fill(draft, record, sources)

    def show(self, record: Record) -> None:
        """Make a draft public, with the record's moments, by the one rename. A page that is public already stays as it is.

        Raises FileNotFoundError without a draft, and with EIO what went wrong once the page was there.
        """
        if self.record(record.slug) is not None:
            return
        draft = self._draft(record.slug)
        self._write(draft, record)
        draft.rename(self._pages / record.slug)
        try:
            _sync(self._pages)
        except OSError as error:
            raise OSError(errno.EIO, "the page is there, and perhaps not for good") from error

    def replace(self, record: Record, sources: tuple[tuple[str, Path], ...]) -> None:
        """Put other words and media into a public page: the media first, then the page, and then what it no longer shows goes."""
        self._fill(self._pages / record.slug, record, sources)
        self.renew_lists(record.updated_at)

    def record(self, slug: str) -> Record | None:
        """Return what is kept of a public page; None where there is none."""
        return _read(self._pages / slug)

    def drafted(self, slug: str) -> Record | None:
        """Return what is kept of a draft; None where there is none."""
        return _read(self._draft(slug))

    def renew_lists(self, now: datetime) -> None:
        """Make the list of pages, the feeds and the sitemap anew; one process at a time."""
        with self._alone():
            found = [record for place in self._places() if (record := _read(place))]
            records = sorted(found, key=lambda record: record.published_at, reverse=True)
            live = [record for record in records if record.withdrawn_at is None]
            gone = [record for record in records if record.withdrawn_at is not None]
            for name, content in {
                PAGE: page.list_html(self._site, live).encode(),
                "feed.atom": feeds.atom(self._site, live, gone, now),
                "feed.rss": feeds.rss(self._site, live, now),
                "feed.json": feeds.json_feed(self._site, live),
                "sitemap.xml": feeds.sitemap(self._site, live),
                "robots.txt": feeds.robots(self._site),
                "style.css": STYLE.read_bytes(),
            }.items():
                put(self.public / name, content)

    @property
    def has_lists(self) -> bool:
        """Tell whether the site has begun."""
        return (self.public / PAGE).exists()

    def is_listed(self, slug: str) -> bool:
        """Tell whether the feed names a page that is public: after a crash it may not yet."""
        place = self.public / "feed.json"
        return place.exists() and f"/bai/{slug}/" in place.read_text(encoding="utf-8")

    def _draft(self, slug: str) -> Path:
        return self._folder / "drafts" / slug

    def _places(self) -> Iterator[Path]:
        return self._pages.iterdir() if self._pages.is_dir() else iter(())

    def _fill(self, place: Path, record: Record, sources: tuple[tuple[str, Path], ...]) -> None:
        for name, source in sources:
            if name.endswith(".vtt"):
                put(place / name, to_webvtt(source.read_text(encoding="utf-8")).encode())
            elif not (place / name).exists():  # named by its bytes
                _copy(source, place / name)
        ask_to_write()  # after a copy of long clips
        self._write(place, record)
        kept = {RECORD, PAGE, *(name for name, _ in sources)}
        for left in place.iterdir():
            if left.name not in kept:
                left.unlink()

    def _write(self, place: Path, record: Record) -> None:
        made = page.tombstone_html if record.withdrawn_at else page.page_html
        put(place / PAGE, made(self._site, record).encode())
        put(place / RECORD, record.model_dump_json(indent=1).encode())
        _sync(place)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.public.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lists.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def put(path: Path, content: bytes) -> None:
    """Write a file that others read: whole or not at all, and on the disk when this returns."""
    if path.exists() and path.read_bytes() == content:  # so that a web server's ETag stays
        return
    with _beside(path) as part:
        part.write_bytes(content)


def _copy(source: Path, target: Path) -> None:
    with _beside(target) as part:
        shutil.copyfile(source, part)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give the name of a file to write, which becomes `path` once it is whole and on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _read(place: Path) -> Record | None:
    try:
        return Record.model_validate_json((place / RECORD).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None


def _sync(folder: Path) -> None:
    """Put the names in a folder on the disk: a rename that a power cut undoes was never one."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
