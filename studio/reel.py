"""Moving pictures kept frame by frame: written once, read one at a time, so that a long one takes no more memory than a short."""

from __future__ import annotations

import hashlib
import io
import threading
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image

from studio.display import Reel
from studio.plane import Cutout, cutout

_STEP = "{:05d}.png"


def write_reel(pictures: Iterable[Image.Image], left: int, top: int, folder: Path) -> Reel:
    """Return pictures, at least one, kept in a file named after what they show; it appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{uuid.uuid4().hex}"
    shown, count = hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as kept:
            for picture in pictures:
                stream = io.BytesIO()
                picture.save(stream, "PNG", compress_level=1)
                shown.update(stream.getvalue())
                kept.writestr(zipfile.ZipInfo(_STEP.format(count)), stream.getvalue())
                count += 1
        path = folder / shown.hexdigest()[:2] / f"{shown.hexdigest()}.zip"
        path.parent.mkdir(exist_ok=True)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return Reel(path=path, left=left, top=top, frames=count)


@lru_cache(maxsize=4)
def _opened(path: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)


_TURN = threading.Lock()  # an open file has one place at which it is read


def picture_at(reel: Reel, number: int) -> Image.Image:
    """Return the RGBA picture that a reel shows in a frame of its scene."""
    with _TURN:
        encoded = _opened(reel.path).read(_STEP.format(min(max(0, number), reel.frames - 1)))
    return Image.open(io.BytesIO(encoded)).convert("RGBA")


class ReelCutouts(Sequence[Cutout]):
    """The cutouts of a reel, each made when it is asked for."""

    def __init__(self, reel: Reel, opacity: float) -> None:
        self._reel = reel
        self._opacity = opacity

    def __len__(self) -> int:
        """Return how many frames there are."""
        return self._reel.frames

    def __getitem__(self, number: int) -> Cutout:  # type: ignore[override]
        """Return the cutout of a frame."""
        return cutout(self._reel.left, self._reel.top, picture_at(self._reel, number), self._opacity)
