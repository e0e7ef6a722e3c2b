"""The voice of a clip: a recording of what its scenes say, found, heard to its end, and cut at pauses where scenes change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from editorial.problem import BadInput, Problem
from reading.document import line_of
from reading.source import relative_name
from studio.brand import Brand
from studio.contract import VOICES, context_of, language_of
from studio.digest import file_digest
from studio.expression import names_in, print_text
from studio.picture import workspace_file
from studio.sampling import SAMPLES_A_SECOND
from studio.template import Template

if TYPE_CHECKING:
    from studio.loudness import Samples


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
    from studio.hearing import hear  # large, and the open desk mostly plans clips that have no voice

    return hear(path, most, file_digest(path))


def passages(recording: Recording, letters: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return the stretch of samples for each of several texts that are read in a row, cut where the voice pauses."""
    from studio.hearing import cut_at_pauses

    return cut_at_pauses(recording, letters)
