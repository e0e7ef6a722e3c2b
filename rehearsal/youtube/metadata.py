"""What an owner may write about a video, part by part, held to YouTube's limits."""

from __future__ import annotations

from datetime import datetime

from rehearsal.call import JsonObject
from rehearsal.youtube.error import bad

LONGEST_TITLE, LONGEST_DESCRIPTION_BYTES, LONGEST_TAGS = 100, 5000, 500
WRITABLE = ("snippet", "status", "recordingDetails", "localizations")
READABLE = (
    *WRITABLE, "id", "contentDetails", "statistics", "processingDetails", "fileDetails", "suggestions", "player", "topicDetails",
)  # fmt: skip
PRIVACY = ("public", "unlisted", "private")
CATEGORIES = ("1", "2", "10", "15", "17", "19", "20", "22", "23", "24", "25", "26", "27", "28", "29")


def parts(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Read the part parameter; it is required and every name must be known."""
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    if not chosen:
        raise bad("missingRequiredParameter", "No filter selected. Required parameter: part", location="part")
    for part in chosen:
        if part not in known:
            raise bad("unknownPart", f"'{part}'", location="part")
    return chosen


def written(body: JsonObject, chosen: tuple[str, ...]) -> dict[str, JsonObject]:
    """Read the parts of a video that a call writes; the body may carry no part that the call does not name."""
    found: dict[str, JsonObject] = {}
    for name in (*WRITABLE, "contentDetails"):
        value = body.get(name)
        if value is not None and name not in chosen:
            raise bad("unexpectedPart", f"'{name}'", location="part")
        if isinstance(value, dict):
            found[name] = value
    return found


def snippet(value: JsonObject, *, category_required: bool) -> JsonObject:
    """Hold a snippet to the limits of title, description, tags and category."""
    title, description = value.get("title"), value.get("description", "")
    if not isinstance(title, str) or not title.strip() or len(title) > LONGEST_TITLE or _angles(title):
        raise bad(
            "invalidTitle", "The request metadata specifies an invalid or empty video title.", location="body.snippet.title"
        )
    if not isinstance(description, str) or len(description.encode()) > LONGEST_DESCRIPTION_BYTES or _angles(description):
        raise bad(
            "invalidDescription",
            "The request metadata specifies an invalid video description.",
            location="body.snippet.description",
        )
    tags = value.get("tags", [])
    if not isinstance(tags, list) or _length(tags) > LONGEST_TAGS or any(_angles(str(tag)) for tag in tags):
        raise bad("invalidTags", "The request metadata specifies invalid video keywords.", location="body.snippet.tags")
    category = str(value.get("categoryId") or ("" if category_required else "22"))
    if category not in CATEGORIES:
        raise bad("invalidCategoryId", "The snippet.categoryId property specifies an invalid category ID.")
    names = ("defaultLanguage", "defaultAudioLanguage")
    kept: JsonObject = {"title": title, "description": description, "tags": tags, "categoryId": category}
    return {**kept, **{name: value[name] for name in names if value.get(name)}}


def status(value: JsonObject, *, forced_private: bool) -> JsonObject:
    """Hold a status to the allowed words; what is omitted gets the default, whatever it was before."""
    privacy = value.get("privacyStatus", "public")
    if privacy not in PRIVACY:
        raise bad("invalidVideoMetadata", "status.privacyStatus is invalid", location="body.status.privacyStatus")
    license = value.get("license", "youtube")
    if license not in ("youtube", "creativeCommon"):
        raise bad("invalidVideoMetadata", "status.license is invalid", location="body.status.license")
    when = value.get("publishAt")
    if when is not None and (privacy != "private" or not _moment(when)):
        raise bad("invalidPublishAt", "The request metadata specifies an invalid scheduled publishing time.")
    kept: JsonObject = {
        "privacyStatus": "private" if forced_private else privacy,
        "license": license,
        "embeddable": bool(value.get("embeddable", True)),
        "publicStatsViewable": bool(value.get("publicStatsViewable", True)),
        "selfDeclaredMadeForKids": bool(value.get("selfDeclaredMadeForKids", False)),
        "containsSyntheticMedia": bool(value.get("containsSyntheticMedia", False)),
    }
    return {**kept, "publishAt": when} if when is not None else kept


def _moment(text: object) -> bool:
    try:
        return datetime.fromisoformat(str(text)).tzinfo is not None
    except ValueError:
        return False


def _angles(text: str) -> bool:
    return "<" in text or ">" in text


def _length(tags: list[object]) -> int:
    """Count tags as YouTube does: commas between them, and quotes around one that has a space."""
    words = [str(tag) for tag in tags]
    return sum(len(word) + (2 if " " in word else 0) for word in words) + max(0, len(words) - 1)
