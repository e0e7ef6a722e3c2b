"""The review and facts pages over a real workbench: what they show, what they refuse, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine as DatabaseEngine
from starlette.requests import Request

from desk.approving import posts_to_come, submit
from desk.errands import Errands
from desk.place import Place
from desk.proposing import proposed
from desk.web.outlook import Outlook
from desk.web.renderer import Renderer
from desk.web.review_reader import QueueFilters, read_queue
from desk.workbench import Workbench, open_workbench
from editorial.clock import SimulatedClock
from editorial.workflow import Action, Stage
from scheduler.engines.embedded import EmbeddedEngine
from store.workflow import Taking
from tests.desk.web.browser import Browser
from tests.story.workspace import make_workspace

ENTRY = "dich-vu-cong-truc-tuyen"
START = datetime(2026, 11, 29, 22, tzinfo=UTC)  # three hours before the first post
PAGE, DECISION = f"/review/{ENTRY}", f"/review/{ENTRY}/decision"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY,))
    engine = EmbeddedEngine()
    with open_workbench(Place(root=root), root / ".loa" / "office", SimulatedClock(START)) as bench:
        submit(bench, ENTRY, posts_to_come(bench, ENTRY, engine), bench.content.office.people["bien-tap"])
        yield bench
    engine.stop()


@pytest.fixture(scope="module")
def desk(bench: Workbench) -> Iterator[Browser]:
    errands, engine = Errands(), EmbeddedEngine()
    errands.use(engine)
    yield Browser(bench, "nguoi-xem", errands=errands)
    errands.stop()
    engine.stop()


def said(desk: Browser, action: str, *, who: str, **form: str) -> tuple[int, str]:
    answer = desk.as_person(who).post(DECISION, {"action": action, **form})
    return answer.status_code, answer.text


def test_the_queue_says_what_waits_for_whom_and_how_long_it_has(desk: Browser) -> None:
    html = desk.get("/review").text
    assert "Nộp hồ sơ trực tuyến: ở nhà vẫn xong thủ tục" in html and "Chờ kiểm chứng" in html
    assert "còn 3 giờ" in html and 'data-urgency="soon"' in html
    assert "Biên tập viên mẫu trình 05:00 30/11/2026" in html and '<span class="badge">mới</span>' in html


def test_the_queue_is_narrowed_by_step_and_unit_and_refuses_what_nobody_offered(desk: Browser) -> None:
    assert "Nộp hồ sơ" in desk.get("/review?step=in-review&unit=tt-hcc").text
    for address in ("/review?step=approved", "/review?unit=btgdv"):
        html = desk.get(address).text
        assert "Không mục nào khớp bộ lọc" in html and "Bỏ lọc" in html
    for address in ("/review?step=draft", "/review?unit=xyz", "/review?page=0"):
        assert desk.get(address).status_code == 400
    assert desk.get("/review/khong-co").status_code == 404


def test_a_review_shows_posts_certificate_digest_and_the_deeds_of_its_step(desk: Browser, bench: Workbench) -> None:
    html = desk.get(PAGE).text
    submission = bench.store.submissions.latest(ENTRY)
    assert submission is not None and submission.digest in html
    assert "Chưa bản nào được duyệt" in html and "Mọi kênh nói đúng dữ kiện." in html and "Không vướng gì." in html
    assert html.count('<details class="post"') == 4
    assert "Kiểm chứng xong" in html and "Việc này (kiểm chứng) dành cho" in html, "whoever looks on is told whose it is"
    html = desk.as_person("kiem-chung").get(PAGE).text
    assert "Xác nhận đã kiểm chứng" in html and "Duyệt bản này" not in html
    assert '<option value="Fanpage Facebook: lời bài">Fanpage Facebook: lời bài</option>' in html


@pytest.mark.parametrize(
    ("action", "form", "words"),
    [
        ("comment", {"who": "kiem-chung", "why": "  "}, "Hãy ghi điều cần sửa hoặc lý do"),
        ("comment", {"who": "nguoi-xem", "why": "Xem lại số"}, "không có quyền góp ý"),
        ("reject", {"who": "duyet", "why": ""}, "Hãy ghi điều cần sửa hoặc lý do"),
        ("request-changes", {"who": "bien-tap", "why": "Sửa số"}, "không có quyền yêu cầu sửa"),
        ("publish", {"who": "duyet", "why": "x"}, "không có cách xử lý này"),
        ("check", {"who": "bien-tap", "why": "", "version": "1"}, "không có quyền kiểm chứng"),
        ("approve", {"who": "duyet", "why": "x" * 2001}, "không dùng được"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_typed_is_lost(
    desk: Browser, bench: Workbench, action: str, form: dict[str, str], words: str
) -> None:
    before = bench.store.workflow.of(ENTRY)
    status, html = said(desk, action, **form)
    assert status == (403 if "không có quyền" in words else 400) and words in html
    if form["who"] in ("duyet", "kiem-chung") and 0 < len(form["why"].strip()) < 2000 and action != "publish":
        assert f">{form['why']}</textarea>" in html
    assert bench.store.workflow.of(ENTRY) == before


def test_a_step_taken_by_somebody_else_meanwhile_is_named(desk: Browser, bench: Workbench) -> None:
    version = str(bench.store.workflow.of(ENTRY).version)
    submission = bench.store.submissions.latest(ENTRY)
    assert submission is not None
    assert said(desk, "comment", who="duyet", why="Nguồn đã xem chưa?")[0] == 303
    assert "Nguồn đã xem chưa?" in desk.get(PAGE).text
    seen = {"version": version, "digest": submission.digest}
    checker = desk.as_person("kiem-chung")
    html = outcome(checker, checker.post(DECISION, {"action": "check", **seen}).headers["location"])
    assert "có người vừa đổi mục này sau khi bạn mở" in html
    assert "Người duyệt mẫu góp ý" in html and "Nguồn đã xem chưa?" in html
    assert bench.store.workflow.of(ENTRY).stage is Stage.IN_REVIEW


def test_changes_are_asked_for_with_their_field_and_the_page_waits_for_another_version(desk: Browser, bench: Workbench) -> None:
    version = str(bench.store.workflow.of(ENTRY).version)
    form = {"who": "kiem-chung", "why": "ghi rõ nguồn", "field": "Fanpage Facebook: lời bài", "version": version}
    assert said(desk, "request-changes", **form)[0] == 303
    assert bench.store.workflow.steps(ENTRY)[-1].why == "Fanpage Facebook: lời bài: ghi rõ nguồn"
    assert "Không có gì chờ duyệt" in desk.get("/review").text
    html = outcome(desk, PAGE)
    assert "chưa ai trình" in html and "Duyệt bản này" not in html and "Yêu cầu sửa" in html
    assert html.count('<details class="post"') == 4


def test_what_was_handed_in_is_taken_back_and_what_was_rejected_opened_again_on_the_page(desk: Browser, bench: Workbench) -> None:
    def hand_in() -> str:
        engine = EmbeddedEngine()
        submit(bench, ENTRY, posts_to_come(bench, ENTRY, engine), bench.content.office.people["bien-tap"])
        engine.stop()
        return str(bench.store.workflow.of(ENTRY).version)

    def step(action: str, who: str, why: str, version: str) -> str:
        answer = desk.as_person(who).post(DECISION, {"action": action, "why": why, "version": version})
        return desk.as_person(who).get(answer.headers["location"]).text if answer.status_code == 303 else answer.text

    version = hand_in()
    assert "Rút lại để sửa" in outcome(desk.as_person("bien-tap"), PAGE)
    assert "Rút lại để sửa" not in outcome(desk.as_person("kiem-chung"), PAGE)
    assert "Đã rút lại." in step("void", "bien-tap", "còn sai tên phường", version)
    assert bench.store.workflow.of(ENTRY).stage is Stage.DRAFT
    assert "<strong>Rút lại</strong>" in outcome(desk, PAGE)

    assert "Đã từ chối." in step("reject", "duyet", "trùng bài khác", hand_in())
    html = outcome(desk.as_person("bien-tap"), PAGE)
    assert "đã bị từ chối" in html and "Mở lại thành bản nháp" in html
    assert "deed-form" not in outcome(desk.as_person("duyet"), PAGE).split('id="steps-title"')[1]
    version = str(bench.store.workflow.of(ENTRY).version)
    assert "điều cần sửa hoặc lý do" in step("reopen", "bien-tap", " ", version)
    assert "Đã mở lại." in step("reopen", "bien-tap", "viết lại cho khác", version)
    assert "Đã mở lại." not in desk.get(f"{PAGE}?done=reject").text  # told of the newest step alone
    assert bench.store.workflow.of(ENTRY).stage is Stage.DRAFT


def outcome(desk: Browser, address: str) -> str:
    """Open a page again and again until nothing is under way on it."""
    while 'class="errand"' in (html := desk.get(address).text):
        pass
    return html


@contextmanager
def questions() -> Iterator[list[str]]:
    """Yield what the database is asked."""
    asked: list[str] = []

    def listen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(DatabaseEngine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(DatabaseEngine, "before_cursor_execute", listen)


def test_a_queue_of_forty_asks_the_store_no_more_than_one_of_four(bench: Workbench) -> None:
    entry = bench.content.entries[ENTRY]
    names = [f"bai-{number}" for number in range(40)]
    entries = {name: replace(entry, id=name) for name in names}
    places = dict.fromkeys(names, bench.content.places[ENTRY])
    many = replace(bench, workspace=replace(bench.workspace, content=replace(bench.content, entries=entries, places=places)))
    counts = []
    for upto in (4, 40):
        for name in names[:upto]:
            if bench.store.workflow.of(name).stage is Stage.DRAFT:
                person = bench.content.office.people["bien-tap"]
                step = Taking(action=Action.SUBMIT, person=person, revision=entries[name].revision)
                bench.store.submissions.save(name, "0" * 64, person.id, step=step)
        with questions() as asked:
            page = read_queue(Outlook(many), QueueFilters(), 1)
        assert (page.total, len(page.rows)) == (upto, upto)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_ledger_is_searched_and_says_how_many_posts_quote_each_fact(desk: Browser) -> None:
    html = desk.get("/facts?q=xã phường").text
    assert "126 xã, phường" in html and 'data-label="Số bài">4<' in html and "02-NQ/TW" not in html
    assert "Không dữ kiện nào khớp" in desk.get("/facts?q=khong-co-gi-nhu-the").text
    assert desk.get("/facts/khong-co").status_code == 404


def test_a_fact_s_page_says_where_in_each_post_it_is_said(desk: Browser) -> None:
    assert "lời bài" not in desk.get("/facts/wards").text
    html = desk.get("/facts/wards?parts=1").text
    assert html.count("Nộp hồ sơ trực tuyến") == 4 and "lời bài, hình hoặc clip “anh”" in html


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"value": "nhiều"}, "value", "không hợp với dữ kiện này"),
        ({"value": ""}, "value", "Hãy ghi giá trị mới"),
        ({"value": "126", "source": ""}, "value", "đang có đúng giá trị này"),
        ({"why": " "}, "why", "Hãy ghi lý do"),
        ({"as_of": "hôm qua"}, "as_of", "ngày này không đọc được"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_beside_its_field(
    desk: Browser, bench: Workbench, form: dict[str, str], field: str, words: str
) -> None:
    typed = {"value": "127", "why": "Sau sắp xếp", "source": "Công văn 12", "as_of": "", **form}
    assert desk.post("/facts/wards/proposal", typed).status_code == 403
    answer = desk.as_person("bien-tap").post("/facts/wards/proposal", typed)
    assert answer.status_code == 400 and words.lower() in answer.text.lower()
    assert f'value="{typed["value"]}"' in answer.text and f">{typed['why']}</textarea>" in answer.text
    if field:
        assert f'id="propose-{field}-hint"' in answer.text
    assert proposed(bench.store, "wards") is None


def test_a_proposal_waits_in_the_queue_and_is_signed_by_a_second_person_who_has_seen_its_plan(
    desk: Browser, bench: Workbench
) -> None:
    form = {"value": "127", "why": "Sau sắp xếp", "source": "Công văn 12", "as_of": "2026-11-01"}
    writer, approver = desk.as_person("bien-tap"), desk.as_person("duyet")
    assert writer.post("/facts/wards/proposal", form).status_code == 303
    assert "126 xã, phường → 127" in desk.get("/review").text
    again = writer.post("/facts/wards/proposal", {**form, "value": "128"})
    assert again.status_code == 400 and "đề nghị khác chờ ký" in again.text and 'value="128"' in again.text
    html = outcome(approver, "/facts/wards")
    assert "Không bài nào đã đăng hay chờ đăng nêu giá trị cũ" in html
    assert "không có quyền duyệt" in writer.post("/facts/wards/signature", {"seen": "x"}).text
    unseen = approver.post("/facts/wards/signature", {"seen": "x"}).headers["location"]
    refused = outcome(desk, unseen.partition("#")[0])
    assert "kế hoạch đã đổi từ lúc bạn xem" in refused.lower() and proposed(bench.store, "wards") is not None
    seen = html.partition('name="seen" value="')[2].partition('"')[0]
    location = approver.post("/facts/wards/signature", {"seen": seen}).headers["location"]
    assert "content/facts/plan.yaml" in outcome(desk, location.partition("#")[0])
    written = (bench.root / "content" / "facts" / "plan.yaml").read_text(encoding="utf-8")
    assert "    value: 127\n" in written and '    source: "Công văn 12"\n    as_of: 2026-11-01\n' in written
    assert proposed(bench.store, "wards") is None
    assert [deed.action for deed in bench.store.audit.of("wards")] == ["propose-correction", "drop-correction"]


def test_a_proposal_is_dropped_with_a_reason(desk: Browser, bench: Workbench) -> None:
    writer = desk.as_person("bien-tap")
    writer.post("/facts/wards/proposal", {"value": "128", "why": "Thử"})
    assert writer.post("/facts/wards/drop", {"why": ""}).status_code == 400
    assert writer.post("/facts/wards/drop", {"why": "nhầm"}).status_code == 303
    assert proposed(bench.store, "wards") is None
    assert writer.post("/facts/wards/drop", {"why": "nhầm"}).status_code == 400


@pytest.mark.parametrize(("person", "may"), [("thiet-ke", False), ("kiem-chung", False), ("duyet", True), ("bien-tap", True)])
def test_a_proposal_is_dropped_by_who_made_it_or_may_sign_it_and_by_nobody_else(
    desk: Browser, bench: Workbench, person: str, may: bool
) -> None:
    desk.as_person("bien-tap").post("/facts/wards/proposal", {"value": "128", "why": "Thử"})
    browser = desk.as_person(person)
    assert ('/facts/wards/drop"' in outcome(browser, "/facts/wards")) is may
    answer = browser.post("/facts/wards/drop", {"why": "không thích"})
    assert answer.status_code == (303 if may else 403)
    assert (proposed(bench.store, "wards") is None) is may


def test_who_decides_while_somebody_else_s_decision_is_carried_out_hears_of_their_own(desk: Browser, bench: Workbench) -> None:
    errands, engine, go = Errands(), EmbeddedEngine(), Event()
    errands.use(engine)
    first = errands.begin(f"decide/{ENTRY}", lambda engine, progress: go.wait(300), page=PAGE)  # whose pictures take long
    browser = Browser(bench, "kiem-chung", errands=errands)
    answer = browser.post(DECISION, {"action": "check", "version": "999", "digest": "x", "why": "Số 126 lấy ở đâu"})
    assert answer.status_code == 303 and first.id not in answer.headers["location"]
    own = errands.find(answer.headers["location"].partition("errand=")[2])
    assert own is not None and not own.over
    go.set()
    assert own.wait(300) and own.refusal is not None, "it was weighed, and is not what they saw"
    errands.stop()
    engine.stop()


def test_work_that_ends_while_its_page_is_written_still_leads_on(desk: Browser, bench: Workbench) -> None:
    renderer, errands, engine = Renderer("Hà Nội"), Errands(), EmbeddedEngine()
    errands.use(engine)
    errand = errands.begin("dựng/a", lambda engine, progress: None, page=PAGE)
    assert errand.wait(30.0)
    request = Request({"type": "http", "headers": [], "method": "GET", "path": PAGE, "query_string": b""})
    written = bytes(renderer.page(request, "_errand.html", {"errand": errand, "id": errand.id}).body).decode()
    assert f'hx-get="/errands/{errand.id}"' in written
    errands.stop()
    engine.stop()
