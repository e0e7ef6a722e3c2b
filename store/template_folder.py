"""The files of one template: read together, told apart by what they say, and put in place where nobody was faster."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from editorial.digest import digest
from editorial.problem import BadInput, Problem
from reading.source import reason, relative_name
from store.file_swap import one_at_a_time
from store.folder_swap import put_folder

MOST_FILES = 200  # of a folder that somebody has filled by hand
MOST_BYTES = 60_000_000


@dataclass(frozen=True, kw_only=True)
class TemplateFiles:
    """What a template's folder holds, by path within it."""

    template: str  # "infographic/steps"
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def digest(self) -> str:
        """Return what tells these files from every other: whoever changed a byte since has another digest."""
        return digest(sorted((name, hashlib.sha256(content).hexdigest()) for name, content in self.files.items()))

    def text(self, name: str) -> str:
        """Return a file as text with `\\n` line ends, for a page to show; empty where there is none."""
        written = self.files.get(name, b"").removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        return written.replace("\r\n", "\n").replace("\r", "\n")

    def with_text(self, name: str, text: str) -> TemplateFiles:
        """Return the files with another text in one of them, with the line ends that it had."""
        was = self.files.get(name, b"")
        made = text.replace("\r\n", "\n").replace("\r", "\n")
        made = made.replace("\n", "\r\n") if b"\r\n" in was else made
        return TemplateFiles(template=self.template, files={**self.files, name: made.encode("utf-8", "replace")})


class FolderOvertaken(Exception):
    """Somebody changed the folder after it was read; `now` is what it holds, None where it is gone."""

    def __init__(self, now: TemplateFiles | None) -> None:
        super().__init__(now.template if now else "gone")
        self.now = now


def read_template_files(templates: Path, template: str) -> TemplateFiles:
    """Return a template's files; raise BadInput where they cannot be read. What is hidden, or a link, is no part of it."""
    folder = templates / template
    try:
        files = dict(_files(folder))
    except OSError as error:
        name = relative_name(folder, templates.parent)
        raise BadInput(Problem(rule="unreadable-file", file=name, message=f"không đọc được thư mục: {reason(error)}")) from error
    return TemplateFiles(template=template, files=files)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    for number, path in enumerate(sorted(folder.rglob("*"))):
        inside = path.relative_to(folder)
        if path.is_symlink() or not path.is_file() or any(part.startswith(".") for part in inside.parts):
            continue
        left -= path.stat().st_size
        if number > MOST_FILES or left < 0:
            message = f"thư mục có hơn {MOST_FILES} tệp hoặc hơn {MOST_BYTES // 1_000_000} MB; hãy dọn bớt rồi mở lại"
            raise BadInput(Problem(rule="folder-too-large", key=folder.name, message=message))
        yield inside.as_posix(), path.read_bytes()


def write_template_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Fill an empty folder; every byte is on the disk when this returns."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def put_template(templates: Path, made: Path, template: str, before: str) -> None:
    """Let a finished folder take a template's place in one step.

    `before` is the digest of what is there, empty where nothing may be: raise FolderOvertaken, with nothing changed, where that
    is not so any more.
    """
    place = templates / template
    place.parent.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(templates):
        now = read_template_files(templates, template) if place.exists() else None
        if (now.digest if now else "") != before:
            raise FolderOvertaken(now)
        if place.is_symlink():
            message = "thư mục của mẫu là một liên kết; hãy sửa ở chính nơi nó chỉ đến"
            raise BadInput(Problem(rule="linked-folder", file=f"templates/{template}", message=message))
        try:
            put_folder(made, place)
        except OSError as error:
            message = f"không ghi được: {reason(error)}; những gì bạn gõ vẫn còn trên trang"
            raise BadInput(Problem(rule="cannot-write", file=f"templates/{template}", message=message)) from error
