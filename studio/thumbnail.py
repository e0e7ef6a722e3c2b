"""Small pictures of renditions, kept beside the frames of clips: a page that shows many of them stays light."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from studio.still import jpeg
from studio.sweep import mark_used
from studio.whole_file import write_whole


def kept_thumbnail(path: Path, picture: Path, width: int) -> Path:
    """Return the file of a picture as a JPEG at most `width` px wide and twice as high, made once."""
    if not path.is_file():
        with Image.open(picture) as opened:
            if opened.format == "JPEG":
                opened.draft("RGB", (width * 2, width * 4))
            small = opened.convert("RGB")
            small.thumbnail((width, width * 2), Image.Resampling.LANCZOS, reducing_gap=3.0)
        write_whole(path, jpeg(small))
    mark_used(path.parent)
    return path
