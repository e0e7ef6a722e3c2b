"""Webhooks as a page: added, tried, turned off and on, removed, by the administrator; the key of signatures is shown once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.workbench import Workbench
from editorial.workflow import Action
from scheduler.tell import Teller
from store.webhook_calls import KEPT
from store.webhooks import LONGEST_TROUBLE
from tests.desk.web.browser import Browser
from tests.desk.written_office import open_written_office, sign
from tests.scheduler.test_tell import HERE, Receiver

PAGE = "/account/webhooks"
KINDS = ["delivery.changed", "entry.changed"]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    opened = open_written_office(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Return a receiver inside that the office lets in."""
    monkeypatch.setenv("LOA_WEBHOOK_HOSTS", "127.0.0.1")
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def admin(bench: Workbench) -> Browser:
    return Browser(bench, "quan-tri")


def deeds(bench: Workbench) -> list[tuple[str, str]]:
    return [(deed.who, deed.action) for deed in bench.store.audit.all() if deed.action.startswith("webhook")]


def test_an_address_is_added_and_its_key_shown_once(admin: Browser, bench: Workbench, receiver: Receiver) -> None:
    answer = admin.post(PAGE, {"url": f" {receiver.url}/loa ", "kind": "delivery.changed"})
    secret = re.findall(r'value="(whsec_[^"]+)"', answer.text)
    assert answer.status_code == 200 and len(secret) == 1 and answer.headers["cache-control"] == "no-store"
    (hook,) = bench.store.webhooks.all()
    assert (hook.url, [kind.value for kind in hook.kinds]) == (f"{receiver.url}/loa", ["delivery.changed"])
    assert bench.store.webhooks.secret(hook) == secret[0]
    later = admin.get(PAGE)
    assert "whsec_" not in later.text and hook.sealed not in later.text
    assert receiver.url in later.text and "Chưa báo gì" in later.text
    assert deeds(bench) == [("quan-tri", "webhook")]


def test_a_trial_says_beside_the_address_what_came_of_it(admin: Browser, bench: Workbench, receiver: Receiver) -> None:
    admin.post(PAGE, {"url": receiver.url, "kind": KINDS})
    assert "Máy nhận đã nhận lời gọi thử." in admin.post(f"{PAGE}/1/test", {}).text
    receiver.answers = [410]
    failed = admin.post(f"{PAGE}/1/test", {})
    assert failed.status_code == 200 and "Lời gọi thử không tới: máy nhận trả lời 410." in failed.text
    assert [json.loads(body)["type"] for _, body in receiver.got] == ["ping", "ping"]
    shown = admin.get(PAGE).text
    assert "Lời gọi thử không tới" not in shown and "máy nhận trả lời 410" in shown and "đã nhận" in shown
    assert deeds(bench)[1:] == [("quan-tri", "webhook-tried")] * 2


def test_one_that_is_off_is_told_nothing_and_once_on_all_that_changed_meanwhile(
    admin: Browser, bench: Workbench, receiver: Receiver
) -> None:
    admin.post(PAGE, {"url": receiver.url, "kind": KINDS})
    assert admin.post(f"{PAGE}/1/off", {}).headers["location"] == f"{PAGE}#webhook-1"
    sign(bench, "giai-phong-thu-do")
    teller = Teller(bench.store, bench.clock, HERE)
    assert teller.tell() == 0 and receiver.got == []
    shown = admin.get(PAGE).text
    assert "Đã tắt" in shown and "Bật lại" in shown
    assert "đã tắt: số 1" in admin.get("/settings").text
    assert admin.post(f"{PAGE}/1/resume", {}).status_code == 303
    assert teller.tell() > 0 and "Đang báo" in admin.get(PAGE).text
    assert [action for _, action in deeds(bench)] == ["webhook", "webhook-off", "webhook-resumed"]


@pytest.mark.parametrize(("skip", "told"), [({}, True), ({"skip": "yes"}, False), ({"skip": ""}, True)])
def test_whoever_turns_one_on_says_whether_it_hears_what_it_missed(
    admin: Browser, bench: Workbench, receiver: Receiver, skip: dict[str, str | list[str]], told: bool
) -> None:
    admin.post(PAGE, {"url": receiver.url, "kind": KINDS})
    hooks, teller = bench.store.webhooks, Teller(bench.store, bench.clock, HERE)
    sign(bench, "phu-nu-viet-nam")
    while teller.tell():
        pass
    receiver.got.clear()
    assert admin.post(f"{PAGE}/1/off", {}).status_code == 303
    quiet = admin.get(PAGE).text
    assert "thay đổi chưa báo" not in quiet and "chỉ báo từ bây giờ" not in quiet, "there is nothing to skip"
    sign(bench, "giai-phong-thu-do")
    missed = hooks.waiting(hooks.get(1))
    assert missed == len(hooks.news(hooks.get(1), 1000)) > 3
    shown = admin.get(PAGE).text
    assert f"{missed} thay đổi chưa báo" in shown and shown.count('/1/resume"') == 2
    assert admin.post(f"{PAGE}/1/resume", skip).status_code == 303
    assert hooks.get(1).off_at is None and hooks.waiting(hooks.get(1)) == (missed if told else 0)
    people = bench.content.office.people
    bench.store.workflow.take("giai-phong-thu-do", Action.COMMENT, people["duyet"], revision="", why="sau đó")
    while teller.tell():
        pass
    heard = [json.loads(body)["data"] for _, body in receiver.got]
    assert len(heard) == (missed if told else 0) + 1
    assert [each["action"] for each in heard if "action" in each][-1] == "comment", "what changes from then on is always told"
    assert deeds(bench)[-1] == ("quan-tri", "webhook-resumed" if told else "webhook-skipped")


def test_one_that_takes_nothing_says_why_and_since_when_and_is_paused_after_two_days(
    admin: Browser, bench: Workbench, receiver: Receiver
) -> None:
    admin.post(PAGE, {"url": receiver.url, "kind": KINDS})
    sign(bench, "giai-phong-thu-do")
    receiver.answers = [500] * 200
    teller = Teller(bench.store, bench.clock, HERE)
    assert teller.tell() == 0
    shown = admin.get(PAGE).text
    assert "Đang gọi lại" in shown and "1 lần: máy nhận trả lời 500. Loa tự gọi lại" in shown
    began = bench.clock.now()
    while bench.store.webhooks.get(1).stopped_at is None:
        bench.clock.move_to(bench.store.webhooks.get(1).next_at)  # type: ignore[attr-defined]  # the office's clock is moved
        teller.tell()
        assert bench.clock.now() - began < LONGEST_TROUBLE + timedelta(hours=2)
    stopped = Browser(bench, "quan-tri").get(PAGE).text  # two days later, with a new session
    assert "Đã dừng" in stopped and "sau 48 giờ gọi không được: máy nhận trả lời 500." in stopped and "Bật lại" in stopped
    assert len(bench.store.webhooks.calls()[1]) == KEPT, "the oldest calls are forgotten"


def test_one_that_is_removed_is_forgotten_with_its_calls(admin: Browser, bench: Workbench, receiver: Receiver) -> None:
    admin.post(PAGE, {"url": receiver.url, "kind": KINDS})
    admin.post(f"{PAGE}/1/test", {})
    assert admin.post(f"{PAGE}/1/remove", {}).status_code == 303
    assert bench.store.webhooks.all() == () and bench.store.webhooks.calls() == {}
    assert "Chưa có địa chỉ nào" in admin.get(PAGE).text
    for deed in ("test", "off", "resume", "remove"):
        assert admin.post(f"{PAGE}/1/{deed}", {}).status_code == 404
    assert admin.post(f"{PAGE}/99999999999999999999/off", {}).status_code == 400


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"url": "http://may.example.vn/loa", "kind": KINDS}, "Địa chỉ phải bắt đầu bằng https://"),
        ({"url": "https://127.0.0.1/loa", "kind": KINDS}, "mạng nội bộ"),
        ({"url": "https://[::ffff:10.0.0.1]/loa", "kind": KINDS}, "mạng nội bộ"),
        ({"url": "", "kind": KINDS}, "không đọc được"),
        ({"url": "https://8.8.8.8/loa"}, "Hãy chọn ít nhất một loại thay đổi"),
        ({"url": "https://8.8.8.8/loa", "kind": "khac"}, "Chọn trong: delivery.changed"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_stays_typed(
    admin: Browser, bench: Workbench, form: dict[str, str | list[str]], said: str
) -> None:
    answer = admin.post(PAGE, form)
    assert answer.status_code == 422 and said in answer.text and f'value="{form["url"]}"' in answer.text
    assert bench.store.webhooks.all() == ()


@pytest.mark.parametrize("person", ["bien-tap", "duyet"])
def test_only_the_administrator_sees_and_changes_them(bench: Workbench, person: str) -> None:
    bench.store.webhooks.add("https://may.example.vn/bi-mat", (), by="quan-tri")
    browser = Browser(bench, person)
    for answer in (browser.get(PAGE), browser.post(PAGE, {"url": "https://8.8.8.8/", "kind": KINDS}),
                   *(browser.post(f"{PAGE}/1/{deed}", {}) for deed in ("test", "off", "resume", "remove"))):  # fmt: skip
        assert answer.status_code == 403 and "bi-mat" not in answer.text
    assert PAGE not in browser.get("/account").text and PAGE in Browser(bench, "quan-tri").get("/account").text
    assert [each.off_at for each in bench.store.webhooks.all()] == [None]


def test_the_page_speaks_english(bench: Workbench, receiver: Receiver) -> None:
    admin = Browser(bench, "quan-tri")
    admin.post(PAGE, {"url": receiver.url, "kind": KINDS})
    receiver.answers = [500]
    admin.post(f"{PAGE}/1/test", {})
    shown = admin.get(PAGE, accept_language="en").text
    for words in ("Send a test", "the receiver answered 500", "delivery changed · entry changed", "Nothing sent yet"):
        assert words in shown
