from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.demo import Demo
from desk.place import Place
from desk.workbench import Workbench, open_workbench
from editorial.clock import SystemClock
from tests.story.screens import CHROMIUM, FLAGS
from tests.story.workspace import make_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MUCH = 6_000  # characters of a page that failed


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a story that failed tell what stood on the pages that were open."""
    report = yield
    browser: Browser | None = getattr(item, "funcargs", {}).get("chromium")
    if report.failed and report.when == "call" and browser is not None:
        for page in (page for context in browser.contexts for page in context.pages):
            with suppress(Exception):  # a page that is gone has nothing to tell
                shown = page.evaluate("[document.readyState, document.body.innerText, document.body.innerHTML].join('\\n\\n')")
                report.sections.append((f"page {page.url}", shown[:MUCH]))
    return report


@pytest.fixture(scope="session")
def finished_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """Return the office after the demo has run to its proof over a few of the sample entries."""
    place = Place(root=make_workspace(tmp_path_factory.mktemp("office")))
    demo = Demo(place, lambda step, done, total: None)
    assert demo.run().proof.ok
    with open_workbench(place, demo.memory, SystemClock()) as bench:
        yield bench


@pytest.fixture(scope="session")  # as wide as the finished demo, so that nobody waits for a demo that no browser will open
def chromium_path() -> str:
    """Return Debian's Chromium; without one, skip at home and fail in CI."""
    path = next((path for path in CHROMIUM if Path(path).is_file()), None)
    if path is None:
        reason = "không có Chromium; cài bằng: apt-get install --no-install-recommends chromium-headless-shell fonts-liberation2"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return path


@pytest.fixture(scope="module")  # not wider: Playwright keeps an event loop running, and other modules start their own
def chromium(chromium_path: str) -> Iterator[Browser]:
    """Return a browser for the module."""
    from playwright.sync_api import expect, sync_playwright  # only those who open a page wait for it

    expect.set_options(timeout=30_000)  # on a machine that is busy a page takes its time
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, chromium_sandbox=False, args=list(FLAGS))
        yield browser
        browser.close()
