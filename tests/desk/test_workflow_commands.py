"""The way to the schedule, and the right to publish alone, from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.command import run
from desk.commands.memory import open_folder
from editorial.approval import approve, package_digest
from editorial.clock import SimulatedClock
from editorial.role import Person, Role
from editorial.workflow import Action
from store.store import Store
from store.workflow import Taking
from tests.store.ledger_posts import post
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


LONG_AFTER = datetime(2095, 11, 30, 1, tzinfo=UTC)
REVISION = "a" * 64


def bring_to_schedule(store: Store, key: str) -> None:
    """Take every step with one post, without a file or a picture."""
    ready = post(key, due_at=LONG_AFTER)
    editor, checker, approver = (
        Person(id=id, name=id, roles=(role,))
        for id, role in (("bien-tap", Role.EDITOR), ("kiem-chung", Role.FACT_CHECKER), ("duyet", Role.APPROVER))
    )
    handed_in = Taking(action=Action.SUBMIT, person=editor, revision=REVISION)
    store.submissions.save(ENTRY, package_digest([ready]), editor.id, posts=[ready], step=handed_in)
    store.workflow.take(ENTRY, Action.CHECK, checker, revision=REVISION)
    signed = approve([ready], (), author=editor.id, approver=approver.id, at=datetime.now(UTC))
    store.approvals.save(signed, [ready], step=Taking(action=Action.APPROVE, person=approver, revision=REVISION))
    store.deliveries.plan_together([ready], step=Taking(action=Action.SCHEDULE, person=approver, revision=REVISION))


def test_an_entry_whose_file_is_gone_is_seen_talked_of_and_ended(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*words: str, status: int = 0) -> str:
        capsys.readouterr()
        assert run([*words, "-w", str(workspace)]) == status
        said = capsys.readouterr()
        return said.out + said.err

    for path in (workspace / "content").glob(f"{ENTRY}*.md"):
        path.unlink()
    for command in ("workflow", "changes"):
        assert "không có mục nội dung" in told(command, ENTRY, status=2)
    key, memory = f"{ENTRY}.portal.2095", workspace / ".loa" / "office"
    memory.mkdir(parents=True, exist_ok=True)
    with open_folder(memory) as store:
        bring_to_schedule(store, key)
    stands = json.loads(told("workflow", ENTRY, "--json"))
    assert (stands["stage"], stands["gone"], len(stands["steps"])) == ("scheduled", True, 4)
    assert f"hãy trả lại tệp, hoặc kết thúc mục bằng ./loa withdraw {ENTRY}" in told("workflow", ENTRY)
    said = told("changes", ENTRY)
    assert "duyet đã duyệt lúc" in said and key in said and "không so với bây giờ được" in said
    assert json.loads(told("changes", ENTRY, "--json"))["gone"]
    assert "hãy trả lại tệp" in told("workflow", ENTRY, "--do", "submit", "--by", "bien-tap", status=2)
    comment = ("workflow", ENTRY, "--do", "comment", "--why", "ai xóa tệp này?")
    assert "không có quyền" in told(*comment, "--by", "nguoi-xem", status=2)
    assert "ai xóa tệp này?" in told(*comment, "--by", "duyet")
    assert "không còn trong content/ mà đã trình hoặc duyệt" in told("sync", status=1)
    assert "kết thúc mục bằng ./loa withdraw" in told("workflow", ENTRY)
    told("withdraw", ENTRY, "--reason", "withdrawn", "--why", "Không đăng nữa.", "--by", "bien-tap", "--approved-by", "duyet")
    ended = told("workflow", ENTRY)
    assert "đã rút" in ended and "hãy trả lại tệp" not in ended
    told("sync")
    told("audit", "verify")


def test_an_emergency_of_a_rehearsal_goes_by_its_own_clock(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    memory = workspace / ".loa" / "demo"
    memory.mkdir(parents=True)
    with open_folder(memory, SimulatedClock(LONG_AFTER)) as store:
        bring_to_schedule(store, f"{ENTRY}.portal.2095")
    rehearsal = ("--memory", "demo", "-w", str(workspace))
    assert run(["emergency", "grant", "truc-ban", "--by", "quan-tri", *WHY, *rehearsal]) == 0
    assert "đến 12:00 30/11/2095" in capsys.readouterr().out
    with open_folder(memory, SimulatedClock(LONG_AFTER)) as store:
        store.emergencies.use(ENTRY, person="truc-ban", why=WHY[1])
        store.deliveries.plan(post(f"{ENTRY}.zalo.2095", channel="zalo"))
    assert run(["emergency", "list", *rehearsal]) == 0
    with open_folder(memory, SimulatedClock(datetime(2095, 12, 2, tzinfo=UTC))) as store:
        store.deliveries.plan(post(f"{ENTRY}.facebook.2095", channel="facebook"))
    assert run(["emergency", "list", *rehearsal]) == 1
    assert "QUÁ HẠN" in capsys.readouterr().out
