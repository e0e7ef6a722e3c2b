"""Values exchanged in a page: everything else of the file stays as the person wrote it, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from editorial.problem import BadInput
from reading.amending import amended
from reading.front_matter import page_of
from reading.key_path import KeyPath
from store.content_records import EntryRecord

HOUSE = Path(__file__).resolve().parents[2]
PAGE = """---
# Bài của tổ văn hóa.
id: cho-hoa   # tên tệp
group: "1.7"
axis: ubnd
unit: so-vhtt
tone: festive

when: 2026-10-28@07:00
moments: {youtube: 2026-10-28@12:00} # chiều
channels: [portal, facebook]
headline: 'Chợ hoa ''xuân'' mở cửa'   # đừng dài quá
summary: >
  Mời bà con cùng
  tham gia.
# thẻ của chợ
hashtags:
  - HaNoi
  - ChoHoa
uses: [wards]
media:
  - id: anh
    template: infographic/occasion  # mẫu lễ
    data: {headline: Chợ hoa}
variants:
  facebook:
    text: |
      Dòng một.

      Dòng hai.
    # lời cho trang
    title: Chợ hoa
  portal: {title: "Chợ hoa: khai mạc"}
---

Thân bài có **chữ đậm**.
"""


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and those that came."""
    old, new = before.split("\n"), after.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("path", "value", "gone", "come"),
    [
        (("headline",), "Chợ 'Tết'", ["headline: 'Chợ hoa ''xuân'' mở cửa'   # đừng dài quá"],
         ["headline: 'Chợ ''Tết'''   # đừng dài quá"]),
        (("when",), "2026-10-29@07:00", ["when: 2026-10-28@07:00"], ["when: 2026-10-29@07:00"]),
        (("action",), "Đến sớm: có quà", [], ['action: "Đến sớm: có quà"']),
        (("summary",), "Chỉ một dòng.", ["  Mời bà con cùng", "  tham gia.", "summary: >"], ["summary: |", "  Chỉ một dòng."]),
        (("hashtags",), ("HaNoi", "Hoa"), ["  - ChoHoa"], ["  - Hoa"]),
        (("moments", "facebook"), "2026-10-28@08:00", ["moments: {youtube: 2026-10-28@12:00} # chiều"],
         ["moments: {youtube: 2026-10-28@12:00, facebook: 2026-10-28@08:00} # chiều"]),
        (("moments", "youtube"), None, ["moments: {youtube: 2026-10-28@12:00} # chiều"], []),
        (("media", 0, "alt"), "Hàng hoa, người mua", [], ["    alt: Hàng hoa, người mua"]),
        (("variants", "facebook", "text"), "Một dòng", ["      Dòng một.", "      Dòng hai."], ["      Một dòng"]),
        (("variants", "facebook", "text"), None, ["    text: |", "      Dòng một.", "      Dòng hai."], []),
        (("variants", "facebook", "summary"), "Tóm\ntắt", [], ["    summary: |", "      Tóm", "      tắt"]),
        (("variants", "portal", "summary"), "Gọn, [đủ]", ['  portal: {title: "Chợ hoa: khai mạc"}'],
         ['  portal: {title: "Chợ hoa: khai mạc", summary: "Gọn, [đủ]"}']),
        (("variants", "portal"), None, ['  portal: {title: "Chợ hoa: khai mạc"}'], []),
        (("variants", "telegram", "title"), "Chợ", [], ["  telegram:", "    title: Chợ"]),
    ],
)  # fmt: skip
def test_one_value_changes_and_no_other_line(path: KeyPath, value: str, gone: list[str], come: list[str]) -> None:
    after = amended(PAGE, "content/cho-hoa.md", {path: value})
    assert tuple(map(sorted, lines_changed(PAGE, after))) == (sorted(gone), sorted(come))
    page_of(after, "content/cho-hoa.md", EntryRecord)


def test_another_body_leaves_the_front_matter_and_the_blank_lines_around_it() -> None:
    after = amended(PAGE, "content/cho-hoa.md", {}, "Lời mới.\n\n---\n\nĐoạn sau.")
    assert after == PAGE.replace("Thân bài có **chữ đậm**.", "Lời mới.\n\n---\n\nĐoạn sau.")


@pytest.mark.parametrize("path", sorted((HOUSE / "content").glob("*.md")), ids=lambda path: path.name)
def test_every_entry_of_the_house_takes_another_headline_and_gives_it_back(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    other = amended(before, path.name, {("headline",): "Khác: {{ fact.wards }}", ("summary",): "Gọn"}, "Một đoạn.")
    assert len(lines_changed(before, other)[0]) >= 2
    assert "Khác: {{ fact.wards }}" in other
    back = amended(before, path.name, {("action",): "Thử"})
    assert len(lines_changed(before, back)[1]) == 1


def test_a_value_on_which_others_stand_is_left_to_a_person() -> None:
    text = PAGE.replace("{headline: Chợ hoa}", "{headline: &ten Chợ hoa}").replace("title: Chợ hoa\n", "title: *ten\n")
    with pytest.raises(BadInput) as error:
        amended(text, "content/cho-hoa.md", {("variants", "facebook", "title"): "Khác"})
    assert error.value.problems[0].rule == "cannot-write"
