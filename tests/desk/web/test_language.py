"""The desk in the language of its reader; what people wrote is in nobody's but theirs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from jinja2 import Environment

from desk.language import language, speaking
from desk.web.moment_words import (
    ago,
    count_words,
    day_heading,
    day_of_year_heading,
    days_said,
    lunar_words,
    moment_words,
    percent_words,
    short_moment,
    size_words,
    span_words,
)
from desk.web.own_places import OWN
from desk.web.page_words import VIETNAMESE, Page, Said
from desk.web.phrase_book import PhraseBook, phrase_book, spoken
from desk.web.renderer import HERE
from desk.web.script_words import Script
from editorial.lunar import LunarDate
from tests.desk.english_words import WEB, missing, words
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import SmallOffice

PLACE = re.compile(r"\{\d+(?::said)?\}")
BOOK = {
    "Lịch": Said(one="Calendar"), "Tháng này": Said(one="This month"), "Bỏ": Said(one="Drop"),
    "Đã đăng {0} trên {1} lượt": Said(one="{0} of {1} published"),
    "{0} bài nữa": Said(one="{0} more post", many="{0} more posts"),
}  # fmt: skip


def page(source: str, own: tuple[str, ...] = (), **view: object) -> str:
    jinja = Environment(autoescape=True)
    book = PhraseBook(BOOK)
    jinja.filters["said"] = book.said
    return jinja.from_string(Page(lex=jinja.lex, book=BOOK, own=own).translated(source)).render(view)


def test_a_template_without_a_book_stays_as_it_is_letter_by_letter() -> None:
    jinja = Environment(trim_blocks=True, lstrip_blocks=True)
    for path in sorted((HERE / "pages").glob("*.html")):
        source = path.read_text(encoding="utf-8")
        assert Page(lex=jinja.lex, book={}).translated(source).split() == source.split(), path.name


def test_text_attributes_and_literals_are_exchanged_and_values_keep_their_places() -> None:
    assert page("<p>\n  Đã đăng {{ a }} trên\n  {{ b }} lượt</p>", a=4, b=16) == "<p>\n  4 of 16 published</p>"
    assert page('<a title="Đã đăng {{ a }} trên {{ b }} lượt" href="/Lịch">Lịch</a>', a=1, b=2) == (
        '<a title="1 of 2 published" href="/Lịch">Calendar</a>')  # fmt: skip
    assert page('{% for text in ("Lịch", "Bỏ") %}<i>{{ text }}</i>{% endfor %}') == "<i>Calendar</i><i>Drop</i>"
    assert page('{{ {"month": "Tháng này"}[view] }}', view="month") == "This month"
    assert page("<script>const x = 'Lịch';</script><p{% if a %} class=\"Lịch\"{% endif %}>Lịch</p>", a=1) == (
        "<script>const x = 'Lịch';</script><p class=\"Lịch\">Calendar</p>")  # fmt: skip


@pytest.mark.parametrize(("count", "said"), [(1, "1 more post"), (2, "2 more posts"), (0, "0 more posts")])
def test_a_count_has_the_form_of_its_number(count: int, said: str) -> None:
    assert page("<b>{{ n }} bài nữa</b>", n=count) == f"<b>{said}</b>"
    assert PhraseBook(BOOK, ["{0} bài nữa"]).say(f"{count} bài nữa") == said


def test_only_the_named_places_are_said_in_another_language() -> None:
    assert page("{{ mine }} {{ theirs }}", own=("mine",), mine="Lịch", theirs="Lịch") == "Calendar Lịch"
    assert page("{{ a.words[:1] | upper }}{{ words }}", own=("a.words",), a={"words": "Bỏ"}, words="Bỏ") == "DBỏ"


def test_a_value_in_a_sentence_passes_as_it_stands_unless_it_is_marked() -> None:
    given = {"Kênh {0}": Said(one="Channel {0}"), "Dừng: {0}": Said(one="Paused: {0:said}"), "Lịch": Said(one="Calendar")}
    book = PhraseBook(given, ["Kênh {0}", "Dừng: {0}"])
    assert book.say("Kênh Lịch") == "Channel Lịch"
    assert book.say("Dừng: Lịch") == "Paused: Calendar"
    assert book.say("Dừng: Kênh Lịch") == "Paused: Channel Lịch"


def test_what_people_wrote_is_never_translated(browser: Browser, office: SmallOffice) -> None:
    entry = next(iter(office.content.entries.values()))
    message = entry.messages["vi"]
    kept = message.headline
    object.__setattr__(message, "headline", "Lịch")
    try:
        html = browser.get(f"/entries/{entry.id}", accept_language="en").text
        assert '<h1 lang="vi">Lịch</h1>' in html
        assert ">Calendar</a>" in html
        assert ">Lịch</span>" in browser.get(f"/calendar?view=agenda&day={FIRST}", accept_language="en").text
    finally:
        object.__setattr__(message, "headline", kept)


FIRST = "2026-10-01"


def test_a_reader_gets_the_language_that_was_chosen_else_the_one_that_the_browser_asks_for(office: SmallOffice) -> None:
    def shown(header: str, chosen: str = "") -> str:
        browser = Browser(office)
        if chosen:
            browser.cookies["language"] = chosen
        html = browser.get("/facts", **({"accept_language": header} if header else {})).text
        return re.findall(r'<html lang="(\w+)"', html)[0] + (" Facts" if ">Facts<" in html else " Dữ kiện")

    assert shown("") == shown("fr-FR, de;q=0.5") == shown("vi") == shown("vi-VN,vi;q=0.9,en;q=0.8") == "vi Dữ kiện"
    assert shown("en-GB,en;q=0.9") == shown("fr, en;q=0.3, vi;q=0.2") == shown("vi;q=0,en;q=0.1") == "en Facts"
    assert shown("en;q=x") == shown("en;q=7") == shown("en" * 5000) == "vi Dữ kiện"
    assert shown("vi", "en") == "en Facts"
    assert shown("en", "vi") == "vi Dữ kiện"
    assert shown("en", "klingon") == "en Facts"


def test_what_was_drawn_for_one_reader_is_shown_to_none_of_another_language(office: SmallOffice) -> None:
    browser = Browser(office)
    for view in ("view=month", "view=week", "view=quarter"):
        for _ in range(2):
            address = f"/calendar?{view}&day=2026-10-08"
            vietnamese, english = (browser.get(address, accept_language=each).text for each in ("vi", "en"))
            assert "âm lịch" in vietnamese and ">lunar" not in vietnamese, view
            assert "lunar" in english and "âm lịch" not in english, view


def test_the_choice_is_kept_for_a_year_and_leads_back(browser: Browser) -> None:
    answer = browser.post("/language", {"language": "en"}, referer="http://127.0.0.1:8000/deliveries?page=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/deliveries?page=1")
    assert "language=en" in answer.headers["set-cookie"] and "Max-Age=31536000" in answer.headers["set-cookie"]
    wrong = browser.post("/language", {"language": "fr"}, accept_language="en")
    assert wrong.status_code == 400
    assert "There is no such language; choose tiếng Việt or English." in wrong.text


def test_a_stranger_may_choose_too_and_the_buttons_say_which_is_on(office: SmallOffice) -> None:
    stranger = Browser(office, "")
    assert stranger.post("/language", {"language": "en"}, referer="http://127.0.0.1:8000/sign-in").status_code == 303
    html = stranger.get("/sign-in", accept_language="en").text
    assert '<button name="language" value="en" lang="en" aria-pressed="true">English</button>' in html
    assert '<button name="language" value="vi" lang="vi" aria-pressed="false">Tiếng Việt</button>' in html


def test_mistakes_and_missing_pages_are_told_in_english(browser: Browser) -> None:
    assert "There is no such page" in browser.get("/nowhere", accept_language="en").text
    told = browser.get("/calendar?day=x", accept_language="en").text
    assert "“x” is no day; choose one in the calendar, or write it as 2026-10-05." in told


def test_a_script_is_served_in_the_reader_s_language(browser: Browser) -> None:
    html = browser.get("/deliveries", accept_language="en").text
    address = re.findall(r'src="(/static/en/js/live\.js\?v=\w+)"', html)[0]
    script = browser.get(address)
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "This page follows what happens by itself." in script.text
    assert "/static/js/live.js" in browser.get("/deliveries", accept_language="vi").text
    for nothing in ("vi/js/live.js", "en/js/nothing.js", "en/js/../css/base.css", "fr/js/live.js"):
        assert browser.get(f"/static/{nothing}").status_code == 404, nothing


def test_every_word_of_pages_views_and_scripts_has_its_english() -> None:
    """What is missing is added by `.venv/bin/python -m tests.desk.english_words`, to be written in the phrase book."""
    assert missing() == {}
    assert len(words()) > 900, "the search has found what it is for"


def test_the_phrase_book_has_no_vietnamese_and_the_places_of_each_sentence() -> None:
    for source, said in phrase_book("en").words.items():
        for form in filter(None, (said.one, said.many)):
            told = form.replace("Tiếng Việt", "").replace("tiếng Việt", "").replace("đồng", "")
            assert not VIETNAMESE.search(told), form
            assert '"' not in form and "<" not in form, form
            places = {place.replace(":said", "") for place in PLACE.findall(form)}
            assert places <= set(PLACE.findall(source)), source
    assert phrase_book("en").words.keys() <= words().keys(), "a sentence that nothing says any more"


def test_the_places_of_own_words_are_there() -> None:
    for template, places in OWN.items():
        source = (HERE / "pages" / template).read_text(encoding="utf-8")
        assert [place for place in places if place not in source] == [], template


def test_no_vietnamese_is_left_in_a_script() -> None:
    for path in (WEB / "static" / "js").rglob("*.js"):
        source = re.sub(r"^\s*//.*$|\s//[^\"`]*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        left = [line for line in Script(book=phrase_book("en").words).translated(source).splitlines() if VIETNAMESE.search(line)]
        assert left == [], path.name


def test_moments_lengths_and_numbers_are_in_the_reader_s_form() -> None:
    at = datetime(2026, 10, 10, 1, 0, tzinfo=UTC)
    assert moment_words(at) == "08:00 thứ Bảy 10/10/2026"
    assert language() == "vi"
    with speaking("en"):
        assert moment_words(at) == "08:00 Sat 10 Oct 2026"
        assert day_heading(date(2026, 10, 10)) == "Saturday, 10 October"
        assert day_of_year_heading(date(2026, 10, 10)) == "Saturday, 10 October 2026"
        assert [count_words(1234567), size_words(1_400_000)] == ["1,234,567", "1.4 MB"]
        assert percent_words(97.5) == "97.5%"
        assert short_moment(at) == "08:00 10\N{NO-BREAK SPACE}Oct\N{NO-BREAK SPACE}2026"
        assert ago(at, at) == "just now"
        assert [ago(at, at + timedelta(minutes=1)), ago(at, at + timedelta(hours=5))] == ["1 minute ago", "5 hours ago"]
        assert span_words(timedelta(days=1, hours=3, minutes=9)) == "1 day 3 hours"
        assert lunar_words(LunarDate(2025, 6, 15, leap=True)) == "15/6 leap"
        assert days_said("thứ Bảy 10/10/2026, 1/9/2026, 31/2/2026") == "Sat 10 Oct 2026, 1 Sept 2026, 31/2/2026"
        assert spoken("Giờ Hà Nội: 08:00, thứ Bảy 10/10/2026.") == "Hanoi time: 08:00, Sat 10 Oct 2026."
    assert [count_words(1234567), span_words(timedelta(days=1, hours=3))] == ["1.234.567", "1 ngày 3 giờ"]
