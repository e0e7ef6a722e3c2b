"""The certificate in a real browser: on a desk, on a tablet and on a phone, by day and by night."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from desk.command import run
from tests.story.screens import THEMES, WIDTHS
from tests.story.workspace import make_workspace

pytestmark = pytest.mark.browser
REACH = "Math.max(...[...document.querySelectorAll('table, td, li')].map(each => each.getBoundingClientRect().right))"


@pytest.fixture(scope="module")
def certificate(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate with facts on five channels and with a mistake."""
    root = make_workspace(tmp_path_factory.mktemp("office"), ("giai-phong-thu-do",))
    entry = root / "content" / "giai-phong-thu-do.md"
    entry.write_text(entry.read_text(encoding="utf-8").rstrip() + "\n\nCó 77 máy bơm.\n", encoding="utf-8")
    page = root / "giay.html"
    run(["certificate", "giai-phong-thu-do", "--workspace", str(root), "--html", str(page)])
    return page


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_certificate_fits_every_screen_in_both_themes(
    chromium: Browser, certificate: Path, width: int, theme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(certificate.as_uri())
    assert page.evaluate(REACH) <= width  # nothing to be moved sideways either
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (back == "rgb(255, 255, 255)") == (theme == "light")
    named = page.evaluate("getComputedStyle(document.querySelector('td'), '::before').content")
    assert ("Facebook" in named) == (width == min(WIDTHS))  # where the table has no head, each cell says its channel
    context.close()
