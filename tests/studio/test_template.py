"""Mistakes in templates and brand files: the file, the line, the key, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from editorial.problem import BadInput
from studio.brand import Brand
from studio.safe import RIMS, safe_margins
from studio.size import SIZES
from studio.template import Template, load_template


def spoil(workspace: Path, old: str, new: str) -> BadInput:
    """Return what loading the still says after one change to its template.yaml."""
    path = workspace / "templates" / "infographic" / "card" / "template.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load(workspace)
    return caught.value


def load(workspace: Path) -> Template:
    """Return the still template."""
    return load_template(workspace / "templates" / "infographic" / "card", Brand.load(workspace / "assets"), workspace)


@pytest.mark.parametrize(
    ("old", "new", "rule", "line", "key"),
    [
        ("max_lines: 5", "max_line: 5", "unknown-key", 20, "layers[2].children[0].max_line"),
        ("max_lines: 5", "max_lines: năm", "wrong-type", 20, "layers[2].children[0].max_lines"),
        ("fill: accent", "fill: acent", "unknown-name", 21, "layers[2].children[1].fill"),
        ("font: display", "font: displey", "unknown-name", 20, "layers[2].children[0].font"),
        ("{{ item.label }}", "{{ item.lable }}", "unknown-field", 35, "layers[2].children[2].layer.children[1].text"),
        ("{{ headline }}", "{{ headlin }}", "unknown-field", 20, "layers[2].children[0].text"),
        ("{{ headline }}", "{{ headline", "wrong-expression", 20, "layers[2].children[0].text"),
        ('source: "{{ photo }}"', "source: art/none.svg", "unknown-name", 14, "layers[1].source"),
        ("gap: m", "gap: huge", "unknown-name", 18, "layers[2].gap"),
        ("id: after", "id: headline", "twice", 21, "layers[2].children[1].id"),
        ("  square: {}", "  cube: {}", "unknown-size", 10, "sizes.cube"),
        ("{headline: {size: 40}}", "{headlin: {size: 40}}", "unknown-layer", 11, "sizes.link.layers.headlin"),
        ("{headline: {size: 40}}", "{headline: {sise: 40}}", "unknown-key", 11, "sizes.link.layers.headline.sise"),
        ("  square: {}", "  square: {like: portrait}", "unknown-size", 10, "sizes.square.like"),
        ("  link: {layers", "  link: {like: link, layers", "unknown-size", 11, "sizes.link.like"),
        ("sizes:", "safe_for: [facebok-reels]\nsizes:", "unknown-name", 9, "safe_for[0]"),
        ("type: qr", "type: barcode", "unknown-value", 36, "layers[2].children[3].type"),
        ("kind: infographic", "kind: clip", "wrong-kind", 2, "kind"),
    ],
)
def test_a_mistake_has_its_file_line_and_key(workspace: Path, old: str, new: str, rule: str, line: int, key: str) -> None:
    problem = spoil(workspace, old, new).problems[0]
    assert (problem.rule, problem.line, problem.key) == (rule, line, key)
    assert problem.file == "templates/infographic/card/template.yaml"


def test_all_mistakes_are_told_at_once(workspace: Path) -> None:
    bad = spoil(workspace, "gap: m\n    children", "gap: huge\n    align: up\n    children")
    assert {problem.key for problem in bad.problems} == {"layers[2].align"}
    assert len(spoil(workspace, "    align: up\n", "    opacity: 1\n").problems) == 1


def test_a_locked_layer_cannot_be_overridden(workspace: Path) -> None:
    bad = spoil(workspace, "id: headline, type: text", "id: headline, locked: true, type: text")
    assert [problem.rule for problem in bad.problems] == ["locked-layer"]


def test_any_change_to_a_template_is_a_new_version(workspace: Path) -> None:
    before = load(workspace)
    assert before.id == "infographic/card"
    assert before.sizes == ("square", "link")
    path = before.folder / "template.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("height: 10", "height: 12"), encoding="utf-8")
    assert load(workspace).version != before.version


def test_a_brand_without_a_colour_or_a_font_says_which(workspace: Path) -> None:
    path = workspace / "assets" / "brand.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("muted: ", "mutet: ").replace("strong: fonts/bold.ttf", "strong: fonts/none.ttf"), encoding="utf-8"
    )
    with pytest.raises(BadInput) as caught:
        Brand.load(workspace / "assets")
    told = {(problem.rule, problem.key) for problem in caught.value.problems}
    assert ("missing-key", "colours.light") in told
    assert ("missing-font", "fonts.strong") in told
    assert all(problem.file == "assets/brand.yaml" for problem in caught.value.problems)


def edited(workspace: Path, old: str, new: str) -> Template:
    """Return the still template after one change to its template.yaml."""
    path = workspace / "templates" / "infographic" / "card" / "template.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load(workspace)


def test_a_size_like_another_starts_from_its_changes(workspace: Path) -> None:
    template = edited(
        workspace, "  square: {}", "  square: {}\n  a4: {like: link, safe: {top: 10}, layers: {headline: {max_lines: 2}}}"
    )
    design = template.designs["a4"]
    headline = design.layers[2].children[0].spec
    assert (headline.size, headline.max_lines, headline.min_size) == (40, 2, 40)  # type: ignore[attr-defined]
    assert (design.size, design.layout, design.margins.top) == ("a4", "link", 10)
    assert template.designs["square"].layout == "square"


def test_a_mistake_in_what_a_size_is_like_is_told_where_it_is_written(workspace: Path) -> None:
    bad = spoil(workspace, "{headline: {size: 40}}}", "{headline: {size: huge}}}\n  a4: {like: link}")
    assert {(problem.rule, problem.key) for problem in bad.problems} == {("unknown-name", "layers[2].children[0].size")}
    bad = spoil(workspace, "{headline: {size: huge}}}", "{headline: {sise: 40}}}")
    assert [(problem.rule, problem.line, problem.key) for problem in bad.problems] == [
        ("unknown-key", 11, "sizes.link.layers.headline.sise")
    ]


def test_a_locked_layer_is_locked_for_a_size_like_another_too(workspace: Path) -> None:
    text = "after, type: shape, height: 10"
    edited(workspace, text, "after, locked: true, type: shape, height: 10")
    bad = spoil(workspace, "  square: {}", "  square: {}\n  a4: {like: link, layers: {after: {locked: false}}}")
    assert [(problem.rule, problem.key) for problem in bad.problems] == [("locked-layer", "sizes.a4.layers.after")]


def test_paper_is_not_for_clips(workspace: Path) -> None:
    path = workspace / "templates" / "clip" / "short" / "template.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("sizes: {link: {}}", "sizes: {link: {}, a4: {}}"), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_template(path.parent, Brand.load(workspace / "assets"), workspace)
    assert [(problem.rule, problem.key) for problem in caught.value.problems] == [("wrong-size", "sizes.a4")]


def test_the_default_margins_of_a_story_keep_clear_of_every_channel() -> None:
    every = safe_margins("story", ())
    for rim in RIMS.values():
        assert rim.margins.union(every) == every
    assert safe_margins("story", ["zalo"]).bottom < safe_margins("story", ["tiktok"]).bottom < every.bottom
    assert safe_margins("wide", ["tiktok"]) == SIZES["wide"].margins


def test_safe_margins_are_those_of_the_channels_a_template_names(workspace: Path) -> None:
    template = edited(workspace, "sizes:", "safe_for: [zalo, facebook-story]\nsizes:\n  story: {safe: {left: 100}}")
    margins = template.designs["story"].margins
    assert (margins.top, margins.right, margins.bottom, margins.left) == (270, 65, 384, 100)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("gap: m", "gap: [1]", "layers[2].gap: phải là số hoặc chữ"),
        ("gap: m", "padding: [[1], 2]", "layers[2].padding[0]: phải là số hoặc chữ"),
        ("{headline: {size: 40}}", "{headline: {size: [40]}}", "sizes.link.layers.headline.size: phải là số hoặc chữ"),
    ],
)
def test_a_value_of_several_kinds_is_told_once_and_all_of_them(workspace: Path, old: str, new: str, said: str) -> None:
    assert {f"{each.key}: {each.message}" for each in spoil(workspace, old, new).problems} == {said}


@pytest.mark.parametrize(
    "hidden",
    [
        "size == 'link'",
        "layout != 'square' and photo",
        "not (size in ('square', 'wide') or false)",
        "size == 'link' or (photo and layout == 'link')",
    ],
)
def test_a_size_that_cannot_show_a_required_field_is_refused(workspace: Path, hidden: str) -> None:
    bad = spoil(workspace, 'text: "{{ headline }}"', f'visible_if: "{hidden}", text: "{{{{ headline }}}}"')
    assert [(problem.rule, problem.line, problem.key) for problem in bad.problems] == [("unshown-field", 10, "sizes.square")]
    assert "headline" in bad.problems[0].message


def test_a_condition_on_data_may_hide_an_optional_field_and_a_list_counts_as_shown(workspace: Path) -> None:
    edited(workspace, "figures: {type: list,", "figures: {type: list, required: true,")
    edited(workspace, 'text: "{{ headline }}"', "visible_if: photo or size, text: '{{ headline }}'")


def test_a_source_must_be_shown_even_where_it_is_not_required(workspace: Path) -> None:
    bad = spoil(workspace, "  link: {type: link}", "  link: {type: link}\n  origin: {type: source}")
    assert [problem.key for problem in bad.problems] == ["sizes.square", "sizes.link"]


FAMILIES = """\
schema: 1
families:
  card:
    name: {vi: Thẻ}
    fields:
      headline: {type: text, required: true, max: 400}
      figures: {type: list, of: {value: figure, label: text}, max: 4}
"""
OWN = "  headline: {type: text, required: true, max: 400}\n  figures: {type: list, of: {value: figure, label: text}, max: 4}\n"


def test_a_template_of_a_family_has_the_familys_fields_and_its_own(workspace: Path) -> None:
    families = workspace / "templates" / "families.yaml"
    families.write_text(FAMILIES, encoding="utf-8")
    path = workspace / "templates" / "infographic" / "card" / "template.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("fields:\n" + OWN, "family: card\nfields:\n"), encoding="utf-8")
    before = load(workspace)
    assert (before.family, list(before.fields)) == ("card", ["headline", "figures", "photo", "link"])
    families.write_text(FAMILIES.replace("max: 400", "max: 90"), encoding="utf-8")
    assert load(workspace).version != before.version


@pytest.mark.parametrize(
    ("old", "new", "rule", "key"),
    [
        ("fields:\n", "family: none\nfields:\n", "unknown-name", "family"),
        ("fields:\n", "family: card\nfields:\n", "twice", "fields.headline"),
        ("  link: {type: link}", "  size: {type: link}", "wrong-form", "fields.size"),
        ("  link: {type: link}", "  my-link: {type: link}", "wrong-form", "fields.my-link"),
    ],
)
def test_a_mistake_about_fields_is_told(workspace: Path, old: str, new: str, rule: str, key: str) -> None:
    (workspace / "templates" / "families.yaml").write_text(FAMILIES, encoding="utf-8")
    assert (rule, key) in {(problem.rule, problem.key) for problem in spoil(workspace, old, new).problems}
