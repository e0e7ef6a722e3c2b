"""Tokens with which a person's programs come in: kept as digests, for a time, until they are revoked."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import DatabaseError

from editorial.clock import Clock
from store.accounts import subject_of
from store.audit import Deed, note
from store.database import Database
from store.schema import API_TOKENS
from store.token import digest_of, new_token

MARK = "loa_"  # at the front of every token, so that whoever finds one lying about knows what it opens
GLANCE = timedelta(minutes=1)  # a token that was used less long ago is not written again


@dataclass(frozen=True, kw_only=True)
class ApiToken:
    """One token, as it may be shown: what it opens, for whom, until when."""

    id: int
    person: str
    name: str
    scopes: tuple[str, ...]
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def stands(self, now: datetime) -> bool:
        """Tell whether it opens anything."""
        return self.revoked_at is None and self.expires_at > now


class ApiTokenTable:
    """Tokens by the digest of what they are."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def make(self, person: str, name: str, scopes: tuple[str, ...], *, by: str, span: timedelta) -> str:
        """Return a new token, which nobody can look up again."""
        token, now = MARK + new_token(), self._clock.now()
        row = {"digest": digest_of(token), "person": person, "name": name, "scopes": " ".join(scopes), "made_by": by,
               "made_at": now, "expires_at": now + span}  # fmt: skip
        with self._database.write() as connection:
            connection.execute(insert(API_TOKENS).values(**row))
            detail = f"{name}: {row['scopes']}"
            note(connection, Deed(who=by, action="api-token", subject=subject_of(person), detail=detail, at=now))
        return token

    def find(self, token: str) -> ApiToken | None:
        """Return what a token is; None where it was revoked, has run out or never was."""
        now = self._clock.now()
        with self._database.read() as connection:
            row = connection.execute(select(API_TOKENS).filter_by(digest=digest_of(token))).one_or_none()
        found = _token(row) if row is not None else None
        if found is None or not found.stands(now):
            return None
        if found.used_at is None or now - found.used_at >= GLANCE:
            self._use(found.id, now)
        return found

    def _use(self, id: int, now: datetime) -> None:
        """Note when it was used; that it cannot be written now is no reason to turn anybody away."""
        with suppress(DatabaseError), self._database.write_beside() as connection:
            connection.execute(update(API_TOKENS).filter_by(id=id).values(used_at=now))

    def all(self, person: str | None = None) -> tuple[ApiToken, ...]:
        """Return every token, or a person's, the newest first."""
        query = select(API_TOKENS).order_by(API_TOKENS.c.id.desc())
        query = query.filter_by(person=person) if person is not None else query
        with self._database.read() as connection:
            return tuple(_token(row) for row in connection.execute(query))

    def revoke(self, id: int, *, by: str) -> None:
        """Let a token open nothing any more, from the next request on; safe to repeat."""
        now = self._clock.now()
        with self._database.write() as connection:
            row = connection.execute(select(API_TOKENS).filter_by(id=id, revoked_at=None)).one_or_none()
            if row is not None:
                connection.execute(update(API_TOKENS).filter_by(id=id).values(revoked_at=now))
                deed = Deed(who=by, action="api-token-revoked", subject=subject_of(row.person), detail=row.name, at=now)
                note(connection, deed)


def _token(row: Row[Any]) -> ApiToken:
    return ApiToken(
        id=row.id, person=row.person, name=row.name, scopes=tuple(row.scopes.split()), made_by=row.made_by, made_at=row.made_at,
        expires_at=row.expires_at, used_at=row.used_at, revoked_at=row.revoked_at,
    )  # fmt: skip
