"""A recorded voice heard to its end: where it begins and ends, and where it pauses. Loaded when a clip has one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editorial.problem import BadInput, Problem
from studio.loudness import SILENCE, Samples, integrated, levelled
from studio.recording import Recording
from studio.sampling import HOP, SAMPLES_A_SECOND
from studio.track import decoded

_QUIET = 10 ** (-40 / 20)  # of a voice at -16 LUFS: the room and the breath are below, the end of a word is above
_MARGIN = 12  # hops kept before the first sound and after the last
_PAUSE = 25  # hops: the stretch that a cut looks for
_REACH = 0.4  # of the shorter neighbour: how far a cut may be from where the letters put it


@lru_cache(maxsize=2)
def hear(path: Path, most: float, digest: str) -> Recording:
    """Return a recording of at most so many seconds, whose file has this digest; raise BadInput where it cannot be heard."""
    samples = decoded(path, most)
    if samples is None:
        raise BadInput(_unreadable())
    if samples.shape[1] > most * SAMPLES_A_SECOND:
        message = f"giọng đọc dài hơn {most:g} giây, hơn độ dài clip cho phép (voice.most); hãy đọc ngắn lại"
        raise BadInput(Problem(rule="voice-too-long", message=message))
    if integrated(samples) <= SILENCE:
        raise BadInput(_silent())
    louder = levelled(samples)
    loud = np.flatnonzero(is_heard(louder))
    if not loud.size:
        raise BadInput(_silent())
    first, last = max(0, int(loud[0]) - _MARGIN), int(loud[-1]) + 1 + _MARGIN
    return Recording(samples=louder[:, first * HOP : last * HOP].copy())


def _unreadable() -> Problem:
    message = "không nghe được giọng đọc này (tệp hỏng, rỗng hoặc không phải âm thanh); hãy thu lại và lưu dạng WAV hoặc OGG"
    return Problem(rule="unreadable-voice", message=message)


def _silent() -> Problem:
    message = "giọng đọc này im lặng hoặc ngắn hơn nửa giây; hãy thu lại gần micro hơn"
    return Problem(rule="silent-voice", message=message)


def is_heard(samples: Samples) -> NDArray[np.bool_]:
    """Return, hop by hop, whether there is a voice in samples at the loudness of a clip."""
    return np.asarray(_levels(samples) > _QUIET)


def _levels(samples: Samples) -> NDArray[np.float32]:
    """Return the root mean square of each hop, the last one filled up with silence."""
    hops = -(-samples.shape[1] // HOP)
    padded = np.pad(samples, ((0, 0), (0, hops * HOP - samples.shape[1])))
    return np.asarray(np.sqrt(np.square(padded).reshape(2, hops, HOP).mean(axis=(0, 2))), dtype=np.float32)


def cut_at_pauses(recording: Recording, letters: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return the stretch of samples for each of several texts that are read in a row.

    A text has the time of its letters; the cut is then put into the quietest pause near by, so that no word is torn.
    """
    whole, count = sum(letters), recording.samples.shape[1]
    edges = [0, *(round(count * done / whole) for done in accumulate(letters))]
    quiet = np.maximum(_levels(recording.samples), _QUIET)
    calm = np.convolve(quiet, np.ones(_PAUSE, dtype=np.float32) / _PAUSE, mode="same")
    cuts = [_cut(calm, *edges[at - 1 : at + 2]) for at in range(1, len(letters))]
    return tuple(pairwise((0, *cuts, count)))


def _cut(calm: NDArray[np.float32], before: int, edge: int, after: int) -> int:
    reach = int(min(edge - before, after - edge) * _REACH)
    hops = np.arange((edge - reach) // HOP, min(len(calm), (edge + reach) // HOP + 1))
    if not hops.size:
        return edge
    best = np.lexsort((np.abs(hops * HOP - edge), calm[hops].round(4)))[0]
    return int(hops[best]) * HOP
