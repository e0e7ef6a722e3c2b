"""An approver with a phone: the queue, what changed, the signature; and what is refused because it has changed meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from desk.approving import check_facts, posts_to_come, submit
from desk.crew import bring_to_schedule, crew_of
from desk.errands import Errands
from desk.place import Place
from desk.watching import Watch
from desk.web.app import create_app
from desk.workbench import Workbench, open_workbench
from editorial.clock import SimulatedClock
from editorial.workflow import Stage
from scheduler.engines.contract import Engine
from scheduler.engines.embedded import EmbeddedEngine
from tests.story.axe import violations
from tests.story.hands import Hands
from tests.story.screens import HELD, THEMES, WIDTHS, keep_picture
from tests.story.served import served, sign_in
from tests.story.watched import Watched
from tests.story.workspace import make_workspace

pytestmark = pytest.mark.browser

ENTRY = "dich-vu-cong-truc-tuyen"
START = datetime(2026, 11, 2, 3, tzinfo=UTC)
PHONE = {"width": 390, "height": 844}


@dataclass
class Office:
    """An office whose entry was approved once, changed, and handed in anew with its facts checked."""

    root: Path
    address: str
    app: FastAPI
    engine: Engine

    @property
    def bench(self) -> Workbench:
        bench = self.app.state.desk.bench
        assert isinstance(bench, Workbench)
        return bench

    def rewrite(self, old: str, new: str) -> None:
        path = self.root / "content" / f"{ENTRY}.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def notice_files(self) -> None:
        """Look at the files as the open desk does: once they have changed, and once more when they stand still."""
        def show(bench: Workbench) -> None:
            self.app.state.desk = replace(self.app.state.desk, bench=bench)

        watch = Watch(self.bench, self.engine, show, lambda remarks: None)
        watch.look()
        watch.look()

    def hand_in(self, *, checked: bool) -> None:
        people, posts = self.bench.content.office.people, posts_to_come(self.bench, ENTRY, self.engine)
        submit(self.bench, ENTRY, posts, people["bien-tap"])
        if checked:
            check_facts(self.bench, ENTRY, posts, people["kiem-chung"])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Office]:
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY,))
    engine, errands = EmbeddedEngine(), Errands()
    errands.use(engine)
    with open_workbench(Place(root=root), root / ".loa" / "office", SimulatedClock(START)) as bench:
        bring_to_schedule(bench, ENTRY, posts_to_come(bench, ENTRY, engine), crew_of(bench))
        app = create_app(bench, errands=errands)
        with served(app) as address:
            office = Office(root, address, app, engine)
            office.rewrite("Nếu chưa quen, mời bạn", "Nếu chưa quen dùng máy, mời bạn")
            office.rewrite("Gửi và theo dõi", "Gửi rồi theo dõi")
            office.notice_files()
            office.hand_in(checked=True)
            yield office
        errands.stop()
        engine.stop()


@pytest.fixture
def phone(chromium: Browser, office: Office) -> Iterator[Watched]:
    """Return a phone's page that must end without errors and without a word to another host."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    sign_in(context, office.address, office.bench, "duyet")
    watched = Watched(context, office.address)
    yield watched
    context.close()
    assert watched.errors == []
    assert watched.strangers == []


def decide(page: Page, deed: str, button: str) -> None:
    bar = page.get_by_label("Quyết định")
    bar.get_by_text(deed, exact=True).click()
    form = bar.locator("form", has=page.get_by_role("button", name=button))
    form.get_by_role("button", name=button).click()


def decide_by_keyboard(hands: Hands, deed: str, button: str) -> None:
    bar = hands.page.get_by_label("Quyết định")
    hands.use(bar.get_by_text(deed, exact=True))
    hands.use(bar.get_by_role("button", name=button))


@pytest.mark.parametrize("theme", THEMES)
def test_nobody_is_shut_out_of_the_review(chromium: Browser, office: Office, tmp_path: Path, theme: str) -> None:
    found = []
    for width in WIDTHS:
        dark = "dark" if theme == "dark" else "light"
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=dark, locale="vi-VN")
        sign_in(context, office.address, office.bench, "duyet")
        watched = Watched(context, office.address)
        for name, path in {"cho-duyet": "/review", "duyet": f"/review/{ENTRY}"}.items():
            page = watched.open(path)
            keep_picture(page, tmp_path / f"{name}-{width}-{theme}.png")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
            found += [f"{name}: {each}" for each in violations(page)] if (theme, width) in HELD else []
        page.get_by_label("Quyết định").get_by_text("Duyệt", exact=True).click()
        page.get_by_text("Chỗ khác", exact=True).first.click()
        found += violations(page) if (theme, width) in HELD else []
        context.close()
        assert watched.errors == []
    assert found == []


def test_two_pictures_are_laid_over_one_another(phone: Watched) -> None:
    page = phone.open(f"/review/{ENTRY}")
    picture = page.locator(".picture").first
    expect(picture.get_by_text("Bản đã duyệt").first).to_be_visible()
    picture.get_by_text("Kéo", exact=True).click()
    slider = picture.get_by_role("slider")
    slider.fill("20")
    assert picture.locator("[data-compare]").evaluate("frame => frame.style.getPropertyValue('--at')") == "20%"
    picture.get_by_text("Chỗ khác", exact=True).click()
    expect(picture.get_by_text("Chỗ sáng là chỗ hai bản khác nhau")).to_be_visible()


def test_bytes_that_have_changed_meanwhile_are_refused_with_what_changed(phone: Watched, office: Office) -> None:
    page = phone.open(f"/review/{ENTRY}")
    office.rewrite("Thử nộp một hồ sơ trực tuyến", "Hãy nộp thử một hồ sơ trực tuyến")
    office.notice_files()  # as the open desk does every three seconds: what was handed in is void
    decide(page, "Duyệt", "Duyệt bản này")
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("đã đổi từ lúc bạn mở trang", timeout=30_000)
    expect(refused.locator("ins").first).to_have_text("Hãy")
    expect(refused).to_contain_text("phê duyệt hết hiệu lực")
    assert office.bench.store.workflow.of(ENTRY).stage is Stage.DRAFT
    office.hand_in(checked=True)


def test_an_approver_with_a_phone_opens_the_queue_reads_what_changed_and_approves(phone: Watched, office: Office) -> None:
    page = phone.open("/review")
    expect(page.locator(".queue-row")).to_contain_text("còn 27 ngày")
    expect(page.locator(".queue-kinds")).to_contain_text("ảnh, clip")
    hands = Hands(page)
    hands.use(page.get_by_role("link", name="Nộp hồ sơ trực tuyến"))
    words = page.locator(".change", has=page.get_by_role("heading", name="Tóm tắt"))
    expect(words.locator("ins")).to_have_text(re.compile("dùng máy"))
    for target in page.locator(".deeds summary").all():
        assert (target.bounding_box() or {"height": 0})["height"] >= 44
    decide_by_keyboard(hands, "Yêu cầu sửa", "Gửi lại cho người soạn")
    assert page.url.endswith(f"/review/{ENTRY}"), "the browser itself asks for the reason"
    expect(page.locator("#request-changes-why")).to_be_focused()
    hands.press("Escape")
    expect(page.get_by_label("Quyết định").get_by_text("Yêu cầu sửa", exact=True)).to_be_focused()
    expect(page.locator("#request-changes-why")).to_be_hidden()
    decide_by_keyboard(hands, "Duyệt", "Duyệt bản này")
    expect(page.get_by_role("status")).to_contain_text("Đã duyệt.", timeout=30_000)
    assert office.bench.store.approvals.latest(ENTRY) is not None
    decide_by_keyboard(hands, "Lên lịch", "Đưa vào lịch đăng")
    expect(page.get_by_role("status")).to_contain_text("Đã đưa vào lịch", timeout=30_000)
    assert {each.due_at - START > timedelta(days=1) for each in office.bench.store.deliveries.list(entry=ENTRY)} == {True}
    expect(phone.open("/review").get_by_role("heading", name="Không có gì chờ duyệt")).to_be_visible()
