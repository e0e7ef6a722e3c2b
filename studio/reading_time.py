"""How long people need to read what a clip shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from editorial.problem import Problem, Severity
from studio.display import DisplayList, Words
from studio.motion import FRAMES_A_SECOND

if TYPE_CHECKING:
    from studio.film import Film

SYLLABLES_A_SECOND = 3.3  # 200 words a minute: unhurried reading of Vietnamese, where a word is a syllable
SETTLING = 1.0  # seconds before a reader has found the text
MUCH = 0.20  # of the frame: with less text than this, the picture is what people look at
_ASIDE = 0.5  # of the largest type: a kicker, a date, a source stand by for those who look for them, as locked layers do


def seconds_to_read(text: str) -> float:
    """Return how long a text takes to find and read."""
    return SETTLING + len(text.split()) / SYLLABLES_A_SECOND


def reading_problems(film: Film) -> tuple[Problem, ...]:
    """Return the scenes whose text fills a good part of the frame and is gone before it can be read."""
    found: list[Problem] = []
    for shot in film.shots:
        shown = shot.frames / FRAMES_A_SECOND
        texts = _texts(shot.display)
        needed = seconds_to_read(" ".join(texts))
        if sum(texts.values()) > MUCH and shown < needed - 1 / FRAMES_A_SECOND:
            message = f"cảnh nhiều chữ chỉ hiện {shown:.1f} giây, cần {needed:.1f} giây để đọc; hãy bớt chữ hoặc kéo dài cảnh"
            found.append(Problem(rule="too-short-to-read", key=shot.id, message=message, severity=Severity.WARNING))
    return tuple(dict.fromkeys(found))


def _texts(display: DisplayList) -> dict[str, float]:
    """Return what a scene gives to read, each with the part of the frame that its lines take up."""
    texts = [item.drawing for item in display.items if isinstance(item.drawing, Words) and item.opacity > 0 and not item.locked]
    largest = max((words.size for words in texts), default=0)
    frame = display.width * display.height
    return {
        " ".join(run.text for run in words.runs): words.box.width * words.box.height / frame
        for words in texts
        if words.size > _ASIDE * largest
    }
