"""Taking back every standing approval of an entry, inside the transaction that has a reason to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from store.audit import Deed, note
from store.schema import APPROVALS


def revoke_standing(connection: Connection, entry: str, *, who: str, why: str, at: datetime) -> None:
    """Revoke what stands and write it in the log; safe to repeat, and silent where nothing stands."""
    standing = (APPROVALS.c.entry == entry, APPROVALS.c.revoked_at.is_(None))
    values = {"revoked_at": at, "revoked_by": who, "revoked_why": why}
    ids = connection.execute(select(APPROVALS.c.id).where(*standing).order_by(APPROVALS.c.id)).scalars().all()
    if ids and connection.execute(update(APPROVALS).where(*standing).values(**values)).rowcount:
        rows = ((APPROVALS, id) for id in ids)
        note(connection, Deed(who=who, action="revoke", subject=entry, detail=why, at=at), *rows)
