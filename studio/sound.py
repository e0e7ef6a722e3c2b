"""The sound of a clip: the music bed looped or cut to length and faded, going down under the voice and up again after it."""

from __future__ import annotations

import threading
from functools import lru_cache

import numpy as np

from studio.digest import file_digest
from studio.film import Bed
from studio.hearing import is_heard
from studio.loudness import Samples, levelled
from studio.recording import Passage, Voice, heard
from studio.sampling import HOP, SAMPLES_A_SECOND
from studio.track import track

__all__ = ["SAMPLES_A_SECOND", "Samples", "bed_under", "mix", "voice_over"]

_HOLD = 0.4  # seconds after a word in which the music stays down: it does not come up between two words
_TURN = threading.Lock()  # who asks for the same mix at the same time waits for it
_EDGE = 240  # samples: 5 ms over which a passage begins and ends, so that a cut does not click


def mix(bed: Bed | None, seconds: float, voice: Voice | None = None) -> Samples:
    """Return stereo samples (2 x n, -1 to 1) for a clip of that length, at the loudness that players expect."""
    digests = tuple(file_digest(each.path) for each in (bed, voice) if each is not None)
    with _TURN:
        return _mixed(bed, seconds, voice, digests)


@lru_cache(maxsize=2)
def _mixed(bed: Bed | None, seconds: float, voice: Voice | None, digests: tuple[str, ...]) -> Samples:
    """Return the mix; `digests` are the files', so that a new track or a new recording is heard."""
    count = round(seconds * SAMPLES_A_SECOND)
    if voice is None:
        assert bed is not None
        return levelled(_played(_looped(track(bed.path, seconds), count), bed))
    spoken = voice_over(voice, count)
    return levelled(spoken if bed is None else spoken + bed_under(bed, voice, spoken))


def _played(samples: Samples, bed: Bed) -> Samples:
    return np.asarray(samples * np.float32(10 ** (bed.volume / 20)) * _fades(bed, samples.shape[1]), dtype=np.float32)


def voice_over(voice: Voice, count: int) -> Samples:
    """Return the voice alone, each passage at its second."""
    recording = heard(voice.path, voice.most)
    spoken = np.zeros((2, count), dtype=np.float32)
    for passage in voice.passages:
        start = round(passage.at * SAMPLES_A_SECOND)
        piece = _rounded_off(recording.samples, passage)[:, : count - start]
        spoken[:, start : start + piece.shape[1]] += piece
    return spoken


def _rounded_off(samples: Samples, passage: Passage) -> Samples:
    piece = samples[:, passage.start : passage.end].copy()
    ramp = np.linspace(0, 1, min(_EDGE, piece.shape[1] // 2), dtype=np.float32)
    piece[:, : ramp.size] *= ramp
    piece[:, piece.shape[1] - ramp.size :] *= ramp[::-1]
    return piece


def bed_under(bed: Bed, voice: Voice, spoken: Samples) -> Samples:
    """Return the music alone, its volume counted from the loudness of the voice, and down wherever the voice is heard."""
    count = spoken.shape[1]
    played = _played(levelled(_looped(track(bed.path, count / SAMPLES_A_SECOND), count)), bed)
    return np.asarray(played * _ducking(voice, spoken), dtype=np.float32)


def _ducking(voice: Voice, spoken: Samples) -> Samples:
    """Return the factor of the music at each sample: it is down when a word begins, and comes up once there is a pause."""
    present = is_heard(spoken)
    hops = np.arange(present.size, dtype=np.float64)
    last = np.maximum.accumulate(np.where(present, hops, -np.inf))
    following = np.minimum.accumulate(np.where(present, hops, np.inf)[::-1])[::-1]
    rate = SAMPLES_A_SECOND / HOP
    going_down = 1 - (following - hops) / max(1.0, voice.attack * rate)
    coming_up = 1 - (hops - last - _HOLD * rate) / max(1.0, voice.release * rate)
    depth = np.clip(np.maximum(going_down, coming_up), 0, 1)
    decibels = np.interp(np.arange(spoken.shape[1]), hops * HOP, -voice.duck * depth)
    return np.asarray(10 ** (decibels / 20), dtype=np.float32)


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
