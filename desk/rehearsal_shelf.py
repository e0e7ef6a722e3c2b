"""Where rehearsals that pages have begun are kept: one folder each, with what was asked, how far it is, and what came of it.

Only the process that rehearses writes into a folder while it runs, and whoever holds the workspace's rehearsals to one at a time
(`desk.rehearsing.alone`) is that process: a folder without an end that nobody holds was left by a machine that went out.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from desk.occupation import is_occupied
from desk.place import Place
from desk.rehearsing import MEMORY
from scheduler.judgement import Figures

FOLDER = "rehearsals"
KEPT = 10
ASKED, PROGRESS, RESULT, FAILURE = "asked.json", "progress.json", "result.json", "failure.json"
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{4}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wants rehearsed: a period, both days included; without a seed nothing goes wrong."""

    id: str
    first: date
    last: date
    seed: int | None
    who: str  # the person's name, as the office had it then
    began: datetime


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many posts a day, or a channel, has, and where they stand."""

    planned: int = 0
    public: int = 0
    people: int = 0  # wait for a person


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a rehearsal is: the step, and within the last one the simulated moment and the posts by day and channel."""

    step: str = ""
    done: int = 0
    total: int = 0
    now: datetime | None = None
    days: Mapping[date, Tally] = field(default_factory=dict)
    channels: Mapping[str, Tally] = field(default_factory=dict)
    strikes: Mapping[str, int] = field(default_factory=dict)  # by the fault's name


@dataclass(frozen=True, kw_only=True)
class Needed:
    """A post that waits for a person."""

    post: str
    reason: str | None
    why: str
    public: bool


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """A post that is neither done nor with a person."""

    post: str
    state: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Strange:
    """Something public that nobody planned."""

    channel: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Struck:
    """A fault that struck."""

    platform: str
    fault: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Named:
    """Whose a post is, and when it was due."""

    entry: str
    channel: str
    due: datetime


@dataclass(frozen=True, kw_only=True)
class Comments:
    """The first comments: planned, said by the store's word, and read by the public."""

    planned: int
    said: int
    ledger: int
    needs_person: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a rehearsal came to, as `desk.rehearsal_values` writes it; what a page has no use for is left out."""

    planned: int
    published: int
    verified: int
    ledger: int
    duplicates: int
    lost: int
    stuck: int
    needs_person: int
    ok: bool
    channels: Mapping[str, Figures]
    people: tuple[Needed, ...]
    lost_posts: tuple[str, ...]
    duplicate_posts: tuple[str, ...]
    altered_posts: tuple[str, ...]
    stuck_posts: tuple[Stuck, ...]
    strange_posts: tuple[Strange, ...]
    comments: Comments
    days: Mapping[date, Mapping[str, Tally]]
    named: Mapping[str, Named]
    strikes: tuple[Struck, ...]
    connected_again: tuple[str, ...]
    renditions: int
    rendered: int
    seconds: float


_ASKED, _PROGRESS, _RESULT = TypeAdapter(Asked), TypeAdapter(Progress), TypeAdapter(Result)
_FAILURE = TypeAdapter(tuple[str, ...])


@dataclass(frozen=True, kw_only=True)
class Run:
    """A rehearsal on the shelf."""

    folder: Path
    asked: Asked

    @property
    def over(self) -> bool:
        """Tell whether it has come to its end, well or not."""
        return (self.folder / RESULT).exists() or (self.folder / FAILURE).exists()

    @property
    def progress(self) -> Progress:
        """Return how far it is."""
        return _PROGRESS.validate_json(text) if (text := _read(self.folder / PROGRESS)) else Progress()

    @property
    def result(self) -> Result | None:
        """Return what came of it; None while it runs, and where it could not be run."""
        place = self.folder / RESULT
        try:
            return _result(place, place.stat().st_mtime_ns)
        except FileNotFoundError:  # not there yet, or deleted a moment ago
            return None

    @property
    def failure(self) -> tuple[str, ...]:
        """Return why it could not be run, a line each; nothing where it could."""
        return _FAILURE.validate_json(text) if (text := _read(self.folder / FAILURE)) else ()

    @property
    def town(self) -> Path:
        """Return where the stand-ins' journals and media lie: what the public saw."""
        return self.folder / "town"


class Shelf:
    """The rehearsals of one workspace that pages have begun, the newest first."""

    def __init__(self, place: Place) -> None:
        self._folder = place.memory / FOLDER
        self._held = place.memory / MEMORY

    def place_of(self, id: str) -> Path:
        """Return the folder of a rehearsal, whether there is one or not."""
        return self._folder / id

    def runs(self) -> tuple[Run, ...]:
        """Return every rehearsal that there is."""
        return tuple(sorted(self._found(), key=lambda run: run.asked.id, reverse=True))

    def find(self, id: str) -> Run | None:
        """Return a rehearsal; None for one that is not there, or not any more."""
        return _run(self._folder / id) if _ID.fullmatch(id) else None

    def delete(self, id: str) -> None:
        """Remove a rehearsal with all that it has left; safe to repeat."""
        if _ID.fullmatch(id):
            shutil.rmtree(self._folder / id, ignore_errors=True)

    def keep(self, count: int = KEPT) -> None:
        """Remove what is older than the newest `count`."""
        for run in [run for run in self.runs() if run.over][count:]:
            self.delete(run.asked.id)

    def tidy(self) -> None:
        """Remove what a process has left that is gone without having come to an end."""
        unfinished = [run for run in self.runs() if not run.over]
        if unfinished and not is_occupied(self._held):
            for run in unfinished:
                if not run.over:  # it may have come to its end between the two looks
                    self.delete(run.asked.id)

    def _found(self) -> Iterator[Run]:
        if self._folder.is_dir():
            yield from filter(None, map(_run, self._folder.iterdir()))


def begin_folder(folder: Path, asked: Asked) -> Run:
    """Make the folder of a rehearsal that begins now."""
    folder.mkdir(parents=True)
    write(folder / ASKED, _ASKED.dump_json(asked))
    return Run(folder=folder, asked=asked)


def tell(run: Run, progress: Progress) -> None:
    """Say how far a rehearsal is."""
    write(run.folder / PROGRESS, _PROGRESS.dump_json(progress))


def finish(run: Run, values: Mapping[str, object]) -> None:
    """Say what came of a rehearsal."""
    write(run.folder / RESULT, json.dumps(values, ensure_ascii=False).encode())


def fail(run: Run, lines: tuple[str, ...]) -> None:
    """Say why a rehearsal could not be run."""
    write(run.folder / FAILURE, _FAILURE.dump_json(lines))


def read_asked(text: str) -> Asked:
    """Return what somebody wants rehearsed, as `written` gives it."""
    return _ASKED.validate_json(text)


def written(asked: Asked) -> str:
    """Return what somebody wants rehearsed on one line."""
    return _ASKED.dump_json(asked).decode()


def write(place: Path, content: bytes) -> None:
    """Write a file whole or not at all: somebody reads it at any moment."""
    part = place.with_suffix(".part")
    part.write_bytes(content)
    part.replace(place)


def _run(folder: Path) -> Run | None:
    text = _read(folder / ASKED) if _ID.fullmatch(folder.name) else b""
    return Run(folder=folder, asked=_ASKED.validate_json(text)) if text else None


@lru_cache(2 * KEPT)
def _result(place: Path, _changed: int) -> Result:
    """Read a result once, not for every look at the list: a big quarter's takes a while."""
    return _RESULT.validate_json(place.read_bytes())


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
