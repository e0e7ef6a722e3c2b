"""What a clip says, cut into subtitles, on the picture and beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studio.words import keep_names, keep_together, normal

_MOST_LETTERS = 64  # in one subtitle: two short lines on a phone
_LEAST_SECONDS = 0.8
_STOPS = (".", "!", "?", "…")  # a sentence's end is a subtitle's end
_PAUSES = re.compile(r"(?<=[.!?…;:,–—]) ")


@dataclass(frozen=True, kw_only=True)
class Cue:
    """Words on the screen from `start` to `end`, in seconds of the clip."""

    start: float
    end: float
    text: str


def cues(said: str, start: float, end: float) -> Iterator[Cue]:
    """Yield the subtitles of one scene, each as long as its share of the letters."""
    chunks = list(_chunks(normal(said).replace("\n", " ")))
    letters = sum(len(chunk) for chunk in chunks)
    at = start
    for chunk in chunks:
        until = min(end, at + max(_LEAST_SECONDS, (end - start) * len(chunk) / letters))
        if until > at:
            yield Cue(start=at, end=until, text=chunk)
        at = until


def _chunks(said: str) -> Iterator[str]:
    """Yield stretches that fit on the screen, cut at pauses where there are any."""
    held = ""
    for phrase in _PAUSES.split(said):
        joined = f"{held} {phrase}".strip()
        if len(joined) <= _MOST_LETTERS and not held.endswith(_STOPS):
            held = joined
            continue
        if held:
            yield held
        *full, held = _evenly(phrase)
        yield from full
    if held:
        yield held


def _evenly(phrase: str) -> list[str]:
    """Return a phrase in pieces of about the same length, cut between words."""
    count = -(-len(phrase) // _MOST_LETTERS)
    goal = len(phrase) / max(1, count)
    pieces = [""]
    for word in keep_together(keep_names(phrase)).split(" "):
        if pieces[-1] and len(pieces[-1]) + len(word) / 2 > goal and len(pieces) < count:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {word}".strip()
    return [piece.replace("\u00a0", " ") for piece in pieces]


def srt(shown: Sequence[Cue]) -> str:
    """Return subtitles as SubRip text."""
    return "".join(
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{cue.text}\n\n"
        for number, cue in enumerate(shown, start=1)
    )


def vtt(shown: Sequence[Cue]) -> str:
    """Return subtitles as WebVTT text."""
    return "WEBVTT\n\n" + "".join(f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{cue.text}\n\n" for cue in shown)


def _clock(seconds: float, point: str) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"
