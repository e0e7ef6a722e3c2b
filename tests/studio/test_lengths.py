"""What a template promises of lengths: letters in a row's columns, seconds of a clip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from editorial.problem import BadInput, Severity
from studio.brand import Brand
from studio.film import make_film
from studio.pacing import filled
from studio.studio import Studio
from studio.template import load_template, load_templates
from studio.template_file import SceneSpec
from tests.studio.conftest import CLIP, write_wave

HOUSE = Path(__file__).parents[2]
EXPLAINER = "clip/explainer"
Open = Callable[[str], Studio]


ASKED = {
    "occasion": (15, 18),
    EXPLAINER.partition("/")[2]: (30, 45),
    "countdown": (10, 12),
    "figures": (20, 24),
    "notice": (10, 12),
}


@pytest.fixture(scope="module")
def shipped() -> Studio:
    brand = Brand.load(HOUSE / "assets")
    names = tuple(f"clip/{name}" for name in ASKED)
    templates = {name: load_template(HOUSE / "templates" / name, brand, HOUSE) for name in names}
    return Studio(templates=templates, brand=brand, cache=HOUSE / ".loa")


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


@pytest.mark.parametrize(("name", "asked"), ASKED.items())
def test_a_shipped_clip_lasts_as_long_as_its_occasion_asks_with_any_data_that_it_takes(
    shipped: Studio, name: str, asked: tuple[int, int]
) -> None:
    """Its samples have no problem, the one of reading time included; what is longer is refused."""
    template = shipped.templates[f"clip/{name}"]
    least, most = asked
    assert template.length is not None and (template.length.least, template.length.most) == asked
    for sample, data in template.samples.items():
        for size in template.sizes:
            film = make_film(shipped.stage(shipped.recipe(template.id, data, size)))
            assert least - 0.04 <= film.seconds <= most, (sample, size)
            assert sample == "worst" or film.seconds < least + 0.5, (sample, size)
            assert shipped.check(template.id, data, size) == (), (sample, size)


@pytest.mark.parametrize(
    ("name", "field", "text"),
    [
        (
            "occasion",
            "lead",
            "Trong 60 ngày đêm, quân và dân Thủ đô giữ từng căn nhà, từng góc phố để cả nước có thêm thời gian.",
        ),
        ("countdown", "headline", "Kỷ niệm 80 năm Ngày Toàn quốc kháng chiến tại Hà Nội"),
        ("notice", "headline", "Nhiều tuyến phố nội thành có nguy cơ ngập"),
        ("notice", "source", "Ban Chỉ huy phòng thủ dân sự Thành phố"),
        ("figures", "lead", "Các con số lấy nguyên văn từ kế hoạch của Thành phố, áp dụng cho mọi cơ quan."),
    ],
)
def test_a_text_that_a_clip_has_no_time_for_is_told_at_its_field(shipped: Studio, name: str, field: str, text: str) -> None:
    template = shipped.templates[f"clip/{name}"]
    data = {**template.samples["typical"], field: text}
    found = shipped.check(template.id, data, template.sizes[0])
    assert (field, "too-long") in [(problem.key, problem.rule) for problem in found if problem.severity is Severity.ERROR]


def test_fields_that_are_too_much_together_are_told_where_to_begin(shipped: Studio) -> None:
    data = {
        **shipped.templates["clip/notice"].samples["worst"],
        "details": [{"label": "Ai chú ý", "text": "Nhà ở tầng một, xe máy"}],
        "action": "Ở nhà, gọi 112 khi có nguy",
    }
    (found,) = shipped.check("clip/notice", data, "led-wide")
    assert (found.rule, found.key, found.severity) == ("too-long-clip", "headline", Severity.ERROR)
    assert "chỉ tới 12 giây" in found.message and "tiếng" in found.message


def test_of_rows_the_wordiest_cell_is_told(shipped: Studio) -> None:
    data = dict(shipped.templates["clip/figures"].samples["worst"])
    rows = data["figures"]
    assert isinstance(rows, list)
    data["figures"] = [*rows, {"value": 5, "unit": "việc", "label": "a b c d e f g h i k l m"}]
    (found,) = shipped.check("clip/figures", data, "story")
    assert (found.rule, found.key) == ("too-long-clip", "figures[3].label")


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


def test_a_short_clip_is_stretched_where_its_scenes_may_wait(workspace: Path) -> None:
    """`reading` scenes stand longer, up to their `most`, until the clip is as long as it promises; a fixed scene does not."""
    changes = (
        ("seconds: 2\n    say", "seconds: reading\n    most: 8\n    say"),
        ("poster: opening", "poster: opening\nlength: {least: 9}"),
    )
    studio = reread(workspace, *changes)
    film = make_film(studio.stage(studio.recipe("clip/short", {"headline": "Chào", "wards": 126}, "link")))
    assert film.seconds == pytest.approx(9.0, abs=0.04)
    assert [round(shot.frames / 30, 2) for shot in film.shots] == [7.0, 2.0, 1.0]


def test_scenes_share_the_time_that_is_missing_by_the_room_that_each_has() -> None:
    scenes = [
        SceneSpec(id=name, seconds=seconds, most=most, layers=[])
        for name, seconds, most in (("a", "reading", 6), ("b", 2, 8), ("c", "reading", 3))
    ]
    assert filled(scenes, (60, 60, 60), 6.0) == (84, 60, 66)
    assert filled(scenes, (60, 60, 60), 4.0) == (60, 60, 60), "already long enough"
    assert filled(scenes, (60, 60, 60), 99.0) == (180, 60, 90), "as long as it may be"


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
