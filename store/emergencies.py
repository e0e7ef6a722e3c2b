"""The right to publish alone, each use of it, and the review that has to follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from editorial.clock import Clock
from editorial.emergency import (
    REVIEW_WITHIN,
    EmergencyRight,
    EmergencyUse,
    Verdict,
    ask_reason,
    ask_reviewer,
    right_for,
)
from editorial.problem import BadInput, Problem
from store.audit import Deed, note
from store.database import Database, new_id
from store.revocation import revoke_standing
from store.schema import EMERGENCY_RIGHTS, EMERGENCY_USES


class EmergencyTable:
    """Rights and uses, all of them kept; a use is changed once, by its review."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def grant(self, person: str, span: timedelta, *, granted_by: str, why: str) -> EmergencyRight:
        """Give a person the right until `span` from now, a day at most."""
        reason, now = ask_reason(why), self._clock.now()
        right_for(span / timedelta(hours=1))
        if person == granted_by:
            raise BadInput(Problem(rule="own-right", message="không ai tự cấp quyền đăng khẩn cấp cho mình"))
        values = {"person": person, "granted_by": granted_by, "why": reason, "granted_at": now, "expires_at": now + span}
        with self._database.write() as connection:
            made = new_id(connection.execute(insert(EMERGENCY_RIGHTS).values(**values)))
            deed = Deed(who=granted_by, action="grant-emergency", subject=person, detail=reason, at=now)
            note(connection, deed, (EMERGENCY_RIGHTS, made))
            row = connection.execute(select(EMERGENCY_RIGHTS).where(EMERGENCY_RIGHTS.c.id == made)).one()
        return _right(row)

    def rights(self) -> tuple[EmergencyRight, ...]:
        """Return the rights that have not expired."""
        with self._database.read() as connection:
            return _rights(connection, self._clock.now())

    def use(self, entry: str, *, person: str, why: str) -> EmergencyUse:
        """Record that a person publishes an entry alone, before it goes out; raise BadInput without a right or with a review due.

        Safe to repeat with the same reason while the right lasts; another reason is another use, with a review of its own.
        """
        reason, now = ask_reason(why), self._clock.now()
        with self._database.write() as connection:
            open_uses = [use for use in _uses(connection) if use.verdict is None]
            _allow(open_uses, _rights(connection, now), person, now)
            if found := next((use for use in open_uses if (use.entry, use.person, use.why) == (entry, person, reason)), None):
                return found
            values = {"entry": entry, "person": person, "why": reason, "at": now, "review_by": now + REVIEW_WITHIN}
            made = new_id(connection.execute(insert(EMERGENCY_USES).values(**values)))
            deed = Deed(who=person, action="emergency", subject=entry, detail=reason, at=now)
            note(connection, deed, (EMERGENCY_USES, made))
            return _uses(connection)[-1]

    def uses(self) -> tuple[EmergencyUse, ...]:
        """Return every use, oldest first."""
        with self._database.read() as connection:
            return _uses(connection)

    def review(self, id: int, verdict: Verdict, *, reviewer: str, found: str) -> EmergencyUse:
        """Write the review of a use, once, by somebody else; raise KeyError when there is no such use.

        Where it should not have gone out, every approval of the entry ends with it: what has not gone out does not.
        """
        reason, now = ask_reason(found), self._clock.now()
        with self._database.write() as connection:
            use = next((each for each in _uses(connection) if each.id == id), None)
            if use is None:
                raise KeyError(id)
            ask_reviewer(use, reviewer)
            values = {"reviewer": reviewer, "verdict": verdict.value, "found": reason, "reviewed_at": now}
            connection.execute(update(EMERGENCY_USES).where(EMERGENCY_USES.c.id == id).values(**values))
            detail = f"{verdict.value}: {reason}"
            deed = Deed(who=reviewer, action="review-emergency", subject=use.entry, detail=detail, at=now)
            note(connection, deed, (EMERGENCY_USES, id))
            if verdict is Verdict.WITHDRAWN:
                revoke_standing(connection, use.entry, who=reviewer, why=reason, at=now)
            return next(each for each in _uses(connection) if each.id == id)


def _allow(open_uses: list[EmergencyUse], rights: tuple[EmergencyRight, ...], person: str, now: datetime) -> None:
    if not any(right.person == person for right in rights):
        message = f"“{person}” không có quyền đăng khẩn cấp còn hạn; quản trị cấp bằng ./loa emergency grant"
        raise BadInput(Problem(rule="no-emergency-right", message=message))
    if overdue := next((use for use in open_uses if use.overdue(now)), None):
        which = f"lượt khẩn cấp số {overdue.id} ({overdue.entry})"
        message = f"{which} đã quá hạn hậu kiểm; hậu kiểm xong mới đăng khẩn cấp tiếp được"
        raise BadInput(Problem(rule="review-overdue", message=message))


def _rights(connection: Connection, now: datetime) -> tuple[EmergencyRight, ...]:
    rows = connection.execute(select(EMERGENCY_RIGHTS).where(EMERGENCY_RIGHTS.c.expires_at > now).order_by(EMERGENCY_RIGHTS.c.id))
    return tuple(_right(row) for row in rows)


def _uses(connection: Connection) -> tuple[EmergencyUse, ...]:
    return tuple(_use(row) for row in connection.execute(select(EMERGENCY_USES).order_by(EMERGENCY_USES.c.id)))


def _right(row: Row[Any]) -> EmergencyRight:
    return EmergencyRight(id=row.id, person=row.person, granted_by=row.granted_by, why=row.why, granted_at=row.granted_at,
                          expires_at=row.expires_at)  # fmt: skip


def _use(row: Row[Any]) -> EmergencyUse:
    return EmergencyUse(
        id=row.id, entry=row.entry, person=row.person, why=row.why, at=row.at, review_by=row.review_by, reviewer=row.reviewer,
        verdict=Verdict(row.verdict) if row.verdict else None, found=row.found, reviewed_at=row.reviewed_at,
    )  # fmt: skip
