"""The way to the schedule, and the right to publish alone, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.command import run
from tests.story.workspace import make_workspace

ENTRY = "dich-vu-cong-truc-tuyen"
WHY = ("--why", "trực ban đêm mưa lớn, cần báo ngay")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The sample office with one entry whose moment is a lifetime away: commands go by the machine's own clock."""
    made = make_workspace(tmp_path, (ENTRY,))
    page = made / "content" / f"{ENTRY}.md"
    page.write_text(page.read_text(encoding="utf-8").replace("q4_end/2026", "q4_end/2095"), encoding="utf-8")
    return made


def test_each_step_is_taken_by_whose_it_is_and_a_stale_one_is_refused(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def step(action: str, by: str, *more: str) -> int:
        return run(["workflow", ENTRY, "--do", action, "--by", by, *more, "-w", str(workspace)])

    assert step("submit", "nguoi-xem") == 2
    assert step("submit", "bien-tap") == 0
    assert step("approve", "duyet") == 2
    assert step("check", "kiem-chung", "--version", "0") == 2
    assert step("check", "kiem-chung", "--version", "1") == 0
    assert step("approve", "duyet") == 0
    assert step("schedule", "duyet") == 0
    assert step("schedule", "duyet") == 2
    place = ("-w", str(workspace))
    assert run(["sync", *place]) == 0
    assert run(["changes", ENTRY, *place]) == 0
    capsys.readouterr()
    assert run(["workflow", ENTRY, "--json", "-w", str(workspace)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["stage"], found["version"], found["author"]) == ("scheduled", 4, "bien-tap")
    page = workspace / "content" / f"{ENTRY}.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nThêm một câu.\n", encoding="utf-8")
    assert run(["workflow", ENTRY, "--json", "-w", str(workspace)]) == 0
    assert json.loads(capsys.readouterr().out)["stage"] == "draft"
    assert run(["changes", ENTRY, "--json", *place]) == 0
    assert {change["field"] for change in json.loads(capsys.readouterr().out)["changes"]} == {"text", "html"}
    assert run(["sync", "--json", *place]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["entry"], found["what"]) == (ENTRY, "void") and "duyệt lại" in found["message"]
    assert step("comment", "duyet", "--why", "thêm nguồn") == 0
    assert step("submit", "bien-tap") == 0
    assert step("request-changes", "duyet", "--why", "câu cuối thừa") == 0
    assert step("submit", "bien-tap") == 0
    assert step("reject", "duyet", "--why", "trùng với bài khác") == 0


def test_the_right_to_publish_alone_is_given_by_an_admin_to_a_publisher(workspace: Path) -> None:
    def grant(person: str, by: str, *more: str) -> int:
        return run(["emergency", "grant", person, "--by", by, *WHY, *more, "-w", str(workspace)])

    assert grant("truc-ban", "bien-tap") == 2
    assert grant("bien-tap", "quan-tri") == 2
    assert grant("truc-ban", "quan-tri", "--hours", "30") == 2
    assert grant("truc-ban", "quan-tri") == 0
    assert run(["emergency", "list", "-w", str(workspace)]) == 0
    assert run(["emergency", "review", "7", "--verdict", "upheld", "--by", "duyet", *WHY, "-w", str(workspace)]) == 2


def test_an_emergency_goes_out_at_once_on_one_persons_word_and_waits_for_anothers_review(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("-w", str(workspace))

    def told(*words: str, status: int = 0) -> object:
        capsys.readouterr()
        assert run([*words, "--json", *place]) == status
        return json.loads(capsys.readouterr().out)

    publish = ("emergency", "publish", ENTRY, "--by", "truc-ban")
    assert run([*publish, *WHY, *place]) == 2
    assert run(["emergency", "grant", "truc-ban", "--by", "quan-tri", *WHY, *place]) == 0
    assert run([*publish, "--why", "gấp", *place]) == 2
    use = told(*publish, *WHY)
    assert set(use["deliveries"].values()) == {"verified"} and len(use["deliveries"]) == 4  # type: ignore[index]
    (listed,) = told("emergency", "list")  # type: ignore[misc]
    assert (listed["person"], listed["verdict"], listed["overdue"]) == ("truc-ban", None, False)
    review = ("emergency", "review", str(listed["id"]), "--verdict", "upheld", *WHY)
    assert run([*review, "--by", "truc-ban", *place]) == 2
    assert run([*review, "--by", "duyet", *place]) == 0
    assert run([*review, "--by", "duyet", *place]) == 2
    (listed,) = told("emergency", "list")  # type: ignore[misc]
    assert (listed["verdict"], listed["reviewer"]) == ("upheld", "duyet")
    assert run(["audit", "verify", *place]) == 0
    stands = told("workflow", ENTRY)
    assert stands["stage"] == "scheduled" and stands["steps"][-1]["action"] == "emergency"  # type: ignore[index]


@pytest.mark.parametrize("author", ["", "bien-tap"])
def test_an_emergency_under_a_pause_says_that_nothing_goes_out_and_a_review_may_take_it_back(
    workspace: Path, capsys: pytest.CaptureFixture[str], author: str
) -> None:
    place = ("-w", str(workspace))
    assert run(["emergency", "grant", "truc-ban", "--by", "quan-tri", *WHY, *place]) == 0
    assert run(["pause", "--by", "duyet", "--why", "họp báo đang diễn ra", "--channel", "zalo", *place]) == 0
    capsys.readouterr()
    assert run(["emergency", "publish", ENTRY, "--by", "truc-ban", *WHY, *place]) == 1
    said = capsys.readouterr()
    assert "zalo" in said.err and "CHƯA ĐĂNG, đang tạm dừng: họp báo đang diễn ra" in said.err
    assert f"{ENTRY}.portal.2095: verified" in said.out and f"{ENTRY}.zalo.2095: held" in said.out
    review = ("emergency", "review", "1", "--verdict", "withdrawn", "--by", "duyet", "--why", "nêu sai số phường, phải rút")
    assert run([*review, "--author", "nguoi-xem", *place]) == 2
    assert run([*review, *(("--author", author) if author else ()), *place]) == 0
    said = capsys.readouterr()
    assert f"{ENTRY}.portal.2095" in said.out
    assert (f"./loa withdraw {ENTRY} --reason error" in said.out) is (not author)
    assert run(["corrections", "--json", *place]) == 0
    assert bool(json.loads(capsys.readouterr().out)) is bool(author)
    assert run(["changes", ENTRY, *place]) == 0
    assert "nêu sai số phường, phải rút" in capsys.readouterr().out
