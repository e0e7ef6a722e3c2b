"""What the page of units and people shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.people import ACCESS_WORDS, Access, Standing
from desk.web.desk import Desk
from desk.web.moment_words import ago, short_moment
from desk.web.views.roles import rights_words, roles_words
from editorial.office import Unit


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """Somebody of the office; how they stand at the door is empty for readers who do not manage it."""

    id: str
    name: str
    roles: str
    rights: str
    me: bool
    access: Access
    access_words: str
    until: str  # of a link that waits
    seen: str  # when they last signed in
    seen_ago: str


@dataclass(frozen=True, kw_only=True)
class UnitPart:
    """A unit with its people."""

    id: str
    name: str
    contact: str
    spokesperson: str
    people: tuple[PersonRow, ...]


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """Everybody by unit; `others` belong to none, `quiet` are units in which nobody works with Loa."""

    units: tuple[UnitPart, ...]
    others: tuple[PersonRow, ...]
    quiet: tuple[UnitPart, ...]
    managed: bool
    can_sign_in: int
    count: int


def read_people(desk: Desk, *, managed: bool) -> PeoplePage:
    """Return everybody of the office."""
    office, now = desk.bench.content.office, desk.bench.clock.now()
    standings = desk.reception.standings()
    parts = [_part(unit, _in(unit, standings), desk, now) for unit in office.units.values()]
    homeless = (each for each in standings if each.person.unit not in office.units)
    return PeoplePage(
        units=tuple(part for part in parts if part.people),
        others=tuple(_row(each, desk, now) for each in homeless),
        quiet=tuple(part for part in parts if not part.people),
        managed=managed,
        can_sign_in=sum(each.access not in (Access.NONE, Access.INVITED) for each in standings),
        count=len(standings),
    )


def _in(unit: Unit, standings: Iterable[Standing]) -> Iterable[Standing]:
    return (each for each in standings if each.person.unit == unit.id)


def _part(unit: Unit, standings: Iterable[Standing], desk: Desk, now: datetime) -> UnitPart:
    people = tuple(_row(each, desk, now) for each in standings)
    return UnitPart(id=unit.id, name=unit.name, contact=unit.contact, spokesperson=unit.spokesperson, people=people)


def _row(standing: Standing, desk: Desk, now: datetime) -> PersonRow:
    person, seen = standing.person, standing.signed_in_at
    return PersonRow(
        id=person.id,
        name=person.name,
        roles=roles_words(person),
        rights=rights_words(person),
        me=desk.visitor is not None and person.id == desk.visitor.person.id,
        access=standing.access,
        access_words=ACCESS_WORDS[standing.access],
        until=short_moment(standing.invited_until) if standing.invited_until else "",
        seen=short_moment(seen) if seen else "",
        seen_ago=ago(seen, now) if seen else "",
    )
