"""A fact's lines changed in its file, and nothing else of the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from editorial.fact import Fact, FactKind
from editorial.problem import BadInput
from store.fact_file import write_fact

TEXT = """# Sổ của phòng
schema: 1
facts:
  wards:
    kind: number
    value: 126  # theo Nghị quyết
    unit: xã, phường
    source: Kế hoạch 2026
  rivers: {kind: number, value: 4, unit: sông, source: Kế hoạch 2026}
"""
WARDS = Fact(id="wards", kind=FactKind.NUMBER, value=127, unit="xã, phường", source="Công văn 12", as_of=date(2026, 11, 1))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "content" / "facts" / "plan.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_value_source_and_day_are_written_and_the_rest_stays(ledger: Path, tmp_path: Path) -> None:
    line = write_fact(tmp_path, WARDS, {"value": "127", "source": '"Công văn 12"', "as_of": "2026-11-01"})
    expected = TEXT.replace("126  # theo Nghị quyết\n", "127  # theo Nghị quyết\n    as_of: 2026-11-01\n")
    expected = expected.replace("source: Kế hoạch 2026\n  rivers", 'source: "Công văn 12"\n  rivers')
    assert ledger.read_text(encoding="utf-8") == expected
    assert (line.file, line.line, line.text.strip()) == ("content/facts/plan.yaml", 6, "value: 127  # theo Nghị quyết")


def test_what_cannot_be_written_leaves_the_file_as_it_was(ledger: Path, tmp_path: Path) -> None:
    rivers = replace(WARDS, id="rivers", value=5)
    for fact, written in ((rivers, {"value": "5"}), (WARDS, {"value": "127", "source": '"Nguồn khác"'})):
        with pytest.raises(BadInput):
            write_fact(tmp_path, fact, written)
        assert ledger.read_text(encoding="utf-8") == TEXT
    assert list(ledger.parent.iterdir()) == [ledger]
