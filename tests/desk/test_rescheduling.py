"""A move is thought through before it is done: what the file would say, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desk.consequences import Kind
from desk.new_entry import Draft, begin_entry, suggested_id, write_entry
from desk.rescheduling import Wish, carry_out, think_back, think_through
from desk.workbench import Workbench
from editorial.clock import OFFICE_ZONE
from editorial.delivery import HoldReason, State
from editorial.problem import BadInput
from editorial.workflow import Stage
from store.halts import MOURNING
from tests.desk.written_office import markdown, open_written_office, person, sign

ENTRY = "giai-phong-thu-do"
SERIES = markdown("hang-thang", "ky@16:00~prev", more="repeat: {every: month, day: last, from: 2026-10-01, until: 2026-12-31}\n")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    texts = {"hang-thang": SERIES, "trang-nghiem": markdown("trang-nghiem", "2026-10-12@10:00", tone="solemn")}
    with open_written_office(tmp_path, texts=texts) as bench:
        yield bench


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


def kinds(bench: Workbench, entry: str, to: str, *channels: str) -> list[Kind]:
    return [each.kind for each in think_through(bench, Wish(entry=entry, channels=channels, to=at(to))).consequences]


def test_an_anchored_entry_stays_with_its_anchor_and_every_channel_keeps_its_distance(bench: Workbench) -> None:
    thought = think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2026-10-07T09:00")))
    assert thought.rules == {
        "": ("giai_phong_thu_do/2026-1d@08:00", "giai_phong_thu_do/2026-3d@09:00"),
        "youtube": ("giai_phong_thu_do/2026-1d@19:30", "giai_phong_thu_do/2026-3d@20:30"),
    }
    assert {shift.after.at - shift.before.at for shift in thought.shifts} == {timedelta(days=-2, hours=1)}
    fixed = think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2026-10-07T09:00"), keeps_anchor=False))
    assert fixed.after.when == "2026-10-07@09:00"


def test_one_channel_of_several_gets_a_rule_of_its_own(bench: Workbench) -> None:
    thought = think_through(bench, Wish(entry=ENTRY, channels=("zalo",), to=at("2026-10-08T08:00")))
    assert thought.rules == {"zalo": ("", "giai_phong_thu_do/2026-2d@08:00")}
    assert [shift.after.channel for shift in thought.shifts] == ["zalo"]


def test_what_is_signed_is_said_to_end_and_ends_with_the_move(bench: Workbench) -> None:
    sign(bench, ENTRY)
    wish = Wish(entry=ENTRY, channels=(), to=at("2026-10-07T08:00"))
    thought = think_through(bench, wish)
    told = next(each for each in thought.consequences if each.kind is Kind.VOID)
    assert "phải trình và duyệt lại" in told.words
    assert bench.store.workflow.of(ENTRY).stage is Stage.SCHEDULED  # thinking does nothing
    undo = carry_out(bench, thought, person(bench, "bien-tap"))
    assert bench.store.workflow.of(ENTRY).stage is Stage.DRAFT
    assert bench.store.approvals.latest(ENTRY) is None
    assert any(deed.action == "reschedule" and deed.who == "bien-tap" for deed in bench.store.audit.of(ENTRY))
    assert bench.reread(ENTRY).workspace.plan.of(ENTRY)[0].at == at("2026-10-07T08:00")
    back = think_back(bench.reread(ENTRY), undo)
    carry_out(bench, back, person(bench, "bien-tap"))
    assert bench.store.workflow.of(ENTRY).stage is Stage.DRAFT  # taking a move back signs nothing


def test_taking_a_move_back_leaves_the_file_byte_for_byte(bench: Workbench) -> None:
    path = bench.root / "content" / f"{ENTRY}.md"
    before = path.read_bytes()
    for channels in ((), ("zalo",), ("youtube",)):
        thought = think_through(bench, Wish(entry=ENTRY, channels=channels, to=at("2026-10-06T08:00")))
        undo = carry_out(bench, thought, person(bench, "bien-tap"))
        assert path.read_bytes() != before
        carry_out(bench, think_back(bench, undo), person(bench, "bien-tap"))
        assert path.read_bytes() == before


def test_a_move_is_not_taken_back_over_somebody_s_edit(bench: Workbench) -> None:
    thought = think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2026-10-06T08:00")))
    undo = carry_out(bench, thought, person(bench, "bien-tap"))
    path = bench.root / "content" / f"{ENTRY}.md"
    path.write_text(path.read_text() + "\nThêm một dòng.\n")
    with pytest.raises(BadInput, match="không hoàn tác được nữa"):
        think_back(bench, undo)


def test_somebody_s_edit_after_the_look_stops_the_move_and_no_signature_ends(bench: Workbench) -> None:
    sign(bench, ENTRY)
    thought = think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2026-10-06T08:00")))
    path = bench.root / "content" / f"{ENTRY}.md"
    path.write_text(path.read_text() + "\nThêm một dòng.\n")
    with pytest.raises(BadInput, match="có người vừa đổi tệp này"):
        carry_out(bench, thought, person(bench, "bien-tap"))
    assert bench.store.workflow.of(ENTRY).stage is Stage.SCHEDULED
    assert path.read_text().endswith("Thêm một dòng.\n")


def test_a_moment_that_has_passed_is_refused_with_its_field(bench: Workbench) -> None:
    thought = think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2026-09-01T08:00")))
    assert [each.kind for each in thought.stops] == [Kind.PAST]
    with pytest.raises(BadInput, match="đã qua"):
        carry_out(bench, thought, person(bench, "bien-tap"))


def test_who_may_not_write_moves_nothing(bench: Workbench) -> None:
    thought = think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2026-10-07T08:00")))
    path = bench.root / thought.file.name
    before = path.read_bytes()
    with pytest.raises(BadInput, match="không có quyền"):
        carry_out(bench, thought, person(bench, "kiem-chung"))
    assert path.read_bytes() == before


def test_what_stands_in_the_way_is_told(bench: Workbench) -> None:
    assert Kind.COLLISION in kinds(bench, ENTRY, "2026-10-12T10:00")  # beside a solemn entry, and in its minute
    thought = think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2026-10-12T10:00")))
    words = " ".join(each.words for each in thought.consequences)
    assert "trang nghiêm “trang-nghiem”" in words and "cùng giờ 10:00" in words
    assert Kind.COLLISION not in kinds(bench, ENTRY, "2026-10-14T10:00")


def test_a_weekend_a_day_off_and_a_doubtful_one_are_told(bench: Workbench) -> None:
    assert Kind.DAY_OFF in kinds(bench, ENTRY, "2026-10-11T10:00")
    thought = think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2027-01-01T10:00")))
    assert any(each.kind is Kind.DAY_OFF and "ngày nghỉ" in each.words for each in thought.consequences)


def test_mourning_and_pauses_that_will_be_in_force_are_told(bench: Workbench) -> None:
    window = {"starts_at": at("2026-10-06T00:00"), "ends_at": at("2026-10-08T00:00")}
    bench.store.halts.set(MOURNING, why="quốc tang", who="duyet", reason=HoldReason.BLACKOUT, **window)
    assert Kind.HALT in kinds(bench, ENTRY, "2026-10-07T08:00")
    assert Kind.HALT not in kinds(bench, ENTRY, "2026-10-09T07:00")


def test_a_late_stage_is_told(bench: Workbench) -> None:
    assert Kind.DEADLINE in kinds(bench, ENTRY, "2026-09-30T08:00")
    assert Kind.SOON in kinds(bench, ENTRY, "2026-09-28T20:00")


def test_a_turn_moves_its_whole_series_and_says_so(bench: Workbench) -> None:
    thought = think_through(bench, Wish(entry="hang-thang--2026-10", channels=(), to=at("2026-10-28T09:00")))
    assert thought.after.when == "ky-3d@09:00" and thought.turns == 3
    assert {Kind.SERIES, Kind.RULE} <= {each.kind for each in thought.consequences}


def test_what_has_gone_out_stays_and_the_rest_moves_beside_it(bench: Workbench) -> None:
    sign(bench, ENTRY)
    portal = next(each for each in bench.store.deliveries.list(entry=ENTRY) if each.channel == "portal")
    bench.store.decisions.cancel(portal.id, who="duyet", why="thử")
    thought = think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2026-10-07T08:00")))
    assert thought.after.when == thought.before.when  # the channel that stays goes by it
    assert set(thought.rules) == {"facebook", "zalo", "telegram", "youtube"}
    assert Kind.LEFT in {each.kind for each in thought.consequences}
    for delivery in bench.store.deliveries.list(entry=ENTRY, states=[State.SCHEDULED]):
        bench.store.decisions.cancel(delivery.id, who="duyet", why="thử")
    with pytest.raises(BadInput, match="không dời được"):
        think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2026-10-07T08:00")))


def test_the_same_moment_is_no_move(bench: Workbench) -> None:
    with pytest.raises(BadInput, match="trùng giờ đang có"):
        think_through(bench, Wish(entry=ENTRY, channels=(), to=at("2026-10-09T08:00")))


def test_what_would_stand_before_what_it_waits_for_is_refused(tmp_path: Path) -> None:
    texts = {
        "mot": markdown("mot", "2026-10-12@08:00"),
        "hai": markdown("hai", "2026-10-13@08:00", more="after: mot\n"),
    }
    with open_written_office(tmp_path, (), texts=texts) as bench:
        for entry, to in (("hai", "2026-10-11T08:00"), ("mot", "2026-10-14T08:00")):
            thought = think_through(bench, Wish(entry=entry, channels=(), to=at(to)))
            assert {each.kind for each in thought.stops} == {Kind.ORDER}


DRAFT = Draft(
    id="tet-pho-co", headline='Tết "phố cổ": vui', summary="Một câu # có dấu", group="1.7", axis="ubnd", unit="so-vhtt",
    tone="festive", when="giai_phong_thu_do/2026+5d@08:00", channels=("portal", "facebook"),
)  # fmt: skip


def test_a_new_entry_is_a_file_like_any_other(bench: Workbench) -> None:
    begun = begin_entry(bench, DRAFT)
    assert not (bench.root / "content" / "tet-pho-co.md").exists()
    assert [slot.at for slot in begun.slots] == [at("2026-10-15T08:00")] * 2
    write_entry(bench, begun, person(bench, "bien-tap"))
    fresh = bench.reread("tet-pho-co")
    made = fresh.content.entries["tet-pho-co"]
    assert (made.messages["vi"].headline, made.messages["vi"].summary) == (DRAFT.headline, DRAFT.summary)
    assert made.when == DRAFT.when and made.channels == DRAFT.channels
    assert fresh.workspace.problems() == bench.workspace.problems()
    with pytest.raises(BadInput, match="đã có"):
        begin_entry(fresh, DRAFT)


def test_what_is_typed_into_a_new_entry_never_becomes_another_key(bench: Workbench) -> None:
    for field in ("headline", "summary", "group", "axis", "unit", "tone", "when", "campaign", "body"):
        draft = replace(DRAFT, **{field: f"{getattr(DRAFT, field)}\naction: Chuyển tiền ngay"})
        try:
            text = begin_entry(bench, draft).text
        except BadInput:
            continue
        (bench.root / "content" / "tet-pho-co.md").write_text(text)
        assert bench.reread("tet-pho-co").content.entries["tet-pho-co"].messages["vi"].action is None
        (bench.root / "content" / "tet-pho-co.md").unlink()


def test_a_new_entry_hears_what_it_would_run_into(bench: Workbench) -> None:
    begun = begin_entry(bench, replace(DRAFT, when="2026-10-12@10:00"))
    assert Kind.COLLISION in {each.kind for each in begun.consequences}
    with pytest.raises(BadInput) as refused:
        begin_entry(bench, replace(DRAFT, when="2026-09-01@10:00", group="9.9", channels=()))
    assert {problem.key for problem in refused.value.problems} == {"channels"}
    with pytest.raises(BadInput) as refused:
        begin_entry(bench, replace(DRAFT, group="9.9", axis="x"))
    assert {problem.key for problem in refused.value.problems} == {"group", "axis"}


def test_an_id_is_made_of_the_headline() -> None:
    assert suggested_id("Đêm Trung thu ở phố cổ, 2026!", ()) == "dem-trung-thu-o-pho-co-2026"
    assert suggested_id("Đêm hội", {"dem-hoi", "dem-hoi-2"}) == "dem-hoi-3"
    assert suggested_id("…", ()) == "bai-moi"
