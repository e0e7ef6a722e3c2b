"""The calls that make or change posts and photos of a Page."""

from __future__ import annotations

from dataclasses import replace

from rehearsal.call import Call, JsonObject
from rehearsal.facebook import parameter, token
from rehearsal.facebook.error import GraphError, invalid, missing
from rehearsal.facebook.page import Page
from rehearsal.facebook.story import Photo, Story
from rehearsal.media import MediaStore

LARGEST_PICTURE = 4 << 20
CONTENT_TYPES = (
    "SCHEDULED",
    "SCHEDULED_RECURRING",
    "DRAFT",
    "ADS_POST",
    "INLINE_CREATED",
    "PUBLISHED",
    "REVIEWABLE_BRANDED_CONTENT",
)


def feed(page: Page, call: Call) -> JsonObject:
    """POST /{page}/feed: make a post of words, a link, or photos that were uploaded unpublished."""
    story = _new_story(page, call)
    if not (story.message or story.link or story.photos or story.video):
        raise invalid("Missing message or attachment")
    if story.published:
        page.refuse_repetition(story)
    return {"id": page.keep(story).id}


def photo(page: Page, call: Call, media: MediaStore) -> JsonObject:
    """POST /{page}/photos: keep a picture, and post it at once unless published=false."""
    published = parameter.flag(call, "published", default=True)
    scheduled = parameter.moment(call, page.now())
    if scheduled and published:
        raise invalid("You cannot specify a scheduled publish time on a published post")
    kept = _picture(page, call, media)
    if not published:
        page.photos.put(kept.id, kept)
        return {"id": kept.id}
    if parameter.flag(call, "no_story", default=False):
        page.photos.put(kept.id, replace(kept, published=True))
        return {"id": kept.id}
    story = Story(id=page.new_story_id(), message=kept.caption, photos=(kept.id,), created=kept.created, updated=kept.created)
    page.photos.put(kept.id, replace(kept, published=True, story=story.id))
    page.keep(story)
    return {"id": kept.id, "post_id": story.id}


def edit_story(page: Page, call: Call, story: Story) -> JsonObject:
    """POST /{post}: change words, visibility, time or attached photos."""
    published = story.published or parameter.flag(call, "is_published", default=False)
    changed = replace(
        story,
        message=parameter.message(call) if "message" in call.params else story.message,
        hidden=parameter.flag(call, "is_hidden", default=story.hidden),
        scheduled=parameter.moment(call, page.now()) or story.scheduled,
        photos=_unused_photos(page, call, own=story.id) or story.photos,
        published=published, updated=page.now(), created=page.now() if published and not story.published else story.created,
    )  # fmt: skip
    page.keep(changed)
    return {"success": True}


def delete(page: Page, id: str) -> JsonObject:
    """DELETE /{post|photo|video}."""
    if photo := page.photos.get(id):
        page.photos.drop(id)
        _drop_with(page, photo.story, id)
    elif video := page.videos.get(id):
        page.videos.drop(id)
        _drop_with(page, video.story, id)
    else:
        page.drop(page.story(id))
    return {"success": True}


def _new_story(page: Page, call: Call) -> Story:
    published = parameter.flag(call, "published", default=True)
    scheduled = parameter.moment(call, page.now())
    if scheduled and published:
        raise invalid("You cannot specify a scheduled publish time on a published post")
    content_type = call.text("unpublished_content_type")
    if content_type and content_type not in CONTENT_TYPES:
        raise invalid(f"Param unpublished_content_type must be one of {{{', '.join(CONTENT_TYPES)}}}")
    link = call.text("link")
    if link and not link.startswith(("http://", "https://")):
        raise invalid("The url you supplied is invalid")
    return Story(
        id=page.new_story_id(), message=parameter.message(call), link=link, photos=_unused_photos(page, call),
        created=page.now(), updated=page.now(), published=published, scheduled=scheduled, scheduled_with=token.given(call),
    )  # fmt: skip


def _unused_photos(page: Page, call: Call, own: str = "") -> tuple[str, ...]:
    """Read the attached photos; each must be the Page's own and not posted yet."""
    ids = parameter.attached(call)
    for id in ids:
        photo = page.photos.get(id)
        if photo is None:
            raise missing(id)
        if photo.published and photo.story != own:
            raise invalid("Photos should be uploaded as unpublished before they are attached to a post")
    return ids


def _picture(page: Page, call: Call, media: MediaStore) -> Photo:
    upload = parameter.file(call, "source", "source0", "file")
    if upload is None:
        raise GraphError("Requires upload file", code=324)
    kept = media.keep(upload.data, name=upload.name)
    if not kept.is_picture("jpeg", "png", "gif"):
        raise GraphError("Missing or invalid image file", code=324, subcode=2069019)
    if kept.size > LARGEST_PICTURE:
        raise GraphError("Image too large", code=324, subcode=1366046, title="Your photos couldn't be uploaded")
    caption = parameter.message(call, "caption") or parameter.message(call)
    return Photo(
        id=page.new_id("photo"), media=kept, caption=caption, alt=call.text("alt_text_custom"), created=page.now(),
        temporary=parameter.flag(call, "temporary", default=False),
    )  # fmt: skip


def _drop_with(page: Page, story_id: str, media_id: str) -> None:
    """Take a deleted medium out of its story; a story that was only this medium goes with it."""
    story = page.stories.get(story_id)
    if story is None:
        return
    left = tuple(id for id in story.photos if id != media_id)
    if left:
        page.keep(replace(story, photos=left, updated=page.now()))
    else:
        page.drop(story)
