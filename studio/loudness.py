"""How loud a sound is to people, by ITU-R BS.1770-4 as EBU R 128 uses it, and sounds brought to what a phone expects."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from editorial.problem import Problem, Severity

TARGET = -16.0  # LUFS: what players of phones and podcasts expect of a stereo sound
TOLERANCE = 1.0  # LU
SILENCE = -70.0  # LUFS, the absolute gate: quieter is no sound
_RELATIVE_GATE = -10.0  # LU
_BLOCK, _HOP = 19_200, 4_800  # 400 ms blocks that overlap by three quarters
_OFFSET = -0.691  # so that a sine of 997 Hz at 0 dBFS in one channel is -3.01 LKFS
_CEILING = 10 ** (-1.5 / 20)  # of a sample: AAC and the way between samples need some room to the full scale
_MOST_GAIN = 30.0  # dB: what needs more is hiss
_LOOK_AHEAD = 480  # samples over which the limiter moves
# ITU-R BS.1770-4, tables 1 and 2, at 48 kHz: the head as a sphere, and the ear's deafness to bass
_HEAD = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_EAR = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
_TAIL = 8_192  # samples after which the filters ring no more
_PIECE = 65_536  # samples that are filtered at once

Samples = NDArray[np.float32]
Values = NDArray[np.float64]


def integrated(samples: Samples) -> float:
    """Return the integrated loudness in LUFS of channels x n samples at 48 kHz; SILENCE where there is nothing to hear."""
    power = _block_powers(samples)
    loud = power[_lufs(power) > SILENCE]
    if loud.size == 0:
        return SILENCE
    gate = _lufs(float(loud.mean())) + _RELATIVE_GATE
    return float(_lufs(float(loud[_lufs(loud) > gate].mean())))


def _lufs(power: Values | float) -> Values:
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(power, 1e-12)))


def _block_powers(samples: Samples) -> Values:
    """Return the K-weighted power of each block, the channels added; left and right count alike."""
    if samples.shape[1] < _BLOCK:
        return np.zeros(0)
    squares = np.square(_k_weighted(samples), dtype=np.float64).sum(axis=0)
    sums = np.concatenate([[0.0], np.cumsum(squares)])
    starts = np.arange(0, samples.shape[1] - _BLOCK + 1, _HOP)
    return np.asarray((sums[starts + _BLOCK] - sums[starts]) / _BLOCK)


def _k_weighted(samples: Samples) -> Samples:
    """Return the samples filtered: the exact response of the recursive filters, laid on in the frequency domain.

    Piece by piece (overlap-save): each begins so long before the samples that it is for that what rings on from its other end
    has gone silent, and it stays in the processor's cache.
    """
    count, response = samples.shape[1], _weighting()
    filtered = np.empty(samples.shape, dtype=np.float32)
    led_in = np.pad(samples, ((0, 0), (_TAIL, 0)))
    for start in range(0, count, _PIECE - _TAIL):
        piece = np.fft.rfft(led_in[:, start : start + _PIECE], _PIECE)
        end = min(count, start + _PIECE - _TAIL)
        filtered[:, start:end] = np.fft.irfft(piece * response, _PIECE)[:, _TAIL : _TAIL + end - start]
    return filtered


@lru_cache(maxsize=1)
def _weighting() -> NDArray[np.complex64]:
    """Return the K-weighting's response for the transform of a piece, in the precision of the samples."""
    turn = np.exp(-2j * np.pi * np.arange(_PIECE // 2 + 1) / _PIECE)
    return np.asarray(_response(_HEAD, turn) * _response(_EAR, turn), dtype=np.complex64)


def _response(
    stage: tuple[tuple[float, float, float], tuple[float, float, float]], turn: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    above, below = stage
    return np.asarray((above[0] + above[1] * turn + above[2] * turn**2) / (below[0] + below[1] * turn + below[2] * turn**2))


def levelled(samples: Samples) -> Samples:
    """Return the samples at the target loudness, no sample over the ceiling; what is silent stays so."""
    measured = integrated(samples)
    gain = min(_MOST_GAIN, TARGET - measured)
    shaped = samples
    for _ in range(3 if measured > SILENCE else 0):
        louder = samples * np.float32(10 ** (gain / 20))
        shaped = _limited(louder)
        if shaped is louder:
            break
        gain = min(_MOST_GAIN, gain + TARGET - integrated(shaped))  # a limiter takes some loudness away
    return shaped


def _limited(samples: Samples) -> Samples:
    """Return the samples turned down, gently and ahead of time, where they would go over the ceiling."""
    peaks = np.abs(samples).max(axis=0, initial=0.0)
    if peaks.max(initial=0.0) <= _CEILING:
        return samples
    wanted = np.minimum(1.0, _CEILING / np.maximum(peaks, 1e-9)).astype(np.float32)[None, :]
    import cv2  # large, and the open desk plans clips without hearing them

    lowest = cv2.erode(wanted, np.ones((1, 2 * _LOOK_AHEAD + 1), dtype=np.uint8))
    smooth = cv2.blur(lowest, (_LOOK_AHEAD + 1, 1), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(np.clip(samples * np.minimum(smooth, 1.0), -_CEILING, _CEILING), dtype=np.float32)


def loudness_problems(samples: Samples) -> tuple[Problem, ...]:
    """Return whether a clip's finished sound is silent, or off the target."""
    measured = integrated(samples)
    if measured <= SILENCE:
        message = "âm thanh của clip im lặng; hãy thay bản nhạc, hoặc bỏ khóa music"
        return (Problem(rule="loudness", key="music", message=message, severity=Severity.WARNING),)
    if abs(measured - TARGET) <= TOLERANCE:
        return ()
    message = f"âm lượng {measured:.1f} LUFS, cần {TARGET:.0f} (lệch không quá {TOLERANCE:.0f}); hãy thay bản nhạc rõ tiếng hơn"
    return (Problem(rule="loudness", key="music", message=message, severity=Severity.WARNING),)
