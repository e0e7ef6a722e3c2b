"""A picture, a word or a property of what was approved is changed at the desk: the signature ends first, and the log says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine as DatabaseEngine

from desk.approving import posts_to_come
from desk.crew import bring_to_schedule, crew_of
from desk.drafting import take_back
from desk.errands import Errands
from desk.place import Place
from desk.workbench import Workbench, open_workbench
from editorial.clock import SimulatedClock
from editorial.delivery import HoldReason
from editorial.outcome import Receipt
from editorial.workflow import Action, Stage
from scheduler.engines.contract import Engine
from scheduler.engines.embedded import EmbeddedEngine
from store.entry_text import read_entry_text
from tests.desk.api.programs import Program, open_api, token_for
from tests.desk.web.browser import Browser
from tests.desk.web.test_editing import form_of as entry_form
from tests.desk.web.test_medium_pages import form_of
from tests.desk.web.test_review_pages import outcome
from tests.desk.written_office import open_written_office, person, sign
from tests.story.workspace import make_workspace

SIGNED, MEDIUM = "giai-phong-thu-do", "anh"
ENTRY = "dich-vu-cong-truc-tuyen"
START = datetime(2026, 11, 2, 3, tzinfo=UTC)
DUE = datetime(2026, 11, 30, 1, tzinfo=UTC)
PAGE = f"/entries/{SIGNED}/media/{MEDIUM}"
Change = Callable[[Workbench], int]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """Return an office of which an entry is approved and scheduled."""
    with open_written_office(tmp_path) as bench:
        sign(bench, SIGNED)
        yield bench


def page_of(bench: Workbench) -> Browser:
    return Browser(bench, "bien-tap")


def program_of(bench: Workbench) -> Program:
    return Program(open_api(bench), token_for(bench))


def save_medium(bench: Workbench) -> int:
    browser = page_of(bench)
    form = form_of(browser.get(PAGE).text)
    return browser.post(PAGE, form | {"do": "save", "theme": "dark" if form["theme"] == "light" else "light"}).status_code


def take_medium_away(bench: Workbench) -> int:
    browser = page_of(bench)
    return browser.post(PAGE, form_of(browser.get(PAGE).text) | {"do": "remove"}).status_code


def save_words(bench: Workbench) -> int:
    browser, address = page_of(bench), f"/entries/{SIGNED}/edit"
    return browser.post(address, entry_form(browser.get(address).text) | {"f.body": "Lời khác.", "do": "save"}).status_code


def put_medium(bench: Workbench) -> int:
    program, media = program_of(bench), f"/api/entries/{SIGNED}/media"
    read = program.get(media)
    record = next(each for each in read.json()["items"] if each["id"] == MEDIUM)
    wanted = {key: value for key, value in record.items() if key != "id"} | {"alt": {"vi": "Lời mô tả khác"}}
    return program.send("PUT", f"{media}/{MEDIUM}", json=wanted, headers={"if-match": read.headers["etag"]}).status_code


def delete_medium(bench: Workbench) -> int:
    program, media = program_of(bench), f"/api/entries/{SIGNED}/media"
    seen = program.get(media).headers["etag"]
    return program.send("DELETE", f"{media}/{MEDIUM}", headers={"if-match": seen}).status_code


def patched(bench: Workbench, body: dict[str, object]) -> int:
    program, address = program_of(bench), f"/api/entries/{SIGNED}"
    return program.patch(address, body, if_match=program.get(address).headers["etag"]).status_code


WAYS: dict[str, tuple[Change, str]] = {
    "picture on its page": (save_medium, "đổi hình của bài: đã sửa anh"),
    "picture away on its page": (take_medium_away, "đổi hình của bài: đã bỏ anh"),
    "words on the entry's page": (save_words, "đổi lời của bài: thân bài"),
    "picture by a program": (put_medium, "đổi hình của bài: đã sửa anh"),
    "picture away by a program": (delete_medium, "đổi hình của bài: đã bỏ anh"),
    "property by a program": (lambda bench: patched(bench, {"properties": {"axis": "hdnd"}}), "đổi thuộc tính: trục"),
    "words by a program": (lambda bench: patched(bench, {"fields": {"action": "Mời bạn."}}), "đổi lời của bài: lời kêu gọi"),
}


@contextmanager
def at_the_end_of_signatures(file: Path) -> Iterator[list[str]]:
    """Yield what a file says at each moment at which the memory is told that a signature ends."""
    said: list[str] = []

    def listen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("UPDATE approvals"):
            said.append(file.read_text("utf-8"))

    event.listen(DatabaseEngine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(DatabaseEngine, "before_cursor_execute", listen)


@pytest.mark.parametrize("way", WAYS)
def test_a_signature_ends_before_the_file_says_otherwise_and_the_log_says_why(bench: Workbench, way: str) -> None:
    change, why = WAYS[way]
    file = bench.root / "content" / f"{SIGNED}.md"
    before = file.read_text("utf-8")
    with at_the_end_of_signatures(file) as said:
        assert change(bench) in (200, 303)
    assert said == [before]
    assert file.read_text("utf-8") != before
    assert bench.store.workflow.of(SIGNED).stage is Stage.DRAFT
    assert bench.store.approvals.latest(SIGNED) is None
    step = bench.store.workflow.steps(SIGNED)[-1]
    assert (step.action, step.who) == (Action.VOID, "bien-tap")
    assert step.why.startswith(why)
    deeds = {deed.action: deed.detail for deed in bench.store.audit.of(SIGNED)}
    assert deeds["revoke"].startswith(why)
    assert "save" in deeds


def test_a_remark_in_the_file_that_nobody_signed_ends_nothing(bench: Workbench) -> None:
    now = read_entry_text(bench.root, SIGNED)
    remarked = replace(now, texts={**now.texts, "vi": now.texts["vi"].replace("headline:", "# một lời nhắc\nheadline:", 1)})
    bench.store.entry_texts.keep(now, remarked, "bien-tap")
    kept = bench.store.entry_texts.of(SIGNED)[0].id
    take_back(bench, SIGNED, person(bench, "bien-tap"), kept, digest=now.digest)
    assert read_entry_text(bench.root, SIGNED) == remarked
    assert bench.store.workflow.of(SIGNED).stage is Stage.SCHEDULED


def test_what_is_all_out_stays_signed_as_it_went_out(bench: Workbench) -> None:
    for each in bench.store.deliveries.list(entry=SIGNED):
        bench.store.deliveries.accept_proof(each.id, Receipt(remote_id=each.channel, url=None), who="duyet")
    assert put_medium(bench) == 200
    assert bench.store.workflow.of(SIGNED).stage is Stage.SCHEDULED
    assert bench.store.approvals.latest(SIGNED) is not None


# with pictures that are really drawn


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = EmbeddedEngine(threads=1)
    yield made
    made.stop()


def test_a_picture_that_is_changed_after_the_approval_is_shown_as_changed_and_nothing_of_the_old_one_goes_out(
    tmp_path: Path, engine: EmbeddedEngine
) -> None:
    root, clock, errands = make_workspace(tmp_path, (ENTRY,)), SimulatedClock(START), Errands()
    errands.use(engine)
    with open_workbench(Place(root=root), root / ".loa" / "office", clock) as bench:
        bring_to_schedule(bench, ENTRY, posts_to_come(bench, ENTRY, engine), crew_of(bench))
        signed = bench.store.approvals.newest(ENTRY)
        assert signed is not None and signed.ended_at is None
        browser, page = Browser(bench, "bien-tap", errands=errands), f"/entries/{ENTRY}/media/anh"
        html = browser.get(page).text
        assert "bài trở về bản nháp và phải trình duyệt lại" in html
        assert browser.post(page, form_of(html) | {"do": "save", "f.headline": "Nộp hồ sơ ngay ở nhà"}).status_code == 303

        review = outcome(browser, f"/review/{ENTRY}")
        pictures = review[review.index('id="pictures-title"') :]
        assert "Bản đã duyệt" in pictures and "Bản này" in pictures
        assert "đổi hình của bài: đã sửa anh (infographic/steps)" in review
        assert "đổi hình của bài: đã sửa anh (infographic/steps)" in browser.as_person("quan-tri").get("/audit").text

        clock.advance(DUE - START + timedelta(minutes=1))
        bench.store.deliveries.promote()
        assert {each.hold_reason for each in bench.store.deliveries.list(entry=ENTRY)} == {HoldReason.UNAPPROVED}
        assert bench.store.deliveries.claim("máy-1", timedelta(minutes=1)) is None
    errands.stop()
