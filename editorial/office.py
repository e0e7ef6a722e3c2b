"""The office: in whose name things are said, by whom, under which headings and on which channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta

from editorial.release import Comeback, ReleaseRule
from editorial.role import Person


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit that answers for entries, with its one contact and its one spokesperson (plan, section IV.1.2)."""

    id: str
    name: str
    contact: str
    spokesperson: str
    name_en: str | None = None

    def signature(self, language: str) -> str:
        """Return the name with which the unit signs in a language."""
        return self.name_en if language == "en" and self.name_en else self.name


@dataclass(frozen=True, kw_only=True)
class Axis:
    """Who speaks: one of the four axes of the plan (section III.2)."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class ContentGroup:
    """One of the fourteen content groups of the plan (section III.1)."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One account of the office on one platform."""

    id: str
    name: str
    publisher: str  # the adapter's folder under publishers/
    caption: str  # the caption template under templates/caption/
    handle: str = ""  # how the public knows the account
    minutes_apart: int | None = None  # where what was held keeps another distance than the office's


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much, how close together and at what hours the office speaks; beyond it the planner is warned, not stopped."""

    posts_per_channel_per_day: int = 3
    minutes_apart: int = 30  # between two posts on one channel
    earliest: time = time(6, 30)  # on days off, when people sleep longer
    latest: time = time(21, 30)
    after_pause: Comeback = Comeback.ASK  # what becomes of a post that a pause made late, within its grace
    after_downtime: Comeback = Comeback.SPACE


@dataclass(frozen=True, kw_only=True)
class LeadTimes:
    """How many working days before a post goes out each stage is done; at least one each."""

    brief: int = 10
    design: int = 6
    fact_check: int = 3
    approval: int = 1


@dataclass(frozen=True, kw_only=True)
class Office:
    """The office and everything it is made of, by id."""

    name: str
    short_name: str
    key_message: str
    units: Mapping[str, Unit]
    axes: Mapping[str, Axis]
    groups: Mapping[str, ContentGroup]
    channels: Mapping[str, Channel]
    limits: Limits = field(default_factory=Limits)
    lead_times: LeadTimes = field(default_factory=LeadTimes)
    people: Mapping[str, Person] = field(default_factory=dict)
    approve_templates: bool = True  # what a template draws goes out only once a second person has signed the template

    def release_rule(self) -> ReleaseRule:
        """Return how what was held or missed comes back, and how far apart."""
        own = {each.id: each.minutes_apart for each in self.channels.values()}
        return ReleaseRule(
            gap=timedelta(minutes=self.limits.minutes_apart), after_pause=self.limits.after_pause,
            after_downtime=self.limits.after_downtime,
            gaps={id: timedelta(minutes=minutes) for id, minutes in own.items() if minutes is not None},
        )  # fmt: skip

    def name_of(self, person: str) -> str:
        """Return the name of somebody of the office; who has left, or is a machine, keeps the id."""
        return self.people[person].name if person in self.people else person
