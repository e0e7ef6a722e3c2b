"""Who comes in, how, and what becomes of somebody who may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher

from desk.people import Reception
from desk.web.cookies import KNOWN, SESSION
from desk.web.front import Front
from editorial.role import Person, Role
from store.sessions import IDLE, LONGEST, OVERLAP
from store.token import digest_of
from tests.desk.web.browser import Browser, signed_in
from tests.desk.web.small_office import SmallOffice, open_small_office

PASSWORD = "một câu dài dễ nhớ"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    """Return an office of the test's own, in which nobody can sign in yet."""
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


@pytest.fixture
def stranger(office: SmallOffice) -> Browser:
    return Browser(office, "")


def reception(office: SmallOffice) -> Reception:
    return Reception(store=office.store, people=office.content.office.people, clock=office.clock)


def welcomed(office: SmallOffice, person: str, browser: Browser) -> httpx.Response:
    """Use a link: the person has the password of these tests."""
    link = reception(office).invite(office.content.office.people[person], by="loa")
    return browser.post(link.path, {"password": PASSWORD, "again": PASSWORD})


def enrolled(office: SmallOffice, person: str) -> pyotp.TOTP:
    """Begin an account with password and one-time codes; return the person's phone."""
    browser = Browser(office, "")
    welcomed(office, person, browser)
    phone = pyotp.TOTP(secret_on(browser.get("/sign-in/codes")))
    assert browser.post("/sign-in/codes", {"code": phone.at(office.clock.now())}).status_code == 200
    office.clock.advance(timedelta(minutes=2))  # the code that was just used is none any more
    return phone


def secret_on(page: httpx.Response) -> str:
    found = re.search(r'id="secret">(.*?)</p>', page.text, re.DOTALL)
    assert found is not None, page.text
    return "".join(re.findall(r"<span>(\w+)</span>", found[1]))


def enter(browser: Browser, person: str, password: str = PASSWORD) -> httpx.Response:
    return browser.post("/sign-in", {"name": person, "password": password})


CLOSED = ("/", "/calendar?month=2026-10", "/deliveries", "/deliveries/1", "/entries/cho-hoa", "/people", "/audit", "/settings",
          "/account", "/session", "/nope", "/api/openapi.json", "/sign-out")  # fmt: skip


@pytest.mark.parametrize("path", CLOSED)
def test_no_page_opens_without_a_session(stranger: Browser, path: str) -> None:
    answer = stranger.get(path)
    if path.startswith("/api/"):
        assert answer.status_code == 401 and answer.headers["content-type"] == "application/problem+json"
    else:
        assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    assert "cho-hoa" not in answer.text


@pytest.mark.parametrize("path", ["/sign-in", "/health", "/static/css/base.css", "/feeds/public.ics"])
def test_what_is_open_by_its_nature_stays_open(stranger: Browser, path: str) -> None:
    assert stranger.get(path).status_code == 200


def test_every_change_needs_a_session(stranger: Browser, office: SmallOffice) -> None:
    assert stranger.post("/halts", {"why": "thử"}).status_code == 401
    assert stranger.post("/deliveries/3/decision", {"action": "cancel", "why": "thử"}).status_code == 401
    assert stranger.post("/people/le-chi/reset", {}).status_code == 401
    assert office.store.halts.standing() == ()
    assert [deed.action for deed in office.store.audit.all() if deed.action in ("cancel", "reset")] == []


def test_a_link_begins_an_account_once_and_codes_are_set_up(office: SmallOffice, stranger: Browser) -> None:
    link = reception(office).invite(office.content.office.people["le-chi"], by="vu-quan")
    assert "Chào Lê Chi" in stranger.get(link.path).text
    assert stranger.post(link.path, {"password": "ngắn", "again": "ngắn"}).status_code == 400
    assert stranger.post(link.path, {"password": "aaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaa"}).status_code == 400
    answer = stranger.post(link.path, {"password": PASSWORD, "again": PASSWORD + "!"})
    assert "Hai lần nhập không giống nhau" in answer.text and answer.status_code == 400
    answer = stranger.post(link.path, {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["location"].startswith("/sign-in/codes")
    assert stranger.get("/deliveries").status_code == 303, "half way in is not in"
    assert Browser(office, "").get(link.path).status_code == 404
    assert Browser(office, "").post(link.path, {"password": PASSWORD, "again": PASSWORD}).status_code == 404
    page = stranger.get("/sign-in/codes")
    assert "<svg" in page.text
    phone = pyotp.TOTP(secret_on(page))
    assert stranger.post("/sign-in/codes", {"code": "000000"}).status_code == 400
    page = stranger.post("/sign-in/codes", {"code": phone.at(office.clock.now())})
    assert len(re.findall(r"<li><code>([\w-]+)</code>", page.text)) == 10
    assert stranger.get("/deliveries").status_code == 200
    told = [(deed.who, deed.action) for deed in office.store.audit.of("person:le-chi")]
    assert told == [("vu-quan", "invite"), ("le-chi", "accept-invitation"), ("le-chi", "set-codes"), ("le-chi", "sign-in")]


def test_a_link_is_void_when_its_time_is_over_or_another_was_made(office: SmallOffice, stranger: Browser) -> None:
    person = office.content.office.people["le-chi"]
    first, second = (reception(office).invite(person, by="loa") for _ in range(2))
    assert stranger.get(first.path).status_code == 404
    assert stranger.get(second.path).status_code == 200
    office.clock.advance(timedelta(days=3))
    assert stranger.get(second.path).status_code == 404


def test_who_only_looks_on_needs_no_phone(office: SmallOffice, stranger: Browser) -> None:
    assert welcomed(office, "do-xem", stranger).headers["location"] == "/calendar"
    assert stranger.get("/calendar").status_code == 200


def test_password_and_code_let_in_and_a_code_counts_once(office: SmallOffice) -> None:
    phone = enrolled(office, "le-chi")
    one, other = Browser(office, ""), Browser(office, "")
    code = phone.at(office.clock.now())
    for browser in (one, other):
        assert enter(browser, " Le-Chi ").headers["location"].startswith("/sign-in/code")
        assert browser.get("/deliveries").status_code == 303
    answer = one.post("/sign-in/code", {"code": f"{code[:3]} {code[3:]}", "next": "/deliveries"})
    assert answer.headers["location"] == "/deliveries"
    assert other.post("/sign-in/code", {"code": code}).status_code == 400
    assert one.get("/deliveries").status_code == 200 and other.get("/deliveries").status_code == 303


def test_a_password_is_the_same_however_its_marks_are_typed(office: SmallOffice, stranger: Browser) -> None:
    import unicodedata

    welcomed(office, "do-xem", stranger)
    assert enter(Browser(office, ""), "do-xem", unicodedata.normalize("NFD", PASSWORD)).status_code == 303


def test_a_code_from_paper_lets_in_once(office: SmallOffice) -> None:
    browser = Browser(office, "")
    welcomed(office, "le-chi", browser)
    phone = pyotp.TOTP(secret_on(browser.get("/sign-in/codes")))
    page = browser.post("/sign-in/codes", {"code": phone.at(office.clock.now())})
    code = re.findall(r"<li><code>([\w-]+)</code>", page.text)[0]
    for number, status in enumerate((303, 400)):
        again = Browser(office, "")
        enter(again, "le-chi")
        assert again.post("/sign-in/code", {"code": code.upper()}).status_code == status, number
    assert "còn 9 mã" in [deed.detail for deed in office.store.audit.all()]


@pytest.mark.parametrize(("name", "password"), [("le-chi", "sai"), ("khong-co-ai", PASSWORD), ("vu-quan", PASSWORD), ("", "")])
def test_whoever_fails_hears_the_same(office: SmallOffice, stranger: Browser, name: str, password: str) -> None:
    enrolled(office, "le-chi")
    answer = enter(stranger, name, password)
    assert answer.status_code == 400
    assert WRONG in unescape(answer.text)
    assert SESSION not in stranger.cookies


def test_old_parameters_are_brought_up_at_the_next_sign_in(office: SmallOffice, stranger: Browser) -> None:
    welcomed(office, "do-xem", stranger)
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    office.store.accounts.rehash("do-xem", old)
    assert enter(Browser(office, ""), "do-xem").status_code == 303
    account = office.store.accounts.find("do-xem")
    assert account is not None and "m=19456,t=2,p=1" in account.password


def test_a_session_ends_when_it_is_not_used_and_when_it_is_long_enough(office: SmallOffice) -> None:
    browser = Browser(office)
    office.clock.advance(IDLE - timedelta(seconds=1))
    assert browser.get("/deliveries").status_code == 200
    office.clock.advance(IDLE)
    assert browser.get("/deliveries").status_code == 303
    busy = Browser(office)
    for _ in range(LONGEST // (IDLE / 2) - 1):
        office.clock.advance(IDLE / 2)
        assert busy.get("/deliveries").status_code == 200
    office.clock.advance(IDLE / 2)
    assert busy.get("/deliveries").status_code == 303


def test_a_token_that_was_stolen_is_worth_nothing_after_sign_out(office: SmallOffice) -> None:
    owner, thief = Browser(office), Browser(office, "")
    thief.cookies = dict(owner.cookies)
    assert thief.get("/deliveries").status_code == 200
    answer = owner.post("/sign-out", {})
    assert answer.headers["location"] == "/sign-in" and SESSION not in owner.cookies
    assert thief.get("/deliveries").status_code == 303
    assert office.store.audit.all()[-1].action == "sign-out"


def test_nobody_can_hand_a_session_to_somebody_before_they_sign_in(office: SmallOffice) -> None:
    """Session fixation: neither a token that was made up nor one that was begun by the attacker becomes the victim's."""
    phone = enrolled(office, "le-chi")
    for planted in ("A" * 43, signed_in(office, "do-xem")):
        victim, attacker = Browser(office, ""), Browser(office, "")
        victim.cookies = {SESSION: planted}
        attacker.cookies = {SESSION: planted}
        enter(victim, "le-chi")
        halfway = victim.cookies[SESSION]
        office.clock.advance(timedelta(minutes=1))
        assert victim.post("/sign-in/code", {"code": phone.at(office.clock.now())}).status_code == 303
        assert len({planted, halfway, victim.cookies[SESSION]}) == 3
        assert attacker.get("/deliveries").status_code == 303
        attacker.cookies = {SESSION: halfway}
        assert attacker.get("/deliveries").status_code == 303


def test_only_digests_are_kept_and_nothing_is_in_a_repr(office: SmallOffice, tmp_path: Path) -> None:
    phone = enrolled(office, "le-chi")
    browser = Browser(office)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("loa.sqlite*"))
    assert digest_of(browser.cookies[SESSION]).encode() in kept
    assert browser.cookies[SESSION].encode() not in kept and PASSWORD.encode() not in kept
    account = office.store.accounts.find("le-chi")
    assert phone.secret not in repr(account) and "argon2" not in repr(account)
    session = office.store.sessions.find(browser.cookies[SESSION])
    assert repr(session) == "<Session of le-chi>"


def test_a_change_of_roles_changes_the_session_and_what_it_may(office: SmallOffice) -> None:
    browser = Browser(office)
    before = browser.cookies[SESSION]
    people = {**office.content.office.people, "le-chi": Person(id="le-chi", name="Lê Chi", roles=(Role.READER,))}
    changed = replace(office, content=replace(office.content, office=replace(office.content.office, people=people)))
    now = Browser(changed, "")
    now.cookies = {SESSION: before}
    assert now.get("/deliveries").status_code == 200
    assert now.cookies[SESSION] != before
    assert now.post("/halts", {"why": "thử"}).status_code == 403
    old = Browser(changed, "")
    old.cookies = {SESSION: before}
    assert old.get("/deliveries").status_code == 200, "a page asks for several things at once"
    office.clock.advance(OVERLAP)
    old.cookies = {SESSION: before}
    assert old.get("/deliveries").status_code == 303


def test_who_has_left_the_office_is_out(office: SmallOffice) -> None:
    browser = Browser(office)
    people = {id: person for id, person in office.content.office.people.items() if id != "le-chi"}
    changed = replace(office, content=replace(office.content, office=replace(office.content.office, people=people)))
    left = Browser(changed, "")
    left.cookies = dict(browser.cookies)
    assert left.get("/deliveries").status_code == 303
    assert browser.get("/deliveries").status_code == 303, "and stays out"


def test_a_change_without_the_word_of_the_session_is_refused(office: SmallOffice) -> None:
    browser = Browser(office)
    others = Browser(office, "vu-quan")
    for word in ("", "x", "0" * 64, browser.cookies[SESSION]):
        answer = browser.post("/halts", {"why": "Có tin buồn"}, csrf=word)
        assert answer.status_code == 403
        assert "Có tin buồn" in answer.text, "what was typed is there to be sent again"
    others.cookies[SESSION], kept = browser.cookies[SESSION], others.cookies[SESSION]
    assert office.store.halts.standing() == ()
    others.cookies[SESSION] = kept
    field = re.search(r'name="csrf" value="(\w+)"', browser.get("/deliveries").text)
    assert field is not None
    assert browser.post("/halts", {"why": "Có tin buồn"}, csrf=field[1]).status_code == 303
    assert browser.post("/halts/lift", {}, csrf="", x_csrf=field[1]).status_code == 303, "as htmx sends it"


def test_every_form_that_changes_something_carries_the_word(office: SmallOffice) -> None:
    browser, admin = Browser(office), Browser(office, "vu-quan")
    pages = {"/calendar", "/deliveries", "/deliveries/3", "/account", "/entries/cho-hoa"}
    found = 0
    for page in [*(browser.get(path).text for path in pages), admin.get("/people").text]:
        for form in re.findall(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", page, re.DOTALL):
            assert form.count('name="csrf"') == 1, form
            found += 1
    assert found > 10


def test_cookies_are_locked_and_over_https_bound_to_the_host(office: SmallOffice) -> None:
    def cookies(browser: Browser) -> list[str]:
        return welcomed(office, "do-xem", browser).headers.get_list("set-cookie")

    for line in cookies(Browser(office, "")):
        assert "HttpOnly" in line and "SameSite=lax" in line and "Path=/" in line and "Secure" not in line
    reception(office).reset(office.content.office.people["do-xem"], by="loa")
    front = Front(address="https://loa.example.vn")
    secure = cookies(Browser(office, "", front=front, host="https://loa.example.vn"))
    assert {line.partition("=")[0] for line in secure} == {f"__Host-{SESSION}", f"__Host-{KNOWN}"}
    assert all("Secure" in line and "Path=/" in line and "Domain" not in line for line in secure)
    assert Browser(office, "", front=front, host="https://loa.example.vn").get("/sign-in").status_code == 200
    assert Browser(office, "", front=front, host="https://other.example").get("/sign-in").status_code == 400


def test_the_way_back_never_leads_to_another_host(office: SmallOffice) -> None:
    welcomed(office, "do-xem", Browser(office, ""))
    for page in ("https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/x\ny"):
        answer = Browser(office, "").post("/sign-in", {"name": "do-xem", "password": PASSWORD, "next": page})
        assert answer.headers["location"] == "/calendar"
    assert Browser(office, "").get("/deliveries?page=1").headers["location"] == "/sign-in?next=%2Fdeliveries%3Fpage%3D1"


def test_a_form_of_a_lost_session_comes_back_after_signing_in(office: SmallOffice) -> None:
    welcomed(office, "do-xem", Browser(office, ""))
    browser = Browser(office, "")
    typed = "Hoãn vì <bão> số 9 & mưa"
    page = browser.post("/halts", {"why": typed}, referer="http://127.0.0.1:8000/deliveries?page=1")
    assert page.status_code == 401 and "được giữ nguyên" in page.text
    kept = re.search(r'name="kept" value="([^"]*)"', page.text)
    assert kept is not None
    answer = browser.post("/sign-in", {"name": "do-xem", "password": "sai", "kept": unescape(kept[1])})
    assert unescape(kept[1]) in unescape(answer.text), "also past a wrong password"
    answer = browser.post("/sign-in", {"name": "do-xem", "password": PASSWORD, "kept": unescape(kept[1])})
    assert answer.status_code == 200
    assert 'action="/halts"' in answer.text and 'href="/deliveries?page=1"' in answer.text
    assert typed in unescape(answer.text) and "<bão>" not in answer.text


def test_a_part_of_a_page_says_that_the_session_is_gone_and_leaves_the_page_alone(stranger: Browser) -> None:
    for answer in (stranger.get("/deliveries", hx_request="true"), stranger.post("/halts", {"why": "x"}, hx_request="true")):
        assert answer.status_code == 401
        assert answer.headers["hx-trigger"] == "loa:signed-out" and answer.headers["hx-reswap"] == "none"


def test_what_is_kept_is_what_a_person_types_and_no_password(office: SmallOffice, stranger: Browser) -> None:
    page = stranger.post("/account/password", {"current": "x", "password": "bí mật lắm đây", "again": "bí mật lắm đây"})
    assert "bí mật" not in page.text
    long = stranger.post("/halts", {"why": "x" * 300_000})
    assert long.status_code == 401 and 'name="kept" value=""' in long.text
    nonsense = stranger.post("/sign-in", {"name": "a", "password": "b", "kept": '{"page": 1, "fields": [1]}'})
    assert nonsense.status_code == 400 and 'name="kept" value=""' in nonsense.text


def test_a_kept_form_of_half_letters_is_no_form_and_no_failure(stranger: Browser) -> None:
    kept = '{"page": "/calendar", "action": "/calendar", "fields": [["why", "\\ud800"]]}'
    answer = stranger.post("/sign-in", {"name": "ai-do", "password": "sai", "kept": kept})
    assert answer.status_code == 400 and "không đúng" in answer.text


def test_the_demo_lets_everybody_in_by_a_button_and_nothing_else_does(office: SmallOffice) -> None:
    assert Browser(office, "").post("/sign-in/demo", {"person": "vu-quan"}).status_code == 404
    demo = Browser(office, "", front=Front(demo=True))
    page = demo.get("/sign-in").text
    assert all(person.name in page for person in office.content.office.people.values())
    assert demo.post("/sign-in/demo", {"person": "khach"}).status_code == 400
    assert demo.post("/sign-in/demo", {"person": "vu-quan", "next": "/people"}).headers["location"] == "/people"
    assert demo.get("/people").status_code == 200


def test_changing_the_password_ends_every_other_session(office: SmallOffice) -> None:
    one, other = Browser(office, ""), Browser(office, "")
    welcomed(office, "do-xem", one)
    enter(other, "do-xem")
    before, new = one.cookies[SESSION], "một câu khác cũng dài"
    wrong = one.post("/account/password", {"current": "sai", "password": new, "again": new})
    assert wrong.status_code == 400 and "Mật khẩu hiện tại không đúng" in wrong.text
    assert one.post("/account/password", {"current": PASSWORD, "password": new, "again": new}).status_code == 303
    assert one.cookies[SESSION] != before
    assert one.get("/account").status_code == 200 and other.get("/account").status_code == 303
    thief = Browser(office, "")
    thief.cookies = {SESSION: before}
    assert thief.get("/account").status_code == 303
    assert enter(Browser(office, ""), "do-xem").status_code == 400
    assert enter(Browser(office, ""), "do-xem", new).status_code == 303


def test_signing_out_everywhere_ends_all_but_this(office: SmallOffice) -> None:
    one, other = Browser(office), Browser(office)
    assert one.post("/account/sign-out-everywhere", {}).status_code == 303
    assert one.get("/account").status_code == 200 and other.get("/account").status_code == 303


def test_another_phone_takes_the_place_of_the_first(office: SmallOffice) -> None:
    phone = enrolled(office, "le-chi")
    browser = Browser(office)
    assert browser.post("/account/codes", {"code_password": "sai"}).status_code == 400
    assert browser.post("/account/codes", {"code_password": PASSWORD}).headers["location"].startswith("/sign-in/codes")
    other = pyotp.TOTP(secret_on(browser.get("/sign-in/codes")))
    assert other.secret != phone.secret
    assert browser.post("/sign-in/codes", {"code": other.at(office.clock.now())}).status_code == 200
    office.clock.advance(timedelta(minutes=1))
    again = Browser(office, "")
    enter(again, "le-chi")
    assert again.post("/sign-in/code", {"code": phone.at(office.clock.now())}).status_code == 400
    assert again.post("/sign-in/code", {"code": other.at(office.clock.now())}).status_code == 303
