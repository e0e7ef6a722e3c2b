"""Templates are read anew exactly when a file has changed that one of them shows or says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desk.place import Place
from desk.template_memory import Templates, read_templates
from editorial.problem import BadInput
from studio.brand import Brand
from studio.template import load_templates
from tests.studio.conftest import make_workspace, write_photo

LAYER = '  - {id: fixed, type: image, source: photo.jpg, box: [0, 0, "100%", 200]}\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a workspace whose templates show a picture beside them, and one of which is linked into it."""
    place = Place(root=make_workspace(tmp_path / "workspace"))
    _replace(place.templates / "infographic" / "card" / "template.yaml", "  - id: page\n", LAYER + "  - id: page\n")
    (tmp_path / "workspace" / "elsewhere").mkdir()
    (place.templates / "clip" / "short").rename(tmp_path / "workspace" / "elsewhere" / "short")
    (place.templates / "clip" / "short").symlink_to(tmp_path / "workspace" / "elsewhere" / "short")
    (place.templates / "round").symlink_to(place.templates)  # links may lead in a circle
    return place


def _read(place: Place) -> Templates:
    return read_templates(place, Brand.load(place.assets))


def _replace(file: Path, old: str, new: str) -> None:
    written = file.read_text(encoding="utf-8")
    assert old in written
    file.write_text(written.replace(old, new, 1), encoding="utf-8")


def _lengthen(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0")


def test_nothing_is_read_twice_while_no_file_has_changed(place: Place) -> None:
    assert _read(place) is _read(place)


CHANGES: dict[str, Callable[[Place], None]] = {
    "its words": lambda place: _replace(place.templates / "infographic/card/template.yaml", "max: 400", "max: 401"),
    "of as many letters": lambda place: _replace(place.templates / "infographic/card/template.yaml", "{vi: Thử}", "{vi: Thứ}"),
    "words behind a link": lambda place: _replace(place.templates / "clip/short/template.yaml", "max: 120", "max: 121"),
    "a picture beside it": lambda place: write_photo(place.templates / "infographic/card/new.jpg"),
    "a picture that it shows": lambda place: _lengthen(place.root / "photo.jpg"),
    "a font": lambda place: _lengthen(place.assets / "fonts/bold.ttf"),
    "the brand": lambda place: _replace(place.assets / "brand.yaml", "title: 84", "title: 85"),
    "a sample": lambda place: (place.templates / "infographic/card/sample.yaml").write_text("typical: {headline: Chào}\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_a_template_says_or_shows_is_read_anew_when_it_changes(place: Place, change: Callable[[Place], None]) -> None:
    before = _read(place)
    change(place)
    now, whole = _read(place), load_templates(place.templates, Brand.load(place.assets), place.root)
    assert now == whole and now != before


def test_a_template_that_is_taken_out_or_comes_is_not_missed(place: Place) -> None:
    assert set(_read(place)) == {"infographic/card", "clip/short"}
    (place.templates / "clip" / "short").unlink()
    assert set(_read(place)) == {"infographic/card"}
    (place.templates / "clip" / "short").symlink_to(place.root / "elsewhere" / "short")
    assert set(_read(place)) == {"infographic/card", "clip/short"}


def test_a_mistake_is_told_each_time_and_gone_once_it_is_mended(place: Place) -> None:
    before = _read(place)
    (place.root / "photo.jpg").rename(place.root / "else.jpg")
    for _ in range(2):
        with pytest.raises(BadInput, match="không có hình"):
            _read(place)
    (place.root / "else.jpg").rename(place.root / "photo.jpg")
    assert _read(place) == before


def test_workspaces_are_not_mixed_up(tmp_path: Path) -> None:
    places = [Place(root=make_workspace(tmp_path / f"workspace-{number}")) for number in range(6)]
    for number, place in enumerate(places):
        _replace(place.templates / "infographic/card/template.yaml", "{vi: Thử}", f"{{vi: Thử {number}}}")
    for _ in range(2):
        assert [_read(place)["infographic/card"].root for place in places] == [place.root for place in places]
        names = [_read(place)["infographic/card"].name.vi for place in places]
        assert names == [f"Thử {number}" for number in range(6)]
