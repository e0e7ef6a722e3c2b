"""What speed is measured on: a workspace of its own with photos made by arithmetic, the same on every machine."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from studio.brand import Brand
from studio.compose import Projector
from studio.film import Film, make_film
from studio.paint import Easel
from studio.picture import cut_photo
from studio.scene import stage
from studio.still import fold, png
from studio.studio import Studio
from studio.template import Template, load_templates

PHOTO = (4000, 3000)  # 12 megapixels
CLIP, POSTER = "clip/scenes", "infographic/poster"
WARD_PICTURES = ("infographic/poster", "infographic/ward-figures", "infographic/ward-steps")
_GRAIN = 6.0  # standard deviation, of 255: what a small sensor leaves by daylight


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The workspace opened: its templates, brand and folder."""

    root: Path
    brand: Brand
    templates: Mapping[str, Template]

    def studio(self, cache: str, *, cores: int = 1) -> Studio:
        """Return a studio with a cache of its own."""
        return Studio(templates=self.templates, brand=self.brand, cache=self.root / cache, cores=cores)

    def data(self, template_id: str) -> dict[str, object]:
        """Return what a template is filled with."""
        return dict(self.templates[template_id].samples["typical"])

    def film(self) -> Film:
        """Return the clip, laid out."""
        return make_film(stage(self.templates[CLIP], self.brand, self.data(CLIP), "story", "light"))

    def edited(self, number: int) -> dict[str, object]:
        """Return the clip's data with other words in its middle scene."""
        data = self.data(CLIP)
        scenes = data["scenes"]
        assert isinstance(scenes, list)
        data["scenes"] = [*scenes[:2], {**scenes[2], "headline": f"Văn Miếu, bản thứ {number}"}, *scenes[3:]]
        return data


def make_workspace(root: Path, templates: Path, assets: Path) -> None:
    """Fill a folder with the templates, the brand and five photos; photos that are there already are kept."""
    for name, source in (("templates", templates), ("assets", assets)):
        shutil.rmtree(root / name, ignore_errors=True)
        shutil.copytree(source, root / name)
    (root / "photos").mkdir(exist_ok=True)
    for number in range(1, 6):
        path = root / "photos" / f"{number}.jpg"
        if not path.is_file():
            made = path.with_suffix(".part")
            photo(number).save(made, "JPEG", quality=92)
            made.rename(path)
    import segno  # here, for it brings a client of HTTP with it, and this module is loaded by the runs that are measured

    # for the browser, which gets its photo cut to size, and a QR code that it need not compute
    cut_photo(root / "photos" / "1.jpg", 1080, 1350, (0.5, 0.5)).save(root / "photo.jpg", quality=92)
    segno.make("https://hanoi.gov.vn/giai-phong-thu-do", error="m").save(str(root / "qr.svg"), scale=4)


def open_trial(root: Path) -> Trial:
    """Return the workspace that make_workspace filled."""
    brand = Brand.load(root / "assets")
    return Trial(root=root, brand=brand, templates=load_templates(root / "templates", brand, root))


def photo(seed: int) -> Image.Image:
    """Return a picture with the makings of a photo: soft light at every scale, hard edges, grain."""
    random = np.random.default_rng(seed)
    wide, tall = PHOTO
    light = np.full((tall, wide, 3), 110, dtype=np.float32)
    light += _stretched(random.normal(0, 26, (3, 4, 3)))  # a cast of colour
    for octave in range(1, 9):
        light += _stretched(random.normal(0, 62 / 1.6**octave, (3 * 2**octave, 4 * 2**octave, 1)))
    image = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))
    _add_shapes(image, random)
    grain = random.normal(0, _GRAIN, (tall, wide, 1)).astype(np.float32)
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def _stretched(coarse: NDArray[np.float64]) -> NDArray[np.float32]:
    bands = [
        Image.fromarray(band.astype(np.float32)).resize(PHOTO, Image.Resampling.BICUBIC) for band in np.moveaxis(coarse, -1, 0)
    ]
    return np.stack([np.asarray(band) for band in bands], axis=-1)


def _add_shapes(image: Image.Image, random: np.random.Generator) -> None:
    pen = ImageDraw.Draw(image)
    for _ in range(900):
        x, y = random.integers(0, PHOTO[0]), random.integers(0, PHOTO[1])
        wide, tall = random.integers(8, 240, 2)
        grey = random.integers(40, 215)
        colour = tuple(int(part) for part in np.clip(grey + random.integers(-40, 41, 3), 0, 255))
        (pen.rectangle if random.random() < 0.6 else pen.ellipse)((int(x), int(y), int(x + wide), int(y + tall)), fill=colour)


def write_frames(film: Film, path: Path) -> None:
    """Write every frame of a film as raw yuv420p, one after another."""
    projector = Projector(film, Easel())
    with path.open("wb") as stream:
        for number in range(film.frames):
            stream.write(projector.frame(number).tobytes())


@dataclass(frozen=True, kw_only=True)
class PngTrial:
    """Seconds and bytes of both ways to write the poster as PNG."""

    seconds: float
    default_seconds: float
    byte_size: int
    default_byte_size: int


def time_png(trial: Trial) -> PngTrial:
    """Write the finished poster by our PNG and by Pillow's default, one right after the other."""
    made = stage(trial.templates[POSTER], trial.brand, trial.data(POSTER), "portrait", "light")
    picture = fold(made.display(made.template.designs[made.size].layers, made.context), Easel())
    ours, seconds = _timed(lambda: png(picture))
    theirs, default_seconds = _timed(lambda: _default_png(picture))
    return PngTrial(seconds=seconds, default_seconds=default_seconds, byte_size=len(ours), default_byte_size=len(theirs))


def _default_png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def _timed(make: Callable[[], bytes]) -> tuple[bytes, float]:
    start = perf_counter()
    made = make()
    return made, perf_counter() - start
