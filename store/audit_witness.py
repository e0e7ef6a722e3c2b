"""The audit log held against what stands outside the database: the file of heads, an exported log, a head that somebody noted.

A chain proves only that its rows fit each other: whoever can rewrite the database can sign all of them anew, or cut the newest.
Each witness proves that the log still begins with the rows that it has seen; none proves anything of rows that came later.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby, islice
from operator import gt
from typing import Protocol

from store.audit_chain import Break, ChainReport, Link, broken_links
from store.audit_head import Head, HeadFile


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


class Witness(Protocol):
    """Something outside the database that is told every row of the log, oldest first, and then says what it makes of them."""

    def see(self, link: Link) -> None:
        """Look at the next row."""

    def testimony(self) -> Testimony:
        """Say where the log is otherwise than it was, once every row has been seen."""


class HeadsWitness:
    """Heads of the log, of the file of heads or of an exported log: 40 bytes for each."""

    def __init__(self, kind: WitnessKind, heads: Iterable[Head], own: Iterable[Break] = ()) -> None:
        self._kind = kind
        self._own = tuple(own)
        self._numbers, self._digests = array("Q"), bytearray()
        for head in heads:
            self._numbers.append(head.number)
            self._digests += _packed(head.sha256)
        self._sort()
        self._at = 0  # of the heads: the first one that no row has come up to
        self._last = 0
        self._other: set[int] = set()

    def _sort(self) -> None:
        """Put the heads in the order of their rows: a restored log, or several machines, write an older number later."""
        if any(map(gt, self._numbers, islice(self._numbers, 1, None))):
            order = sorted(range(len(self._numbers)), key=self._numbers.__getitem__)
            self._digests = bytearray(b"".join(self._digest(place) for place in order))
            self._numbers = array("Q", (self._numbers[place] for place in order))

    def _digest(self, place: int) -> bytes:
        return bytes(self._digests[32 * place : 32 * place + 32])

    def see(self, link: Link) -> None:
        """Hold the row against every head that names it."""
        self._last = max(self._last, link.number)
        while self._at < len(self._numbers) and self._numbers[self._at] <= link.number:
            if self._numbers[self._at] == link.number and self._digest(self._at) != _packed(link.sha256):
                self._other.add(link.number)
            self._at += 1

    def testimony(self) -> Testimony:
        """Return which rows read otherwise, and which are not there any more."""
        name, newest = NAMES[self._kind], self._numbers[-1] if self._numbers else 0
        missing = [(self._last + 1, newest)] if newest > self._last else []  # a gap in the middle is told by the chain
        gone = (Break(number=run[0], what=f"{name} có {_which_rows(*run)}, nhật ký thì không") for run in missing)
        changed = (Break(number=run[0], what=f"{name} ghi {_which_rows(*run)} khác với nhật ký") for run in _runs(self._other))
        known = sum(1 for _ in groupby(self._numbers))
        return Testimony(kind=self._kind, rows=known, newest=newest, breaks=(*self._own, *gone, *changed))


class NotedWitness:
    """The digest of a row that was the log's newest when somebody wrote it down."""

    def __init__(self, sha256: str) -> None:
        self._sha256 = sha256
        self._found = 0

    def see(self, link: Link) -> None:
        """Look whether this is the row."""
        if not self._found and link.sha256 == self._sha256:
            self._found = link.number

    def testimony(self) -> Testimony:
        """Return which row it is; a break where no row has this digest."""
        if self._found:
            return Testimony(kind=WitnessKind.NOTED, rows=1, newest=self._found)
        what = f"không dòng nào mang mã {self._sha256}: dòng đó đã bị sửa hoặc xóa, nếu mã được chép đúng"
        return Testimony(kind=WitnessKind.NOTED, rows=1, newest=0, breaks=(Break(number=0, what=what),))


def by_heads(file: HeadFile) -> HeadsWitness:
    """Return the file of heads as a witness, as it stands now."""
    name = NAMES[WitnessKind.HEADS]
    foreign = (Break(number=0, what=f"{name}: dòng {line} của tệp không phải do Loa ghi") for line in file.unreadable())
    return HeadsWitness(WitnessKind.HEADS, file.each(), foreign)


def by_export(exported: Sequence[Link]) -> HeadsWitness:
    """Return an exported log as a witness; it has to be whole itself."""
    name = NAMES[WitnessKind.EXPORT]
    own = (Break(number=each.number, what=f"{name} tự nó không nguyên vẹn: {each.what}") for each in broken_links(exported))
    return HeadsWitness(WitnessKind.EXPORT, (Head(number=link.number, sha256=link.sha256) for link in exported), own)


def _packed(sha256: str) -> bytes:
    """Return 32 bytes for a digest; for a text that somebody has put in its place, those of its own digest."""
    return bytes.fromhex(sha256) if _HEX.fullmatch(sha256) else hashlib.sha256(sha256.encode(errors="replace")).digest()


_HEX = re.compile("[0-9a-f]{64}")


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
