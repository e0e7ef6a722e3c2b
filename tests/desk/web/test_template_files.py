"""A template's files on the desk: sent as a zip or a folder, written in the page, and in their place whole or not at all."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from httpx import Response

from desk.template_saving import LIMITS, likely_name
from tests.desk.small_studio import CARD as CARD_YAML
from tests.desk.small_studio import SAMPLES
from tests.desk.web.browser import Files
from tests.desk.web.drawing_office import APPROVER, CARD, DESIGNER, DrawingOffice, drawing_office

FAULTY = CARD_YAML.replace("font: display", "font: khong-co")  # on line 11
HTMX = {"hx_request": "true"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawingOffice]:
    with drawing_office(tmp_path) as office:
        yield office


def zip_of(**files: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


def sent(content: bytes, name: str = "Lễ hội xuân.zip") -> Files:
    return [("files", (name, content))]


def hidden(page: Response | str, name: str) -> str:
    text = page if isinstance(page, str) else page.text
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None
    return unescape(found[1])


def everything(office: DrawingOffice) -> dict[str, bytes]:
    """Return every file of the workspace's templates."""
    folder = office.root / "templates"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_zip_becomes_a_template_under_the_name_of_its_folder(office: DrawingOffice) -> None:
    content = zip_of(template_yaml=CARD_YAML, sample_yaml=SAMPLES)
    answer = office.browser().post("/templates/new", {"name": ""}, files=sent(content))
    assert (answer.status_code, answer.headers["location"]) == (303, "/templates/infographic/le-hoi-xuan")
    folder = office.root / "templates" / "infographic" / "le-hoi-xuan"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == {
        "template.yaml": CARD_YAML, "sample.yaml": SAMPLES,
    }  # fmt: skip
    assert office.browser().get("/templates/infographic/le-hoi-xuan").status_code == 200
    deed = office.bench.store.audit.of("infographic/le-hoi-xuan")[-1]
    assert (deed.who, deed.action) == (DESIGNER, "save-template")
    (version,) = office.bench.store.template_versions.of("infographic/le-hoi-xuan")
    assert office.bench.store.template_versions.files_of(version).files["sample.yaml"] == SAMPLES.encode()


def test_a_folder_becomes_a_template_too(office: DrawingOffice) -> None:
    files = [("files", ("mot-the/template.yaml", CARD_YAML.encode())), ("files", ("mot-the/sample.yaml", SAMPLES.encode()))]
    answer = office.browser().post("/templates/new", {"name": ""}, files=files)
    assert answer.headers["location"] == "/templates/infographic/mot-the"


def test_an_upload_with_a_mistake_waits_aside_and_shows_it_at_its_line(office: DrawingOffice) -> None:
    before = everything(office)
    browser = office.browser()
    answer = browser.post("/templates/new", {"name": "moi"}, files=sent(zip_of(template_yaml=FAULTY, sample_yaml=SAMPLES)))
    aside = answer.headers["location"]
    assert re.fullmatch(r"/templates/aside/[0-9]+", aside)
    assert everything(office) == before, "nothing is in place"
    page = browser.get(aside)
    assert 'data-line="11"' in page.text
    assert "font: khong-co" in unescape(page.text.split("fault-line")[1])
    assert "1 lỗi phải sửa" in page.text
    form = {"file": "template.yaml", "text": FAULTY + "# vẫn sai\n", "digest": hidden(page, "digest"), "do": "save"}
    again = browser.post(aside, form)
    assert again.status_code == 422
    late = browser.post(aside, {**form, "text": CARD_YAML + "# trang cũ\n"})
    assert late.status_code == 409
    assert "# trang cũ" in late.text
    assert "# vẫn sai" in again.text
    assert everything(office) == before
    last = re.search(r'action="(/templates/aside/[0-9]+)"', again.text)
    assert last is not None
    form = {**form, "text": CARD_YAML.replace("\n", "\r\n"), "digest": hidden(again, "digest")}
    saved = browser.post(last[1], form)
    assert saved.headers["location"] == "/templates/infographic/moi"
    assert (office.root / "templates/infographic/moi/template.yaml").read_text(encoding="utf-8") == CARD_YAML
    assert browser.get(last[1]).status_code == 404, "it waits no more"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "không có tệp nào ở đây"),
        (sent(b"no zip"), "không mở được tệp zip này"),
        (sent(zip_of(sample_yaml=SAMPLES)), "thiếu template.yaml"),
        (sent(zip_of(template_yaml="kind: video\n")), "template.yaml phải có kind"),
        (sent(zip_of(template_yaml="a: [\n")), "template.yaml:"),
        (sent(zip_of(template_yaml=b"\xff\xfe")), "không phải UTF-8"),
        (sent(zip_of(template_yaml=CARD_YAML, run_py="x")), "loại tệp này không dùng được"),
        ([*sent(zip_of(template_yaml=CARD_YAML)), ("files", ("a.txt", b""))], "hãy gửi một tệp zip, hoặc một thư mục"),
        ([("files", ("a/../../template.yaml", CARD_YAML.encode()))], "đường dẫn này không dùng được"),
        (sent(zip_of(template_yaml=CARD_YAML), "ảnh!.zip"), None),
    ],
)
def test_what_cannot_be_a_template_is_refused_beside_its_field(office: DrawingOffice, files: Files, words: str | None) -> None:
    before = everything(office)
    answer = office.browser().post("/templates/new", {"name": "ten-toi-go" if words else "Tên sai"}, files=files)
    assert answer.status_code == 400
    text = unescape(answer.text)
    assert (words or "tên mẫu gồm loại và tên").lower() in text.lower()
    assert f'value="{"ten-toi-go" if words else "Tên sai"}"' in text, "nothing typed is lost"
    assert everything(office) == before


def test_a_name_that_is_taken_is_refused(office: DrawingOffice) -> None:
    answer = office.browser().post("/templates/new", {"name": "card"}, files=sent(zip_of(template_yaml=CARD_YAML)))
    assert answer.status_code == 400
    assert "name-error" in answer.text


def test_a_picture_that_is_none_or_too_large_is_a_problem_at_its_file(office: DrawingOffice) -> None:
    from PIL import Image

    huge = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(huge, "PNG")  # 900 million px in 110 kB
    content = zip_of(template_yaml=CARD_YAML, sample_yaml=SAMPLES, a_png=b"no picture", b_png=huge.getvalue())
    browser = office.browser()
    answer = browser.post("/templates/new", {"name": "anh"}, files=sent(content))
    page = browser.get(answer.headers["location"]).text
    assert "templates/infographic/anh/a.png" in page
    assert "templates/infographic/anh/b.png" in page
    assert not (office.root / "templates/infographic/anh").exists()


def test_only_designers_may(office: DrawingOffice) -> None:
    browser = office.browser(APPROVER)
    before = everything(office)
    assert "Việc này (làm ảnh và clip) dành cho" in browser.get("/templates/new").text
    assert browser.post("/templates/new", {"name": "x"}, files=sent(zip_of(template_yaml=CARD_YAML))).status_code == 403
    page = browser.get(f"/templates/{CARD}/edit")
    assert " readonly" in page.text
    form = {"file": "template.yaml", "text": CARD_YAML + "\n", "digest": hidden(page, "digest"), "do": "save"}
    assert browser.post(f"/templates/{CARD}/edit", form).status_code == 403
    assert browser.post(f"/templates/{CARD}/files", form, files=sent(zip_of(template_yaml=CARD_YAML))).status_code == 403
    assert everything(office) == before


def test_more_than_may_be_sent_is_refused_before_it_is_read(office: DrawingOffice) -> None:
    answer = office.browser().post("/templates/new", {"name": "x"}, files=sent(bytes(LIMITS.whole + 5_000_000)))
    assert answer.status_code == 413
    answer = office.browser().post("/facts/x/proposal", {"value": "x" * 5_000_000})
    assert answer.status_code == 413


def test_the_file_is_written_in_the_page(office: DrawingOffice) -> None:
    browser = office.browser()
    page = browser.get(f"/templates/{CARD}/edit")
    text = CARD_YAML.replace("size: 120", "size: 110")
    form = {"file": "template.yaml", "text": text.replace("\n", "\r\n"), "digest": hidden(page, "digest"), "do": "save"}
    answer = browser.post(f"/templates/{CARD}/edit", form)
    assert answer.status_code == 303
    assert (office.card / "template.yaml").read_bytes() == text.encode()
    assert "Đã lưu" in browser.get(answer.headers["location"]).text
    found, saved = reversed(office.bench.store.template_versions.of(CARD))
    assert (found.who, saved.who) == ("", DESIGNER)
    assert office.bench.store.template_versions.files_of(found).files["template.yaml"] == CARD_YAML.encode()


def test_a_mistake_is_shown_at_its_line_and_nothing_is_written(office: DrawingOffice) -> None:
    browser = office.browser()
    page = browser.get(f"/templates/{CARD}/edit")
    before = everything(office)
    form = {"file": "template.yaml", "text": FAULTY, "digest": hidden(page, "digest"), "do": "save"}
    answer = browser.post(f"/templates/{CARD}/edit", form)
    assert answer.status_code == 422
    assert 'data-line="11"' in answer.text
    assert "font: khong-co" in unescape(answer.text.split("<textarea")[1]), "what was typed stands in the form"
    assert hidden(answer, "digest") == form["digest"]
    assert everything(office) == before
    checked = browser.post(f"/templates/{CARD}/edit", {**form, "do": "check"}, **HTMX)
    assert checked.status_code == 200
    assert "<textarea" not in checked.text
    assert 'data-line="11"' in checked.text
    good = browser.post(f"/templates/{CARD}/edit", {**form, "text": CARD_YAML, "do": "check"}, **HTMX)
    assert "không có lỗi" in good.text
    assert everything(office) == before, "a check writes nothing"


def test_the_sample_is_written_too_and_its_mistakes_have_their_lines(office: DrawingOffice) -> None:
    browser = office.browser()
    page = browser.get(f"/templates/{CARD}/edit?file=sample.yaml")
    assert "Xin chào buổi sáng" in page.text
    form = {"file": "sample.yaml", "text": "typical: {headline: A}\nworst: 5\n", "digest": hidden(page, "digest"), "do": "save"}
    answer = browser.post(f"/templates/{CARD}/edit", form)
    assert answer.status_code == 422
    assert 'data-line="2"' in answer.text
    form["text"] = "typical: {headline: A}\n"
    assert browser.post(f"/templates/{CARD}/edit", form).status_code == 303
    assert (office.card / "sample.yaml").read_text(encoding="utf-8") == form["text"]


def test_whoever_was_slower_is_told_and_keeps_what_was_typed(office: DrawingOffice) -> None:
    browser = office.browser()
    page = browser.get(f"/templates/{CARD}/edit")
    theirs = CARD_YAML.replace("size: 120", "size: 101")
    (office.card / "template.yaml").write_text(theirs, encoding="utf-8")
    mine = CARD_YAML.replace("size: 120", "size: 130")
    form = {"file": "template.yaml", "text": mine, "digest": hidden(page, "digest"), "do": "save"}
    answer = browser.post(f"/templates/{CARD}/edit", form)
    assert answer.status_code == 409
    assert (office.card / "template.yaml").read_text(encoding="utf-8") == theirs
    assert "size: 101" in answer.text.split('id="theirs"')[1]
    assert "size: 130" in answer.text.split('id="text"')[1]
    again = browser.post(f"/templates/{CARD}/edit", {**form, "digest": hidden(answer, "digest")})
    assert again.status_code == 303
    assert (office.card / "template.yaml").read_text(encoding="utf-8") == mine


def test_all_files_are_replaced_together(office: DrawingOffice) -> None:
    browser = office.browser()
    (office.card / "cu.txt").write_text("cũ", encoding="utf-8")
    page = browser.get(f"/templates/{CARD}/edit")
    content = zip_of(the__template_yaml=CARD_YAML.replace("Thẻ", "Thẻ mới"), the__sample_yaml=SAMPLES)
    form = {"digest": hidden(page, "digest")}
    answer = browser.post(f"/templates/{CARD}/files", form, files=sent(content))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/templates/{CARD}")
    assert {path.name for path in office.card.iterdir()} == {"template.yaml", "sample.yaml"}
    assert "Thẻ mới" in browser.get("/templates").text
    late = browser.post(f"/templates/{CARD}/files", form, files=sent(content))
    assert late.status_code == 400
    assert "vừa được người khác đổi" in late.text


@pytest.mark.parametrize(
    "text",
    [
        "", "\x00", "a: &a [*a]", "!!python/object:os.system {}", "[" * 3000, "a: " + "x" * 1_100_000, "\ud83d", "? [1]\n: 2",
        "schema: 1\n" * 9,
    ],
)  # fmt: skip
def test_whatever_is_written_is_a_template_or_has_its_mistakes(office: DrawingOffice, text: str) -> None:
    browser = office.browser()
    page = browser.get(f"/templates/{CARD}/edit")
    typed = text.encode("utf-8", "replace").decode()
    form = {"file": "template.yaml", "text": typed, "digest": hidden(page, "digest"), "do": "save"}
    answer = browser.post(f"/templates/{CARD}/edit", form)
    assert answer.status_code in (422, 400)
    assert (office.card / "template.yaml").read_text(encoding="utf-8") == CARD_YAML


def test_a_file_that_is_none_of_the_template_is_not_found(office: DrawingOffice) -> None:
    browser = office.browser()
    for file in ("../card/template.yaml", "/etc/passwd", "khong.yaml", "", "template.yaml%00"):
        assert browser.get(f"/templates/{CARD}/edit?file={file}").status_code in (400, 404), file
    assert browser.get("/templates/aside/999").status_code == 404


def test_a_folder_or_a_zip_suggests_the_name() -> None:
    assert likely_name("Lễ hội Đống Đa.zip") == "le-hoi-dong-da"
    assert likely_name("mau_moi") == "mau-moi"
    assert likely_name("!!!") == ""
