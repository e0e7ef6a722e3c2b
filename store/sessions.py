"""Who is signed in, in which browser, since when: rows that go by the clock and that a person can end."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import DatabaseError

from editorial.clock import Clock
from store.accounts import subject_of
from store.audit import Deed, note
from store.database import Database
from store.moment import Moment
from store.schema import ACCOUNTS, KNOWN_BROWSERS, SESSIONS
from store.statement import Statement
from store.token import digest_of, new_token
from store.vault import Vault, enrolment_place

IDLE = timedelta(hours=2)  # without a page
LONGEST = timedelta(hours=24)  # however busy: NIST SP 800-63B-4, AAL2
HALF_WAY = timedelta(minutes=15)  # to type a one-time code, or to set them up
GLANCE = timedelta(minutes=1)  # a session that was seen less long ago is not written again
OVERLAP = timedelta(seconds=60)  # for which a replaced token still opens: a page asks for several things at once
KNOWN_FOR = timedelta(days=180)  # how long a browser is known after it was last used to sign in


class Stage(Enum):
    """How far a person has come in."""

    FULL = "full"  # signed in
    CODE = "code"  # the password was right, a one-time code is asked for
    ENROL = "enrol"  # the password was right, one-time codes have to be set up first


@dataclass(frozen=True, kw_only=True)
class Session:
    """One person in one browser. `roles` are those that the person had when it began; `key` names it where it is ended."""

    key: str
    person: str
    roles: str
    stage: Stage
    secret: str
    began_at: datetime
    seen_at: datetime
    expires_at: datetime
    browser: str

    def __repr__(self) -> str:
        return f"<Session of {self.person}>"


class SessionTable:
    """Sessions by the digest of their token."""

    def __init__(self, database: Database, clock: Clock, vault: Vault) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault

    def begin(self, person: str, roles: str, browser: str = "", stage: Stage = Stage.FULL, *, secret: str = "") -> str:
        """Return the token of a new session; what has run out is swept away on the way."""
        token, now = new_token(), self._clock.now()
        with self._database.write() as connection:
            connection.execute(delete(SESSIONS).where(or_(SESSIONS.c.expires_at <= now, SESSIONS.c.seen_at <= now - IDLE)))
            encrypted = self._vault.encrypt(connection, secret, *enrolment_place(person))
            _put(connection, token, person=person, roles=roles, stage=stage.value, secret=encrypted, began_at=now, seen_at=now,
                 expires_at=now + (LONGEST if stage is Stage.FULL else HALF_WAY), browser=browser)  # fmt: skip
        return token

    def signed_in(self, person: str, how: str) -> None:
        """Let the log and the account tell that a person has come in."""
        now = self._clock.now()
        with self._database.write() as connection:
            connection.execute(update(ACCOUNTS).filter_by(person=person).values(signed_in_at=now))
            note(connection, Deed(who=person, action="sign-in", subject=subject_of(person), detail=how, at=now))

    def find(self, token: str) -> Session | None:
        """Return the session that a token opens; None where it has run out, was ended or never was."""
        now = self._clock.now()
        row = next(iter(self._database.ask(_FOUND, {"of": digest_of(token), "now": now, "idle": now - IDLE})), None)
        if row is None:
            return None
        if now - row.seen_at >= GLANCE:
            self._see(row.token, now)
        return self._session(row)

    def _see(self, key: str, now: datetime) -> None:
        """Note that somebody is there; that it cannot be written now is no reason to turn anybody away."""
        with suppress(DatabaseError), self._database.write_beside() as connection:
            connection.execute(update(SESSIONS).filter_by(token=key).values(seen_at=now))

    def of(self, person: str) -> tuple[Session, ...]:
        """Return where a person is signed in, the newest first."""
        query = select(SESSIONS).where(_stands(self._clock.now())).filter_by(person=person, stage=Stage.FULL.value)
        ordered = query.order_by(SESSIONS.c.began_at.desc(), SESSIONS.c.token)
        with self._database.read() as connection:
            return tuple(self._session(row) for row in connection.execute(ordered))

    def renew(self, token: str, roles: str) -> str:
        """Return another token for the same session, as after a change of rights; the one before opens for a minute more."""
        made, now = new_token(), self._clock.now()
        with self._database.write() as connection:
            row = connection.execute(select(SESSIONS).filter_by(token=digest_of(token))).mappings().one()
            _put(connection, made, **{**{name: row[name] for name in row if name != "token"}, "roles": roles, "seen_at": now})
            last = min(row["expires_at"], now + OVERLAP)
            connection.execute(update(SESSIONS).filter_by(token=row["token"]).values(roles=roles, expires_at=last))
        return made

    def end(self, token: str, *, told: bool = True) -> None:
        """End one session; `told` writes it into the log, where there was one."""
        now = self._clock.now()
        with self._database.write() as connection:
            row = connection.execute(select(SESSIONS).filter_by(token=digest_of(token))).one_or_none()
            if row is None:
                return
            connection.execute(delete(SESSIONS).filter_by(token=row.token))
            if told and row.stage == Stage.FULL.value:
                note(connection, Deed(who=row.person, action="sign-out", subject=subject_of(row.person), detail="", at=now))

    def end_all(self, person: str, *, by: str, but: str = "") -> int:
        """End every session of a person, but that of a token, and forget their browsers; return how many were ended."""
        now = self._clock.now()
        with self._database.write() as connection:
            standing = delete(SESSIONS).where(SESSIONS.c.person == person, SESSIONS.c.token != digest_of(but))
            ended = connection.execute(standing).rowcount
            connection.execute(delete(KNOWN_BROWSERS).filter_by(person=person))
            detail = f"{ended} phiên"
            note(connection, Deed(who=by, action="sign-out-everywhere", subject=subject_of(person), detail=detail, at=now))
        return ended

    def know_browser(self, person: str, token: str = "") -> str:
        """Remember for half a year that a person has signed in on this browser; return the token to leave there."""
        now = self._clock.now()
        with self._database.write() as connection:
            connection.execute(delete(KNOWN_BROWSERS).where(KNOWN_BROWSERS.c.expires_at <= now))
            mine = update(KNOWN_BROWSERS).filter_by(token=digest_of(token), person=person).values(expires_at=now + KNOWN_FOR)
            if token and connection.execute(mine).rowcount:
                return token
            made = new_token()
            connection.execute(insert(KNOWN_BROWSERS).values(token=digest_of(made), person=person, expires_at=now + KNOWN_FOR))
        return made

    def knows_browser(self, person: str, token: str) -> bool:
        """Tell whether a person has signed in on the browser with this token before."""
        query = select(KNOWN_BROWSERS.c.token).where(KNOWN_BROWSERS.c.expires_at > self._clock.now())
        with self._database.read() as connection:
            return connection.execute(query.filter_by(token=digest_of(token), person=person)).one_or_none() is not None

    def _session(self, row: Any) -> Session:
        secret = self._vault.decrypt(row.secret, *enrolment_place(row.person))
        return Session(
            key=row.token, person=row.person, roles=row.roles, stage=Stage(row.stage), secret=secret, began_at=row.began_at,
            seen_at=row.seen_at, expires_at=row.expires_at, browser=row.browser,
        )  # fmt: skip


def _stands(now: datetime) -> ColumnElement[bool]:
    return and_(SESSIONS.c.expires_at > now, SESSIONS.c.seen_at > now - IDLE)


# Asked for every page.
_FOUND = Statement(
    select(SESSIONS).where(
        SESSIONS.c.token == bindparam("of"),
        SESSIONS.c.expires_at > bindparam("now", type_=Moment()), SESSIONS.c.seen_at > bindparam("idle", type_=Moment()),
    )
)  # fmt: skip


def _put(connection: Connection, token: str, **values: object) -> None:
    connection.execute(insert(SESSIONS).values(token=digest_of(token), **values))
