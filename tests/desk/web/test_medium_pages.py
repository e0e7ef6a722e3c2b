"""The pages on which a picture or clip of an entry is added, changed and taken away: what they show, refuse and keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from desk.errands import Errands
from desk.place import Place
from desk.workbench import Workbench
from desk.workspace import Workspace, read_workspace
from store.entry_text import read_entry_text
from store.medium_text import WrittenMedium, written_media
from tests.desk.web.browser import Browser
from tests.desk.web.test_editing import form_of as entry_form
from tests.desk.written_content import content_kept, drawing_errands
from tests.story.workspace import make_workspace

ENTRY, SHARED, SERIES = "di-san-van-hoa", "an-toan-thuc-pham", "nhac-ho-so-cuoi-thang"
EDITOR = "bien-tap"
ANH = f"/entries/{ENTRY}/media/anh"
NEW = f"/entries/{ENTRY}/media/new"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return read_workspace(Place(root=make_workspace(tmp_path_factory.mktemp("office"), (ENTRY, SHARED, SERIES))))


@pytest.fixture
def bench(workspace: Workspace, tmp_path: Path) -> Iterator[Workbench]:
    """Return the office with a memory of its own, and with its content as it was."""
    with content_kept(workspace, tmp_path / "office") as bench:
        yield bench


@pytest.fixture(scope="module")
def errands() -> Iterator[Errands]:
    with drawing_errands() as errands:
        yield errands


@pytest.fixture
def browser(bench: Workbench, errands: Errands) -> Browser:
    return Browser(bench, EDITOR, errands=errands)


def form_of(html: str) -> dict[str, str]:
    """Return what the form would send if nobody touched it."""
    html = html[html.index('<form id="medium"') :]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    found |= dict(re.findall(r'<input type="text" id="[^"]+" name="([^"]+)" value="([^"]*)"', html))
    found |= dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', html, re.S))
    found |= dict(re.findall(r'<input type="(?:checkbox|radio)" name="([^"]+)"(?: id="[^"]+")? value="([^"]*)" checked', html))
    found |= {"template": chosen[1]} if (chosen := re.search(r'<option value="([^"]+)" selected', html)) else {}
    return {name: unescape(value) for name, value in found.items()}


def medium(bench: Workbench, id: str = "anh", entry: str = ENTRY) -> WrittenMedium:
    return next(each for each in written_media(read_entry_text(bench.root, entry)) if each.id == id)


def words(bench: Workbench, entry: str = ENTRY, language: str = "vi") -> str:
    return read_entry_text(bench.root, entry).texts[language]


def test_the_entry_shows_each_picture_with_what_can_be_done_to_it(browser: Browser) -> None:
    html = browser.get(f"/entries/{ENTRY}/edit").text
    part = html[html.index('id="media"') :]
    assert "Các con số" in part or "con số" in part
    assert f'formaction="/entries/{ENTRY}/edit/media" name="medium" value="anh"' in part
    assert f'formaction="/entries/{ENTRY}/edit/media/remove"' in part
    assert "Thêm hình" in part
    assert "Thêm clip" in part
    assert re.search(r'<img src="/sketches/[0-9a-f]{64}\.jpg"', part)


def test_a_form_that_nobody_touched_saves_not_one_letter(browser: Browser, bench: Workbench) -> None:
    before = read_entry_text(bench.root, ENTRY)
    form = form_of(browser.get(ANH).text)
    assert form["f.headline"] == "Di\u00a0sản ở ngay quanh\u00a0ta"
    assert "{{ fact.van_mieu_year }}" in form["f.figures.0.value"]
    answer = browser.post(ANH, form | {"do": "save"})
    assert answer.status_code == 303
    assert "saved=same" in answer.headers["location"]
    assert read_entry_text(bench.root, ENTRY).texts == before.texts


def test_a_changed_word_is_written_and_kept_and_logged_and_can_be_had_back(browser: Browser, bench: Workbench) -> None:
    before = read_entry_text(bench.root, ENTRY)
    form = form_of(browser.get(ANH).text)
    answer = browser.post(ANH, form | {"do": "save", "f.lead": "Nơi nên đến: {{ fact.wards }}", "en.f.lead": "Places to go"})
    assert answer.status_code == 303
    assert medium(bench).data["vi"]["lead"] == "Nơi nên đến: {{ fact.wards }}"
    assert medium(bench).data["en"]["lead"] == "Places to go"
    for language in ("vi", "en"):
        gone = set(before.texts[language].split("\n")) - set(words(bench, language=language).split("\n"))
        assert len(gone) <= 1, gone
    kept = bench.store.entry_texts.of(ENTRY)
    assert [each.who for each in kept] == [EDITOR, ""]
    assert "đã sửa anh (infographic/figures)" in browser.as_person("quan-tri").get("/audit").text
    page = browser.get(f"/entries/{ENTRY}/edit")
    back = browser.post(f"/entries/{ENTRY}/edit/back", entry_form(page.text) | {"version": str(kept[-1].id)})
    assert back.status_code == 303
    assert read_entry_text(bench.root, ENTRY).texts == before.texts


def test_only_templates_that_the_entrys_channels_take_are_offered(browser: Browser) -> None:
    html = browser.get(NEW).text
    assert f'href="{NEW}?template=infographic/figures"' in html
    assert f'href="{NEW}?template=clip/explainer"' in html or "youtube" not in html
    assert "clip/" not in browser.get(f"{NEW}?kind=infographic").text.split("</nav>")[-1]


def test_a_new_picture_is_added_under_an_id_of_its_own(browser: Browser, bench: Workbench) -> None:
    before = words(bench)
    page = browser.get(f"{NEW}?template=infographic/figures")
    form = form_of(page.text)
    assert "(bắt buộc)" in page.text
    typed = {"f.headline": "Hai năm", "f.source": "Sở", "f.figures.0.value": "3", "f.figures.0.label": "ga", "f.figures.1.value":
             "{{ fact.wards.value }}", "f.figures.1.label": "nơi", "channel.facebook": "1", "theme": "dark",
             "alt.vi": "Hai số"}  # fmt: skip
    answer = browser.post(NEW, form | typed | {"do": "save"})
    assert answer.status_code == 303, answer.text
    made = medium(bench, "anh-2")
    assert made.channels == ("facebook",)
    assert made.theme == "dark"
    assert made.data["vi"]["figures"] == [{"value": 3, "label": "ga"}, {"value": "{{ fact.wards.value }}", "label": "nơi"}]
    assert set(before.split("\n")) <= set(words(bench).split("\n"))


def test_what_is_typed_is_drawn_before_it_is_saved(browser: Browser, bench: Workbench) -> None:
    form = form_of(browser.get(ANH).text)
    before = words(bench)
    answer = browser.post(f"{ANH}/look", form | {"f.headline": "Chữ chưa lưu"})
    source = re.search(r'<img src="(/sketches/[0-9a-f]{64}\.jpg)"', answer.text)
    assert source
    assert browser.get(source[1]).headers["content-type"] == "image/jpeg"
    plain = browser.post(ANH, form | {"f.headline": "Chữ chưa lưu", "do": "look"}).text
    assert source[1] in plain
    assert "Chữ chưa lưu" in plain
    assert words(bench) == before


def test_what_stands_against_a_field_is_said_beside_it(browser: Browser) -> None:
    form = form_of(browser.get(ANH).text)
    html = browser.post(f"{ANH}/look", form | {"f.headline": "dài " * 60}).text
    beside = re.search(r'<ul class="notes" id="n\.f\.headline" hx-swap-oob="true">(.*?)</ul>', html)
    assert beside
    assert "hãy rút ngắn" in beside[1]
    assert "hãy rút ngắn" not in browser.post(f"{ANH}/look", form).text


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"f.headline": ""}, "f.headline", "hãy điền vào"),
        ({"f.headline": "chữ " * 90}, "f.headline", "hãy rút ngắn"),
        ({"theme": "neon"}, "theme", "bảng màu"),
        ({"channel.tiktok-la": "1"}, "channels", "Không có kênh"),
        ({f"f.figures.{n}.value": str(n) for n in range(30)}, "f.figures", "hãy bớt lại"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    browser: Browser, bench: Workbench, typed: dict[str, str], field: str, said: str
) -> None:  # fmt: skip
    before = words(bench)
    form = form_of(browser.get(ANH).text)
    answer = browser.post(ANH, form | typed | {"do": "save", "f.lead": "Câu vừa gõ"})
    assert answer.status_code == 422
    beside = re.search(rf'id="n\.{re.escape(field)}">(.*?)</ul>', answer.text)
    assert beside, [field, re.findall('id="n[^"]*"[^>]*>', answer.text)]
    assert said in beside[1]
    assert "Câu vừa gõ" in answer.text
    assert words(bench) == before


def test_an_unknown_template_or_medium_is_not_found(browser: Browser) -> None:
    assert browser.get(f"{NEW}?template=infographic/khong-co").status_code == 404
    assert browser.get(f"/entries/{ENTRY}/media/khong-co").status_code == 404
    assert browser.get("/entries/khong-co/media/new").status_code == 404
    assert browser.post(ANH, {"do": "save", "template": "x", "drawn": "y"}).status_code == 404


def test_who_may_not_write_may_not_change_a_picture(bench: Workbench, browser: Browser) -> None:
    other = browser.as_person("nguoi-xem")
    assert other.get(ANH).status_code == 403
    assert other.post(ANH, {"do": "remove"}).status_code == 403


def test_two_people_change_one_picture_and_nothing_is_lost(browser: Browser, bench: Workbench) -> None:
    form = form_of(browser.get(ANH).text)
    assert browser.post(ANH, form | {"do": "save", "f.lead": "Bản của người khác"}).status_code == 303
    answer = browser.post(ANH, form | {"do": "save", "f.lead": "Bản của tôi"})
    assert answer.status_code == 409
    assert "Bản của người khác" in answer.text
    assert "Bản của tôi" in answer.text
    assert medium(bench).data["vi"]["lead"] == "Bản của người khác"
    assert browser.post(ANH, form_of(answer.text) | {"do": "save"}).status_code == 303
    assert medium(bench).data["vi"]["lead"] == "Bản của tôi"


def test_somebody_who_changes_the_words_meanwhile_is_in_nobodys_way(browser: Browser, bench: Workbench) -> None:
    form = form_of(browser.get(ANH).text)
    page = f"/entries/{ENTRY}/edit"
    assert (
        browser.post(page, entry_form(browser.get(page).text) | {"f.headline": "Tiêu đề khác", "do": "save"}).status_code == 303
    )
    assert browser.post(ANH, form | {"do": "save", "f.lead": "Bản của tôi"}).status_code == 303
    assert read_entry_text(bench.root, ENTRY).read().entry.messages["vi"].headline == "Tiêu đề khác"
    assert medium(bench).data["vi"]["lead"] == "Bản của tôi"


def test_a_picture_that_somebody_took_away_can_be_added_again(browser: Browser, bench: Workbench) -> None:
    form = form_of(browser.get(ANH).text)
    gone = browser.post(ANH, form | {"do": "remove"})
    assert gone.status_code == 303
    assert written_media(read_entry_text(bench.root, ENTRY)) == ()
    answer = browser.post(ANH, form | {"do": "save", "f.lead": "Vẫn còn"})
    assert answer.status_code == 409
    assert "Vẫn còn" in answer.text
    assert browser.post(NEW, form_of(answer.text) | {"do": "save"}).status_code == 303
    assert medium(bench).data["vi"]["lead"] == "Vẫn còn"


def test_words_that_are_not_saved_yet_are_kept_on_the_way_to_a_picture_and_back(browser: Browser, bench: Workbench) -> None:
    page = f"/entries/{ENTRY}/edit"
    form = entry_form(browser.get(page).text) | {"f.body": "Thân bài chưa lưu"}
    there = browser.post(f"{page}/media", form | {"medium": "anh"})
    assert there.headers["location"] == ANH
    saved = browser.post(ANH, form_of(browser.get(ANH).text) | {"do": "save", "f.lead": "Câu mới"})
    back = browser.get(saved.headers["location"].partition("#")[0])
    assert "Thân bài chưa lưu" in back.text
    assert browser.post(page, entry_form(back.text) | {"do": "save"}).status_code == 303
    entry = read_entry_text(bench.root, ENTRY).read().entry
    assert entry.messages["vi"].body == "Thân bài chưa lưu"
    assert medium(bench).data["vi"]["lead"] == "Câu mới"


def test_a_picture_is_taken_away_from_the_entrys_page_and_what_is_typed_there_stays(browser: Browser, bench: Workbench) -> None:
    page = f"/entries/{ENTRY}/edit"
    form = entry_form(browser.get(page).text) | {"f.body": "Thân bài chưa lưu", "medium": "anh"}
    answer = browser.post(f"{page}/media/remove", form)
    assert answer.status_code == 303
    assert "media" not in words(bench).split("---")[1]
    assert "anh:" not in words(bench, language="en").split("---")[1]
    html = browser.get(answer.headers["location"].partition("#")[0]).text
    assert "Thân bài chưa lưu" in html
    assert "chưa có ảnh hay clip" in html


def test_another_template_takes_over_what_it_has_a_field_for_and_tells_the_rest(browser: Browser, bench: Workbench) -> None:
    form = form_of(browser.get(ANH).text)
    shown = browser.post(ANH, form | {"template": "infographic/occasion", "do": "save"})  # nothing is saved unseen
    assert shown.status_code == 200
    again = form_of(shown.text)
    assert again["f.headline"] == form["f.headline"]
    assert "Giữ <code>figures</code>" in shown.text
    assert "keep.figures" not in again
    assert medium(bench).template == "infographic/figures"
    assert browser.post(ANH, again | {"do": "save"}).status_code == 303
    assert medium(bench).template == "infographic/occasion"
    assert "figures" not in medium(bench).data["vi"]


def test_a_key_that_the_template_does_not_have_is_shown_and_kept(browser: Browser, bench: Workbench) -> None:
    path = bench.root / "content" / f"{ENTRY}.md"
    path.write_text(path.read_text("utf-8").replace("      art: art/khue-van-cac.svg\n", "      la: 12\n", 1), "utf-8")
    html = browser.get(ANH).text
    assert "Giữ <code>la</code>: 12" in html
    form = form_of(html)
    assert form["keep.la"] == "1"
    assert browser.post(ANH, form | {"do": "save", "f.lead": "Câu mới"}).status_code == 303
    assert medium(bench).data["vi"]["la"] == 12
    form = form_of(browser.get(ANH).text)
    del form["keep.la"]
    assert browser.post(ANH, form | {"do": "save"}).status_code == 303
    assert "la" not in medium(bench).data["vi"]


def test_a_number_of_the_file_stays_a_number_in_a_field_of_words(browser: Browser, bench: Workbench) -> None:
    path = bench.root / "content" / f"{ENTRY}.md"
    path.write_text(re.sub(r"      kicker: .*\n", "      kicker: 2026\n", path.read_text("utf-8"), count=1), "utf-8")
    form = form_of(browser.get(ANH).text)
    assert browser.post(ANH, form | {"do": "save", "f.lead": "Câu mới"}).status_code == 303
    assert medium(bench).data["vi"]["kicker"] == 2026


def test_data_that_two_media_share_is_written_out_for_the_one_that_changes(browser: Browser, bench: Workbench) -> None:
    page = f"/entries/{SHARED}/media/anh"
    clip = medium(bench, "clip", SHARED)
    assert browser.post(page, form_of(browser.get(page).text) | {"do": "save", "f.headline": "Chỉ ảnh này"}).status_code == 303
    assert medium(bench, "anh", SHARED).data["vi"]["headline"] == "Chỉ ảnh này"
    assert medium(bench, "clip", SHARED) == clip


def test_a_picture_of_a_series_is_that_of_all_its_turns(browser: Browser, bench: Workbench) -> None:
    turn = next(each for each in bench.content.entries.values() if each.series == SERIES)
    page = f"/entries/{turn.id}/media/new"
    html = browser.get(f"{page}?template=infographic/notice").text
    assert "mọi kỳ" in html
    typed = {"f.headline": "Hạn nộp", "f.source": "Sở", "f.details.0.label": "Nơi nộp", "f.details.0.text": "Bộ phận một cửa"}
    assert browser.post(page, form_of(html) | typed | {"do": "save"}).status_code == 303
    assert medium(bench, "anh", SERIES).data["vi"]["headline"] == "Hạn nộp"


def test_the_proposed_words_for_those_who_do_not_see_are_taken_over_by_a_button(browser: Browser) -> None:
    form = form_of(browser.get(ANH).text) | {"alt.vi": ""}
    html = browser.post(ANH, form | {"do": "look"}).text
    assert "Nhận lời đề xuất" in html
    assert form_of(browser.post(f"{ANH}?of=vi", form_of(html) | {"do": "take"}).text)["alt.vi"]


def test_the_page_of_an_entry_leads_to_where_a_missing_picture_is_added(browser: Browser, bench: Workbench) -> None:
    page = f"/entries/{ENTRY}/edit"
    gone = browser.post(f"{page}/media/remove", entry_form(browser.get(page).text) | {"medium": "anh"})
    assert gone.status_code == 303
    html = browser.get(page).text
    assert 'data-jump="media"' in html
    assert 'id="f.media"' in html


def test_a_picture_that_was_taken_away_is_had_back_by_a_button_right_there(browser: Browser, bench: Workbench) -> None:
    before, page = read_entry_text(bench.root, ENTRY), f"/entries/{ENTRY}/edit"
    form = entry_form(browser.get(page).text) | {"f.body": "Thân bài chưa lưu", "medium": "anh"}
    gone = browser.post(f"{page}/media/remove", form).headers["location"].partition("#")[0]
    html = browser.get(gone).text
    told = html[html.index('<div class="edit-told" role="status">') :]
    undo = re.search(rf'formaction="{page}/back" name="version" value="([0-9a-f@]+)">Hoàn tác', told[: told.index("</div>")])
    assert undo
    back = browser.post(f"{page}/back", entry_form(html) | {"version": undo[1]})
    assert back.status_code == 303
    assert read_entry_text(bench.root, ENTRY) == before
    assert "Thân bài chưa lưu" in browser.get(page).text  # as a draft
    assert "Hoàn tác" not in browser.get(gone).text  # it would undo something else now
