"""Look at a page as axe-core does: what somebody who reads with the ears, or by keyboard alone, would stumble over."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def violations(page: Page) -> list[str]:
    """Return what breaks WCAG 2.2 AA on an open page, one line a place: the rule, what it wants, and where.

    What axe could not decide by itself (a text on a picture, say) is not told: look at the page.
    """
    page.evaluate(_source())  # by the debugger's door: the page's own policy lets no foreign script in
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
                          list(RULES))  # fmt: skip
    return [f"{rule['id']}: {rule['help']}: {node['target']} {node['html'][:160]}"
            for rule in found["violations"] for node in rule["nodes"]]  # fmt: skip


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")
