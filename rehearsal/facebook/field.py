"""The `fields` language of Graph: names with optional sub-selections, each checked against the kind of object."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rehearsal.call import JsonObject
from rehearsal.facebook.error import GraphError


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# real fields that a rehearsal has nothing to say about; asked for, they are left out of the answer, as Graph does with empty ones
SILENT: Mapping[str, frozenset[str]] = {
    "PagePost": _words(
        "backdated_time call_to_action child_attachments coordinates event expanded_height expanded_width feed_targeting height "
        "icon insights instagram_eligibility is_expired is_popular is_spherical message_tags story_tags to via width"
    ),
    "Photo": _words("album backdated_time can_delete can_tag event icon insights name_tags place tags comments reactions"),
    "Video": _words(
        "ad_breaks backdated_time content_category content_tags custom_labels embed_html event icon insights is_episode "
        "is_instagram_eligible likes live_status place post_views premiere_living_room_status privacy reactions tags"
    ),
    "Page": _words("about bio cover description emails engagement hours location phone picture rating_count website"),
}
_NAME = re.compile(r"^[a-z_0-9]+")


def names(text: str) -> tuple[str, ...]:
    """Split a selection at its outermost commas and keep the names."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and depth == 0:
            found.append(text[start:at])
            start = at + 1
    found.append(text[start:])
    matches = (_NAME.match(part.strip()) for part in found)
    return tuple(match.group(0) for match in matches if match)


def select(kind: str, wanted: str, values: Mapping[str, object], *, default: tuple[str, ...]) -> JsonObject:
    """Give the wanted fields that have a value; one unknown name refuses the whole request. The id always comes."""
    chosen = names(wanted) if wanted else default
    for name in chosen:
        if name not in values and name not in SILENT[kind]:
            raise GraphError(f"Tried accessing nonexisting field ({name}) on node type ({kind})", code=100)
    picked = {name: values[name] for name in chosen if values.get(name) is not None}
    return {**picked, "id": values["id"]}
