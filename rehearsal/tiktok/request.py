"""The bodies of init calls, held to TikTok's rules before anything is begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.call import Call, JsonObject
from rehearsal.tiktok.error import ApiError, invalid
from rehearsal.tiktok.share import LEVELS, SELF

LONGEST_TITLE, LONGEST_PHOTO_TITLE, LONGEST_DESCRIPTION = 2200, 90, 4000  # UTF-16 units
LARGEST_VIDEO = 4_000_000_000
# The documentation's example is decimal and many clients count in binary: what both readings allow is allowed.
LEAST_CHUNK, LARGEST_CHUNK = 5 << 20, 64_000_000
SMALL_VIDEO = 5_000_000  # below this one chunk is the whole
MOST_CHUNKS, MOST_PHOTOS = 1000, 35
_FLAGS = ("disable_duet", "disable_comment", "disable_stitch", "brand_content_toggle", "brand_organic_toggle", "is_aigc",
          "auto_add_music")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PostInfo:
    """What is said about a post."""

    title: str = ""
    description: str = ""
    privacy: str = SELF


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the media come from: uploaded in chunks, or pulled from addresses."""

    urls: tuple[str, ...] = ()
    size: int = 0
    chunk: int = 0
    chunks: int = 0


def units(text: str) -> int:
    """Count a text in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def body(call: Call) -> JsonObject:
    """Read the JSON object of a call."""
    if "json" not in call.headers.get("content-type", "") or call.json is None:
        raise invalid("The body must be a JSON object with Content-Type application/json")
    return call.json


def post_info(given: JsonObject, *, photo: bool, options: tuple[str, ...]) -> PostInfo:
    """Read post_info of a direct post; the privacy level must be one that creator_info offers."""
    info = _object(given, "post_info")
    title = _text(info, "title", LONGEST_PHOTO_TITLE if photo else LONGEST_TITLE)
    description = _text(info, "description", LONGEST_DESCRIPTION) if photo else ""
    privacy = info.get("privacy_level")
    if privacy not in LEVELS:
        raise invalid("privacy_level is required")
    if privacy not in options:
        raise ApiError("privacy_level_option_mismatch", "privacy_level is not among privacy_level_options of creator_info")
    for name in _FLAGS:
        if name in info and not isinstance(info[name], bool):
            raise invalid(f"{name} must be a boolean")
    if info.get("brand_content_toggle") and privacy == SELF:
        raise invalid("Branded content cannot be SELF_ONLY")
    cover = info.get("video_cover_timestamp_ms", 0)
    if not _is_count(cover):
        raise invalid("video_cover_timestamp_ms must be an integer")
    return PostInfo(title=title, description=description, privacy=str(privacy))


def draft_info(given: JsonObject) -> PostInfo:
    """Read what a photo draft may say: title and description only."""
    info = _object(given, "post_info") if "post_info" in given else {}
    return PostInfo(title=_text(info, "title", LONGEST_PHOTO_TITLE), description=_text(info, "description", LONGEST_DESCRIPTION))


def video_source(given: JsonObject) -> Source:
    """Read source_info of a video, by the floor rule: the last chunk takes what is left over."""
    info = _object(given, "source_info")
    if info.get("source") == "PULL_FROM_URL":
        return Source(urls=(_address(info.get("video_url"), "video_url"),))
    if info.get("source") != "FILE_UPLOAD":
        raise invalid("source must be FILE_UPLOAD or PULL_FROM_URL")
    size, chunk, chunks = (_count(info, name) for name in ("video_size", "chunk_size", "total_chunk_count"))
    if size > LARGEST_VIDEO:
        raise invalid("The video is too large")
    if chunk > LARGEST_CHUNK or chunk > size:
        raise invalid("The chunk size is invalid")
    if (size < SMALL_VIDEO and chunk != size) or (chunk < LEAST_CHUNK and chunk != size):
        raise invalid("The chunk size is invalid")
    if chunks != size // chunk or chunks > MOST_CHUNKS:
        raise invalid("The total chunk count is invalid")
    return Source(size=size, chunk=chunk, chunks=chunks)


def photo_source(given: JsonObject) -> Source:
    """Read source_info of a photo post: pulled only, at most 35."""
    info = _object(given, "source_info")
    if info.get("source") != "PULL_FROM_URL":
        raise invalid("Photos can only be pulled from an address")
    images = info.get("photo_images")
    if not isinstance(images, list) or not 1 <= len(images) <= MOST_PHOTOS:
        raise invalid("photo_images must hold 1 to 35 addresses")
    cover = info.get("photo_cover_index", 0)
    if not _is_count(cover) or int(str(cover)) >= len(images):
        raise invalid("photo_cover_index is out of range")
    return Source(urls=tuple(_address(image, "photo_images") for image in images))


def choice(given: JsonObject, name: str, options: tuple[str, ...]) -> str:
    """Read a required word."""
    value = given.get(name)
    if value not in options:
        raise invalid(f"{name} must be one of {', '.join(options)}")
    return str(value)


def _object(given: Mapping[str, object], name: str) -> JsonObject:
    value = given.get(name)
    if not isinstance(value, dict):
        raise invalid(f"{name} is required")
    return value


def _text(info: JsonObject, name: str, longest: int) -> str:
    value = info.get(name, "")
    if not isinstance(value, str):
        raise invalid(f"{name} must be a string")
    if units(value) > longest:
        raise invalid(f"{name} is longer than {longest}")
    return value


def _count(info: JsonObject, name: str) -> int:
    value = info.get(name)
    if not _is_count(value) or value == 0:
        raise invalid(f"{name} must be a positive integer")
    return int(str(value))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _address(value: object, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise invalid(f"{name} is required")
    return value
