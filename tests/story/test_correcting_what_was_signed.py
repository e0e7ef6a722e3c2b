"""A correction changes one fact of what was signed and nothing else, whatever became of files, templates and channels since."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.command import run
from desk.demo import Demo
from desk.place import Place
from editorial.clock import SystemClock
from rehearsal.publication import Event
from rehearsal.town import Town
from tests.story.workspace import make_workspace

ENTRY = "dich-vu-cong-truc-tuyen"
TWO = ("--by", "bien-tap", "--approved-by", "duyet")
UNREVIEWED = "Câu này chưa ai duyệt."
PLATFORMS = {"portal": "wordpress", "facebook": "facebook", "zalo": "zalo", "telegram": "telegram", "youtube": "youtube"}
CLIP = """\
schema: 1
kind: clip
name: {vi: Ngắn}
fields: {headline: {type: text, required: true, max: 120}}
sizes: {wide: {}}
poster: only
scenes:
  - {id: only, seconds: 1, say: "{{ headline }}", layers: [{id: ground, type: fill, fill: primary}]}
layers:
  - {id: said, type: subtitle, within: safe, size: small, colour: "#ffffff", fill: "#000000/70%", padding: [8, 16]}
"""
MEDIUM = """\
media:
  - {id: clip, template: clip/ngan, theme: light, channels: [youtube], alt: "Cách nộp hồ sơ trực tuyến.",
     data: {headline: "Hỏi tại {{ fact.wards }}."}}
"""

Say = Callable[..., Any]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY,))
    own = 'facts:\n  cong: {kind: link, value: "https://dichvucong.gov.vn/", source: "Cổng Dịch vụ công quốc gia"}\n'
    change(root / "content" / f"{ENTRY}.md", "uses: [wards]\n", f"uses: [wards]\n{own}")
    change(root / "content" / f"{ENTRY}.md", "tại {{ fact.wards }} để được", "tại 126 xã, phường để được")
    change(root / "content" / f"{ENTRY}.md", "telegram]\nheadline", "telegram, youtube]\nheadline")
    change(root / "content" / f"{ENTRY}.md", "media:\n", MEDIUM)
    (root / "templates" / "clip" / "ngan").mkdir()
    (root / "templates" / "clip" / "ngan" / "template.yaml").write_text(CLIP, encoding="utf-8")
    assert Demo(Place(root=root), lambda step, done, total: None).run().proof.ok
    return root


@pytest.fixture
def say(office: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Say]:
    def command(*words: str) -> Any:
        assert run([*words, "--json", "-w", str(office)]) == 0
        return json.loads(capsys.readouterr().out)

    yield command


def change(path: Path, was: str, becomes: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes), encoding="utf-8")


def live(office: Path) -> dict[str, str]:
    """Return what each platform's public reads now."""
    found = {}
    with Town(clock=SystemClock().now, folder=office / ".loa" / "demo" / "town") as town:
        for channel, platform in PLATFORMS.items():
            last = {row.id: row for row in town.ledger(platform)}
            found[channel] = "\n".join(row.text for row in last.values() if row.event is not Event.REMOVED)
    return found


def test_what_nobody_reviewed_does_not_travel_with_a_correction(office: Path, say: Say) -> None:
    change(office / "content" / f"{ENTRY}.md", "Xin không đưa mật khẩu", f"{UNREVIEWED} Xin không đưa mật khẩu")
    done = say("correct", "wards", "--value", "127", *TWO)
    assert {item["state"] for item in done["items"]} == {"done"} and len(done["items"]) == 5
    for channel, text in live(office).items():
        assert "127 xã, phường" in text and "chưa ai duyệt" not in text, channel


def test_a_figure_in_a_subtitle_is_put_right_by_posting_the_clip_anew(office: Path) -> None:
    with Town(clock=SystemClock().now, folder=office / ".loa" / "demo" / "town") as town:
        rows = town.ledger("youtube")
    assert [row.event for row in rows] == [Event.PUBLISHED, Event.REMOVED, Event.PUBLISHED]
    assert len({row.media_sha256 for row in rows if row.event is Event.PUBLISHED}) == 2
    assert "127 xã, phường" in rows[-1].text and "Đính chính ngày" in rows[-1].text


def test_a_figure_that_was_typed_is_put_right_like_one_that_was_quoted(office: Path) -> None:
    assert "tại 127 xã, phường để được" in live(office)["portal"]


def test_an_address_is_a_fact_like_any_other(office: Path, say: Say) -> None:
    plan = say("correct", f"{ENTRY}/cong", "--value", "https://dichvucong.gov.vn/p/home/")
    means = {item["channel"]: item["means"] for item in plan["items"]}  # the picture says the address too, without its scheme
    assert means == {"portal": "edit", "zalo": "edit", "facebook": "repost", "telegram": "repost", "youtube": "edit"}


@pytest.mark.parametrize("channel", PLATFORMS)
def test_a_changed_caption_is_left_to_a_person(office: Path, say: Say, channel: str) -> None:
    caption = office / "templates" / "caption" / f"{channel}.j2"
    kept = caption.read_text(encoding="utf-8")
    change(caption, "{% block text %}", f"{{% block text %}}{UNREVIEWED} ")
    plan = {item["channel"]: item for item in say("correct", "wards", "--value", "128")["items"]}
    caption.write_text(kept, encoding="utf-8")
    assert plan[channel]["means"] == "manual" and "mẫu lời đã đổi" in plan[channel]["why"]
    assert not [other for other, item in plan.items() if other != channel and item["means"] == "manual"]


def test_what_has_no_file_and_no_channel_any_more_is_still_found(office: Path, say: Say) -> None:
    people = office / "content" / "office.yaml"
    kept = people.read_text(encoding="utf-8")
    (office / "content" / f"{ENTRY}.md").unlink()
    (office / "content" / f"{ENTRY}.en.md").unlink()
    lines = [line for line in kept.splitlines(keepends=True) if "{id: telegram," not in line]
    people.write_text("".join(lines), encoding="utf-8")
    done = say("correct", "wards", "--value", "128", *TWO)
    assert say("correct", "wards", "--value", "128", *TWO)["items"] == []
    people.write_text(kept, encoding="utf-8")
    assert {item["channel"]: item["state"] for item in done["items"]} == {
        "portal": "done", "facebook": "done", "zalo": "done", "telegram": "manual", "youtube": "done",
    }  # fmt: skip
    shown = live(office)
    assert "128 xã, phường" in shown["portal"] and "127 xã, phường" in shown["telegram"]
    again = say("correct", "wards", "--value", "128", *TWO)
    assert [(item["channel"], item["state"]) for item in again["items"]] == [("telegram", "done")]
    assert "128 xã, phường" in live(office)["telegram"]


def test_what_a_notice_tells_the_public_is_held_against_the_facts(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = live(office)
    why = "Nay là 999 xã, phường, xem https://hanoi-gov.vn/x"
    for words in (("correct", "wards", "--value", "129"), ("withdraw", ENTRY, "--reason", "withdrawn")):
        assert run([*words, "--why", why, *TWO, "-w", str(office)]) == 2
        assert "--why: “999 xã" in capsys.readouterr().err
    assert live(office) == before


def test_what_a_person_put_right_on_the_channel_is_not_overwritten_by_a_later_correction(office: Path, say: Say) -> None:
    caption = office / "templates" / "caption" / "telegram.j2"
    kept = caption.read_text(encoding="utf-8")
    change(caption, "{% block text %}", f"{{% block text %}}{UNREVIEWED} ")
    done = {item["channel"]: item for item in say("correct", "wards", "--value", "130", *TWO)["items"]}
    caption.write_text(kept, encoding="utf-8")
    assert done["telegram"]["state"] == "manual" and "“Đính chính ngày" in done["telegram"]["detail"]
    say("corrections", "--done", str(done["telegram"]["id"]), "--by", "truc-ban", "--why", "Đã sửa tay")
    plan = {item["channel"]: item for item in say("correct", "wards", "--value", "131")["items"]}
    assert plan["telegram"]["means"] == "manual" and "sửa tay trên kênh" in plan["telegram"]["why"]
    assert not [other for other, item in plan.items() if other != "telegram" and item["means"] == "manual"]


def test_one_channel_is_taken_back_alone(office: Path, say: Say) -> None:
    words = ("withdraw", ENTRY, "--channel", "youtube", "--reason", "error", "--why", "Đăng nhầm.", *TWO)
    assert [(item["channel"], item["state"]) for item in say(*words)["items"]] == [("youtube", "done")]
    shown = live(office)
    assert shown["youtube"] == "" and all(text for channel, text in shown.items() if channel != "youtube")
    assert {each["entry"]: each["stage"] for each in say("workflow")} == {ENTRY: "scheduled"}
    assert {item["channel"] for item in say("correct", "wards", "--value", "131")["items"]} == set(shown) - {"youtube"}


def test_what_was_taken_back_is_neither_restored_nor_posted_anew(office: Path, say: Say) -> None:
    withdrawn = say("withdraw", ENTRY, "--reason", "superseded", "--why", "Đã có hướng dẫn mới.", *TWO)
    assert len(withdrawn["items"]) == 4
    before = live(office)
    assert {each["entry"]: each["stage"] for each in say("workflow")} == {ENTRY: "withdrawn"}
    assert say("correct", "wards", "--value", "129", *TWO)["items"] == []
    assert live(office) == before and "129" not in "".join(before.values())


def test_what_has_gone_out_since_is_taken_back_too(office: Path, say: Say) -> None:
    assert say("withdraw", ENTRY, "--reason", "superseded", "--why", "Đã có hướng dẫn mới.")["items"] == []
    gone = say("withdraw", ENTRY, "--reason", "error", "--why", "Đăng nhầm.", *TWO)
    assert {item["state"] for item in gone["items"]} == {"done"} and len(gone["items"]) == 4
    assert set(live(office).values()) == {""}
