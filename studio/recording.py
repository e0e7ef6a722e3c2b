"""The voice of a clip: a recording of what its scenes say, found, heard to its end, and cut at pauses where scenes change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editorial.problem import BadInput, Problem
from reading.document import line_of
from reading.source import relative_name
from studio.brand import Brand
from studio.contract import VOICES, context_of, language_of
from studio.digest import file_digest
from studio.expression import names_in, print_text
from studio.loudness import SAMPLES_A_SECOND, SILENCE, Samples, integrated, levelled
from studio.picture import workspace_file
from studio.template import Template
from studio.track import decoded

HOP = SAMPLES_A_SECOND // 100  # the step in which a voice is there or not
_QUIET = 10 ** (-40 / 20)  # of a voice at -16 LUFS: the room and the breath are below, the end of a word is above
_MARGIN = 12  # hops kept before the first sound and after the last
_PAUSE = 25  # hops: the stretch that a cut looks for
_REACH = 0.4  # of the shorter neighbour: how far a cut may be from where the letters put it


@dataclass(frozen=True, kw_only=True, eq=False)
class Recording:
    """A voice as it is heard: stereo samples at the loudness of a clip, without the silence round them."""

    samples: Samples

    @property
    def seconds(self) -> float:
        """Return how long it is."""
        return float(self.samples.shape[1] / SAMPLES_A_SECOND)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A stretch of a recording, in its samples, and the second of the clip at which it is heard."""

    start: int
    end: int
    at: float

    @property
    def seconds(self) -> float:
        """Return how long it is."""
        return (self.end - self.start) / SAMPLES_A_SECOND

    @property
    def until(self) -> float:
        """Return the second of the clip at which it is over."""
        return self.at + self.seconds


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What is read aloud over the music, and how the music makes room for it."""

    path: Path
    most: float
    passages: tuple[Passage, ...]
    duck: float
    attack: float
    release: float


def voice_source(template: Template, context: Mapping[str, object]) -> str:
    """Return what the template names as its voice with this data; empty where there is none."""
    return "" if template.voice is None else print_text(template.voice.file, context).strip()


def voice_of(template: Template, brand: Brand, data: Mapping[str, object]) -> Path | None:
    """Return the recording that goes with some data; None where there is none or it is not there."""
    return find_voice(template, brand, voice_source(template, _context(template, data)))


def find_voice(template: Template, brand: Brand, source: str) -> Path | None:
    """Return the recording of that name in the template, assets/ or the workspace; None when none is there."""
    starts = (template.folder, brand.assets, template.root) if source else ()
    return next((path for start in starts if (path := workspace_file(start / source, template.root, VOICES))), None)


def voice_problems(template: Template, brand: Brand, data: Mapping[str, object]) -> Iterator[Problem]:
    """Yield what is wrong with the recording that goes with some data, at the field or the template's key that names it."""
    source = voice_source(template, _context(template, data))
    if source and template.voice is not None:
        path = find_voice(template, brand, source)
        found = (_missing(source),) if path is None else tuple(_unheard(path, template.voice.most))
        yield from (_placed(problem, template, data) for problem in found)


def _context(template: Template, data: Mapping[str, object]) -> Mapping[str, object]:
    return {**context_of(template.fields, data), "language": language_of(data)}


def _missing(source: str) -> Problem:
    message = f"không có tệp giọng đọc “{source}” trong không gian làm việc; tệp phải là {', '.join(VOICES)}"
    return Problem(rule="missing-voice", message=message)


def _unheard(path: Path, most: float) -> Iterator[Problem]:
    try:
        heard(path, most)
    except BadInput as bad:
        yield from bad.problems


def _placed(found: Problem, template: Template, data: Mapping[str, object]) -> Problem:
    assert template.voice is not None
    field = next((name for name in sorted(names_in(template.voice.file)) if data.get(name)), None)
    if field is not None and field != "language":
        return replace(found, key=field)
    file = relative_name(template.folder / "template.yaml", template.root)
    return replace(found, file=file, line=line_of(template.lines, ("voice", "file")), key="voice.file")


def heard(path: Path, most: float) -> Recording:
    """Return a recording of at most so many seconds; raise BadInput where it cannot be heard, or goes on for longer."""
    return _heard(path, most, file_digest(path))


@lru_cache(maxsize=2)
def _heard(path: Path, most: float, digest: str) -> Recording:
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


def passages(recording: Recording, letters: Sequence[int]) -> tuple[tuple[int, int], ...]:
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
