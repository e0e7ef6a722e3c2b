"""Somebody who has no mouse: goes through a page by Tab, and sees at each step where the focus is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Error, Locator, Page

MOST_STEPS = 400  # no page has as many places to stop at; a page that still goes on holds the focus
# Where the focus is, whether it is seen, and whether anything that lies over it hides it (WCAG 2.2: 2.4.7, 2.4.11).
WHERE = """async () => {
  let focused = document.activeElement;
  if (!focused) return null;
  const place = () => {
    if (!focused.isConnected) focused = document.activeElement ?? document.body; // its part of the page was drawn anew meanwhile
    return JSON.stringify(focused.getBoundingClientRect());
  };
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (let before = "", same = 0, frames = 0; same < 2 && frames < 90; frames += 1) { // a page that slides there has come to rest
    await frame();
    same = place() === before ? same + 1 : 0;
    before = place();
  }
  if (focused === document.body || focused === document.documentElement) return null;
  const ringed = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 && style.outlineColor !== "rgba(0, 0, 0, 0)";
  };
  const near = [focused, ...(focused.labels ?? [])];
  for (let above = focused.parentElement; above && near.length < 7; above = above.parentElement) near.push(above);
  const shown = near.find(ringed) ?? focused;
  const inside = (box) => box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth
    && box.width * box.height > 0;
  const hits = (element) => [...element.getClientRects()].filter(inside).some((box) => {
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    return [[.5, .5], [.15, .5], [.85, .5], [.5, .15], [.5, .85]].some(([across, down]) => {
      const over = document.elementFromPoint(left + (right - left) * across, top + (bottom - top) * down);
      return over && (element.contains(over) || over.contains(element));
    });
  });
  const said = focused.getAttribute("aria-label") || focused.innerText || focused.title || focused.labels?.[0]?.innerText || "";
  const steps = window.loaSteps ??= new WeakMap();
  if (!steps.has(focused)) steps.set(focused, (window.loaCount = (window.loaCount ?? 0) + 1));
  return { id: steps.get(focused), what: focused.outerHTML.slice(0, 160), ringed: ringed(shown), seen: hits(shown),
           named: Boolean(said.trim()) || focused.matches("main, [tabindex='-1']") };
}"""


class Hands:
    """A page on which only keys are pressed. Each step is held to what a person needs: the focus is seen, and not lost."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def where(self) -> dict[str, Any] | None:
        """Return where the focus is, or nothing where it is nowhere; of a page that is just giving way, in the next one."""
        try:
            found: dict[str, Any] | None = self.page.evaluate(WHERE)
        except Error:
            self.page.wait_for_load_state()
            found = self.page.evaluate(WHERE)
        return found

    def look(self) -> dict[str, Any]:
        """Return where the focus is; fail where it is nowhere, has no ring, or cannot be seen."""
        at = self.where()
        assert at is not None, "the focus is nowhere"
        return _held(at)

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type where the focus is."""
        self.page.keyboard.type(text)

    def write(self, place: Locator, text: str) -> None:
        """Go to a field and type in place of what it says."""
        self.to(place)
        self.press("Control+A")
        self.type(text)

    def to(self, place: Locator, key: str = "Tab") -> None:
        """Press Tab until the place has the focus."""
        is_looked_at = False
        for _ in range(MOST_STEPS):
            if place.evaluate("node => node === document.activeElement"):
                if not is_looked_at:
                    self.look()
                return
            self.press(key)
            at = self.where()
            is_looked_at = at is not None and bool(_held(at))
        raise AssertionError(f"no way by {key} to {place}")

    def use(self, place: Locator, key: str = "Enter") -> None:
        """Go to a place and press the key that does it."""
        self.to(place)
        self.press(key)

    def stops(self, key: str = "Tab") -> Iterator[dict[str, Any]]:
        """Go once through the whole page and yield each place where the focus stops; fail where there is no way out."""
        last = None
        for _ in range(MOST_STEPS):
            self.press(key)
            at = self.where()
            if at is None:
                return
            if last is None or at["id"] != last["id"]:
                yield at
            last = at
        raise AssertionError(f"no way out of the page; at last {last}")


def _held(at: dict[str, Any]) -> dict[str, Any]:
    """Return where the focus is; fail where it has no ring or cannot be seen."""
    assert at["ringed"], f"nothing shows the focus on {at['what']}"
    assert at["seen"], f"the focus is out of sight: {at['what']}"
    return at
