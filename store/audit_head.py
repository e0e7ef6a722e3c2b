"""The heads of the audit log, kept outside the database: how long the log was after each deed, and its newest row's digest.

The file only grows. A crash between the commit and the line leaves the file behind the log, never ahead of it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from editorial.problem import BadInput, Problem
from reading.source import reason

LOG = logging.getLogger(__name__)
_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64}) \S+")
_TORN = re.compile(r"\d* ?[0-9a-f]{0,64}")  # what a power cut may leave of a line: it proves nothing, and is no forgery either


@dataclass(frozen=True, kw_only=True)
class Head:
    """The log's length at some moment, and the digest of the row that was its newest."""

    number: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class HeadFile:
    """A file beside the memory, on the machine that writes the log; with several machines, each has its own."""

    place: Path

    def add(self, head: Head, at: datetime) -> None:
        """Add a head that has been committed, with its deed's moment; a deed stays done where the file cannot be written."""
        line = f"{head.number} {head.sha256} {at.astimezone(UTC).isoformat(timespec='seconds')}\n"
        try:
            with self._opened() as file:  # one small write to a file that is appended to: two writers do not mix
                file.write(_break_off(file) + line.encode())
        except OSError:
            LOG.warning("không ghi được tệp đối chứng của nhật ký: %s", self.place)

    def read(self) -> tuple[Head, ...]:
        """Return the heads, oldest first; none where there is no file."""
        return tuple(self.each())

    def each(self) -> Iterator[Head]:
        """Yield the heads, oldest first, without holding all of them."""
        return (Head(number=int(found[1]), sha256=found[2]) for found in map(_LINE.fullmatch, self._lines()) if found)

    def unreadable(self) -> tuple[int, ...]:
        """Return the numbers of the lines that Loa cannot have written."""
        lines = enumerate(self._lines(), start=1)
        return tuple(number for number, line in lines if not (_LINE.fullmatch(line) or _TORN.fullmatch(line)))

    def _lines(self) -> Iterator[str]:
        try:
            with self.place.open(encoding="utf-8", errors="replace") as file:
                yield from (line.rstrip("\n") for line in file)
        except FileNotFoundError:
            return
        except OSError as error:
            message = f"không đọc được tệp: {reason(error)}"
            raise BadInput(Problem(rule="unreadable-file", file=self.place.name, message=message)) from error

    def _opened(self) -> BinaryIO:
        try:
            return self.place.open("a+b")
        except FileNotFoundError:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            return self.place.open("a+b")


def _break_off(file: BinaryIO) -> bytes:
    """Return what ends a torn line, so that the next one stands by itself."""
    if not file.tell():
        return b""
    file.seek(-1, 2)
    return b"" if file.read(1) == b"\n" else b"\n"


def heads_beside(memory: Path) -> HeadFile:
    """Return the file of heads of a memory: beside its folder, so that it stays when the folder is deleted or restored."""
    return HeadFile(place=memory.with_suffix(".heads"))
