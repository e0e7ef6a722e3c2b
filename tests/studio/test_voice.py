"""The voice of a clip: it is heard over the music, the scenes wait for it, and a recording that cannot be used is told."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from editorial.problem import BadInput, Problem
from studio.film import Film, make_film
from studio.loudness import Samples, integrated
from studio.recording import find_voice, heard, passages
from studio.sampling import SAMPLES_A_SECOND
from studio.scene import stage
from studio.sound import bed_under, mix, voice_over
from studio.studio import Studio
from studio.template import load_template

Open = Callable[[str], Studio]

BED_HZ, VOICE_HZ = 2400, 300  # so far apart that each can be measured in the mix
SPOKEN = """\
schema: 1
kind: clip
name: {vi: Thử}
fields:
  lines: {type: list, of: text, required: true}
  voice: {type: voice}
sizes: {link: {}}
music: {track: calm, volume: -4, fade_in: 0, fade_out: 0}
voice: {file: "{{ voice }}", duck: 10, attack: 0.2, release: 0.6, most: 20}
scenes:
  - id: line
    repeat: lines
    seconds: 3
    say: "{{ item }}"
    layers: [{id: ground, type: fill, fill: primary}]
  - id: end
    seconds: 4
    layers: [{id: close, type: fill, fill: accent}]
"""
LINES = ["Hà Nội có 126 xã, phường.", "Mỗi nơi có một trụ sở."]
DATA = {"lines": LINES, "voice": "doc.wav"}


def write(path: Path, sound: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLES_A_SECOND)
        out.writeframes((sound * 32767).astype("<i2").tobytes())


def tone(hertz: float, seconds: float, height: float) -> np.ndarray:
    return height * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SAMPLES_A_SECOND)) / SAMPLES_A_SECOND)


def words(*seconds: float, pause: float = 0.6, height: float = 0.1) -> np.ndarray:
    """Return sentences of so many seconds, a pause between two, and a second of silence round them all."""
    parts = [np.zeros(SAMPLES_A_SECOND)]
    for index, length in enumerate(seconds):
        parts += [np.zeros(round(pause * SAMPLES_A_SECOND))] * bool(index) + [tone(VOICE_HZ, length, height)]
    return np.concatenate([*parts, np.zeros(SAMPLES_A_SECOND)])


@pytest.fixture
def spoken(workspace: Path) -> Path:
    """Return the workspace with a clip that has a voice, and a recording of its two lines."""
    folder = workspace / "templates" / "clip" / "spoken"
    folder.mkdir()
    (folder / "template.yaml").write_text(SPOKEN, encoding="utf-8")
    write(workspace / "assets" / "music" / "calm.wav", tone(BED_HZ, 2, 0.3))
    write(workspace / "doc.wav", words(2.6, 2.2))
    return workspace


def film_of(studio: Studio, data: dict[str, object]) -> Film:
    return make_film(stage(studio.templates["clip/spoken"], studio.brand, data, "link", "light"))


def height_of(sound: Samples, hertz: float, start: float, end: float) -> float:
    """Return the dB of one pitch in a stretch of seconds."""
    piece = sound[0, round(start * SAMPLES_A_SECOND) : round(end * SAMPLES_A_SECOND)]
    turns = np.exp(-2j * np.pi * hertz * np.arange(piece.size) / SAMPLES_A_SECOND)
    return float(20 * np.log10(np.abs((piece * turns).mean()) + 1e-9))


def test_the_music_goes_down_under_the_voice_and_up_again_after_it(spoken: Path, open_studio: Open) -> None:
    film = film_of(open_studio("cache"), DATA)
    assert film.voice is not None
    sound = mix(film.bed, film.seconds, film.voice)
    first, second = film.voice.passages
    under = height_of(sound, BED_HZ, first.at + 0.5, first.at + 2)
    alone = height_of(sound, BED_HZ, second.until + 1.5, film.seconds - 0.2)
    assert alone - under == pytest.approx(10, abs=0.3)
    assert height_of(sound, VOICE_HZ, first.at + 0.5, first.at + 2) - under > 10, "the voice is well above the music"
    assert integrated(sound) == pytest.approx(-16, abs=0.5)
    assert np.abs(sound).max() <= 10 ** (-1.5 / 20) + 1e-6


def test_the_music_is_down_before_the_first_word_and_takes_its_time_to_come_back(spoken: Path, open_studio: Open) -> None:
    film = film_of(open_studio("cache"), DATA)
    assert film.bed is not None and film.voice is not None
    voice = voice_over(film.voice, round(film.seconds * SAMPLES_A_SECOND))
    bed = bed_under(film.bed, film.voice, voice)
    heard_hops = np.flatnonzero(np.abs(voice[0]) > 0.02) / SAMPLES_A_SECOND
    begins, ends = heard_hops[0], heard_hops[-1]
    levels = [height_of(bed, BED_HZ, at, at + 0.02) for at in (0.0, begins - 0.01, ends + 0.3, ends + 0.7, ends + 1.2)]
    quiet, down, held, rising, back = (level - levels[-1] for level in levels)
    assert (quiet, down, held, back) == pytest.approx((0, -10, -10, 0), abs=1.0)
    assert -9 < rising < -1
    steps = np.abs(np.diff([height_of(bed, BED_HZ, at, at + 0.01) for at in np.arange(0.1, film.seconds - 0.1, 0.01)]))
    assert steps.max() < 1.0, "no step that could be heard as a click"


def test_each_scene_lasts_as_long_as_its_part_of_the_voice_and_the_subtitles_keep_its_time(
    spoken: Path, open_studio: Open
) -> None:
    write(spoken / "doc.wav", words(5.0, 4.0))
    studio = open_studio("cache")
    silent = film_of(studio, {"lines": LINES})
    film = film_of(studio, DATA)
    assert film.voice is not None and silent.voice is None
    for shot, passage in zip(film.shots, film.voice.passages, strict=False):
        assert shot.start + shot.crossfade <= passage.at * 30 and passage.until * 30 <= shot.end
    assert 5.1 < film.voice.passages[0].seconds < 5.8, "cut within the pause"
    assert film.shots[0].frames > silent.shots[0].frames and film.shots[2].frames == silent.shots[2].frames
    assert [cue.start for cue in film.cues] == [passage.at for passage in film.voice.passages]


def test_a_short_voice_leaves_the_scenes_as_they_are(spoken: Path, open_studio: Open) -> None:
    write(spoken / "doc.wav", words(1.0, 1.0))
    studio = open_studio("cache")
    assert film_of(studio, DATA).frames == film_of(studio, {"lines": LINES}).frames


def test_the_cut_between_two_scenes_lies_in_a_pause_and_not_where_the_letters_would_put_it(
    spoken: Path, open_studio: Open
) -> None:
    write(spoken / "doc.wav", words(2.0, 3.0, pause=0.5))
    cut = passages(heard(spoken / "doc.wav", 20), [1, 1])[0][1] / SAMPLES_A_SECOND
    assert 2.12 < cut < 2.62


def test_a_voice_needs_no_music(spoken: Path, open_studio: Open) -> None:
    template = spoken / "templates" / "clip" / "spoken" / "template.yaml"
    template.write_text(SPOKEN.replace("music: {track: calm, volume: -4, fade_in: 0, fade_out: 0}\n", ""), encoding="utf-8")
    film = film_of(open_studio("cache"), DATA)
    assert film.bed is None
    sound = mix(film.bed, film.seconds, film.voice)
    assert integrated(sound) == pytest.approx(-16, abs=0.5)
    assert height_of(sound, BED_HZ, 1, 2) < -100


def test_the_finished_clip_has_the_voice_over_the_music_and_the_same_bytes_every_time(spoken: Path, open_studio: Open) -> None:
    one, two = (open_studio(cache) for cache in ("one", "two"))
    made = one.render(one.recipe("clip/spoken", DATA, "link"))
    again = two.render(two.recipe("clip/spoken", DATA, "link"))
    assert made.sha256 == again.sha256 and made.problems == ()
    with av.open(str(made.path)) as container:
        sound = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    film = film_of(one, DATA)
    assert film.voice is not None
    first, second = film.voice.passages
    under = height_of(sound, BED_HZ, first.at + 0.5, first.at + 2)
    assert height_of(sound, BED_HZ, second.until + 1.5, film.seconds - 0.3) - under == pytest.approx(10, abs=1)
    assert integrated(sound) == pytest.approx(-16, abs=0.7)


def test_a_new_recording_under_an_old_name_is_another_clip(spoken: Path, open_studio: Open) -> None:
    studio = open_studio("cache")
    before, other = (studio.recipe("clip/spoken", data, "link").digest for data in (DATA, {"lines": LINES}))
    film = film_of(studio, DATA)
    sound = mix(film.bed, film.seconds, film.voice)
    write(spoken / "doc.wav", words(2.2, 2.6))
    assert len({before, other, studio.recipe("clip/spoken", DATA, "link").digest}) == 3
    assert not np.array_equal(mix(film.bed, film.seconds, film.voice), sound)


BROKEN: dict[str, tuple[str, Callable[[Path], object]]] = {
    "zero bytes": ("unreadable-voice", lambda path: path.write_bytes(b"")),
    "no samples": ("unreadable-voice", lambda path: write(path, np.zeros(0))),
    "a letter": ("unreadable-voice", lambda path: path.write_text("giọng đọc", encoding="utf-8")),
    "a photo": ("unreadable-voice", lambda path: shutil.copy(path.parent / "photo.jpg", path)),
    "half a header": ("unreadable-voice", lambda path: path.write_bytes(path.read_bytes()[:30])),
    "a broken film": (
        "unreadable-voice",
        lambda path: path.write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(400)),
    ),
    "silence": ("silent-voice", lambda path: write(path, np.zeros(96_000))),
    "a click": ("silent-voice", lambda path: write(path, tone(VOICE_HZ, 0.1, 0.5))),
    "too long": ("voice-too-long", lambda path: write(path, words(12, 12))),
    "nothing there": ("missing-voice", lambda path: path.unlink()),
    "outside": ("missing-voice", lambda path: (path.unlink(), path.symlink_to("/etc/hostname"))),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_recording_that_cannot_be_used_is_told_at_its_field_in_a_check_and_in_a_render(
    spoken: Path, open_studio: Open, kind: str
) -> None:
    rule, spoil = BROKEN[kind]
    spoil(spoken / "doc.wav")
    studio = open_studio("cache")
    checked = studio.check("clip/spoken", DATA, "link")
    assert [(problem.rule, problem.key) for problem in checked] == [(rule, "voice")]
    with pytest.raises(BadInput) as stopped:
        studio.render(studio.recipe("clip/spoken", DATA, "link"))
    assert stopped.value.problems == checked


def test_a_picture_given_as_a_voice_is_told_by_its_name(spoken: Path, open_studio: Open) -> None:
    checked = open_studio("cache").check("clip/spoken", {**DATA, "voice": "photo.jpg"}, "link")
    assert ("wrong-type", "voice") in [(problem.rule, problem.key) for problem in checked]


def mistakes(workspace: Path, open_studio: Open, old: str, new: str) -> tuple[Problem, ...]:
    path = workspace / "templates" / "clip" / "spoken" / "template.yaml"
    path.write_text(SPOKEN.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as stopped:
        open_studio("cache")
    return stopped.value.problems


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('    say: "{{ item }}"\n', "", "voice"),
        ("{{ voice }}", "{{ giong }}", "voice.file"),
        ("{{ voice }}", "{{ voice", "voice.file"),
        ("duck: 10", "duck: 90", "voice.duck"),
    ],
)
def test_a_template_that_cannot_have_a_voice_says_so_at_its_line(
    spoken: Path, open_studio: Open, old: str, new: str, key: str
) -> None:
    found = {(problem.key, problem.line) for problem in mistakes(spoken, open_studio, old, new)}
    assert (key, 9) in found


def test_a_voice_of_the_templates_own_is_told_in_template_yaml(spoken: Path, open_studio: Open) -> None:
    path = spoken / "templates" / "clip" / "spoken" / "template.yaml"
    path.write_text(SPOKEN.replace("{{ voice }}", "loi.wav"), encoding="utf-8")
    studio = open_studio("cache")
    (found,) = studio.check("clip/spoken", {"lines": LINES}, "link")
    assert (found.rule, found.file, found.line, found.key) == (
        "missing-voice",
        "templates/clip/spoken/template.yaml",
        9,
        "voice.file",
    )
    write(path.parent / "loi.wav", words(2.0, 2.0))
    assert open_studio("cache").check("clip/spoken", {"lines": LINES}, "link") == ()
    template = load_template(path.parent, studio.brand, spoken)
    assert find_voice(template, studio.brand, "loi.wav") == path.parent / "loi.wav"
