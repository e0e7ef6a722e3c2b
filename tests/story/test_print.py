"""What an office prints: each page on A4 paper, black on white in both themes, nothing to press, no table cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page

from desk.web.renderer import HERE
from tests.desk.web.small_office import SmallOffice, open_small_office
from tests.story.screens import THEMES
from tests.story.served import served, sign_in

pytestmark = pytest.mark.browser

ENTRY = "phu-nu-viet-nam"
LANDSCAPE, PORTRAIT = (842, 595), (595, 842)
# Page, the paper it asks for, how many sheets it may take.
SHEETS = {
    "/calendar?month=2026-10": (LANDSCAPE, 1), "/calendar?view=week&day=2026-10-20": (LANDSCAPE, 1),
    "/calendar?view=quarter&month=2026-10": (LANDSCAPE, 1), "/calendar?view=agenda&day=2026-10-01": (LANDSCAPE, 2),
    f"/entries/{ENTRY}?channel=facebook": (PORTRAIT, 3),
    "/report?quarter=2026-Q4": (LANDSCAPE, 2), "/coverage?quarter=2026-Q4": (LANDSCAPE, 3), "/deliveries": (LANDSCAPE, 2),
}  # fmt: skip
TO_PRESS = "header.top, footer.foot, .skip, form, button, .button, select, input, textarea, .pager, .walk, .crumb, dialog"
SEEN = "nodes => nodes.filter((node) => node.checkVisibility()).map((node) => node.outerHTML.slice(0, 120))"
# What is wider than what it stands in is cut off on paper; letters and grounds as paper has them.
CUT = """() => [...document.querySelectorAll("main *")].filter((each) => each.checkVisibility()
  && getComputedStyle(each).overflowX !== "visible" && each.scrollWidth > each.clientWidth + 1 && each.querySelector("table"))
  .map((each) => each.outerHTML.slice(0, 120))"""
COLOURS = """() => [getComputedStyle(document.querySelector("main h1")).color, getComputedStyle(document.body).backgroundColor,
  ...[...document.querySelectorAll("main thead")].map((each) => getComputedStyle(each).display)]"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    office = open_small_office(tmp_path_factory.mktemp("office"))
    yield office
    office.store.close()


@pytest.fixture(params=THEMES)
def page(chromium: Browser, office: SmallOffice, request: pytest.FixtureRequest) -> Iterator[Page]:
    with served(office) as desk:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN", base_url=desk)
        sign_in(context, desk, office, "vu-quan")
        context.add_cookies([{"name": "theme", "value": request.param, "url": desk}])
        yield context.new_page()
        context.close()


def test_a_month_has_the_whole_sheet_and_its_titles_are_whole(page: Page) -> None:
    page.goto("/calendar?month=2026-10")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1070, "height": 742})  # A4 on its side without the margins, in px
    assert page.evaluate("document.querySelector('.month').offsetHeight") > 0.85 * 742
    cut = "nodes => nodes.filter((node) => node.scrollHeight > node.clientHeight + 1).map((node) => node.textContent)"
    assert page.locator(".month .entry-headline").count() > 0
    assert page.locator(".month .entry-headline").evaluate_all(cut) == []


def test_a_film_is_on_paper_as_its_first_picture(page: Page) -> None:
    film = {"width": 54, "height": 96, "poster": "/static/mark.svg", "src": "/a.mp4", "media_type": "video/mp4", "captions": ""}
    jinja = Environment(loader=FileSystemLoader(HERE / "pages"), autoescape=True)
    html = jinja.from_string('{% from "_parts.html" import clip %}{{ clip(of, "Cầu Long Biên", "vi") }}').render(of=film)
    page.goto(f"/entries/{ENTRY}")
    page.locator("main").evaluate("(main, html) => main.insertAdjacentHTML('beforeend', html)", html)
    video, still = page.locator("main video"), page.locator("main .on-paper")
    assert (video.is_visible(), still.is_visible()) == (True, False)
    page.emulate_media(media="print")
    assert (video.is_visible(), still.is_visible()) == (False, True)
    page.wait_for_function("document.querySelector('main .on-paper').naturalWidth > 0")


def test_every_page_is_fit_for_paper(page: Page, tmp_path: Path) -> None:
    for path, (paper, most) in SHEETS.items():
        page.goto(path)
        page.evaluate("document.fonts.ready")
        last = page.locator("main table:not(dialog *) tbody tr").last
        page.emulate_media(media="print")
        assert page.locator(TO_PRESS).evaluate_all(SEEN) == [], path
        assert page.evaluate(CUT) == [], path
        ink, ground, *heads = page.evaluate(COLOURS)
        assert (ink, ground) == ("rgb(0, 0, 0)", "rgba(0, 0, 0, 0)"), path
        assert set(heads) <= {"table-header-group"}, f"{path}: the headings do not stand on every sheet"
        if last.count():
            assert last.is_visible(), path
        page.emulate_media(media="null")
        page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
        printed = (tmp_path / "sheet.pdf").read_bytes()
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= most, path
        box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", printed)
        assert box and (round(float(box[1])), round(float(box[2]))) == paper, path
