"""Where things stand: stacks, gaps, anchors, shares and changes for a size, all found in the painted picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from editorial.problem import BadInput
from studio.brand import Brand
from studio.paint import Easel
from studio.scene import stage
from studio.size import SIZES
from studio.still import fold
from studio.template import load_template

Place = tuple[int, int, int, int]  # left, top, right, bottom
RED, BLUE, GREEN = (255, 0, 0), (0, 0, 255), (0, 255, 0)
HEAD = """\
schema: 1
kind: infographic
name: {vi: Bố cục}
fields: {rows: {type: list, of: text}, headline: {type: text}}
sizes: {square: {}}
layers:
  - {id: ground, type: fill, fill: "#ffffff"}
"""
SIZES_OF_THEIR_OWN = """\
sizes:
  square: {}
  story: {layers: {red: {width: 300}}, safe: {left: 100}}
  link: {like: story, layers: {red: {height: 400}}}
"""
CHANGED = HEAD.replace("sizes: {square: {}}\n", SIZES_OF_THEIR_OWN)


def painted(workspace: Path, layers: str, size: str = "square", head: str = HEAD, **data: object) -> np.ndarray:
    """Return the pixels of a picture with these layers."""
    folder = workspace / "templates" / "infographic" / "layout"
    folder.mkdir(exist_ok=True)
    (folder / "template.yaml").write_text(head + layers, encoding="utf-8")
    brand = Brand.load(workspace / "assets")
    made = stage(load_template(folder, brand, workspace), brand, data, size, "light")
    display = made.display(made.template.designs[size].layers, made.context)
    assert display.problems == ()
    return np.asarray(fold(display, Easel()).convert("RGB"))


def where(pixels: np.ndarray, colour: tuple[int, int, int]) -> Place:
    """Return the rectangle that a colour fills."""
    rows, columns = np.nonzero((pixels == colour).all(axis=-1))
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def box(name: str, colour: str, keys: str) -> str:
    return f'{{id: {name}, type: shape, fill: "#{colour}", {keys}}}'


def stack(keys: str, *children: str) -> str:
    return f"  - {{id: page, type: stack, {keys}, children: [{', '.join(children)}]}}\n"


R, B, G = "ff0000", "0000ff", "00ff00"
FRAME = "box: [100, 200, 800, 600]"


@pytest.mark.parametrize(
    ("keys", "red", "blue"),
    [
        ("align: start", (100, 200, 300, 300), (100, 300, 200, 500)),
        ("align: center", (400, 200, 600, 300), (450, 300, 550, 500)),
        ("align: end", (700, 200, 900, 300), (800, 300, 900, 500)),
        ("align: start, gap: 40", (100, 200, 300, 300), (100, 340, 200, 540)),
        ("align: start, gap: m", (100, 200, 300, 300), (100, 332, 200, 532)),
        ("align: start, padding: 50", (150, 250, 350, 350), (150, 350, 250, 550)),
        ("align: start, padding: [10, 20]", (120, 210, 320, 310), (120, 310, 220, 510)),
        ("align: end, padding: [1, 20, 3, 4]", (680, 201, 880, 301), (780, 301, 880, 501)),
        ("align: start, justify: center", (100, 350, 300, 450), (100, 450, 200, 650)),
        ("align: start, justify: end", (100, 500, 300, 600), (100, 600, 200, 800)),
        ("align: start, justify: between", (100, 200, 300, 300), (100, 600, 200, 800)),
        ("direction: horizontal, align: start", (100, 200, 300, 300), (300, 200, 400, 400)),
        ("direction: horizontal, align: center, gap: s", (100, 450, 300, 550), (316, 400, 416, 600)),
        ("direction: horizontal, align: end, justify: between", (100, 700, 300, 800), (800, 600, 900, 800)),
        ("direction: horizontal, align: end, justify: center", (350, 700, 550, 800), (550, 600, 650, 800)),
    ],
)
def test_a_stack_puts_its_children_one_after_another(workspace: Path, keys: str, red: Place, blue: Place) -> None:
    pixels = painted(
        workspace, stack(f"{FRAME}, {keys}", box("red", R, "width: 200, height: 100"), box("blue", B, "width: 100, height: 200"))
    )
    assert (where(pixels, RED), where(pixels, BLUE)) == (red, blue)


@pytest.mark.parametrize(
    ("keys", "red", "blue", "green"),
    [
        ("gap: 0", (100, 200, 900, 300), (100, 300, 900, 425), (100, 425, 900, 800)),  # 500 px in shares of 1 and 3
        ("gap: 50", (100, 200, 900, 300), (100, 350, 900, 450), (100, 500, 900, 800)),
        ("direction: horizontal", (100, 200, 300, 300), (300, 200, 450, 800), (450, 200, 900, 800)),
    ],
)
def test_what_grows_shares_the_room_that_is_left(workspace: Path, keys: str, red: Place, blue: Place, green: Place) -> None:
    size = "width: 200, height: 100" if "horizontal" in keys else "height: 100"
    children = (box("red", R, size), box("blue", B, "grow: 1"), box("green", G, "grow: 3"))
    pixels = painted(workspace, stack(f"{FRAME}, {keys}", *children))
    assert (where(pixels, RED), where(pixels, BLUE), where(pixels, GREEN)) == (red, blue, green)


def test_what_is_empty_or_not_to_be_seen_takes_no_room_and_no_gap(workspace: Path) -> None:
    gone = '{id: none, type: text, text: "{{ headline }}", size: 90}'
    children = (
        box("red", R, "height: 100"),
        gone,
        box("green", G, "height: 50, visible_if: headline"),
        box("blue", B, "height: 80"),
    )
    pixels = painted(workspace, stack(f"{FRAME}, gap: 30", *children))
    assert where(pixels, BLUE) == (100, 330, 900, 410)


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("box: [100, 200, 300, 400]", (100, 200, 400, 600)),
        ("box: {left: 100, top: 50}", (100, 50, 1080, 1080)),
        ("box: {right: 100, bottom: 50}", (0, 0, 980, 1030)),
        ("box: {width: 300, height: 200}", (390, 440, 690, 640)),
        ("box: {right: 100, bottom: 50, width: 300, height: 200}", (680, 830, 980, 1030)),
        ("box: {left: 100, right: 200, top: 20, bottom: 30}", (100, 20, 880, 1050)),
        ('box: {left: "10%", top: "25%", width: "50%", height: "20%"}', (108, 270, 648, 486)),
        ("box: {left: m, top: s, width: 100, height: 100}", (32, 16, 132, 116)),
        ("box: {left: 100, top: 100, width: 400}, ratio: 2", (100, 100, 500, 300)),
        ("box: {left: -50, top: 1000, width: 200, height: 200}", (0, 1000, 150, 1080)),  # over the edge is cut
        ("within: safe", (64, 64, 1016, 1016)),
        ("within: safe, box: {left: 10, bottom: 10, width: 100, height: 50}", (74, 956, 174, 1006)),
    ],
)
def test_a_box_hangs_on_the_sides_that_it_names(workspace: Path, keys: str, place: Place) -> None:
    assert where(painted(workspace, f"  - {box('red', R, keys)}\n"), RED) == place


def test_a_stack_hung_on_its_bottom_grows_upward(workspace: Path) -> None:
    layers = stack(
        "box: {left: 64, right: 64, bottom: 80, height: auto}", box("red", R, "height: 100"), box("blue", B, "height: 60")
    )
    pixels = painted(workspace, layers)
    assert (where(pixels, RED), where(pixels, BLUE)) == ((64, 840, 1016, 940), (64, 940, 1016, 1000))


@pytest.mark.parametrize(
    ("size", "place"),
    [
        ("square", (10, 10, 210, 110)),
        ("story", (10, 10, 310, 110)),  # its own width
        ("link", (6, 6, 181, 239)),  # units are 0.58 px, its width that of the size it is like, its height its own
    ],
)
def test_a_size_changes_the_keys_that_it_names_and_a_unit_is_a_share_of_the_short_side(
    workspace: Path, size: str, place: Place
) -> None:
    layers = f"  - {box('red', R, 'width: 200, height: 100, box: {left: 10, top: 10}')}\n"
    found = where(painted(workspace, layers, size, CHANGED), RED)
    assert found == pytest.approx(place, abs=1)


def test_a_sizes_own_margins_go_before_all_others(workspace: Path) -> None:
    safe = where(painted(workspace, f"  - {box('red', R, 'within: safe, box: {left: 0, top: 0}')}\n", "story", CHANGED), RED)
    assert safe[0] == 100 and safe[1] > 200 and 1920 - safe[3] > 300


@pytest.mark.parametrize(
    ("keys", "places"),
    [
        ("direction: vertical, gap: 20", [(100, 200, 900, 300), (100, 320, 900, 420), (100, 440, 900, 540)]),
        ("direction: vertical, gap: 30, grow_rows: true", [(100, 200, 900, 380), (100, 410, 900, 590), (100, 620, 900, 800)]),
        ("direction: horizontal, gap: 40", [(100, 200, 340, 300), (380, 200, 620, 300), (660, 200, 900, 300)]),
        ("direction: grid, columns: 2, gap: 40, row_gap: 10", [(100, 200, 480, 300), (520, 200, 900, 300), (100, 310, 480, 410)]),
    ],
)
def test_a_list_repeats_its_layer_for_each_row(workspace: Path, keys: str, places: list[Place]) -> None:
    rows = ((R, "first"), (B, "number == 2"), (G, "last and count == 3"))
    cells = ", ".join(box(f"c{colour}", colour, f'grow: 1, visible_if: "{when}"') for colour, when in rows)
    height = "" if "grow_rows" in keys else "height: 100, "
    row = f"{{id: row, type: stack, {height}children: [{cells}]}}"
    pixels = painted(
        workspace, f"  - {{id: rows, type: list, items: rows, {FRAME}, {keys}, layer: {row}}}\n", rows=["a", "b", "c"]
    )
    assert [where(pixels, colour) for colour in (RED, BLUE, GREEN)] == places


def test_a_group_lays_its_children_over_one_another(workspace: Path) -> None:
    children = ", ".join(
        (box("red", R, 'box: [0, 0, "100%", "100%"]'), box("blue", B, "box: {right: 10, bottom: 20, width: 50, height: 60}"))
    )
    pixels = painted(workspace, f"  - {{id: both, type: group, {FRAME}, children: [{children}]}}\n")
    assert (where(pixels, RED), where(pixels, BLUE)) == ((100, 200, 900, 800), (840, 720, 890, 780))


def test_a_long_text_makes_all_type_of_its_stack_smaller_before_anything_overflows(workspace: Path) -> None:
    texts = [
        f'{{id: t{n}, type: text, text: "{{{{ headline }}}}", size: 90, min_size: 20, colour: "#{c}"}}'
        for n, c in ((1, R), (2, B))
    ]
    few = painted(workspace, stack(FRAME, *texts), headline="Hà Nội")
    many = painted(workspace, stack(FRAME, *texts), headline="Hà Nội đón mùa thu " * 9)

    def tall(pixels: np.ndarray, colour: int) -> int:
        lines = (np.abs(pixels.astype(int) - (RED, BLUE)[colour]).sum(axis=-1) < 60).any(axis=1)
        return int(np.flatnonzero(lines).max())

    assert tall(few, 1) < 450 and tall(many, 0) < tall(many, 1) <= 800


def test_the_sizes_are_those_that_the_channels_ask_for() -> None:
    pixels = {name: (size.width, size.height) for name, size in SIZES.items()}
    assert pixels == {
        "square": (1080, 1080),
        "portrait": (1080, 1350),
        "story": (1080, 1920),
        "wide": (1920, 1080),
        "link": (1200, 630),
        "a4": (2480, 3508),
        "a4-wide": (3508, 2480),
        "a3": (3508, 4961),
        "led-wide": (1920, 384),
        "led-tall": (768, 1152),
    }
    assert all(round(pixels[name][0] / 300 * 25.4) == mm for name, mm in (("a4", 210), ("a4-wide", 297), ("a3", 297)))


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ('gap: "10%"', "gap"),  # of what? It was no gap at all
        ("gap: auto", "gap"),
        ('padding: ["5%", 0]', "padding"),
        ("padding: auto", "padding"),
        ("box: {left: auto}", "box"),
    ],
)
def test_a_length_that_means_nothing_where_it_stands_is_told_at_its_line(workspace: Path, keys: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        painted(workspace, stack(keys, box("red", R, "height: 100")))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.key) == (
        "templates/infographic/layout/template.yaml",
        8,
        f"layers[1].{key}",
    )
