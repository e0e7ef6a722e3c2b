"""An editor chooses an entry's channels in a real browser: TikTok goes, YouTube comes, what follows is read, saved and undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from desk.place import Place
from desk.workbench import Workbench, open_workbench
from desk.workspace import read_workspace
from editorial.clock import SimulatedClock
from tests.story.axe import violations
from tests.story.hands import Hands
from tests.story.screens import THEMES, WIDTHS
from tests.story.served import served, sign_in
from tests.story.test_clip_preview import CHANNEL
from tests.story.workspace import make_workspace

pytestmark = pytest.mark.browser

ENTRY = "di-san-van-hoa"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """Return an office with an account of TikTok, and an entry that has words of its own for it."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "town").mkdir()
    root = make_workspace(folder / "town", (ENTRY, "giai-phong-thu-do"))
    office, entry = root / "content" / "office.yaml", root / "content" / f"{ENTRY}.md"
    office.write_text(office.read_text("utf-8").replace("\n# Ai được làm gì", f"{CHANNEL}\n# Ai được làm gì"), encoding="utf-8")
    words = entry.read_text("utf-8").replace("channels: [portal, facebook, zalo, telegram]\nheadline", "channels: [portal, "
        "facebook, zalo, telegram, tiktok]\nvariants:\n  tiktok: {text: Mời bạn xem di sản.}\nheadline")  # fmt: skip
    entry.write_text(words, encoding="utf-8")
    workspace = read_workspace(Place(root=root))
    with open_workbench(workspace.place, folder / "memory", SimulatedClock(datetime(2026, 9, 1, tzinfo=UTC)), workspace) as bench:
        yield bench


@pytest.fixture(scope="module")
def desk(bench: Workbench) -> Iterator[str]:
    with served(bench) as address:
        yield address


@pytest.fixture
def context(chromium: Browser, desk: str, bench: Workbench) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    sign_in(context, desk, bench, "bien-tap")
    yield context
    context.close()


def is_ours(said: ConsoleMessage) -> bool:
    """Leave out the sketches of the page of the text: nobody draws on this desk."""
    return "/sketches/" not in said.location["url"]


def opened(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    page, errors = context.new_page(), list[str]()
    page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") and is_ours(said) else None)
    page.goto(address)
    return page, errors


def file_of(bench: Workbench) -> str:
    return (bench.root / "content" / f"{ENTRY}.md").read_text("utf-8")


def test_an_editor_changes_the_channels_by_keyboard_reads_what_follows_saves_and_undoes_it(
    context: BrowserContext, desk: str, bench: Workbench
) -> None:  # fmt: skip
    expect.set_options(timeout=60_000)
    before = file_of(bench)
    page, errors = opened(context, f"{desk}/entries/{ENTRY}/edit")
    page.get_by_label("Lời kêu gọi", exact=True).first.fill("Gõ dở, chưa lưu")
    hands = Hands(page)
    hands.use(page.get_by_role("button", name="Thuộc tính"))
    expect(page.get_by_role("heading", name="Thuộc tính")).to_be_visible()

    outcome = page.locator("#properties-outcome")
    hands.use(page.locator("#channel-tiktok"), key="Space")
    expect(outcome).to_contain_text("Lời riêng cho Tài khoản TikTok ra khỏi tệp: “Mời bạn xem di sản.”")
    hands.use(page.locator("#channel-youtube"), key="Space")
    expect(outcome).to_contain_text("Kênh YouTube: kênh này cần ít nhất một clip")
    assert violations(page) == [] and file_of(bench) == before
    hands.use(page.locator(".properties-doing").get_by_role("button", name="Lưu"))

    told = page.get_by_role("status").filter(has_text="Đã lưu thuộc tính vào tệp.")
    expect(told).to_be_visible()
    assert "channels: [portal, facebook, zalo, telegram, youtube]" in file_of(bench) and "tiktok" not in file_of(bench)
    page.goto(f"{desk}/entries/{ENTRY}/edit")
    expect(page.get_by_label("Lời kêu gọi", exact=True).first).to_have_value("Gõ dở, chưa lưu")
    page.go_back()
    hands.use(page.get_by_role("button", name="Hoàn tác"))
    expect(page.get_by_role("status").filter(has_text="Đã hoàn tác")).to_be_visible()
    assert file_of(bench) == before
    assert errors == []
    expect.set_options(timeout=5_000)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_the_page_is_whole_on_every_screen(chromium: Browser, desk: str, bench: Workbench, width: int, theme: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, locale="vi-VN")  # type: ignore[arg-type]
    sign_in(context, desk, bench, "bien-tap")
    page, errors = opened(context, f"{desk}/entries/{ENTRY}/properties")
    page.locator("#repeat-every").select_option("quarter")
    page.get_by_role("button", name="Thêm dữ kiện riêng").click()
    expect(page.locator("[id='fact.0.id']")).to_be_visible()
    assert violations(page) == [] and errors == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_it_works_without_a_script(chromium: Browser, desk: str, bench: Workbench) -> None:
    before = file_of(bench)
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN")
    sign_in(context, desk, bench, "bien-tap")
    page = context.new_page()
    page.goto(f"{desk}/entries/{ENTRY}/properties?draft=-")  # not what another page left as a draft
    page.locator("#channel-tiktok").uncheck()
    page.get_by_role("button", name="Xem hệ quả").click()
    expect(page.locator("#properties-outcome")).to_contain_text("ra khỏi tệp")
    page.locator(".properties-doing").get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu thuộc tính vào tệp.")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác")).to_be_visible()
    assert file_of(bench) == before
    context.close()
