"""Maps: every place once, only what is openly licensed, and always marked for what it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from editorial.problem import BadInput
from studio.atlas import load_atlas
from studio.brand import Brand
from studio.colour import parse_colour
from studio.display import Shape, Words
from studio.inspect import words_of
from studio.paint import Easel
from studio.scene import Stage, stage
from studio.still import fold
from studio.studio import Studio
from studio.template import Template, load_template

Open = Callable[[str], Studio]
SHIPPED = Path(__file__).parents[2] / "assets" / "maps" / "hanoi-phuong-xa.yaml"

WARDS = """\
schema: 1
kind: infographic
name: {vi: Sơ đồ}
fields:
  wards: {type: map}
  plain: {type: list, of: text}
sizes: {portrait: {}}
layers:
  - {id: ground, type: fill, fill: background}
  - {id: wards, type: map, map: hanoi-phuong-xa, items: wards, within: safe, unit: "%", highlight: accent}
"""


@pytest.fixture
def wards(workspace: Path) -> Path:
    """Return the folder of a template with the shipped diagram."""
    (workspace / "assets" / "maps").mkdir()
    shutil.copy(SHIPPED, workspace / "assets" / "maps")
    folder = workspace / "templates" / "infographic" / "wards"
    folder.mkdir()
    (folder / "template.yaml").write_text(WARDS, encoding="utf-8")
    return folder


def opened(folder: Path) -> tuple[Template, Brand]:
    """Return the template with its brand."""
    workspace = folder.parents[2]
    brand = Brand.load(workspace / "assets")
    return load_template(folder, brand, workspace), brand


def made(folder: Path, data: dict[str, object]) -> Stage:
    """Return the stage of the template with some data."""
    template, brand = opened(folder)
    return stage(template, brand, data, "portrait", "light")


def test_the_shipped_diagram_has_each_of_the_126_wards_on_a_tile_of_its_own() -> None:
    atlas = load_atlas(SHIPPED)
    assert len({place.name for place in atlas.places}) == len({place.rings for place in atlas.places}) == 126
    kinds = [place.name.split(" ", 1)[0] for place in atlas.places]
    assert (kinds.count("Phường"), kinds.count("Xã")) == (51, 75)
    assert atlas.find("Hoàn Kiếm") == atlas.find("phường Hoàn Kiếm") != atlas.find("xã Ba Vì")
    assert atlas.note.vi == "Sơ đồ, không phải bản đồ địa lý"


def test_named_places_are_written_in_full_with_their_values_and_the_map_says_what_it_is(wards: Path) -> None:
    data = {"wards": [{"place": "Hoàn Kiếm", "value": 12.5}, {"place": "xã Ba Vì"}, {"place": "Cửa Nam", "highlight": True}]}
    scene = made(wards, data)
    display = scene.display(scene.template.designs["portrait"].layers, scene.context)
    words = set(words_of(display.items))
    assert words == {"Hoàn Kiếm 12,5%", "xã Ba Vì", "Cửa Nam", "Sơ đồ, không phải bản đồ địa lý"}
    assert display.problems == ()
    accent = scene.brand.colours["light"]["accent"]
    assert sum(isinstance(item.drawing, Shape) and item.drawing.fill == accent for item in display.items) == 2


def test_no_name_lies_on_another_or_leaves_the_map(wards: Path) -> None:
    names = ("Hoàn Kiếm", "Cửa Nam", "Hai Bà Trưng", "Phù Đổng", "Cổ Đô", "Đại Xuyên", "Mỹ Đức")
    scene = made(wards, {"wards": [{"place": name} for name in names]})
    display = scene.display(scene.template.designs["portrait"].layers, scene.context)
    assert display.problems == ()
    boxes = [item.drawing.box for item in display.items if isinstance(item.drawing, Words)]
    for index, box in enumerate(boxes):
        assert box.left >= 64 and box.right <= 1080 - 64
        for other in boxes[index + 1 :]:
            apart = box.right <= other.left or other.right <= box.left or box.bottom <= other.top or other.bottom <= box.top
            assert apart


def test_a_place_that_is_not_on_the_map_is_told_with_near_names(wards: Path, open_studio: Open) -> None:
    found = open_studio("cache").check("infographic/wards", {"wards": [{"place": "Hoàn Kím"}]}, "portrait")
    assert [(problem.rule, problem.key) for problem in found] == [("unknown-place", "wards")]
    assert "Phường Hoàn Kiếm" in found[0].message


def test_an_unknown_map_is_told_at_its_line(wards: Path) -> None:
    path = wards / "template.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("map: hanoi-phuong-xa", "map: hanoi"), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        opened(wards)
    assert [(problem.line, problem.key) for problem in caught.value.problems] == [(10, "layers[1].map")]


SQUARES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 21], [x + 1, 21], [x + 1, 22], [x, 22], [x, 21]]]},
        }
        for x, name in ((105, "Tây"), (106, "Đông"))
    ],
}
SHAPES = "schema: 1\nname: {vi: Hai ô}\nnote: {vi: Theo dữ liệu mở}\nsource: thử\nlicence: ODbL-1.0\nfile: two.geojson\n"


def write_shapes(wards: Path, said: str = SHAPES, shapes: object = SQUARES) -> None:
    """Write a map of two squares, and have the template draw it."""
    folder = wards.parents[2] / "assets" / "maps"
    (folder / "two.yaml").write_text(said, encoding="utf-8")
    (folder / "two.geojson").write_text(json.dumps(shapes), encoding="utf-8")
    path = wards / "template.yaml"
    path.write_text(WARDS.replace("map: hanoi-phuong-xa", "map: two"), encoding="utf-8")


def test_openly_licensed_outlines_are_drawn_with_north_above_and_their_attribution(wards: Path) -> None:
    write_shapes(wards)
    scene = made(wards, {"wards": [{"place": "Đông"}]})
    display = scene.display(scene.template.designs["portrait"].layers, scene.context)
    west, east = (item.drawing for item in display.items if isinstance(item.drawing, Shape) and item.drawing.points)
    assert west.box.right == pytest.approx(east.box.left)
    assert west.box.height > west.box.width  # a degree of longitude is shorter than one of latitude at Hanoi
    words = [item.drawing.runs[0].text for item in display.items if isinstance(item.drawing, Words)]
    assert words == ["Đông", "Theo dữ liệu mở"]


@pytest.mark.parametrize(
    ("said", "shapes", "key"),
    [
        (SHAPES.replace("licence: ODbL-1.0\n", ""), SQUARES, "licence"),
        (SHAPES.replace("ODbL-1.0", "proprietary"), SQUARES, "licence"),
        (SHAPES.replace("source: thử\n", ""), SQUARES, "source"),
        (SHAPES.replace("two.geojson", "none.geojson"), SQUARES, "file"),
        (SHAPES, {"features": [{"properties": {}}]}, "file"),
        (SHAPES.replace("file: two.geojson\n", ""), SQUARES, "tiles"),
    ],
)
def test_a_map_without_licence_source_or_outlines_is_refused(wards: Path, said: str, shapes: object, key: str) -> None:
    write_shapes(wards, said, shapes)
    with pytest.raises(BadInput) as caught:
        opened(wards)
    assert [(problem.file, problem.key) for problem in caught.value.problems] == [("assets/maps/two.yaml", key)]


RING = [[105, 21], [109, 21], [109, 25], [105, 25], [105, 21]]
LAKE = [[106, 22], [106, 24], [108, 24], [108, 22], [106, 22]]


def outlines(*places: tuple[str, object]) -> dict[str, object]:
    """Return a GeoJSON of polygons by name."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": rings}}
            for name, rings in places
        ],
    }


def painted(folder: Path, data: dict[str, object]) -> np.ndarray:
    """Return the map's pixels without its ground: 0 where nothing is painted."""
    scene = made(folder, data)
    display = scene.display(scene.template.designs["portrait"].layers, scene.context)
    return np.asarray(fold(display, Easel()).convert("RGB")).astype(int)


def test_a_lake_in_a_place_is_left_open_and_a_place_within_another_is_seen(wards: Path) -> None:
    for shapes in (outlines(("Vành", [RING, LAKE])), outlines(("Vành", [RING, LAKE]), ("Lõi", [LAKE]))):
        write_shapes(wards, shapes=shapes)
        pixels = painted(wards, {"wards": [{"place": "Vành"}]})
        accent = (np.abs(pixels - (255, 205, 0)) < 3).all(axis=-1)
        rows, columns = np.nonzero(accent)
        middle = pixels[(rows.min() + rows.max()) // 2, (columns.min() + columns.max()) // 2]
        assert not accent[(rows.min() + rows.max()) // 2, (columns.min() + columns.max()) // 2], middle


def test_a_place_in_several_features_is_one_place(wards: Path) -> None:
    far = [[[x + 9, y] for x, y in RING]]
    write_shapes(wards, shapes=outlines(("Đảo", [RING]), ("Đất liền", [LAKE]), ("Đảo", far)))
    scene = made(wards, {"wards": [{"place": "Đảo"}]})
    display = scene.display(scene.template.designs["portrait"].layers, scene.context)
    outlined = [item.drawing for item in display.items if isinstance(item.drawing, Shape) and item.drawing.points]
    assert sorted(drawing.fill == parse_colour("#ffcd00", {}) for drawing in outlined) == [False, True, True]


@pytest.mark.parametrize(
    "ring",
    [
        [[587_000, 2_325_000], [588_000, 2_325_000], [588_000, 2_326_000]],  # metres of VN-2000, not degrees
        [[105, 21], [float("nan"), 21], [106, 22]],
        [[105, float("inf")], [106, 21], [106, 22]],
        [[105, 21], [106, 22]],
    ],
)
def test_outlines_that_are_no_degrees_are_refused(wards: Path, ring: list[list[float]]) -> None:
    write_shapes(wards, shapes=outlines(("Lạ", [ring])))
    with pytest.raises(BadInput) as caught:
        opened(wards)
    assert [(problem.file, problem.key) for problem in caught.value.problems] == [("assets/maps/two.yaml", "file")]


def test_outlines_outside_the_folder_of_maps_are_not_read(wards: Path) -> None:
    write_shapes(wards, SHAPES.replace("two.geojson", "../../elsewhere.geojson"))
    (wards.parents[2] / "elsewhere.geojson").write_text(json.dumps(SQUARES), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        opened(wards)
    assert [(problem.file, problem.key) for problem in caught.value.problems] == [("assets/maps/two.yaml", "file")]


def test_two_tiles_of_one_name_or_at_one_place_are_told(wards: Path) -> None:
    tiles = "tiles: [{name: Xã A, at: [0, 0]}, {name: Phường A, at: [1, 0]}, {name: Xã B, at: [0, 0]}]"
    write_shapes(wards, SHAPES.replace("file: two.geojson", tiles))
    with pytest.raises(BadInput) as caught:
        opened(wards)
    assert [problem.key for problem in caught.value.problems] == ["tiles[1].name", "tiles[2].at"]


def test_a_place_that_the_data_names_twice_is_told(wards: Path, open_studio: Open) -> None:
    data = {"wards": [{"place": "Hoàn Kiếm", "value": 3}, {"place": "phường Hoàn Kiếm", "value": 5}]}
    found = open_studio("cache").check("infographic/wards", data, "portrait")
    assert [(problem.rule, problem.key) for problem in found] == [("place-twice", "wards")]


def test_a_larger_value_stands_out_more_from_the_places_without_one_on_any_ground(wards: Path) -> None:
    """Laid over the ground at less opacity, a small value came out weaker than all others on a dark ground."""
    values = {"Xã Sóc Sơn": 1, "Phường Hà Đông": 50, "Phường Hoàn Kiếm": 100}
    path = wards.parents[2] / "assets" / "brand.yaml"
    day = path.read_text(encoding="utf-8")
    night = day.replace('"#fffaf2"', '"#701014"').replace('"#e6dccf"', '"#b5493a"').replace('"#c8102e"', '"#f7c95c"')
    for brand in (day, night):
        path.write_text(brand, encoding="utf-8")
        scene = made(wards, {"wards": [{"place": place, "value": value} for place, value in values.items()]})
        display = scene.display(scene.template.designs["portrait"].layers, scene.context)
        pixels = np.asarray(fold(display, Easel()).convert("RGB")).astype(int)
        shapes = [item.drawing.box for item in display.items if isinstance(item.drawing, Shape)]
        tiles = dict(zip((place.name for place in load_atlas(SHIPPED).places), shapes[-126 - len(values) :], strict=False))
        corners = {name: pixels[round(tile.top + 6), round(tile.left + tile.width / 2)] for name, tile in tiles.items()}
        away = [int(np.abs(corners[name] - corners["Phường Hoàn Kiếm"]).sum()) for name in ("Xã Cổ Đô", *values)]
        assert away[0] - 40 > away[1] > away[2] > away[3] == 0
