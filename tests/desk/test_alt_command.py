"""./loa alt: the proposal beside what is written, a person's yes, and no approval without it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from desk.command import run
from tests.story.workspace import make_workspace

ENTRY = "giai-phong-thu-do"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return make_workspace(tmp_path, [ENTRY])


def page(office: Path, language: str = "") -> Path:
    return office / "content" / f"{ENTRY}{language}.md"


def without_alt(path: Path) -> str:
    """Take every alt text out of a page; return what is left."""
    before = path.read_text(encoding="utf-8")
    after = re.sub(r"^    alt: .*\n", "", before, flags=re.MULTILINE)
    after = re.sub(r"^alt:\n(?:  .*\n)+", "", after, flags=re.MULTILINE)
    assert after != before
    path.write_text(after, encoding="utf-8")
    return after


def shown(office: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    capsys.readouterr()
    run(["alt", ENTRY, "--json", "-w", str(office)])
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return found


def test_the_proposal_stands_beside_what_is_written(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alt", ENTRY, "-w", str(office)]) == 0
    said = capsys.readouterr().out
    assert "đề xuất: " in said and "đã viết: " in said and "cầu Long Biên" in said


def test_a_picture_without_alt_text_is_an_error_that_carries_the_proposal(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without_alt(page(office))
    assert run(["check", ENTRY, "-w", str(office)]) == 2
    said = capsys.readouterr().err
    proposal = next(each["proposed"] for each in shown(office, capsys) if each["language"] == "vi")
    assert f"đề xuất: “{proposal}”" in said
    assert re.search(rf"content/{ENTRY}\.md:\d+ media\[0\]\.alt: chưa có lời mô tả hình", said)
    assert run(["alt", ENTRY, "-w", str(office)]) == 1


def test_a_yes_writes_the_proposal_and_changes_nothing_else(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commented = page(office).read_text(encoding="utf-8").replace("media:\n", "media: # hai hình\n", 1)
    page(office).write_text(commented, encoding="utf-8")
    bare = {language: without_alt(page(office, language)) for language in ("", ".en")}
    assert run(["alt", ENTRY, "--confirm", "-w", str(office)]) == 0
    for language, before in bare.items():
        kept = [line for line in page(office, language).read_text(encoding="utf-8").split("\n") if line in before.split("\n")]
        assert "\n".join(kept) == before, "every line that was there, in its order"
    assert all(each["written"] == each["proposed"] for each in shown(office, capsys))
    assert run(["check", ENTRY, "-w", str(office)]) == 0
    assert list((office / "content").glob(".*")) == []


def test_a_yes_does_not_touch_what_a_person_wrote(office: Path) -> None:
    before = page(office).read_bytes()
    assert run(["alt", ENTRY, "--confirm", "-w", str(office)]) == 0
    assert page(office).read_bytes() == before


def test_a_medium_written_on_one_line_gets_its_words_on_that_line(office: Path) -> None:
    text = without_alt(page(office))
    start = text.index("media:\n")
    end = text.index("\n---", start)
    flow = "media:\n  - {id: anh, template: infographic/occasion, data: {headline: Một tin, source: UBND}}"
    page(office).write_text(text[:start] + flow + text[end:], encoding="utf-8")
    for_english = page(office, ".en")
    for_english.write_text(re.sub(r"^  clip:[\s\S]*?(?=^---)", "", for_english.read_text("utf-8"), flags=re.M), "utf-8")
    assert run(["alt", ENTRY, "--confirm", "-w", str(office)]) == 0
    written = page(office).read_text("utf-8")
    assert "source: UBND}, alt: \"Một tin. Nguồn: UBND.\"}" in written or "source: UBND}, alt: Một tin. Nguồn: UBND.}" in written


def test_a_medium_that_is_written_elsewhere_is_left_to_the_person(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = without_alt(page(office))
    start = text.index("media:\n")
    end = text.index("\n---", start)
    alias = "media: &hinh\n  - {id: anh, template: infographic/occasion, data: {headline: Một tin, source: UBND}}"
    page(office).write_text(text[:start] + alias + text[end:], encoding="utf-8")
    page(office, ".en").unlink()
    before = page(office).read_bytes()
    assert run(["alt", ENTRY, "--confirm", "-w", str(office)]) == 2
    assert "hãy tự thêm cho media anh" in capsys.readouterr().err
    assert page(office).read_bytes() == before


def test_an_unknown_entry_is_told(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alt", "khong-co", "-w", str(office)]) == 2
    assert "khong-co" in capsys.readouterr().err
