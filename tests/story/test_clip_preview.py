"""An editor sees a clip as TikTok's readers do: the whole screen of a phone, with the words on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from desk.place import Place
from desk.web.app import create_app
from desk.workbench import Workbench, open_workbench
from desk.workspace import read_workspace
from editorial.clock import SimulatedClock
from tests.desk.written_content import drawing_errands
from tests.story.axe import violations
from tests.story.screens import THEMES, WIDTHS
from tests.story.served import served, sign_in
from tests.story.workspace import make_workspace

pytestmark = pytest.mark.browser

ENTRY = "chuyen-doi-so"
CHANNEL = "  - {id: tiktok, name: Tài khoản TikTok, publisher: tiktok, caption: tiktok, handle: Thủ đô Hà Nội}\n"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """Return an office with an account on TikTok, and a clip for it."""
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY,))
    office, entry = root / "content" / "office.yaml", root / "content" / f"{ENTRY}.md"
    office.write_text(office.read_text("utf-8").replace("\nchannels:\n", f"\nchannels:\n{CHANNEL}", 1), encoding="utf-8")
    words = entry.read_text("utf-8").replace("telegram, youtube]", "telegram, youtube, tiktok]")
    entry.write_text(words.replace("channels: [youtube, telegram]", "channels: [youtube, telegram, tiktok]"), encoding="utf-8")
    clock, workspace = SimulatedClock(datetime(2026, 9, 1, tzinfo=UTC)), read_workspace(Place(root=root))
    with open_workbench(workspace.place, root / "memory", clock, workspace) as bench:
        yield bench


@pytest.fixture(scope="module")
def desk(bench: Workbench) -> Iterator[str]:
    with drawing_errands() as errands, served(create_app(bench, errands=errands)) as address:
        yield address


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_clip_fills_a_phone_and_its_words_lie_on_it(
    chromium: Browser, desk: str, bench: Workbench, width: int, theme: str, tmp_path: Path
) -> None:  # fmt: skip
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light", locale="vi-VN"
    )
    sign_in(context, desk, bench, "bien-tap")
    page = context.new_page()
    page.goto(f"{desk}/entries/{ENTRY}/edit?channel=tiktok")
    if width == 390:
        page.get_by_role("button", name="Trên kênh").click()
    post = page.get_by_role("article", name="Bài trên Tài khoản TikTok")
    expect(post.locator(".post-phone img")).not_to_have_js_property("naturalWidth", 0, timeout=60_000)
    expect(post.locator(".post-over")).to_contain_text("Nắp hố ga vỡ")
    expect(post).to_contain_text("#ChuyenDoiSo")
    screen = post.locator(".post-phone").bounding_box()
    words = post.locator(".post-over").bounding_box()
    assert screen is not None and words is not None
    assert screen["height"] / screen["width"] == pytest.approx(16 / 9, abs=0.01)
    assert words["y"] > screen["y"] and words["y"] + words["height"] <= screen["y"] + screen["height"] + 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    context.close()
