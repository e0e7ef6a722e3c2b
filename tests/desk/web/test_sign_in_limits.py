"""Waits that grow with failures, by the office's clock: a stranger tires, and locks nobody else out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pyotp
import pytest

from desk.entrance import FREE_OF_ACCOUNT, FREE_OF_ADDRESS, LONGEST_WAIT, Entrance, Where, roles_of
from desk.passwords import hashed
from desk.web.cookies import SESSION
from editorial.problem import BadInput
from store.trials import FORGOTTEN, Counter
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import SmallOffice, open_small_office
from tests.desk.web.test_signing_in import PASSWORD, enter, welcomed


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


@pytest.fixture
def known(office: SmallOffice) -> Browser:
    """Return the browser on which the person has signed in before."""
    browser = Browser(office, "")
    welcomed(office, "do-xem", browser)
    return browser


def fail(office: SmallOffice, times: int, person: str = "do-xem") -> httpx.Response:
    browser, answers = Browser(office, ""), []
    for _ in range(times):
        browser.cookies.clear()  # one that nobody has been seen with
        answers.append(enter(browser, person, "sai"))
    return answers[-1]


def test_failures_make_wait_longer_and_longer_and_the_clock_alone_ends_it(office: SmallOffice, known: Browser) -> None:
    assert fail(office, FREE_OF_ACCOUNT + 1).status_code == 400
    answer = enter(Browser(office, ""), "do-xem")
    assert answer.status_code == 429 and "Đã nhập sai nhiều lần; hãy thử lại sau" in unescape(answer.text)
    waits = []
    for _ in range(3):
        waited = 0
        while fail(office, 1).status_code == 429:
            office.clock.advance(timedelta(seconds=1))
            waited += 1
        waits.append(waited)
    assert waits == [2, 4, 8]
    office.clock.advance(LONGEST_WAIT)
    assert enter(Browser(office, ""), "do-xem").status_code == 303


def test_a_wait_is_never_longer_than_its_longest_and_failures_are_forgotten() -> None:
    counter = Counter(name="x", free=2, longest=LONGEST_WAIT)
    assert [counter.wait_after(number).total_seconds() for number in (1, 2, 3, 4, 12, 10**6)] == [0, 0, 2, 4, 300, 300]
    assert FORGOTTEN > LONGEST_WAIT


def test_failures_are_counted_before_the_password_is_looked_at(office: SmallOffice) -> None:
    """However many trials come at one moment, no more than the free ones are looked at."""
    counters = (Counter(name="account:x", free=3, longest=LONGEST_WAIT),)
    begun = [office.store.trials.begin(counters) for _ in range(10)]
    assert [until is None for until in begun] == [True] * 4 + [False] * 6


def test_a_stranger_locks_nobody_out_where_they_have_signed_in_before(office: SmallOffice, known: Browser) -> None:
    fail(office, FREE_OF_ACCOUNT + 3)
    known.post("/sign-out", {})
    assert enter(Browser(office, ""), "do-xem").status_code == 429
    assert enter(known, "do-xem").status_code == 303


def test_a_stranger_makes_the_others_of_the_office_wait_for_nothing(office: SmallOffice, known: Browser) -> None:
    fail(office, FREE_OF_ACCOUNT + 3, "le-chi")
    assert enter(Browser(office, ""), "do-xem").status_code == 303


def test_an_address_that_tries_many_names_waits_too(office: SmallOffice, known: Browser) -> None:
    browser = Browser(office, "")
    for number in range(FREE_OF_ADDRESS + 1):
        browser.cookies.clear()  # one that nobody has been seen with
        enter(browser, f"ten-{number}", "sai")
    assert enter(Browser(office, ""), "do-xem").status_code == 429
    assert enter(known, "do-xem").status_code == 303, "on a browser that is known nobody waits for others"


def test_an_account_of_one_s_own_ends_no_wait_of_the_address(office: SmallOffice) -> None:
    """Whoever can sign in does not buy free trials at other names by it."""
    counter = Counter(name="address:x", free=2, longest=LONGEST_WAIT)
    for _ in range(5):
        assert office.store.trials.begin([counter]) is None
        office.clock.advance(timedelta(seconds=30))
    assert office.store.trials.begin([counter]) is None
    office.store.trials.take_back([counter])
    assert office.store.trials.begin([counter]) == office.clock.now() + counter.wait_after(5)


def test_an_address_of_ipv6_counts_with_its_whole_network(office: SmallOffice) -> None:
    entrance_of(office, *(f"2001:db8::{number:x}" for number in range(1, FREE_OF_ADDRESS + 2)))
    with pytest.raises(BadInput, match="đã nhập sai nhiều lần"):
        entrance_of(office, "2001:db8::ffff")
    entrance_of(office, "2001:db8:0:1::1")


def entrance_of(office: SmallOffice, *addresses: str) -> None:
    entrance = Entrance(office.store, office.content.office.people, office.clock)
    for number, address in enumerate(addresses):
        with pytest.raises(BadInput) as told:
            entrance.enter(f"ten-{address}-{number}", "sai", Where(address=address))
        if told.value.problems[0].rule == "sign-in-later":
            raise told.value


def test_a_code_is_guessed_no_faster_than_a_password(office: SmallOffice) -> None:
    """Who knows the password does not win free trials of the code by giving the password again."""
    person = office.content.office.people["le-chi"]
    token = office.store.invitations.invite(person.id, by="loa", span=timedelta(days=1))
    office.store.invitations.accept(token, hashed(PASSWORD))
    office.store.accounts.use_codes_of("le-chi", pyotp.random_base32(), 0, ["x"])
    statuses = []
    for _ in range(FREE_OF_ACCOUNT + 2):
        browser = Browser(office, "")
        if enter(browser, "le-chi").status_code != 303:
            statuses.append(429)
            continue
        statuses.append(browser.post("/sign-in/code", {"code": "000000"}).status_code)
    assert statuses[-1] == 429 and set(statuses[:FREE_OF_ACCOUNT]) == {400}


def test_the_log_tells_of_a_flood_in_a_few_rows_and_never_what_was_typed(office: SmallOffice, known: Browser) -> None:
    typed, browser = "mật khẩu gõ nhầm vào ô tên", Browser(office, "")
    for _ in range(40):
        for name in ("do-xem", typed):
            browser.cookies.clear()  # one that nobody has been seen with
            enter(browser, name, "sai")
        office.clock.advance(LONGEST_WAIT)
    told = [deed for deed in office.store.audit.all() if deed.action == "failed-sign-in"]
    about = [deed for deed in told if deed.subject == "person:do-xem"]
    assert 5 <= len(about) <= 8 and about[0].who == "loa"
    assert about[0].detail.startswith(f"{FREE_OF_ACCOUNT + 1} lần không đúng")
    assert len(told) < 20
    assert not any(typed in deed.detail + deed.subject for deed in told)


def test_a_session_of_many_people_is_swept_when_it_is_over(office: SmallOffice) -> None:
    browser = Browser(office)
    office.clock.advance(timedelta(days=2))
    office.store.sessions.begin("do-xem", roles_of(office.content.office.people["do-xem"]))
    assert office.store.sessions.find(browser.cookies[SESSION]) is None
