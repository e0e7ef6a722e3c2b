"""A page of deliveries that stays open while the office publishes."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from desk.web.app import create_app
from desk.web.cookies import SESSION
from desk.web.live import Live
from editorial.delivery import Delivery, HoldReason, State
from tests.desk.web.browser import signed_in
from tests.desk.web.small_office import SmallOffice, open_small_office, work_off
from tests.story.hands import Hands

pytestmark = pytest.mark.browser

GONE = ("net::ERR_", "Failed to load resource")  # what a browser says by itself of a server that is not there


@dataclass
class Open:
    """An office whose desk is open, and the page in front of its person."""

    office: SmallOffice
    address: str
    page: Page


@contextmanager
def served(office: SmallOffice, port: int = 0) -> Iterator[str]:
    """Serve the desk, and close it although pages still listen."""
    listening = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(lambda: app, factory=True, log_level="error", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    app = create_app(office, live=Live(lambda: server.should_exit, beat=0.05))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()
        assert not thread.is_alive()


@pytest.fixture
def open_desk(tmp_path: Path, chromium: Browser) -> Iterator[Open]:
    office = open_small_office(tmp_path)
    office.clock.move_to(_next(office).due_at - timedelta(minutes=1))  # a session does not last until next week
    with served(office) as address:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
        context.add_cookies([{"name": SESSION, "value": signed_in(office, "le-chi"), "domain": "127.0.0.1", "path": "/"}])
        page, errors = context.new_page(), list[str]()
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield Open(office, address, page)
        context.close()
    office.store.close()
    assert [each for each in errors if not each.startswith(GONE)] == []


def _next(office: SmallOffice) -> Delivery:
    return min(office.store.deliveries.list(states=[State.SCHEDULED]), key=lambda each: each.due_at)


def test_a_delivery_that_goes_out_is_shown_verified_without_a_reload(open_desk: Open) -> None:
    office, page = open_desk.office, open_desk.page
    page.goto(f"{open_desk.address}/deliveries")
    expect(page.locator("#live")).to_have_text("Trang tự cập nhật khi có thay đổi.")
    page.evaluate("window.kept = true")
    waiting = _next(office)
    line = page.locator(f"#delivery-{waiting.id}")
    expect(line).to_have_attribute("data-status", "ready")
    hands, more = Hands(page), line.get_by_role("link", name="Chi tiết")
    hands.use(more)
    opened = page.locator(f"#delivery-{waiting.id} + .detail-row")
    expect(opened).to_contain_text("Chưa gửi lần nào")
    before = page.locator(".states a[data-status='verified'] .states-count").inner_text()

    office.clock.move_to(waiting.due_at + timedelta(seconds=1))
    work_off(office)

    expect(line).to_have_attribute("data-status", re.compile("verified|failed|held"))
    assert office.store.deliveries.get(waiting.id).attempts == 1
    expect(opened).to_contain_text("Lần 1")
    done = len(office.store.deliveries.list(states=[State.VERIFIED]))
    if done != int(before):
        expect(page.locator(".states a[data-status='verified'] .states-count")).to_have_text(str(done))
    assert page.evaluate("window.kept") is True
    expect(more).to_be_focused()
    hands.look()


def test_a_decision_that_was_begun_is_not_taken_from_under_the_hand(open_desk: Open) -> None:
    office, page = open_desk.office, open_desk.page
    held = next(each for each in office.store.deliveries.list() if each.hold_reason is HoldReason.AMBIGUOUS)
    page.goto(f"{open_desk.address}/deliveries/{held.id}")
    expect(page.locator("#live")).to_be_visible()
    page.get_by_label("Lý do").fill("Đã gọi cho người trực")
    office.store.decisions.cancel(held.id, who="le-chi", why="thử")
    expect(page.locator("#live")).to_contain_text("vừa đổi trạng thái")
    expect(page.get_by_label("Lý do")).to_have_value("Đã gọi cho người trực")


def test_a_page_whose_desk_was_closed_goes_on_where_it_was(open_desk: Open) -> None:
    office = open_desk.office
    held = next(each for each in office.store.deliveries.list() if each.hold_reason is HoldReason.AMBIGUOUS)
    page = open_desk.page
    with served(office) as address:
        page.goto(f"{address}/deliveries")
        expect(page.locator("#live")).to_have_attribute("data-state", "on")
        page.wait_for_function("document.querySelector('#live').dataset.state === 'on'")
    expect(page.locator("#live")).to_contain_text("Mất kết nối")
    office.store.decisions.cancel(held.id, who="le-chi", why="thử")
    with served(office, int(address.rpartition(":")[2])):
        expect(page.locator("#live")).to_have_attribute("data-state", "on", timeout=20_000)
        expect(page.locator(f"#delivery-{held.id}")).to_have_attribute("data-status", "stopped")
