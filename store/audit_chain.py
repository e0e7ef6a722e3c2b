"""The links of the audit log: each row signs its own words and the row before it, so that no row can be changed unseen.

A chain alone cannot tell that its newest rows were cut off: the head, in a table of its own, says how long it has to be. Whoever
changes that table as well is found out by what stands outside the database: store/audit_witness.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from editorial.digest import digest

GENESIS = "0" * 64  # what the first row names as the one before it


@dataclass(frozen=True, kw_only=True)
class Link:
    """One row of the log with its place in the chain; `at` is as the database has it, which may have been tampered with."""

    number: int
    who: str
    action: str
    subject: str
    detail: str
    at: datetime | str
    prev: str
    sha256: str
    seals: str = ""  # the digests of the rows that the deed wrote, see store/seals.py; none in the rows of an older version


@dataclass(frozen=True, kw_only=True)
class Break:
    """A place where the chain does not hold; `number` names the row."""

    number: int
    what: str


@dataclass(frozen=True, kw_only=True)
class ChainReport:
    """What a reading of the whole log found; `head` is the digest of its newest row, worth keeping elsewhere."""

    rows: int
    head: str
    breaks: tuple[Break, ...]

    @property
    def ok(self) -> bool:
        """Tell whether no row was changed, taken out, put in or moved."""
        return not self.breaks


def link_digest(link: Mapping[str, object]) -> str:
    """Return the SHA-256 of a row's words, moment, number, seals and the digest before it, as canonical JSON."""
    names = ("number", "who", "action", "subject", "detail", "at", "prev", *(("seals",) if link.get("seals") else ()))
    return digest({name: _exact(link[name]) for name in names})


class ChainCheck:
    """A reading of the log row by row: what does not hold between the rows, in the memory of one of them.

    It begins behind the row `number` with the digest `sha256`, which holds for whoever asks; with the first row without them.
    """

    def __init__(self, number: int = 0, sha256: str = GENESIS) -> None:
        self.rows = 0
        self.last = number
        self.head = sha256
        self.breaks: list[Break] = []

    def see(self, row: Link) -> None:
        """Hold a row against the one before it, and against its own digest."""
        if row.number != self.last + 1:
            self.breaks.append(Break(number=self.last + 1, what=_missing(self.last + 1, row.number - 1)))
        elif row.prev != self.head:
            what = "không nối tiếp dòng trước: dòng trước đã bị sửa, thay hoặc đổi chỗ"
            self.breaks.append(Break(number=row.number, what=what))
        if _digest_or_none(row) != row.sha256:
            self.breaks.append(Break(number=row.number, what="nội dung dòng này đã bị sửa"))
        self.last, self.head, self.rows = row.number, row.sha256, self.rows + 1

    def report(self, length: int, head: str) -> ChainReport:
        """Return what was found; `length` and `head` are what the log says of itself."""
        breaks = list(self.breaks)
        if self.last < length:
            breaks.append(Break(number=length, what=f"các dòng mới nhất đã bị xóa: sổ phải có {length} dòng"))
        elif self.head != head or self.last > length:
            breaks.append(Break(number=self.last, what="dòng cuối không phải là dòng mà sổ ghi nhận"))
        return ChainReport(rows=self.rows, head=self.head, breaks=tuple(breaks))

    def report_alone(self) -> ChainReport:
        """Return what was found in a log that no longer says how long it is."""
        gone = Break(number=0, what="bản ghi độ dài của nhật ký đã bị xóa")
        return ChainReport(rows=self.rows, head=self.head, breaks=(gone, *self.breaks))


def broken_links(rows: Iterable[Link]) -> tuple[Break, ...]:
    """Return what does not hold between the rows themselves."""
    check = ChainCheck()
    for row in rows:
        check.see(row)
    return tuple(check.breaks)


def _missing(first: int, last: int) -> str:
    return f"thiếu dòng {first}" if first >= last else f"thiếu các dòng từ {first} đến {last}"


def _digest_or_none(row: Link) -> str | None:
    try:
        at = row.at if isinstance(row.at, datetime) else datetime.fromisoformat(row.at)
    except (TypeError, ValueError):
        return None
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return link_digest({"number": row.number, "who": row.who, "action": row.action, "subject": row.subject,
                        "detail": row.detail, "at": moment, "prev": row.prev, "seals": row.seals})  # fmt: skip


def _exact(value: object) -> object:
    """Return a text letter by letter, since a canonical form takes two spellings of one letter for the same."""
    if isinstance(value, int | datetime):
        return value
    return value.encode("unicode_escape").decode() if isinstance(value, str) else repr(value)
