"""Pictures: the same bytes, the right letters, room for every mark."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editorial.problem import BadInput
from studio.rendition import ImageType
from studio.still import png
from studio.studio import Studio

Open = Callable[[str], Studio]
DATA = {
    "headline": "Hà Nội có 126 phường, xã",
    "figures": [{"value": {"value": 126}, "label": "phường, xã"}, {"value": "38,3 km", "label": "metro"}],
    "link": "https://hanoi.gov.vn",
    "photo": "photo.jpg",
}


def test_the_same_data_gives_the_same_bytes_in_another_process(open_studio: Open) -> None:
    here = open_studio("one")
    there = open_studio("two")
    recipe = here.recipe("infographic/card", DATA, "square")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        other = pool.submit(there.render, recipe).result()
    rendition = here.render(recipe)
    assert rendition.sha256 == other.sha256
    assert rendition.path.read_bytes() == other.path.read_bytes()
    assert rendition.path != other.path


def test_many_threads_give_the_bytes_of_one(open_studio: Open) -> None:
    """Six threads draw six pictures that share their layers, each for itself, at the same time."""
    rows = [
        {"headline": f"Phường {number}", "photo": "photo.jpg", "figures": [{"value": 126, "label": "phường"}]}
        for number in range(3)
    ]
    wanted = [(data, size) for data in rows for size in ("square", "link")]
    one, many = open_studio("one"), open_studio("many")
    alone = [one.render(one.recipe("infographic/card", data, size)).sha256 for data, size in wanted]
    with ThreadPoolExecutor(max_workers=len(wanted)) as pool:
        made = list(pool.map(lambda each: many.render(many.recipe("infographic/card", *each)), wanted * 2))
    assert [each.sha256 for each in made] == alone * 2


def test_a_recipe_is_known_by_all_that_it_is_made_from_and_by_nothing_else(workspace: Path, open_studio: Open) -> None:
    def digest(data: dict[str, object] = DATA, size: str = "square", theme: str = "light", image_type: ImageType = "jpg") -> str:
        return open_studio("cache").recipe("infographic/card", data, size, theme, image_type).digest

    first = digest()
    assert digest(dict(reversed(DATA.items()))) == first, "the order of the fields says nothing"
    changed = [digest({**DATA, "headline": "Khác"}), digest(size="link"), digest(theme="dark"), digest(image_type="png")]
    template = workspace / "templates" / "infographic" / "card" / "template.yaml"
    template.write_text(template.read_text(encoding="utf-8").replace("max: 400", "max: 401"), encoding="utf-8")
    changed.append(digest())
    with (workspace / "photo.jpg").open("ab") as photo:
        photo.write(b"\0")
    changed.append(digest())
    assert len({first, *changed}) == 7


def test_a_kept_picture_is_not_rendered_again(open_studio: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = open_studio("cache")
    recipe = studio.recipe("infographic/card", DATA, "square")
    first = studio.render(recipe)
    written = first.path.stat().st_mtime_ns
    monkeypatch.setattr("studio.still.fold", lambda *_: pytest.fail("painted again"))
    second = open_studio("cache").render(recipe)
    assert (first.cached, second.cached) == (False, True)
    assert second.path.stat().st_mtime_ns == written
    assert second.words == first.words
    assert not list((studio._shelf.cache / "unfinished").iterdir())


def test_a_changed_file_in_the_cache_is_rendered_again(open_studio: Open) -> None:
    studio = open_studio("cache")
    recipe = studio.recipe("infographic/card", DATA, "square")
    first = studio.render(recipe)
    first.path.write_bytes(b"torn")
    second = studio.render(recipe)
    assert not second.cached
    assert second.sha256 == first.sha256


def test_loose_marks_and_composed_letters_are_one_recipe(open_studio: Open) -> None:
    studio = open_studio("cache")
    loose = {**DATA, "headline": unicodedata.normalize("NFD", str(DATA["headline"]))}
    assert loose["headline"] != DATA["headline"]
    assert studio.recipe("infographic/card", loose, "square") == studio.recipe("infographic/card", DATA, "square")


def test_another_photo_under_the_same_name_is_another_recipe(open_studio: Open, workspace: Path) -> None:
    studio = open_studio("cache")
    before = studio.recipe("infographic/card", DATA, "square")
    Image.new("RGB", (300, 200), "navy").save(workspace / "photo.jpg")
    assert studio.recipe("infographic/card", DATA, "square").digest != before.digest


def test_a_longer_headline_pushes_what_follows(open_studio: Open) -> None:
    studio = open_studio("cache")
    bar = [_bar_top(studio, "Ngắn"), _bar_top(studio, "Một dòng chữ dài hơn hẳn để phải xuống dòng thứ hai và thứ ba")]
    assert bar[1] > bar[0] + 100


def _bar_top(studio: Studio, headline: str) -> int:
    rendition = studio.render(studio.recipe("infographic/card", {"headline": headline}, "square"))
    pixels = np.asarray(Image.open(rendition.path)).astype(int)[:, 540]
    gold = np.abs(pixels - (255, 205, 0)).max(axis=1) < 25
    return int(np.argmax(gold))


def test_a_missing_required_field_is_named(open_studio: Open) -> None:
    studio = open_studio("cache")
    found = studio.check("infographic/card", {}, "square")
    assert [(problem.rule, problem.key) for problem in found] == [("missing-field", "headline")]
    with pytest.raises(BadInput, match="headline"):
        studio.render(studio.recipe("infographic/card", {}, "square"))


def test_a_required_field_that_some_data_hides_is_told(workspace: Path, open_studio: Open) -> None:
    path = workspace / "templates" / "infographic" / "card" / "template.yaml"
    hidden = 'visible_if: "figures|length < 2", text: "{{ headline }}"'
    path.write_text(path.read_text(encoding="utf-8").replace('text: "{{ headline }}"', hidden), encoding="utf-8")
    studio = open_studio("cache")
    assert [(problem.rule, problem.key) for problem in studio.check("infographic/card", DATA, "square")] == [
        ("unshown-field", "headline")
    ]
    assert studio.check("infographic/card", {"headline": "Hà Nội"}, "square") == ()


def test_check_finds_what_cannot_be_drawn_well(open_studio: Open) -> None:
    studio = open_studio("cache")
    long = {"headline": "Nghiêng " * 49}
    assert [problem.rule for problem in studio.check("infographic/card", long, "square")] == ["does-not-fit"]
    assert [problem.rule for problem in studio.check("infographic/card", {"headline": "Chào 😀"}, "square")] == ["missing-glyph"]
    assert [problem.rule for problem in studio.check("infographic/card", {**DATA, "photo": "../etc/passwd"}, "square")] == [
        "missing-picture"
    ]
    assert [problem.rule for problem in studio.check("infographic/card", DATA, "poster")] == ["unknown-size"]
    assert studio.check("infographic/card", DATA, "square") == ()


def test_paper_prints_at_its_true_size_and_a_board_has_a_pixel_a_lamp(workspace: Path, open_studio: Open) -> None:
    path = workspace / "templates" / "infographic" / "card" / "template.yaml"
    text = path.read_text(encoding="utf-8").replace("  square: {}", "  square: {}\n  a4: {}\n  led-wide: {}\n  led-tall: {}")
    path.write_text(text, encoding="utf-8")
    studio = open_studio("cache")
    made = {size: _card(studio, size) for size in ("square", "a4", "led-wide", "led-tall")}
    assert {size: image.size for size, image in made.items()} == {
        "square": (1080, 1080),
        "a4": (2480, 3508),
        "led-wide": (1920, 384),
        "led-tall": (768, 1152),
    }
    assert made["a4"].info["dpi"] == (300, 300)
    assert made["square"].info.get("dpi") != (300, 300)


def _card(studio: Studio, size: str) -> Image.Image:
    with Image.open(studio.render(studio.recipe("infographic/card", {"headline": "Phòng cháy"}, size)).path) as image:
        image.load()
    return image


def test_the_fast_png_holds_the_same_pixels() -> None:
    picture = Image.effect_noise((61, 37), 80).convert("RGB")
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png(picture)))), np.asarray(picture))


def test_a_torn_or_false_picture_is_a_problem_and_leaves_nothing_behind(open_studio: Open, workspace: Path) -> None:
    studio = open_studio("cache")
    whole = (workspace / "photo.jpg").read_bytes()
    (workspace / "torn.jpg").write_bytes(whole[: len(whole) // 2])
    (workspace / "false.png").write_text("not a picture")
    assert [problem.rule for problem in studio.check("infographic/card", {**DATA, "photo": "false.png"}, "square")] == [
        "unreadable-picture"
    ]
    with pytest.raises(BadInput, match="không đọc được hình"):
        studio.render(studio.recipe("infographic/card", {**DATA, "photo": "torn.jpg"}, "square"))
    assert not list((workspace / "cache" / "unfinished").iterdir())
    assert not (workspace / "cache" / "renditions").exists()


def test_a_photo_on_its_side_is_set_upright(open_studio: Open, workspace: Path) -> None:
    lying = Image.new("RGB", (200, 400), "white")
    lying.paste("navy", (0, 0, 100, 400))  # its left half: the top once turned clockwise
    exif = Image.Exif()
    exif[0x0112] = 6
    lying.save(workspace / "lying.jpg", exif=exif)
    studio = open_studio("cache")
    rendition = studio.render(studio.recipe("infographic/card", {"headline": "x", "photo": "lying.jpg"}, "square"))
    pixels = np.asarray(Image.open(rendition.path)).astype(int)
    assert pixels[20, 540].max() < 160 or pixels[180, 540].max() < 160
    assert abs(pixels[20, 100] - pixels[20, 980]).max() < 12


def test_a_broken_drawing_is_a_problem(open_studio: Open, workspace: Path) -> None:
    (workspace / "broken.svg").write_text("<svg viewBox='0 0 10 10'><path")
    studio = open_studio("cache")
    with pytest.raises(BadInput, match="SVG"):
        studio.render(studio.recipe("infographic/card", {**DATA, "photo": "broken.svg"}, "square"))


def test_an_expression_that_the_data_breaks_is_a_problem(workspace: Path, open_studio: Open) -> None:
    path = workspace / "templates" / "infographic" / "card" / "template.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{{ headline }}", "{{ headline | two_digits }}"), encoding="utf-8")
    studio = open_studio("cache")
    assert [problem.rule for problem in studio.check("infographic/card", DATA, "square")] == ["wrong-expression"]
