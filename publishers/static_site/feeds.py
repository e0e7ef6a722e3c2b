"""What machines read of the site: Atom, RSS, JSON Feed, the sitemap and robots.txt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from publishers.static_site.record import Record, Site

NEWEST = 50  # pages in a feed; the sitemap has them all
ATOM, DELETED = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
register_namespace("atom", ATOM)
register_namespace("at", DELETED)


def atom(site: Site, live: Sequence[Record], gone: Sequence[Record], now: datetime) -> bytes:
    """Return the Atom feed (RFC 4287), with a tombstone (RFC 6721) for each page that was taken down."""
    feed = Element(f"{{{ATOM}}}feed")
    _say(feed, "id", f"{site.address}/")
    _say(feed, "title", site.name)
    _say(feed, "updated", _newest(live, gone, now).isoformat())
    SubElement(feed, f"{{{ATOM}}}link", rel="self", href=f"{site.address}/feed.atom", type="application/atom+xml")
    SubElement(feed, f"{{{ATOM}}}link", rel="alternate", href=f"{site.address}/", type="text/html")
    _say(SubElement(feed, f"{{{ATOM}}}author"), "name", site.publisher)
    for record in gone[:NEWEST]:
        when = (record.withdrawn_at or record.updated_at).isoformat()
        SubElement(feed, f"{{{DELETED}}}deleted-entry", ref=entry_id(site, record), when=when)
    for record in live[:NEWEST]:
        _entry(site, record, SubElement(feed, f"{{{ATOM}}}entry"))
    return _written(feed)


def rss(site: Site, live: Sequence[Record], now: datetime) -> bytes:
    """Return the RSS 2.0 feed."""
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    told = {"title": site.name, "link": f"{site.address}/", "description": site.name, "language": "vi"}
    for name, text in {**told, "lastBuildDate": _rfc822(_newest(live, (), now))}.items():
        SubElement(channel, name).text = text
    SubElement(channel, f"{{{ATOM}}}link", rel="self", href=f"{site.address}/feed.rss", type="application/rss+xml")
    for record in live[:NEWEST]:
        item = SubElement(channel, "item")
        address = site.page(record.slug)
        SubElement(item, "title").text = record.title
        SubElement(item, "link").text = address
        SubElement(item, "guid", isPermaLink="false").text = entry_id(site, record)
        SubElement(item, "pubDate").text = _rfc822(record.published_at)
        SubElement(item, "description").text = record.summary
        if record.files:
            first = record.files[0]
            SubElement(item, "enclosure", url=address + first.name, length=str(first.byte_size), type=first.media_type)
    return _written(root)


def json_feed(site: Site, live: Sequence[Record]) -> bytes:
    """Return the JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": site.name, "home_page_url": f"{site.address}/",
        "feed_url": f"{site.address}/feed.json", "language": "vi", "authors": [{"name": site.publisher}],
        "items": [_item(site, record) for record in live[:NEWEST]],
    }  # fmt: skip
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def sitemap(site: Site, live: Sequence[Record]) -> bytes:
    """Return the sitemap of all pages."""
    root = Element("urlset", xmlns=SITEMAP)
    for address, moment in [(f"{site.address}/", None), *((site.page(record.slug), record.updated_at) for record in live)]:
        url = SubElement(root, "url")
        SubElement(url, "loc").text = address
        if moment is not None:
            SubElement(url, "lastmod").text = moment.isoformat()
    return _written(root)


def robots(site: Site) -> bytes:
    """Return robots.txt: everything may be read, and the sitemap is there."""
    return f"User-agent: *\nAllow: /\nSitemap: {site.address}/sitemap.xml\n".encode()


def entry_id(site: Site, record: Record) -> str:
    """Return the entry's permanent id (a tag: URI, RFC 4151): by it readers know an entry again, whatever its address."""
    return f"tag:{urlsplit(site.address).hostname},{record.published_at.astimezone(UTC):%Y-%m-%d}:{record.slug}"


def _entry(site: Site, record: Record, entry: Element) -> None:
    address = site.page(record.slug)
    _say(entry, "id", entry_id(site, record))
    _say(entry, "title", record.title)
    _say(entry, "published", record.published_at.isoformat())
    _say(entry, "updated", record.updated_at.isoformat())
    _say(entry, "summary", record.summary)
    SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=address, type="text/html", hreflang=record.language)
    for file in record.files:
        kind, size = file.media_type, str(file.byte_size)
        SubElement(entry, f"{{{ATOM}}}link", rel="enclosure", href=address + file.name, type=kind, length=size, title=file.alt)
    content = SubElement(entry, f"{{{ATOM}}}content", type="html")
    content.text = record.html


def _item(site: Site, record: Record) -> dict[str, object]:
    address = site.page(record.slug)
    files = [
        {"url": address + file.name, "mime_type": file.media_type, "size_in_bytes": file.byte_size, "title": file.alt}
        for file in record.files
    ]
    item: dict[str, object] = {
        "id": entry_id(site, record), "url": address, "title": record.title, "summary": record.summary,
        "content_html": record.html, "date_published": record.published_at.isoformat(),
        "date_modified": record.updated_at.isoformat(), "language": record.language, "attachments": files,
    }  # fmt: skip
    return {**item, "image": address + record.picture.name} if record.picture else item


def _newest(live: Sequence[Record], gone: Sequence[Record], now: datetime) -> datetime:
    """Return when the feed last changed: a reader that asks again sees by it that nothing is new."""
    moments = [*(record.updated_at for record in live), *(record.withdrawn_at for record in gone if record.withdrawn_at)]
    return max(moments, default=now)


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
