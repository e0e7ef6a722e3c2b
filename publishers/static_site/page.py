"""The HTML of a page, of the list of pages, and of what is left of a page that was taken down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from html import escape, unescape

from editorial.clock import OFFICE_ZONE
from publishers.plain_text import plain_text
from publishers.static_site.record import File, Record, Site

LOCALES = {"vi": "vi_VN", "en": "en_US"}
LONGEST_HEADLINE = 110  # schema.org's NewsArticle, as search engines read it
_BODY = re.compile(r'<div class="body">(.*?)</div><!-- body -->', re.DOTALL)
_TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_MEDIA = re.compile(r'<(?:img|video)\b[^>]*?\ssrc="([^"]+)"')
WORDS = {
    "vi": ("Đăng lúc", "Sửa lúc", "Tất cả bài", "Bài này đã được gỡ.", "Chưa có bài nào."),
    "en": ("Published", "Updated", "All pages", "This page has been taken down.", "There is no page yet."),
}


def page_html(site: Site, record: Record) -> str:
    """Return the whole page."""
    published, updated, every, _, _ = WORDS.get(record.language, WORDS["vi"])
    changed = f" · {updated} {_time(record.updated_at)}" if record.updated_at != record.published_at else ""
    main = "\n".join([
        f"<article><h1>{escape(record.title)}</h1>",
        f'<p class="when">{published} {_time(record.published_at)}{changed}</p>',
        _figures(record.files[:1]),
        f'<div class="body">{record.html}</div><!-- body -->',
        f"{_figures(record.files[1:])}</article>",
    ])  # fmt: skip
    head = f"{_open_graph(site, record)}\n{_structured(site, record)}"
    address = site.page(record.slug)
    return _document(site, record.language, record.title, record.summary, address, head, main, up="../../", every=every)


def tombstone_html(site: Site, record: Record) -> str:
    """Return what stands where a page was taken down; search engines are asked to forget it."""
    *_, every, gone, _ = WORDS.get(record.language, WORDS["vi"])
    head = '<meta name="robots" content="noindex">'
    main = f"<p>{gone}</p>"
    return _document(site, record.language, gone, gone, site.page(record.slug), head, main, up="../../", every=every)


def list_html(site: Site, records: Iterable[Record]) -> str:
    """Return the list of all pages, the newest first."""
    *_, every, _, none = WORDS["vi"]
    items = "\n".join(
        f'<li><a href="bai/{record.slug}/" lang="{record.language}">{escape(record.title)}</a>'
        f' <span class="when">{_time(record.published_at)}</span> {escape(record.summary)}</li>'
        for record in records
    )
    shown = f'<ul class="list">\n{items}\n</ul>' if items else f"<p>{none}</p>"
    main = f"<h1>{escape(site.name)}</h1>\n{shown}"
    return _document(site, "vi", site.name, site.name, f"{site.address}/", "", main, up="", every=every)


def read_page(html: str) -> tuple[str, str, tuple[str, ...]]:
    """Return the title, the words of the body and the addresses of the media, as the page shows them."""
    title, body = _TITLE.search(html), _BODY.search(html)
    addresses = tuple(unescape(found) for found in _MEDIA.findall(html.partition("<main>")[2]))
    return unescape(title[1]) if title else "", plain_text(body[1]) if body else "", addresses


def _document(
    site: Site, language: str, title: str, summary: str, address: str, head: str, main: str, *, up: str, every: str
) -> str:  # fmt: skip
    name = escape(site.name)
    whole = escape(title) if title == site.name else f"{escape(title)} | {name}"
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{whole}</title>
<meta name="description" content="{escape(summary)}">
<link rel="canonical" href="{escape(address)}">
<link rel="stylesheet" href="{up}style.css">
<link rel="alternate" type="application/atom+xml" title="{name}" href="{up}feed.atom">
<link rel="alternate" type="application/rss+xml" title="{name}" href="{up}feed.rss">
<link rel="alternate" type="application/feed+json" title="{name}" href="{up}feed.json">
{head}
</head>
<body>
<header><a href="{up or "./"}">{name}</a></header>
<main>
{main}
</main>
<footer><a href="{up or "./"}">{every}</a> · {escape(site.publisher)}</footer>
</body>
</html>
"""


def _open_graph(site: Site, record: Record) -> str:
    """Return what Facebook, Zalo and others show of a link to the page."""
    address = site.page(record.slug)
    told = {
        "og:type": "article", "og:site_name": site.name, "og:title": record.title, "og:description": record.summary,
        "og:url": address, "og:locale": LOCALES.get(record.language, record.language),
        "article:published_time": record.published_at.isoformat(), "article:modified_time": record.updated_at.isoformat(),
    }  # fmt: skip
    if (picture := record.picture) is not None:
        told |= {"og:image": address + picture.name, "og:image:type": picture.media_type, "og:image:alt": picture.alt}
        told |= {"og:image:width": str(picture.width), "og:image:height": str(picture.height)}
    lines = [f'<meta property="{name}" content="{escape(value)}">' for name, value in told.items()]
    return "\n".join([*lines, '<meta name="twitter:card" content="summary_large_image">'])


def _structured(site: Site, record: Record) -> str:
    """Return schema.org's NewsArticle as JSON-LD, for search engines."""
    address = site.page(record.slug)
    office = {"@type": "GovernmentOrganization", "name": site.publisher, "url": f"{site.address}/"}
    article = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": shortened(record.title),
        "description": record.summary, "inLanguage": record.language, "url": address,
        "mainEntityOfPage": {"@type": "WebPage", "@id": address}, "datePublished": record.published_at.isoformat(),
        "dateModified": record.updated_at.isoformat(), "author": office, "publisher": office,
        "image": [address + file.name for file in record.files if not file.is_clip],
    }  # fmt: skip
    # </script> inside a string would end the element; an escaped solidus means the same to JSON.
    told = json.dumps(article, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{told}</script>'


def shortened(title: str) -> str:
    """Return a headline of the length that search engines read, cut between words."""
    return title if len(title) <= LONGEST_HEADLINE else f"{title[: LONGEST_HEADLINE - 1].rpartition(' ')[0]}…"


def _figures(files: Iterable[File]) -> str:
    return "".join(f"<figure>{_figure(file)}</figure>\n" for file in files)


def _figure(file: File) -> str:
    alt, size = escape(file.alt), f'width="{file.width}" height="{file.height}"'
    if not file.is_clip:
        return f'<img src="{file.name}" {size} alt="{alt}">'
    poster = f' poster="{file.poster}"' if file.poster else ""
    track = f'<track kind="captions" src="{file.subtitles}" default>' if file.subtitles else ""
    return f'<video controls preload="metadata" src="{file.name}" {size}{poster} aria-label="{alt}">{track}</video>'


def _time(moment: datetime) -> str:
    local = moment.astimezone(OFFICE_ZONE)
    return f'<time datetime="{local.isoformat()}">{local:%H:%M %d/%m/%Y}</time>'
