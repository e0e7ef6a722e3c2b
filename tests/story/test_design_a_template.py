"""docs/how-to/design-a-template.md, followed to the letter: each of its snippets is put where it says and gives what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desk.command import run
from desk.designing import open_studio
from desk.place import HOUSE, Place
from desk.template_order import read_order
from editorial.problem import Problem
from tests.desk.small_studio import make_studio

GUIDE = HOUSE / "docs" / "how-to" / "design-a-template.md"
NAME = "infographic/mot-con-so"
ID, FIELD, CARD, SQUARE, NOTE, DATA = (
    found[1] for found in re.finditer(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A workspace in which the designer has come to the end of step 5."""
    office = make_studio(tmp_path)
    assert run(("new-template", NAME, "-w", str(office))) == 0
    template, sample = (office / "templates" / NAME / f"{name}.yaml" for name in ("template", "sample"))
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"^name: .*\n", ID, text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^(  figure_label: .*\n)", rf"\1{FIELD}", text, count=1, flags=re.MULTILINE)
    text = re.sub(
        r"^          - id: card\n.*?^              - \{id: figure_label,.*?\n",
        CARD,
        text,
        count=1,
        flags=re.MULTILINE | re.DOTALL,
    )
    for line in SQUARE.splitlines(keepends=True):
        key = line.split(":")[0]
        text = re.sub(rf"^{key}: .*\n", line, text, count=1, flags=re.MULTILINE)
    template.write_text(text, encoding="utf-8")
    longest = re.sub(
        r"(\nworst:.*?\n  figure_label: .*?\n)", rf"\1{NOTE}", sample.read_text(encoding="utf-8"), count=1, flags=re.DOTALL
    )
    sample.write_text(longest, encoding="utf-8")
    return office


def give_way(office: Path) -> None:
    """Let the headline go smaller, as step 6 says."""
    template = office / "templates" / NAME / "template.yaml"
    text = template.read_text(encoding="utf-8")
    assert "headline: {size: 92, min_size: 88}" in text
    template.write_text(
        text.replace("headline: {size: 92, min_size: 88}", "headline: {size: 92, min_size: 46}"), encoding="utf-8"
    )


def problems(office: Path) -> dict[str, tuple[Problem, ...]]:
    """Return what is wrong in each size with each sample."""
    studio = open_studio(Place(root=office), [NAME])
    template = studio.templates[NAME]
    assert (template.name.vi, "note" in template.samples["worst"]) == ("Một con số", True)
    found = {
        f"{size} {name}": studio.check(NAME, data, size) for size in template.sizes for name, data in template.samples.items()
    }
    return {where: wrong for where, wrong in found.items() if wrong}


def test_the_headline_that_is_too_bold_is_found_where_the_guide_says(office: Path) -> None:
    found = problems(office)
    assert {where: [(problem.rule, problem.key) for problem in wrong] for where, wrong in found.items()} == {
        "square worst": [("does-not-fit", "picture")]
    }


def test_once_it_gives_way_all_fits(office: Path) -> None:
    give_way(office)
    assert problems(office) == {}


def test_the_real_words_of_the_guide_can_be_rendered(office: Path) -> None:
    give_way(office)
    data = office / "data.yaml"
    data.write_text(DATA, encoding="utf-8")
    order = read_order(Place(root=office), NAME, data=data, sizes=("portrait",), theme="festive", image_type="jpg")
    assert list(order.recipes) == ["mot-con-so-portrait-festive"]
    assert "10" in order.studio.render(order.recipes["mot-con-so-portrait-festive"]).words


def test_every_picture_of_the_guide_is_there_and_small() -> None:
    pictures = [GUIDE.parent / name for name in re.findall(r"\]\((\.\./images/[^)]+)\)", GUIDE.read_text(encoding="utf-8"))]
    assert len(pictures) == 6
    assert all(picture.stat().st_size < 120_000 for picture in pictures)
