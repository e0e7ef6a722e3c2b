"""What the pages show on which a template's files are written or sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from desk.web.views.template_look import ProblemLine
from desk.web.views.templates import Head

SHOWN_LINE = 160  # letters of a line of a file that is quoted beside what is wrong in it


@dataclass(frozen=True, kw_only=True)
class FaultyLine:
    """What is wrong, with the line of the file as it stands."""

    problem: ProblemLine
    number: int = 0  # of the line in the file that is being written; 0 where it is somewhere else
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class EditPage:
    """A template's file as it is being written."""

    head: Head
    action: str  # where the form goes
    file: str
    text: str
    digest: str  # of all files, as they were when this was opened
    files: tuple[str, ...] = ()  # the files that can be written here
    others: tuple[tuple[str, str], ...] = ()  # the other files, each with its size in words
    faults: tuple[FaultyLine, ...] = ()
    said: str = ""
    overtaken: bool = False
    theirs: str = ""  # what the file says now, where somebody was faster
    line: int = 0  # where the page was opened
    is_aside: bool = False  # the files were sent and are no template yet
    refused: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """Return how many faults stop the file from being used."""
        return sum(fault.problem.wrong for fault in self.faults)


@dataclass(frozen=True, kw_only=True)
class UploadPage:
    """The form for a template's files, as it was sent."""

    name: str = ""
    wrong: dict[str, tuple[ProblemLine, ...]] = field(default_factory=dict)  # by field: "name", "files"
    head: Head | None = None  # the template whose files are to be replaced


def faulty_lines(problems: tuple[ProblemLine, ...], file: str, text: str) -> tuple[FaultyLine, ...]:
    """Return the problems, each with its line where it is one of this file."""
    lines = text.split("\n")
    return tuple(_faulty(problem, file, lines) for problem in problems)


def _faulty(problem: ProblemLine, file: str, lines: list[str]) -> FaultyLine:
    name, _, number = problem.where.rpartition(":")
    if not name.endswith(f"/{file}") or not number.isdigit() or not 0 < int(number) <= len(lines):
        return FaultyLine(problem=problem)
    return FaultyLine(problem=problem, number=int(number), text=lines[int(number) - 1][:SHOWN_LINE])
