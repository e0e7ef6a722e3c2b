"""The desk in English: everything that Loa says is, and everything that people wrote stays as they wrote it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page, expect

from desk.web.prose import headline
from desk.workbench import Workbench
from editorial.fact_words import words
from editorial.lunar import year_name
from tests.desk.said_messages import LETTERS
from tests.story.axe import violations
from tests.story.served import served, sign_in
from tests.story.watched import Watched

pytestmark = pytest.mark.browser
ENTRY = "giai-phong-thu-do"
PAGES = (
    "/calendar?month=2026-10", "/calendar?view=week&day=2026-10-08", "/calendar?view=quarter&month=2026-10",
    "/calendar?view=agenda&day=2026-10-01", "/calendar/new?day=2026-12-10", f"/calendar/move?entry={ENTRY}&day=2026-10-09",
    f"/entries/{ENTRY}?channel=facebook", "/review", f"/review/{ENTRY}", "/facts", "/facts/wards",
    "/channels", "/channels/facebook", "/channels/youtube", "/channels/zalo", "/channels/telegram", "/channels/portal",
    "/report?quarter=2026-Q4", "/coverage?quarter=2026-Q4", "/templates/new", "/rehearse", "/inbox",
    "/deliveries", "/deliveries/1", "/pauses", "/people", "/audit", "/audit/state", "/settings", "/account", "/account/webhooks",
    "/nowhere", "/calendar?day=x",
)  # fmt: skip
# Every text that a reader meets, where it stands in no element of another language; code is code in each.
READ = """() => {
  const found = [], attributes = ["title", "aria-label", "placeholder", "alt", "data-label"];
  const none = "code, script, style, noscript, template";
  const english = (element) => element && element.closest("[lang]").lang === "en" && !element.closest(none);
  const walk = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (english(walk.currentNode.parentElement)) found.push(walk.currentNode.data);
  for (const element of document.querySelectorAll("*"))
    if (english(element)) found.push(...attributes.map((name) => element.getAttribute(name)).filter(Boolean));
  return found.map((text) => text.trim()).filter(Boolean);
}"""


@pytest.fixture(scope="module")
def desk(chromium_path: str, finished_demo: Workbench) -> Iterator[str]:
    """Return the address of the desk, served for the module."""
    with served(finished_demo) as address:
        yield address


@pytest.fixture(params=[1440, 390])
def watched(chromium: Browser, desk: str, finished_demo: Workbench, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """Return the page of an administrator whose browser asks for English, wide and on a phone."""
    size = {"width": request.param, "height": 900}
    context = chromium.new_context(viewport=size, locale="en-GB", timezone_id="Asia/Ho_Chi_Minh")
    sign_in(context, desk, finished_demo, "quan-tri")
    yield Watched(context, desk)
    context.close()


def test_the_editor_s_page_is_in_english(chromium: Browser, desk: str, finished_demo: Workbench) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 900}, locale="en-GB", timezone_id="Asia/Ho_Chi_Minh")
    sign_in(context, desk, finished_demo, "bien-tap")
    content = written(finished_demo)
    for path in (f"/entries/{ENTRY}/edit", "/calendar/new?day=2026-12-10"):
        page = Watched(context, desk).open(path)
        assert left_over(page, content) == [], path
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
    context.close()


def test_the_switch_changes_the_language_where_one_is_and_keeps_it(watched: Watched) -> None:
    page = watched.open("/facts")
    page.locator("details.me summary").click()
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dữ kiện")
    assert page.url.endswith("/facts")
    assert watched.open("/deliveries").locator("html").get_attribute("lang") == "vi"
    page.locator("details.me summary").click()
    assert violations(page) == []
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deliveries")
    assert violations(page) == []


def test_no_word_of_the_desk_is_left_in_vietnamese(watched: Watched, finished_demo: Workbench) -> None:
    content = written(finished_demo)
    for path in PAGES:
        page = watched.open(path)
        assert left_over(page, content) == [], path
        assert page.locator("html").get_attribute("lang") == "en", path
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def left_over(page: Page, content: tuple[str, ...]) -> list[str]:
    """Return the Vietnamese that is left on a page when what people wrote is taken out of it."""
    texts = page.evaluate(READ)
    for wrote in content:
        texts = [text.replace(wrote, "") for text in texts]
    return [text for text in dict.fromkeys(texts) if LETTERS.search(text)]


def written(bench: Workbench) -> tuple[str, ...]:
    """Return what people of the office wrote that may stand on a page, the longest first."""
    content = bench.content
    found = {*_texts(content), *_texts([bench.catalogue.occasions(year) for year in (2026, 2027)])}
    found |= {headline(content, entry) for entry in content.entries.values()}
    found |= {"trình duyệt thử"}  # what the browser of the test calls itself
    found |= {year_name(year) for year in (2025, 2026, 2027)}
    found |= {words(fact, "vi") for fact in content.facts.values()}
    found |= {text.lower() for text in found}
    return tuple(sorted((text for text in found if LETTERS.search(text)), key=len, reverse=True))


def _texts(of: object) -> Iterator[str]:
    """Yield every text within a value."""
    if isinstance(of, str):
        yield of
        yield from of.split("\n")
    elif dataclasses.is_dataclass(of):
        for each in dataclasses.fields(of):
            yield from _texts(getattr(of, each.name))
    elif isinstance(of, Mapping):
        yield from (text for each in of.items() for text in _texts(each))
    elif isinstance(of, list | tuple | frozenset):
        yield from (text for each in of for text in _texts(each))
