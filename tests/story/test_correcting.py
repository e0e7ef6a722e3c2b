"""A fact changes after the quarter has gone out: from the command line to what the public sees."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.command import run
from desk.demo import Demo
from desk.place import Place
from editorial.clock import SystemClock
from rehearsal.publication import Event
from rehearsal.town import Town
from tests.story.workspace import make_workspace

ENTRY = "dich-vu-cong-truc-tuyen"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_workspace(tmp_path_factory.mktemp("office"), (ENTRY,))
    assert Demo(Place(root=root), lambda step, done, total: None).run().proof.ok
    return root


@pytest.fixture
def say(office: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[object]:
    def command(*words: str) -> object:
        assert run([*words, "--json", "-w", str(office)]) == 0
        return json.loads(capsys.readouterr().out)

    return command  # type: ignore[return-value]


def seen(office: Path, platform: str) -> tuple[Counter[Event], list[str]]:
    with Town(clock=SystemClock().now, folder=office / ".loa" / "demo" / "town") as town:
        rows = town.ledger(platform)
    last = {row.id: row for row in rows}
    return Counter(row.event for row in rows), [row.text for row in last.values() if row.event is not Event.REMOVED]


def test_a_dry_run_says_what_would_be_done_and_does_nothing(office: Path, say) -> None:  # type: ignore[no-untyped-def]
    plan = say("correct", "wards", "--value", "127")
    assert {item["channel"]: item["means"] for item in plan["items"]} == {
        "portal": "edit", "zalo": "edit", "facebook": "repost", "telegram": "repost",
    }  # fmt: skip
    assert plan["dry_run"] and plan["old"] == "126"
    assert seen(office, "facebook")[0] == {Event.PUBLISHED: 1}


def test_one_person_alone_cannot_correct(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = office / "content" / "office.yaml"
    kept = people.read_text(encoding="utf-8")
    words = ("correct", "wards", "--value", "127", "--by", "duyet", "--approved-by", " duyet", "-w", str(office))
    assert run(words) == 2
    assert "không có quyền soạn" in capsys.readouterr().err
    people.write_text(kept.replace("roles: [approver]", "roles: [approver, editor]"), encoding="utf-8")
    assert run(words) == 2
    assert "không được tự duyệt" in capsys.readouterr().err
    people.write_text(kept, encoding="utf-8")


def test_a_correction_travels_to_every_copy_and_into_the_file_and_is_made_once(office: Path, say) -> None:  # type: ignore[no-untyped-def]
    two = ("--by", "bien-tap", "--approved-by", "duyet")
    done = say("correct", "wards", "--value", "127", *two, "--write")
    assert {item["state"] for item in done["items"]} == {"done"} and len(done["items"]) == 4
    ledger = office / "content" / "facts" / "plan.yaml"
    assert "    value: 127\n" in ledger.read_text(encoding="utf-8") and ledger.read_text(encoding="utf-8").startswith("# Số liệu")
    expected = {
        "wordpress": {Event.PUBLISHED: 1, Event.EDITED: 1},
        "facebook": {Event.PUBLISHED: 2, Event.REMOVED: 1},
        "telegram": {Event.PUBLISHED: 2, Event.REMOVED: 1},
    }
    for platform, events in expected.items():
        found, texts = seen(office, platform)
        assert (found, len(texts)) == (events, 1), platform
        assert "Đính chính ngày" in texts[0] and "bản trước ghi 126 xã, phường" in texts[0]
    again = say("correct", "wards", "--value", "127", *two)
    assert again["items"] == []
    assert seen(office, "facebook")[0] == {Event.PUBLISHED: 2, Event.REMOVED: 1}


def test_a_second_correction_keeps_the_first_note(office: Path, say) -> None:  # type: ignore[no-untyped-def]
    say("correct", "wards", "--value", "128", "--by", "bien-tap", "--approved-by", "duyet", "--write")
    text = seen(office, "wordpress")[1][0]
    assert text.count("Đính chính ngày") == 2 and "128 xã, phường (bản trước ghi 127 xã, phường)" in text


def test_an_entry_published_in_error_is_gone_everywhere(office: Path, say) -> None:  # type: ignore[no-untyped-def]
    words = ("withdraw", ENTRY, "--reason", "error", "--why", "Đăng nhầm.")
    assert {item["means"] for item in say(*words)["items"]} == {"remove"}
    done = say(*words, "--by", "bien-tap", "--approved-by", "duyet")
    assert {item["state"] for item in done["items"]} == {"done"}
    for platform in ("wordpress", "facebook", "telegram", "zalo"):
        assert seen(office, platform)[1] == [], platform
    assert say("audit", "verify")["ok"]
