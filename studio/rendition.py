"""A finished picture or clip, and the folder of the cache in which it is kept."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from editorial.problem import Problem, Severity
from studio.sweep import NOTE, mark_used, remove
from studio.whole_file import write_whole
from studio.workfolder import work_folder

ImageType = Literal["jpg", "png"]
MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that decides a rendition; `data` is canonical JSON, `digest` names the result before it exists."""

    template_id: str
    data: str
    size: str
    theme: str
    digest: str
    image_type: ImageType = "jpg"


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """A rendered file; `words` is every text that it shows or says, in order, for checks and for alt text."""

    path: Path
    kind: Literal["image", "video"]
    media_type: str
    width: int
    height: int
    seconds: float | None
    sha256: str
    byte_size: int
    subtitles: Path | None
    poster: Path | None
    words: tuple[str, ...]
    problems: tuple[Problem, ...]
    cached: bool


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a renderer left in a folder, by file name."""

    file: str
    kind: Literal["image", "video"]
    media_type: str
    width: int
    height: int
    seconds: float | None = None
    subtitles: str | None = None
    poster: str | None = None
    words: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Beyond(Protocol):
    """Where several machines have their finished renditions in common."""

    def bring(self, digest: str, folder: Path) -> bool:
        """Fill a folder with the files of a rendition; False where there is none."""

    def share(self, digest: str, folder: Path) -> None:
        """Keep the files of a rendition for the others."""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Keep renditions by digest; a folder appears whole or not at all."""

    cache: Path
    beyond: Beyond | None = None

    def find(self, digest: str) -> Rendition | None:
        """Return a kept rendition; None when there is none or its file was changed."""
        folder = self._folder(digest)
        try:
            note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
            rendition = _from_note(folder, note, cached=True)
            intact = rendition.path.stat().st_size == rendition.byte_size and _is_whole(rendition)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        mark_used(folder)
        return rendition if intact else None

    def fetch(self, digest: str) -> Rendition | None:
        """Return a rendition that another machine has made, brought here; None where there is none, or it is not whole."""
        if self.beyond is None:
            return None
        with self.workspace() as folder:
            if not self.beyond.bring(digest, folder):
                return None
            target = self._folder(digest)
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):  # somebody else was first
                folder.rename(target)
        found = self.find(digest)
        if found is None:
            return None
        with found.path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == found.sha256:
                return found
        remove(self._folder(digest), self.cache)
        return None

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """Yield a folder to render into; it is gone afterwards unless it was put on the shelf."""
        with work_folder(self.cache) as folder:
            yield folder

    def keep(self, digest: str, folder: Path, result: Result) -> Rendition:
        """Put a finished folder on the shelf in one step; another worker's equal folder, if there first, is used."""
        note = _note(folder, result)
        (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
        target = self._folder(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and self.find(digest) is None:
            remove(target, self.cache)
        try:
            folder.rename(target)
        except OSError:
            kept = self.find(digest)
            if kept is None:
                raise
            return kept
        made = _from_note(target, note, cached=False)
        self.share(made)
        return made

    def share(self, rendition: Rendition) -> None:
        """Let other machines have a rendition of this shelf."""
        if self.beyond is not None:
            self.beyond.share(rendition.path.parent.name, rendition.path.parent)

    def findings(self, digest: str, look: Callable[[], tuple[Problem, ...]]) -> tuple[Problem, ...]:
        """Return the problems that are kept under a digest, looked for once where there are none yet."""
        file = self.cache / "findings" / digest[:2] / f"{digest}.json"
        try:
            kept = tuple(problem_of(note) for note in json.loads(file.read_text(encoding="utf-8")))
            mark_used(file)
            return kept
        except (OSError, ValueError, KeyError):
            found = look()
        write_whole(file, json.dumps([problem_note(problem) for problem in found], ensure_ascii=False).encode())
        return found

    def _folder(self, digest: str) -> Path:
        return self.cache / "renditions" / digest[:2] / digest


def _is_whole(rendition: Rendition) -> bool:
    return all(side is None or side.is_file() for side in (rendition.subtitles, rendition.poster))


def _note(folder: Path, result: Result) -> dict[str, object]:
    file = folder / result.file
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        os.fsync(stream.fileno())
    return {
        "file": result.file,
        "kind": result.kind,
        "media_type": result.media_type,
        "width": result.width,
        "height": result.height,
        "seconds": result.seconds,
        "sha256": sha256,
        "byte_size": file.stat().st_size,
        "subtitles": result.subtitles,
        "poster": result.poster,
        "words": list(result.words),
        "problems": [problem_note(problem) for problem in result.problems],
    }


def problem_note(problem: Problem) -> dict[str, object]:
    """Return a problem as the cache keeps it."""
    return {"rule": problem.rule, "message": problem.message, "key": problem.key, "severity": problem.severity.value}


def _from_note(folder: Path, note: Mapping[str, object], *, cached: bool) -> Rendition:
    problems = note["problems"]
    words = note["words"]
    if not isinstance(problems, list) or not isinstance(words, list):
        raise ValueError("not a rendition's note")
    return Rendition(
        path=folder / str(note["file"]),
        kind="video" if note["kind"] == "video" else "image",
        media_type=str(note["media_type"]),
        width=int(str(note["width"])),
        height=int(str(note["height"])),
        seconds=None if note["seconds"] is None else float(str(note["seconds"])),
        sha256=str(note["sha256"]),
        byte_size=int(str(note["byte_size"])),
        subtitles=folder / str(note["subtitles"]) if note["subtitles"] else None,
        poster=folder / str(note["poster"]) if note["poster"] else None,
        words=tuple(str(word) for word in words),
        problems=tuple(problem_of(one) for one in problems),
        cached=cached,
    )


def problem_of(note: Mapping[str, str | None]) -> Problem:
    """Return a problem that the cache kept."""
    return Problem(rule=str(note["rule"]), message=str(note["message"]), key=note["key"], severity=Severity(note["severity"]))
