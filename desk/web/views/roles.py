"""Roles and rights in the words of the pages."""

from __future__ import annotations

from desk.web.phrase_book import spoken
from editorial.role import RIGHTS, ROLE_WORDS, Person, Right, Role


def roles_words(person: Person) -> str:
    """Return what a person is in the office: `biên tập, thiết kế`."""
    return ", ".join(ROLE_WORDS[role] for role in person.roles)


def rights_words(person: Person) -> str:
    """Return what a person may do, in the order of the domain."""
    return ", ".join(right.value for right in Right if person.may(right))


def refusal(person: Person | None, right: Right) -> str:
    """Return why a page does not offer something to somebody; empty where it does."""
    if person is not None and person.may(right):
        return ""
    able = ", ".join(spoken(ROLE_WORDS[role]) for role in Role if right in RIGHTS[role])
    return f"Việc này ({right.value}) dành cho: {able}."
