"""A film made into its clip: stretches encoded on every core, those known already taken from the shelf, and joined."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from studio.compose import Projector, Scenery
from studio.encode import EncodedSound, encode_segment, encode_sound, join
from studio.film import Film
from studio.flashing import Glance, glance, moments_to_look_at
from studio.heap import kept_memory
from studio.paint import Easel
from studio.plane import Frame
from studio.segment import SegmentShelf, segment_digest, segments

Job = Callable[[], None]
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


def make_clip(
    film: Film, path: Path, easel: Easel, shelf: SegmentShelf, cores: int, progress: Progress | None,
    beside: Job | None = None,
) -> Mapping[int, Glance]:  # fmt: skip
    """Write the clip of a film; what `progress` raises ends it at once, and nothing is left but whole stretches on the shelf.

    `beside` is done meanwhile, by whoever has nothing left to encode. Returned is what was seen of the frames that are to be
    looked at for flashes, of those that were encoded now.
    """
    stretches = segments(film)
    digests = {stretch: segment_digest(film, stretch) for stretch in stretches}
    parts = {stretch: kept for stretch in stretches if (kept := shelf.find(digests[stretch])) is not None}
    missing = sorted((stretch for stretch in stretches if stretch not in parts), key=len, reverse=True)  # the longest first
    count = _Count(sum(map(len, parts)), film.frames, progress)
    scenery = Scenery(film, easel)
    watched, glances = frozenset(moments_to_look_at(film)), dict[int, Glance]()
    sound: list[EncodedSound | None] = []

    def look(number: int, frame: Frame) -> None:
        count.tick()
        if number in watched:
            glances[number] = glance(frame)

    def encode(stretch: range) -> None:
        encoded = encode_segment(Projector(film, easel, scenery), stretch, look)
        shelf.keep(digests[stretch], encoded)
        parts[stretch] = encoded

    jobs: list[Job] = [*(partial(encode, stretch) for stretch in missing), lambda: sound.append(encode_sound(film))]
    with kept_memory():
        _on_cores([*jobs, beside] if beside else jobs, cores, count.over)
    join([parts[stretch] for stretch in stretches], sound[0], path)
    return glances


def _on_cores(jobs: Sequence[Job], cores: int, over: threading.Event) -> None:
    """Do all jobs, begun in their order.

    By threads, for x264, OpenCV and Pillow let go of the interpreter while they work: no process to start, and one set of photos.
    """
    if cores < 2:
        for do in jobs:
            do()
        return
    with ThreadPoolExecutor(cores, thread_name_prefix="encode") as pool:
        begun = [pool.submit(job) for job in jobs]
        try:
            for job in as_completed(begun):
                job.result()
        except BaseException:
            over.set()
            for job in begun:
                job.cancel()
            raise
