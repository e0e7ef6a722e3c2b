"""A file that a person wrote, replaced whole or not at all, and only while it still says what was read."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from editorial.problem import BadInput, Problem
from reading.source import read_text, reason, relative_name

_BOM = b"\xef\xbb\xbf"


def written_text(path: Path, root: Path) -> str:
    """Return a file's text with `\\n` line ends and its letters as they are composed; raise BadInput where it cannot be read."""
    read_text(path, root)  # says what is wrong with it
    return path.read_bytes().removeprefix(_BOM).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def swap(path: Path, text: str, root: Path) -> None:
    """Let the text take the file's place, if one is there with its line ends, the mark at its top and its rights."""
    was, rights = (path.read_bytes(), path.stat().st_mode & 0o777) if path.exists() else (b"", 0o644)
    made = text.replace("\n", "\r\n") if b"\r\n" in was else text
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".loa-", suffix=".part")  # no reader takes a .part for an entry
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write((_BOM if was.startswith(_BOM) else b"") + made.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        part.chmod(rights)
        part.replace(path)
    except OSError as error:
        message = f"không ghi được tệp: {reason(error)}; chữ bạn viết vẫn còn trong bản nháp"
        raise BadInput(Problem(rule="cannot-write", file=relative_name(path, root), message=message)) from error
    finally:
        part.unlink(missing_ok=True)


def create(path: Path, text: str, root: Path) -> None:
    """Put a new file there, whole or not at all; raise BadInput where one is already."""
    name = relative_name(path, root)
    with one_at_a_time(path.parent):
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".loa-", suffix=".part")
        part = Path(temporary)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            part.chmod(0o644)
            path.hardlink_to(part)  # unlike a replacing, it takes nobody's place
        except FileExistsError as error:
            raise BadInput(Problem(rule="file-exists", file=name, key="id", message="đã có tệp này; hãy đặt mã khác")) from error
        except OSError as error:
            raise BadInput(Problem(rule="cannot-write", file=name, message=f"không ghi được tệp: {reason(error)}")) from error
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the folder while one of our own processes reads, compares and writes; a process that dies lets go of it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
