"""Sound files decoded: tracks of music and recorded voices."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from editorial.problem import BadInput, Problem
from studio.loudness import Samples
from studio.sampling import SAMPLES_A_SECOND

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

_LONGEST = 1800.0  # seconds of music that any clip could need: what follows in a file of hours is never heard


@lru_cache(maxsize=64)
def hear_once(path: Path, digest: str) -> None:
    """Raise BadInput where a track cannot be played, or holds nothing; keep none of it, however long it is."""
    if not any(piece.shape[1] for piece in _pieces(path, _LONGEST)):
        raise BadInput(_unplayable(path))


def track(path: Path, seconds: float) -> Samples:
    """Return a track of music, hardly more of it than so many seconds; raise BadInput where it cannot be played."""
    samples = decoded(path, seconds)
    if samples is None:
        raise BadInput(_unplayable(path))
    return samples


def decoded(path: Path, most: float) -> Samples | None:
    """Return stereo samples (2 x n) of a file, hardly more than so many seconds; None where none can be heard."""
    try:
        pieces = list(_pieces(path, most))
    except BadInput:
        return None
    return np.concatenate(pieces, axis=1) if sum(piece.shape[1] for piece in pieces) else None


def _pieces(path: Path, most: float) -> Iterator[Samples]:
    """Yield a file's samples as they are decoded, hardly more than so many seconds; raise BadInput where they break off."""
    import av  # large, and the open desk plans clips without hearing them
    from av.audio.resampler import AudioResampler

    resampler = AudioResampler(format="fltp", layout="stereo", rate=SAMPLES_A_SECOND)
    heard = False
    try:
        with av.open(str(path)) as source:
            count = 0
            for frame in source.decode(audio=0):
                for piece in resampler.resample(frame):
                    yield _samples(piece)
                heard = True
                count += frame.samples
                if count > (most + 1) * frame.sample_rate:
                    break
        for piece in resampler.resample(None) if heard else ():
            yield _samples(piece)
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise BadInput(_unplayable(path)) from error


def _unplayable(path: Path) -> Problem:
    message = "không nghe được bản nhạc này (tệp hỏng hoặc không có tiếng); hãy lưu lại dạng WAV hoặc OGG"
    return Problem(rule="unreadable-sound", key=path.name, message=message)


def _samples(frame: AudioFrame) -> Samples:
    return np.asarray(frame.to_ndarray(), dtype=np.float32)
