"""Approved pictures and clips that every machine of an office has: in a bucket, and beside it in a folder of each machine."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from editorial.post import Post
from store.depot import Depot
from store.errors import Unreachable
from store.media import MediaStore, files_of

LOG = logging.getLogger(__name__)


class SharedMediaStore(MediaStore):
    """A media folder that is filled from a bucket; what is put here is in the bucket before anybody is told of it.

    Raises Unreachable where the bucket does not answer.
    """

    def __init__(self, folder: Path, depot: Depot) -> None:
        super().__init__(folder)
        self._depot = depot

    def put(self, content: Path | bytes, suffix: str) -> Path:
        path = super().put(content, suffix)
        name = self._name(path)
        if not self._depot.has(name):
            self._depot.put(name, path)
        return path

    def share_all(self, progress: Callable[[int, int], None] = lambda done, whole: None) -> int:
        """Put everything that lies in the folder into the bucket, what is there already left alone; return how many files."""
        files = sorted((self.folder / "sha256").glob("*/*/*"))
        for done, path in enumerate(files, start=1):
            if not self._depot.has(self._name(path)):
                self._depot.put(self._name(path), path)
            progress(done, len(files))
        return len(files)

    def path_of(self, sha256: str) -> Path | None:
        found = super().path_of(sha256)
        if found is None and self._is_digest(sha256):
            shelf = self._name(self._shelf(sha256))
            name = next((each for each in self._depot.names(shelf) if Path(each).name.startswith(f"{sha256}.")), None)
            return self._fetch(name, sha256) if name else None
        return found

    def named(self, name: str) -> Path | None:
        found, sha256 = super().named(name), name.partition(".")[0]
        if found is None and self._is_digest(sha256) and Path(name).name == name:
            return self._fetch(self._name(self._shelf(sha256) / name), sha256)
        return found

    def bring(self, post: Post) -> None:
        for path, sha256 in files_of(post):
            if not path.exists() and path.is_relative_to(self.folder.resolve()):
                self._fetch(path.relative_to(self.folder.resolve()).as_posix(), sha256)

    def _fetch(self, name: str, sha256: str) -> Path | None:
        """Return the file, brought here; None where the bucket has none, or has other bytes under that name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".part-") as part:
            if not self._depot.get(name, Path(part.name)):
                return None
            with Path(part.name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != sha256:
                LOG.error("the shared media store has other bytes under %s", name)
                return None
            return super().put(Path(part.name), Path(name).suffix)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


class SharedRenditions:
    """Finished renditions by their recipe's digest, for machines that would otherwise render the same again."""

    def __init__(self, depot: Depot, note: str) -> None:
        self._depot = depot
        self._note = note  # the file that says that the others are whole: written last, and looked for first

    def bring(self, digest: str, folder: Path) -> bool:
        """Fill a folder with a rendition; False where there is none, or none to be had: then it is made once more."""
        place = f"renditions/{digest[:2]}/{digest}"
        try:
            if not self._depot.has(f"{place}/{self._note}"):
                return False
            return all(self._depot.get(name, folder / Path(name).name) for name in self._depot.names(place))
        except Unreachable as error:
            LOG.warning("the shared renditions cannot be reached: %s", error)
            return False

    def share(self, digest: str, folder: Path) -> None:
        """Keep the files of a rendition for the others; where that cannot be, they make it themselves."""
        try:
            for file in sorted(folder.iterdir(), key=lambda file: file.name == self._note):
                self._depot.put(f"renditions/{digest[:2]}/{digest}/{file.name}", file)
        except Unreachable as error:
            LOG.warning("the shared renditions cannot be reached: %s", error)
