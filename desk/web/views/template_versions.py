"""What the pages show of a template's proof, its earlier versions and its approval."""

from __future__ import annotations

from dataclasses import dataclass

from desk.errands import Errand
from desk.template_comparing import SizeDifference
from desk.web.views.template_look import ProblemLine
from desk.web.views.template_stand import StoppedEntry
from desk.web.views.templates import Head, Option


@dataclass(frozen=True, kw_only=True)
class SheetPage:
    """A proof sheet that may be looked at and taken along, or how far it has come."""

    head: Head
    themes: tuple[Option, ...] = ()
    samples: tuple[Option, ...] = ()
    count: int = 0  # pictures on the sheet that is asked for
    sheet: str = ""  # its address, once it is drawn
    problems: tuple[ProblemLine, ...] = ()
    errand: Errand | None = None
    refused: tuple[ProblemLine, ...] = ()

    @property
    def file_name(self) -> str:
        """Return the name under which a sheet is kept by whoever takes it along."""
        return f"{self.head.id.replace('/', '-')}-in-thu.png"


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """An earlier state of a template's files."""

    id: int
    who: str  # empty where somebody's own editor had changed the files
    what: str
    at: str
    machine: str  # the moment, for a machine
    is_now: bool
    short: str  # the beginning of its digest


@dataclass(frozen=True, kw_only=True)
class StandView:
    """Where a template stands with its second person."""

    words: str
    mark: str
    signed: str = ""  # who signed which version, and when
    waiting: str = ""  # who handed it in, and when
    returned: str = ""  # who sent it back, and when
    why: str = ""
    may_hand_in: bool = False
    may_sign: bool = False
    why_not_sign: str = ""
    is_released: bool = False  # it came with Loa: nobody has to sign it
    is_asked: bool = True  # the office lets nothing go out that an unapproved template draws
    stopped: tuple[StoppedEntry, ...] = ()  # entries that wait for its approval
    more: int = 0  # of them that are not named


@dataclass(frozen=True, kw_only=True)
class VersionsPage:
    """A template's versions and its approval."""

    head: Head
    stand: StandView
    rows: tuple[VersionRow, ...] = ()
    digest: str = ""  # of the files as they are now
    errand: Errand | None = None
    refused: tuple[ProblemLine, ...] = ()
    wrong: str = ""  # what is wrong with the reason for sending back
    typed: str = ""


@dataclass(frozen=True, kw_only=True)
class DifferencePage:
    """How the template of today differs from an earlier version."""

    head: Head
    row: VersionRow
    lines: tuple[tuple[str, str], ...] = ()  # of template.yaml, each with what became of it
    files: tuple[tuple[str, str], ...] = ()
    sizes: tuple[SizeDifference, ...] = ()
    errand: Errand | None = None
    refused: tuple[ProblemLine, ...] = ()
    digest: str = ""
