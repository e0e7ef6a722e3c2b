"""An administrator tries a channel and connects it, in a real browser, at the platform's stand-in; the pages hold WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from desk.errands import Errands
from desk.web.app import create_app
from rehearsal.town import Town
from scheduler.engines.embedded import EmbeddedEngine
from tests.desk.web.small_office import SmallOffice, open_small_office
from tests.story.axe import violations
from tests.story.served import served, sign_in


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    office = open_small_office(tmp_path_factory.mktemp("office"))
    yield office
    office.store.close()


@pytest.fixture(scope="module")
def town(office: SmallOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with Town(clock=office.clock.now, folder=Path(tmp_path_factory.mktemp("town"))) as town:
        town.act("facebook", "other pages", names=["Trang phường A"])
        yield town


@pytest.fixture(scope="module")
def desk(office: SmallOffice) -> Iterator[str]:
    errands, engine = Errands(), EmbeddedEngine()
    errands.use(engine)
    with served(create_app(office, errands=errands)) as address:
        yield address
    errands.stop()
    engine.stop()


@pytest.fixture
def context(chromium: Browser, office: SmallOffice, desk: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=desk, viewport={"width": 390, "height": 800}, reduced_motion="reduce")
    sign_in(context, desk, office, "vu-quan")
    yield context
    context.close()


def held(page: Page) -> None:
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert violations(page) == [], theme
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is pushed off a phone's screen"


def test_a_page_is_connected_from_a_phone_by_its_owners_consent(context: BrowserContext, town: Town, office: SmallOffice) -> None:
    page = context.new_page()
    page.goto("/channels")
    held(page)
    page.get_by_role("link", name="Fanpage Facebook").click()
    held(page)
    page.get_by_role("link", name="Kết nối tài khoản").click()
    expect(page.get_by_role("textbox", name="Địa chỉ quay về")).to_have_value(f"{page.url.split('/channels')[0]}/channels/back")
    held(page)
    known = town.credentials()["facebook"]
    page.get_by_label("Mã ứng dụng").fill(known["app_id"])
    page.get_by_label("Khoá bí mật của ứng dụng").fill(known["app_secret"])
    page.get_by_text("Ít khi cần đổi").click()
    page.get_by_label("Máy chủ API").fill("khong-phai-dia-chi")
    page.get_by_label("Máy chủ đăng nhập của Facebook").fill(town.addresses["facebook"])
    page.get_by_role("button", name="Tiếp: sang").click()
    expect(page.get_by_label("Máy chủ API")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Mã ứng dụng")).to_have_value(known["app_id"])
    held(page)
    page.get_by_label("Khoá bí mật của ứng dụng").fill(known["app_secret"])
    page.get_by_label("Máy chủ API").fill(town.addresses["facebook"])
    page.get_by_role("button", name="Tiếp: sang").click()
    held(page)
    page.get_by_role("link", name="Sang 127.0.0.1").click()  # to the stand-in, which agrees and sends back
    expect(page.get_by_role("heading", name="Chọn tài khoản cho kênh này")).to_be_visible()
    held(page)
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Kết nối").click()
    expect(page.get_by_text("Vũ Quân,")).to_be_visible()
    assert "code=" not in page.url and office.store.connections.channels() == {"facebook"}
    held(page)
    page.get_by_text("Ngắt kết nối…").click()
    page.get_by_role("button", name="Ngắt kết nối Fanpage Facebook").click()
    expect(page.get_by_role("link", name="Kết nối tài khoản")).to_be_visible()
    assert office.store.connections.channels() == frozenset()


def test_a_trial_is_begun_by_keyboard_and_its_steps_are_shown(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/channels/portal")
    page.get_by_role("button", name="Gửi bài thử").press("Enter")
    expect(page.get_by_text("Kênh chạy đúng.")).to_be_visible(timeout=60_000)
    expect(page.locator("#trial")).to_contain_text("công chúng không còn thấy")
    held(page)
