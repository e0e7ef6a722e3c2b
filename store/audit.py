"""Who did what, and when: a list that only grows, every row chained to the one before it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, Select, String, bindparam, select, type_coerce, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError

from editorial.clock import Clock
from editorial.problem import BadInput, Problem
from store.audit_chain import GENESIS, Break, ChainCheck, ChainReport, Link, link_digest
from store.audit_head import Head, HeadFile
from store.audit_witness import LogReport, NotedWitness, Witness, by_export, by_heads
from store.database import AT_THE_END, NEWEST_HEAD, Database
from store.schema import AUDIT, AUDIT_HEAD
from store.seals import Sealed, sealed
from store.statement import Statement

LOG = logging.getLogger(__name__)
SCHEDULER = "scheduler"  # who does what nobody had to be asked for
STRETCH = 5_000  # rows of the log that are read in one view of the database
Tell = Callable[[int, int], None]


def quiet(_done: int, _whole: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that one person, or the scheduler, did."""

    who: str
    action: str  # "submit", "approve", "halt", "release", ...
    subject: str  # what it was done to: an entry's id, a post's key, a scope
    detail: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NumberedDeed:
    """A deed with its row in the log."""

    number: int
    deed: Deed


class AuditLog:
    """Deeds in the order in which they were done."""

    def __init__(self, database: Database, clock: Clock, heads: HeadFile | None = None) -> None:
        self._database = database
        self._clock = clock
        self._heads = heads

    def write(self, who: str, action: str, subject: str, detail: str = "") -> None:
        """Add a deed."""
        with self._database.write() as connection:
            note(connection, Deed(who=who, action=action, subject=subject, detail=detail, at=self._clock.now()))

    def of(self, subject: str) -> tuple[Deed, ...]:
        """Return what was done to one thing, oldest first."""
        return self._read(subject)

    def all(self) -> tuple[Deed, ...]:
        """Return every deed, oldest first."""
        return self._read(None)

    def page(
        self, limit: int, *, before: int | None = None, who: str | None = None, actions: Collection[str] | None = None
    ) -> tuple[NumberedDeed, ...]:
        """Return the newest deeds, newest first: of one person, of some kinds, and older than row `before` where it is asked."""
        kinds = None if actions is None else tuple(sorted(actions))
        question = _page_of(who is not None, kinds, before is not None)
        given = {"most": limit, "by": who, "older": before}
        rows = self._database.ask(question, {name: value for name, value in given.items() if value is not None})
        return tuple(NumberedDeed(number=row.id, deed=_deed(row)) for row in rows)

    def links(self) -> tuple[Link, ...]:
        """Return every row with its place in the chain, oldest first, also where somebody has tampered with it."""
        with self._database.read() as connection:
            return _links(connection, None, self._database.is_sqlite, limit=None)

    def verify(
        self, *, export: Sequence[Link] | None = None, noted: str | None = None, tell: Tell = quiet
    ) -> LogReport:  # fmt: skip
        """Find every row that was changed, taken out, put in or moved, by the log's own word and by each witness's.

        `export` is an exported log, `noted` the digest of a newest row that somebody wrote down. `tell` hears how many rows have
        been read, of how many; a million of them take half a minute, and 40 MB.
        """
        # The file first: a deed that is done meanwhile is then in the log, and not yet among the heads.
        seen = (by_heads(self._heads),) if self._heads else ()
        witnesses = (*seen, *_people(export, noted))
        chain = self._checked(ChainCheck(), witnesses, tell)
        return LogReport(chain=chain, testimonies=tuple(each.testimony() for each in witnesses))

    def verify_on(self, known: Head) -> ChainReport:
        """Read on from a row that was the newest when the log was whole: nothing of what came before is read again."""
        check = ChainCheck(known.number, known.sha256)
        with self._database.read() as connection:
            still = connection.scalar(select(AUDIT.c.sha256).where(AUDIT.c.id == known.number)) if known.number else GENESIS
        if still != known.sha256:
            check.breaks.append(Break(number=known.number, what="dòng này khi nãy còn nguyên vẹn, nay đã bị sửa hoặc xóa"))
        return self._checked(check, (), quiet)

    def _checked(self, check: ChainCheck, witnesses: Sequence[Witness], tell: Tell) -> ChainReport:
        """Show each row to all of them. The view is let go of after every stretch: SQLite's log grows behind a standing one."""
        try:
            while True:
                with self._database.read() as connection:
                    head = connection.execute(select(AUDIT_HEAD)).one_or_none()
                    links = _links(connection, check.last if check.rows or check.last else None, self._database.is_sqlite)
                for link in links:
                    check.see(link)
                    for witness in witnesses:
                        witness.see(link)
                tell(check.rows, head.number if head else check.rows)
                if len(links) < STRETCH:  # with the head as it was then
                    return check.report(head.number, head.sha256) if head else check.report_alone()
        except DatabaseError:
            gone = Break(number=0, what="không đọc được bảng của nhật ký: bảng đã bị xóa hoặc bị thay")
            return ChainReport(rows=0, head=GENESIS, breaks=(gone,))

    def _read(self, subject: str | None) -> tuple[Deed, ...]:
        query = select(AUDIT).order_by(AUDIT.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query.where(AUDIT.c.subject == subject) if subject else query).all()
        return tuple(_deed(row) for row in rows)


@lru_cache(maxsize=64)
def _page_of(by_one: bool, actions: tuple[str, ...] | None, is_older: bool) -> Statement:
    """Return the question for a page of the log, whatever it is asked with: it is made once."""
    older = (AUDIT.c.id < bindparam("older"),) if is_older else ()
    if by_one:
        some = () if actions is None else (AUDIT.c.action.in_(actions),)
        return Statement(_newest(AUDIT.c.who == bindparam("by"), *some, *older))
    return Statement(_newest(*older) if actions is None else _newest_of_each(actions, *older))


def _newest(*where: Any) -> Select[Any]:
    return select(AUDIT).where(*where).order_by(AUDIT.c.id.desc()).limit(bindparam("most"))


def _newest_of_each(actions: Collection[str], *where: Any) -> Select[Any]:
    """Return the question for the newest deeds of some kinds: as many of each, by its index, and the newest of those.

    Asked for all at once, a kind that nobody has done for years has the whole log read.
    """
    each = [_newest(AUDIT.c.action == action, *where).subquery() for action in actions]
    found = union_all(*(select(one.c.id) for one in each)).subquery()
    return _newest(AUDIT.c.id.in_(select(found.c.id)))


def _deed(row: Any) -> Deed:
    return Deed(who=row.who, action=row.action, subject=row.subject, detail=row.detail, at=row.at)


def note(connection: Connection, deed: Deed, *rows: Sealed) -> None:
    """Add a deed, with the rows that it wrote as they stand now, in the transaction of what was done.

    The head's row is locked, so that two writers cannot share a place; in a transaction that runs beside others only at its end.
    """
    _put(connection, partial(add_link, deed=deed, seals=sealed(connection, rows)))


def tell(connection: Connection, deed: Deed, *rows: Sealed) -> None:
    """Add a deed of the scheduler; what has happened outside is kept also where the log takes no more deeds."""
    _put(connection, partial(_add_if_taken, deed=deed, seals=sealed(connection, rows)))


def _put(connection: Connection, add: Callable[[Connection], None]) -> None:
    late: list[Callable[[Connection], None]] | None = connection.info.get(AT_THE_END)
    if late is None:
        add(connection)
    else:
        late.append(add)


def _add_if_taken(connection: Connection, deed: Deed, seals: str) -> None:
    try:
        add_link(connection, deed, seals)  # a deed that the log does not take has written nothing
    except BadInput:
        LOG.warning("%s: %s không ghi được vào nhật ký, hãy chạy ./loa audit verify", deed.subject, deed.action)


def add_link(connection: Connection, deed: Deed, seals: str) -> None:
    """Add a deed with these seals."""
    # The transaction's own last deed, if it has one: the head's row is locked since then.
    noted: tuple[Head, datetime] | None = connection.info.get(NEWEST_HEAD)
    head = noted[0] if noted else _HEAD.one_or_none(connection)
    if head is None:
        raise BadInput(_broken())
    link = {"number": head.number + 1, "who": deed.who, "action": deed.action, "subject": deed.subject,
            "detail": deed.detail, "at": deed.at.astimezone(UTC), "prev": head.sha256, "seals": seals}  # fmt: skip
    sha256 = link_digest(link)
    if not _ADD_TO[connection.dialect.name].count(connection, {"id": link.pop("number"), **link, "sha256": sha256}):
        raise BadInput(_broken())  # a row stands where the log, by its own word, ends
    _MOVE_ON.count(connection, {"number": head.number + 1, "sha256": sha256})
    connection.info[NEWEST_HEAD] = (Head(number=head.number + 1, sha256=sha256), deed.at)


# Made once: to build a statement takes longer than to run it.
_HEAD = Statement(select(AUDIT_HEAD).with_for_update())
_ADD_TO = {dialect.__name__.rpartition(".")[2]: Statement(dialect.insert(AUDIT).on_conflict_do_nothing())
           for dialect in (sqlite, postgresql)}  # fmt: skip
_MOVE_ON = Statement(update(AUDIT_HEAD))


def lost_log(heads: HeadFile, *, export: Sequence[Link] | None = None, noted: str | None = None) -> LogReport:
    """Return what the witnesses say of a log whose database is not there, or cannot be opened."""
    gone = Break(number=0, what="cơ sở dữ liệu của nhật ký không còn, hoặc không mở được")
    chain = ChainReport(rows=0, head=GENESIS, breaks=(gone,))
    return LogReport(chain=chain, testimonies=tuple(each.testimony() for each in (by_heads(heads), *_people(export, noted))))


def _people(export: Sequence[Link] | None, noted: str | None) -> Iterator[Witness]:
    """Yield the witnesses that people brought."""
    if export is not None:
        yield by_export(export)
    if noted is not None:
        yield NotedWitness(noted)


def _broken() -> Problem:
    message = "nhật ký đã bị sửa từ bên ngoài nên không ghi tiếp được; hãy chạy ./loa audit verify và khôi phục bản sao lưu"
    return Problem(rule="broken-log", message=message)


def _links(
    connection: Connection, behind: int | None, plain_moments: bool, *, limit: int | None = STRETCH
) -> tuple[Link, ...]:  # fmt: skip
    """Return the rows behind one; SQLite's moments as text, since one that was tampered with may be no moment at all."""
    at = type_coerce(AUDIT.c.at, String) if plain_moments else AUDIT.c.at
    columns = (AUDIT.c.id, AUDIT.c.who, AUDIT.c.action, AUDIT.c.subject, AUDIT.c.detail, AUDIT.c.prev, AUDIT.c.sha256,
               AUDIT.c.seals)  # fmt: skip
    query = select(*columns, at.label("moment")).order_by(AUDIT.c.id).limit(limit)
    rows = connection.execute(query if behind is None else query.where(AUDIT.c.id > behind))
    return tuple(
        Link(number=row.id, who=row.who, action=row.action, subject=row.subject, detail=row.detail, at=row.moment,
             prev=row.prev, sha256=row.sha256, seals=row.seals)
        for row in rows
    )  # fmt: skip
