"""What each channel gets: written by hand where an editor wanted it, else cut from the message, never longer than it takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.command import run
from desk.place import Place
from desk.workspace import read_workspace
from editorial.message import Variant
from tests.story.workspace import make_workspace

Answer = Callable[[], list[dict[str, object]]]
METRO, METRO_EN, DAY = "content/di-metro.md", "content/di-metro.en.md", "content/giai-phong-thu-do.md"
FACTS = "12 ga, 8 ga, từ 6/11/2021 và 8/8/2024"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Return an office with an entry of five channels and one whose Telegram channel is English."""
    return make_workspace(tmp_path, ("giai-phong-thu-do", "di-metro"))


@pytest.fixture
def check(office: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    def answer() -> list[dict[str, object]]:
        run(["check", "--workspace", str(office), "--json"])
        return list(json.loads(capsys.readouterr().out))

    return answer


def add(root: Path, name: str, lines: str, *, body: str = "") -> int:
    """Add lines at the end of a file's front matter and a text at the end of its body; return the first new line."""
    path = root / name
    head, fence, rest = path.read_text(encoding="utf-8").rpartition("\n---\n")
    path.write_text(f"{head}\n{lines.rstrip()}{fence}{rest.rstrip()}{body}\n", encoding="utf-8")
    return head.count("\n") + 2


def variants(root: Path, entry: str) -> dict[str, Variant]:
    workspace = read_workspace(Place(root=root))
    return {slot.channel: workspace.production.variant(slot) for slot in workspace.plan.of(entry)}


def told(problems: list[dict[str, object]], rule: str) -> list[tuple[object, object, object, object]]:
    return [(each["channel"], each["file"], each["line"], each["key"]) for each in problems if each["rule"] == rule]


def test_a_text_written_for_one_channel_takes_the_place_of_the_message_there_and_is_signed(office: Path, check: Answer) -> None:
    before = variants(office, "di-metro")
    text = f"Lên tàu thôi: **{FACTS.replace('12 ga', '{{ fact.metro_2a_stations }}')}**."
    add(office, METRO, f'variants:\n  facebook:\n    title: Lên tàu thôi\n    hashtags: [Metro]\n    text: "{text}"')
    after = variants(office, "di-metro")
    shown = f"Lên tàu thôi: {FACTS}.\n\nĐơn vị phát hành: Văn phòng UBND Thành phố\n\n#Metro"
    assert (after["facebook"].title, after["facebook"].text) == ("Lên tàu thôi", shown)
    assert {name: one for name, one in after.items() if name != "facebook"} == {
        name: one for name, one in before.items() if name != "facebook"
    }
    assert check() == []


@pytest.mark.parametrize(("channel", "mark"), [("portal", "<strong>12 ga</strong>"), ("zalo", "<strong>12 ga</strong>")])
def test_a_page_gets_the_handwritten_text_as_html_too(office: Path, channel: str, mark: str) -> None:
    add(office, METRO, f'variants:\n  {channel}: {{text: "Có **12 ga** rồi."}}')
    made = variants(office, "di-metro")[channel]
    assert mark in made.html
    assert made.text.startswith("Có 12 ga rồi.")


def test_an_english_channel_has_its_variant_in_the_english_file(office: Path, check: Answer) -> None:
    line = add(office, METRO, "variants:\n  telegram: {text: Lên tàu.}") + 1
    assert told(check(), "wrong-language") == [(None, METRO, line, "variants.telegram")]
    (office / METRO).write_text((office / METRO).read_text(encoding="utf-8").replace("  telegram: {text: Lên tàu.}", "  {}"))
    add(office, METRO_EN, 'variants:\n  telegram: {text: "All **aboard**."}')
    assert variants(office, "di-metro")["telegram"].text.startswith("All <b>aboard</b>.\n\n<i>Office of the Hanoi")


def test_a_variant_for_a_channel_that_the_entry_does_not_go_to_is_told(office: Path, check: Answer) -> None:
    line = add(office, METRO, "variants:\n  youtube: {text: Lên tàu.}") + 1
    assert told(check(), "unknown-channel") == [(None, METRO, line, "variants.youtube")]


def test_what_is_wrong_in_a_variant_stands_at_its_own_line(office: Path, check: Answer) -> None:
    line = add(office, METRO, f"variants:\n  facebook:\n    text: |\n      {FACTS}.\n\n      Có 15 ga.")
    found = told(check(), "wrong-figure")
    assert found == [("facebook", METRO, line + 5, "variants.facebook.text")]


def test_a_text_too_long_for_a_platform_is_told_at_check_in_the_platforms_own_unit(office: Path, check: Answer) -> None:
    line = add(office, DAY, f'variants:\n  youtube: {{text: "{"ế" * 2000}"}}\n  telegram: {{text: "{"😀" * 600}"}}')
    found = [problem for problem in check() if problem["rule"] == "too-long"]
    assert {(one["file"], one["line"], one["key"]) for one in found} == {
        (DAY, line + 1, "variants.youtube.text"),
        (DAY, line + 2, "variants.telegram.text"),
    }
    words = {str(one["channel"]): str(one["message"]) for one in found}
    assert "kênh chỉ nhận 5000 byte" in words["youtube"]
    assert "nội dung dài 60" in words["youtube"]  # 2,000 letters of three bytes, and the signature
    assert "kênh chỉ nhận 1024 đơn vị UTF-16" in words["telegram"]


FAMILY = "👨‍👩‍👧"  # 8 UTF-16 units, 5 characters, 18 bytes


@pytest.mark.parametrize(
    ("channel", "key", "most", "worth"), [("telegram", "text", 1024, 8), ("youtube", "text", 5000, 18), ("zalo", "title", 150, 5)]
)
def test_emoji_and_combining_marks_are_counted_to_the_last_unit(
    office: Path, check: Answer, channel: str, key: str, most: int, worth: int
) -> None:
    marked = "e\u0302\u0301"  # ế in three code points, as some keyboards write it: it goes out as one letter
    text = {"telegram": "x" * most, "youtube": "x" * most, "zalo": "x" * (most + 1)}[channel]
    line = add(office, DAY, f'variants:\n  {channel}:\n    {key}: "{FAMILY}{marked}{text}"') + 2
    (problem,) = [each for each in check() if each["rule"] == "too-long"]
    length = int(str(problem["message"]).partition(" dài ")[2].partition(",")[0])
    letter = {"telegram": 1, "youtube": 3, "zalo": 1}[channel]
    assert length >= most + worth + letter and (problem["line"], problem["channel"]) == (line, channel)
    path = office / DAY
    whole = path.read_text(encoding="utf-8")
    for left, told_at in ((length - most, []), (length - most - 1, [channel])):
        path.write_text(whole.replace(text, text[left:]), encoding="utf-8")
        assert [each["channel"] for each in check() if each["rule"] == "too-long"] == told_at


def test_a_title_by_hand_may_be_as_long_as_its_platform_takes(office: Path, check: Answer) -> None:
    title = "Lên tàu thôi, " * 9
    line = add(office, METRO, f"variants:\n  facebook: {{title: '{title}.'}}\n  zalo: {{title: '{title * 2}.'}}")
    assert told(check(), "too-long") == [("zalo", METRO, line + 2, "variants.zalo.title")]


def test_a_long_message_goes_out_in_the_templates_shorter_form_and_says_so(office: Path, check: Answer) -> None:
    line = (office / DAY).read_text(encoding="utf-8").split("\n---\n")[0].count("\n") + 3
    add(office, DAY, "", body="\n\n" + "Một đoạn dài kể thêm chuyện cũ. " * 150)
    made = variants(office, "giai-phong-thu-do")
    assert len(made["youtube"].text.encode()) < 5000
    assert "chuyện cũ" not in made["youtube"].text
    assert "chuyện cũ" in made["facebook"].text
    found = [problem for problem in check() if problem["channel"] == "youtube"]
    assert [(one["rule"], one["severity"], one["file"], one["key"]) for one in found] == [
        ("shortened", "warning", DAY, "body")
    ]
    assert found[0]["line"] in (line, line + 1)


def test_a_caption_template_without_a_place_for_handwritten_text_is_told(office: Path, check: Answer) -> None:
    caption = office / "templates" / "caption" / "facebook.j2"
    caption.write_text("{% block text %}{{ message.body | to_plain }}{% endblock %}\n", encoding="utf-8")
    line = add(office, METRO, f'variants:\n  facebook: {{text: "{FACTS}"}}') + 1
    assert told(check(), "unused-variant") == [("facebook", METRO, line, "variants.facebook.text")]


def test_a_variant_is_a_change_of_the_entry(office: Path) -> None:
    before = read_workspace(Place(root=office)).content.entries["di-metro"].revision
    add(office, METRO, "variants:\n  facebook: {title: Lên tàu thôi}")
    assert read_workspace(Place(root=office)).content.entries["di-metro"].revision != before
