"""Whether this machine renders right: its letters, its encoder, its colours."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import av
import numpy as np
from av.codec import Codec
from av.error import FFmpegError
from PIL import ImageFont, features

from studio.brand import Brand
from studio.colour import Colour
from studio.compose import Projector
from studio.display import Box, DisplayList, Item, Motion, Shape
from studio.encode import encode_segment
from studio.film import Film, Shot
from studio.font import VIETNAMESE, layout_engine, missing_glyphs
from studio.motion import FRAMES_A_SECOND
from studio.paint import Easel
from studio.still import fold_film, jpeg

LETTERS = VIETNAMESE + "aeiouyAEIOUY"  # 134 with marks and the 12 bare vowels
FRAMES, TRIALS = 10, 4
_WIDTH, _HEIGHT = 384, 384  # TikTok takes no clip whose sides have fewer than 360 pixels
_SAMPLES = (Colour(200, 16, 46), Colour(255, 205, 0), Colour(0, 122, 61), Colour(27, 47, 54))  # red, gold, green, ink


@dataclass(frozen=True, kw_only=True)
class TextLayout:
    """How letters are placed: the engine's name, and the versions of the libraries that it needs, None where one is missing."""

    engine: str
    raqm: str | None
    fribidi: str | None

    @property
    def full(self) -> bool:
        """Tell whether loose marks (NFD) and right-to-left words are placed right as well."""
        return self.raqm is not None and self.fribidi is not None


def text_layout() -> TextLayout:
    """Return how this machine places letters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # whoever asks is told in other words
        chosen = layout_engine()
    engine = "Raqm" if chosen is ImageFont.Layout.RAQM else "Basic"
    return TextLayout(engine=engine, raqm=_version("raqm"), fribidi=_version("fribidi"))


def _version(name: str) -> str | None:
    return str(features.version(name)) if features.check(name) else None


def missing_letters(brand: Brand) -> dict[str, str]:
    """Return the Vietnamese letters that each font file lacks; a font that has them all is left out."""
    found = {path.name: missing_glyphs(path, LETTERS) for path in sorted(set(brand.fonts.values()))}
    return {name: letters for name, letters in found.items() if letters}


def has_encoder() -> bool:
    """Tell whether H.264 can be written."""
    try:
        Codec("libx264", "w")
    except (FFmpegError, ValueError):
        return False
    return True


def encodings() -> int:
    """Return how many different streams come of encoding ten frames four times in this process."""
    film, easel = _test_film(), Easel()
    return len({encode_segment(Projector(film, easel), range(FRAMES)) for _ in range(TRIALS)})


def sample_clip() -> tuple[bytes, int, int, float]:
    """Return a small real clip with its width and height in pixels and its seconds: for trying where clips go."""
    film = _test_film()
    return encode_segment(Projector(film, Easel()), range(FRAMES)), _WIDTH, _HEIGHT, FRAMES / FRAMES_A_SECOND


def sample_picture() -> tuple[bytes, int, int]:
    """Return a small real JPEG with its width and height in pixels."""
    return jpeg(fold_film(_test_film(), Easel())), _WIDTH, _HEIGHT


def colour_error() -> int:
    """Return by how much of 255 the worst channel of four colours is off after the way through an MP4."""
    encoded = encode_segment(Projector(_test_film(), Easel()), range(FRAMES))
    with av.open(io.BytesIO(encoded), "r") as clip:
        frame = next(iter(clip.decode(video=0)))
        pixels = frame.to_ndarray(format="rgb24", src_colorspace="ITU709", dst_colorspace="ITU709").astype(int)
    tall = _HEIGHT // len(_SAMPLES)
    centres = [pixels[tall * row + tall // 2 - 8 : tall * row + tall // 2 + 8, 30:90] for row in range(len(_SAMPLES))]
    wanted = [(colour.red, colour.green, colour.blue) for colour in _SAMPLES]
    return max(int(np.abs(seen.mean(axis=(0, 1)) - want).max().round()) for seen, want in zip(centres, wanted, strict=True))


def _test_film() -> Film:
    """Return ten frames: four bands of colour, and a square that slides over them."""
    tall = _HEIGHT / len(_SAMPLES)
    bands = tuple(
        Item(id=f"band{row}", drawing=Shape(box=Box(left=0, top=row * tall, width=_WIDTH, height=tall), fill=colour))
        for row, colour in enumerate(_SAMPLES)
    )
    box = Box(left=200, top=60, width=80, height=200)
    slide = Motion(entering=True, move="slide", ease="out", start=0.0, seconds=0.3, dx=60, dy=0, box=box)
    square = Item(id="square", drawing=Shape(box=box, fill=Colour(255, 255, 255), radius=20), motions=(slide,))
    display = DisplayList(width=_WIDTH, height=_HEIGHT, items=(*bands, square))
    shot = Shot(id="test", start=0, frames=FRAMES, crossfade=0, display=display)
    return Film(width=_WIDTH, height=_HEIGHT, shots=(shot,), overlays=(), cues=(), bed=None, poster=0, problems=())
