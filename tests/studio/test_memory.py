"""Memory is bounded by LOA_MEMORY_MB: whatever file is given, a process of its own never grows by more than it may."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.studio.test_bad_pictures import bomb
from tests.studio.test_hostile import told

ROOT = Path(__file__).parents[2]
ALLOWED = 256  # MB, the least that can be set
GROWN = """\
import json, sys
import av, cv2  # they load when first needed, and are no growth
from pathlib import Path
from editorial.problem import BadInput
from studio.colour import Colour
from studio.display import Box, Shape
from studio.film import Bed
from studio.paint import Easel
from studio.sound import mix
from tests.studio.conftest import studio_of

def peak():
    status = Path("/proc/self/status").read_text()  # of this program alone: getrusage would begin at its parent's
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

def paint_much():
    easel = Easel()
    for shade in range(12):
        easel.paint(Shape(box=Box(left=0, top=0, width=2480, height=3508), fill=Colour(shade, 0, 0)))

def mix_a_minute():
    mix(Bed(path=workspace / "assets" / "music" / "calm.wav", volume=-12.0, fade_in=0.5, fade_out=0.5), 60.0)

workspace = Path(sys.argv[1])
studio = studio_of(workspace)
studio.render(studio.recipe("infographic/card", {"headline": "Hà Nội"}, "link"))  # libraries, fonts
before, told = peak(), {}
for name in sys.argv[2:]:
    template, size = ("clip/short", "link") if name == "clip" else ("infographic/card", "square")
    data = {"headline": "Hà Nội"} | ({} if name == "clip" else {"photo": name})
    found = []
    try:
        if name in ("paint_much", "mix_a_minute"):
            globals()[name]()
        else:
            found = [problem.rule for problem in studio.check(template, data, size)]
            found += [problem.rule for problem in studio.render(studio.recipe(template, data, size)).problems]
    except BadInput as bad:
        found = [problem.rule for problem in bad.problems]
    told[name] = [peak() - before, sorted(set(found) - {"low-contrast"})]
print(json.dumps(told))
"""


def grown(workspace: Path, *names: str) -> dict[str, tuple[float, list[str]]]:
    """Return by how many MB a fresh process had grown after each of these, and the rules of what was wrong."""
    environment = {**os.environ, "LOA_MEMORY_MB": str(ALLOWED), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-c", GROWN, str(workspace), *names]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return {name: (megabytes, found) for name, (megabytes, found) in json.loads(run.stdout).items()}


def wide(path: Path) -> None:
    image = Image.new("RGB", (16_384, 7_324), (30, 60, 190))
    image.save(path, quality=60)


def progressive(path: Path) -> None:
    Image.new("L", (12_000, 8_000), 90).save(path, progressive=True, quality=60)


def deep(path: Path) -> None:
    Image.new("L", (9_000, 7_000), 90).save(path, compress_level=1)


def hours(path: Path) -> None:
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 1, 8_000, 0, "NONE", ""))
        tone = (128 + 90 * np.sin(np.arange(8_000) * 0.4)).astype(np.uint8).tobytes()
        out.writeframes(tone * 3_600)  # 29 MB, 1.4 GB once it is decoded


def test_whatever_is_given_a_process_grows_by_no_more_than_it_may(workspace: Path) -> None:
    photos: dict[str, tuple[Callable[[Path], None], list[str]]] = {
        "wide.jpg": (wide, []),  # 120 megapixels, 360 MB as they are: decoded small
        "progressive.jpg": (progressive, ["unreadable-picture"]),  # libjpeg keeps all of it, however small it is wanted
        "deep.png": (deep, ["unreadable-picture"]),
        "bomb.png": (bomb, ["unreadable-picture"]),
    }
    for name, (write, _) in photos.items():
        write(workspace / name)
    hours(workspace / "assets" / "music" / "calm.wav")
    found = grown(workspace, *photos, "clip", "mix_a_minute", "paint_much")
    assert {name: rules for name, (_, rules) in found.items() if rules} == {
        name: rules for name, (_, rules) in photos.items() if rules
    }
    assert {name: megabytes for name, (megabytes, _) in found.items() if megabytes > ALLOWED} == {}


CLIP = """\
schema: 1
kind: clip
name: {vi: Thử}
fields: {rows: {type: list, of: text}}
sizes: {link: {}}
music: {track: calm, volume: -12}
scenes: [{id: one, repeat: rows, seconds: 10, say: "{{ item }}", layers: [{id: ground, type: fill, fill: background}]}]
"""


def test_a_clip_with_more_sound_than_can_be_mixed_is_refused_and_a_silent_one_is_not(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOA_MEMORY_MB", str(ALLOWED))
    rows = {"rows": ["Hà Nội"] * 9}
    assert told(workspace, CLIP, rows, paint=False) == ("too-long-clip",)
    assert told(workspace, CLIP, {"rows": ["Hà Nội"] * 5}, paint=False) == ()
    assert told(workspace, CLIP.replace("music: {track: calm, volume: -12}\n", ""), rows, paint=False) == ()
    monkeypatch.setenv("LOA_MEMORY_MB", "1024")
    assert told(workspace, CLIP, rows, paint=False) == ()


KEPT = """\
import ctypes, json
from pathlib import Path
from studio.heap import kept_memory

library = ctypes.CDLL(None)
library.malloc.restype, library.malloc.argtypes, library.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]

def resident():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024

def encode():  # as much as an encoder takes, written to and given back
    taken = [library.malloc(12 << 20) for _ in range(20)]
    for place in taken:
        ctypes.memset(place, 1, 12 << 20)
    for place in taken:
        library.free(place)
    return resident()

before = resident()
with kept_memory():
    with kept_memory():
        within = encode()
    another = encode()
print(json.dumps([within - before, another - before, resident() - before, encode() - before]))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told what to do with freed memory")
def test_memory_of_an_encoder_is_kept_for_the_next_one_and_given_back_after_the_clip() -> None:
    run = subprocess.run([sys.executable, "-P", "-c", KEPT], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True)  # fmt: skip
    within, another, after, later = json.loads(run.stdout)
    assert within > 200
    assert another > 200
    assert after < 40
    assert later < 100  # what is freed outside of a clip goes back
