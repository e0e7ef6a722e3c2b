"""Which of an entry's pictures and clips go to which channel."""

from __future__ import annotations

from editorial.entry import Entry, MediaOrder
from editorial.post import MediumKind
from publishers.manifest import Manifest

KINDS = {"infographic": MediumKind.IMAGE, "clip": MediumKind.VIDEO}


def kind_of(order: MediaOrder) -> MediumKind:
    """Return what the order's template makes."""
    return KINDS[order.template.split("/", 1)[0]]


def goes(order: MediaOrder, channel: str, manifest: Manifest, entry: Entry) -> bool:
    """Tell whether an order goes to a channel: where it is named, else where its kind is taken and none other is named."""
    if order.channels:
        return channel in order.channels
    if any(channel in other.channels for other in entry.media):
        return False
    kind = kind_of(order)
    first = next((kind_of(other) for other in entry.media if manifest.takes(kind_of(other))), None)
    return manifest.takes(kind) and (manifest.mixes_media or kind is first)
