"""What a template promises of lengths: letters in a row's columns, seconds of a clip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from editorial.problem import BadInput, Severity
from studio.brand import Brand
from studio.film import make_film
from studio.studio import Studio
from studio.template import load_template, load_templates
from tests.studio.conftest import CLIP, write_wave

HOUSE = Path(__file__).parents[2]
EXPLAINER = "clip/explainer"
Open = Callable[[str], Studio]


@pytest.fixture(scope="module")
def shipped() -> Studio:
    brand = Brand.load(HOUSE / "assets")
    folder = HOUSE / "templates" / EXPLAINER
    return Studio(templates={EXPLAINER: load_template(folder, brand, HOUSE)}, brand=brand, cache=HOUSE / ".loa")


def reread(workspace: Path, *changes: tuple[str, str]) -> Studio:
    """Return a studio over a clip template with lines changed."""
    text = CLIP
    for old, new in changes:
        text = text.replace(old, new)
    (workspace / "templates" / "clip" / "short" / "template.yaml").write_text(text, encoding="utf-8")
    brand = Brand.load(workspace / "assets")
    return Studio(templates=load_templates(workspace / "templates", brand, workspace), brand=brand, cache=workspace / "cache")


def with_length(workspace: Path, length: str) -> Studio:
    return reread(workspace, ("poster: opening", f"poster: opening\nlength: {length}"))


@pytest.mark.parametrize("size", ["wide", "story", "square"])
def test_the_explainer_lasts_thirty_to_forty_five_seconds(shipped: Studio, size: str) -> None:
    for sample in ("worst", "typical"):
        data = shipped.templates[EXPLAINER].samples[sample]
        film = make_film(shipped.stage(shipped.recipe(EXPLAINER, data, size)))
        assert 29.5 <= film.seconds <= 45.0, sample
        assert shipped.check(EXPLAINER, data, size) == ()


def test_every_word_of_the_explainer_at_its_longest_is_read_in_its_time(shipped: Studio) -> None:
    """The lengths that the contract allows need no more seconds than a scene gives at most."""
    template = shipped.templates[EXPLAINER]
    syllable = 4.4  # letters and the space after them, in Vietnamese prose
    spoken = {"opening": template.fields["lead"].max, "step": (template.fields["steps"].longest or {}).get("text")}
    for scene in template.designs["wide"].scenes:
        if scene.spec.id in spoken:
            letters = spoken[scene.spec.id]
            assert letters is not None
            assert 1.0 + letters / syllable / 3.3 <= scene.spec.most


def test_an_explainer_with_too_many_scenes_is_told_its_length(shipped: Studio) -> None:
    data = dict(shipped.templates[EXPLAINER].samples["worst"])
    steps = data["steps"]
    assert isinstance(steps, list)
    data["steps"] = [*steps, *steps][:6]
    data["figures"] = [{"value": 126, "unit": "xã, phường", "label": "cùng thực hiện kế hoạch"}] * 3
    found = {problem.rule: problem for problem in shipped.check(EXPLAINER, data, "story")}
    assert found["too-long-clip"].severity is Severity.ERROR
    assert "45" in found["too-long-clip"].message


def test_a_step_may_have_a_picture_of_its_own(shipped: Studio) -> None:
    data = dict(shipped.templates[EXPLAINER].samples["typical"])
    pictures = ["art/mua-ngap.svg", "art/phong-chay.svg", "", "art/thuc-pham.svg"]
    steps = data["steps"]
    assert isinstance(steps, list)
    data["steps"] = [{**step, "art": art} if art else step for step, art in zip(steps, pictures, strict=True)]
    assert shipped.check(EXPLAINER, data, "wide") == ()
    film = make_film(shipped.stage(shipped.recipe(EXPLAINER, data, "wide")))
    shown = [
        [item.drawing.path.name for item in shot.display.items if item.id == "step_art"]
        for shot in film.shots
        if shot.id == "step"
    ]
    assert shown == [["mua-ngap.svg"], ["phong-chay.svg"], [Path(str(data["art"])).name], ["thuc-pham.svg"]]


def test_a_cell_longer_than_its_column_is_told_with_its_row(shipped: Studio) -> None:
    data = dict(shipped.templates[EXPLAINER].samples["typical"])
    data["steps"] = [{"title": "Gọi 114", "text": "Nói rõ địa chỉ. " * 9}]
    found = [(problem.rule, problem.key) for problem in shipped.check(EXPLAINER, data, "wide")]
    assert ("too-long", "steps[0].text") in found


@pytest.mark.parametrize(
    ("length", "rules"),
    [
        ("{least: 2, most: 10}", {}),
        ("{most: 3}", {"too-long-clip": Severity.ERROR}),
        ("{least: 9}", {"too-short-clip": Severity.WARNING}),
    ],
)
def test_a_clip_out_of_its_length_is_told(workspace: Path, length: str, rules: Mapping[str, Severity]) -> None:
    studio = with_length(workspace, length)
    found = studio.check("clip/short", {"headline": "Chào", "wards": 126}, "link")
    assert {problem.rule: problem.severity for problem in found if "clip" in problem.rule} == rules


def test_a_voice_that_makes_a_clip_too_long_is_only_warned_of(workspace: Path) -> None:
    write_wave(workspace / "voice.wav")
    studio = reread(
        workspace,
        ("poster: opening", 'poster: opening\nlength: {most: 3}\nvoice: {file: "{{ reader }}"}'),
        ("  wards: {type: figure}", "  wards: {type: figure}\n  reader: {type: voice}"),
    )
    found = studio.check("clip/short", {"headline": "Chào", "wards": 126, "reader": "voice.wav"}, "link")
    assert [problem.severity for problem in found if problem.rule == "too-long-clip"] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("poster: opening", "poster: opening\nlength: {least: 9, most: 3}", "least phải nhỏ hơn most"),
        (
            "headline: {type: text, required: true, max: 120}",
            "headline: {type: text, required: true, longest: {a: 3}}",
            "longest",
        ),
    ],
)
def test_a_length_that_cannot_be_kept_is_refused(workspace: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        reread(workspace, (old, new))
    assert any(message in problem.message and problem.line for problem in caught.value.problems)
