"""Values exchanged in a page: everything else of the file stays as the person wrote it, to the letter."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from editorial.problem import BadInput
from reading.amending import amended, value_at
from reading.front_matter import page_of
from reading.key_path import KeyPath
from store.content_records import EntryRecord
from tests.reading.random_pages import random_change, tree_at, without

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


def test_a_part_that_goes_leaves_what_others_took_from_it_written_out() -> None:
    text = PAGE.replace("{headline: Chợ hoa}", "{headline: &ten Chợ hoa}").replace("title: Chợ hoa\n", "title: *ten\n")
    record = page_of(amended(text, "content/cho-hoa.md", {("media", 0): None}), "content/cho-hoa.md", EntryRecord).head.value
    assert record.media == ()
    assert record.variants["facebook"].title == "Chợ hoa"


def test_what_stands_on_another_place_as_a_whole_is_left_to_a_person() -> None:
    text = PAGE.replace("data: {headline: Chợ hoa}", "data: &data {headline: Chợ hoa}")
    text = text.replace("variants:\n", "  - id: clip\n    template: clip/number\n    data:\n      <<: *data\nvariants:\n")
    with pytest.raises(BadInput) as error:
        amended(text, "content/cho-hoa.md", {("media", 0, "data", "headline"): "Khác"})
    assert error.value.problems[0].rule == "cannot-write"


LISTS = """---
id: x
channels: [portal, # cổng của tỉnh
  facebook,
  # nhóm riêng
  zalo]
uses:
  - a   # nguồn ở Sở
  # của quý
  - b
  - c  # cuối
---
"""


@pytest.mark.parametrize(
    ("path", "value", "gone", "come"),
    [
        (("uses",), ("a", "c"), ["  - b"], []),
        (("uses",), ("b", "c", "d"), ["  - a   # nguồn ở Sở"], ["  - d"]),
        (("uses",), ("a", "b", "c", "d", "e"), [], ["  - d", "  - e"]),
        (("channels",), ("portal", "zalo"), ["  facebook,"], []),
        (("channels",), ("facebook", "zalo"), ["channels: [portal, # cổng của tỉnh"], ["channels: [ # cổng của tỉnh"]),
    ],
)  # fmt: skip
def test_items_of_a_list_go_and_come_and_the_remarks_of_the_others_stay(
    path: KeyPath, value: tuple[str, ...], gone: list[str], come: list[str]
) -> None:
    after = amended(LISTS, "content/x.md", {path: value})
    told = lines_changed(LISTS, after)
    assert [line.rstrip() for line in told[0] if line.strip()] == gone, after
    assert [line.rstrip() for line in told[1] if line.strip()] == come, after
    assert value_at(after, "content/x.md", path) == list(value)
    empty = amended(after, "content/x.md", {path: None})
    assert value_at(empty, "content/x.md", path) is None


@pytest.mark.parametrize("value", [("zalo", "facebook", "portal"), ("c", "b", "a"), ("zalo", "portal", "tiktok", "facebook")])
def test_a_list_takes_another_order_however_it_is_written(value: tuple[str, ...]) -> None:
    for path in (("channels",), ("uses",)):
        after = amended(LISTS, "content/x.md", {path: value})
        assert value_at(after, "content/x.md", path) == list(value)
        back = amended(after, "content/x.md", {path: tuple(value_at(LISTS, "content/x.md", path))})  # type: ignore[arg-type]
        assert value_at(back, "content/x.md", path) == value_at(LISTS, "content/x.md", path)


ROWS = """---
rows:
  - k: a
  # hai
  - k: b  # giữ
    n: 1
  - k: c
words: [x, y, z]
---

Thân
"""


@pytest.mark.parametrize(
    ("path", "rows", "words"),
    [
        (("rows", 0), [{"k": "b", "n": 1}, {"k": "c"}], ["x", "y", "z"]),
        (("rows", 0, "k"), [{"k": "b", "n": 1}, {"k": "c"}], ["x", "y", "z"]),
        (("rows", 1, "n"), [{"k": "a"}, {"k": "b"}, {"k": "c"}], ["x", "y", "z"]),
        (("words", 1), [{"k": "a"}, {"k": "b", "n": 1}, {"k": "c"}], ["x", "z"]),
    ],
    ids=str,
)
def test_an_item_that_goes_takes_none_of_those_behind_it_along(path: KeyPath, rows: object, words: object) -> None:
    made = amended(ROWS, "x.md", {path: None})
    assert value_at(made, "x.md", ()) == {"rows": rows, "words": words}
    assert "# giữ" in made


def test_whatever_is_changed_everything_else_says_what_it_said() -> None:
    changed = 0
    for seed in range(200):
        page, path, value = random_change(Random(seed))
        before = value_at(page, "x.md", ())
        try:
            made = amended(page, "x.md", {path: value})
        except BadInput:
            continue  # for a person
        after, known = value_at(made, "x.md", ()), tree_at(before, path)
        changed += made != page
        if value is not None:
            assert without(after, path) == without(before, path), seed
        else:
            assert after == without(before, path) or (known is None and after == before), seed
        said, meant = tree_at(after, path), list(value) if isinstance(value, tuple) else value
        assert value is None or (said.strip() if isinstance(said, str) else said) == meant, seed
    assert changed > 150
