"""Whatever is wrong in a workspace is told in one line with its place and status 2, and nothing is published or half-written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.command import run
from tests.story.workspace import make_workspace

Spoil = Callable[[Path], None]


def replaced(name: str, old: str, new: str) -> Spoil:
    def spoil(root: Path) -> None:
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer says {old}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def written(name: str, text: str) -> Spoil:
    return lambda root: (root / name).write_text(text, encoding="utf-8") and None


FEW = ("ngay-phap-luat", "quoc-khanh")
LAW = "content/ngay-phap-luat.md"
DAY = "{id: ngay_thu, name: {vi: Ngày thử, en: Test}, kind: city, tone: neutral, basis: thử, evidence: general_knowledge, rule: "


@pytest.mark.parametrize(
    ("spoil", "rule", "place"),
    [
        (replaced(LAW, "tone: neutral", "tone: [neutral"), "yaml-syntax", r"content/ngay-phap-luat\.md:\d+"),
        (replaced(LAW, "channels: [portal", "channels: [cong"), "unknown-channel",
         r"content/ngay-phap-luat\.md:\d+ channels\[0\]"),
        (replaced(LAW, "template: infographic/", "template: infographic/khong-"), "missing-template",
         r"content/ngay-phap-luat\.md:\d+ media\[0\]\.template"),
        (replaced(LAW, "axis: ", "axis: truc-khac-"), "unknown-axis", r"content/ngay-phap-luat\.md:\d+ axis"),
        (replaced(LAW, "when: ", "when: ngay_khong_co/2026@08:00 #"), "unknown-anchor", r"content/ngay-phap-luat\.md:\d+ when"),
        (replaced(LAW, "{{ fact.", "{{ fact.khong_co_"), "unknown-fact", r"content/ngay-phap-luat\.md:\d+"),
        (replaced("content/office.yaml", "publisher: facebook", "publisher: friendster"), "unknown-publisher",
         r"content/office\.yaml:\d+ channels\[\d\]\.publisher"),
        (written("calendars/thu.yaml", f"schema: 1\ndays:\n- {DAY}'lunar:13-01'}}\n"), None,
         r"calendars/thu\.yaml:3 days\[0\]\.rule"),
        (written("calendars/thu.yaml", f"schema: 1\ndays:\n- {DAY}'lunar:09-30'}}\n"), None, r"calendars/thu\.yaml:3 days\[0\]"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_file_line_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Spoil, rule: str | None, place: str
) -> None:
    root = make_workspace(tmp_path, FEW)
    spoil(root)
    assert run(["check", "--workspace", str(root), "--json"]) == 2
    problem = json.loads(capsys.readouterr().out)[0]
    assert rule is None or problem["rule"] == rule
    shown = f"{problem['file']}:{problem['line']} {problem['key'] or ''}"
    assert re.match(place, shown), shown
    assert problem["message"]


def test_a_required_field_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_workspace(tmp_path, FEW)
    path = root / LAW
    text = re.sub(r"^      headline: .*\n", "", path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    assert run(["check", "--workspace", str(root)]) == 2
    assert re.search(r"content/ngay-phap-luat\.md:\d+ media\[0\]\.data\.headline: mẫu cần", capsys.readouterr().err)


def test_a_letter_that_the_font_lacks_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_workspace(tmp_path, FEW)
    path = root / LAW
    text = re.sub(r"^      headline: ", "      headline: 漢 ", path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    assert run(["check", "--workspace", str(root)]) == 2
    assert "漢" in capsys.readouterr().err


def test_a_figure_without_a_source_stops_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_workspace(tmp_path, FEW)
    path = root / LAW
    path.write_text(path.read_text(encoding="utf-8") + "\nĐã có 987 người tham gia.\n", encoding="utf-8")
    assert run(["check", "--workspace", str(root)]) == 2
    assert "“987" in capsys.readouterr().err


def test_the_demo_publishes_nothing_from_a_broken_workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_workspace(tmp_path, FEW)
    replaced(LAW, "channels: [portal", "channels: [cong")(root)
    assert run(["demo", "--no-serve", "--json", "--workspace", str(root)]) == 2
    assert not (root / ".loa" / "demo").exists()
    assert capsys.readouterr().out == ""


def test_the_sample_workspace_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (written("calendars/thu.yaml", "schema: 1\ndays: - x\n"), "yaml-syntax"),
        (replaced("content/office.yaml", "schema: 1", "schema: 2"), "unknown-value"),
    ],
)
def test_one_entry_cannot_be_called_right_while_the_workspace_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Spoil, rule: str
) -> None:
    root = make_workspace(tmp_path, FEW)
    spoil(root)
    assert run(["check", "ngay-phap-luat", "--workspace", str(root), "--json"]) == 2
    assert [problem["rule"] for problem in json.loads(capsys.readouterr().out)] == [rule]
    assert run(["check", "khong-co", "--workspace", str(root)]) == 2


def test_a_channel_named_twice_is_told_before_anything_is_approved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_workspace(tmp_path, FEW)
    replaced(LAW, "channels: [portal", "channels: [portal, portal")(root)
    assert run(["check", "--workspace", str(root), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert [(one["rule"], one["key"]) for one in told if one["severity"] == "error"] == [("duplicate-channel", "channels[1]")]


@pytest.mark.parametrize("value", [".nan", ".inf", "-.inf", "1e999"])
def test_a_number_that_is_none_is_told_at_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], value: str) -> None:
    root = make_workspace(tmp_path, FEW)
    replaced("content/facts/plan.yaml", "value: 126", f"value: {value}")(root)
    assert run(["check", "--workspace", str(root), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)[0]["key"] == "facts.wards.value"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (replaced("content/office.yaml", "people:", "lead_times: {brief: 1, design: 10}\npeople:"), "giảm dần"),
        (replaced("content/office.yaml", "people:", "limits: {latest: '06:00'}\npeople:"), "trước giờ muộn"),
        (written("content/facts/them.yml", "schema: 1\nfacts: {}\n"), "đuôi tệp phải là .yaml"),
        (written("content/bai.MD", "x"), "đuôi tệp phải là .md"),
        (written("calendars/thu.yaml", f"schema: 1\ndays:\n- {DAY}'solar:01-02', first_year: 99999}}\n"), "không được quá 2100"),
    ],
)
def test_what_can_never_be_meant_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Spoil, said: str
) -> None:  # fmt: skip
    root = make_workspace(tmp_path, FEW)
    spoil(root)
    assert run(["check", "--workspace", str(root)]) == 2
    assert said in capsys.readouterr().err
