from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from editorial.problem import BadInput
from reading.document import Record, parse_tree, read_yaml
from reading.front_matter import read_page


class Name(Record):
    vi: str
    en: str | None = None


class Day(Record):
    id: str
    name: Name
    tone: Literal["festive", "solemn"] = "festive"
    count: int = 0


class Days(Record):
    schema_: int = 1
    days: tuple[Day, ...]


def write(folder: Path, text: str) -> Path:
    path = folder / "days.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path, model: type[BaseModel], root: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_yaml(path, model, root)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_file_becomes_a_model_with_the_line_of_each_key(tmp_path: Path) -> None:
    path = write(tmp_path, "days:\n- id: tet\n  name:\n    vi: Tết\n    en: no\n")
    document = read_yaml(path, Days, tmp_path)
    assert document.value.days[0].name == Name(vi="Tết", en="no")
    assert document.place("days", 0, "name", "vi") == ("days.yaml", 4, "days[0].name.vi")


def test_every_mistake_is_reported_with_file_line_and_key(tmp_path: Path) -> None:
    path = write(tmp_path, "days:\n- id: tet\n  nam:\n    vi: Tết\n  tone: sad\n  count: many\n")
    assert problems(path, Days, tmp_path) == [
        "days.yaml:2 days[0].name: thiếu khóa bắt buộc này",
        "days.yaml:5 days[0].tone: phải là một trong: festive, solemn",
        "days.yaml:6 days[0].count: phải là số nguyên",
        "days.yaml:3 days[0].nam: không có khóa tên “nam”; có phải “name”?",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [("days: [1\nx: 2\n", 2), ("a: 1\nb: 2\na: 3\n", 3), ("a:\n\t- x\n", 2), ("a: *unknown\n", 1), ("%YAML 1.1 x\n", 1)],
)
def test_broken_yaml_is_one_line_with_its_place(tmp_path: Path, text: str, line: int) -> None:
    (said,) = problems(write(tmp_path, text), Days, tmp_path)
    assert said.startswith((f"days.yaml:{line}: YAML sai cú pháp", "days.yaml:1: không đọc được"))


class Loose(Record):
    facts: dict[str, int | Name | Day]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("facts: {a: {en: x}}", "facts.a.vi: thiếu khóa bắt buộc này"),
        ("facts: {a: {id: x, name: {vi: 1}}}", "facts.a.name.vi: phải là chữ"),
        ("facts: '{a: 1}'", "facts: đây là chữ vì nằm trong dấu nháy; hãy bỏ dấu nháy ở hai đầu"),
        ("facts: [1]", "facts: phải là một nhóm khóa: giá trị"),
    ],
)
def test_where_several_types_are_possible_no_name_of_ours_stands_in_a_key(tmp_path: Path, text: str, said: str) -> None:
    told = problems(write(tmp_path, text), Loose, tmp_path)
    assert f"days.yaml:1 {said}" in told
    assert not [line for line in told if "Name" in line or "Day." in line]


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "days.yaml"
    path.write_bytes(b"days:\n- id: \xff\n")
    assert problems(path, Days, tmp_path) == ["days.yaml:2: tệp không phải UTF-8; hãy lưu lại với bảng mã UTF-8"]


def test_text_is_normalised_to_nfc(tmp_path: Path) -> None:
    path = write(tmp_path, "days:\n- id: a\n  name: {vi: 'Tê\u0301t'}\n")
    assert read_yaml(path, Days, tmp_path).value.days[0].name.vi == "Tết"


def test_marks_written_as_escapes_are_normalised_too() -> None:
    assert parse_tree('name: "e\\u0302\\u0301"\n', "a.yaml").value == {"name": "\u1ebf"}


def test_an_anchor_given_anew_means_the_nearest_above_without_a_word() -> None:
    assert parse_tree("&a x: &a 1\ny: *a\n", "a.yaml").value == {"x": 1, "y": 1}


def test_aliases_that_explode_are_refused(tmp_path: Path) -> None:
    layers = "".join(f"{name}: &{name} [{','.join([f'*{inner}'] * 10)}]\n" for inner, name in pairwise("abcdefg"))
    text = f"a: &a [{','.join('x' * 10)}]\n{layers}"
    (said,) = problems(write(tmp_path, text), Days, tmp_path)
    assert "quá nhiều giá trị" in said


@pytest.mark.parametrize("levels", [61, 100, 400, 3000])
@pytest.mark.parametrize("shape", ["lists", "keys", "dashes"])
def test_levels_inside_one_another_without_end_are_refused(levels: int, shape: str) -> None:
    deep = {
        "lists": "a: " + "[" * levels + "]" * levels,
        "keys": "".join(f"{' ' * level}a:\n" for level in range(min(levels, 900))),
        "dashes": "- " * levels + "x",
    }
    with pytest.raises(BadInput) as caught:
        parse_tree(deep[shape], "x.yaml")
    assert [problem.rule for problem in caught.value.problems] == ["yaml-too-deep"]


def test_front_matter_keeps_the_lines_of_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("---\nvi: Chào\n---\n\n# Tiêu đề\n", encoding="utf-8")
    page = read_page(path, Name, tmp_path)
    assert (page.head.place("vi")[1], page.body_line, page.body) == (2, 5, "# Tiêu đề")


@pytest.mark.parametrize("text", ["", "vi: x\n", "---\nvi: x\n"])
def test_a_page_without_closed_front_matter_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        read_page(path, Name, tmp_path)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("a: 1\nb: x: y\n", "x:2", "hãy đặt cả câu trong dấu nháy"),
        ("a: 1\na: 2\n", "x:2", "khóa “a” viết hai lần"),
        ("a: 1\nbcd\ne: 1\n", "x:3", "thiếu dấu hai chấm sau tên khóa"),
        ("a:\n\tb: 1\n", "x:2", "có phím Tab"),
        ("a: @x\n", "x:1", "không được bắt đầu bằng @"),
        ("a: 1\nb: [1, 2\nc: 1\n", "x:3", "thiếu dấu phẩy, hoặc thiếu dấu ] đóng lại"),
        ("a: {b: 1\nc: 2", "x:2", "thiếu dấu } đóng lại"),
        ("a: 'x\nb: 1\n", "x:3", "thiếu dấu nháy đóng lại"),
        ("a: *bc\n", "x:1", "“*bc” chưa được đặt tên"),
        ('a: "\\q"\n', "x:1", "hãy dùng dấu nháy đơn"),
        ("a: 1\nb: x\0y\n", "x:2", "ký tự điều khiển"),
        ("a: 1\nb: {{ fact.x }}\n", "x:2", "dấu ngoặc nhọn {{ }}, hãy đặt cả câu trong dấu nháy"),
        ("a: 1\nb: !!python/object:os.system x\n", "x:2 b", "không dùng kiểu riêng của YAML"),
        ("a: 1\nb: !x [1]\nc: !!binary aGk=\n", "x:3 c", "không dùng kiểu riêng của YAML"),
        ("a: 1\nb: &x\n  ? [1]\n  : 2\n", "x:3", "tên khóa phải là một từ"),
        ("a: {b: 1, s\n\n    Nghị quyết}\n", "x:1", "tên khóa phải là một từ"),
        ("a: - b\n", "x:1", "dấu gạch ngang của danh sách phải xuống dòng mới"),
    ],
)
def test_wrong_yaml_is_told_by_what_the_writer_did(text: str, place: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_tree(text, "x")
    assert str(caught.value.problems[0]).startswith(f"{place}: ") or str(caught.value.problems[0]).startswith(f"{place} ")
    assert said in str(caught.value.problems[0])


def test_a_merged_key_stands_where_it_was_merged() -> None:
    tree = parse_tree("a: &x {b: 1}\nc:\n  d: 2\n  <<: *x\n", "x")
    assert tree.value == {"a": {"b": 1}, "c": {"d": 2, "b": 1}}
    assert (tree.lines[("c", "d")], tree.lines[("c", "b")]) == (3, 3)


def test_a_text_read_twice_gives_two_trees_and_the_place_is_that_of_its_file() -> None:
    text = "a: [1, {b: 2}]\n"
    first = parse_tree(text, "x.yaml")
    assert isinstance(first.value, dict)
    first.value["a"][1]["b"] = 3
    again = parse_tree(text, "y.yaml", first_line=5)
    assert (again.value, again.file, again.lines[("a", 1, "b")]) == ({"a": [1, {"b": 2}]}, "y.yaml", 5)
    assert parse_tree(text, "x.yaml").value == again.value


@given(st.text(max_size=200))
def test_any_text_is_a_tree_or_bad_input(text: str) -> None:
    try:
        assert parse_tree(text, "x.yaml").file == "x.yaml"
    except BadInput as error:
        assert error.problems


@pytest.mark.parametrize("value", ["!!bool vui", '!!int ""', '!!float ""', "!!map [a]", '"\\UFFFFFFFF"', "&t {<<: *t}"])
def test_a_type_of_yaml_s_own_that_its_words_are_not_is_told_at_its_line(tmp_path: Path, value: str) -> None:
    (said,) = problems(write(tmp_path, f"days:\n- id: tet\n  name: {{vi: Tết}}\n  tone: {value}\n"), Days, tmp_path)
    assert said.startswith(("days.yaml:4", "days.yaml:1"))
    assert "YAML" in said


@pytest.mark.parametrize("text", ["", "# chưa viết gì\n", "---\n"])
def test_an_empty_file_is_told_what_it_lacks(tmp_path: Path, text: str) -> None:
    assert problems(write(tmp_path, text), Days, tmp_path) == ["days.yaml:1 days: thiếu khóa bắt buộc này"]


@pytest.mark.parametrize("wrong", ["days: [", "days: - a", "x: *", "days: []\n---\ndays: []\n", "<<:", "days: 20270101"])
def test_no_english_word_of_the_reader_reaches_the_writer(tmp_path: Path, wrong: str) -> None:
    for said in problems(write(tmp_path, wrong), Days, tmp_path):
        assert not re.search(r"expected|allowed|while|found|should|Input|valid", said), said


def test_a_bound_a_form_and_a_day_are_told_in_the_writer_s_words(tmp_path: Path) -> None:
    class Bounded(Record):
        day: date
        least: Annotated[int, Field(ge=1)]
        slug: Annotated[str, Field(pattern=r"^[a-z0-9]+([-_.][a-z0-9]+)*$")]

    told = problems(write(tmp_path, "day: 20270101\nleast: 0\nslug: Trung Thu\n"), Bounded, tmp_path)
    assert told == [
        "days.yaml:1 day: phải là ngày dạng 2026-09-25",
        "days.yaml:2 least: phải từ 1 trở lên",
        "days.yaml:3 slug: chỉ gồm chữ thường không dấu và chữ số, nối bằng - _ hoặc dấu chấm, ví dụ trung-thu-pho-co",
    ]
    assert problems(tmp_path / "khong-co.yaml", Bounded, tmp_path) == [
        "khong-co.yaml: không đọc được tệp: không có tệp hay thư mục này"
    ]
