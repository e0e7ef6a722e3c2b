"""What stops an entry, or a file, from going on: one plain line with the place it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a problem stops."""

    ERROR = "error"  # blocks approval and publishing; a command ends with exit status 2
    WARNING = "warning"  # shown, and blocks nothing


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, in the words of the person who can mend it.

    `rule` is a stable id such as `unknown-channel`; `file` is relative to the workspace; `line` counts from 1;
    `key` is the dotted path inside the file, such as `facts.wards.unit`; `template` is the one whose page has the remedy.
    """

    rule: str
    message: str
    file: str | None = None
    line: int | None = None
    key: str | None = None
    channel: str | None = None
    template: str | None = None
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file or ""
        start = " ".join(part for part in (place, self.key or "") if part)
        text = f"{start}: {self.message}" if start else self.message
        return f"[{self.channel}] {text}" if self.channel else text


class BadInput(Exception):
    """What a person wrote cannot be used; carries every problem that was found, at least one."""

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("BadInput needs at least one problem")
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    def __reduce__(self) -> tuple[type[BadInput], tuple[Problem, ...]]:
        """Come whole out of a worker process: an exception is pickled by its text alone."""
        return type(self), self.problems
