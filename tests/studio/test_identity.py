"""What the cache's names hold of the machine: another way of setting type, library or encoder never gives back old pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PIL import ImageFont, features

from studio import identity
from studio.font import layout_engine
from studio.identity import renderer_identity
from studio.studio import Studio

BASIC, RAQM = ImageFont.Layout.BASIC, ImageFont.Layout.RAQM
HEADLINE = {"headline": "Thủ đô nghìn năm văn hiến"}


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    """Have the identity worked out anew in each test, and after it."""
    renderer_identity.cache_clear()
    yield
    renderer_identity.cache_clear()


def digest(open_studio: Callable[[str], Studio], monkeypatch: pytest.MonkeyPatch, engine: ImageFont.Layout) -> str:
    """Return the name of one picture on a machine that sets type so."""
    monkeypatch.setattr(identity, "layout_engine", lambda: engine)
    renderer_identity.cache_clear()
    return open_studio("cache").recipe("infographic/card", HEADLINE, "square").digest


def test_the_cache_key_holds_the_text_layout_engine(
    open_studio: Callable[[str], Studio], monkeypatch: pytest.MonkeyPatch
) -> None:
    shaped, basic = (digest(open_studio, monkeypatch, engine) for engine in (RAQM, BASIC))
    assert shaped != basic
    assert digest(open_studio, monkeypatch, RAQM) == shaped


def test_the_engine_is_raqm_exactly_where_pillow_can_shape_with_fribidi() -> None:
    able = features.check("raqm") and features.check("fribidi")
    assert layout_engine() == (RAQM if able else BASIC)


@pytest.mark.parametrize("name", ["raqm", "fribidi", "harfbuzz", "freetype2"])
def test_another_version_of_what_sets_type_is_another_key(
    open_studio: Callable[[str], Studio], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = digest(open_studio, monkeypatch, RAQM)
    there = features.version
    monkeypatch.setattr(identity.features, "version", lambda asked: "0" if asked == name else there(asked))
    assert digest(open_studio, monkeypatch, RAQM) != before
