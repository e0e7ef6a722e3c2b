"""Every text that goes out is read, whoever wrote it and wherever; a mistake is told where the wrong words are written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.command import run
from tests.story.workspace import make_workspace

Answer = Callable[..., list[dict[str, object]]]
LAW, METRO, METRO_EN = "content/ngay-phap-luat.md", "content/di-metro.md", "content/di-metro.en.md"
WRONG = "79 năm"  # the constitution's years are 80


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Return an office with one entry in Vietnamese and one whose Telegram channel is English."""
    return make_workspace(tmp_path, ("ngay-phap-luat", "di-metro"))


@pytest.fixture
def check(office: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    def answer(*entries: str) -> list[dict[str, object]]:
        run(["check", *entries, "--workspace", str(office), "--json"])
        return list(json.loads(capsys.readouterr().out))

    return answer


def change(root: Path, name: str, old: str, new: str) -> int:
    """Change a file and return the line that changed."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} no longer says {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def where(problem: dict[str, object]) -> tuple[object, object, object]:
    return problem["file"], problem["line"], problem["key"]


def places(problems: list[dict[str, object]], words: str) -> set[tuple[object, object, object]]:
    return {where(problem) for problem in problems if f"“{words}" in str(problem["message"])}


@pytest.mark.parametrize("caption", ["portal", "zalo"])
def test_the_html_of_a_caption_is_read(office: Path, check: Answer, caption: str) -> None:
    name = f"templates/caption/{caption}.j2"
    line = change(office, name, "{% block html %}", "{% block html %}<p>Qua 79 năm thi hành.</p>")
    assert places(check(), WRONG) == {(name, line, "caption")}
    assert places(check("ngay-phap-luat"), WRONG) == {(name, line, "caption")}


def test_what_stands_in_an_attribute_of_the_html_is_read(office: Path, check: Answer) -> None:
    change(office, "templates/caption/portal.j2", "{% block html %}", '{% block html %}<img src="a.jpg" alt="79 năm thi hành">')
    assert places(check(), WRONG)


def test_fixed_words_in_a_layer_of_the_template_are_read(office: Path, check: Answer) -> None:
    name = "templates/infographic/figures/template.yaml"
    layer = '  - {id: fixed, type: text, text: "Qua 79 năm thi hành", font: body, size: 30, box: {left: 80, top: 10}}\n'
    line = change(office, name, "\nlayers:\n", f"\nlayers:\n{layer}") + 2
    found = places(check(), WRONG)
    assert found == {(name, line, "layers[0].text")}


def test_what_a_scene_of_a_clip_says_is_read(office: Path, check: Answer) -> None:
    name = "templates/clip/figures/template.yaml"
    line = change(office, name, 'say: "{{ lead or headline }}"', 'say: "Đã 79 năm. {{ lead or headline }}"')
    template = "template: infographic/figures"
    change(office, METRO, template, "template: clip/figures")
    found = places(check("di-metro"), WRONG)
    assert {(file, at) for file, at, _ in found} == {(name, line)}
    assert {str(key).rpartition(".")[2] for _, _, key in found} == {"say"}


def test_a_mistake_in_the_body_stands_at_its_own_line(office: Path, check: Answer) -> None:
    path = office / LAW
    path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n\nMột đoạn.\n\nQua 79 năm thi hành.\n", encoding="utf-8")
    last = len(path.read_text(encoding="utf-8").split("\n")) - 1
    assert places(check(), WRONG) == {(LAW, last, "body")}


def test_a_mistake_in_the_summary_in_a_layer_and_in_the_alt_text_each_has_its_key(office: Path, check: Answer) -> None:
    text = (office / METRO).read_text(encoding="utf-8").split("\n")
    keys = {'summary: "': "summary", '    alt: "': "media[0].alt", '      lead: "': "media[0].data.lead"}
    lines = {key: next(n for n, line in enumerate(text, 1) if line.startswith(start)) for start, key in keys.items()}
    for start in keys:
        change(office, METRO, start, f"{start}Có 15 ga. ")
    assert places(check(), "15 ga") == {(METRO, line, key) for key, line in lines.items()}


def test_a_mistake_in_the_english_stands_in_the_english_file(office: Path, check: Answer) -> None:
    body = change(office, METRO_EN, "More lines are on the way.", "It has 15 stations.")
    alt = change(office, METRO_EN, 'anh: "Hanoi metro', 'anh: "15 stations. Hanoi metro')
    lead = change(office, METRO_EN, 'lead: "Affordable', 'lead: "15 stations. Affordable')
    title = change(office, METRO_EN, "headline: Take", "headline: 15 stations. Take")
    wanted = {(METRO_EN, title, "headline"), (METRO_EN, alt, "alt.anh"), (METRO_EN, lead, "data.anh.lead")}
    change(office, "templates/caption/telegram.j2", "{{ message.summary }}\n", "{{ message.body }}\n")
    assert places(check(), "15 stations") == {*wanted, (METRO_EN, body, "body")}


def test_a_fact_that_a_channel_leaves_out_stands_where_the_entry_demands_it(office: Path, check: Answer) -> None:
    line = change(office, METRO, "uses: [", "uses: [wards, ")
    (one,) = {where(problem) for problem in check() if problem["rule"] == "missing-fact"}
    assert one == (METRO, line, "uses[0]")


def test_the_certificate_shows_every_text_that_was_read(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(office, METRO, "template: infographic/figures", "template: clip/figures")
    run(["certificate", "di-metro", "--workspace", str(office), "--json"])
    texts = json.loads(capsys.readouterr().out)["texts"]
    portal = {text["part"]: text["text"] for text in texts if text["channel"] == "portal"}
    wanted = {"title", "text", "html", "summary", "hashtags", "link"}
    assert set(portal) == {*wanted, *(f"media.anh{part}" for part in ("", ".alt", ".template", ".say"))}
    assert portal["hashtags"] == "#HaNoi #Metro #GiaoThongCongCong"
    assert "12 ga Cát Linh - Hà Đông" in portal["media.anh.say"]


def test_the_certificate_credits_only_what_is_quoted_of_facts_with_one_value(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["certificate", "ngay-phap-luat", "--workspace", str(office), "--json"])
    said = {fact["id"]: fact["said"] for fact in json.loads(capsys.readouterr().out)["facts"]}
    assert "constitution_years" in said
    assert not {"resistance_years", "red_cross_years", "culture_years"} & set(said)  # also 80 years
    summary = next(place for place in said["constitution_years"]["facebook"] if place["part"] == "summary")
    assert (summary["file"], summary["key"]) == (LAW, "summary")


def test_a_required_fact_is_not_said_by_another_of_its_value(office: Path, check: Answer) -> None:
    change(office, LAW, "uses: [", "uses: [red_cross_years, ")
    missing = [problem for problem in check() if problem["rule"] == "missing-fact"]
    assert {problem["channel"] for problem in missing} == {"portal", "facebook", "zalo", "telegram"}
    assert all("red_cross_years" in str(problem["message"]) for problem in missing)


def test_a_fact_that_has_no_english_is_told_at_the_line_that_quotes_it(office: Path, check: Answer) -> None:
    change(office, METRO, "uses: [", "facts:\n  tram: {kind: number, value: 5, unit: trạm, source: Thử}\nuses: [")
    line = change(office, METRO_EN, "More lines are on the way.", "More lines.\n\nThere are {{ fact.tram }}.") + 2
    (problem,) = [problem for problem in check() if problem["rule"] == "missing-english"]
    assert where(problem) == (METRO_EN, line, "body")
    assert "unit_en" in str(problem["message"])
    change(office, METRO_EN, "There are {{ fact.tram }}.", "There are {{ fact.tram.value }} bus stops.")
    assert not [problem for problem in check() if problem["rule"] == "missing-english"]
