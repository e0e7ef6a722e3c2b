"""An editor writes an entry in a real browser: facts by @, figures underlined, previews as they type, two people, a lost line."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from desk.errands import Errands
from desk.place import Place
from desk.web.app import create_app
from desk.workbench import Workbench, open_workbench
from desk.workspace import Workspace, read_workspace
from editorial.clock import SimulatedClock
from editorial.workflow import Stage
from tests.desk.written_content import drawing_errands
from tests.story.axe import violations
from tests.story.hands import Hands
from tests.story.screens import HELD, THEMES
from tests.story.served import sign_in
from tests.story.workspace import make_workspace

pytestmark = pytest.mark.browser

ENTRY, OTHER = "di-san-van-hoa", "giai-phong-thu-do"
PATH = f"/entries/{ENTRY}/edit?channel=facebook"


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait longer than usual for what the server has to look at: on a busy machine it takes its time."""
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY, OTHER))
    office = root / "content" / "office.yaml"
    second = "\n  - {id: bien-tap-2, name: Lê Bình, roles: [editor]}\n"
    office.write_text(office.read_text("utf-8").replace("\npeople:\n", f"\npeople:{second}", 1), encoding="utf-8")
    return read_workspace(Place(root=root))


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    """Return the office before its quarter, with a memory of its own and its content as it was."""
    content = workspace.place.root / "content"
    before = {path: path.read_bytes() for path in content.glob("*.md")}
    clock = SimulatedClock(datetime(2026, 9, 1, tzinfo=UTC))
    with open_workbench(workspace.place, tmp_path / "office", clock, workspace) as bench:
        yield bench
    for path, words in before.items():
        path.write_bytes(words)


class Desk:
    """The desk on a port of its own, which it keeps when it is stopped and started again."""

    def __init__(self, bench: Workbench, errands: Errands) -> None:
        self._bench = bench
        self._errands = errands
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @contextmanager
    def serving(self) -> Iterator[None]:
        listening = socket.create_server(("127.0.0.1", self._port))
        config = uvicorn.Config(create_app(self._bench, errands=self._errands), log_level="error", access_log=False)
        config.timeout_graceful_shutdown = 1
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(timeout=30)
            listening.close()


@pytest.fixture
def desk(bench: Workbench, errands: Errands) -> Desk:
    return Desk(bench, errands)


@pytest.fixture(scope="module")
def errands() -> Iterator[Errands]:
    with drawing_errands() as errands:
        yield errands


@pytest.fixture
def context(chromium: Browser, desk: Desk, bench: Workbench) -> Iterator[BrowserContext]:
    """Return a browser in which an editor is signed in."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    sign_in(context, desk.address, bench, "bien-tap")
    yield context
    context.close()


def opened(context: BrowserContext, desk: Desk, path: str = PATH) -> tuple[Page, list[str]]:
    """Return the open page, and what will have gone wrong in it."""
    page, errors = context.new_page(), list[str]()
    page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(desk.address + path)
    return page, errors


def file_of(bench: Workbench) -> str:
    return (bench.root / "content" / f"{ENTRY}.md").read_text("utf-8")


def test_an_editor_quotes_a_fact_mends_a_figure_saves_and_hands_in_by_keyboard(
    context: BrowserContext, desk: Desk, bench: Workbench
) -> None:  # fmt: skip
    before = file_of(bench)
    with desk.serving():
        page, errors = opened(context, desk)
        body, state = page.get_by_label("Thân bài", exact=True), page.locator("#edit-state")
        post = page.get_by_role("article", name="Bài trên Fanpage Facebook")
        expect(post).to_contain_text("Xem thêm")
        count = page.locator(".edit-counts .number").first
        was = count.inner_text()
        hands = Hands(page)
        hands.to(body)
        hands.press("Control+End")
        hands.type(" Thành phố có 127 phường, nay là @xa phuong")
        option = page.get_by_role("listbox", name="Dữ kiện").get_by_role("option").first
        expect(option).to_contain_text("126 xã, phường")
        expect(option).to_contain_text("Kế hoạch")
        expect(option).to_contain_text("tính đến 1/4/2026")
        hands.press("Enter")
        expect(body).to_have_value(before.split("---\n")[2].rstrip() + " Thành phố có 127 phường, nay là {{ fact.wards }}")
        expect(page.locator("[data-field='body'] .underlines i[data-words='127 phường']")).to_have_count(1)
        expect(page.locator("[id='n.body']")).to_contain_text("trích dữ kiện thay vì gõ số")
        expect(post).to_contain_text("Thành phố có 127 phường, nay là 126 xã, phường")
        expect(count).not_to_have_text(was)
        expect(state).to_contain_text("Đã giữ bản nháp lúc")
        assert file_of(bench) == before

        hands.use(page.locator("#edit-problems a[data-jump='body']"))
        expect(body).to_be_focused()
        hands.look()
        hands.press("Control+End", *["ArrowLeft"] * len(", nay là {{ fact.wards }}"), *["Shift+ArrowLeft"] * len("127 phường"))
        hands.type("một con số mới")
        expect(page.locator("#problems-title")).to_have_text("Không còn vướng mắc")

        send = page.get_by_role("button", name="Lưu và trình duyệt")
        hands.to(send, key="Shift+Tab")
        hands.press("Enter")
        expect(page.locator(".edit-told").first).to_contain_text("Đã lưu vào content/di-san-van-hoa.md.")
        expect(send).to_be_focused()
        expect(page.locator("#edit-handing")).to_contain_text("Đã trình duyệt.", timeout=300_000)
        assert bench.store.workflow.of(ENTRY).stage is Stage.IN_REVIEW
        after = file_of(bench)
        assert after.replace(" Thành phố có một con số mới, nay là {{ fact.wards }}", "") == before
        assert errors == []


def test_two_people_edit_one_entry_and_neither_loses_a_word(
    context: BrowserContext, chromium: Browser, desk: Desk, bench: Workbench
) -> None:  # fmt: skip
    with desk.serving():
        an, _ = opened(context, desk)
        elsewhere = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
        sign_in(elsewhere, desk.address, bench, "bien-tap-2")
        binh, _ = opened(elsewhere, desk)
        expect(binh.locator("#edit-others")).to_contain_text("Biên tập viên mẫu cũng đang mở mục này.")
        an.get_by_label("Tóm tắt (bắt buộc)", exact=True).fill("Tóm tắt của An.")
        an.get_by_label("Lời kêu gọi", exact=True).fill("Lời của An.")
        binh.get_by_label("Lời kêu gọi", exact=True).fill("Lời của Bình.")
        binh.get_by_label("Thẻ", exact=True).fill("#DiSan HaNoi")
        an.get_by_role("button", name="Lưu", exact=True).click()
        expect(an.locator(".edit-told").first).to_contain_text("Đã lưu vào")
        binh.get_by_role("button", name="Lưu", exact=True).click()
        choice = binh.get_by_role("group", name="Lời kêu gọi")
        expect(choice).to_contain_text("Lời của An.")
        expect(choice).to_contain_text("Lời của Bình.")
        expect(binh.get_by_label("Tóm tắt (bắt buộc)", exact=True)).to_have_value("Tóm tắt của An.")
        choice.get_by_role("radio").first.check()
        binh.get_by_role("button", name="Lưu", exact=True).click()
        expect(binh.locator(".edit-told").first).to_contain_text("Đã lưu vào")
        text = file_of(bench)
        assert 'summary: "Tóm tắt của An."' in text
        assert "action: Lời của Bình." in text
        assert "hashtags: [DiSan, HaNoi]" in text
        back = binh.get_by_role("button", name="Trở về bản này").first
        back.click()
        expect(binh.get_by_label("Lời kêu gọi", exact=True)).to_have_value("Lời của An.")


def test_nothing_typed_is_lost_when_the_line_goes_and_the_page_is_closed(
    context: BrowserContext, desk: Desk, bench: Workbench
) -> None:  # fmt: skip
    with desk.serving():
        page, _ = opened(context, desk)
        summary, state = page.get_by_label("Tóm tắt (bắt buộc)", exact=True), page.locator("#edit-state")
        summary.fill("Câu đầu.")
        expect(state).to_contain_text("Đã giữ bản nháp")
    summary.fill("Câu đầu. Câu gõ khi mất mạng.")
    expect(state).to_contain_text("Mất kết nối")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(state).to_contain_text("mất kết nối. Chữ bạn viết vẫn ở đây")
    expect(summary).to_have_value("Câu đầu. Câu gõ khi mất mạng.")
    with desk.serving():
        expect(state).to_contain_text("Đã giữ bản nháp")
        assert bench.store.drafts.of(ENTRY)[0].fields["summary"] == "Câu đầu. Câu gõ khi mất mạng."
    summary.fill("Câu cuối, rồi đóng trang.")
    expect(state).to_contain_text("Mất kết nối")
    page.close()
    with desk.serving():
        again, _ = opened(context, desk)
        expect(again.get_by_label("Tóm tắt (bắt buộc)", exact=True)).to_have_value("Câu cuối, rồi đóng trang.")
        again.get_by_role("button", name="Lưu", exact=True).click()
        expect(again.locator(".edit-told").first).to_contain_text("Đã lưu vào")
        assert "Câu cuối, rồi đóng trang." in file_of(bench)


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_fits_a_phone_and_nobody_stumbles_over_it(
    chromium: Browser, desk: Desk, bench: Workbench, theme: str
) -> None:  # fmt: skip
    with desk.serving():
        for width in (1440, 390):
            context = chromium.new_context(
                viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light", locale="vi-VN"
            )
            sign_in(context, desk.address, bench, "bien-tap")
            page, errors = opened(context, desk)
            page.get_by_label("Thân bài", exact=True).fill("Có 127 phường. @wards")
            expect(page.locator("#problems-title")).to_contain_text("điều cần xem")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert (theme, width) not in HELD or violations(page) == []
            if width == 390:
                page.get_by_role("button", name="Trên kênh").click()
                expect(page.get_by_role("article", name="Bài trên Fanpage Facebook")).to_be_visible()
                expect(page.get_by_label("Thân bài", exact=True)).to_be_hidden()
                assert violations(page) == []
                page.get_by_role("button", name="Vướng mắc").click()
                page.locator("a[data-jump='body']").click()
                expect(page.get_by_label("Thân bài", exact=True)).to_be_focused()
            for each in ("Cổng", "Zalo", "Kênh Telegram") if width == 1440 else ():
                page.get_by_role("button", name=each).click()
                expect(page.get_by_role("button", name=each)).to_have_attribute("aria-pressed", "true")
                assert violations(page) == []
            assert errors == []
            context.close()
