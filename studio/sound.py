"""The music bed of a clip: decoded, looped or cut to length, faded."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from editorial.problem import BadInput, Problem
from studio.digest import file_digest
from studio.film import Bed
from studio.loudness import SAMPLES_A_SECOND, Samples, levelled

__all__ = ["SAMPLES_A_SECOND", "Samples", "hear_once", "mix"]


def mix(bed: Bed, seconds: float) -> Samples:
    """Return stereo samples (2 x n, -1 to 1) of the bed for a clip of that length."""
    return _mixed(bed, seconds, file_digest(bed.path))


@lru_cache(maxsize=2)
def _mixed(bed: Bed, seconds: float, digest: str) -> Samples:
    """Return the mix at the loudness that players expect; `digest` is the track's, so that a new track is heard."""
    count = round(seconds * SAMPLES_A_SECOND)
    played = _looped(_decoded(bed.path), count) * np.float32(10 ** (bed.volume / 20))
    return levelled(np.asarray(played * _fades(bed, count), dtype=np.float32))


@lru_cache(maxsize=64)
def hear_once(path: Path, digest: str) -> None:
    """Raise BadInput where a track cannot be played to its end, or holds nothing."""
    _decoded(path)


def _decoded(path: Path) -> Samples:
    resampler = AudioResampler(format="fltp", layout="stereo", rate=SAMPLES_A_SECOND)
    pieces: list[Samples] = []
    try:
        with av.open(str(path)) as source:
            for frame in source.decode(audio=0):
                pieces += (_samples(piece) for piece in resampler.resample(frame))
        pieces += (_samples(piece) for piece in resampler.resample(None)) if pieces else ()
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise BadInput(_unplayable(path)) from error
    if not sum(piece.shape[1] for piece in pieces):
        raise BadInput(_unplayable(path))
    return np.concatenate(pieces, axis=1)


def _unplayable(path: Path) -> Problem:
    message = "không nghe được bản nhạc này (tệp hỏng hoặc không có tiếng); hãy lưu lại dạng WAV hoặc OGG"
    return Problem(rule="unreadable-sound", key=path.name, message=message)


def _samples(frame: AudioFrame) -> Samples:
    return np.asarray(frame.to_ndarray(), dtype=np.float32)


def _looped(track: Samples, count: int) -> Samples:
    """Return the track repeated as often as the clip needs."""
    times = -(-count // track.shape[1])
    return np.tile(track, (1, times))[:, :count].copy()


def _fades(bed: Bed, count: int) -> Samples:
    at = np.arange(count, dtype=np.float32) / SAMPLES_A_SECOND
    left = count / SAMPLES_A_SECOND - at
    rising = np.clip(at / max(bed.fade_in, 1e-3), 0, 1)
    falling = np.clip(left / max(bed.fade_out, 1e-3), 0, 1)
    return (np.sin(rising * np.pi / 2) * np.sin(falling * np.pi / 2)).astype(np.float32)
