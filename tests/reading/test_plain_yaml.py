"""Whatever the quick reader of YAML takes, the thorough one takes too, and both read the same values at the same lines."""

from __future__ import annotations

import marshal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from editorial.problem import BadInput
from reading.document import MOST_DEEP, MOST_NODES, slowly
from reading.key_path import KeyPath
from reading.plain_yaml import read_plainly
from tests.fuzz import examples

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("content", "calendars", "templates", "assets", "publishers", "desk", "tests")
FILES = sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.yaml"))
SHORT = [text for path in FILES if len(text := path.read_text(encoding="utf-8")) < 6000]
# What can stand where in YAML, and what looks as if it could.
WORDS = (
    "a", "bài", "10", "-3", "+4", "007", "0o17", "0x1F", "1_000", "1.50", "-0.0", "1e3", ".5", "1.", ".inf", "18:00",
    "2026-10-10", "2026-10-10 08:00:00", "true", "Yes", "no", "NULL", "~", "null", "=", "<<", "-", "?", ":", "#", "@a", "%x", "!",
    "!!str a", "&b c", "*b", "|", ">", "'x'", "''", '"y\\n"', '"e\\u0302\\u0301"', "x: y", "x:y", "http://a", "a #b", "a#b",
    "[p, q]", "{r: s}", "[p: q]", "{t}", "{u: }", "[,]", "a, b", "- z", "...", "---", "ề", "😀", "", " ",
)  # fmt: skip
SIGNS = (
    *"ab:,[]{}-?'\"#|>&*! \n%@`=~0123.<\\_", "  ", ": ", "- ", "\n  ", "\n- ", "ề", "a: ", "\n\n", " #c", ">-\n", "|2\n", "|+\n",
)  # fmt: skip
KEYS = ("k", "khóa", "'k'", '"k"', "2026", "1", "true", "null", "? k", "<<", "k k", "-k", "&a k", "[k]", "k:", "a\\n", '"a\\nb"')
Line = tuple[int, str, str, str]
DASHES = ("", "", "- ", "- - ", "# ")
LINE = st.tuples(st.integers(0, 3), st.sampled_from(DASHES), st.sampled_from(("", *KEYS)), st.sampled_from(WORDS))
LINES = st.lists(LINE, max_size=9)
CHANGE = st.tuples(st.floats(0, 1), st.integers(0, 4), st.sampled_from((*WORDS, "\n", "  ", ",", "]", "}", '"', "'")))


def written(lines: list[Line]) -> str:
    return "".join(f"{'  ' * deep}{dash}{f'{key}: ' if key else ''}{word}\n" for deep, dash, key, word in lines)


def plainly(text: str) -> tuple[object, dict[KeyPath, int]] | None:
    return read_plainly(text, most_nodes=MOST_NODES, most_deep=MOST_DEEP)


def agrees(text: str) -> bool:
    """Hold the two against each other; tell whether the quick one read it at all."""
    found = plainly(text)
    if found is None:
        return False
    try:
        values, lines = slowly(text, "a.yaml", 0)
    except BadInput as error:
        if error.problems[0].rule == "yaml-remark":
            return True  # a remark that ruamel has no place for, and libyaml no use
        raise AssertionError(f"{error.problems[0].message}: {text!r} was read as {found[0]!r}") from error
    assert repr(found[0]) == repr(marshal.loads(values)), text  # repr: -0.0 is not 0.0, and 1 is not True
    assert found[1] == lines, text
    return True


def test_the_files_of_the_house_are_plain() -> None:
    slow = [path.relative_to(HOUSE).as_posix() for path in FILES if plainly(path.read_text(encoding="utf-8")) is None]
    assert len(FILES) > 60 and slow == ["tests/corpus/consistency/mutations.yaml"], "a file that takes twenty times as long"
    assert all(map(agrees, SHORT)) and len(SHORT) > 30


@settings(max_examples=examples(5_000), deadline=None)
@given(st.lists(st.sampled_from(SIGNS), max_size=14).map("".join))
@example("k: >#3}a\n")
def test_whatever_signs_there_are_nothing_is_read_that_the_thorough_reader_refuses(text: str) -> None:
    agrees(text)
    agrees(f"k: {text}")


@settings(max_examples=examples(5_000), deadline=None)
@given(LINES)
@example([(0, "- ", "", "&a {x: 1}"), (0, "- ", "", "*a")])
@example([(0, "", "k", "|"), (1, "", "", "chữ")])
def test_what_looks_like_yaml_is_read_as_the_thorough_reader_reads_it(lines: list[Line]) -> None:
    agrees(written(lines))


@settings(max_examples=examples(500), deadline=None)
@given(st.sampled_from(SHORT), st.lists(CHANGE, max_size=3))
def test_a_file_with_mistakes_is_left_to_the_thorough_reader(text: str, changes: list[tuple[float, int, str]]) -> None:
    for place, gone, word in changes:
        at = int(place * len(text))
        text = text[:at] + word + text[at + gone :]
    agrees(text)


UNUSUAL = (
    "a:\tb\n", "a: b\r\n", "a: \x07\n", "a: b\x85", "%YAML 1.1\n---\na: b\n", "a: b\n---\nc: d\n", "b\n", "a: 1\na: 2\n",
    "a: !x b\n", "a: &x [*x]\n", "- a\n-\n", "a: " + "[" * 99 + "]" * 99, "a: *b\n", "a: {<<: {b: c}}\n", "",
)  # fmt: skip


@pytest.mark.parametrize("text", UNUSUAL)
def test_what_is_unusual_or_wrong_is_left_alone(text: str) -> None:
    assert plainly(text) is None


def test_as_many_aliases_as_there_may_be_values_are_read() -> None:
    names = "".join(f"k{number}: &a{number} [1]\n" for number in range(2000))
    found = plainly(names + "b:\n" + "  - *a1999\n" * 40_000)
    assert found is not None
    assert found[0]["b"] == [[1]] * 40_000  # type: ignore[index]
    assert plainly("a: &a 1\nb: [" + "*a, " * 90_000 + "]\n") is not None


def test_what_is_plain_is_read_at_its_lines() -> None:
    text = 'a:\n  - b: 18:00\n    c: |\n      chữ\n  - 2026-02-30\nd: {e: 1.5, f: no, g: ~, h: true, "i": 007x}\n'
    assert plainly(text) == (
        {"a": [{"b": "18:00", "c": "chữ\n"}, "2026-02-30"], "d": {"e": 1.5, "f": "no", "g": None, "h": True, "i": "007x"}},
        {(): 0, ("a",): 0, ("a", 0): 1, ("a", 0, "b"): 1, ("a", 0, "c"): 3, ("a", 1): 4, ("d",): 5, ("d", "e"): 5, ("d", "f"): 5,
         ("d", "g"): 5, ("d", "h"): 5, ("d", "i"): 5},
    )  # fmt: skip
