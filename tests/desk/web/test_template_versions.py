"""A template's proof sheet, the frames of its clips, its versions with their differences, and its second person."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from httpx import Response
from PIL import Image

from desk.workspace import read_workspace
from scheduler.engines.embedded import EmbeddedEngine
from tests.desk.small_studio import CARD as CARD_YAML
from tests.desk.small_studio import HOUSE, SAMPLES, TOO_LONG, write_card
from tests.desk.web.browser import Browser
from tests.desk.web.drawing_office import APPROVER, CARD, DESIGNER, READER, DrawingOffice, drawing_office
from tests.desk.web.test_template_files import hidden
from tests.desk.web.test_templates import MANY, drawn

CLIP = """\
schema: 1
kind: clip
name: {vi: Lời}
fields: {line: {type: text, required: true, max: 40}}
themes: [light, dark]
sizes: {square: {}}
scenes:
  - id: one
    seconds: 1
    say: "{{ line }}"
    layers:
      - {id: ground, type: fill, fill: background}
      - {id: line, type: text, within: safe, text: "{{ line }}", font: display, size: 120, min_size: 100, max_lines: 1}
  - {id: two, seconds: 1, transition: {move: cut}, layers: [{id: end, type: fill, fill: primary}]}
"""


ENTRY = """\
---
id: chao
group: "1.7"
axis: ubnd
unit: so-vhtt
tone: neutral
when: "2027-03-01@08:00"
channels: [facebook]
headline: Chào buổi sáng
summary: Một lời chào.
media:
  - {id: anh, template: TEMPLATE, alt: "Lời chào buổi sáng.", data: {headline: Chào}}
---
Chào cả thành phố.
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    """Return the processes that draw for every test: each test has an office of its own, and what was drawn lies in that."""
    engine = EmbeddedEngine(threads=1, processes=1)
    yield engine
    engine.stop()


@pytest.fixture
def office(tmp_path: Path, engine: EmbeddedEngine) -> Iterator[DrawingOffice]:
    with drawing_office(tmp_path, engine=engine) as office:
        yield office


def write_clip(office: DrawingOffice, line: str = "Xin chào") -> None:
    folder = office.root / "templates" / "clip" / "loi"
    folder.mkdir(parents=True)
    (folder / "template.yaml").write_text(CLIP, encoding="utf-8")
    (folder / "sample.yaml").write_text(f"typical: {{line: {line}}}\n", encoding="utf-8")


def entry(office: DrawingOffice, template: str) -> None:
    """Write an entry that is far in the future and whose picture the template draws, and let the office know of it."""
    text = ENTRY.replace("TEMPLATE", template)
    (office.root / "content" / "chao.md").write_text(text, encoding="utf-8")
    office.bench = replace(office.bench, workspace=read_workspace(office.bench.workspace.place))


def settled(browser: Browser, answer: Response) -> Response:
    """Follow a redirect, and return its page once no errand of it is under way."""
    page = browser.get(answer.headers["location"]) if answer.status_code == 303 else answer
    for _ in range(MANY):
        found = re.search(r'hx-get="(/errands/[0-9a-f]+)"', page.text)
        if found is None:
            return page
        browser.get(found[1])
        page = browser.get(page.url.raw_path.decode())
    raise AssertionError("it is never over")


def edited(browser: Browser, text: str) -> Response:
    """Save another template.yaml of the card on its page."""
    page = browser.get(f"/templates/{CARD}/edit")
    form = {"file": "template.yaml", "text": text, "digest": hidden(page, "digest"), "do": "save"}
    answer = browser.post(f"/templates/{CARD}/edit", form)
    assert answer.status_code == 303
    return answer


def test_a_clip_is_seen_at_any_moment(office: DrawingOffice) -> None:
    write_clip(office)
    browser = office.browser()
    shown = drawn(browser, browser.get("/templates/clip/loi"))
    digest = re.search(r'data-scrub="([0-9a-f]{64})" data-frames="60"', shown)
    assert digest is not None
    scenes = re.findall(r'data-scene="(\w+)" data-start="(\d+)" data-end="(\d+)"', shown)
    assert scenes == [("one", "0", "30"), ("two", "30", "60")]
    frames = [browser.get(f"/template-frames/{digest[1]}/{number}") for number in (5, 45, 5)]
    assert [frame.status_code for frame in frames] == [200, 200, 200]
    first, second, again = (Image.open(io.BytesIO(frame.content)).convert("RGB") for frame in frames)
    assert first.getpixel((300, 20)) != second.getpixel((300, 20))
    assert first.tobytes() == again.tobytes()
    for number in ("-1", "999999", "x"):
        assert browser.get(f"/template-frames/{digest[1]}/{number}").status_code in (400, 404)
    assert browser.get(f"/template-frames/{'0' * 64}/1").status_code == 404


def test_a_problem_of_a_clip_is_marked_in_the_scene_that_has_it(office: DrawingOffice) -> None:
    write_clip(office, TOO_LONG[:40])
    browser = office.browser()
    shown = drawn(browser, browser.get("/templates/clip/loi"))
    assert re.search(r'<g class="mark-wrong" data-start="0" data-end="30">', shown)


def test_a_proof_sheet_is_drawn_shown_and_taken_along(office: DrawingOffice) -> None:
    write_card(office.root, SAMPLES.replace("Xin chào buổi sáng", TOO_LONG))
    browser = office.browser()
    before = browser.get(f"/templates/{CARD}/proof")
    assert "Tờ đang chọn có 12 ảnh" in before.text
    assert "Tải tờ này về" not in before.text
    page = settled(browser, browser.post(f"/templates/{CARD}/proof", {"theme": "light", "sample": "worst"}))
    assert "Tờ đang chọn có 2 ảnh" in page.text
    sheet = re.search(r'href="(/template-pictures/[0-9a-f]{64}/proof\.png)" download="infographic-card-in-thu\.png"', page.text)
    assert sheet is not None
    assert browser.get(sheet[1]).content[:4] == b"\x89PNG"
    assert f"templates/{CARD}/template.yaml:11" in page.text
    assert "1 vướng mắc trên tờ này" in page.text
    assert sheet[1] in browser.get(f"/templates/{CARD}/proof?theme=light&sample=worst").text, "it is kept"


def test_a_template_without_a_sample_has_no_sheet_and_says_so(office: DrawingOffice) -> None:
    (office.card / "sample.yaml").unlink()
    browser = office.browser()
    assert "chưa có dữ liệu thử" in browser.get(f"/templates/{CARD}/proof").text
    assert browser.post(f"/templates/{CARD}/proof", {}).status_code == 400
    (office.card / "template.yaml").write_text("schema: [", encoding="utf-8")
    assert browser.get(f"/templates/{CARD}/proof").status_code == 200
    assert browser.get(f"/templates/{CARD}/versions").status_code == 200


def test_versions_are_kept_compared_and_had_back(office: DrawingOffice) -> None:
    browser = office.browser()
    assert "Chưa ai sửa mẫu này" in browser.get(f"/templates/{CARD}/versions").text
    edited(browser, CARD_YAML.replace("fill: background", "fill: primary"))
    page = browser.get(f"/templates/{CARD}/versions")
    assert "Tệp như trước khi sửa trên trang" in page.text
    assert "Người thiết kế mẫu: sửa template.yaml" in page.text
    way = re.search(r'href="(/templates/[^"]+/versions/[0-9]+)"', page.text)
    assert way is not None
    compared = settled(browser, browser.get(way[1]))
    assert "fill: background" in unescape(compared.text.split("<del>")[1].split("</del>")[0])
    assert "fill: primary" in unescape(compared.text.split("<ins>")[1].split("</ins>")[0])
    pictures = re.findall(r'<img src="(/template-pictures/[0-9a-f]{64}/difference-\w+\.png)"', compared.text)
    assert len(pictures) == 2
    assert all(browser.get(picture).content[:4] == b"\x89PNG" for picture in pictures)
    digest = hidden(page, "digest")
    assert browser.as_person(APPROVER).post(f"{way[1]}/restore", {"digest": digest}).status_code == 403
    assert browser.post(f"{way[1]}/restore", {"digest": "0" * 64}).status_code == 400
    assert browser.post(f"{way[1]}/restore", {"digest": digest}).status_code == 303
    assert (office.card / "template.yaml").read_text(encoding="utf-8") == CARD_YAML
    assert len(office.bench.store.template_versions.of(CARD)) == 3
    same = settled(browser, browser.get(way[1]))
    assert same.text.count("Nhìn không khác gì") == 2
    assert "Giống hệt" in same.text


def test_a_version_of_another_template_is_not_found(office: DrawingOffice) -> None:
    browser = office.browser()
    edited(browser, CARD_YAML + "# khác\n")
    write_clip(office)
    number = office.bench.store.template_versions.of(CARD)[0].id
    assert browser.get(f"/templates/clip/loi/versions/{number}").status_code == 404
    assert browser.get(f"/templates/{CARD}/versions/999").status_code == 404
    assert browser.post(f"/templates/{CARD}/versions/999/restore", {"digest": ""}).status_code == 404


def test_a_second_person_signs_a_template_as_it_is(office: DrawingOffice) -> None:
    designer, approver = office.browser(), office.browser(APPROVER)
    address = f"/templates/{CARD}"
    page = designer.get(f"{address}/versions")
    assert "Chưa duyệt" in page.text
    version = hidden(page, "version")
    early = settled(approver, approver.post(f"{address}/approval", {"version": version}))
    assert "hưa ai trình bản này" in early.text
    assert designer.post(f"{address}/handing", {"version": version}).status_code == 303
    assert "Chờ duyệt" in designer.get("/templates").text
    assert designer.post(f"{address}/approval", {"version": version}).status_code == 403
    assert "Duyệt bản này" in approver.get(f"{address}/versions").text
    signed = settled(approver, approver.post(f"{address}/approval", {"version": version}))
    assert "Đã duyệt" in signed.text
    assert "Người duyệt mẫu duyệt bản" in signed.text
    approval = office.bench.store.template_approvals.newest(CARD)
    assert approval is not None
    assert (approval.version, approval.author, approval.approver) == (version, DESIGNER, APPROVER)
    assert [(deed.who, deed.action) for deed in office.bench.store.audit.of(CARD)] == [
        (DESIGNER, "submit-template"), (APPROVER, "approve-template"),
    ]  # fmt: skip
    edited(designer, CARD_YAML.replace("size: 120", "size: 119"))
    assert "Đổi sau khi duyệt" in designer.get("/templates").text


def test_whoever_made_the_version_does_not_sign_it(office: DrawingOffice) -> None:
    people = office.bench.content.office.people
    both = next(id for id in people if id == "bien-tap")  # an editor designs, and may not approve: the roles keep them apart
    editor = office.browser(both)
    edited(editor, CARD_YAML.replace("size: 120", "size: 118"))
    version = hidden(office.browser().get(f"/templates/{CARD}/versions"), "version")
    office.browser().post(f"/templates/{CARD}/handing", {"version": version})
    assert "Bạn đã làm bản này" in editor.get(f"/templates/{CARD}/versions").text


def test_a_change_of_somebody_before_is_not_signed_by_them_after_another_s(office: DrawingOffice) -> None:
    edited(office.browser("bien-tap"), CARD_YAML.replace("size: 120", "size: 118"))
    edited(office.browser(), CARD_YAML.replace("size: 120", "size: 118") + "# chỉ thêm dòng này\n")
    version = hidden(office.browser().get(f"/templates/{CARD}/versions"), "version")
    office.browser().post(f"/templates/{CARD}/handing", {"version": version})
    assert "Bạn đã làm bản này" in office.browser("bien-tap").get(f"/templates/{CARD}/versions").text


def test_a_template_says_which_entries_wait_for_it_and_so_do_the_queue_and_the_inbox(office: DrawingOffice) -> None:
    entry(office, CARD)
    designer, approver = office.browser(), office.browser(APPROVER)
    page = designer.get(f"/templates/{CARD}/versions")
    assert "1 mục đang chờ mẫu này được duyệt" in page.text
    assert re.search(r'<a href="/entries/chao">[^<]*Chào buổi sáng', page.text)
    assert "đổi mẫu sau đó không làm chữ ký hết hiệu lực" in page.text
    queue = approver.get("/review").text
    assert "Mẫu chưa duyệt" in queue and f'href="/templates/{CARD}/versions#approval"' in queue and "1 mục đang chờ" in queue
    assert "Mẫu chờ bạn duyệt" not in approver.get("/inbox").text
    version = hidden(page, "version")
    designer.post(f"/templates/{CARD}/handing", {"version": version})
    assert "Mẫu chờ bạn duyệt" in approver.get("/inbox").text
    assert "Mẫu chờ bạn duyệt" not in designer.get("/inbox").text
    settled(approver, approver.post(f"/templates/{CARD}/approval", {"version": version}))
    assert "mục đang chờ" not in approver.get(f"/templates/{CARD}/versions").text
    assert "Mẫu chưa duyệt" not in approver.get("/review").text


def test_a_problem_on_an_entry_s_page_leads_to_its_template(office: DrawingOffice) -> None:
    entry(office, CARD)
    shown = office.browser("bien-tap").get("/entries/chao/edit").text
    assert "chưa được duyệt" in shown
    assert f'<a href="/templates/{CARD}/versions#approval">Mở trang mẫu</a>' in shown


def test_what_came_with_loa_needs_no_approval_and_says_so(office: DrawingOffice) -> None:
    shutil.copytree(HOUSE / "templates" / "infographic" / "steps", office.root / "templates" / "infographic" / "steps")
    page = office.browser().get("/templates/infographic/steps/versions").text
    assert "Theo bản phát hành" in page and "Mẫu có sẵn của Loa" in page and "Trình duyệt bản này" not in page
    path = office.root / "templates" / "infographic" / "steps" / "template.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# của văn phòng\n", encoding="utf-8")
    page = office.browser().get("/templates/infographic/steps/versions").text
    assert "Theo bản phát hành" not in page and "Trình duyệt bản này" in page


def test_an_error_in_any_picture_stops_the_signature(office: DrawingOffice) -> None:
    write_card(office.root, SAMPLES.replace("Xin chào buổi sáng", TOO_LONG))
    designer, approver = office.browser(), office.browser(APPROVER)
    version = hidden(designer.get(f"/templates/{CARD}/versions"), "version")
    designer.post(f"/templates/{CARD}/handing", {"version": version})
    page = settled(approver, approver.post(f"/templates/{CARD}/approval", {"version": version}))
    assert "Chưa làm được việc này" in page.text
    assert "không vừa khung" in page.text
    assert office.bench.store.template_approvals.newest(CARD) is None


def test_a_version_that_changed_meanwhile_is_not_signed(office: DrawingOffice) -> None:
    designer, approver = office.browser(), office.browser(APPROVER)
    version = hidden(designer.get(f"/templates/{CARD}/versions"), "version")
    designer.post(f"/templates/{CARD}/handing", {"version": version})
    write_card(office.root, card=CARD_YAML.replace("size: 120", "size: 117"))
    page = settled(approver, approver.post(f"/templates/{CARD}/approval", {"version": version}))
    assert "ẫu đã đổi từ lúc bạn xem" in page.text
    assert office.bench.store.template_approvals.newest(CARD) is None
    assert designer.post(f"/templates/{CARD}/handing", {"version": version}).status_code == 400


def test_a_template_is_sent_back_with_what_has_to_be_mended(office: DrawingOffice) -> None:
    designer, approver = office.browser(), office.browser(APPROVER)
    version = hidden(designer.get(f"/templates/{CARD}/versions"), "version")
    designer.post(f"/templates/{CARD}/handing", {"version": version})
    refused = approver.post(f"/templates/{CARD}/return", {"why": "  "})
    assert refused.status_code == 400
    assert "why-error" in refused.text
    assert office.browser(READER).post(f"/templates/{CARD}/return", {"why": "x"}).status_code == 403
    assert approver.post(f"/templates/{CARD}/return", {"why": "Chữ nhỏ quá"}).status_code == 303
    assert office.bench.store.audit.of(CARD)[-1].detail == "Chữ nhỏ quá"
    assert "Chưa duyệt" in designer.get(f"/templates/{CARD}/versions").text
    assert "Chữ nhỏ quá" in designer.get(f"/templates/{CARD}/versions").text


def test_the_log_holds_a_template_s_signature(office: DrawingOffice) -> None:
    designer, approver = office.browser(), office.browser(APPROVER)
    version = hidden(designer.get(f"/templates/{CARD}/versions"), "version")
    designer.post(f"/templates/{CARD}/handing", {"version": version})
    settled(approver, approver.post(f"/templates/{CARD}/approval", {"version": version}))
    assert office.bench.store.signatures.contradictions() == ()
    assert not office.bench.store.audit.verify().breaks
