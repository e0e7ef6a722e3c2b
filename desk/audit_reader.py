"""Read the audit log for people: deeds in plain words, a stretch at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.deed_words import Kind, action_words, actions_of, kind_of, subject_words, who_words
from editorial.office import Office
from store.store import Store


@dataclass(frozen=True, kw_only=True)
class LogFilters:
    """Whose deeds, and about what; None for all."""

    person: str | None = None
    kind: Kind | None = None

    @property
    def any(self) -> bool:
        """Tell whether anything is left out."""
        return self.person is not None or self.kind is not None

    def as_query(self) -> dict[str, str]:
        """Return what an address says of them."""
        named = {"person": self.person or "", "kind": self.kind.value if self.kind else ""}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, kw_only=True)
class DeedLine:
    """One deed in words."""

    number: int
    at: datetime
    who: str
    what: str
    whom: str
    why: str
    kind: Kind
    by: str  # this and the next two as the log has them
    action: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Some deeds, newest first; `older` is the row before which the next stretch begins, None at the end."""

    lines: tuple[DeedLine, ...]
    older: int | None


def read_deeds(store: Store, office: Office, filters: LogFilters, *, before: int | None, limit: int) -> Stretch:
    """Return a stretch of the log."""
    actions = actions_of(filters.kind) if filters.kind else None
    found = store.audit.page(limit + 1, before=before, who=filters.person, actions=actions)
    lines = tuple(
        DeedLine(
            number=each.number, at=each.deed.at, who=who_words(each.deed.who, office), what=action_words(each.deed.action),
            whom=subject_words(each.deed, office), why=each.deed.detail, kind=kind_of(each.deed.action),
            by=each.deed.who, action=each.deed.action, subject=each.deed.subject,
        )
        for each in found[:limit]
    )  # fmt: skip
    return Stretch(lines=lines, older=lines[-1].number if len(found) > limit else None)
