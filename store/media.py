"""Pictures and clips by their bytes: what was approved is kept under its digest and never overwritten."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from editorial.post import Post


class MediaStore:
    """A folder `sha256/ab/cd/<digest><suffix>`. Safe to use from several threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: Path | bytes, suffix: str) -> Path:
        """Keep a file or bytes; return where they lie, whole and durable. The same bytes are kept once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".part-")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                digest = _copy(content, file.fileno())
            return self._link(part, digest, suffix)
        finally:
            part.unlink(missing_ok=True)

    def path_of(self, sha256: str) -> Path | None:
        """Return where the bytes with this digest lie, or None when they were never kept."""
        if not self._is_digest(sha256):
            return None
        return next((path for path in sorted(self._shelf(sha256).glob(f"{sha256}.*"))), None)

    def named(self, name: str) -> Path | None:
        """Return the file for the last part of a public address, `<sha256>.jpg`; None when there is no such file."""
        sha256, dot, suffix = name.partition(".")
        path = self._shelf(sha256) / f"{sha256}{dot}{suffix}" if self._is_digest(sha256) else None
        return path if path and path.parent == self._shelf(sha256) and path.is_file() else None

    def bring(self, post: Post) -> None:
        """See to it that the files of a post lie here, as far as they are kept anywhere."""

    @staticmethod
    def _is_digest(sha256: str) -> bool:
        return len(sha256) == 64 and set(sha256) <= set("0123456789abcdef")

    def _shelf(self, sha256: str) -> Path:
        return self.folder / "sha256" / sha256[:2] / sha256[2:4]

    def _put_right(self, target: Path, part: Path, digest: str) -> None:
        """Lay whole bytes in the place of a file that was altered since it was kept."""
        if not _has(target, digest):
            part.replace(target)

    def _link(self, part: Path, digest: str, suffix: str) -> Path:
        target = self._shelf(digest) / f"{digest}{suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        part.chmod(0o644)
        try:
            target.hardlink_to(part)
        except FileExistsError:
            self._put_right(target, part, digest)
        _sync(target.parent)
        return target


def _copy(content: Path | bytes, target: int) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(content):
        digest.update(chunk)
        _write_all(target, chunk)
    os.fsync(target)
    return digest.hexdigest()


def _chunks(content: Path | bytes) -> list[bytes]:
    return [content] if isinstance(content, bytes) else [content.read_bytes()]


def _write_all(target: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(target, view) :]


def _sync(folder: Path) -> None:
    """Make the new name durable; the file's bytes already are."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def altered(post: Post) -> Path | None:
    """Return the first file of a post that is missing or is not, byte for byte, what was signed; None where all are whole."""
    return next((path for path, digest in files_of(post) if not _has(path, digest)), None)


def files_of(post: Post) -> Iterator[tuple[Path, str]]:
    """Yield every file of a post with the digest that was signed."""
    for medium in post.media:
        yield medium.path, medium.sha256
        if medium.subtitles:
            yield medium.subtitles, medium.subtitles_sha256 or ""
        if medium.poster:
            yield medium.poster, medium.poster_sha256 or ""


def _has(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False
