"""The body of an article, held to Zalo's limits."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from rehearsal import fetch
from rehearsal.call import JsonObject
from rehearsal.media import Media, MediaStore
from rehearsal.zalo.article import Article
from rehearsal.zalo.error import invalid, too_much

LARGEST_PICTURE = 1 << 20
LONGEST = {"title": 150, "author": 50, "description": 300}
PICTURES = ("jpeg", "png")
COVER_VIEWS = ("horizontal", "vertical", "square")


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A body that Zalo takes, with the pictures that it names."""

    content: JsonObject
    media: tuple[Media, ...]


class Editor:
    """Checks bodies; fetches each picture they name."""

    def __init__(self, store: MediaStore, clips: dict[str, Media]) -> None:
        self._store = store
        self._clips = clips

    async def check(self, body: JsonObject) -> Checked:
        """Hold a whole body to the limits, filling in the defaults: hidden, with comments."""
        kind = body.get("type")
        if kind not in ("normal", "video"):
            raise invalid("type must be normal or video")
        content = {**body, "status": body.get("status") or "hide", "comment": body.get("comment") or "show"}
        for name in ("status", "comment"):
            if content[name] not in ("show", "hide"):
                raise invalid(f"{name} must be show or hide")
        for name in ("title", "author", "description") if kind == "normal" else ("title", "description"):
            _hold(content, name)
        media = await (self._normal(content) if kind == "normal" else self._video(content))
        return Checked(content=content, media=media)

    async def _normal(self, content: JsonObject) -> tuple[Media, ...]:
        shown = [*await self._cover(content.get("cover"))]
        items = content.get("body")
        if not isinstance(items, list) or not items:
            raise invalid("body must be a list with at least one item")
        for item in items:
            shown += await self._item(item)
        return tuple(shown)

    async def _video(self, content: JsonObject) -> tuple[Media, ...]:
        await self._picture(content.get("avatar"), "avatar")
        return (self._clip(content.get("video_id")),)

    async def _cover(self, cover: object) -> tuple[Media, ...]:
        if not isinstance(cover, dict) or cover.get("status", "show") not in ("show", "hide"):
            raise invalid("cover is missing")
        if cover.get("cover_type") == "photo":
            found: Media = await self._picture(cover.get("photo_url"), "cover.photo_url")
        elif cover.get("cover_type") == "video" and cover.get("cover_view") in COVER_VIEWS:
            found = self._clip(cover.get("video_id"))
        else:
            raise invalid("cover.cover_type must be photo, or video with a cover_view")
        return (found,) if cover.get("status", "show") == "show" else ()

    async def _item(self, item: object) -> tuple[Media, ...]:
        if not isinstance(item, dict):
            raise invalid("body items must be objects")
        kind = item.get("type")
        if kind == "text" and isinstance(item.get("content"), str) and item["content"]:
            return ()
        if kind == "image":
            return (await self._picture(item.get("url"), "body.url"),)
        if kind == "video" and item.get("url"):
            return ()
        if kind == "video":
            return (self._clip(item.get("video_id")),)
        if kind == "product" and item.get("id"):
            return ()
        raise invalid("body item")

    async def _picture(self, url: object, name: str) -> Media:
        if not isinstance(url, str) or not url:
            raise invalid(f"{name} is missing")
        try:
            data = await fetch.get(url, largest=LARGEST_PICTURE)
        except fetch.TooLarge as problem:
            raise too_much("image is larger than 1MB") from problem
        except fetch.CannotFetch as problem:
            raise invalid(f"{name}: {problem}") from problem
        media = self._store.keep(data, name=urlsplit(url).path.rsplit("/", 1)[-1])
        if not media.is_picture(*PICTURES):
            raise invalid(f"{name} is not an image")
        return media

    def _clip(self, id: object) -> Media:
        found = self._clips.get(str(id))
        if found is None:
            raise invalid("video_id does not exist or is not ready")
        return found


def html(article: Article) -> str:
    """Show an article as its readers see it."""
    items = article.content.get("body")
    parts = [f"<p><strong>{escape(str(article.content.get('description', '')))}</strong></p>"]
    for item in items if isinstance(items, list) else []:
        if item.get("type") == "text":
            parts.append(str(item.get("content")))
        elif item.get("type") == "image" and item.get("caption"):
            parts.append(f"<p><em>{escape(str(item['caption']))}</em></p>")
    return "\n".join(parts)


def _hold(content: JsonObject, name: str) -> None:
    value = content.get(name)
    if not isinstance(value, str) or not value.strip():
        raise invalid(f"{name} is missing")
    if len(value) > LONGEST[name]:
        raise too_much(f"{name} is longer than {LONGEST[name]} characters")
