"""What a designer writes of a text or a picture, found again in the painted pixels: size, place, colour, veil, tint, crop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.brand import Brand
from studio.display import Words
from studio.paint import Easel
from studio.scene import stage
from studio.still import fold
from studio.studio import Studio
from studio.template import load_template, load_templates

HEAD = """\
schema: 1
kind: infographic
name: {vi: Thử}
fields: {headline: {type: text}, photo: {type: image}, emblem: {type: logo}, form: {type: shape}}
sizes: {square: {}}
layers:
  - {id: ground, type: fill, fill: "#ffffff"}
"""
TEXT = '  - {id: t, type: text, text: "{{ headline }}", box: [100, 200, 800, 600], colour: "#000000", WITH}\n'
LONG = "Hà Nội đón mùa thu bên hồ Hoàn Kiếm và những hàng cây sấu già rợp bóng"


def written(workspace: Path, layers: str) -> Path:
    """Write the template and return its folder."""
    folder = workspace / "templates" / "infographic" / "setting"
    folder.mkdir(exist_ok=True)
    (folder / "template.yaml").write_text(HEAD + layers, encoding="utf-8")
    return folder


def made(workspace: Path, layers: str, theme: str = "light", **data: object) -> tuple[np.ndarray, list[Words], list[str]]:
    """Return the pixels of a picture with these layers, its lines of text as set, and the rules of what is wrong in it."""
    folder = written(workspace, layers)
    brand = Brand.load(workspace / "assets")
    scene = stage(load_template(folder, brand, workspace), brand, data, "square", theme)
    display = scene.display(scene.template.designs["square"].layers, scene.context)
    words = [item.drawing for item in display.items if isinstance(item.drawing, Words)]
    return np.asarray(fold(display, Easel()).convert("RGB")).astype(int), words, [problem.rule for problem in display.problems]


def ink(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """Return the rectangle of what is not white."""
    rows, columns = np.nonzero(pixels.sum(axis=-1) < 600)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def lines(words: Words) -> int:
    return len({run.y for run in words.runs})


@pytest.mark.parametrize(("align", "left"), [("left", 100), ("center", 500), ("right", 900)])
def test_a_line_stands_on_its_side_of_the_box(workspace: Path, align: str, left: int) -> None:
    pixels, _, _ = made(workspace, TEXT.replace("WITH", f"size: 60, align: {align}"), headline="HẸN")
    x0, _, x1, _ = ink(pixels)
    assert {"left": x0, "center": (x0 + x1) / 2, "right": x1}[align] == pytest.approx(left, abs=8)


@pytest.mark.parametrize("valign", ["top", "middle", "bottom"])
def test_a_text_stands_where_its_box_is_higher(workspace: Path, valign: str) -> None:
    pixels, _, _ = made(workspace, TEXT.replace("WITH", f"size: 60, valign: {valign}"), headline="HẸN")
    _, y0, _, y1 = ink(pixels)
    assert {"top": y0 < 230, "middle": abs((y0 + y1) / 2 - 500) < 25, "bottom": y1 > 770}[valign]


def test_text_is_as_large_as_fits_between_its_sizes_and_told_below(workspace: Path) -> None:
    few, many = ({"headline": text} for text in ("Hà Nội", LONG))
    size = TEXT.replace("WITH", "size: 120, min_size: 50, max_lines: 3")
    assert made(workspace, size, **few)[1][0].size == 120
    _, (words,), told = made(workspace, size, **many)
    assert 50 <= words.size < 120 and lines(words) <= 3 and told == []
    _, _, told = made(workspace, size.replace("max_lines: 3", "max_lines: 1"), **many)
    assert told == ["does-not-fit"]


def test_each_way_of_overflowing(workspace: Path) -> None:
    size = TEXT.replace("WITH", "size: 100, min_size: 60, max_lines: 1, overflow: WAY")
    found = {way: made(workspace, size.replace("WAY", way), headline=LONG) for way in ("shrink", "ellipsis", "error")}
    assert {way: told for way, (_, _, told) in found.items()} == {
        "shrink": ["does-not-fit"],
        "ellipsis": ["text-cut"],
        "error": ["does-not-fit"],
    }
    assert found["ellipsis"][1][0].runs[0].text.endswith("…")
    _, (shrunk,), _ = made(workspace, size.replace("WAY", "shrink"), headline="Hà Nội đón mùa thu nay")
    _, (never,), told = made(workspace, size.replace("WAY", "error"), headline="Hà Nội đón mùa thu nay")
    assert (60 <= shrunk.size < 100, never.size, told) == (True, 100, ["does-not-fit"])


def test_letters_stand_apart_and_lines_too(workspace: Path) -> None:
    plain, spaced, high = (
        ink(made(workspace, TEXT.replace("WITH", f"size: 40, {keys}"), headline=f"{LONG} {LONG}")[0])
        for keys in ("leading: 1.2", "leading: 1.2, tracking: 200", "leading: 2")
    )
    assert high[3] - high[1] > 1.4 * (plain[3] - plain[1])
    one, wide = (
        ink(made(workspace, TEXT.replace("WITH", f"size: 40, {keys}"), headline="HẸN GẶP")[0])
        for keys in ("tracking: 0", "tracking: 200")
    )
    assert (wide[2] - wide[0]) - (one[2] - one[0]) == pytest.approx(6 * 0.2 * 40, abs=4)
    assert spaced[3] > plain[3], "what stands wider needs more lines"


def test_capitals_and_an_emphasised_word(workspace: Path) -> None:
    _, (words,), _ = made(workspace, TEXT.replace("WITH", "size: 40, case: upper"), headline="Thủ đô ngàn năm")
    assert words.runs[0].text.replace("\u00a0", " ") == "THỦ ĐÔ NGÀN NĂM"
    pixels, _, _ = made(workspace, TEXT.replace("WITH", 'size: 90, emphasis: "#ff0000"'), headline="Thủ đô **ngàn** năm")
    red = np.nonzero((np.abs(pixels - (255, 0, 0)).sum(axis=-1) < 30).any(axis=0))[0]
    black = np.nonzero((pixels.sum(axis=-1) < 60).any(axis=0))[0]
    assert red.size and black.min() < red.min() < red.max() < black.max()


def test_type_and_radius_by_name_and_colours_by_role_follow_the_brand_and_its_theme(workspace: Path) -> None:
    brand = workspace / "assets" / "brand.yaml"
    text = brand.read_text(encoding="utf-8")
    dark = '  dark: {background: "#111111", surface: "#222222", text: "#eeeeee", muted: "#aaaaaa", primary: "#00aa00",\n'
    dark += '    on_primary: "#000000", accent: "#ffcd00", on_accent: "#1d1a17", line: "#333333"}\n'
    brand.write_text(text.replace("  dark: *one\n", dark), encoding="utf-8")
    shape = "  - {id: s, type: shape, fill: primary, radius: card, box: [100, 100, 200, 200]}\n"
    for theme, colour in (("light", (200, 16, 46)), ("dark", (0, 170, 0))):
        pixels, (words,), _ = made(workspace, shape + TEXT.replace("WITH", "size: title"), theme, headline="Hà Nội")
        assert tuple(pixels[200, 200]) == colour and tuple(pixels[102, 102]) == (255, 255, 255)
        assert words.size == 84
    half = shape.replace("fill: primary", "fill: primary/50%")
    assert tuple(made(workspace, half)[0][200, 200]) == pytest.approx((228, 136, 150), abs=2)


PHOTO = '  - {id: p, type: image, source: "{{ photo }}", box: [100, 100, 400, 400], WITH}\n'


def two_halves(path: Path) -> None:
    """Write a photo that is red on its left and blue on its right."""
    image = Image.new("RGB", (800, 400), (255, 0, 0))
    image.paste((0, 0, 255), (400, 0, 800, 400))
    image.save(path)


@pytest.mark.parametrize(
    ("keys", "left", "right", "above"),
    [
        ("fit: cover", (255, 0, 0), (0, 0, 255), True),
        ("fit: cover, focus: [0, 0.5]", (255, 0, 0), (255, 0, 0), True),
        ("fit: cover, focus: [1, 0.5]", (0, 0, 255), (0, 0, 255), True),
        ("fit: contain", (255, 0, 0), (0, 0, 255), False),
        ("fit: stretch", (255, 0, 0), (0, 0, 255), True),
        ('scrim: "#000000/50%"', (127, 0, 0), (0, 0, 127), True),
        ("opacity: 0.5", (255, 128, 128), (128, 128, 255), True),
    ],
)
def test_a_photo_is_cropped_veiled_and_faded_as_written(
    workspace: Path, keys: str, left: tuple[int, int, int], right: tuple[int, int, int], above: bool
) -> None:
    two_halves(workspace / "two.png")
    pixels, _, _ = made(workspace, PHOTO.replace("WITH", keys), photo="two.png")
    assert tuple(pixels[300, 150]) == pytest.approx(left, abs=3) and tuple(pixels[300, 450]) == pytest.approx(right, abs=3)
    assert (tuple(pixels[110, 150]) != (255, 255, 255)) is above


def test_a_blur_softens_the_edge_and_a_radius_cuts_the_corners(workspace: Path) -> None:
    two_halves(workspace / "two.png")
    sharp, soft, cut = (
        made(workspace, PHOTO.replace("WITH", keys), photo="two.png")[0] for keys in ("opacity: 1", "blur: 30", "radius: 60")
    )
    mixed = [int(((pixels[300, 100:500, 0] > 40) & (pixels[300, 100:500, 2] > 40)).sum()) for pixels in (sharp, soft)]
    assert mixed[0] <= 4 and mixed[1] > 20
    assert tuple(cut[103, 103]) == (255, 255, 255) and tuple(cut[103, 300]) != (255, 255, 255)


DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'
    '<rect width="5" height="10" fill="var(--primary, #0000ff)"/></svg>'
)


def test_a_drawing_takes_the_brands_colours_or_one_tint(workspace: Path) -> None:
    (workspace / "mark.svg").write_text(DRAWING, encoding="utf-8")
    plain, tinted = (
        made(workspace, PHOTO.replace("WITH", keys), photo="mark.svg")[0] for keys in ("opacity: 1", 'tint: "#00ff00"')
    )
    assert tuple(plain[300, 200]) == (200, 16, 46) and tuple(tinted[300, 200]) == (0, 255, 0)
    assert tuple(plain[300, 400]) == tuple(tinted[300, 400]) == (255, 255, 255)


@pytest.mark.parametrize(
    ("field", "name", "wrong"),
    [
        ("emblem", "photo.jpg", True),
        ("emblem", "mark.svg", False),
        ("emblem", "mark.png", False),
        ("form", "mark.png", True),
        ("form", "mark.svg", False),
    ],
)
def test_a_logo_may_be_seen_through_and_a_shape_is_a_drawing(workspace: Path, field: str, name: str, wrong: bool) -> None:
    (workspace / "mark.svg").write_text(DRAWING, encoding="utf-8")
    Image.new("RGBA", (90, 90), (0, 0, 0, 0)).save(workspace / "mark.png")
    written(
        workspace,
        "".join(f'  - {{id: {f}, type: image, source: "{{{{ {f} }}}}", box: [0, 0, 90, 90]}}\n' for f in ("emblem", "form")),
    )
    brand = Brand.load(workspace / "assets")
    studio = Studio(templates=load_templates(workspace / "templates", brand, workspace), brand=brand, cache=workspace / "cache")
    found = studio.check("infographic/setting", {field: name}, "square")
    assert [(problem.rule, problem.key) for problem in found] == ([("wrong-type", field)] if wrong else [])
