"""A page that loads itself anew once its work is over keeps what somebody typed meanwhile, and where they stood."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from desk.errands import Errand, Errands
from desk.web.app import create_app
from desk.workbench import Workbench
from scheduler.engines.embedded import EmbeddedEngine
from tests.desk.written_office import open_written_office
from tests.story.served import served, sign_in

pytestmark = pytest.mark.browser

REVIEW = "/review/phu-nu-viet-nam"
SAID = "Xin xem lại số năm ở câu đầu"
SLOW = 60_000  # milliseconds


@dataclass(frozen=True)
class Desk:
    """A desk at its address, with the errands of its pages."""

    address: str
    office: Workbench
    errands: Errands


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    office, errands, engine = open_written_office(tmp_path, ("phu-nu-viet-nam",)), Errands(), EmbeddedEngine()
    errands.use(engine)
    with served(create_app(office, errands=errands)) as address:
        yield Desk(address, office, errands)
    errands.stop()
    engine.stop()
    office.store.close()


@pytest.fixture
def context(chromium: Browser, desk: Desk) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=desk.address, viewport={"width": 1024, "height": 800}, locale="vi-VN")
    context.set_default_timeout(SLOW)
    sign_in(context, desk.address, desk.office, "duyet")
    yield context
    context.close()


def begun(desk: Desk, until: threading.Event) -> Errand:
    return desk.errands.begin("thu", lambda _engine, _tell: until.wait(SLOW / 1000), page=REVIEW)


def test_what_was_typed_while_a_page_waited_is_there_when_it_has_loaded_itself_anew(desk: Desk, context: BrowserContext) -> None:
    until = threading.Event()
    page = context.new_page()
    page.goto(f"{REVIEW}?errand={begun(desk, until).id}")
    comment = page.locator("form[action$='/decision'] textarea[name=why]:visible").first
    comment.click()
    comment.press_sequentially(SAID)
    page.evaluate("window.before = true; scrollTo(0, 120)")
    stood = page.evaluate("scrollY")
    until.set()
    page.wait_for_function("() => window.before === undefined")
    expect(comment).to_have_value(SAID)
    expect(comment).to_be_focused()
    assert page.evaluate("scrollY") == stood
    page.goto(REVIEW)
    expect(comment).to_have_value("")


def test_who_typed_nothing_stands_where_they_stood(desk: Desk, context: BrowserContext) -> None:
    until = threading.Event()
    page = context.new_page()
    page.goto(f"{REVIEW}?errand={begun(desk, until).id}")
    way = page.locator("main a[href='/entries/phu-nu-viet-nam']").first
    way.focus()
    page.evaluate("window.before = true")
    until.set()
    page.wait_for_function("() => window.before === undefined")
    expect(way).to_be_focused()
