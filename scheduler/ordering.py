"""Which pictures and clips a slot needs, with what in them, and in which size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from editorial.entry import MediaOrder
from editorial.plan import PlannedSlot
from editorial.problem import BadInput, Problem
from publishers.manifest import Manifest
from scheduler.cutting import Cutter
from scheduler.media_choice import goes, kind_of
from studio.rendition import Recipe
from studio.studio import Studio


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A media order that goes to a slot's channel, with its data written out; `index` is its place in the entry."""

    order: MediaOrder
    index: int
    data: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Ordering:
    """Tell what the slots of a workspace need from the studio."""

    cutter: Cutter
    studio: Studio
    manifests: Mapping[str, Manifest]  # by channel

    def wanted(self, slot: PlannedSlot) -> Iterator[Wanted]:
        """Yield the media orders that go to the slot's channel."""
        content = self.cutter.content
        entry, manifest = content.entries[slot.entry], self.manifests[slot.channel]
        language = entry.language_for(slot.channel)
        for index, order in enumerate(entry.media):
            if goes(order, slot.channel, manifest, entry):
                place = content.medium_place(entry, index, "data", language)
                written = order.data.get(language, order.data["vi"])
                data = self.cutter.quoter(entry, language).values(written, place)
                assert isinstance(data, dict)
                yield Wanted(order=order, index=index, data={**data, "language": language})

    def recipe(self, slot: PlannedSlot, wanted: Wanted) -> Recipe:
        """Return what the studio is to make; raise BadInput where the template has no size for the channel."""
        order = wanted.order
        return self.studio.recipe(order.template, wanted.data, self.size(slot, wanted), order.theme)

    def size(self, slot: PlannedSlot, wanted: Wanted) -> str:
        """Return the size that suits the channel best among those the template offers."""
        order = wanted.order
        rule = self.manifests[slot.channel].media.get(kind_of(order))
        offered = self.studio.templates[order.template].sizes if order.template in self.studio.templates else {}
        for size in rule.sizes if rule else ():
            if size in offered:
                return size
        raise BadInput(self._no_size(slot, wanted, tuple(rule.sizes) if rule else ()))

    def _no_size(self, slot: PlannedSlot, wanted: Wanted, sizes: tuple[str, ...]) -> Problem:
        file, line, key = self.cutter.content.place(slot.entry, f"media[{wanted.index}].template")
        asked = ", ".join(sizes) or "không khổ nào"
        message = f"mẫu “{wanted.order.template}” không có khổ nào hợp với kênh {slot.channel} (kênh nhận: {asked})"
        return Problem(rule="no-size", file=file, line=line, key=key, message=message)
