"""Where things lie: the workspace that people own, and the folder in which Loa remembers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from editorial.problem import BadInput, Problem

HOUSE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Place:
    """A workspace and the memory beside it."""

    root: Path

    @property
    def memory(self) -> Path:
        """Return the folder for the database, the cache and the rehearsal; git does not see it."""
        return self.root / ".loa"

    @property
    def calendars(self) -> Path:
        return self.root / "calendars"

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    @property
    def assets(self) -> Path:
        return self.root / "assets"


def find_place(given: Path | None) -> Place:
    """Return the workspace named, else the current folder where it is one, else the one in this checkout."""
    if given is not None and not _is_workspace(given):
        message = f"“{given}” không phải là một workspace: thiếu content/office.yaml; tạo một workspace mới: ./loa init THƯ_MỤC"
        raise BadInput(Problem(rule="no-workspace", message=message))
    here = Path.cwd()
    return Place(root=(given or (here if _is_workspace(here) else HOUSE)).resolve())


def _is_workspace(folder: Path) -> bool:
    try:
        return (folder / "content" / "office.yaml").is_file()
    except OSError:  # a name too long to be one, or a folder that may not be entered
        return False
