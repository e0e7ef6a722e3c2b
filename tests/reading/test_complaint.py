"""A value of the wrong kind: whoever wrote it is told which kind is wanted, in every file that people write."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, create_model

import publishers
import reading
import store
import studio
from editorial.problem import BadInput, Problem
from reading.document import Record, parse_tree, validate

APART = ("migrations", "interop")  # no files that people write; MoviePy need not be there
ODD = [
    "null", "true", "0", "-1", "3.5", ".inf", ".nan", "1e400", "9" * 400, "''", "chữ", "'a b'", "'{a: 1}'", "12:00", "2026-13-45",
    "[]", "[a]", "[[a]]", "[1, [2]]", "{}", "{a: 1}", "{a: .inf}", "{a: [1]}", "{a: {b: .inf}}", "{value: [1]}", "[{a: 1}]",
]  # fmt: skip


def told(text: str, model: type[BaseModel]) -> list[Problem]:
    try:
        validate(parse_tree(text, "x.yaml"), model)
    except BadInput as error:
        return list(error.problems)
    return []


def every_record() -> Iterator[type[Record]]:
    """Yield what every file that people write is read into."""
    for room in (publishers, reading, store, studio):
        for module in walk_packages(room.__path__, f"{room.__name__}."):
            if not any(part in module.name for part in APART):
                import_module(module.name)
    waiting = Record.__subclasses__()
    while waiting:
        record = waiting.pop()
        waiting += record.__subclasses__()
        if not record.__module__.startswith("tests"):
            yield record


class Inner(Record):
    value: str | int | Annotated[float, Field(allow_inf_nan=False)]


class Several(Record):
    a: dict[str, Inner | str | int] = Field(default_factory=dict)
    b: float | str | list[float | str] = 0.0
    c: Annotated[float, Field(gt=0, le=120)] | Literal["reading"] = "reading"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {x: {value: .inf}}", "x.yaml:1 a.x.value: phải là một số hữu hạn"),
        ("a: {x: {value: [1]}}", "x.yaml:1 a.x.value: phải là chữ hoặc số"),
        ("a: {x: [1]}", "x.yaml:1 a.x: phải là một nhóm khóa: giá trị hoặc chữ hoặc số nguyên"),
        ("b: {x: 1}", "x.yaml:1 b: phải là số hoặc chữ hoặc một danh sách, mỗi dòng bắt đầu bằng dấu gạch ngang"),
        ("b: [[1]]", "x.yaml:1 b[0]: phải là số hoặc chữ"),
        ("c: lâu", "x.yaml:1 c: phải là số hoặc một trong: reading"),
        ("c: 121", "x.yaml:1 c: không được quá 120"),
    ],
)
def test_where_several_kinds_are_possible_all_of_them_are_named(text: str, said: str) -> None:
    assert [str(problem) for problem in told(text, Several)] == [said]


def test_in_every_file_a_wrong_value_is_told_what_is_wanted_there() -> None:
    vague, seen = [], 0
    for record in every_record():
        for name, field in record.model_fields.items():
            alone = create_model("Alone", __base__=Record, **{name: (field.annotation, field)})
            for odd in ODD:
                problems = told(f"{field.alias or name}: {odd}", alone)
                seen += len(problems)
                vague += [f"{record.__name__}.{name} {odd}: {each.message}" for each in problems if "ví dụ trong" in each.message]
    assert vague == []
    assert seen > 2000, "the search has found the records"
