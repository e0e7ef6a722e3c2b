"""The music bed of a clip: decoded, looped or cut to length, faded."""

from __future__ import annotations

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from studio.film import Bed

SAMPLES_A_SECOND = 48_000
Samples = NDArray[np.float32]


def mix(bed: Bed, seconds: float) -> Samples:
    """Return stereo samples (2 x n, -1 to 1) of the bed for a clip of that length."""
    count = round(seconds * SAMPLES_A_SECOND)
    played = _looped(_decoded(bed), count) * np.float32(10 ** (bed.volume / 20))
    return np.asarray(np.clip(played * _fades(bed, count), -1.0, 1.0), dtype=np.float32)


def _decoded(bed: Bed) -> Samples:
    resampler = AudioResampler(format="fltp", layout="stereo", rate=SAMPLES_A_SECOND)
    pieces: list[Samples] = []
    with av.open(str(bed.path)) as source:
        for frame in source.decode(audio=0):
            pieces += (_samples(piece) for piece in resampler.resample(frame))
    pieces += (_samples(piece) for piece in resampler.resample(None))
    return np.concatenate(pieces, axis=1) if pieces else np.zeros((2, 1), dtype=np.float32)


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
