"""The words of a post as its channel shows them."""

from __future__ import annotations

import re

from markupsafe import Markup

from desk.web.prose import safe
from editorial.post import Post
from publishers.manifest import Manifest

_HTML = re.compile(r"</(?:a|b|i|u|s|p|h\d|li|code)>")  # some captions are HTML themselves; no plain one closes a tag


def shown_title(post: Post, manifest: Manifest) -> str:
    """Return the title, unless the text begins with it and the platform asks for none: then the public reads it once."""
    limit, title = manifest.texts.get("title"), post.variant.title
    if limit is None or (not limit.required and post.variant.text.startswith(title)):
        return ""
    return title


def is_markup(text: str) -> bool:
    """Tell whether a text is HTML."""
    return _HTML.search(text) is not None


def source(post: Post) -> str:
    """Return the HTML that goes out: beside the text, or the text itself; empty where the text is plain."""
    return post.variant.html or (post.variant.text if is_markup(post.variant.text) else "")


def markup(post: Post) -> Markup:
    """Return the HTML as the platform shows it."""
    written = source(post)
    return safe(written if post.variant.html else written.replace("\n", "<br>"))
