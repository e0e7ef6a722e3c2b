"""A page that remembers what went wrong and whom it asked."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page


class Watched:
    """A page that remembers what went wrong and whom it asked."""

    def __init__(self, context: BrowserContext, desk: str) -> None:
        self.page: Page = context.new_page()
        self._desk = desk
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda asked: None if self._own(asked.url) else self.strangers.append(asked.url))

    def open(self, path: str) -> Page:
        """Open a page of the desk and wait until its fonts are there."""
        self.page.goto(self._desk + path)
        self.page.evaluate("document.fonts.ready")
        return self.page

    def _own(self, address: str) -> bool:
        return address.startswith((f"{self._desk}/", "data:"))
