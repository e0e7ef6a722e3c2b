"""The check keeps its promise on the labelled corpus, and the commands say so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.command import run
from desk.consistency_score import GOAL_FALSE_ALARMS, GOAL_RECALL, Score, read_corpus, score
from editorial.finding import FindingKind
from tests.story.workspace import make_workspace

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "consistency"


@pytest.fixture(scope="module")
def scored() -> Score:
    return score(read_corpus(CORPUS))


def test_the_corpus_has_hundreds_of_cases_and_every_kind_of_defect(scored: Score) -> None:
    assert scored.cases >= 300
    assert all(scored.kinds[kind].defects >= 10 for kind in FindingKind)


def test_the_check_finds_what_is_wrong(scored: Score) -> None:
    assert scored.recall >= GOAL_RECALL, scored.missed


def test_the_check_leaves_alone_what_is_right(scored: Score) -> None:
    assert scored.false_alarm_rate < GOAL_FALSE_ALARMS, scored.missed
    assert 1 - scored.precision < GOAL_FALSE_ALARMS, scored.missed


def test_a_case_file_is_answered_as_one_json_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(
        'cases:\n  - {id: 1, facts: {n: {value: 126, unit: "xã, phường"}}, texts: {zalo: "125 xã, phường"}}\n'
        '  - {id: hai, facts: {}, texts: {zalo: "Chào buổi sáng"}}\n',
        encoding="utf-8",
    )
    assert run(["check", "--file", str(path), "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first["id"] == "1"
    (problem,) = first["problems"]
    assert {key: problem[key] for key in ("channel", "kind", "fact", "expected")} == {
        "channel": "zalo",
        "kind": "wrong-figure",
        "fact": "n",
        "expected": "126 xã, phường",
    }
    assert second == {"id": "hai", "problems": []}


def test_a_file_that_cannot_be_read_ends_with_status_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text("cases:\n  - id: mot\n    texts: 5\n", encoding="utf-8")
    assert run(["check", "--file", str(path)]) == 2
    assert capsys.readouterr().err.startswith("cases.yaml:3 cases[0].texts:")
    assert run(["check", "--file", str(tmp_path / "nowhere.yaml")]) == 2


def test_the_certificate_of_a_message_names_every_fact_on_every_channel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "giay.html"
    assert run(["certificate", "di-metro", "--json"]) == 0
    certificate = json.loads(capsys.readouterr().out)
    assert certificate["clean"] is True
    required = {fact["id"]: fact["said"] for fact in certificate["facts"] if fact["required"]}
    assert required and all(all(places for places in said.values()) for said in required.values())
    assert run(["certificate", "di-metro", "--html", str(page)]) == 0
    html = page.read_text(encoding="utf-8")
    assert "12 stations" in html and "src=" not in html and "href=" not in html


def test_a_certificate_tells_how_old_a_fact_is_and_its_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_workspace(tmp_path, ("ngay-phap-luat",))
    path = root / "content" / "ngay-phap-luat.md"
    fact = "dem: {kind: number, value: 5, unit: đêm, source: Sở, as_of: 2026-10-01, valid_until: 2026-12-31, note: Tạm tính}"
    path.write_text(path.read_text(encoding="utf-8").replace("uses: [", f"facts:\n  {fact}\nuses: [dem, "), encoding="utf-8")
    page = tmp_path / "giay.html"
    run(["certificate", "ngay-phap-luat", "--workspace", str(root), "--html", str(page)])
    html = page.read_text(encoding="utf-8")
    assert "Số liệu ngày 1/10/2026; dùng đến hết 31/12/2026" in html and "Ghi chú: Tạm tính" in html
    capsys.readouterr()
    run(["certificate", "ngay-phap-luat", "--workspace", str(root), "--json"])
    (fact_said,) = [each for each in json.loads(capsys.readouterr().out)["facts"] if each["id"] == "dem"]
    assert (fact_said["as_of"], fact_said["valid_until"], fact_said["note"]) == ("2026-10-01", "2026-12-31", "Tạm tính")


def test_an_entry_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["certificate", "khong-co"]) == 2
    assert "khong-co" in capsys.readouterr().err
