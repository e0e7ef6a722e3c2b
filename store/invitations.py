"""Links with which somebody of the office sets a first or a new password: used once, and void after a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from editorial.clock import Clock
from store.accounts import begin_account, cut_off, subject_of
from store.audit import Deed, note
from store.database import Database
from store.schema import INVITATIONS
from store.token import digest_of, new_token


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A link that still opens."""

    person: str
    made_by: str
    expires_at: datetime


class InvitationTable:
    """The newest link of each person; an older one opens nothing any more."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def invite(self, person: str, *, by: str, span: timedelta, why: str = "") -> str:
        """Return the token of a new link; whatever the person signs in with now stays until the link is used."""
        return self._make(person, by, span, "invite", why)

    def reset(self, person: str, *, by: str, span: timedelta, why: str = "") -> str:
        """Take away at once whatever the person signs in with, end their sessions, and return the token of a new link."""
        return self._make(person, by, span, "reset", why)

    def _make(self, person: str, by: str, span: timedelta, action: str, why: str) -> str:
        token, now = new_token(), self._clock.now()
        with self._database.write() as connection:
            if action == "reset":
                cut_off(connection, person)
            connection.execute(delete(INVITATIONS).filter_by(person=person))
            row = {"link": digest_of(token), "person": person, "made_by": by, "made_at": now, "expires_at": now + span}
            connection.execute(insert(INVITATIONS).values(**row))
            note(connection, Deed(who=by, action=action, subject=subject_of(person), detail=why, at=now))
        return token

    def find(self, token: str) -> Invitation | None:
        """Return what a link is for; None where it is used, too old or was never made."""
        query = select(INVITATIONS).where(INVITATIONS.c.link == digest_of(token), INVITATIONS.c.expires_at > self._clock.now())
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return Invitation(person=row.person, made_by=row.made_by, expires_at=row.expires_at) if row else None

    def open(self) -> Mapping[str, Invitation]:
        """Return the links that still open, by person."""
        with self._database.read() as connection:
            rows = connection.execute(select(INVITATIONS).where(INVITATIONS.c.expires_at > self._clock.now())).all()
        return {row.person: Invitation(person=row.person, made_by=row.made_by, expires_at=row.expires_at) for row in rows}

    def accept(self, token: str, hashed: str) -> str | None:
        """Use a link up: its person has this password and nothing else; return the person, None where the link does not open."""
        now = self._clock.now()
        with self._database.write() as connection:
            query = select(INVITATIONS.c.person).where(INVITATIONS.c.link == digest_of(token), INVITATIONS.c.expires_at > now)
            person: str | None = connection.execute(query).scalar_one_or_none()
            if person is not None:
                begin_account(connection, person, hashed, now)
                note(connection, Deed(who=person, action="accept-invitation", subject=subject_of(person), detail="", at=now))
        return person
