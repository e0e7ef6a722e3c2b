"""What nobody should write and somebody will: each a Problem or a right picture, never a crash and never hours."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from editorial.problem import BadInput
from studio.brand import Brand
from studio.studio import Studio
from studio.template import load_templates
from studio.words import MOST_MARKS, few_marks

FIELDS = """\
schema: 1
kind: KIND
name: {vi: Thử}
fields:
  headline: {type: text}
  n: {type: figure}
  rows: {type: list, of: text}
  link: {type: link}
  code: {type: qr}
  places: {type: list, of: {name: text, link: link}}
  photo: {type: image}
sizes: {link: {}}
"""
STILL = FIELDS.replace("KIND", "infographic") + "layers:\n  - {id: ground, type: fill, fill: background}\n  - {id: x, LAYER}\n"
CLIP = FIELDS.replace("KIND", "clip") + (
    "scenes:\n  - {id: one, SCENE, layers: [{id: ground, type: fill, fill: background}, {id: x, LAYER}]}\n"
)
TEXT = 'type: text, text: "{{ headline }}"'
PHOTO = 'type: image, source: "{{ photo }}"'
DATA = {"headline": "Chào Hà Nội", "photo": "photo.jpg", "n": 5}
Told = tuple[str, ...]


def told(workspace: Path, text: str, data: Mapping[str, object], *, paint: bool = True) -> Told:
    """Return the rules of all that is told about a template with data, drawn to its end; no rule where all is right."""
    kind = "clip" if "kind: clip" in text else "infographic"
    folder = workspace / "templates" / kind / "hostile"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    brand = Brand.load(workspace / "assets")
    try:
        templates = load_templates(workspace / "templates", brand, workspace)
        studio = Studio(templates=templates, brand=brand, cache=workspace / "cache")
        found = studio.check(f"{kind}/hostile", data, "link")
        if paint:
            found += studio.render(studio.recipe(f"{kind}/hostile", data, "link")).problems
    except BadInput as bad:
        found = bad.problems
    return tuple(sorted({problem.rule for problem in found} - {"outside-safe-area"}))


def render_hostile(workspace: Path, data: Mapping[str, object]) -> None:
    """Render the template that `told` wrote."""
    brand = Brand.load(workspace / "assets")
    templates = load_templates(workspace / "templates", brand, workspace)
    studio = Studio(templates=templates, brand=brand, cache=workspace / "cache")
    studio.render(studio.recipe("infographic/hostile", data, "link"))


@pytest.mark.parametrize(
    "layer",
    [
        f"{TEXT}, size: .inf", f"{TEXT}, size: .nan", f"{TEXT}, size: 1e9", f"{TEXT}, size: 0", f"{TEXT}, size: -50",
        f"{TEXT}, size: 40, min_size: -9", f"{TEXT}, tracking: 1e9", f"{TEXT}, tracking: -5000", f"{TEXT}, padding: .inf",
        f"{TEXT}, padding: 1e9", f"{TEXT}, box: [.nan, 0, 100, 100]", "type: fill, fill: primary, box: [0, 0, 1e9, 1e9]",
        'type: fill, fill: primary, box: {width: "100000000%"}', 'type: fill, fill: primary, box: {width: "nan%"}',
        "type: shape, fill: primary, shadow: {blur: 1000000}", "type: shape, fill: primary, shadow: {x: 1e9}",
        "type: fill, fill: primary, border: {colour: accent, width: 99999}", "type: fill, fill: primary, radius: -40",
        "type: fill, fill: {radial: [0.5, 0.5], reach: 0, stops: [[0, primary], [1, accent]]}",
        f"{PHOTO}, blur: 100000", f"{PHOTO}, focus: [9, -9]",
        f"{PHOTO}, focus: [.nan, 0.5]", f"{PHOTO}, box: [0, 0, 200000, 200000]",
    ],
)  # fmt: skip
def test_a_number_that_no_canvas_holds_is_told_where_it_is_written(workspace: Path, layer: str) -> None:
    assert set(told(workspace, STILL.replace("LAYER", layer), DATA)) & {"unknown-name", "wrong-value", "wrong-type", "too-large"}


@pytest.mark.parametrize(
    ("scene", "layer"),
    [
        ("least: -5, most: -2", TEXT),
        ("least: .nan", TEXT),
        ("least: 1e9, most: 1e9", TEXT),
        ("seconds: .inf", TEXT),
        ("seconds: 1", f"{PHOTO}, kenburns: {{from: 1, to: 1.2, focus: [5, -5]}}"),
        ("seconds: 1", f"{TEXT}, enter: {{move: slide, distance: 1e9}}"),
        ("seconds: 1", f"{TEXT}, path: {{points: [[.nan, 0], [0, 0]], seconds: 1}}"),
    ],
)
def test_a_scene_that_cannot_be_played_is_told_where_it_is_written(workspace: Path, scene: str, layer: str) -> None:
    assert told(workspace, CLIP.replace("SCENE", scene).replace("LAYER", layer), DATA) != ()


@pytest.mark.parametrize(
    "text",
    [
        "{{ headline|batch(99999999, headline)|list|length }}",
        "{{ headline|slice(99999999)|list|length }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ headline.format_map({}) }}",
        "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(40) }}",
        "".join(f"{{% for i{n} in headline %}}" for n in range(7)) + "x" + "{% endfor %}" * 7,
    ],
)
def test_no_line_of_a_template_takes_hours(workspace: Path, text: str) -> None:
    rules = told(workspace, STILL.replace("LAYER", f'type: text, text: "{text}"'), DATA)
    assert rules == ("wrong-expression",)


@pytest.mark.parametrize(
    ("layer", "data", "rule"),
    [
        (TEXT, {"headline": ["Chào"]}, "wrong-type"),
        (TEXT, {"headline": {"vi": "Chào"}}, "wrong-type"),
        ('type: list, items: rows, layer: {id: y, type: text, text: "{{ item }}"}', {"rows": [["a"]]}, "wrong-type"),
        ('type: number, value: "{{ n }}"', {"n": 10**5000}, "wrong-type"),
        ('type: number, value: "{{ n }}"', {"n": float("inf")}, "wrong-type"),
        ('type: number, value: "{{ n }}"', {"n": float("nan")}, "wrong-type"),
        ('type: number, value: "{{ n }}"', {"n": [1, 2]}, "wrong-type"),
        ('type: number, value: "{{ n }}"', {"n": {"value": {"value": 1}}}, "wrong-type"),
        ('type: qr, content: "{{ link }}", width: 300, height: 300', {"link": "https://a.vn/" + "x" * 5000}, "qr-too-long"),
        ('type: qr, content: "{{ link }}", box: [99, 99, 9, 9]', {"link": "https://hanoi.gov.vn/"}, "qr-too-small"),
        ('type: list, items: rows, layer: {id: y, type: text, text: "{{ item }}"}', {"rows": ["a"] * 20_000}, "too-many"),
        (TEXT, {"headline": "Hà Nội \ud800"}, None),
        (TEXT, {"headline": "Hà Nội\u2028Thủ đô\u2029nghìn năm\x85văn hiến\vvà\fhòa bình"}, None),
    ],
)
def test_data_that_no_picture_can_show_is_told(workspace: Path, layer: str, data: dict[str, object], rule: str | None) -> None:
    found = told(workspace, STILL.replace("LAYER", layer), data)
    assert rule in found if rule else found == ()


QR = 'type: qr, content: "{{ code or link or headline }}", width: 300, height: 300'
UNSAFE = [
    "javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd",
    "intent://x#Intent;end", "https://hanoi.gov.vn@evil.example/", "https://hanoi.gov.vn/\u202emoc.live", "java\nscript:alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("field", ["link", "code"])
@pytest.mark.parametrize("address", UNSAFE)
def test_an_address_that_no_phone_should_open_is_refused_at_its_field_and_nothing_is_drawn(
    workspace: Path, field: str, address: str
) -> None:
    assert told(workspace, STILL.replace("LAYER", QR), {field: address}, paint=False) == ("unsafe-address",)
    assert not (workspace / "cache").exists()
    with pytest.raises(BadInput) as caught:
        render_hostile(workspace, {field: address})
    assert [(problem.rule, problem.key) for problem in caught.value.problems] == [("unsafe-address", field)]


def test_an_unsafe_address_is_told_in_a_row_and_in_a_code_made_of_any_text(workspace: Path) -> None:
    text = STILL.replace("LAYER", QR)
    assert told(workspace, text, {"headline": "javascript:alert(1)"}, paint=False) == ("unsafe-address",)
    rows = [{"name": "a", "link": "javascript:alert(1)"}]
    assert told(workspace, text, {"places": rows, "code": "tel:114"}) == ("unsafe-address",)


SAFE = ["https://hanoi.gov.vn/a?b=c#d", "hanoi.gov.vn:443/x", "tel:114", "mailto:a@hanoi.gov.vn", "Gọi 114"]


@pytest.mark.parametrize("address", SAFE)
def test_an_address_that_a_phone_may_open_is_taken(workspace: Path, address: str) -> None:
    assert told(workspace, STILL.replace("LAYER", QR), {"code": address}) == ()


def test_a_letter_with_thousands_of_marks_is_told_and_drawn_with_a_few(workspace: Path) -> None:
    """It would take seconds to set; the letters that people write are what they were."""
    heaped = "Thủ đô a" + "\u0301" * 200_000
    assert few_marks(heaped) == "Thủ đô a" + "\u0301" * MOST_MARKS
    assert told(workspace, STILL.replace("LAYER", TEXT), {"headline": heaped}) == ("too-many-marks",)
    rows = 'type: list, items: places, layer: {id: y, type: text, text: "{{ item.name }}"}'
    assert told(workspace, STILL.replace("LAYER", rows), {"places": [{"name": heaped}]}) == ("too-many-marks",)
    decomposed = unicodedata.normalize("NFD", "Quyết tử để Tổ quốc quyết sinh")
    assert few_marks(decomposed) == decomposed


@pytest.mark.parametrize("value", ["abc", "62.5.1", "-5%", "nan", "inf", "khoảng 95%", "1/2"])
def test_a_progress_bar_of_no_number_is_told_not_drawn_empty(workspace: Path, value: str) -> None:
    bar = 'type: progress, value: "{{ headline }}", fill: primary, colour: accent, box: [100, 100, 600, 40]'
    assert told(workspace, STILL.replace("LAYER", bar), {"headline": value}) == ("wrong-value",)
    assert told(workspace, STILL.replace("LAYER", bar), {"headline": "62,5%"}) == ()


def test_a_line_separator_of_another_system_is_a_line_break(workspace: Path, open_studio: Callable[[str], Studio]) -> None:
    studio = open_studio("cache")
    made = [
        studio.render(studio.recipe("infographic/card", {"headline": text}, "link")).sha256
        for text in ("Thủ đô\nHà Nội", "Thủ đô\u2028Hà Nội", "Thủ đô\r\nHà Nội")
    ]
    assert len(set(made)) == 1


def test_a_clip_of_hours_is_refused_before_a_frame_is_drawn(workspace: Path) -> None:
    text = CLIP.replace("SCENE", "seconds: 100, repeat: rows").replace("LAYER", TEXT)
    assert told(workspace, text, {**DATA, "rows": ["a"] * 5000}) == ("too-long-clip",)
