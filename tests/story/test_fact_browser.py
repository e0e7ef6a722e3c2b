"""A fact that was wrong: corrected from its page by two people, and every live copy put right before their eyes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from desk.demo import Demo
from desk.errands import Errands
from desk.media_host import MediaHost
from desk.place import Place
from desk.rehearsal_accounts import connect
from desk.web.app import create_app
from desk.workbench import Workbench, open_workbench
from editorial.clock import SimulatedClock, SystemClock
from rehearsal.town import Town
from scheduler.dispatch import Dispatcher
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.simulation import run_quarter
from tests.story.axe import violations
from tests.story.hands import Hands
from tests.story.screens import HELD, THEMES, WIDTHS, keep_picture
from tests.story.served import served, sign_in
from tests.story.watched import Watched
from tests.story.workspace import make_workspace

pytestmark = pytest.mark.browser

ENTRY = "dich-vu-cong-truc-tuyen"


@dataclass
class Office:
    """An office whose only entry is live on four channels, and whose scheduler works when the test says so."""

    root: Path
    address: str
    bench: Workbench
    clock: SimulatedClock
    dispatcher: Dispatcher
    engine: EmbeddedEngine

    def work(self) -> None:
        """Do all that is due, and all that it brings with it."""
        run_quarter(self.bench.store, self.dispatcher, self.engine, clock=self.clock, until=self.clock.now())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Office]:
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY,))
    demo = Demo(Place(root=root), lambda step, done, total: None)
    assert demo.run().proof.ok
    engine, errands = EmbeddedEngine(), Errands()
    errands.use(engine)
    clock = SimulatedClock(SystemClock().now())
    with open_workbench(Place(root=root), demo.memory, clock) as bench:
        clock.move_to(max(clock.now(), bench.store.deliveries.last_touched() or clock.now()))
        with Town(clock=clock.now, folder=demo.memory / "town") as town, MediaHost(bench.media) as host:
            rehearsed = connect(bench.content.office.channels, bench.store, town, host.address, demo.memory / "site")
            dispatcher = Dispatcher(bench.store, rehearsed.publishers, clock, owner="serve", submit=engine.submit)
            with served(create_app(bench, errands=errands)) as address:
                yield Office(root, address, bench, clock, dispatcher, engine)
            errands.stop()
            engine.stop()
            rehearsed.close()


@pytest.fixture
def watched(chromium: Browser, office: Office) -> Iterator[Watched]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    sign_in(context, office.address, office.bench, "bien-tap")
    watched = Watched(context, office.address)
    yield watched
    context.close()
    assert watched.errors == []
    assert watched.strangers == []


def test_the_ledger_leads_to_every_place_that_quotes_a_fact(watched: Watched) -> None:
    page = watched.open("/facts")
    page.get_by_label("Tìm theo tên").fill("xã phường")
    expect(page.locator(".ledger tbody tr")).to_have_count(1)
    page.get_by_role("link", name="126 xã, phường").click()
    places = page.locator(".places tbody tr")
    expect(places).to_have_count(4)
    expect(places.first).to_contain_text("Đã đối chiếu")
    expect(places.first).to_contain_text("lời bài")


def test_a_fact_is_corrected_from_its_page_which_shows_each_copy_put_right(
    watched: Watched, office: Office, chromium: Browser, tmp_path: Path
) -> None:
    page = watched.open("/facts/wards")
    hands = Hands(page)
    hands.use(page.get_by_text("Sửa số liệu này"))
    hands.write(page.get_by_label("Giá trị mới"), "một trăm")
    hands.write(page.get_by_label("Lý do"), "Số liệu sau sắp xếp")
    watched.errors.clear()
    hands.use(page.get_by_role("button", name="Xem kế hoạch sửa"))
    value = page.get_by_label("Giá trị mới")
    expect(page.locator(".wrong")).to_contain_text("không hợp với dữ kiện này")
    expect(value).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Lý do")).to_have_value("Số liệu sau sắp xếp")
    watched.errors.clear()  # the browser writes down every answer that is a 400
    expect(value).to_be_focused()  # one goes on where something is wrong
    hands.write(value, "127")
    hands.use(page.get_by_role("button", name="Xem kế hoạch sửa"))
    expect(page.locator(".plan li")).to_have_count(4, timeout=30_000)
    expect(page.locator(".plan")).to_contain_text("gỡ và đăng lại")
    assert office.bench.store.corrections.all() == ()
    for theme in THEMES:
        looked_at(chromium, office, theme, tmp_path / f"de-nghi-{theme}")
    expect(page.get_by_role("button", name="Ký và sửa mọi bản")).to_have_count(0)
    sign_in(page.context, office.address, office.bench, "duyet")  # the second person, at their own desk
    page = watched.open("/facts/wards")
    Hands(page).use(page.get_by_role("button", name="Ký và sửa mọi bản"))
    copies = page.locator("#copies")
    expect(copies).to_contain_text("0 / 4", timeout=60_000)
    page.evaluate("window.sameDocument = true")
    office.work()
    expect(copies).to_contain_text("4 / 4", timeout=30_000)
    expect(copies.get_by_text("xong, đã đọc lại")).to_have_count(4)
    assert page.evaluate("window.sameDocument") is True, "nobody has reloaded the page"
    assert "    value: 127\n" in (office.root / "content" / "facts" / "plan.yaml").read_text(encoding="utf-8")
    for theme in THEMES:
        looked_at(chromium, office, theme, tmp_path / f"xong-{theme}")


def looked_at(chromium: Browser, office: Office, theme: str, name: Path) -> None:
    """Hold the pages of facts against every width, and against what shuts people out."""
    for width in WIDTHS:
        dark = "dark" if theme == "dark" else "light"
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=dark, locale="vi-VN")
        sign_in(context, office.address, office.bench, "duyet")
        watched = Watched(context, office.address)
        for path in ("/facts", "/facts/wards"):
            page = watched.open(path)
            keep_picture(page, name.with_name(f"{name.name}-{width}{path.replace('/', '-')}.png"))
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than {width}"
            assert (theme, width) not in HELD or violations(page) == []
        context.close()
        assert watched.errors == []
