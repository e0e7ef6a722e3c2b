"""Sound files decoded: tracks of music and recorded voices."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from editorial.problem import BadInput, Problem
from studio.loudness import SAMPLES_A_SECOND, Samples


@lru_cache(maxsize=64)
def hear_once(path: Path, digest: str) -> None:
    """Raise BadInput where a track cannot be played to its end, or holds nothing."""
    track(path)


def track(path: Path) -> Samples:
    """Return a track of music; raise BadInput where it cannot be played."""
    samples = decoded(path)
    if samples is None:
        raise BadInput(_unplayable(path))
    return samples


def decoded(path: Path, most: float | None = None) -> Samples | None:
    """Return stereo samples (2 x n) of a file, None where none can be heard; with `most`, hardly more than so many seconds."""
    resampler = AudioResampler(format="fltp", layout="stereo", rate=SAMPLES_A_SECOND)
    pieces: list[Samples] = []
    count = 0
    try:
        with av.open(str(path)) as source:
            for frame in source.decode(audio=0):
                pieces += (_samples(piece) for piece in resampler.resample(frame))
                count += frame.samples
                if most is not None and count > (most + 1) * frame.sample_rate:
                    break
        pieces += (_samples(piece) for piece in resampler.resample(None)) if pieces else ()
    except (av.FFmpegError, OSError, ValueError, IndexError):
        return None
    return np.concatenate(pieces, axis=1) if sum(piece.shape[1] for piece in pieces) else None


def _unplayable(path: Path) -> Problem:
    message = "không nghe được bản nhạc này (tệp hỏng hoặc không có tiếng); hãy lưu lại dạng WAV hoặc OGG"
    return Problem(rule="unreadable-sound", key=path.name, message=message)


def _samples(frame: AudioFrame) -> Samples:
    return np.asarray(frame.to_ndarray(), dtype=np.float32)
