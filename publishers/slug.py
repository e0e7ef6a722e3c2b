"""The part of an address that is a post's own: made of its key, so that it is known before the post is there; and a site's."""

from __future__ import annotations

import hashlib
import re

MOST_SLUG = 150  # WordPress keeps 200 characters; room for its own suffix


def page_slug(key: str) -> str:
    """Return the address part of a post, the same for the same key for ever; a short digest keeps near keys apart."""
    readable = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:MOST_SLUG].strip("-")
    return f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def site_of(address: str) -> str:
    """Return what of an address tells one site from another: `http` and `https` show the same one."""
    return address.partition("://")[2].rstrip("/").lower()
