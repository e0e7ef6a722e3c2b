"""What comes back with a clip: flashes, words gone before they are read, sound that is not there, captions that are missing."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import numpy as np
import pytest

from editorial.problem import BadInput, Problem, Severity
from studio.brand import Brand
from studio.film import make_film
from studio.flashing import flash_problems, moments_to_look_at
from studio.loudness import integrated
from studio.paint import Easel
from studio.reading_time import reading_problems
from studio.sampling import SAMPLES_A_SECOND
from studio.scene import stage
from studio.screening import screening_problems
from studio.sound import mix
from studio.studio import Studio
from studio.template import Template, load_templates

Open = Callable[[str], Studio]
SHIPPED = Path(__file__).parents[2]
BRAND = Brand.load(SHIPPED / "assets")
TEMPLATES = load_templates(SHIPPED / "templates", BRAND, SHIPPED)
CLIPS = [template for template in TEMPLATES.values() if template.kind == "clip"]
Glances = dict[int, np.ndarray]
Colour = tuple[int, int, int]  # Y, U, V


def shown(values: list[Colour], cells: tuple[slice, slice] = (slice(None), slice(None))) -> Glances:
    """Return frames of dark grey, one part of each in a colour of its own."""
    frames = {}
    for number, colour in enumerate(values):
        frame = np.empty((60, 34, 3), dtype=np.uint8)
        frame[:] = (30, 128, 128)
        frame[cells] = colour
        frames[number] = frame
    return frames


def blink(times: int, on: Colour = (200, 128, 128), off: Colour = (30, 128, 128)) -> list[Colour]:
    """Return a second in which a colour comes and goes so often."""
    half = 15 // times
    return [off] * 8 + ([on] * half + [off] * half) * times + [off] * 8


@pytest.mark.parametrize(("times", "found"), [(1, False), (3, False), (4, True), (7, True)])
def test_more_than_three_flashes_in_a_second_are_an_error(times: int, found: bool) -> None:
    problems = flash_problems(shown(blink(times)))
    assert [(problem.rule, problem.severity) for problem in problems] == [("flashing", Severity.ERROR)] * found


def test_a_flash_is_told_with_its_second() -> None:
    frames = shown([(30, 128, 128)] * 60 + blink(5))
    assert "giây 3" in flash_problems(frames)[0].message


def test_small_weak_and_bright_changes_are_no_flashes() -> None:
    assert flash_problems(shown(blink(7), (slice(0, 6), slice(0, 6)))) == (), "a corner of the picture"
    assert flash_problems(shown(blink(7, on=(60, 128, 128)))) == (), "less than a tenth of the light"
    assert flash_problems(shown(blink(7, on=(235, 128, 128), off=(220, 128, 128)))) == (), "both are bright"
    assert flash_problems(shown(blink(7), (slice(0, 20), slice(0, 12)))) != (), "a whole field of vision"


def test_saturated_red_is_held_to_the_same_limit() -> None:
    dark_red, black = (50, 110, 175), (20, 128, 128)
    assert flash_problems(shown(blink(5, on=dark_red, off=black))) != ()
    assert flash_problems(shown(blink(5, on=(50, 128, 128), off=black))) == (), "a grey of the same light"


STROBE_HEAD = """\
schema: 1
kind: clip
name: {vi: Thử}
fields: {headline: {type: text}}
sizes: {link: {}}
scenes:
"""


def clip(workspace: Path, body: str, music: str = "", say: str = "") -> Path:
    folder = workspace / "templates" / "clip" / "look"
    folder.mkdir()
    head = STROBE_HEAD.replace("scenes:\n", f"{music}scenes:\n")
    (folder / "template.yaml").write_text(head + body, encoding="utf-8")
    return folder


def problems_of(open_studio: Open, headline: str = "Hà Nội") -> dict[str, Problem]:
    studio = open_studio("cache")
    made = studio.render(studio.recipe("clip/look", {"headline": headline}, "link"))
    return {problem.rule: problem for problem in made.problems}


def strobe(count: int, seconds: float) -> str:
    """Return scenes of black and white that follow one another at once."""
    scene = (
        "  - {{id: s{n}, seconds: {seconds}, transition: {{move: cut}}, layers: [{{id: g{n}, type: fill, fill: '{colour}'}}]}}\n"
    )
    return "".join(scene.format(n=n, seconds=seconds, colour="#ffffff" if n % 2 else "#000000") for n in range(count))


def test_a_template_that_flashes_is_an_error_and_a_calm_one_is_not_even_looked_at(workspace: Path, open_studio: Open) -> None:
    clip(workspace, strobe(10, 0.1))
    assert problems_of(open_studio)["flashing"].severity is Severity.ERROR
    studio = open_studio("cache")
    calm = stage(studio.templates["clip/short"], studio._brand, {"headline": "Hà Nội"}, "link", "light")
    assert moments_to_look_at(make_film(calm)) == ()


@pytest.mark.parametrize("kept", [0, 3, 10])
def test_a_clip_flashes_alike_however_much_of_it_was_encoded_before(workspace: Path, open_studio: Open, kept: int) -> None:
    """Frames are looked at while they are encoded; those of stretches that were kept are composed to be looked at."""
    clip(workspace, strobe(10, 0.1))
    studio = open_studio("cache")
    recipe = studio.recipe("clip/look", {"headline": "Hà Nội"}, "link")
    first = studio.render(recipe).problems
    stretches = sorted(path for path in (workspace / "cache" / "segments").rglob("*") if path.is_file())
    for path in stretches[kept:]:
        path.unlink()
    rmtree(workspace / "cache" / "renditions")
    assert studio.render(recipe).problems == first
    assert "flashing" in {problem.rule for problem in first}


def test_scenes_that_change_thrice_a_second_are_right(workspace: Path, open_studio: Open) -> None:
    clip(workspace, strobe(6, 0.34))
    assert "flashing" not in problems_of(open_studio)


READ = """\
  - id: long
    seconds: {seconds}
    layers:
      - {{id: ground, type: fill, fill: background}}
      - {{id: headline, type: text, within: safe, text: "{{{{ headline }}}}", size: {size}, max_lines: 8}}
"""
LONG = "Thành phố Hà Nội có một trăm hai mươi sáu xã, phường sau khi sắp xếp, hoạt động từ ngày 1 tháng 7 năm 2025"


@pytest.mark.parametrize(
    ("seconds", "size", "short"),
    [(3.0, 90, True), (9.0, 90, False), (3.0, 24, False)],  # in small type the text is not what people look at
)
def test_much_text_must_stay_as_long_as_it_takes_to_read(
    workspace: Path, open_studio: Open, seconds: float, size: int, short: bool
) -> None:
    clip(workspace, READ.format(seconds=seconds, size=size))
    studio = open_studio("cache")
    film = make_film(stage(studio.templates["clip/look"], studio._brand, {"headline": LONG}, "link", "light"))
    found = reading_problems(film)
    assert [(problem.rule, problem.key, problem.severity) for problem in found] == [
        ("too-short-to-read", "long", Severity.WARNING)
    ] * short
    if short:
        assert "3.0 giây" in found[0].message and "8.6 giây" in found[0].message


def test_pale_words_in_a_scene_and_pale_subtitles_over_it_are_errors(workspace: Path, open_studio: Open) -> None:
    scene = """\
  - id: one
    seconds: 2
    say: "{{ headline }}"
    layers:
      - {id: ground, type: fill, fill: "#ffffff"}
      - {id: pale, type: text, within: safe, text: "{{ headline }}", size: 60, colour: "#cccccc", enter: rise}
      - {id: plain, type: text, text: "{{ headline }}", size: 60, box: [100, 400, 800, 100], enter: {move: rise, delay: 0.4}}
layers:
  - {id: said, type: subtitle, within: safe, size: 40, colour: "#ffcd00"}
"""
    clip(workspace, scene)
    studio = open_studio("cache")
    made = studio.render(studio.recipe("clip/look", {"headline": "Hà Nội"}, "link"))
    assert {problem.key for problem in made.problems if problem.rule == "low-contrast"} == {"pale", "said"}


SILENT_SCENE = "  - {id: one, seconds: 2, layers: [{id: g, type: fill, fill: background}]}\n"
MUSIC = "music: {track: calm, volume: -12}\n"


def test_a_clip_with_sound_and_nothing_to_read_lacks_captions(workspace: Path, open_studio: Open) -> None:
    clip(workspace, SILENT_SCENE, MUSIC)
    assert problems_of(open_studio)["missing-captions"].severity is Severity.ERROR


def test_a_silent_clip_needs_no_captions(workspace: Path, open_studio: Open) -> None:
    clip(workspace, SILENT_SCENE)
    assert problems_of(open_studio) == {}


def write_wave(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(samples.astype("<i2").tobytes())


BROKEN: dict[str, Callable[[Path], object]] = {
    "zero bytes": lambda path: path.write_bytes(b""),
    "no samples": lambda path: write_wave(path, np.zeros(0)),
    "a broken film": lambda path: path.write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(400)),
    "a letter": lambda path: path.write_text("nhạc", encoding="utf-8"),
    "half a header": lambda path: path.write_bytes(path.read_bytes()[:30]),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_track_that_cannot_be_played_is_a_problem_in_a_check_and_in_a_render(
    workspace: Path, open_studio: Open, kind: str
) -> None:
    BROKEN[kind](workspace / "assets" / "music" / "calm.wav")
    studio = open_studio("cache")
    checked = studio.check("clip/short", {"headline": "Hà Nội"}, "link")
    assert [(problem.rule, problem.key) for problem in checked] == [("unreadable-sound", "calm.wav")]
    with pytest.raises(BadInput) as stopped:
        studio.render(studio.recipe("clip/short", {"headline": "Hà Nội"}, "link"))
    assert stopped.value.problems == checked


def test_a_silent_track_is_a_warning(workspace: Path, open_studio: Open) -> None:
    write_wave(workspace / "assets" / "music" / "calm.wav", np.zeros(96_000))
    studio = open_studio("cache")
    made = studio.render(studio.recipe("clip/short", {"headline": "Hà Nội"}, "link"))
    assert [(problem.rule, problem.severity) for problem in made.problems] == [("loudness", Severity.WARNING)]


def test_a_new_track_under_an_old_name_is_heard(workspace: Path, open_studio: Open) -> None:
    studio = open_studio("cache")
    film = make_film(stage(studio.templates["clip/short"], studio._brand, {"headline": "Hà Nội"}, "link", "light"))
    assert film.bed is not None
    before = mix(film.bed, 2.0)
    time = np.arange(96_000) / SAMPLES_A_SECOND
    write_wave(film.bed.path, 9000 * np.sin(2 * np.pi * 880 * time))
    after = mix(film.bed, 2.0)
    assert not np.array_equal(before, after)
    assert integrated(after) == pytest.approx(-16, abs=0.3)


@pytest.mark.parametrize("template", CLIPS, ids=lambda template: template.id)
def test_every_shipped_clip_can_be_read_heard_and_watched(template: Template) -> None:
    easel = Easel()
    found = []
    turns = zip([*template.sizes, *template.themes], [*template.samples] * 9, strict=False)
    for turn, sample in turns:
        size, theme = (turn, template.themes[0]) if turn in template.sizes else (template.sizes[0], turn)
        film = make_film(stage(template, BRAND, template.samples[sample], size, theme))
        found += [(size, theme, sample, str(each)) for each in (*screening_problems(film, easel), *reading_problems(film))]
    assert found == []
