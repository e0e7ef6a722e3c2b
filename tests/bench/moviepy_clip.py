"""The clip of the bench as MoviePy's own guide would have it made; run by MoviePy 2.2.1 in an environment of its own.

Usage: python moviepy_clip.py WORKSPACE TARGET.mp4, with the clip's data (scenes, source) as JSON on standard input.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from moviepy import (  # type: ignore[import-not-found]
    AudioFileClip,
    ColorClip,
    CompositeAudioClip,
    CompositeVideoClip,
    ImageClip,
    TextClip,
    VideoClip,
    afx,
    vfx,
)
from PIL import Image, ImageFilter

WIDE, TALL, SCENE, FADE = 1080, 1920, 3.4, 0.5
STEPS_A_SECOND = 10  # of the counter
SHADOW = 72  # px that the card's shadow may reach beyond it


def text(words: str, font: Path, size: int, colour: str, wide: int, **more: object) -> TextClip:
    return TextClip(
        font=str(font), text=words, font_size=size, color=colour, method="caption", size=(wide, None), margin=(0, 20), **more
    )


def counter(value: str, unit: str, font: Path) -> list[TextClip]:
    """Return the figure at each step of its run, then at rest."""
    whole, steps = int(value), round(1.4 * STEPS_A_SECOND)
    shown = [round(whole * (1 - (1 - step / steps) ** 3)) for step in range(steps)]
    clips = [
        text(f"{number} {unit}", font, 92, "#a8321f", 830)
        .with_start(0.4 + step / STEPS_A_SECOND)
        .with_duration(1 / STEPS_A_SECOND)
        for step, number in enumerate(shown)
    ]
    last = text(f"{value} {unit}", font, 92, "#a8321f", 830)
    return [*clips, last.with_start(0.4 + steps / STEPS_A_SECOND).with_duration(SCENE - 0.4 - steps / STEPS_A_SECOND)]


def photo(path: Path) -> ImageClip:
    still = ImageClip(str(path)).resized(height=TALL)
    still = still.cropped(x_center=still.w / 2, width=WIDE)
    near = still.with_duration(SCENE).resized(lambda t: 1 + 0.12 * t / SCENE)
    return near.with_position("center")


def slid(t: float) -> tuple[float, int]:
    share = min(1.0, max(0.0, (t - 0.2) / 0.7))
    return 80 - 240 * (1 - share) ** 3, 900


def below_slid(t: float) -> tuple[float, int]:
    left, top = slid(t)
    return left - SHADOW, top - SHADOW + 8


def shadow() -> ImageClip:
    """Return the soft shadow of the card, as a picture that is seen through."""
    dark = Image.new("L", (920 + 2 * SHADOW, 386 + 2 * SHADOW))
    dark.paste(77, (SHADOW, SHADOW, SHADOW + 920, SHADOW + 386))
    black = Image.new("RGBA", dark.size)
    black.putalpha(dark.filter(ImageFilter.GaussianBlur(24)))
    return ImageClip(np.array(black)).with_duration(SCENE)


def scene(row: dict[str, object], root: Path, fonts: Path) -> CompositeVideoClip:
    bold, strong = fonts / "BeVietnamPro-ExtraBold.ttf", fonts / "BeVietnamPro-SemiBold.ttf"
    value = row["value"]
    assert isinstance(value, dict)
    panel = ColorClip((920, 386), color=(255, 255, 255)).with_duration(SCENE)
    headline = text(str(row["headline"]), bold, 68, "#1b2f36", 830, text_align="left").with_duration(SCENE)
    figures = [clip.with_position((44, 220)) for clip in counter(str(value["value"]), str(value["unit"]), bold)]
    card = CompositeVideoClip([panel, headline.with_position((44, 24)), *figures], size=(920, 386))
    moves = [vfx.CrossFadeIn(0.7), vfx.CrossFadeOut(0.4)]
    card = card.with_duration(SCENE).with_effects(moves).with_position(slid)
    below = shadow().with_effects(moves).with_position(below_slid)
    label = text(str(row["label"]), strong, 40, "#fffaf0", 720, bg_color="#a8321f").with_duration(SCENE)
    label = label.with_effects([vfx.CrossFadeIn(0.5)]).with_position((80, 300))
    dim = ColorClip((WIDE, TALL), color=(0, 0, 0)).with_opacity(0.3).with_duration(SCENE)
    said = text(str(row["say"]), strong, 34, "#ffffff", 700, bg_color=(0, 0, 0, 178)).with_duration(SCENE)
    layers = [photo(root / str(row["photo"])), dim, label, below, card, said.with_position(("center", 1480))]
    return CompositeVideoClip(layers, size=(WIDE, TALL)).with_duration(SCENE)


def main(root: Path, target: Path) -> None:
    data, fonts = json.load(sys.stdin), root / "assets" / "fonts" / "be-vietnam-pro"
    scenes = [scene(row, root, fonts) for row in data["scenes"]]
    step = SCENE - FADE
    faded = [
        clip.with_start(index * step).with_effects([vfx.CrossFadeIn(FADE)] if index else []) for index, clip in enumerate(scenes)
    ]
    seconds = (len(scenes) - 1) * step + SCENE
    disc = np.hypot(*np.mgrid[-48:48, -48:48]) < 48
    mark = ImageClip(np.dstack([np.full(disc.shape, part) for part in (181, 71, 47)] + [disc * 255]).astype(np.uint8))

    def grown(t: float) -> np.ndarray:
        bar = np.zeros((12, WIDE, 3), dtype=np.uint8)
        bar[:, : int(WIDE * t / seconds)] = (229, 169, 63)
        return bar

    bar = VideoClip(grown, duration=seconds).with_position((0, 0))
    source = text(f"Nguồn: {data['source']}", fonts / "BeVietnamPro-Regular.ttf", 26, "#ffffff", 800, text_align="left")
    source = source.with_duration(seconds).with_position((80, 1320))
    mark = mark.with_duration(seconds).with_position((64, 120))
    whole = CompositeVideoClip([*faded, mark, source, bar], size=(WIDE, TALL))
    music = AudioFileClip(str(root / "assets" / "music" / "bed.wav"))
    music = music.with_effects([afx.AudioLoop(duration=seconds), afx.AudioFadeIn(0.5), afx.AudioFadeOut(1.5)])
    whole = whole.with_duration(seconds).with_audio(CompositeAudioClip([music]).with_duration(seconds))
    whole.write_videofile(
        str(target), fps=30, codec="libx264", preset="veryfast", ffmpeg_params=["-crf", "20"], audio_codec="aac",
        audio_bitrate="128k", logger=None,
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
