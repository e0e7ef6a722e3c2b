"""Every mistake in English with LOA_LANG=en: nothing said is missing from the catalogue, and nothing in it is stale."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from string import Formatter

import pytest

from desk.catalogue import Catalogue, CatalogueRecord
from desk.command import run
from desk.place import HOUSE
from editorial.role import Right
from reading.document import read_yaml
from tests.desk.said_messages import LETTERS, said_messages
from tests.story.workspace import make_workspace

ENTRY = "dich-vu-cong-truc-tuyen"
RECORD = read_yaml(HOUSE / "desk" / "locale" / "en.yaml", CatalogueRecord, HOUSE).value


def places(sentence: str) -> list[str]:
    return sorted(name for _, name, *_ in Formatter().parse(sentence) if name is not None)


def test_every_sentence_that_a_problem_may_say_is_in_the_catalogue() -> None:
    said = said_messages()
    assert {words: place for words, place in said.items() if words not in RECORD.sentences} == {}
    assert [words for words in RECORD.sentences if words not in said] == []
    assert len(said) > 300, "the search has found what it is for"


def test_every_translation_has_the_places_of_its_sentence_and_no_vietnamese() -> None:
    for source, target in (RECORD.sentences | RECORD.words).items():
        assert places(source) == places(target), source
        assert not LETTERS.search(target), target
    assert {right.value for right in Right} <= RECORD.words.keys()


def test_a_sentence_within_a_sentence_is_said_too_and_what_nobody_knows_stays() -> None:
    english = Catalogue(RECORD.sentences | RECORD.words)
    said = "lịch không có mốc “trung_thuu”; có phải trung_thu hay trung_nguyen?"
    assert english.say(said) == "the calendar has no anchor “trung_thuu”; did you mean trung_thu or trung_nguyen?"
    assert english.say("một câu lạ") == "một câu lạ"
    assert english.say("không có kênh “báo và đài”; có phải “đài”?") == "there is no channel “báo và đài”; did you mean “đài”?"
    assert english.say("phải là chữ hoặc một nhóm khóa: giá trị") == "must be text or a group of key: value"
    assert english.say("phải là số hoặc một trong: reading") == "must be a number or one of: reading"
    assert english.say("giai đoạn “a; b” bắt đầu 1/1, trước khi giai đoạn trước kết thúc").startswith("phase “a; b” begins 1/1")


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("ngay-nha-giao: có người vừa đổi mục này sau khi bạn mở; hãy mở lại, xem thay đổi rồi làm lại",
         "ngay-nha-giao: somebody changed"),
        ("ngay-nha-giao: nội dung, hình, giờ hoặc kênh đã đổi sau khi trình; hãy trình lại (./loa workflow MÃ --do submit)",
         "ngay-nha-giao: words, picture, moment or channel changed since it was handed in; hand it in again"),
        ("ngay-nha-giao: người soạn không được tự kiểm chứng hay tự duyệt bài của mình; hãy nhờ người khác",
         "ngay-nha-giao: "),
        ("ngay-nha-giao: có người vừa đổi mục này; hãy mở lại, xem thay đổi rồi làm lại", "ngay-nha-giao: "),
        ("quoc-khanh.portal.2026: bài đã đăng và khác bản duyệt; hãy dùng ./loa correct hoặc sửa trên kênh",
         "quoc-khanh.portal.2026: "),
    ],
)  # fmt: skip
def test_a_sentence_with_a_semicolon_behind_the_name_of_what_it_is_about_is_said_whole(said: str, english: str) -> None:
    told = Catalogue(RECORD.sentences | RECORD.words).say(said)
    assert told.startswith(english) and not LETTERS.search(told), told


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


PAGE, LEDGER = f"content/{ENTRY}.md", "content/facts/plan.yaml"
MISTAKES = {
    "rule": (PAGE, "q4_end/2026-1m@08:00", "q4_endd/2026-1m@08:00", f"{PAGE}:7 when: the calendar has no anchor “q4_endd”"),
    "hour": (PAGE, "@08:00", "@8h", f"{PAGE}:7 when: the moment “q4_end/2026-1m@8h”: the time is wrong; write two"),
    "key": (PAGE, "group:", "grop:", f"{PAGE}:3 grop: there is no key named “grop”; did you mean “group”?"),
    "missing": (PAGE, "axis: ubnd\n", "", "axis: this key is required and missing"),
    "fact": (PAGE, "uses: [wards]", "uses: [warts]", "there is no fact “warts”; did you mean “wards”?"),
    "ledger": (LEDGER, "value: 126", "value: nhieu", f"{LEDGER}:6 facts.wards.value: must be a number"),
    "fence": (PAGE, "---\nid", "id", "the first line must be --- to open the declarations"),
    "braces": (PAGE, 'lead: "Cần', "lead: {{ fact.wards }} # ", "if these are braces {{ }}, put the whole sentence in quotes"),
    "yaml": (PAGE, "tone: neutral", "tone: [neutral", f"{PAGE}:7: wrong YAML: a comma or the closing ] is missing"),
    "tone": (PAGE, "tone: neutral", "tone: vui", "must be one of: "),
    "template": (PAGE, "infographic/steps", "infographic/step", "no template “infographic/step”; did you mean"),
    "field": (PAGE, "      kicker:", "      kiker:", "the template has no field “kiker”; did you mean “kicker”?"),
    "column": (PAGE, "{title: Vào", "{tilte: Vào", "the template has no column “tilte”; did you mean “title”?"),
    "figure": (PAGE, "Xin không đưa", "Có 345 km đê. Xin không đưa", "no fact states “345 km”; quote a fact that is there"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_in_english_at_the_same_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path, old, new, expected = MISTAKES[name]
    office = make_workspace(tmp_path, (ENTRY,))
    replace(office / path, old, new)
    told: dict[str, list[dict[str, object]]] = {}
    for language in ("vi", "en"):
        monkeypatch.setenv("LOA_LANG", language)
        assert run(["check", "-w", str(office)]) == 2
        shown = capsys.readouterr().err
        assert run(["check", "--json", "-w", str(office)]) == 2
        told[language] = json.loads(capsys.readouterr().out)
        assert (expected in shown) is (language == "en")
    for before, after in zip(told["vi"], told["en"], strict=True):
        assert LETTERS.search(str(before["message"]))
        assert {**before, "message": ""} == {**after, "message": ""}
        words = str(after["message"]).split("“")
        assert not LETTERS.search(words[0] + "".join(part.partition("”")[2] for part in words[1:]).partition(" (")[0]), after


@pytest.mark.parametrize(("until", "status"), [("2026-11-29", 2), ("2026-11-30", 0)])
def test_a_fact_that_has_ended_by_the_day_of_the_post_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], until: str, status: int
) -> None:
    office = make_workspace(tmp_path, (ENTRY,))
    replace(office / LEDGER, "    as_of: 2026-04-01\n", f"    as_of: 2026-04-01\n    valid_until: {until}\n")
    assert run(["check", ENTRY, "-w", str(office)]) == status
    told = capsys.readouterr().err
    assert ("dữ kiện wards chỉ có giá trị đến 29/11/2026, bài đăng ngày 30/11/2026; hãy cập nhật" in told) is (status == 2)
    assert len(told.splitlines()) == (4 if status else 0), "one line a channel"


def test_an_unknown_language_is_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOA_LANG", "fr")
    assert run(["lunar", "2026-13-45"]) == 2
    assert "LOA_LANG" in capsys.readouterr().err


def test_a_missing_workspace_is_told_in_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOA_LANG", "en")
    shutil.rmtree(tmp_path / "content", ignore_errors=True)
    assert run(["plan", "-w", str(tmp_path)]) == 2
    assert "is not a workspace: content/office.yaml is missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "said", "english"),
    [
        (["chek"], "không có lệnh “chek”; có phải “check”; hãy xem", "there is no command “chek”; did you mean “check”;"),
        (["xyz"], "không có lệnh “xyz”; hãy xem ./loa --help", "there is no command “xyz”; see ./loa --help"),
        (["plan", "--frm", "x"], "không có tùy chọn --frm; có phải --from; hãy xem ./loa plan", "there is no option --frm;"),
        (["release", "1"], "thiếu --by; hãy xem ./loa release --help", "--by is missing; see"),
        (["withdraw", "x"], "thiếu --reason, một trong: error, superseded, withdrawn;", "--reason is missing, one of: error,"),
        (["ics-import", "a", "--name"], "sau --name còn thiếu giá trị;", "a value is missing after --name;"),
        (["workflow", "x", "--do", "foo"], "--do không có giá trị “foo”; chọn trong: submit,", "--do has no value “foo”;"),
        (["dates", "abc"], "<year> phải là số nguyên;", "<year> must be a whole number;"),
        (["emergency", "grant", "a", "--by", "b", "--why", "c", "--hours", "x"], "--hours phải là số;", "must be a number;"),
        (["coverage", "b"], "thừa “b”;", "“b” is too much;"),
    ],
)
def test_a_command_typed_wrongly_is_told_in_either_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, typed: list[str], said: str, english: str
) -> None:
    for language, expected in (("vi", said), ("en", english)):
        monkeypatch.setenv("LOA_LANG", language)
        assert run(typed) == 2
        assert expected in capsys.readouterr().err


def test_a_family_of_commands_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["emergency"]) == 0
    assert "Đăng ngay một mục" in capsys.readouterr().out


def test_solemn_has_one_name_in_vietnamese() -> None:
    rooms = ("editorial", "store", "scheduler", "desk", "calendars")
    files = [path for room in rooms for path in (HOUSE / room).rglob("*") if path.suffix in (".py", ".yaml", ".html")]
    assert [path.name for path in files if "trang trọng" in path.read_text(encoding="utf-8")] == []
