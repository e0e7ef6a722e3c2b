"""Whatever stands in a template, it is loaded or told by file, line and key; nothing in it reaches out of the sandbox."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editorial.problem import BadInput
from studio.brand import Brand
from studio.studio import Studio
from studio.template import load_template
from tests.studio.conftest import CLIP, STILL

Open = Callable[[str], Studio]
LINES = (*STILL.splitlines(), *CLIP.splitlines())
VALUES = [
    "[]",
    "{}",
    "-1",
    "1e999",
    "~",
    "năm",
    '"{{ headline"',
    '"{% for x in y %}"',
    "[1, 2]",
    "{a: b}",
    "true",
    "9" * 30,
    "\u202eabc",
]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_mangled_template_is_loaded_or_told_with_its_file(workspace: Path, data: st.DataObject) -> None:
    kind, text = data.draw(st.sampled_from([("infographic/card", STILL), ("clip/short", CLIP)]))
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        where = data.draw(st.integers(0, len(lines) - 1))
        line = lines[where]
        match data.draw(st.sampled_from(["drop", "value", "swap", "indent"])):
            case "drop":
                lines[where] = ""
            case "value":
                lines[where] = line.split(":", 1)[0] + ": " + data.draw(st.sampled_from(VALUES))
            case "swap":
                lines[where] = data.draw(st.sampled_from(LINES))
            case _:
                lines[where] = "  " + line
    folder = workspace / "templates" / kind
    (folder / "template.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        load_template(folder, Brand.load(workspace / "assets"), workspace)
    except BadInput as bad:
        assert bad.problems
        assert all(problem.file and problem.line and problem.message for problem in bad.problems)


def rewritten(workspace: Path, text: str) -> None:
    """Put another expression in the place of the still's headline."""
    path = workspace / "templates" / "infographic" / "card" / "template.yaml"
    old = 'text: "{{ headline }}"'
    assert old in STILL
    path.write_text(STILL.replace(old, f"text: '{text}'"), encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "{{ headline.__class__.__mro__[1].__subclasses__() }}",
        '{{ headline["__class__"]["__base__"] }}',
        '{{ (headline|attr("__class__")).mro() }}',
        '{{ "{0.__class__.__init__.__globals__}".format(headline) }}',
        "{{ headline.format.__self__ }}",
        "{{ 9 ** 9 ** 9 ** 9 if headline else 1 }}",
        "{{ headline * 999999999 }}",
        "{% for x in range(999999999) %}{{ headline }}{% endfor %}",
    ],
)
def test_no_expression_gets_out_of_the_sandbox_or_eats_the_machine(workspace: Path, open_studio: Open, text: str) -> None:
    rewritten(workspace, text)
    try:
        found = open_studio("cache").check("infographic/card", {"headline": "Hà Nội"}, "square")
    except BadInput as bad:
        found = bad.problems
    assert {problem.rule for problem in found} <= {"wrong-expression", "unknown-field", "does-not-fit", "unshown-field"}
    assert found


@pytest.mark.parametrize(
    "text",
    [
        '{{ headline }}{% include "template.yaml" %}',
        '{{ headline }}{% extends "card" %}',
        '{{ headline }}{% import "card" as card %}',
        "{{ headline }}{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
    ],
)
def test_a_template_cannot_include_itself_or_go_round_for_ever(workspace: Path, open_studio: Open, text: str) -> None:
    rewritten(workspace, text)
    try:
        found = open_studio("cache").check("infographic/card", {"headline": "Hà Nội"}, "square")
    except BadInput as bad:
        found = bad.problems
    assert "wrong-expression" in {problem.rule for problem in found}


def test_layers_that_hold_themselves_by_an_alias_are_told(workspace: Path) -> None:
    folder = workspace / "templates" / "infographic" / "card"
    text = STILL.replace("    children:\n", "    children: &loop\n", 1).replace(
        "      - {id: after,", "      - {id: again, type: stack, children: *loop}\n      - {id: after,"
    )
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_template(folder, Brand.load(workspace / "assets"), workspace)
    assert caught.value.problems[0].file == "templates/infographic/card/template.yaml"


def test_emoji_and_letters_of_other_scripts_are_told_and_right_to_left_marks_too(open_studio: Open) -> None:
    studio = open_studio("cache")
    for headline in ("Chúc mừng 🎉", "Hà Nội שלום", "Hà Nội \u202eđảo"):
        found = studio.check("infographic/card", {"headline": headline}, "square")
        assert [(problem.rule, problem.key) for problem in found] == [("missing-glyph", "headline")], headline


def test_loose_marks_make_the_same_picture(open_studio: Open) -> None:
    studio = open_studio("cache")
    headline = "Thủ đô nghìn năm văn hiến"
    made = [
        studio.render(studio.recipe("infographic/card", {"headline": text}, "link")).sha256
        for text in (headline, unicodedata.normalize("NFD", headline))
    ]
    assert made[0] == made[1]


def test_a_headline_of_three_thousand_letters_is_a_problem(open_studio: Open) -> None:
    found = open_studio("cache").check("infographic/card", {"headline": "Hà Nội rực rỡ cờ hoa " * 143}, "square")
    assert {"too-long", "does-not-fit"} <= {problem.rule for problem in found}
