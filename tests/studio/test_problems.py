"""What comes back with a picture: what nobody could read, what is soft, what a platform would cover."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest
from PIL import Image

from editorial.problem import Problem, Severity
from studio.brand import Brand
from studio.contrast import contrast_problems
from studio.legibility import legibility_problems
from studio.paint import Easel
from studio.scene import stage
from studio.still import fold
from studio.studio import Studio
from studio.template import Template, load_templates
from tests.studio.conftest import write_photo

Open = Callable[[str], Studio]
HEAD = """\
schema: 1
kind: infographic
name: {vi: Thử}
fields: {headline: {type: text}, photo: {type: image}, link: {type: link}}
sizes: {square: {}, story: {}}
layers:
"""
SHIPPED = Path(__file__).parents[2]
BRAND = Brand.load(SHIPPED / "assets")
TEMPLATES = load_templates(SHIPPED / "templates", BRAND, SHIPPED)
STILLS = [template for template in TEMPLATES.values() if template.kind == "infographic"]


def problems(workspace: Path, open_studio: Open, layers: str, size: str = "square", **data: object) -> dict[str, Problem]:
    """Render a picture of these layers; return its problems by rule."""
    folder = workspace / "templates" / "infographic" / "look"
    folder.mkdir()
    (folder / "template.yaml").write_text(HEAD + layers, encoding="utf-8")
    studio = open_studio("cache")
    recipe = studio.recipe("infographic/look", {"headline": "Hà Nội đón mùa thu", **data}, size)
    made = studio.render(recipe)
    assert studio.render(recipe).problems == made.problems, "kept with the picture"
    return {problem.rule: problem for problem in made.problems}


GROUND = '  - {{id: ground, type: fill, fill: "{ground}"}}\n'
TEXT = '  - {{id: headline, type: text, within: safe, text: "{{{{ headline }}}}", size: 60, colour: "{ink}"{more}}}\n'


@pytest.mark.parametrize(
    ("ink", "ground", "ratio"),
    [
        ("#767676", "#ffffff", None),  # 4.54:1, the palest grey that passes
        ("#777777", "#ffffff", "4.4"),
        ("#ffffff", "#c8102e", None),  # brand red carries white
        ("#ffcd00", "#ffffff", "1.5"),  # gold on white never
        ("#c8102e", "#1d1a17", "2.9"),
        ("#ffffff/50%", "#000000", None),  # see-through ink is what it looks like: 5.3:1
        ("#ffffff/40%", "#000000", "3.6"),
    ],
)
def test_words_too_near_their_ground_are_an_error_with_the_ratio(
    workspace: Path, open_studio: Open, ink: str, ground: str, ratio: str | None
) -> None:
    found = problems(workspace, open_studio, GROUND.format(ground=ground) + TEXT.format(ink=ink, more=""))
    if ratio is None:
        assert found == {}
        return
    assert found["low-contrast"].key == "headline"
    assert found["low-contrast"].severity is Severity.ERROR
    assert f"{ratio}:1" in found["low-contrast"].message


def test_one_word_over_a_bright_place_of_a_photo_is_found(workspace: Path, open_studio: Open) -> None:
    photo = Image.new("RGB", (1080, 1080), (20, 30, 40))
    photo.paste((230, 230, 225), (500, 0, 760, 1080))  # a white wall behind one word of four
    photo.save(workspace / "wall.png")
    layers = '  - {id: photo, type: image, source: "{{ photo }}"}\n'
    text = TEXT.format(ink="#ffffff", more="")
    assert problems(workspace, open_studio, layers + text, photo="wall.png")["low-contrast"].key == "headline"


def test_a_panel_behind_the_letters_counts(workspace: Path, open_studio: Open) -> None:
    panel = TEXT.format(ink="#ffffff", more=', fill: "#000000/70%", padding: 20')
    assert problems(workspace, open_studio, GROUND.format(ground="#f0f0f0") + panel) == {}


def test_a_shadow_behind_the_letters_counts(workspace: Path, open_studio: Open) -> None:
    shadow = TEXT.format(ink="#ffffff", more=', shadow: {colour: "#000000", blur: 20, x: 0, y: 0}')
    assert problems(workspace, open_studio, GROUND.format(ground="#828282") + shadow) == {}  # 3.9:1 without


def test_a_thin_line_that_touches_a_letter_is_nothing(workspace: Path, open_studio: Open) -> None:
    line = '  - {id: line, type: shape, fill: "#1d1a17", box: [300, 64, 3, 60]}\n'
    layers = GROUND.format(ground="#ffffff") + line + TEXT.format(ink="#1d1a17", more="")
    assert problems(workspace, open_studio, layers) == {}


def test_an_emphasised_word_is_measured_in_its_own_colour(workspace: Path, open_studio: Open) -> None:
    layers = GROUND.format(ground="#ffffff") + TEXT.format(ink="#1d1a17", more=', emphasis: "#ffcd00"')
    assert "low-contrast" in problems(workspace, open_studio, layers, headline="Hà Nội đón **mùa** thu")


def test_what_lies_over_the_words_counts_too(workspace: Path, open_studio: Open) -> None:
    veil = '  - {id: veil, type: fill, fill: "#1d1a17/95%"}\n'
    layers = GROUND.format(ground="#ffffff") + TEXT.format(ink="#1d1a17", more="") + veil
    assert "low-contrast" in problems(workspace, open_studio, layers)


def test_words_codes_and_emblems_under_a_platforms_buttons_are_errors(workspace: Path, open_studio: Open) -> None:
    emblem = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'
    (workspace / "assets" / "mark.svg").write_text(emblem, encoding="utf-8")
    layers = """\
  - {id: ground, type: fill, fill: "#ffffff"}
  - {id: low, type: text, text: "{{ headline }}", size: 60, box: {left: 100, bottom: 40, height: auto}}
  - {id: code, type: qr, content: "{{ link }}", box: [980, 900, 100, 100]}
  - {id: emblem, type: image, source: mark.svg, box: [64, 20, 90, 90], locked: true}
  - {id: art, type: image, source: mark.svg, box: [64, -20, 90, 90], opacity: 0.1}
  - {id: fine, type: text, text: "{{ headline }}", size: 60, box: {left: 100, top: 900, width: 800, height: auto}}
"""
    folder = workspace / "templates" / "infographic" / "look"
    folder.mkdir()
    (folder / "template.yaml").write_text(HEAD + layers, encoding="utf-8")
    studio = open_studio("cache")
    found = studio.check("infographic/look", {"headline": "Hà Nội", "link": "https://hanoi.gov.vn"}, "story")
    assert {(problem.key, problem.rule, problem.severity) for problem in found} == {
        (key, "outside-safe-area", Severity.ERROR) for key in ("low", "code", "emblem")
    }
    sides = {problem.key: problem.message for problem in found}
    assert "mép dưới" in sides["low"] and "mép phải" in sides["code"] and "mép trên" in sides["emblem"]


PHOTO = '  - {id: photo, type: image, source: "{{ photo }}", box: [0, 0, 1080, 540]%s}\n'


@pytest.mark.parametrize(
    ("size", "more", "soft"),
    [
        ((1080, 540), "", False),
        ((870, 435), "", False),  # 80 % is not seen
        ((800, 400), "", True),
        ((800, 2000), "", True),  # most of its height is cropped away
        ((400, 400), ", blur: 20", False),  # out of focus on purpose
        ((400, 540), ", fit: contain", False),
    ],
)
def test_a_photo_shown_larger_than_it_is_is_a_warning(
    workspace: Path, open_studio: Open, size: tuple[int, int], more: str, soft: bool
) -> None:
    Image.new("RGB", size, (90, 120, 90)).save(workspace / "small.jpg")
    found = problems(workspace, open_studio, PHOTO % more, photo="small.jpg")
    assert ("low-resolution" in found) is soft
    if soft:
        assert found["low-resolution"].severity is Severity.WARNING
        assert "small.jpg" in found["low-resolution"].message and "1080 x 540" in found["low-resolution"].message


def test_text_shrunk_under_half_its_size_is_a_warning_that_says_how_far(workspace: Path, open_studio: Open) -> None:
    layers = """\
  - {id: ground, type: fill, fill: "#ffffff"}
  - {id: headline, type: text, text: "{{ headline }}", size: 100, min_size: 20, max_lines: 1, box: [64, 64, 500, 200]}
"""
    found = problems(workspace, open_studio, layers, headline="Hà Nội đón mùa thu bên hồ Hoàn Kiếm")
    assert found["text-shrunk"].severity is Severity.WARNING
    assert "%" in found["text-shrunk"].message and found["text-shrunk"].key == "headline"


def test_a_photo_is_measured_as_the_camera_held_it(workspace: Path, open_studio: Open) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    write_photo(workspace / "plain.jpg")
    Image.open(workspace / "plain.jpg").resize((540, 1080)).save(workspace / "turned.jpg", exif=exif)
    assert "low-resolution" not in problems(workspace, open_studio, PHOTO % "", photo="turned.jpg")


def looks(template: Template) -> Iterator[tuple[str, str, str]]:
    """Yield every theme and every size at least once, the samples taking turns."""
    turn = cycle(template.samples)
    pairs = [(template.themes[0], size) for size in template.sizes] + [
        (theme, template.sizes[0]) for theme in template.themes[1:]
    ]
    yield from ((theme, size, next(turn)) for theme, size in pairs)


@pytest.mark.parametrize("template", STILLS, ids=lambda template: template.id)
def test_every_shipped_picture_can_be_read_in_every_theme_and_size(template: Template) -> None:
    easel = Easel()
    found = []
    for theme, size, sample in looks(template):
        made = stage(template, BRAND, template.samples[sample], size, theme)
        display = made.display(template.designs[size].layers, made.context)
        problems = (
            *legibility_problems(display.items, display.safe),
            *contrast_problems(fold(display, easel), display.items, easel),
        )
        found += [(theme, size, sample, str(problem)) for problem in problems]
    assert found == []
