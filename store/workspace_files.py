"""content/ read into memory: the office, the fact ledger and the entries, with every problem of every file at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from editorial.campaign import Campaign
from editorial.entry import Entry
from editorial.fact import Fact
from editorial.office import Axis, Channel, ContentGroup, LeadTimes, Limits, Office, Unit
from editorial.problem import BadInput, Problem
from editorial.release import Comeback
from editorial.role import Person
from editorial.workspace import Content, Place
from reading.document import Document, read_yaml
from reading.front_matter import Page, read_page
from reading.source import misnamed
from store.campaign_files import read_campaign
from store.content_records import (
    EntryRecord,
    LedgerRecord,
    LimitsRecord,
    OfficeRecord,
    TranslationRecord,
)
from store.entry_reading import TRANSLATIONS, WrittenEntry, written_entry
from store.fact_values import read_facts

Stamp = tuple[str, int, int]  # a file's name, when it was written, and its bytes


class EntryFiles:
    """The entries' files as they were read: what was not written since says the same, and is not read again."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[Stamp, ...], WrittenEntry]] = {}

    def recall(self, path: Path, stamps: tuple[Stamp, ...]) -> WrittenEntry | None:
        """Return what the files of an entry said with these stamps; None where that is not known."""
        known = self._known.get(path)
        return known[1] if known is not None and known[0] == stamps else None

    def keep(self, path: Path, stamps: tuple[Stamp, ...], said: WrittenEntry) -> None:
        """Remember what the files of an entry say."""
        self._known[path] = stamps, said

    def forget_others(self, paths: Collection[Path]) -> None:
        """Forget the files that are no longer there."""
        for gone in self._known.keys() - set(paths):
            del self._known[gone]


def stamps_of(path: Path) -> tuple[Stamp, ...]:
    """Return the stamps of an entry's file and its translations'; one that is not there has none."""
    found = []
    for each in (path, *(path.with_name(f"{path.stem}.{language}.md") for language in TRANSLATIONS)):
        with suppress(OSError):
            stat = each.stat()
            found.append((each.name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def read_content(root: Path, publishers: Collection[str] = (), files: EntryFiles | None = None) -> Content:
    """Return what content/ under the workspace says; raise BadInput with every problem found in all of its files.

    `publishers` are the adapters that there are; given, a channel that names another is a problem. `files` remembers what was
    read for the next time.
    """
    return _Reader(root, publishers, files or EntryFiles()).read()


def read_office(root: Path) -> Office:
    """Return who the office is, from its one file: what must work when another file is broken asks here."""
    return _office(read_yaml(root / "content" / "office.yaml", OfficeRecord, root).value)


@dataclass
class _Reader:
    """Read file by file, so that one broken file does not hide the mistakes of the others."""

    root: Path
    publishers: Collection[str] = ()
    files: EntryFiles = field(default_factory=EntryFiles)
    problems: list[Problem] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    places: dict[str, Mapping[str, Place]] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    campaign_places: dict[str, Mapping[str, Place]] = field(default_factory=dict)
    translated_places: dict[tuple[str, str], Mapping[str, Place]] = field(default_factory=dict)

    def read(self) -> Content:
        office = self._office()
        for folder, suffix in (("content/facts", ".yaml"), ("content/campaigns", ".yaml"), ("content", ".md")):
            self.problems.extend(misnamed(self.root / folder, suffix, self.root))
        for path in sorted((self.root / "content" / "facts").glob("*.yaml")):
            self._guarded(self._ledger, path)
        for path in sorted((self.root / "content" / "campaigns").glob("*.yaml")):
            self._guarded(self._campaign, path)
        for path in sorted((self.root / "content").glob("*.md")):
            if path.suffixes[:-1] in ([f".{language}"] for language in TRANSLATIONS):
                self._orphan(path)
            else:
                self._guarded(self._entry, path)
        self.files.forget_others(tuple((self.root / "content").glob("*.md")))
        if self.problems or office is None:
            raise BadInput(*self.problems)
        return Content(
            office=office,
            facts=self.facts,
            entries=self.entries,
            places=self.places,
            campaigns=self.campaigns,
            campaign_places=self.campaign_places,
            translated_places=self.translated_places,
        )

    def _guarded(self, read: Callable[[Path], None], path: Path) -> None:
        try:
            read(path)
        except BadInput as error:
            self.problems.extend(error.problems)

    def _office(self) -> Office | None:
        try:
            document = read_yaml(self.root / "content" / "office.yaml", OfficeRecord, self.root)
        except BadInput as error:
            self.problems.extend(error.problems)
            return None
        self.problems.extend(_publisher_problems(document, self.publishers))
        self.problems.extend(_people_problems(document))
        self.problems.extend(_twice(document))
        return _office(document.value)

    def _ledger(self, path: Path) -> None:
        document = read_yaml(path, LedgerRecord, self.root)
        facts, problems = read_facts(document.value.facts, document, ("facts",))
        self.problems.extend(problems)
        for fact in facts:
            if fact.id in self.facts:
                message = f"dữ kiện “{fact.id}” đã có ở tệp khác"
                self.problems.append(document.problem("duplicate-fact", message, "facts", fact.id))
            self.facts[fact.id] = fact

    def _campaign(self, path: Path) -> None:
        campaign, places = read_campaign(path, self.root)
        self.campaigns[campaign.id] = campaign
        self.campaign_places[campaign.id] = places

    def _entry(self, path: Path) -> None:
        stamps, before = stamps_of(path), len(self.problems)
        found = self.files.recall(path, stamps)
        if found is None:
            page = read_page(path, EntryRecord, self.root)
            found = written_entry(page, self._translations(path), path.stem)
            self.problems.extend(found.problems)
            if len(self.problems) == before:  # else all of it is told again
                self.files.keep(path, stamps, found)
        self.entries[found.entry.id] = found.entry
        self.places[found.entry.id] = found.places
        translated = found.translated_places.items()
        self.translated_places.update(((found.entry.id, language), places) for language, places in translated)

    def _translations(self, path: Path) -> dict[str, Page[TranslationRecord]]:
        """Return the translations that can be read; the mistakes of another do not hide those of the entry."""
        found = {}
        for language in TRANSLATIONS:
            other = path.with_name(f"{path.stem}.{language}.md")
            try:
                if other.exists():
                    found[language] = read_page(other, TranslationRecord, self.root)
            except BadInput as error:
                self.problems.extend(error.problems)
        return found

    def _orphan(self, path: Path) -> None:
        original = path.with_name(path.name.split(".")[0] + ".md")
        if not original.exists():
            message = f"không có bản gốc {original.name} cho bản dịch này"
            self.problems.append(Problem(rule="orphan-translation", file=f"content/{path.name}", line=1, message=message))


def _publisher_problems(document: Document[OfficeRecord], publishers: Collection[str]) -> list[Problem]:
    wanted = f"các loại có thể chọn: {', '.join(sorted(publishers))}"
    return [
        document.problem(
            "unknown-publisher", f"không có loại kênh “{channel.publisher}”; {wanted}", "channels", index, "publisher"
        )
        for index, channel in enumerate(document.value.channels)
        if publishers and channel.publisher not in publishers
    ]


def _twice(document: Document[OfficeRecord]) -> list[Problem]:
    """Return the ids that two things of a kind have: the second would take the first one's place unseen."""
    office = document.value
    kinds = {
        "units": [unit.id for unit in office.units],
        "axes": [axis.id for axis in office.axes],
        "groups": [group.id for group in office.groups],
        "channels": [channel.id for channel in office.channels],
        "people": [person.id for person in office.people],
    }
    found: list[Problem] = []
    for kind, ids in kinds.items():
        found.extend(
            document.problem("duplicate-id", f"mã “{id}” đã dùng ở trên; hãy đặt mã khác", kind, index, "id")
            for index, id in enumerate(ids)
            if id in ids[:index]
        )
    return found


def _people_problems(document: Document[OfficeRecord]) -> list[Problem]:
    units = [unit.id for unit in document.value.units]
    wanted = f"các đơn vị có thể chọn: {', '.join(units)}"
    return [
        document.problem("unknown-unit", f"không có đơn vị “{person.unit}”; {wanted}", "people", index, "unit")
        for index, person in enumerate(document.value.people)
        if person.unit is not None and person.unit not in units
    ]


def _office(record: OfficeRecord) -> Office:
    return Office(
        name=record.name,
        short_name=record.short_name,
        key_message=record.key_message,
        units={unit.id: Unit(**unit.model_dump()) for unit in record.units},
        axes={axis.id: Axis(**axis.model_dump()) for axis in record.axes},
        groups={group.id: ContentGroup(**group.model_dump()) for group in record.groups},
        channels={channel.id: Channel(**channel.model_dump()) for channel in record.channels},
        limits=_limits(record.limits),
        lead_times=LeadTimes(**record.lead_times.model_dump()),
        people={person.id: Person(**person.model_dump()) for person in record.people},
        approve_templates=record.approve_templates,
    )


def _limits(record: LimitsRecord) -> Limits:
    return Limits(
        posts_per_channel_per_day=record.posts_per_channel_per_day,
        minutes_apart=record.minutes_apart,
        earliest=time.fromisoformat(record.earliest),
        latest=time.fromisoformat(record.latest),
        after_pause=Comeback(record.after_pause),
        after_downtime=Comeback(record.after_downtime),
    )
