from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from editorial.fact_words import words
from editorial.problem import BadInput
from reading.front_matter import read_page
from store import workspace_files
from store.workspace_files import EntryFiles, read_content
from tests.story.workspace import make_workspace

OFFICE = """\
schema: 1
name: Văn phòng thử
short_name: Thử
key_message: Một thông điệp
units: [{id: van-phong, name: Văn phòng, contact: Đầu mối, spokesperson: Người phát ngôn}]
axes: [{id: ubnd, name: UBND, role: tổ chức}]
groups: [{id: "1.7", name: Văn hóa, name_en: Culture}]
channels: [{id: portal, name: Cổng, publisher: web_portal, caption: portal}]
"""
FACTS = """\
schema: 1
facts:
  wards: {kind: number, value: 126, unit: "xã, phường", unit_en: wards, source: Kế hoạch}
  rate: {kind: percentage, value: 12.5, source: Kế hoạch}
  budget: {kind: money, value: 1250000, source: Kế hoạch}
  day: {kind: date, value: 1954-10-10, source: Lịch sử}
"""
ENTRY = """\
---
id: mot
group: "1.7"
axis: ubnd
unit: van-phong
tone: neutral
when: 2026-10-01@08:00
channels: [portal]
headline: Một tin
summary: Tóm tắt
media:
  - {id: anh, template: infographic/occasion, alt: Mô tả, data: {headline: Một tin, steps: [{title: A}]}}
---
Thân bài {{ fact.wards }}.
"""


def workspace(folder: Path, **files: str) -> Path:
    (folder / "content" / "facts").mkdir(parents=True)
    (folder / "content" / "office.yaml").write_text(files.get("office", OFFICE), encoding="utf-8")
    (folder / "content" / "facts" / "plan.yaml").write_text(files.get("facts", FACTS), encoding="utf-8")
    (folder / "content" / "mot.md").write_text(files.get("entry", ENTRY), encoding="utf-8")
    if "english" in files:
        (folder / "content" / "mot.en.md").write_text(files["english"], encoding="utf-8")
    return folder


def complaints(folder: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_content(folder)
    return [str(problem) for problem in caught.value.problems]


def test_content_is_read_with_facts_of_the_right_type(tmp_path: Path) -> None:
    content = read_content(workspace(tmp_path))
    assert content.facts["rate"].value == Decimal("12.5")
    assert content.facts["day"].value == date(1954, 10, 10)
    assert content.entries["mot"].messages["vi"].body == "Thân bài {{ fact.wards }}."
    assert content.place("mot", "media[0].data.headline") == ("content/mot.md", 12, "media[0].data.headline")


def test_a_person_belongs_to_a_unit_of_the_office(tmp_path: Path) -> None:
    people = "people: [{id: lan, name: Lan, roles: [editor], unit: phong-la}]\n"
    assert complaints(workspace(tmp_path / "a", office=OFFICE + people)) == [
        "content/office.yaml:9 people[0].unit: không có đơn vị “phong-la”; các đơn vị có thể chọn: van-phong"
    ]
    assert "lan" in read_content(workspace(tmp_path / "b", office=OFFICE + people.replace("phong-la", "van-phong"))).office.people


def test_two_of_a_kind_cannot_have_one_id(tmp_path: Path) -> None:
    people = "people: [{id: lan, name: Lan, roles: [editor]},\n  {id: lan, name: Lan Hai, roles: [approver]}]\n"
    second = "caption: portal},\n  {id: portal, name: Hai, publisher: telegram, caption: portal}]"
    office = OFFICE.replace("caption: portal}]", second)
    assert complaints(workspace(tmp_path, office=office + people)) == [
        "content/office.yaml:9 channels[1].id: mã “portal” đã dùng ở trên; hãy đặt mã khác",
        "content/office.yaml:11 people[1].id: mã “lan” đã dùng ở trên; hãy đặt mã khác",
    ]


def test_a_fact_is_written_in_the_form_of_each_language(tmp_path: Path) -> None:
    facts = read_content(workspace(tmp_path)).facts
    assert [words(facts[name], "vi") for name in ("wards", "rate", "budget", "day")] == [
        "126 xã, phường", "12,5%", "1.250.000 đồng", "10/10/1954",
    ]  # fmt: skip
    assert [words(facts[name], "en") for name in ("wards", "rate", "day")] == ["126 wards", "12.5%", "10 October 1954"]


def test_an_english_variant_takes_over_what_it_does_not_say(tmp_path: Path) -> None:
    english = "---\nheadline: One\nsummary: Short\nalt: {anh: A picture}\ndata: {anh: {headline: One}}\n---\nBody.\n"
    entry = read_content(workspace(tmp_path, english=english)).entries["mot"]
    assert entry.messages["en"].headline == "One"
    assert entry.media[0].data["en"] == {"headline": "One", "steps": [{"title": "A"}]}
    assert entry.media[0].alt == {"vi": "Mô tả", "en": "A picture"}


def test_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    facts = FACTS.replace(', unit: "xã, phường"', "").replace("1954-10-10", "1954-02-30")
    entry = ENTRY.replace("id: mot", "id: hai").replace("tone: neutral", "tone: vui")
    said = complaints(workspace(tmp_path, facts=facts, entry=entry, office=OFFICE.replace("role: tổ chức", "vai: x")))
    assert said == [
        "content/office.yaml:6 axes[0].role: thiếu khóa bắt buộc này",
        "content/office.yaml:6 axes[0].vai: không có khóa tên “vai”; hãy xóa hoặc sửa tên khóa",
        "content/facts/plan.yaml:3 facts.wards: thiếu đơn vị; hãy thêm khóa unit",
        "content/facts/plan.yaml:6 facts.day.value: phải là ngày có thật, dạng 2026-09-25",
        "content/mot.md:6 tone: phải là một trong: festive, solemn, neutral",
    ]


def test_what_a_fact_may_not_say_is_told_at_its_file_line_and_key(tmp_path: Path) -> None:
    wrong = (
        '  portal: {kind: link, value: "javascript:alert(1)", source: x}\n'
        '  hotline: {kind: phone, value: "12 ga", source: x}\n'
        "  rivers: {kind: number, value: -4, unit: sông, source: x}\n"
        "  plan:\n    kind: document\n    value: abc\n    source: x\n    as_of: 2026-04-01\n    valid_until: 2026-03-01\n"
    )
    own = ENTRY.replace("media:", 'facts:\n  term: {kind: period, value: "2031-2026", source: x}\nmedia:', 1)
    line = own.split("term:")[0].count("\n") + 1
    said = complaints(workspace(tmp_path, facts=FACTS.rstrip("\n") + "\n" + wrong, entry=own))
    start = FACTS.rstrip("\n").count("\n") + 2
    assert [each.split(":")[0] + ":" + each.split(":")[1] for each in said] == [
        f"content/facts/plan.yaml:{start} facts.portal.value",
        f"content/facts/plan.yaml:{start + 1} facts.hotline.value",
        f"content/facts/plan.yaml:{start + 2} facts.rivers.value",
        f"content/facts/plan.yaml:{start + 5} facts.plan.value",
        f"content/facts/plan.yaml:{start + 8} facts.plan.valid_until",
        f"content/mot.md:{line} facts.term.value",
    ]


def test_another_word_is_another_revision_and_another_place_on_disk_is_not(tmp_path: Path) -> None:
    one = read_content(workspace(tmp_path / "a")).entries["mot"]
    same = read_content(workspace(tmp_path / "b")).entries["mot"]
    other = read_content(workspace(tmp_path / "c", entry=ENTRY.replace("Một tin", "Hai tin"))).entries["mot"]
    assert one.revision == same.revision
    assert one.revision != other.revision


def test_a_file_that_was_not_written_since_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_workspace(tmp_path, ("ngay-phap-luat", "di-metro"))
    files, read = EntryFiles(), list[str]()

    def noted(path: Path, *more: object) -> object:
        read.append(path.name)
        return read_page(path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(workspace_files, "read_page", noted)
    first = read_content(root, files=files)
    assert sorted(read) == ["di-metro.en.md", "di-metro.md", "ngay-phap-luat.md"]
    page = root / "content" / "di-metro.en.md"
    page.write_text(page.read_text(encoding="utf-8").replace("headline:", "headline: ", 1), encoding="utf-8")
    read.clear()
    again = read_content(root, files=files)
    assert sorted(read) == ["di-metro.en.md", "di-metro.md"], "an entry is read with its translation"
    assert again.entries["ngay-phap-luat"] is first.entries["ngay-phap-luat"] and again == first
    (root / "content" / "ngay-phap-luat.md").unlink()
    assert set(read_content(root, files=files).entries) == {"di-metro"}
    assert set(files._known) == {root / "content" / "di-metro.md"}


def test_a_mistake_is_told_each_time_the_files_are_read(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, ("ngay-phap-luat",))
    page, files = root / "content" / "ngay-phap-luat.md", EntryFiles()
    page.write_text(page.read_text(encoding="utf-8").replace("id: ngay-phap-luat", "id: khac"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(BadInput, match="id phải trùng tên tệp"):
            read_content(root, files=files)
