"""The log takes over what an older version kept beside it: every row as it stands, so that none is changed unseen afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from store.audit import Deed, add_link
from store.schema import AUDIT
from store.seals import SEALED_TABLES, seal_line

AT_ONCE = 500  # rows that one deed carries


def begin_sealing(connection: Connection, now: datetime) -> None:
    """Write the rows that are there in the log, once; a memory that was just made has none."""
    deeds, carried = connection.execute(select(func.count(), func.coalesce(func.max(func.length(AUDIT.c.seals)), 0))).one()
    if carried:
        return
    lines = [seal_line(name, row) for name, kept in SEALED_TABLES.items() for row in kept.rows(connection)]
    first = range(0, len(lines), AT_ONCE) or ([0] if deeds else [])
    for each in (lines[number : number + AT_ONCE] for number in first):
        detail = f"{len(each)} dòng của bản Loa cũ, như khi nâng cấp"
        add_link(connection, Deed(who="loa", action="seal", subject="all", detail=detail, at=now), "\n".join(each))
