"""A designer's commands: a new template, its proof, its pictures with data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desk.command import run
from desk.designing import open_studio
from desk.place import Place
from desk.proofing import make_proof, make_trial
from desk.trials import Wanted, trials
from editorial.problem import Severity
from studio.proof import PHONE, Scale
from tests.desk.small_studio import SAMPLES, TOO_LONG, make_studio, write_card
from tests.story.workspace import make_workspace

RED = (209, 26, 42)


SAID = """\
schema: 1
kind: clip
name: {vi: Lời}
fields:
  line: {type: text, required: true}
  reader: {type: voice}
sizes: {square: {}}
voice: {file: "{{ reader }}"}
scenes:
  - {id: one, seconds: 2, say: "{{ line }}", layers: [{id: ground, type: fill, fill: background}]}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return make_studio(tmp_path)


def count(picture: Path, colour: tuple[int, int, int]) -> int:
    """Return how many px of a PNG have exactly this colour."""
    return int((np.asarray(Image.open(picture).convert("RGB")) == colour).all(axis=-1).sum())


@pytest.mark.parametrize("name", ["infographic/cau-hoi", "clip/dem-nguoc"])
def test_a_new_template_fits_its_own_data_in_every_size_and_theme(office: Path, name: str) -> None:
    assert run(("new-template", name, "-w", str(office))) == 0
    folder = office / "templates" / name
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "sample.yaml", "template.yaml"]
    assert not [path for path in folder.iterdir() if "TEN-MAU" in path.read_text(encoding="utf-8")]
    studio = open_studio(Place(root=office), [name])
    template = studio.templates[name]
    assert (set(template.samples), set(template.themes)) == ({"typical", "worst", "shortest"}, set(studio.brand.colours))
    for size in template.sizes:
        for data in template.samples.values():
            assert studio.check(name, data, size, "dark") == ()


def test_an_office_with_new_templates_passes_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = make_workspace(tmp_path, ("dich-vu-cong-truc-tuyen",))
    for name in ("infographic/cau-hoi", "clip/dem-nguoc"):
        assert run(("new-template", name, "-w", str(office))) == 0
    assert run(("check", "-w", str(office))) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("infographic/card", "đã có mẫu “infographic/card”"),
        ("card", "tên mẫu gồm loại và tên"),
        ("poster/card", "tên mẫu gồm loại và tên"),
        ("infographic/Thẻ mới", "tên mẫu gồm loại và tên"),
        ("infographic/../../nha", "tên mẫu gồm loại và tên"),
        ("clip/-a", "tên mẫu gồm loại và tên"),
    ],
)
def test_a_taken_or_wrong_name_is_refused_and_nothing_is_made(
    office: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    write_card(office)
    before = sorted(office.rglob("*"))
    assert run(("new-template", name, "-w", str(office))) == 2
    assert said in capsys.readouterr().err
    assert sorted(office.rglob("*")) == before


def test_a_proof_frames_what_does_not_fit_and_names_its_line(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_card(office, SAMPLES.replace("Xin chào buổi sáng", TOO_LONG))
    sheet = office / "sheet.png"
    assert run(("proof", "infographic/card", "--out", str(sheet), "-w", str(office))) == 1
    told = capsys.readouterr()
    assert told.out.strip() == str(sheet)
    assert "templates/infographic/card/template.yaml:11 headline: nội dung không vừa khung" in told.err
    assert "(square · worst · light, dark)" in told.err
    assert count(sheet, RED) > 3000


def test_a_proof_without_mistakes_has_no_red_and_takes_what_is_rendered_already(office: Path) -> None:
    write_card(office)
    arguments = ("proof", "infographic/card", "--out", str(office / "sheet.png"), "-w", str(office))
    assert run(arguments) == 0
    assert count(office / "sheet.png", RED) == 0
    made = {path: path.stat().st_mtime_ns for path in (office / ".loa").rglob("rendition.json")}
    assert len(made) == 2 * 3 * 2
    assert run((*arguments, "--phone")) == 0
    assert {path: path.stat().st_mtime_ns for path in (office / ".loa").rglob("rendition.json")} == made
    assert not list((office / ".loa" / "unfinished").iterdir())


def test_a_misspelt_field_of_a_sample_is_told_at_its_line(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_card(office, SAMPLES.replace("{headline: Chào}", "{headline: Chào, headlin: Sai}"))
    assert (
        run(("proof", "infographic/card", "--sample", "shortest", "--json", "--out", str(office / "s.png"), "-w", str(office)))
        == 1
    )
    (told,) = json.loads(capsys.readouterr().out)
    assert [(one["file"], one["line"], one["key"]) for one in told["problems"]] == [
        ("templates/infographic/card/sample.yaml", 3, "shortest.headlin")
    ]


def test_a_picture_that_cannot_be_drawn_leaves_a_place_with_the_reason(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_card(office, SAMPLES.replace("{headline: Chào}", "{notes: []}"))
    assert run(("proof", "infographic/card", "--out", str(office / "s.png"), "-w", str(office))) == 1
    assert "sample.yaml:3 shortest.headline: mẫu cần “headline”" in capsys.readouterr().err
    assert count(office / "s.png", RED) > 1000


def test_a_clips_proof_shows_its_poster_and_every_scene(office: Path) -> None:
    run(("new-template", "clip/dem-nguoc", "-w", str(office)))
    studio = open_studio(Place(root=office), ["clip/dem-nguoc"])
    found = trials(studio, Wanted(sizes=("square",), themes=("solemn",), samples=("typical",)))
    proof, findings = make_proof(studio, found, {trial.recipe.digest: make_trial(studio, trial.recipe) for trial in found})
    ((strip,),) = [part.strips for part in proof.parts]
    assert [shot.caption.split(" · ")[0] for shot in strip.shots] == [
        "ảnh bìa",
        "opening",
        "message",
        "figures",
        "figures",
        "end",
    ]
    assert all(shot.path and shot.path.is_file() for shot in strip.shots)
    assert [problem for problem, _ in findings if problem.severity is Severity.ERROR] == []


def test_on_a_phone_every_picture_is_as_wide_as_the_screen(office: Path) -> None:
    write_card(office)
    studio = open_studio(Place(root=office), ["infographic/card"])
    found = trials(studio, Wanted(themes=("light",)))
    proof, _ = make_proof(studio, found, {trial.recipe.digest: make_trial(studio, trial.recipe) for trial in found})
    shots = [shot for part in proof.parts for strip in part.strips for shot in strip.shots]
    assert {Scale(each=True).of(shot)[0] for shot in shots} == {PHONE}
    assert {Scale().of(shot) for shot in shots} == {(390, 390), (433, 228)}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("infographic/cards",), "không có mẫu “infographic/cards” trong templates/; có phải “infographic/card”?"),
        (("infographic/card", "--size", "story"), "--size: mẫu không có khổ “story”; chọn trong: square, link"),
        (("infographic/card", "--theme", "festive"), "--theme: mẫu không có bảng màu “festive”"),
        (("infographic/card", "--sample", "best"), "--sample: mẫu không có dữ liệu “best”"),
        ((), "hãy cho mã mẫu"),
    ],
)
def test_what_a_proof_cannot_show_is_told(
    office: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    write_card(office)
    assert run(("proof", *arguments, "--out", str(office / "s.png"), "-w", str(office))) == 2
    assert said in capsys.readouterr().err
    assert not (office / "s.png").exists()


def test_a_mistake_in_another_template_does_not_stop_a_proof(office: Path) -> None:
    write_card(office)
    broken = office / "templates" / "infographic" / "hong"
    broken.mkdir()
    (broken / "template.yaml").write_text("schema: [", encoding="utf-8")
    assert run(("proof", "infographic/card", "--theme", "dark", "--out", str(office / "s.png"), "-w", str(office))) == 0


def test_a_template_is_rendered_with_data_as_jpeg_or_png(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_card(office)
    data = office / "data.json"
    data.write_text('{"headline": "Xin chào", "notes": [{"label": "một"}]}', encoding="utf-8")
    out = office / "out"
    arguments = ("render", "infographic/card", "--data", str(data), "--theme", "dark", "--out", str(out), "-w", str(office))
    assert run(arguments) == 0
    assert run((*arguments, "--size", "link", "--format", "png")) == 0
    assert sorted(path.name for path in out.iterdir()) == ["card-link-dark.jpg", "card-link-dark.png", "card-square-dark.jpg"]
    sides = [np.asarray(Image.open(out / f"card-link-dark.{kind}").convert("RGB")).astype(int) for kind in ("jpg", "png")]
    assert sides[1].shape == (630, 1200, 3)
    assert np.abs(sides[0] - sides[1]).mean() < 2


def test_mistakes_in_a_data_file_come_with_file_line_and_key_and_nothing_is_written(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_card(office)
    data = office / "data.yaml"
    data.write_text("headline: Xin chào\nnotes:\n  - {label: một}\n  - {lable: hai}\nphoto: a.jpg\n", encoding="utf-8")
    assert run(("render", "infographic/card", "--data", str(data), "--out", str(office / "out"), "-w", str(office))) == 2
    told = capsys.readouterr().err.splitlines()
    assert "data.yaml:4 notes[1].lable: mẫu không có cột “lable”; có phải “label”?" in told
    assert any(line.startswith("data.yaml:5 photo: mẫu không có trường “photo”") for line in told)
    assert not (office / "out").exists()


def test_a_voice_that_cannot_be_heard_comes_with_file_line_and_key_and_nothing_is_written(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = office / "templates" / "clip" / "said" / "template.yaml"
    template.parent.mkdir(parents=True)
    template.write_text(SAID, encoding="utf-8")
    data = office / "data.yaml"
    data.write_text("line: Xin chào\nreader: giong.wav\n", encoding="utf-8")
    (office / "giong.wav").write_text("không phải tiếng", encoding="utf-8")
    assert run(("render", "clip/said", "--data", str(data), "--out", str(office / "out"), "-w", str(office))) == 2
    assert "data.yaml:2 reader: không nghe được giọng đọc này" in capsys.readouterr().err
    assert not (office / "out").exists()


def test_a_clip_that_would_be_too_long_is_refused_at_its_wordiest_field_and_nothing_is_written(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = office / "templates" / "clip" / "loi"
    folder.mkdir(parents=True)
    timed = SAID.replace("seconds: 2", "seconds: reading").replace("scenes:", "length: {least: 2, most: 3}\nscenes:")
    (folder / "template.yaml").write_text(timed, encoding="utf-8")
    (office / "data.yaml").write_text("# lời\nline: Một hai ba bốn năm sáu bảy tám chín mười\n", encoding="utf-8")
    assert run(("render", "clip/loi", "--data", str(office / "data.yaml"), "--out", str(office / "out"), "-w", str(office))) == 2
    said = capsys.readouterr().err
    assert "data.yaml:2 line: clip dài 4.0 giây, mẫu này chỉ tới 3 giây; hãy bỏ một cảnh hoặc bớt chừng 4 tiếng" in said
    assert not (office / "out").exists()


@pytest.mark.parametrize("way", ['text: "{{ headline.__class__ }}"', 'text: "x", visible_if: "headline.__class__"'])
def test_a_text_that_reaches_out_of_the_sandbox_comes_with_file_line_and_key(
    office: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    write_card(office)
    template = office / "templates" / "infographic" / "card" / "template.yaml"
    lines = template.read_text(encoding="utf-8").rstrip("\n").split("\n")
    template.write_text("\n".join([*lines, f"  - {{id: out, type: text, {way}, size: 30}}", ""]), encoding="utf-8")
    assert run(("render", "infographic/card", "--size", "square", "--out", str(office / "out"), "-w", str(office))) == 2
    key = "text" if way.startswith("text: \"{{") else "visible_if"
    said = capsys.readouterr().err
    assert f"templates/infographic/card/template.yaml:{len(lines) + 1} layers[" in said and f".{key}: không tính được" in said
    assert not (office / "out").exists()


def test_data_that_is_too_long_for_its_frame_is_drawn_to_be_seen_and_told(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_card(office)
    data = office / "data.yaml"
    data.write_text(f"headline: {TOO_LONG}\n", encoding="utf-8")
    arguments = ("render", "infographic/card", "--data", str(data), "--size", "square", "--out", str(office / "out"))
    assert run((*arguments, "-w", str(office))) == 1
    assert "template.yaml:11 headline: nội dung không vừa khung" in capsys.readouterr().err
    assert (office / "out" / "card-square-light.jpg").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("infographic/card", "--format", "gif"), "--format: mẫu không có dạng tệp “gif”; chọn trong: jpg, png"),
        (("infographic/card", "--data", "khong-co.yaml"), "khong-co.yaml: không đọc được tệp"),
        (("giai-phong-thu-do", "--size", "square"), "chỉ dùng với mã mẫu"),
    ],
)
def test_what_cannot_be_rendered_is_told(
    office: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    write_card(office)
    assert run(("render", *arguments, "--out", str(office / "out"), "-w", str(office))) == 2
    assert said in capsys.readouterr().err
    assert not (office / "out").exists()
