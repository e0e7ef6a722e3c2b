"""How Graph describes a Page's objects when it is asked for their fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from rehearsal.call import JsonObject
from rehearsal.facebook import token
from rehearsal.facebook.field import select
from rehearsal.facebook.page import PAGE_NAME, Page, sender
from rehearsal.facebook.story import Photo, Story, Video


def stamp(at: datetime) -> str:
    """Write a moment as Graph does."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


class Describer:
    """Describes a Page's objects, with addresses below `address`."""

    def __init__(self, page: Page, address: str, comments: Callable[[str], int]) -> None:
        self._page = page
        self._address = address
        self._comments = comments

    def page(self, fields: str) -> JsonObject:
        """Describe the Page."""
        values: JsonObject = {
            "id": token.PAGE_ID, "name": PAGE_NAME, "username": "loa.dientap", "link": f"{self._address}/__sandbox/feed",
            "category": "Government Organization", "fan_count": 126, "followers_count": 126, "is_published": True,
            "tasks": ["CREATE_CONTENT", "MANAGE", "MODERATE", "ANALYZE"], "access_token": None,
        }  # fmt: skip
        return select("Page", fields, values, default=("name", "id"))

    def story(self, story: Story, fields: str) -> JsonObject:
        """Describe a post."""
        media = self._page.media(story)
        picture = self._address + media[0].path if media and media[0].width and not story.video else None
        scheduled = story.scheduled.timestamp() if story.scheduled and not story.published else None
        values: JsonObject = {
            "id": story.id,
            "message": story.message or None,
            "created_time": stamp(story.created),
            "updated_time": stamp(story.updated),
            "permalink_url": self._address + self._page.path(story),
            "is_published": story.published,
            "is_hidden": story.hidden,
            "scheduled_publish_time": scheduled,
            "status_type": _status_type(story),
            "from": sender(),
            "admin_creator": None,
            "application": {"id": token.APP_ID, "name": "Loa diễn tập"},
            "full_picture": picture,
            "picture": picture,
            "attachments": self._attachments(story),
            "shares": None,
            "promotable_id": story.id,
            "story": None,
            "link": story.link or None,
            "is_eligible_for_promotion": True,
            "properties": None,
            "comments": _summary(self._comments(story.id)),
            "reactions": _summary(),
            "likes": _summary(),
            "parent_id": None,
            "object_id": (story.photos[0] if len(story.photos) == 1 else story.video or None),
            "actions": None,
            "place": None,
            "privacy": None,
            "targeting": None,
            "timeline_visibility": None,
            "is_pinned": False,
        }
        return select("PagePost", fields, values, default=("created_time", "message", "id"))

    def photo(self, photo: Photo, fields: str) -> JsonObject:
        """Describe a photo."""
        source = self._address + photo.media.path
        image = {"source": source, "width": photo.media.width, "height": photo.media.height}
        values: JsonObject = {
            "id": photo.id, "link": f"{self._address}/photo/?fbid={photo.id}", "images": [image], "name": photo.caption or None,
            "alt_text": photo.alt or None, "alt_text_custom": photo.alt or None, "page_story_id": photo.story or None,
            "created_time": stamp(photo.created), "updated_time": stamp(photo.created), "width": photo.media.width,
            "height": photo.media.height, "picture": source, "source": source, "from": sender(), "album": None, "target": None,
        }  # fmt: skip
        return select("Photo", fields, values, default=("created_time", "name", "id"))

    def video(self, video: Video, fields: str) -> JsonObject:
        """Describe a clip with its way from upload to public."""
        media = video.media
        path = f"/{token.PAGE_ID}/videos/{video.id}/"
        values: JsonObject = {
            "id": video.id, "title": video.title or None, "description": video.description or None, "status": self.status(video),
            "published": bool(video.story) and video.published, "post_id": video.story or None, "permalink_url": path,
            "scheduled_publish_time": stamp(video.scheduled) if video.scheduled and not video.story else None,
            "length": media.seconds if media else None, "views": 0, "created_time": stamp(video.created),
            "updated_time": stamp(video.created), "source": self._address + media.path if media else None,
            "picture": self._address + video.thumbnails[-1].path if video.thumbnails else None, "from": sender(),
            "captions": {"data": [{"locale": locale} for locale in video.captions]}, "format": None, "embeddable": True,
            "comments": _summary(self._comments(video.id)),
            "thumbnails": {"data": [{"uri": self._address + one.path, "is_preferred": True} for one in video.thumbnails]},
        }  # fmt: skip
        return select("Video", fields, values, default=("updated_time", "description", "id"))

    def status(self, video: Video) -> JsonObject:
        """Tell the phases of a clip."""
        done, ready = video.finished, self._page.ready(video)
        whole = 0 < video.size <= video.received  # every byte is there, whether or not anybody has said what is to become of it
        name = "error" if video.error else "ready" if ready else "processing" if done else "uploading"
        uploading: JsonObject = {
            "status": "complete" if done or whole else "in_progress" if video.received else "not_started",
            "bytes_transferred": video.received, "source_file_size": video.size,
        }  # fmt: skip
        processing: JsonObject = {
            "status": "error" if video.error else "complete" if ready else "in_progress" if done else "not_started"
        }
        if video.error:
            processing["errors"] = [{"code": 1363030, "message": video.error}]
        publishing: JsonObject = {"status": "complete" if video.story else "not_started"}
        publishing["publish_status"] = "published" if video.story else "scheduled" if video.scheduled else "draft"
        return {
            "video_status": name, "processing_progress": 100 if ready else 0, "uploading_phase": uploading,
            "processing_phase": processing, "publishing_phase": publishing,
        }  # fmt: skip

    def _attachments(self, story: Story) -> JsonObject | None:
        if story.video and (video := self._page.videos.get(story.video)):
            target = {"id": video.id, "url": f"{self._address}/{token.PAGE_ID}/videos/{video.id}/"}
            entry: JsonObject = {"media_type": "video", "type": "video_inline", "target": target, "title": video.title}
            return {
                "data": [
                    {**entry, "description": video.description, "media": {"source": self.video(video, "source").get("source")}}
                ]
            }
        shown = [self._picture(photo) for id in story.photos if (photo := self._page.photos.get(id))]
        if len(shown) > 1:
            album: JsonObject = {"media_type": "album", "type": "album", "media": shown[0]["media"], "target": {"id": story.id}}
            return {"data": [{**album, "subattachments": {"data": shown}}]}
        if shown:
            return {"data": shown}
        link: JsonObject = {
            "media_type": "link",
            "type": "share",
            "target": {"url": story.link},
            "url": story.link,
            "title": story.link,
        }
        return {"data": [link]} if story.link else None

    def _picture(self, photo: Photo) -> JsonObject:
        source = self._address + photo.media.path
        image = {"src": source, "width": photo.media.width, "height": photo.media.height}
        target = {"id": photo.id, "url": f"{self._address}/photo/?fbid={photo.id}"}
        return {
            "media_type": "photo", "type": "photo", "media": {"image": image}, "target": target, "url": target["url"],
            "description": photo.caption,
        }  # fmt: skip


def _status_type(story: Story) -> str:
    return (
        "added_video"
        if story.video
        else "added_photos"
        if story.photos
        else "shared_story"
        if story.link
        else "mobile_status_update"
    )


def _summary(count: int = 0) -> JsonObject:
    return {"data": [], "summary": {"total_count": count, "can_comment": True}}
