"""The page on which an entry is written, asked without a browser: what it shows, what it refuses, and that no word is lost."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from threading import Event

import pytest

from desk.errands import Errands
from desk.place import Place
from desk.rendering import HowFar
from desk.web.fact_picker import pick
from desk.web.presence import AWAY, Presence
from desk.web.views.folding import folded
from desk.workbench import Workbench
from desk.workspace import Workspace, read_workspace
from editorial.clock import SystemClock
from editorial.workflow import Stage
from scheduler.engines.contract import Engine
from tests.desk.web.browser import Browser
from tests.desk.written_content import content_kept, drawing_errands
from tests.story.workspace import make_workspace

ENTRY = "di-san-van-hoa"
PAGE = f"/entries/{ENTRY}/edit"
EDITOR = "bien-tap"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return read_workspace(Place(root=make_workspace(tmp_path_factory.mktemp("office"), (ENTRY, "giai-phong-thu-do"))))


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
    """Return what the form would send if nobody typed anything."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    found |= dict(re.findall(r'<input type="text" id="[^"]+" name="([^"]+)" value="([^"]*)"', html))
    found |= dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', html, re.S))
    return {name: unescape(value) for name, value in found.items()}


def test_the_page_holds_every_field_of_both_languages_and_works_without_a_script(browser: Browser) -> None:
    html = browser.get(PAGE).text
    form = form_of(html)
    assert {"f.headline", "f.summary", "f.body", "f.action", "f.link", "f.hashtags", "f.when", "f.en.headline", "f.en.body",
            "f.moments.facebook", "f.variants.facebook.text", "f.media.anh.alt", "f.en.media.anh.alt"} <= form.keys()  # fmt: skip
    assert "{{ fact.di_san_2026 }}" in form["f.summary"]
    assert not re.search(r"\son\w+=|<script(?![^>]* src=)|style=", html)
    answer = browser.post(PAGE, form | {"show": "telegram", "f.body": "Chữ chưa lưu"})
    assert (answer.status_code, "Chữ chưa lưu" in answer.text) == (200, True)  # another channel's preview loses no word
    assert "post-telegram" in answer.text


def test_saving_writes_the_file_and_every_page_knows(browser: Browser, bench: Workbench) -> None:
    form = form_of(browser.get(PAGE).text)
    answer = browser.post(PAGE, form | {"f.headline": "Di sản của chúng ta", "do": "save"})
    assert answer.status_code == 303
    assert "headline: \"Di sản của chúng ta\"" in (bench.root / "content" / f"{ENTRY}.md").read_text("utf-8")
    after = browser.get(answer.headers["location"]).text
    assert "Đã lưu vào content/di-san-van-hoa.md." in after
    assert "Trở về bản này" in after
    assert "Di sản của chúng ta" in browser.get(f"/entries/{ENTRY}").text
    browser.post(f"{PAGE}/draft", form | {"f.headline": "Di sản", "changed": "1"})  # slower on the way than the save
    assert bench.store.drafts.of(ENTRY) == ()
    first = re.findall(r'name="version" value="(\d+)"', after)[-1]
    back = browser.post(f"{PAGE}/back", form_of(after) | {"version": first, "f.action": "Gõ dở"})
    assert back.status_code == 303
    assert [each.fields["action"] for each in bench.store.drafts.of(ENTRY)] == ["Gõ dở"]  # typed and not saved: not lost
    assert "Bản nháp khác của bạn" in browser.get(back.headers["location"]).text
    assert "Di sản của chúng ta" not in (bench.root / "content" / f"{ENTRY}.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({"f.headline": ""}, "Không được để trống", "headline"),
        ({"f.link": "http:/sai"}, "Phải là đường dẫn bắt đầu bằng https://", "link"),
    ],
)
def test_what_cannot_be_saved_is_told_at_its_field_and_nothing_typed_is_lost(
    browser: Browser, bench: Workbench, wrong: dict[str, str], words: str, field: str
) -> None:
    form = form_of(browser.get(PAGE).text)
    answer = browser.post(PAGE, form | {"f.body": "Thân bài <b>mới</b> & dài", **wrong})
    assert answer.status_code == 422
    assert "Chữ trên trang khác với tệp, chưa lưu." in answer.text and "Chưa đổi gì so với tệp" not in answer.text
    assert "Thân bài &lt;b&gt;mới&lt;/b&gt; &amp; dài" in answer.text
    told = re.search(rf'<ul class="notes" id="n\.{field}">.*?</ul>', answer.text)
    assert told is not None
    assert words in unescape(told[0])
    assert f'data-jump="{field}"' in answer.text
    assert [each.fields["body"] for each in bench.store.drafts.of(ENTRY)] == ["Thân bài <b>mới</b> & dài"]
    assert "Thân bài <b>mới" not in (bench.root / "content" / f"{ENTRY}.md").read_text("utf-8")


def test_two_people_are_shown_each_other_s_words_and_choose_field_by_field(browser: Browser, bench: Workbench) -> None:
    form = form_of(browser.get(PAGE).text)
    browser.post(PAGE, form | {"f.body": "Của người kia", "f.action": "Hãy đến", "f.link": "https://hanoi.gov.vn/khac"})
    answer = browser.post(PAGE, form | {"f.body": "Của tôi", "f.link": "https://hanoi.gov.vn/toi", "f.headline": "Tiêu đề tôi"})
    assert answer.status_code == 409
    assert "Người khác vừa lưu mục này" in answer.text
    assert "Của người kia" in answer.text
    merged = form_of(answer.text)
    assert (merged["f.body"], merged["f.action"], merged["f.headline"]) == ("Của tôi", "Hãy đến", "Tiêu đề tôi")
    chosen = {"choice.body": "mine", "choice.link": "theirs"}
    assert browser.post(PAGE, merged | chosen).status_code == 303
    message = bench_text(bench)
    assert "Của tôi" in message
    assert "link: https://hanoi.gov.vn/khac" in message
    assert "action: Hãy đến" in message


def bench_text(bench: Workbench) -> str:
    return (bench.root / "content" / f"{ENTRY}.md").read_text("utf-8")


def test_a_look_tells_figures_lengths_moments_and_the_post_of_what_is_typed(browser: Browser) -> None:
    form = form_of(browser.get(PAGE).text)
    body = "Thành phố có **127** phường.\n\nMở cửa 45 ngày. " + "Dài lắm. " * 60
    typed = {"f.body": body, "channel": "facebook", "f.headline": "Dài " * 30, "f.when": "di_san_van_hoa/2026-2d@07:15"}
    answer = browser.post(f"{PAGE}/look", form | typed)
    found = answer.json()
    start, end, told = found["marks"]["body"][0]
    assert body[start:end] == "127** phường"
    assert "{{" not in told
    assert "126" in told
    assert any("chưa có dữ kiện nào nêu" in text for text, _ in found["notes"]["body"])
    assert any("tối đa 90" in text for text, _ in found["notes"]["headline"])
    assert "07:15 thứ Bảy 21/11/2026" in found["parts"]["when"]
    assert "Xem thêm" in found["parts"]["channels"]
    assert "63.206 ký tự" in found["parts"]["channels"]
    assert 'data-jump="body"' in found["parts"]["problems"]
    wrong = browser.post(f"{PAGE}/look", form | {"f.when": "khong_co/2026@07:15", "f.link": "x"}).json()
    assert wrong["notes"].keys() >= {"when", "link"}
    unknown = browser.post(f"{PAGE}/look", form | {"f.body": "Có {{ fact.khong_co }}"}).json()
    assert any("không có dữ kiện" in text.lower() for text, _ in unknown["notes"]["body"])


def test_a_channel_that_takes_no_post_without_a_clip_says_so_at_once(browser: Browser, bench: Workbench) -> None:
    form = form_of(browser.get(PAGE).text)
    assert "kênh này cần" not in browser.post(f"{PAGE}/look", form).json()["parts"]["problems"].lower()
    new = {"id": "khong-anh", "headline": "Không ảnh", "summary": "Tóm tắt.", "day": "2090-12-10", "time": "08:00",
           "tone": "neutral", "form": "communication", "unit": "so-vhtt", "axis": "ubnd", "group": "1.7",
           "channel": ["youtube", "zalo", "telegram"]}  # fmt: skip
    try:
        assert browser.post("/calendar/new", new).status_code == 303
        html = browser.get("/entries/khong-anh/edit").text
        assert "Kênh YouTube</span>    <p>Kênh này cần ít nhất một clip; hãy thêm vào bài, hoặc bỏ kênh này khỏi bài" in html
        assert "Zalo Official Account</span>    <p>Kênh này cần một ảnh hoặc clip làm bìa" in html
        assert "Không còn vướng mắc" not in html and "2 phải sửa trước khi duyệt" in html
        assert "Bài này chưa có ảnh hay clip" in html
    finally:
        (bench.root / "content" / "khong-anh.md").unlink(missing_ok=True)


def test_an_entry_whose_moment_has_passed_is_not_handed_in(browser: Browser, errands: Errands, bench: Workbench) -> None:
    form = form_of(browser.get(PAGE).text) | {"f.when": "2020-01-01@08:00", "do": "submit"}
    assert browser.post(PAGE, form).status_code == 303
    errand = errands.latest(f"hand-in/{ENTRY}")
    assert errand is not None and errand.wait(300)
    html = browser.get(f"{PAGE}/handing").text
    assert "Chưa trình được" in html and "08:00 1/1/2020, đã qua; hãy chọn thời điểm khác" in html
    assert bench.store.workflow.of(ENTRY).stage is Stage.DRAFT


def test_a_look_is_in_the_language_of_whoever_looks(browser: Browser) -> None:
    said = {language: browser.get(PAGE, accept_language=language).text for language in ("vi", "en", "vi")}
    office, english = "09:00 Chủ nhật 22/11/2026", "09:00 Sun 22 Nov 2026"
    assert office in said["vi"] and english not in said["vi"]
    assert english in said["en"] and office not in said["en"]


def test_a_draft_is_kept_shown_again_and_given_up(browser: Browser, bench: Workbench) -> None:
    form = form_of(browser.get(PAGE).text)
    told = browser.post(f"{PAGE}/draft", form | {"f.summary": "Đang gõ dở", "changed": "1"}).json()
    assert re.fullmatch(r"\d\d:\d\d", told["kept"])
    assert (told["others"], told["overtaken"]) == ([], False)
    again = browser.get(f"{PAGE}").text
    assert form_of(again)["f.summary"] == "Đang gõ dở"
    assert "bản nháp của bạn" in again
    assert "Đang gõ dở" not in bench_text(bench)
    answer = browser.post(f"{PAGE}/drop", form_of(again))
    assert form_of(browser.get(answer.headers["location"]).text)["f.summary"] == form["f.summary"]
    assert bench.store.drafts.of(ENTRY) == ()


def test_facts_are_found_with_marks_and_without(browser: Browser, bench: Workbench) -> None:
    for words in ("xã, phường", "xa, phuong", "WARDS", "126 xã"):
        assert browser.get(f"{PAGE}/facts?q={words}").json()[0]["quote"] == "{{ fact.wards }}", words
    found = browser.get(f"{PAGE}/facts?q=xa+phuong").json()[0]
    assert found["words"] == "126 xã, phường"
    assert found["source"]
    assert found["as_of"] == "1/4/2026"
    assert browser.get(f"{PAGE}/facts?q=khongcogi").json() == []
    assert len(pick(bench.content.facts.values(), "")) == 12


def test_a_picture_of_what_is_typed_is_drawn_when_it_is_asked_for(browser: Browser) -> None:
    html = browser.get(f"{PAGE}?channel=facebook").text
    address = re.findall(r'src="(/sketches/[0-9a-f]+\.jpg)"', html)[0]
    answer = browser.get(address)
    assert (answer.status_code, answer.content[:2]) == (200, b"\xff\xd8")
    assert browser.get("/sketches/0000.jpg").status_code == 404


def test_what_is_not_there_or_too_long_is_refused(browser: Browser) -> None:
    assert browser.as_person("duyet").get(PAGE).status_code in (400, 403)  # who may not write is told so
    assert browser.get("/entries/khong-co/edit").status_code == 404
    assert browser.post("/entries/khong-co/edit", {}).status_code == 404
    assert browser.post(PAGE, {"f.body": "x" * 2_100_000}).status_code in (400, 413)
    assert browser.post(f"{PAGE}/back", {"version": "9" * 40}).status_code == 400
    assert browser.post(PAGE, {}, sec_fetch_site="cross-site").status_code == 403
    assert browser.post(PAGE, {"base": "[1", "digest": "x", "tab": "../.."}).status_code == 303  # nothing typed


def test_presence_is_held_as_long_as_a_page_says_so() -> None:
    presence, now = Presence(), SystemClock().now()
    assert presence.see("bai", "an", "trang-an", now) == ()
    assert presence.see("bai", "an", "trang-an-2", now) == ()
    assert presence.see("bai", "binh", "trang-binh", now) == ("an",)
    presence.leave("bai", "trang-binh")
    assert presence.see("bai", "an", "trang-an", now + AWAY) == ()
    assert presence.see("bai", "binh", "trang-binh", now + AWAY) == ("an",)


def test_a_text_is_folded_where_the_platform_folds_it() -> None:
    assert folded("Ngắn.", "facebook") == ("Ngắn.", "")
    shown, rest = folded("\n".join(f"Dòng {number}" for number in range(9)), "facebook")
    assert (shown.count("\n"), rest[:6]) == (4, "Dòng 5")
    shown, rest = folded("chữ " * 200, "facebook")
    assert len(shown) <= 480
    assert (shown + " " + rest).split() == ["chữ"] * 200
    assert folded("chữ " * 200, "telegram")[1] == ""
    assert folded("Dòng đầu.\nDòng hai.\nDòng ba.", "tiktok") == ("Dòng đầu.\nDòng hai.", "Dòng ba.")


def test_the_base_that_a_page_sends_is_the_file_s_own_words(browser: Browser) -> None:
    form = form_of(browser.get(PAGE).text)
    base = json.loads(form["base"])
    assert {f"f.{name}": value for name, value in base.items()} == {name: form[name] for name in form if name.startswith("f.")}


def test_what_is_handed_in_again_while_its_pictures_are_made_is_handed_in_as_it_was_saved_last(
    browser: Browser, bench: Workbench, errands: Errands
) -> None:
    going, go = Event(), Event()

    def slow(engine: Engine, progress: HowFar) -> None:
        going.set()
        assert go.wait(300)

    first = errands.begin(f"hand-in/{ENTRY}", slow, page=PAGE)  # the pictures of the text before take long
    assert going.wait(300)
    to_come = {"f.when": "2090-11-22@09:00", "f.moments.telegram": ""}  # one whose moment has passed is not handed in
    new = {"f.headline": "Di sản mới sửa", "do": "submit"} | to_come
    answer = browser.post(PAGE, form_of(browser.get(PAGE).text) | new)
    assert answer.status_code == 303
    second = errands.latest(f"hand-in/{ENTRY}")
    assert second is not None and second is not first and not second.over, "it waits for the one before, and is not forgotten"
    browser.post(PAGE, form_of(browser.get(PAGE).text) | {"do": "submit"})
    assert errands.latest(f"hand-in/{ENTRY}") is second, "the same text is handed in once, however often the button is pressed"
    go.set()
    assert second.wait(300) and second.refusal is None
    submission = bench.store.submissions.latest(ENTRY)
    assert submission is not None
    assert any("Di sản mới sửa" in post.variant.text for post in bench.store.submissions.posts(submission.id))


def test_what_goes_wrong_while_an_entry_is_handed_in_is_told_and_logged(
    browser: Browser, bench: Workbench, errands: Errands, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(bench.media.folder, ignore_errors=True)
    bench.media.folder.write_text("no folder any more")
    answer = browser.post(PAGE, form_of(browser.get(PAGE).text) | {"f.headline": "Di sản của chúng ta", "do": "submit"})
    assert answer.status_code == 303
    errand = errands.latest(f"hand-in/{ENTRY}")
    assert errand is not None and errand.wait(300)
    assert "có lỗi trong hệ thống và đã được ghi lại" in browser.get(f"{PAGE}/handing").text
    assert "FileExistsError" in caplog.text
