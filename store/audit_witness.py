"""The audit log held against what stands outside the database: the file of heads, an exported log, a head that somebody noted.

A chain proves only that its rows fit each other: whoever can rewrite the database can sign all of them anew, or cut the newest.
Each witness proves that the log still begins with the rows that it has seen; none proves anything of rows that came later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from store.audit_chain import Break, ChainReport, Link, broken_links
from store.audit_head import Head


class WitnessKind(Enum):
    """What stood outside the database."""

    HEADS = "heads"  # the file of heads
    EXPORT = "export"  # an exported log
    NOTED = "noted"  # a head that somebody wrote down


NAMES = {WitnessKind.HEADS: "tệp đối chứng", WitnessKind.EXPORT: "bản xuất", WitnessKind.NOTED: "mã ghi lại"}


@dataclass(frozen=True, kw_only=True)
class Testimony:
    """What one witness says: how many rows it knows, which is the newest of them, and where the log is otherwise."""

    kind: WitnessKind
    rows: int
    newest: int
    breaks: tuple[Break, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Tell whether the log still begins with everything that this witness has seen."""
        return not self.breaks


@dataclass(frozen=True, kw_only=True)
class LogReport:
    """What the log says of itself, and what each witness says of it."""

    chain: ChainReport
    testimonies: tuple[Testimony, ...]

    @property
    def breaks(self) -> tuple[Break, ...]:
        """Return everything that does not hold, the log's own word first."""
        return (*self.chain.breaks, *(each for testimony in self.testimonies for each in testimony.breaks))

    @property
    def ok(self) -> bool:
        """Tell whether the log is whole: by its own word, and by that of at least one witness where it has rows."""
        return not self.breaks and (self.witnessed or not self.chain.rows)

    @property
    def witnessed(self) -> bool:
        """Tell whether anything outside the database knows a row of the log."""
        return any(testimony.rows for testimony in self.testimonies)


def by_heads(links: Sequence[Link], heads: Sequence[Head], unreadable: Iterable[int]) -> Testimony:
    """Hold the log against the file of heads."""
    name = NAMES[WitnessKind.HEADS]
    foreign = tuple(Break(number=0, what=f"{name}: dòng {line} của tệp không phải do Loa ghi") for line in unreadable)
    return _testimony(WitnessKind.HEADS, links, heads, foreign)


def by_export(links: Sequence[Link], exported: Sequence[Link]) -> Testimony:
    """Hold the log against an exported one, which has to be whole itself."""
    name = NAMES[WitnessKind.EXPORT]
    own = tuple(Break(number=each.number, what=f"{name} tự nó không nguyên vẹn: {each.what}") for each in broken_links(exported))
    heads = [Head(number=link.number, sha256=link.sha256) for link in exported]
    return _testimony(WitnessKind.EXPORT, links, heads, own)


def by_noted_head(links: Sequence[Link], sha256: str) -> Testimony:
    """Hold the log against the digest of a row that was its newest when somebody wrote it down."""
    found = next((link.number for link in links if link.sha256 == sha256), 0)
    if found:
        return Testimony(kind=WitnessKind.NOTED, rows=1, newest=found)
    what = f"không dòng nào mang mã {sha256}: dòng đó đã bị sửa hoặc xóa, nếu mã được chép đúng"
    return Testimony(kind=WitnessKind.NOTED, rows=1, newest=0, breaks=(Break(number=0, what=what),))


def _testimony(kind: WitnessKind, links: Sequence[Link], heads: Sequence[Head], own: tuple[Break, ...]) -> Testimony:
    there = {link.number: link.sha256 for link in links}
    known = {head.number for head in heads}
    last, newest = max(there, default=0), max(known, default=0)
    other = {head.number for head in heads if there.get(head.number, head.sha256) != head.sha256}
    missing = [(last + 1, newest)] if newest > last else []  # a gap in the middle is told by the chain
    gone = (Break(number=run[0], what=f"{NAMES[kind]} có {_which_rows(*run)}, nhật ký thì không") for run in missing)
    changed = (Break(number=run[0], what=f"{NAMES[kind]} ghi {_which_rows(*run)} khác với nhật ký") for run in _runs(other))
    return Testimony(kind=kind, rows=len(known), newest=newest, breaks=(*own, *gone, *changed))


def _which_rows(first: int, last: int) -> str:
    return f"dòng {first}" if first == last else f"các dòng từ {first} đến {last}"


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of numbers without a gap."""
    first = last = 0
    for number in sorted(numbers):
        if number != last + 1 and last:
            yield first, last
        first, last = (first, number) if number == last + 1 and last else (number, number)
    if last:
        yield first, last
