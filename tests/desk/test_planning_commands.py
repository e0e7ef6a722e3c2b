from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.approving import check_facts, make_posts, problems_of, sign, submit
from desk.command import run
from desk.commands.coverage import gap_lines
from desk.commands.coverage_grid import axis_marks
from desk.crew import bring_to_schedule, crew_of
from desk.figure import share, written
from desk.place import Place
from desk.workbench import open_workbench
from editorial.clock import SimulatedClock
from editorial.coverage import Gap, Month, Side
from editorial.office import Axis
from editorial.problem import BadInput
from editorial.role import Person, Role
from editorial.workflow import Action
from store.store import Store
from tests.store.ledger_posts import approval, post

HOUSE = Path(__file__).resolve().parents[2]
QUARTER = ("--from", "2026-10-01", "--to", "2026-12-31")
REPEAT = "repeat: {every: month, day: last, from: 2026-10-01, until: 2026-12-31}\n"
NEWS = f"""\
---
id: ban-tin
group: "1.9"
axis: hdnd
unit: vp-hdnd
tone: neutral
when: ky@16:00~prev
{REPEAT}channels: [portal]
headline: Bản tin tháng
summary: Việc đã làm trong tháng
---
Việc đã làm trong tháng.
"""


ENTRIES = ("toan-quoc-khang-chien", "quoc-phong-toan-dan", "ngay-van-hoa-viet-nam", "dich-vu-cong-truc-tuyen", "trung-thu-pho-co")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The sample office with a few of its entries and a monthly bulletin."""
    for name in ("calendars", "templates", "assets"):
        shutil.copytree(HOUSE / name, tmp_path / name)
    for name in ("facts", "campaigns"):
        shutil.copytree(HOUSE / "content" / name, tmp_path / "content" / name)
    for path in (HOUSE / "content").iterdir():
        if path.name == "office.yaml" or path.name.split(".")[0] in ENTRIES:
            shutil.copy(path, tmp_path / "content")
    (tmp_path / "content" / "ban-tin.md").write_text(NEWS, encoding="utf-8")
    return tmp_path


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = run(arguments)
    return status, capsys.readouterr().out


def test_a_plan_with_warnings_only_is_not_wrong(capsys: pytest.CaptureFixture[str], office: Path) -> None:
    status, out = answered(capsys, "check", "--json", "--workspace", str(office))
    told = json.loads(out)
    assert status == 0
    assert [(problem["rule"], problem["severity"], problem["file"]) for problem in told] == [
        ("mixed-tone", "warning", "content/trung-thu-pho-co.md")
    ]


def test_coverage_names_the_gaps_and_counts_an_occurrence_in_its_own_month(
    capsys: pytest.CaptureFixture[str], office: Path
) -> None:
    _, out = answered(capsys, "coverage", *QUARTER, "--json", "--workspace", str(office))
    found = json.loads(out)
    assert found["months"] == ["2026-10", "2026-11", "2026-12"]
    cells = [cell for cell in found["cells"] if (cell["group"], cell["axis"]) == ("1.9", "hdnd")]
    assert [cell["entries"] for cell in cells] == [["ban-tin--2026-10"], ["ban-tin--2026-11"], ["ban-tin--2026-12"]]
    assert not [gap for gap in found["gaps"] if gap["id"] in ("1.9", "hdnd")]
    assert "nhóm 1.11 chưa có nội dung trong tháng 11/2026" in [gap["message"] for gap in found["gaps"]]


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("period", [QUARTER, ("--from", "2026-01-01", "--to", "2027-02-28")])
def test_the_grid_of_groups_axes_and_months_fits_the_terminal_and_holds_every_cell(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, office: Path, width: int, period: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    _, out = answered(capsys, "coverage", *period, "--workspace", str(office))
    grid = [line for line in out.splitlines() if "chưa có nội dung" not in line]
    assert max(len(line) for line in grid) <= width
    rows = [line.split("…")[-1].split()[-16:] for line in grid if line.startswith("1.9 ")]
    if period == QUARTER:
        assert rows[1] == [*"–1––", *"–1––", *"–1––", *"–3––"]
    assert sum(line.count("TU HD UB MT") for line in grid) == (4 if period == QUARTER else 15)
    assert sum(line.startswith("1.14 ") for line in grid) == sum(line.startswith("Nhóm") for line in grid)
    assert "nhóm 1.11 (Quốc phòng, an ninh, trật tự an toàn xã hội) chưa có nội dung trong tháng" in out


def test_axes_whose_letters_are_the_same_are_numbered() -> None:
    axes = [Axis(id=id, name=id, role="") for id in ("thanh-uy", "thanh-uyen")]
    assert axis_marks(axes) == {"thanh-uy": "1", "thanh-uyen": "2"}


def test_a_series_is_checked_by_its_name_or_by_one_occurrence(capsys: pytest.CaptureFixture[str], office: Path) -> None:
    for name in ("ban-tin", "ban-tin--2026-11"):
        assert run(("check", name, "--workspace", str(office))) == 0
    assert run(("certificate", "ban-tin", "--workspace", str(office))) == 2
    assert "hãy chọn một kỳ, từ ban-tin--2026-10 đến ban-tin--2026-12" in capsys.readouterr().err


def test_a_gap_of_several_months_is_one_line() -> None:
    months = [Month(year=2026, number=number) for number in (11, 12)]
    gaps = tuple(Gap(side=Side.GROUP, id="1.9", name="Đối ngoại", month=month) for month in months)
    assert gap_lines(gaps) == ["nhóm 1.9 (Đối ngoại) chưa có nội dung trong tháng 11/2026, 12/2026"]


def test_the_plan_has_every_occurrence_under_its_own_key_and_names_campaign_and_phase(
    capsys: pytest.CaptureFixture[str], office: Path
) -> None:
    _, out = answered(capsys, "plan", *QUARTER, "--json", "--workspace", str(office))
    slots = {slot["key"]: slot for slot in json.loads(out)}
    assert [(key, slot["date"]) for key, slot in slots.items() if slot["entry"].startswith("ban-tin")] == [
        ("ban-tin--2026-10.portal.2026", "2026-10-30"),
        ("ban-tin--2026-11.portal.2026", "2026-11-30"),
        ("ban-tin--2026-12.portal.2026", "2026-12-31"),
    ]
    assert slots["toan-quoc-khang-chien.youtube.2026"]["campaign"]["phase"] == "Tuần tri ân"
    assert slots["quoc-phong-toan-dan.portal.2026"]["campaign"]["phase"] == "Tiếp nối"
    assert slots["dich-vu-cong-truc-tuyen.portal.2026"]["campaign"] is None


def test_deadlines_tell_what_is_late_by_the_offices_own_records(capsys: pytest.CaptureFixture[str], office: Path) -> None:
    memory = office / ".loa" / "office"
    memory.mkdir(parents=True)
    clock = SimulatedClock(datetime(2026, 11, 20, tzinfo=UTC))
    with Store.open(f"sqlite:///{memory / 'loa.sqlite'}", clock=clock, media_folder=memory / "media") as store:
        for entry, steps in {"ngay-van-hoa-viet-nam": 1, "quoc-phong-toan-dan": 2}.items():
            for action, role in ((Action.SUBMIT, Role.EDITOR), (Action.CHECK, Role.FACT_CHECKER))[:steps]:
                person = Person(id=role.value, name=role.value, roles=(role,))
                store.workflow.take(entry, action, person, revision="r1")
    arguments = ("plan", *QUARTER, "--deadlines", "--today", "2026-11-23", "--workspace", str(office))
    _, out = answered(capsys, *arguments, "--json")
    rows = {(row["entry"], row["stage"]): row for row in json.loads(out)}
    handed_in = {stage: rows["ngay-van-hoa-viet-nam", stage]["late"] for stage in ("brief", "design", "fact_check", "approval")}
    assert handed_in == {"brief": False, "design": False, "fact_check": True, "approval": False}
    assert not rows["quoc-phong-toan-dan", "fact_check"]["late"]
    assert rows["dich-vu-cong-truc-tuyen", "design"]["late"]
    assert rows["toan-quoc-khang-chien", "approval"]["due"] == "2026-12-17T17:00:00+07:00"
    _, out = answered(capsys, *(argument for argument in arguments if argument != "--deadlines"))
    late = [line for line in out.splitlines() if line.startswith("TRỄ: ")]
    assert late[0] == "TRỄ: ngay-van-hoa-viet-nam, đăng 08:00 24/11: kiểm chứng (hạn 19/11)"
    assert any(line.startswith("TRỄ: dich-vu-cong-truc-tuyen, đăng 08:00 30/11: ") for line in late)
    assert "quoc-phong-toan-dan" not in " ".join(late)


def test_a_milestone_has_deadlines_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = answered(capsys, "plan", "--milestone", "trung_thu/2027@08:00", "--json", "--workspace", str(HOUSE))
    assert [row["due"][:10] for row in json.loads(out)] == ["2027-08-30", "2027-09-07", "2027-09-10", "2027-09-14"]
    tet = ("--milestone", "tet_nguyen_dan/2027@08:00", "--today", "2026-11-29")
    _, out = answered(capsys, "plan", *tet, "--workspace", str(HOUSE))
    assert "06/02/2027 08:00" in out  # the year of the post as well as of the deadline


@pytest.mark.parametrize(
    "arguments", [("--deadlines", "--today", "23/11/2026"), ("--deadlines", "--memory", "nhà"), ("--milestone", "trung_thu@8h")]
)
def test_what_cannot_be_understood_ends_with_status_2(arguments: tuple[str, ...]) -> None:
    assert run(("plan", *QUARTER, *arguments, "--workspace", str(HOUSE))) == 2


def test_a_mistake_in_a_rhythm_is_told_by_check(capsys: pytest.CaptureFixture[str], office: Path) -> None:
    (office / "content" / "ban-tin.md").write_text(NEWS.replace("day: last", "day: 31"), encoding="utf-8")
    assert run(("check", "--workspace", str(office))) == 2
    assert "content/ban-tin.md:8 repeat.day: tháng 11/2026 không có ngày 31" in capsys.readouterr().err


def test_a_campaign_that_nobody_wrote_is_told_by_check(capsys: pytest.CaptureFixture[str], office: Path) -> None:
    (office / "content" / "campaigns" / "toan-quoc-khang-chien-80.yaml").unlink()
    assert run(("check", "--workspace", str(office))) == 2
    assert "content/toan-quoc-khang-chien.md:6 campaign: không có chiến dịch" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("toan-quoc-khang-chienn", "không có mục nội dung “toan-quoc-khang-chienn”"),
        ("toan-quoc-khang-chien", "các mục chờ nhau thành vòng: toan-quoc-khang-chien → toan-quoc-khang-chien"),
    ],
)
def test_an_order_that_cannot_be_kept_is_told_by_check(
    capsys: pytest.CaptureFixture[str], office: Path, after: str, told: str
) -> None:
    file = office / "content" / "toan-quoc-khang-chien.md"
    words = file.read_text(encoding="utf-8").replace("\ncampaign: ", f"\nafter: {after}\ncampaign: ", 1)
    file.write_text(words, encoding="utf-8")
    assert run(("check", "--workspace", str(office))) == 2
    assert f"content/toan-quoc-khang-chien.md:6 after: {told}" in capsys.readouterr().err


def test_the_planning_benchmark_says_what_it_measured() -> None:
    from desk.planning_speed import measure
    from store.calendar_files import read_calendars
    from store.workspace_files import read_content

    found = measure(read_content(HOUSE), read_calendars(HOUSE / "calendars", HOUSE), 2026, entries=300)
    assert (found.years, found.entries, found.slots, found.problems) == (10, 300, 1500, 0)
    assert found.occasions > 900


def test_the_lunar_benchmark_says_what_it_measured() -> None:
    from desk.lunar_speed import measure

    found = measure(range(2033, 2036), rounds=1)
    assert (found.years, found.lookups) == (3, 730)
    assert 0 < found.year_seconds <= found.slowest_year_seconds
    assert found.lookup_seconds > 0


def test_figures_of_the_commands_are_written_as_vietnamese_writes_them() -> None:
    assert [written(10_000), written(0.854, 2), written(1234.5, 1), share(0.953), share(0.95, 0)] == [
        "10.000", "0,85", "1.234,5", "95,3%", "95%",
    ]  # fmt: skip


def test_a_scheduled_post_whose_day_moved_stays_and_asks_for_a_decision(capsys: pytest.CaptureFixture[str], office: Path) -> None:
    memory = office / ".loa" / "office"
    memory.mkdir(parents=True)
    (office / "content" / "ban-tin.md").write_text(
        NEWS.replace("ky@16:00~prev", "2095-05-04@08:00").replace(REPEAT, ""), encoding="utf-8"
    )
    clock = SimulatedClock(datetime(2026, 11, 20, tzinfo=UTC))
    with Store.open(f"sqlite:///{memory / 'loa.sqlite'}", clock=clock, media_folder=memory / "media") as store:
        planned = post("ban-tin.portal.2095", due_at=datetime(2095, 5, 3, 1, tzinfo=UTC))
        store.approvals.save(approval([planned]), [planned])
        store.deliveries.plan(planned)
    status, out = answered(capsys, "moves", "--json", "--workspace", str(office))
    (move,) = json.loads(out)
    assert status == 1
    assert (move["fate"], move["key"], move["from"][:10], move["to"][:10]) == (
        "conflict", "ban-tin.portal.2095", "2095-05-03", "2095-05-04",
    )  # fmt: skip
    with Store.open(f"sqlite:///{memory / 'loa.sqlite'}", clock=clock, media_folder=memory / "media") as store:
        store.approvals.revoke("ban-tin", who="Minh", why="lịch đổi")
    status, out = answered(capsys, "moves", "--json", "--workspace", str(office))
    assert (status, [move["fate"] for move in json.loads(out)]) == (0, ["moved"])


def test_a_post_whose_moment_has_passed_is_not_approved_and_one_that_is_scheduled_already_is_left_to_the_dispatcher(
    office: Path,
) -> None:
    clock = SimulatedClock(datetime(2026, 11, 1, tzinfo=UTC))
    with open_workbench(Place(root=office), office / ".loa" / "office", clock) as bench:
        turns = {id: bench.workspace.plan.of(id) for id in ("ban-tin--2026-10", "ban-tin--2026-11")}
        late, ready = (make_posts(bench, slots, {}) for slots in turns.values())
        crew = crew_of(bench)
        submit(bench, "ban-tin--2026-10", late, crew.editor)
        check_facts(bench, "ban-tin--2026-10", late, crew.checker)
        with pytest.raises(BadInput, match="16:00 30/10/2026, đã qua") as caught:
            sign(bench, "ban-tin--2026-10", late, crew.approver)
        assert [problem.rule for problem in caught.value.problems] == ["past-due"]
        bring_to_schedule(bench, "ban-tin--2026-11", ready, crew)
        clock.move_to(datetime(2026, 12, 1, tzinfo=UTC))
        assert not problems_of(bench, "ban-tin--2026-11", ready)


def test_what_an_entry_asks_of_the_order_is_signed_with_its_post(office: Path) -> None:
    text = NEWS.replace("ky@16:00~prev", "2026-12-30@16:00").replace(REPEAT, "after: toan-quoc-khang-chien\n")
    (office / "content" / "ban-tin.md").write_text(text, encoding="utf-8")
    clock = SimulatedClock(datetime(2026, 11, 1, tzinfo=UTC))
    with open_workbench(Place(root=office), office / ".loa" / "office", clock) as bench:
        (ready,) = make_posts(bench, bench.workspace.plan.of("ban-tin"), {})
        bring_to_schedule(bench, "ban-tin", (ready,), crew_of(bench))
        assert bench.store.posts.get(ready.key).after == "toan-quoc-khang-chien.portal.2026"
        assert bench.store.approvals.covers(ready.key, ready.digest)


def test_over_new_year_every_day_of_the_plan_has_its_year_and_what_is_late_says_what_may_move(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, office: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    page = office / "content" / "ban-tin.md"
    text = NEWS.replace("ky@16:00~prev", "2027-02-11@16:00").replace(REPEAT, "")
    page.write_text(text, encoding="utf-8")
    period = ("--from", "2026-12-01", "--to", "2027-02-28")
    _, out = answered(capsys, "plan", *period, "--today", "2027-02-10", "--workspace", str(office))
    assert "T5 11/02/2027" in out
    (late,) = [line for line in out.splitlines() if line.startswith("TRỄ: ban-tin, đăng 16:00 11/02")]
    assert late.endswith("duyệt (hạn 03/02, dự kiến)")
