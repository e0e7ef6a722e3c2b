"""Where the browser is, and the screens that pages are opened on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--lang=vi-VN", "--accept-lang=vi-VN",  # as the office's browsers are; a story in English says so
)  # fmt: skip
WIDTHS = (1440, 1024, 390)
THEMES = ("light", "dark")
# Where a page is held against what shuts people out: colours hang on the theme and the rest on the width, so that two looks see
# what six would, in a third of the time. How far a page reaches is measured at each.
HELD = (("light", 1440), ("dark", 390))


def keep_picture(page: Page, path: Path) -> None:
    """Keep a picture of the whole page for people to look at, at home: nobody would see it in CI."""
    if not os.environ.get("CI"):
        page.screenshot(path=path, full_page=True)
