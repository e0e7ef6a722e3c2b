"""What is filled in for a picture or for the properties of an entry is kept until it is saved, and shown when one comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.place import Place
from desk.workbench import Workbench, open_workbench
from editorial.clock import SimulatedClock
from store.entry_text import read_entry_text
from store.medium_text import written_media
from tests.desk.web.browser import Browser
from tests.desk.web.test_medium_pages import form_of
from tests.desk.web.test_properties import chosen
from tests.desk.written_office import NOW
from tests.story.workspace import make_workspace

ENTRY = "giai-phong-thu-do"
ANH, NEW, PROPERTIES = f"/entries/{ENTRY}/media/anh", f"/entries/{ENTRY}/media/new", f"/entries/{ENTRY}/properties"
RESTORED = "Đang xem bản nháp của bạn, gõ lúc"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """Return an office with a second editor."""
    root = make_workspace(tmp_path, (ENTRY,))
    office = root / "content" / "office.yaml"
    second = "  - {id: bien-tap-2, name: Lê Bình, roles: [editor]}\n  - {id: kiem-chung,"
    office.write_text(office.read_text("utf-8").replace("  - {id: kiem-chung,", second, 1), "utf-8")
    with open_workbench(Place(root=root), tmp_path / "memory", SimulatedClock(NOW)) as bench:
        yield bench


@pytest.fixture
def browser(bench: Workbench) -> Browser:
    return Browser(bench, "bien-tap")


def test_what_is_typed_for_a_picture_comes_back_and_is_forgotten_once_the_file_has_it(browser: Browser, bench: Workbench) -> None:
    html = browser.get(ANH).text
    assert RESTORED not in html and "Chưa đổi gì so với tệp." in html
    form = form_of(html) | {"f.headline": "Câu gõ dở"}
    told = browser.post(f"{ANH}/draft", form | {"changed": "1"}).json()
    assert re.fullmatch(r"\d\d:\d\d", told["kept"]) and told["overtaken"] is False
    again = browser.get(ANH).text
    assert RESTORED in again and "Bỏ nháp, xem tệp" in again
    assert form_of(again)["f.headline"] == "Câu gõ dở"
    assert RESTORED not in browser.as_person("bien-tap-2").get(ANH).text  # a draft is its author's
    assert browser.post(ANH, form_of(again) | {"do": "save"}).status_code == 303
    assert "Câu gõ dở" in read_entry_text(bench.root, ENTRY).texts["vi"]
    assert RESTORED not in browser.get(ANH).text
    late = browser.post(f"{ANH}/draft", form_of(again) | {"f.headline": "Đến sau", "changed": "1"}).json()
    assert late["kept"] is None  # slower on the way than the save
    assert RESTORED not in browser.get(ANH).text


def test_a_draft_of_a_picture_is_given_up_by_a_button(browser: Browser) -> None:
    form = form_of(browser.get(ANH).text)
    browser.post(f"{ANH}/draft", form | {"f.headline": "Câu gõ dở", "changed": "1"})
    again = form_of(browser.get(ANH).text)
    gone = browser.post(f"{ANH}/drop", again)
    assert gone.status_code == 303
    html = browser.get(gone.headers["location"]).text
    assert RESTORED not in html and form_of(html)["f.headline"] == form["f.headline"]
    assert RESTORED not in browser.get(ANH).text


def test_a_new_picture_that_was_begun_is_gone_on_with(browser: Browser) -> None:
    form = form_of(browser.get(f"{NEW}?template=infographic/figures").text) | {"f.headline": "Hình mới gõ dở"}
    browser.post(f"{NEW}/draft", form | {"changed": "1"})
    choice = browser.get(NEW).text
    there = re.search(r'href="(\?draft=[0-9a-f]+)">Mở', choice)
    assert there
    for address in (f"{NEW}{there[1]}", f"{NEW}?template=infographic/figures"):
        assert form_of(browser.get(address).text)["f.headline"] == "Hình mới gõ dở"
    assert form_of(browser.get(f"{NEW}?template=infographic/occasion").text)["f.headline"] == ""


def test_a_picture_that_somebody_took_away_meanwhile_keeps_what_was_typed_for_it(browser: Browser, bench: Workbench) -> None:
    form = form_of(browser.get(ANH).text)
    browser.post(f"{ANH}/draft", form | {"f.headline": "Câu gõ dở", "changed": "1"})
    other = browser.as_person("bien-tap-2")
    assert other.post(ANH, form_of(other.get(ANH).text) | {"do": "remove"}).status_code == 303
    html = browser.get(ANH).text
    assert "Hình này vừa bị bỏ khỏi bài" in html
    assert browser.post(NEW, form_of(html) | {"do": "save"}).status_code == 303
    assert written_media(read_entry_text(bench.root, ENTRY))[-1].data["vi"]["headline"] == "Câu gõ dở"


def test_a_save_that_is_refused_keeps_what_was_typed(browser: Browser) -> None:
    form = form_of(browser.get(ANH).text)
    assert browser.post(ANH, form | {"f.headline": "chữ " * 90, "f.source": "Nguồn gõ dở", "do": "save"}).status_code == 422
    assert form_of(browser.get(ANH).text)["f.source"] == "Nguồn gõ dở"


def test_chosen_properties_come_back_with_their_consequences_and_every_box(browser: Browser, bench: Workbench) -> None:
    html = browser.get(PROPERTIES).text
    form = chosen(html)
    assert isinstance(form["channel"], list)
    kept = [each for each in form["channel"] if each != "zalo"]
    typed = form | {"channel": kept, "axis": "hdnd", "fact.0.id": "so_moi", "fact.0.kind": "number", "fact.0.value": "12",
                    "fact.0.unit": "ga", "fact.0.source": "Sở"}  # fmt: skip
    assert browser.post(f"{PROPERTIES}/draft", typed | {"changed": "1"}).json()["kept"]
    again = browser.get(PROPERTIES).text
    assert RESTORED in again and "so_moi" in again and "Sẽ đổi:" in again
    back = chosen(again)
    assert (back["channel"], back["axis"]) == (kept, "hdnd")
    assert RESTORED not in browser.as_person("bien-tap-2").get(PROPERTIES).text
    back |= {"fact.0.id": "so_moi", "fact.0.kind": "number", "fact.0.value": "12", "fact.0.unit": "ga", "fact.0.source": "Sở"}
    saved = browser.post(PROPERTIES, back | {"do": "save"})
    assert saved.status_code == 303, saved.text
    assert "axis: hdnd" in read_entry_text(bench.root, ENTRY).texts["vi"]
    assert RESTORED not in browser.get(PROPERTIES).text


def test_chosen_properties_are_given_up_by_a_button(browser: Browser) -> None:
    form = chosen(browser.get(PROPERTIES).text)
    browser.post(f"{PROPERTIES}/draft", form | {"axis": "hdnd", "changed": "1"})
    gone = browser.post(f"{PROPERTIES}/drop", chosen(browser.get(PROPERTIES).text))
    assert RESTORED not in browser.get(gone.headers["location"]).text
    assert RESTORED not in browser.get(PROPERTIES).text


def test_who_may_not_write_keeps_no_draft(browser: Browser, bench: Workbench) -> None:
    other = browser.as_person("nguoi-xem")
    assert other.post(f"{ANH}/draft", {"changed": "1"}).status_code == 403
    assert other.post(f"{PROPERTIES}/draft", {"changed": "1"}).status_code == 403
