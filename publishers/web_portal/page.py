"""A portal article: its HTML with pictures and clips, and how WordPress wants them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from editorial.post import Medium, MediumKind, Post
from publishers.media_address import EXTENSIONS


def medium_slug(medium: Medium) -> str:
    """Return the slug of a medium: named by its bytes, so that the same bytes are uploaded once."""
    return f"m-{medium.sha256[:16]}"


def file_name(medium: Medium) -> str:
    """Return the name under which the medium is uploaded."""
    return f"{medium_slug(medium)}.{EXTENSIONS[medium.media_type]}"


def page_html(post: Post, addresses: Mapping[str, str]) -> str:
    """Return the body followed by every medium but the featured picture; `addresses` by digest. Adds no words to the text."""
    shown = [medium for medium in post.media if medium is not featured(post)]
    return "\n".join([post.variant.html, *(_figure(medium, addresses[medium.sha256]) for medium in shown)])


def featured(post: Post) -> Medium | None:
    """Return the picture that stands at the head of the page."""
    return post.images[0] if post.images else None


def _figure(medium: Medium, address: str) -> str:
    source, alt = escape(address), escape(medium.alt)
    if medium.kind is MediumKind.VIDEO:
        return f'<figure class="wp-block-video"><video controls src="{source}" aria-label="{alt}"></video></figure>'
    return f'<figure class="wp-block-image"><img src="{source}" alt="{alt}"/></figure>'
