"""Files that a command writes where the person says: whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from editorial.problem import BadInput, Problem
from reading.source import reason


def write_output(path: Path, content: bytes, key: str) -> None:
    """Write a file, making its folder; raise BadInput, with nothing half-written, where that cannot be."""
    with writing(path, key):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # a pipe or a device takes bytes and cannot be replaced
            path.write_bytes(content)
        else:
            _put_in_place(path, content)


@contextmanager
def writing(path: Path, key: str) -> Iterator[None]:
    """Write somewhere below a path; raise BadInput where that cannot be."""
    try:
        yield
    except OSError as error:
        message = f"không ghi được “{path}”: {reason(error)}; hãy chọn chỗ khác"
        raise BadInput(Problem(rule="cannot-write", key=key, message=message)) from error


def refuse_unwritable(folder: Path, key: str) -> None:
    """Raise BadInput, before a long piece of work, where a folder could not be made or written in."""
    with writing(folder, key):
        there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        if not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "", str(there))
        if not os.access(there, os.W_OK):
            raise PermissionError(errno.EACCES, "", str(there))


def _put_in_place(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
