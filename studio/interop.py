"""MoviePy beside the studio: our clip as a MoviePy clip, and a MoviePy clip in the place of one of our layers.

Needs MoviePy, which the rest of the house does not: `./loa moviepy SCRIPT.py` runs a script with it (docs/moviepy.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from moviepy import AudioClip, VideoClip
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageOps

from editorial.problem import BadInput, Problem, Severity
from studio.assembly import make_clip
from studio.brand import Brand
from studio.compose import Projector
from studio.display import Item, Picture, Shape
from studio.film import Film, Shot, make_film
from studio.mask import rounded
from studio.motion import FRAMES_A_SECOND
from studio.paint import Easel
from studio.plane import picture_of
from studio.reel import write_reel
from studio.rendition import Recipe
from studio.screening import screening_problems
from studio.segment import SegmentShelf
from studio.sound import SAMPLES_A_SECOND, Samples, mix
from studio.studio import Studio
from studio.template import load_templates


def open_studio(workspace: Path) -> Studio:
    """Return the studio of a workspace; raise BadInput where its brand or a template cannot be read."""
    brand = Brand.load(workspace / "assets")
    templates = load_templates(workspace / "templates", brand, workspace)
    return Studio(templates=templates, brand=brand, cache=workspace / ".loa")


def film_of(studio: Studio, recipe: Recipe) -> Film:
    """Return the clip of a recipe, laid out in time and not painted; raise BadInput where nothing can be drawn."""
    return make_film(studio.stage(recipe))


def as_moviepy(film: Film) -> VideoClip:
    """Return a film as a MoviePy clip with its sound; each frame is composed when it is asked for."""
    projector = Projector(film, Easel())

    def pixels(moment: float) -> NDArray[np.uint8]:
        number = min(film.frames - 1, max(0, int(moment * FRAMES_A_SECOND + 1e-6)))
        return np.asarray(picture_of(projector.frame(number)))

    clip = VideoClip(pixels, duration=film.seconds).with_fps(FRAMES_A_SECOND)
    return clip.with_audio(_audio(mix(film.bed, film.seconds, film.voice))) if film.is_heard else clip


def _audio(sound: Samples) -> AudioClip:
    def samples(moment: float | NDArray[np.float64]) -> NDArray[np.float32]:
        at = np.clip(np.rint(np.asarray(moment) * SAMPLES_A_SECOND).astype(int), 0, sound.shape[1] - 1)
        return np.asarray(sound.T[at])

    return AudioClip(samples, duration=sound.shape[1] / SAMPLES_A_SECOND, fps=SAMPLES_A_SECOND)


def with_moving_picture(film: Film, layer: str, clip: VideoClip, reels: Path) -> Film:
    """Return the film with a MoviePy clip in the place of a picture or shape, in every scene that has a layer of that id.

    It starts with its scene, fills the layer's box and keeps the layer's motion and corners; it is cut where the scene ends, and
    its last frame stays where it is the shorter. Its frames are kept in the folder `reels`. Its sound is not taken, since nobody
    could read along with it: the film has a warning (`unheard-sound`) where it has one.
    """
    shots = tuple(_with_reel(shot, layer, clip, reels) for shot in film.shots)
    if shots == film.shots:
        message = f"clip không có lớp hình nào tên “{layer}”; hãy ghi id của một lớp image hoặc shape trong một cảnh"
        raise BadInput(Problem(rule="unknown-name", key=layer, message=message))
    return replace(film, shots=shots, problems=tuple(dict.fromkeys((*film.problems, *_unheard(layer, clip)))))


def _unheard(layer: str, clip: VideoClip) -> Iterator[Problem]:
    """Yield that a clip's own sound is left out: whoever cannot hear it would find no captions, and no check has read it."""
    if clip.audio is not None:
        message = f"tiếng của clip MoviePy ở lớp “{layer}” không được lấy; lời nói hãy ghi vào say và dùng giọng đọc (voice)"
        yield Problem(rule="unheard-sound", key=layer, message=message, severity=Severity.WARNING)


def _with_reel(shot: Shot, layer: str, clip: VideoClip, reels: Path) -> Shot:
    items = tuple(_moving(item, shot, clip, reels) if _is_place(item, layer) else item for item in shot.display.items)
    return replace(shot, display=replace(shot.display, items=items)) if items != shot.display.items else shot


def _is_place(item: Item, layer: str) -> bool:
    return item.id == layer and isinstance(item.drawing, Picture | Shape)


def _moving(item: Item, shot: Shot, clip: VideoClip, reels: Path) -> Item:
    left, top, right, bottom = item.drawing.box.whole()
    corners = rounded(right - left, bottom - top, item.drawing.radius if isinstance(item.drawing, Picture | Shape) else 0.0)
    pictures = (_fitted(picture, corners) for picture in _pictures(clip, shot.frames, item.id))
    return replace(item, live=write_reel(pictures, left, top, reels))


def _pictures(clip: VideoClip, most: int, layer: str) -> Iterator[Image.Image]:
    """Yield the RGBA frames of a MoviePy clip, at most so many; raise BadInput where it has no length or fails."""
    if not clip.duration or clip.duration <= 0:
        message = f"clip MoviePy đặt vào lớp “{layer}” chưa có độ dài; hãy gọi with_duration trước"
        raise BadInput(Problem(rule="unreadable-clip", key=layer, message=message))
    for number in range(min(most, max(1, round(clip.duration * FRAMES_A_SECOND)))):
        try:
            yield _picture(clip, number / FRAMES_A_SECOND)
        except Exception as error:  # what a clip of somebody's own code may raise, nobody knows
            message = f"clip MoviePy đặt vào lớp “{layer}” hỏng ở khung {number}: {error}"
            raise BadInput(Problem(rule="unreadable-clip", key=layer, message=message)) from error


def _picture(clip: VideoClip, moment: float) -> Image.Image:
    picture = Image.fromarray(np.clip(clip.get_frame(moment), 0, 255).astype(np.uint8)).convert("RGB")
    if clip.mask is not None:
        shares = np.clip(np.asarray(clip.mask.get_frame(moment), dtype=np.float64), 0, 1)
        picture.putalpha(Image.fromarray(np.rint(shares * 255).astype(np.uint8)))
    return picture.convert("RGBA")


def _fitted(picture: Image.Image, corners: Image.Image) -> Image.Image:
    """Return a picture that covers its box as a photo does, its corners cut."""
    fitted = ImageOps.fit(picture, corners.size, Image.Resampling.BICUBIC)
    fitted.putalpha(ImageChops.multiply(fitted.getchannel("A"), corners))
    return fitted


def write(film: Film, path: Path, segments: Path, cores: int = 1) -> tuple[Problem, ...]:
    """Write a film as MP4 by the studio's own encoder; return what is wrong with its finished pictures and its sound."""
    make_clip(film, path, Easel(), SegmentShelf(folder=segments), cores, None)
    unheard = (problem for problem in film.problems if problem.rule == "unheard-sound")
    return (*unheard, *screening_problems(film, Easel()))
