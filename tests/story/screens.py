"""Where the browser is, and the screens that pages are opened on."""

from __future__ import annotations

CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--lang=vi-VN", "--accept-lang=vi-VN",  # as the office's browsers are; a story in English says so
)  # fmt: skip
WIDTHS = (1440, 1024, 390)
THEMES = ("light", "dark")
