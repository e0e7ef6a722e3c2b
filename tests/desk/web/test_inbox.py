"""The inbox: what needs whoever is signed in, and nothing that is somebody else's to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk import proposing
from desk.proposing import Proposal
from editorial.delivery import HoldReason, State
from editorial.role import MACHINE, Person, Role
from editorial.workflow import Action
from store.halts import channel_scope
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import NOW, PEOPLE, SmallOffice, open_small_office

EDITOR = next(person for person in PEOPLE if person.id == "tran-an")
CHECKER = Person(id="mai-kiem", name="Mai Kiểm", roles=(Role.FACT_CHECKER,))
APPROVER = Person(id="ngo-ky", name="Ngô Ký", roles=(Role.APPROVER, Role.EDITOR))
DRAFT = "ban-nhap"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    """Return an office with a checker and an approver besides."""
    small = open_small_office(tmp_path)
    people = {person.id: person for person in (*PEOPLE, CHECKER, APPROVER)}
    yield replace(small, content=replace(small.content, office=replace(small.content.office, people=people)))
    small.store.close()


def take(office: SmallOffice, action: Action, person: Person, why: str = "") -> None:
    revision = office.content.entries[DRAFT].revision
    office.store.workflow.take(DRAFT, action, person, revision=revision, why=why)


def titles(browser: Browser, person: str) -> list[str]:
    shown = browser.as_person(person).get("/inbox").text
    return [title.strip() for title in re.findall(r'-title">(?:<svg.*?</svg>)?([^<]+)<span class="inbox-count', shown)]


def test_the_one_on_duty_finds_every_delivery_that_waits_for_a_decision(browser: Browser, office: SmallOffice) -> None:
    shown = browser.get("/inbox").text
    waiting = office.store.deliveries.list(states=[State.HELD, State.FAILED])
    assert waiting and all(f'href="/deliveries/{each.id}"' in shown for each in waiting)
    assert "Hãy mở kênh và xem" in shown
    assert titles(browser, "tran-an") == []


def test_an_entry_goes_from_one_inbox_to_the_next_and_back_to_its_author(browser: Browser, office: SmallOffice) -> None:
    take(office, Action.SUBMIT, EDITOR)
    assert titles(browser, CHECKER.id) == ["Cần bạn kiểm chứng"]
    assert "Trần An trình" in browser.as_person(CHECKER.id).get("/inbox").text
    assert titles(browser, EDITOR.id) == []
    take(office, Action.CHECK, CHECKER)
    assert titles(browser, CHECKER.id) == []
    assert "Cần bạn duyệt" in titles(browser, APPROVER.id)
    take(office, Action.REQUEST_CHANGES, APPROVER, why="thiếu nguồn")
    assert titles(browser, EDITOR.id) == ["Bài được gửi lại để bạn sửa"]
    assert f'href="/review/{DRAFT}"' in browser.as_person(EDITOR.id).get("/inbox").text
    assert "Cần bạn duyệt" not in titles(browser, APPROVER.id)


def test_whose_entry_is_refused_or_was_signed_too_late_hears_why_for_two_weeks(browser: Browser, office: SmallOffice) -> None:
    take(office, Action.SUBMIT, EDITOR)
    take(office, Action.REJECT, APPROVER, why="trùng bài của sở")
    assert titles(browser, EDITOR.id) == ["Bài của bạn bị từ chối"]
    assert "trùng bài của sở · muốn viết lại, hãy mở lại bài" in browser.as_person(EDITOR.id).get("/inbox").text
    office.clock.advance(timedelta(days=15))
    assert titles(browser, EDITOR.id) == []
    take(office, Action.REOPEN, EDITOR, why="viết lại")
    take(office, Action.SUBMIT, EDITOR)
    take(office, Action.EXPIRE, MACHINE)
    assert titles(browser, EDITOR.id) == ["Bài đã qua giờ đăng mà chưa ai ký"]


def test_nobody_is_asked_to_sign_what_is_their_own(browser: Browser, office: SmallOffice) -> None:
    take(office, Action.SUBMIT, APPROVER)
    take(office, Action.CHECK, CHECKER)
    assert "Cần bạn duyệt" not in titles(browser, APPROVER.id)


def test_a_correction_waits_for_another_than_its_author(browser: Browser, office: SmallOffice) -> None:
    proposal = Proposal(fact="wards", value="127", why="số mới", source="", as_of="", author=EDITOR.id, at=NOW)
    kept = json.dumps(asdict(proposal) | {"at": NOW.isoformat()})
    office.store.settings.set(f"{proposing._PREFIX}wards", kept)
    assert "Đính chính chờ bạn ký" not in titles(browser, EDITOR.id)
    assert "Đính chính chờ bạn ký" in titles(browser, APPROVER.id)


def test_whoever_connects_channels_hears_of_one_that_is_cut_off(browser: Browser, office: SmallOffice) -> None:
    office.store.halts.set(channel_scope("zalo"), why="mã hết hạn", who="loa", reason=HoldReason.AUTH)
    shown = browser.as_person("vu-quan").get("/inbox").text
    assert "Kênh cần kết nối lại" in shown and "Zalo OA" in shown and "mã hết hạn" in shown


def test_nothing_to_do_is_said_warmly_to_those_who_work_and_to_those_who_look_on(browser: Browser) -> None:
    assert "Bạn đã xong mọi việc" in browser.as_person("tran-an").get("/inbox").text
    assert "Bạn đang xem cùng văn phòng" in browser.as_person("do-xem").get("/inbox").text
