"""Frames counted over several processes: each worker adds a byte a frame to one file, and whoever waits reads its length."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The file; it may be handed to other processes of this machine."""

    path: Path

    @property
    def frames(self) -> int:
        """Return how many frames all workers have done."""
        return self.path.stat().st_size

    @contextmanager
    def counting(self, whole: int) -> Iterator[Callable[[int, int], None]]:
        """Yield what a render tells its frames to; at the end all `whole` frames of it are counted."""
        told = 0
        with self.path.open("ab", buffering=0) as file:  # appended: what two workers write never lies over one another

            def count(done: int, _whole: int) -> None:
                nonlocal told
                file.write(b"." * (done - told))
                told = max(told, done)

            yield count
            count(whole, whole)


@contextmanager
def open_tally() -> Iterator[Tally]:
    """Yield a tally at nought; its file is gone afterwards."""
    with tempfile.NamedTemporaryFile(prefix="loa-tally-") as file:
        yield Tally(path=Path(file.name))
