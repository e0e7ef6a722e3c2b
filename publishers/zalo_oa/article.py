"""The body of an article, as Zalo's create and update want it, and the words of one that was read back."""

from __future__ import annotations

from collections.abc import Sequence

from editorial.post import Medium, Post
from publishers.media_address import public_address
from publishers.plain_text import plain_text
from publishers.tree import Tree

LONGEST_AUTHOR = 50  # characters


def article(post: Post, *, status: str, author: str, media_url: str, video_id: str | None) -> dict[str, object]:
    """Return the whole article; `status` is "show" or "hide". The clip, else the first picture, is its cover."""
    pictures = list(post.images)
    cover = _video_cover(post.videos[0], video_id, status) if video_id else _photo_cover(pictures.pop(0), media_url, status)
    return {
        "type": "normal",
        "title": post.variant.title,
        "author": author,
        "description": post.variant.summary,
        "cover": cover,
        "body": [{"type": "text", "content": post.variant.html}, *(_image(picture, media_url) for picture in pictures)],
        "status": status,
        "comment": "show",
    }


def words(detail: Tree) -> str:
    """Return the plain text of an article's text blocks."""
    return "\n".join(plain_text(block.text("content")) for block in detail.at("body") if block.text("type") == "text")


def media_count(detail: Tree) -> int:
    """Return how many pictures and clips the article shows, its cover among them."""
    cover = detail.text("cover", "photo_url") or detail.text("cover", "video_id")
    return bool(cover) + sum(block.text("type") in ("image", "video") for block in detail.at("body"))


def is_shown(detail: Tree) -> bool:
    """Tell whether the public sees the article."""
    return detail.text("status") == "show"


def _photo_cover(picture: Medium, media_url: str, status: str) -> dict[str, str]:
    return {"cover_type": "photo", "photo_url": public_address(picture, media_url), "status": status}


def _video_cover(clip: Medium, video_id: str | None, status: str) -> dict[str, str]:
    views: Sequence[tuple[bool, str]] = ((clip.width > clip.height, "horizontal"), (clip.width < clip.height, "vertical"))
    view = next((name for fits, name in views if fits), "square")
    return {"cover_type": "video", "cover_view": view, "video_id": video_id or "", "status": status}


def _image(picture: Medium, media_url: str) -> dict[str, str]:
    return {"type": "image", "url": public_address(picture, media_url), "caption": picture.alt}
