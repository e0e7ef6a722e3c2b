"""The page of webhooks in a real browser: it fits every screen, in both themes and languages, and asks before it removes one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from desk.workbench import Workbench
from scheduler.tell import Teller
from store.webhooks import News
from tests.desk.written_office import open_written_office, sign
from tests.scheduler.test_tell import HERE, Receiver
from tests.story.axe import violations
from tests.story.screens import HELD, THEMES, WIDTHS, keep_picture
from tests.story.served import served, sign_in

pytestmark = pytest.mark.browser
LONG = "https://tong-hop-thong-tin-dieu-hanh.van-phong.example.vn/tiep-nhan/webhook/v1?don-vi=so-van-hoa-va-the-thao&kenh=bang-tin"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """Return an office with one webhook that is told, one that fails, one that is given up, one that is off, and a new one."""
    opened = open_written_office(tmp_path_factory.mktemp("webhooks"))
    hooks, receiver = opened.store.webhooks, Receiver()
    one = hooks.add(receiver.url, tuple(News), by="quan-tri")
    two, three = (hooks.add(f"{receiver.url}/{name}", (News.DELIVERY,), by="quan-tri") for name in ("lich", "so"))
    off = hooks.add(LONG, (News.ENTRY,), by="quan-tri")
    hooks.turn_off(off.id, by="quan-tri")
    sign(opened, "giai-phong-thu-do")
    Teller(opened.store, opened.clock, HERE).ping(one, by="quan-tri")
    change = hooks.news(one, 1)[0]
    hooks.told(one, change)
    hooks.failed(two, change, "máy nhận trả lời 503")
    for _ in range(3):
        hooks.failed(three, change, "máy nhận trả lời 404")
    opened.clock.move_to(hooks.get(three.id).failing_since + 2 * 24 * timedelta(hours=1))  # type: ignore[attr-defined, operator]
    assert hooks.failed(hooks.get(three.id), change, "máy nhận trả lời 404")
    hooks.add("https://may.example.vn/loa", tuple(News), by="quan-tri")
    receiver.close()
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def desk(chromium_path: str, bench: Workbench) -> Iterator[str]:
    with served(bench) as address:
        yield address


@pytest.mark.parametrize("theme", THEMES)
def test_it_fits_every_screen_and_can_be_read_by_everybody(
    chromium: Browser, desk: str, bench: Workbench, tmp_path: Path, theme: str
) -> None:
    for width in WIDTHS:
        for language, wrong in (("vi-VN", "Địa chỉ này dẫn vào"), ("en-GB", "This address leads to")):
            context = chromium.new_context(
                viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light", locale=language
            )
            sign_in(context, desk, bench, "quan-tri")
            page = context.new_page()
            page.goto(f"{desk}/account/webhooks")
            page.locator("input[name=url]").fill("https://127.0.0.1/loa")
            page.locator(".door-form .button-main").click()
            expect(page.locator(".field-error")).to_contain_text(wrong)
            page.locator("#webhook-1 .hook-calls summary").click()
            page.locator("#webhook-2 .sure summary").click()
            page.evaluate("document.fonts.ready")
            keep_picture(page, tmp_path / f"webhooks-{width}-{theme}-{language}.png")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert (theme, width) not in HELD or violations(page) == []
            context.close()


def test_one_is_removed_only_after_a_question(chromium: Browser, desk: str, bench: Workbench) -> None:
    made = bench.store.webhooks.add("https://8.8.8.8/bo", tuple(News), by="quan-tri")
    context = chromium.new_context(locale="vi-VN")
    sign_in(context, desk, bench, "quan-tri")
    page = context.new_page()
    page.goto(f"{desk}/account/webhooks")
    row = page.locator(f"#webhook-{made.id}")
    expect(row.get_by_role("button", name="Bỏ webhook này")).to_be_hidden()
    row.get_by_text("Bỏ…").click()
    row.get_by_role("button", name="Bỏ webhook này").click()
    expect(row).to_have_count(0)
    assert made.id not in {each.id for each in bench.store.webhooks.all()}
    context.close()
