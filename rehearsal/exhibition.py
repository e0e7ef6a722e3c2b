"""What the public saw of a town that is closed: its channels' pages again, for whoever looks at them elsewhere.

Nothing is answered and nothing happens any more: the journals are read, and stay as they are.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from starlette.responses import FileResponse, Response

from rehearsal import pages
from rehearsal.media import MediaStore
from rehearsal.pages import Addresses
from rehearsal.platform import Platform
from rehearsal.town import PLATFORMS

REMEMBERED = 4  # channels: a journal of a quarter takes a moment to be read


class Exhibition:
    """The public side of one stand-in, from the folder that its town was given; raise KeyError where it has left no journal."""

    def __init__(self, folder: Path, platform: str, at: Addresses) -> None:
        self._folder = folder
        self._platform = _opened(folder, platform)
        self._at = at

    @property
    def count(self) -> int:
        """Count what was visible at the end."""
        return len(self._platform.ledger.feed())

    def feed(self) -> Response:
        """Show everything that was visible at the end, newest first."""
        return pages.feed(self._platform, self._at)

    def post(self, id: str) -> Response:
        """Show one post."""
        return pages.post(self._platform, id, self._at)


def medium(folder: Path, filename: str) -> Response | None:
    """Give a picture, clip or file that the town was sent; None where there is none of that name."""
    place = MediaStore(folder / "media").named(filename)
    return FileResponse(place) if place.is_file() else None


@lru_cache(REMEMBERED)
def _opened(folder: Path, name: str) -> Platform:
    kinds = {kind.name: kind for kind in PLATFORMS}
    if name not in kinds or not (folder / f"{name}.jsonl").is_file():
        raise KeyError(name)
    opened = kinds[name](folder=folder, media=MediaStore(folder / "media"), clock=lambda: datetime.now(UTC))
    opened.journal.close()
    return opened
