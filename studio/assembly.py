"""A film made into its clip: stretches encoded on every core, those known already taken from the shelf, and joined."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from studio.compose import Projector, Scenery
from studio.encode import encode_segment, join
from studio.film import Film
from studio.paint import Easel
from studio.segment import SegmentShelf, segment_digest, segments

Progress = Callable[[int, int], None]  # frames done, frames in all


class Cancelled(Exception):
    """Somebody else's failure or Ctrl-C ended the clip that this thread worked at."""


class _Count:
    """Count frames over all threads, tell of each, and end all work once one thread has failed."""

    def __init__(self, done: int, whole: int, progress: Progress | None) -> None:
        self._done = done
        self._whole = whole
        self._progress = progress
        self._lock = threading.Lock()
        self.over = threading.Event()

    def tick(self) -> None:
        """Count one frame; raise Cancelled where the work is over."""
        if self.over.is_set():
            raise Cancelled
        with self._lock:
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, self._whole)


def make_clip(film: Film, path: Path, easel: Easel, shelf: SegmentShelf, cores: int, progress: Progress | None) -> None:
    """Write the clip of a film; what `progress` raises ends it at once, and nothing is left but whole stretches on the shelf."""
    stretches = segments(film)
    digests = {stretch: segment_digest(film, stretch) for stretch in stretches}
    known = {stretch: kept for stretch in stretches if (kept := shelf.find(digests[stretch])) is not None}
    missing = sorted((stretch for stretch in stretches if stretch not in known), key=len, reverse=True)  # the longest first
    count = _Count(sum(map(len, known)), film.frames, progress)

    scenery = Scenery(film, easel)

    def encode(stretch: range) -> bytes:
        encoded = encode_segment(Projector(film, easel, scenery), stretch, count.tick)
        shelf.keep(digests[stretch], encoded)
        return encoded

    made = _on_cores(encode, missing, cores, count.over)
    join(film, [known.get(stretch) or made[stretch] for stretch in stretches], path)


def _on_cores(
    encode: Callable[[range], bytes], stretches: Sequence[range], cores: int, over: threading.Event
) -> Mapping[range, bytes]:
    """Return each stretch encoded.

    By threads, for x264, OpenCV and Pillow let go of the interpreter while they work: no process to start, and one set of photos.
    """
    if cores < 2 or len(stretches) < 2:
        return {stretch: encode(stretch) for stretch in stretches}
    with ThreadPoolExecutor(cores, thread_name_prefix="encode") as pool:
        jobs = {pool.submit(encode, stretch): stretch for stretch in stretches}
        try:
            return {jobs[job]: job.result() for job in as_completed(jobs)}
        except BaseException:
            over.set()
            _call_off(jobs)
            raise


def _call_off(jobs: Mapping[Future[bytes], range]) -> None:
    for job in jobs:
        job.cancel()
