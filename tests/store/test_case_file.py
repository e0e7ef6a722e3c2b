from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editorial.fact import FactKind
from editorial.problem import BadInput
from store.case_file import read_cases

GOOD = """\
cases:
  - id: mot
    facts:
      wards: {value: 126, unit: "xã, phường", required: true}
      opening: {value: 2026-10-10}
      share: {value: 12.5, unit: "%"}
      resolution: {value: 02-NQ/TW}
      hotline: {value: "1022"}
      site: {value: "https://hanoi.gov.vn"}
      lake: {value: Hồ Tây, kind: place}
      start: {value: "08:00"}
      quarter: quý IV/2026
    texts:
      facebook: "126 xã, phường; 12,5%; thứ Bảy 10/10/2026, 8h00"
      zalo.en: "On Friday 10 October 2026"
    context: {publish: 2026-10-01, facts_also: [18, 66/NQ-CP]}
    note: other keys are let be
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_plain_values_become_facts_of_the_kind_that_they_look_like(tmp_path: Path) -> None:
    (case,) = read_cases(write(tmp_path, GOOD))
    kinds = {fact.id: fact.kind for fact in case.facts}
    assert kinds == {
        "wards": FactKind.NUMBER,
        "opening": FactKind.DATE,
        "share": FactKind.PERCENTAGE,
        "resolution": FactKind.DOCUMENT,
        "hotline": FactKind.PHONE,
        "site": FactKind.LINK,
        "lake": FactKind.PLACE,
        "start": FactKind.TIME,
        "quarter": FactKind.PERIOD,
    }
    assert case.required == ("wards",)


def test_each_text_is_held_against_the_facts_in_its_own_language(tmp_path: Path) -> None:
    (case,) = read_cases(write(tmp_path, GOOD))
    found = {(each.channel, each.finding.kind.value) for each in case.examine().found}
    assert found == {("zalo.en", "wrong-weekday"), ("zalo.en", "missing-fact")}


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("cases:\n  - id: mot\n", 2, "cases[0].texts"),
        ("cases:\n  - id: mot\n    texts: {a: b}\n    facts:\n      x: {value: 1, kind: colour}\n", 5, "cases[0].facts.x.kind"),
        ("cases:\n  - id: mot\n    texts: {a: b}\n    context: {publish: 2026-02-30}\n", 4, "cases[0].context.publish"),
        ("cases: [\n", 2, None),
        ("{}\n", 1, "cases"),
    ],
)
def test_a_mistake_is_told_at_its_line_and_key(tmp_path: Path, text: str, line: int, key: str | None) -> None:
    with pytest.raises(BadInput) as caught:
        read_cases(write(tmp_path, text))
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, problem.key) == ("cases.yaml", line, key)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=120))
def test_no_file_raises_anything_but_our_own_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cases.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        read_cases(path)
    except BadInput as error:
        assert error.problems
