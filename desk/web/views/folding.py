"""Where a platform folds a long text away behind “Xem thêm”."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fold:
    """A platform shows so many letters, and no more than so many lines, before a reader asks for the rest."""

    letters: int
    lines: int


# No platform says where it folds, and it is not the same on every screen: these are rules of thumb of those who post there,
# and the page says that they are.
FOLDS = {
    "facebook": Fold(letters=480, lines=5),
    "youtube": Fold(letters=160, lines=3),
    "tiktok": Fold(letters=100, lines=2),
}


def folded(text: str, platform: str) -> tuple[str, str]:
    """Return what of a text is shown at first, and the rest; the rest is empty where nothing is folded."""
    fold = FOLDS.get(platform)
    if fold is None:
        return text, ""
    lines = text.split("\n")
    shown = "\n".join(lines[: fold.lines])
    if len(shown) > fold.letters:
        at = shown.rfind(" ", 0, fold.letters)
        shown = shown[: at if at > 0 else fold.letters]
    shown = shown.rstrip()
    return shown, text[len(shown) :].strip()
