"""Single frames of a clip as pictures, exactly as the clip shows them, without encoding it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PIL import Image

from studio.compose import Projector
from studio.film import Film
from studio.paint import Easel
from studio.plane import picture_of
from studio.still import jpeg
from studio.sweep import mark_used
from studio.whole_file import write_whole


def film_frames(film: Film, numbers: Sequence[int], easel: Easel) -> Iterator[Image.Image]:
    """Yield frames of a film as RGB pictures, in the order asked for; cheapest when that is the clip's own order."""
    projector = Projector(film, easel)
    for number in numbers:
        yield picture_of(projector.frame(number))


class Screen:
    """A clip that stays open, to be looked at frame by frame and in any order, at most `width` px wide."""

    def __init__(self, film: Film, easel: Easel, width: int) -> None:
        self.film = film
        self._projector = Projector(film, easel)
        self._width = width

    def frame(self, number: int) -> bytes:
        """Return a frame as JPEG."""
        picture = picture_of(self._projector.frame(number))
        picture.thumbnail((self._width, picture.height), Image.Resampling.BOX)
        return jpeg(picture)


def kept_frames(folder: Path, film: Film, numbers: Sequence[int], easel: Easel) -> tuple[Path, ...]:
    """Return JPEG files of frames; those that `folder` has already are not composed again."""
    paths = {number: folder / f"{number}.jpg" for number in numbers}
    missing = sorted(number for number, path in paths.items() if not path.is_file())
    if missing:
        for number, picture in zip(missing, film_frames(film, missing, easel), strict=True):
            write_whole(paths[number], jpeg(picture))
    mark_used(folder)
    return tuple(paths[number] for number in numbers)


MOST_OPEN = 2  # clips that a process keeps open: each holds what its scenes are painted of
_OPEN: OrderedDict[tuple[str, int], Screen] = OrderedDict()


def open_screen(digest: str, width: int, film: Callable[[], Film], easel: Easel) -> Screen:
    """Return a clip opened to be looked at; it stays open in this process until others have taken its place."""
    name = (digest, width)
    if name not in _OPEN:
        _OPEN[name] = Screen(film(), easel, width)
        while len(_OPEN) > MOST_OPEN:
            _OPEN.popitem(last=False)
    _OPEN.move_to_end(name)
    return _OPEN[name]
