"""The page of an entry's properties, asked without a browser: what it shows, what it refuses, and that no choice is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from desk.place import Place
from desk.workbench import Workbench, open_workbench
from desk.workspace import Workspace, read_workspace
from editorial.clock import SimulatedClock
from tests.desk.web.browser import Browser
from tests.desk.web.test_editing import form_of
from tests.story.workspace import make_workspace

ENTRY, SERIES, OWN_FACT = "chuyen-doi-so", "nhac-ho-so-cuoi-thang", "an-toan-thuc-pham"
PAGE = f"/entries/{ENTRY}/properties"
Sent = dict[str, str | list[str]]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return read_workspace(Place(root=make_workspace(tmp_path_factory.mktemp("office"), (ENTRY, SERIES, OWN_FACT))))


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    """Return the office before its quarter, with a memory of its own and its content as it was."""
    content = workspace.place.root / "content"
    before = {path: path.read_bytes() for path in content.glob("*.md")}
    with open_workbench(
        workspace.place, tmp_path / "office", SimulatedClock(datetime(2026, 9, 1, tzinfo=UTC)), workspace
    ) as bench:
        yield bench
    for path, words in before.items():
        path.write_bytes(words)


@pytest.fixture
def browser(bench: Workbench) -> Browser:
    return Browser(bench, "bien-tap")


def chosen(html: str) -> Sent:
    """Return what the form would send if nobody chose anything."""
    form = html[html.index('<form method="post" action="/entries/') :]
    form = form[form.index('id="properties"') :] if 'id="properties"' in form else form
    found: Sent = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        said = unescape(value[1]) if value else ""
        if name[1] in ("channel", "use"):
            found[name[1]] = [*found.get(name[1], []), said]
        else:
            found[name[1]] = said
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        picked = re.search(r'<option value="([^"]*)" selected>', options) or re.search(r'<option value="([^"]*)"', options)
        found[name] = unescape(picked[1]) if picked else ""
    return found


def without(form: Sent, *channels: str) -> Sent:
    return form | {"channel": [each for each in form["channel"] if each not in channels]}


def seal_of(html: str) -> str:
    found = re.search(r'name="seal" value="([^"]*)"', html)
    assert found is not None
    return found[1]


def text_of(bench: Workbench, name: str = ENTRY) -> str:
    return (bench.root / "content" / f"{name}.md").read_text("utf-8")


def test_the_page_shows_what_the_file_says_and_saves_nothing_else(browser: Browser, bench: Workbench) -> None:
    before, html = text_of(bench), browser.get(PAGE).text
    form = chosen(html)
    assert form["channel"] == ["portal", "facebook", "zalo", "telegram", "youtube"]
    assert (form["unit"], form["axis"], form["group"], form["tone"]) == ("tt-truyen-thong", "ubnd", "1.6", "neutral")
    assert not re.search(r"\son\w+=|style=", html)
    answer = browser.post(PAGE, form | {"do": "save"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?saved=same")
    assert text_of(bench) == before


def test_what_follows_is_read_before_it_is_done_and_can_be_undone(browser: Browser, bench: Workbench) -> None:
    before, form = text_of(bench), chosen(browser.get(PAGE).text)
    first = browser.post(PAGE, without(form, "youtube"))
    assert first.status_code == 409 and text_of(bench) == before
    assert "Lời riêng cho Kênh YouTube ra khỏi tệp" in first.text and "Hãy đọc phần Hệ quả rồi bấm Lưu lần nữa." in first.text
    again = chosen(first.text)
    assert again["channel"] == ["portal", "facebook", "zalo", "telegram"]
    answer = browser.post(PAGE, again)
    assert answer.status_code == 303, answer.text
    assert "youtube" not in text_of(bench)
    saved = browser.get(answer.headers["location"]).text
    assert "Đã lưu thuộc tính vào tệp." in saved
    undo = re.search(r'name="version" value="(\d+)"><input type="hidden" name="digest" value="(\w+)"', saved)
    assert undo is not None
    back = browser.post(f"{PAGE}/back", {"version": undo[1], "digest": undo[2]})
    assert back.status_code == 303 and text_of(bench) == before
    assert browser.post(f"{PAGE}/back", {"version": undo[1], "digest": undo[2]}).status_code in (400, 409, 422)


def test_a_seal_of_something_else_agrees_to_nothing(browser: Browser, bench: Workbench) -> None:
    form = chosen(browser.get(PAGE).text)
    seal = seal_of(browser.post(PAGE, without(form, "youtube") | {"do": "look"}).text)
    assert browser.post(PAGE, without(form, "youtube", "zalo", "telegram") | {"seal": seal}).status_code == 409
    assert "youtube" in text_of(bench)


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"unit": "x"}, "unit", "Không có đơn vị"), ({"channel": []}, "channels", "Hãy chọn ít nhất một kênh"),
        ({"repeat.every": "week", "repeat.weekday": "mon"}, "repeat.until", "Hãy ghi ngày cuối"),
        ({"fact.0.id": "so", "fact.0.kind": "number", "fact.0.value": "ba", "fact.0.source": "Sở", "fact.0.unit": "gian"},
         "fact.0.value", "Phải là số"),
        ({"fact.0.id": "", "fact.0.value": "5"}, "fact.0.id", "Mã dữ kiện bắt đầu bằng chữ"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_beside_its_field_and_no_choice_is_lost(
    browser: Browser, bench: Workbench, wrong: Sent, field: str, words: str
) -> None:
    before, form = text_of(bench), chosen(browser.get(PAGE).text)
    answer = browser.post(PAGE, form | {"axis": "hdnd"} | wrong)
    assert answer.status_code == 422 and text_of(bench) == before
    told = re.search(rf'id="error-{re.escape(field)}">([^<]*)', answer.text)
    assert told is not None and words in unescape(told[1])
    again = chosen(answer.text)
    assert again["axis"] == "hdnd"
    assert all(again.get(name) == value for name, value in wrong.items() if name != "unit" and value)


def test_facts_are_added_found_and_required(browser: Browser, bench: Workbench) -> None:
    form = chosen(browser.get(PAGE).text)
    more = chosen(browser.post(PAGE, form | {"do": "more"}).text)
    assert "fact.0.id" in more and "fact.0.id" not in form
    found = browser.post(PAGE, form | {"do": "find", "find": "xã phường"}).text
    assert 'name="use" value="wards"' in found
    fact = {
        "fact.0.id": "so_buoc",
        "fact.0.kind": "number",
        "fact.0.value": "4",
        "fact.0.unit": "bước",
        "fact.0.source": "Trung tâm",
    }
    answer = browser.post(PAGE, more | fact)
    assert answer.status_code == 303, answer.text
    assert "  so_buoc: {kind: number, value: 4, unit: bước, source: Trung tâm}\n" in text_of(bench)


def test_a_quoted_fact_stays_and_its_places_are_named(browser: Browser, bench: Workbench) -> None:
    before, page = text_of(bench, OWN_FACT), f"/entries/{OWN_FACT}/properties"
    form = chosen(browser.get(page).text)
    looked = browser.post(page, form | {"fact.0.gone": "1", "do": "look"}).text
    answer = browser.post(page, form | {"fact.0.gone": "1", "seal": seal_of(looked)})
    assert answer.status_code == 409 and text_of(bench, OWN_FACT) == before
    assert "còn được trích: Tiêu đề" in answer.text and "Có điều phải sửa trước" in answer.text


def test_a_series_says_so_and_shows_its_next_turns(browser: Browser, bench: Workbench) -> None:
    page = f"/entries/{SERIES}--2027-01/properties"
    html = browser.get(page).text
    assert "tệp chung cho 3 kỳ" in html
    looked = browser.post(page, chosen(html) | {"repeat.until": "2027-04-30", "do": "look"}).text
    assert "29/4/2027" in looked and "thay đổi là của cả 4 kỳ" in looked
    once = browser.post(page, chosen(html) | {"repeat.every": ""})
    assert once.status_code == 409
    answer = browser.post(page, chosen(once.text))
    assert answer.headers["location"].startswith(f"/entries/{SERIES}/properties?saved=yes")
    assert "repeat:" not in text_of(bench, SERIES)


def test_others_choices_stay_and_the_same_one_is_asked_about(browser: Browser, bench: Workbench) -> None:
    mine, theirs = chosen(browser.get(PAGE).text), chosen(browser.get(PAGE).text)
    assert browser.post(PAGE, theirs | {"axis": "hdnd", "unit": "so-vhtt"}).status_code == 303
    path = bench.root / "content" / f"{ENTRY}.md"
    both = browser.post(PAGE, mine | {"group": "1.9", "unit": "mttq-tp"})
    assert both.status_code == 409 and "Người khác vừa đổi cũng những mục này: đơn vị" in both.text
    answer = browser.post(PAGE, chosen(both.text))
    assert answer.status_code == 303, answer.text
    assert {"axis: hdnd", "unit: mttq-tp", 'group: "1.9"'} <= set(path.read_text("utf-8").split("\n"))


def test_what_was_typed_on_the_page_of_the_text_waits_as_a_draft(browser: Browser, bench: Workbench) -> None:
    edit = f"/entries/{ENTRY}/edit"
    form = form_of(browser.get(edit).text)
    answer = browser.post(f"{edit}/properties", form | {"f.action": "Gõ dở"})
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    first = browser.post(PAGE, without(chosen(browser.get(PAGE).text), "youtube"))
    assert browser.post(PAGE, chosen(first.text)).status_code == 303
    again = browser.get(edit).text
    assert "Gõ dở" in again and "Đang xem bản nháp của bạn" in again and "f.variants.youtube.text" not in again
    saved = browser.post(edit, form_of(again) | {"do": "save"})
    assert saved.status_code == 303 and "action: Gõ dở" in text_of(bench) and "youtube" not in text_of(bench)
    plain = browser.post(f"{edit}/properties", form_of(browser.get(edit).text), hx_request="true")
    assert (plain.status_code, plain.headers["hx-redirect"]) == (204, PAGE)
    assert bench.store.drafts.of(ENTRY) == ()


def test_readers_may_not_open_it_and_a_strange_form_breaks_nothing(browser: Browser, bench: Workbench) -> None:
    before = text_of(bench)
    assert browser.as_person("nguoi-xem").get(PAGE).status_code == 403
    assert browser.get("/entries/khong-co/properties").status_code == 404
    forms: tuple[Sent, ...] = ({}, {"base": "[1]", "channel": ["\x00"], "fact.999.x": "1", "fact.1.kind": "?", "seal": "x"})
    for strange in forms:
        assert browser.post(PAGE, strange).status_code in (409, 422)
    assert text_of(bench) == before


def test_an_english_text_is_begun_here_and_no_word_of_it_is_lost(browser: Browser, bench: Workbench) -> None:
    form, file = chosen(browser.get(PAGE).text), bench.root / "content" / f"{ENTRY}.en.md"
    half = browser.post(PAGE, form | {"english.headline": "Report <it>"})
    assert half.status_code == 422 and 'value="Report &lt;it&gt;"' in half.text and not file.exists()
    assert "Hãy ghi thân bài tiếng Anh" in half.text
    whole = form | {"english.headline": "Report it", "english.summary": "One line.", "english.body": "First.\n\nSecond."}
    answer = browser.post(PAGE, whole)
    answer = browser.post(PAGE, whole | {"seal": seal_of(answer.text)}) if answer.status_code == 409 else answer
    assert answer.status_code == 303 and 'headline: "Report it"' in file.read_text("utf-8")
    page = browser.get(answer.headers["location"]).text
    assert 'name="language.telegram"' in page and "Thêm bản tiếng Anh" not in page
    assert 'name="f.en.body"' in browser.get(f"/entries/{ENTRY}/edit").text
    file.unlink()


def test_the_channels_are_put_in_another_order_by_buttons_and_the_file_keeps_it(browser: Browser, bench: Workbench) -> None:
    before = text_of(bench)
    form = chosen(browser.get(PAGE).text)
    first, second, *rest = form["channel"]
    html = browser.post(PAGE, form | {"move": f"up:{second}"}).text
    assert text_of(bench) == before  # nothing is saved by it
    form = chosen(html)
    assert form["channel"] == [second, first, *rest]
    assert browser.post(PAGE, form | {"move": f"up:{second}"}).status_code == 200  # it stands first already
    form = chosen(browser.post(PAGE, form | {"move": f"down:{second}"}).text)
    assert form["channel"] == [first, second, *rest]
    form = chosen(browser.post(PAGE, form | {"move": f"down:{first}"}).text)
    answer = browser.post(PAGE, form | {"do": "save"})
    assert answer.status_code == 303, answer.text
    assert bench.store.audit.all()[-1].detail == "đã ghi vào tệp: kênh"
    old, new = f"channels: [{', '.join([first, second, *rest])}]", f"channels: [{', '.join([second, first, *rest])}]"
    assert text_of(bench) == before.replace(old, new, 1) != before
    assert chosen(browser.get(PAGE).text)["channel"] == [second, first, *rest]
