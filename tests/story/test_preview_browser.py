"""The light table in a real browser: a designer saves a file and sees it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from desk.place import Place
from desk.preview.app import create_preview
from desk.preview.table import LightTable
from tests.desk.small_studio import CARD, make_studio, write_card

pytestmark = pytest.mark.browser


@pytest.fixture
def office(tmp_path: Path) -> Path:
    write_card(make_studio(tmp_path))
    return tmp_path


@pytest.fixture
def address(office: Path) -> Iterator[str]:
    """Return where the page answers, served for one test."""
    listening = socket.create_server(("127.0.0.1", 0))
    table = LightTable(Place(root=office), "infographic/card", office / "drafts")
    server = uvicorn.Server(
        uvicorn.Config(create_preview(table, ""), log_level="error", lifespan="off", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
    listening.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """Return the page once every size is drawn; it must have asked nobody else and complained of nothing."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    opened, complaints, hosts = context.new_page(), [], set()
    opened.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    opened.goto(f"{address}/")
    drawn(opened)
    yield opened
    assert (complaints, hosts) == ([], {address.removeprefix("http://")})
    context.close()


def drawn(page: Page) -> None:
    """Wait until the page has drawn everything that it wants."""
    expect(page.locator("#watch")).to_have_attribute("data-state", "idle", timeout=20_000)


def source(page: Page) -> str:
    return str(page.locator(".shot img").first.get_attribute("src"))


def test_a_saved_template_is_drawn_anew_and_a_broken_one_keeps_the_picture(page: Page, office: Path) -> None:
    first = source(page)
    write_card(office, card=CARD.replace("fill: background", "fill: accent"))
    expect(page.locator(".shot img").first).not_to_have_attribute("src", first, timeout=20_000)
    drawn(page)
    second = source(page)
    write_card(office, card=CARD.replace("fill: background", "fill: khong_co"))
    expect(page.locator("#problems")).to_contain_text("không có màu “khong_co”")
    expect(page.locator("#problems code")).to_have_text("templates/infographic/card/template.yaml:10 layers[0].fill")
    assert source(page) == second


def test_what_is_typed_is_drawn_and_never_written_to_a_file(page: Page, office: Path) -> None:
    before = {path: path.read_bytes() for path in (office / "templates").rglob("*.yaml")}
    first = source(page)
    page.get_by_label("headline").fill("Chữ thử")
    expect(page.locator(".shot img").first).not_to_have_attribute("src", first)
    drawn(page)
    page.get_by_role("button", name="Bỏ sửa thử").click()
    expect(page.locator(".shot img").first).to_have_attribute("src", first)
    assert {path: path.read_bytes() for path in (office / "templates").rglob("*.yaml")} == before


def test_sample_theme_and_scale_are_chosen_and_kept_in_the_address(page: Page) -> None:
    first = source(page)
    page.get_by_role("button", name="dài nhất").click()
    page.get_by_role("button", name="tối", exact=True).click()
    page.get_by_role("button", name="Điện thoại").click()
    expect(page.locator(".shot img").first).not_to_have_attribute("src", first)
    drawn(page)
    second = source(page)
    assert page.locator(".shot").first.evaluate("node => node.getBoundingClientRect().width") == 390
    page.reload()
    drawn(page)
    assert source(page) == second
    assert page.get_by_role("button", name="tối", exact=True).get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_at_any_width(page: Page, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    for scale in ("Vừa trang", "Điện thoại", "Cỡ thật"):
        page.get_by_role("button", name=scale).click()
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
