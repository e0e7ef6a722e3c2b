"""Stretches of a clip that are encoded apart: holds and transitions, each named after all that it shows and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import pairwise
from pathlib import Path

from studio.digest import file_digest
from studio.display import Bar
from studio.film import Film, Overlay, Shot
from studio.identity import renderer_identity
from studio.motion import FRAMES_A_SECOND
from studio.sweep import mark_used
from studio.whole_file import write_whole

_LONGEST = 3 * FRAMES_A_SECOND  # frames; a longer hold is cut evenly, so that two cores end together
_DIGEST_BYTES = 32


def segments(film: Film) -> tuple[range, ...]:
    """Return the stretches in order: where a scene holds, and where one passes into the next.

    They follow from the film alone, so that its bytes do not depend on how many work.
    """
    edges = {0, film.frames}
    for shot in film.shots:
        edges |= {shot.start, shot.start + shot.crossfade}
    return tuple(part for start, end in pairwise(sorted(edges)) for part in _even(start, end))


def _even(start: int, end: int) -> Iterator[range]:
    count = -(-(end - start) // _LONGEST)
    for part in range(count):
        yield range(start + (end - start) * part // count, start + (end - start) * (part + 1) // count)


def segment_digest(film: Film, frames: range) -> str:
    """Return the name of a stretch: equal where every frame of it is equal, wherever in a clip it stands."""
    shots = [_from(shot, frames) for shot in film.shots if shot.start < frames.stop and shot.end > frames.start]
    overlays = [_written(_seen(overlay, frames)) for overlay in film.overlays if _shown(overlay, frames)]
    bars = [overlay for overlay in film.overlays if isinstance(overlay.item.live, Bar) and _shown(overlay, frames)]
    share = f"{frames.start}/{film.frames}" if bars else ""
    parts = (renderer_identity(), f"{film.width}x{film.height}", str(len(frames)), share, *shots, *overlays)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _from(shot: Shot, frames: range) -> str:
    """Return all that a shot shows, told from the start of the stretch."""
    way = _written(shot.transition) if shot.start + shot.crossfade > frames.start else ""  # a hold does not show how it came
    return f"{shot.start - frames.start} {shot.frames} {shot.crossfade} {way} {_written(shot.display.items)}"


def _shown(overlay: Overlay, frames: range) -> bool:
    return overlay.start < frames.stop and overlay.end > frames.start


def _seen(overlay: Overlay, frames: range) -> Overlay:
    """Return an overlay as the stretch sees it; one that stands still is the same wherever it began."""
    moves = bool(overlay.item.motions) or overlay.item.live is not None
    start = overlay.start if moves else max(overlay.start, frames.start)
    hidden = ((max(begin, frames.start), min(end, frames.stop)) for begin, end in overlay.hidden)
    return replace(
        overlay,
        start=start - frames.start,
        end=min(overlay.end, frames.stop) - frames.start,
        hidden=tuple((begin - frames.start, end - frames.start) for begin, end in hidden if begin < end),
    )


def _written(value: object) -> str:
    """Return a drawing and all in it as text; a file stands in it by its digest, wherever it lies."""
    if isinstance(value, Path):
        return file_digest(value)
    if is_dataclass(value):
        return f"{type(value).__name__}({','.join(_written(getattr(value, field.name)) for field in fields(value))})"
    if isinstance(value, tuple):
        return f"({','.join(_written(part) for part in value)})"
    return repr(value)


@dataclass(frozen=True, kw_only=True)
class SegmentShelf:
    """Keep encoded stretches by digest; a file appears whole or not at all, and what is torn later is not found.

    The sweep of the cache holds it within the limit.
    """

    folder: Path

    def find(self, digest: str) -> bytes | None:
        """Return a kept stretch; None where there is none or it was changed."""
        path = self._path(digest)
        try:
            kept = path.read_bytes()
        except OSError:
            return None
        mark_used(path)
        seal, encoded = kept[:_DIGEST_BYTES], kept[_DIGEST_BYTES:]
        return encoded if hashlib.sha256(encoded).digest() == seal else None

    def keep(self, digest: str, encoded: bytes) -> None:
        """Put a stretch on the shelf in one step."""
        write_whole(self._path(digest), hashlib.sha256(encoded).digest() + encoded)

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest
