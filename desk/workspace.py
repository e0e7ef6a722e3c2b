"""The workspace's files read and held against one another: calendars, content, templates, captions and channels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from desk.place import Place
from desk.records import OFFICE
from desk.remembering import shared_renditions
from desk.template_memory import read_templates
from editorial.calendar import Catalogue
from editorial.campaign import Schedule
from editorial.campaign_check import check_campaigns, schedules
from editorial.collision import collisions
from editorial.consistency import Certificate
from editorial.entry import Entry
from editorial.entry_check import check_entries
from editorial.order_check import check_order
from editorial.plan import Plan, plan
from editorial.problem import BadInput, Problem, Severity
from editorial.recurrence import with_occurrences
from editorial.workspace import Content
from publishers.manifest import Manifest
from publishers.registry import PUBLISHERS, manifest_of
from scheduler.production import Production
from store.calendar_files import read_calendars
from store.workspace_files import EntryFiles, read_content
from studio.brand import Brand
from studio.captions import Captions
from studio.studio import Studio
from studio.template import Template

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Everything that people wrote, read and cross-checked."""

    place: Place
    content: Content
    catalogue: Catalogue
    brand: Brand
    templates: Mapping[str, Template]
    captions: Captions

    @cached_property
    def plan(self) -> Plan:
        """Return every slot of every entry."""
        return plan(self.content, self.catalogue)

    @cached_property
    def campaigns(self) -> Mapping[str, Schedule]:
        """Return the campaigns whose days could be found, by id."""
        return schedules(self.content, self.catalogue)[0]

    @cached_property
    def manifests(self) -> Mapping[str, Manifest]:
        """Return the facts of each channel's platform, by channel."""
        return {channel.id: manifest_of(channel.publisher) for channel in self.content.office.channels.values()}

    @cached_property
    def studio(self) -> Studio:
        """Return the studio over the workspace's templates, with its cache beside the workspace."""
        return Studio(templates=self.templates, brand=self.brand, cache=self.place.memory,
                      beyond=shared_renditions(self.place.memory / OFFICE))  # fmt: skip

    @cached_property
    def production(self) -> Production:
        """Return what makes posts of the plan."""
        return Production(content=self.content, studio=self.studio, captions=self.captions, manifests=self.manifests)

    def certificate_of(self, entry: str) -> Certificate:
        """Return what an entry says on which channel, held against the facts; worked out once, since nothing here changes."""
        if entry not in self._certificates:
            self._certificates[entry] = self.production.certificate(self.content.entries[entry], self.plan.of(entry))
        return self._certificates[entry]

    @cached_property
    def _certificates(self) -> dict[str, Certificate]:
        return {}

    def problems(self) -> tuple[Problem, ...]:
        """Return everything that can be found wrong without rendering or publishing."""
        named = check_entries(self.content, self.templates)
        campaigns = check_campaigns(self.plan, self.content, self.catalogue)
        order = check_order(self.plan, self.content)
        found = tuple(dict.fromkeys((*named, *self.plan.problems, *campaigns, *order)))
        if any(problem.severity is Severity.ERROR for problem in found):
            return found
        planned = collisions(self.plan, self.content, self.catalogue)
        made = self.made_problems(self.content.entries.values())
        return tuple(dict.fromkeys((*found, *planned, *self._captions_missing(), *made)))

    def made_problems(self, entries: Iterable[Entry]) -> tuple[Problem, ...]:
        """Return what is wrong with the posts of some entries, in whichever file it stands."""
        found: list[Problem] = []
        for entry in entries:
            slots = self.plan.of(entry.id)
            found.extend(self.production.check(slots))
            with suppress(BadInput):  # what cannot be written out is told by the check of its slots
                found.extend(self.production.certificate(entry, slots).problems if slots else ())
        return tuple(dict.fromkeys(found))  # a series would say the same thing once a turn

    def between(self, start: date, end: date) -> Plan:
        """Return the plan of a period."""
        return Plan(slots=self.plan.between(start, end), problems=self.plan.problems)

    def _captions_missing(self) -> tuple[Problem, ...]:
        folder = self.place.templates / "caption"
        return tuple(
            Problem(
                rule="missing-caption",
                file="content/office.yaml",
                key=f"channels.{channel.id}.caption",
                message=f"không có mẫu lời templates/caption/{channel.caption}.j2",
            )
            for channel in self.content.office.channels.values()
            if not (folder / f"{channel.caption}.j2").is_file()
        )


def read_workspace(place: Place, files: EntryFiles | None = None) -> Workspace:
    """Return the workspace; raise BadInput with the problems of all files that cannot be read, not only the first.

    `files` remembers the entries' files from one reading to the next.
    """
    reading = _Reading()
    brand = reading.take(lambda: Brand.load(place.assets))
    catalogue = reading.take(lambda: read_calendars(place.calendars, place.root))
    written = reading.take(lambda: read_content(place.root, PUBLISHERS, files))
    captions = reading.take(lambda: Captions(place.templates / "caption", place.root))
    templates = reading.take(lambda: read_templates(place, brand)) if brand else None
    content = reading.take(lambda: with_occurrences(written, catalogue)) if written and catalogue else None
    if reading.problems or not (brand and catalogue and content and captions and templates is not None):
        raise BadInput(*reading.problems)
    return Workspace(
        place=place, content=content, catalogue=catalogue, brand=brand, templates=templates, captions=captions
    )


class _Reading:
    """Read one thing after another and keep the problems of each."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def take(self, read: Callable[[], Value]) -> Value | None:
        try:
            return read()
        except BadInput as error:
            self.problems.extend(error.problems)
            return None


def stop_on_errors(workspace: Workspace) -> None:
    """Raise BadInput when anything in the workspace stops publishing."""
    errors = [problem for problem in workspace.problems() if problem.severity is Severity.ERROR]
    if errors:
        raise BadInput(*errors)



