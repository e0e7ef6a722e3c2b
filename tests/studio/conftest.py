"""A tiny workspace of its own: one brand, one still, one clip, drawn in the test."""

from __future__ import annotations

import functools
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.brand import Brand
from studio.studio import Studio
from studio.template import load_templates

FONTS = Path(__file__).parents[2] / "assets" / "fonts" / "be-vietnam-pro"
FONT = FONTS / "BeVietnamPro-ExtraBold.ttf"

RED, GOLD = (200, 16, 46), (255, 205, 0)

BRAND = """\
schema: 1
name: {vi: Thử}
colours:
  light: &one {background: "#fffaf2", surface: "#ffffff", text: "#1d1a17", muted: "#6b625a", primary: "#c8102e",
    on_primary: "#ffffff", accent: "#ffcd00", on_accent: "#1d1a17", line: "#e6dccf"}
  dark: *one
  solemn: *one
  festive: *one
fonts: {display: fonts/bold.ttf, heading: fonts/bold.ttf, body: fonts/bold.ttf, strong: fonts/bold.ttf}
type: {title: 84, body: 36, small: 28}
spaces: {s: 16, m: 32}
radii: {card: 28}
music: {calm: music/calm.wav}
"""

STILL = """\
schema: 1
kind: infographic
name: {vi: Thử}
fields:
  headline: {type: text, required: true, max: 400}
  figures: {type: list, of: {value: figure, label: text}, max: 4}
  photo: {type: image}
  link: {type: link}
sizes:
  square: {}
  link: {layers: {headline: {size: 40}}}
layers:
  - {id: ground, type: fill, fill: {angle: 160, stops: [[0, background], [1, surface]]}}
  - {id: photo, type: image, source: "{{ photo }}", box: [0, 0, "100%", 200], visible_if: photo}
  - id: page
    type: stack
    within: safe
    gap: m
    children:
      - {id: headline, type: text, text: "{{ headline }}", font: display, size: title, min_size: 40, max_lines: 5}
      - {id: after, type: shape, height: 10, fill: accent}
      - id: figures
        type: list
        items: figures
        direction: grid
        gap: s
        layer:
          id: card
          type: stack
          fill: primary
          radius: card
          padding: m
          children:
            - {id: value, type: number, value: "{{ item.value }}", size: title, colour: on_primary}
            - {id: label, type: text, text: "{{ item.label }}", size: small, colour: on_primary}
      - {id: qr, type: qr, content: "{{ link }}", height: 160}
"""

CLIP = """\
schema: 1
kind: clip
name: {vi: Thử}
fields:
  headline: {type: text, required: true, max: 120}
  photo: {type: image}
  wards: {type: figure}
sizes: {link: {}}
music: {track: calm, volume: -12}
poster: opening
scenes:
  - id: opening
    seconds: 2
    say: "{{ headline }}"
    layers:
      - {id: photo, type: image, source: "{{ photo }}", kenburns: {from: 1.0, to: 1.1}}
      - {id: band, type: shape, fill: primary, box: [0, 0, "100%", 200]}
      - {id: headline, type: text, within: safe, text: "{{ headline }}", size: title, colour: on_primary, enter: rise}
  - id: figure
    seconds: 2
    visible_if: wards
    layers:
      - {id: ground, type: fill, fill: accent}
      - {id: wards, type: number, within: safe, value: "{{ wards }}", size: title, count: {seconds: 0.5}, enter: pop}
  - id: end
    seconds: 1
    layers:
      - {id: close, type: fill, fill: primary}
layers:
  - {id: said, type: subtitle, within: safe, size: small, colour: "#ffffff", fill: "#000000/70%", padding: [8, 16], radius: 12}
"""


def write_wave(path: Path) -> None:
    """Write half a second of a quiet tone as a WAV file."""
    import wave

    path.parent.mkdir(parents=True, exist_ok=True)
    tone = (np.sin(np.arange(24_000) * 0.05) * 8000).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(tone.tobytes())


def write_photo(path: Path) -> None:
    """Write a soft picture with structure, so that a crop or a shift would show."""
    path.write_bytes(_photo())


@functools.cache
def _photo() -> bytes:
    y, x = np.mgrid[0:900, 0:1400]
    pixels = np.stack([120 + 60 * np.sin(x / 90), 110 + 50 * np.cos(y / 70), 100 + 40 * np.sin((x + y) / 120)], axis=-1)
    stream = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(stream, "JPEG", quality=95)
    return stream.getvalue()


def make_workspace(folder: Path) -> Path:
    """Fill a folder with one brand, one still, one clip and one photo, and return it."""
    (folder / "assets" / "fonts").mkdir(parents=True)
    shutil.copy(FONT, folder / "assets" / "fonts" / "bold.ttf")
    write_wave(folder / "assets" / "music" / "calm.wav")
    (folder / "assets" / "brand.yaml").write_text(BRAND, encoding="utf-8")
    for name, text in (("infographic/card", STILL), ("clip/short", CLIP)):
        (folder / "templates" / name).mkdir(parents=True)
        (folder / "templates" / name / "template.yaml").write_text(text, encoding="utf-8")
    write_photo(folder / "photo.jpg")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace of the test's own."""
    return make_workspace(tmp_path)


@pytest.fixture
def open_studio(workspace: Path) -> Callable[[str], Studio]:
    """Return a function that opens a studio on the workspace with a cache of a given name."""

    def opened(cache: str = "cache") -> Studio:
        return studio_of(workspace, cache)

    return opened


def studio_of(workspace: Path, cache: str = "cache") -> Studio:
    """Open a studio on a workspace with a cache of a given name."""
    brand = Brand.load(workspace / "assets")
    templates = load_templates(workspace / "templates", brand, workspace)
    return Studio(templates=templates, brand=brand, cache=workspace / cache)
