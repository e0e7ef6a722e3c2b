"""Tokens for a person's programs: what each opens, who may make one, and who takes one away. For pages and commands alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from editorial.clock import Clock
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right, require
from store.api_tokens import ApiToken
from store.store import Store

SPANS = (30, 90, 365)  # days that a token may stand
LONGEST_NAME = 80  # letters
MOST = 20  # standing tokens of one person


class Scope(Enum):
    """One thing that a token may open. None approves, schedules, pauses or publishes: no scope for that exists."""

    ENTRIES_READ = "entries:read"
    ENTRIES_DRAFT = "entries:draft"
    FACTS_READ = "facts:read"
    FACTS_PROPOSE = "facts:propose"
    TEMPLATES_READ = "templates:read"
    DELIVERIES_READ = "deliveries:read"
    CALENDAR_READ = "calendar:read"
    REPORTS_READ = "reports:read"


NEEDS: Mapping[Scope, Right] = {
    Scope.ENTRIES_READ: Right.READ,
    Scope.ENTRIES_DRAFT: Right.WRITE,
    Scope.FACTS_READ: Right.READ,
    Scope.FACTS_PROPOSE: Right.WRITE,
    Scope.TEMPLATES_READ: Right.READ,
    Scope.DELIVERIES_READ: Right.READ,
    Scope.CALENDAR_READ: Right.READ,
    Scope.REPORTS_READ: Right.READ,
}
READING = tuple(scope for scope, right in NEEDS.items() if right is Right.READ)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who comes in with a token: the person as the office has them now, and what the token was made for."""

    person: Person
    scopes: frozenset[Scope]
    token: ApiToken


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token that was just made: it is shown once."""

    person: Person
    name: str
    token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """Make, find and take away tokens."""

    store: Store
    people: Mapping[str, Person]
    clock: Clock

    def make(self, person: Person, by: Person, *, name: str, scopes: Collection[str], days: int) -> NewToken:
        """Return a new token of somebody; raise BadInput, field by field, for what cannot be.

        Others than the person make one only with the right to manage the office, and nobody for what they may not do themselves:
        else the administrator, who signs nothing and writes nothing, could write in somebody's name.
        """
        if by.id != person.id:
            require(by, Right.MANAGE)
        wanted = _scopes(scopes)
        for scope in wanted:
            require(person, NEEDS[scope])
            require(by, NEEDS[scope])
        called = name.strip()
        if not called or len(called) > LONGEST_NAME:
            message = f"hãy ghi tên chương trình dùng mã này, nhiều nhất {LONGEST_NAME} ký tự"
            raise BadInput(Problem(rule="missing-text", key="name", message=message))
        if days not in SPANS:
            message = f"hạn của mã là một trong: {', '.join(map(str, SPANS))} ngày"
            raise BadInput(Problem(rule="unknown-choice", key="days", message=message))
        if len(self.standing(person.id)) >= MOST:
            message = f"đã có {MOST} mã đang dùng; hãy thu hồi mã không còn cần rồi tạo mã mới"
            raise BadInput(Problem(rule="too-many", key="name", message=message))
        span = timedelta(days=days)
        words = tuple(scope.value for scope in wanted)
        token = self.store.api_tokens.make(person.id, called, words, by=by.id, span=span)
        return NewToken(person=person, name=called, token=token)

    def standing(self, person: str | None = None) -> tuple[ApiToken, ...]:
        """Return the tokens that open something, of one person or of everybody, the newest first."""
        now = self.clock.now()
        return tuple(each for each in self.store.api_tokens.all(person) if each.stands(now))

    def revoke(self, id: int, by: Person) -> None:
        """Take a token away; raise KeyError where there is none, BadInput for whoever may not."""
        found = next((each for each in self.store.api_tokens.all() if each.id == id), None)
        if found is None:
            raise KeyError(id)
        if found.person != by.id:
            require(by, Right.MANAGE)
        self.store.api_tokens.revoke(id, by=by.id)

    def holder(self, token: str) -> Holder | None:
        """Return who comes in with a token; None for one that opens nothing, or whose person has left the office."""
        found = self.store.api_tokens.find(token)
        person = self.people.get(found.person) if found is not None else None
        if found is None or person is None:
            return None
        known = {scope.value: scope for scope in Scope}
        scopes = frozenset(known[word] for word in found.scopes if word in known)
        return Holder(person=person, scopes=scopes, token=found)


def _scopes(words: Collection[str]) -> tuple[Scope, ...]:
    known = {scope.value: scope for scope in Scope}
    unknown = [word for word in words if word not in known]
    if unknown or not words:
        message = f"hãy chọn ít nhất một phạm vi, trong: {', '.join(known)}"
        raise BadInput(Problem(rule="unknown-choice", key="scope", message=message))
    return tuple(scope for scope in Scope if scope.value in words)
