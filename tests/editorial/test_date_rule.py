"""Date rules: from `trung_thu/2026-3d@08:00` to a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from editorial.calendar import Catalogue
from editorial.clock import OFFICE_ZONE
from editorial.date_rule import DateRule, Offset, Roll, Unit, parse, resolve
from editorial.day_rule import Skip
from editorial.days_off import DayOff, DaysOff, DayStatus
from editorial.problem import BadInput
from tests.editorial.small_plan import calendar, rule
from tests.fuzz import examples

ORACLE = [
    ("trung_thu/2026-3d@08:00", "2026-09-22T08:00:00+07:00", False),
    ("quoc_khanh/2026-5wd@08:00", "2026-08-24T08:00:00+07:00", False),
    ("quoc_khanh/2026-7wd@08:00", "2026-08-21T08:00:00+07:00", False),
    ("quoc_khanh/2026-2w-1wd@07:30", "2026-08-18T07:30:00+07:00", False),
    ("toan_quoc_khang_chien/2026@08:00~prev", "2026-12-18T08:00:00+07:00", False),
    ("dan_quan_tu_ve/2027@08:00~near", "2027-03-29T08:00:00+07:00", False),
    ("tet_nguyen_dan/2027-5wd@09:00", "2027-01-28T09:00:00+07:00", True),
    ("gio_to_hung_vuong/2026-1m@08:00~next", "2026-03-26T08:00:00+07:00", False),
    ("q4_end/2026+2m@08:00", "2027-02-28T08:00:00+07:00", False),
    ("giao_thua/2027-2h@20:00", "2027-02-05T18:00:00+07:00", False),
]


def moment(text: str, catalogue: Catalogue, **given: int) -> str:
    return resolve(text, catalogue, catalogue.days_off, **given).at.isoformat()


def refusal(text: str, catalogue: Catalogue, **given: int) -> str:
    with pytest.raises(BadInput) as refused:
        resolve(text, catalogue, catalogue.days_off, **given)
    return refused.value.problems[0].rule


@pytest.mark.parametrize(("text", "at", "provisional"), ORACLE)
def test_a_rule_gives_the_moment_worked_out_by_hand(text: str, at: str, provisional: bool, catalogue: Catalogue) -> None:
    found = resolve(text, catalogue, catalogue.days_off)
    assert (found.at.isoformat(), found.provisional) == (at, provisional)
    assert found.at.tzinfo is OFFICE_ZONE
    assert str(found.at.tzinfo) == "Asia/Ho_Chi_Minh"


def test_the_year_may_be_left_out_where_the_year_asked_about_has_the_day_once(catalogue: Catalogue) -> None:
    assert moment("q4_end+2m@08:00", catalogue, default_year=2026) == "2027-02-28T08:00:00+07:00"
    assert refusal("q4_end+2m@08:00", catalogue) == "date-rule-no-year"
    assert refusal("ram_thang_muoi_mot@08:00", catalogue, default_year=2026) == "anchor-not-once"


def test_a_day_of_one_year_only_needs_no_year(catalogue: Catalogue) -> None:
    assert moment("q4_report_due-3wd@16:00", catalogue) == "2026-12-10T16:00:00+07:00"
    assert refusal("q4_report_due/2027@16:00", catalogue) == "anchor-not-once"


def test_a_day_that_falls_twice_is_refused_with_both_dates(catalogue: Catalogue) -> None:
    with pytest.raises(BadInput, match=r"2 ngày trong năm 2026.*3/1/2026.*23/12/2026"):
        resolve("ram_thang_muoi_mot/2026@08:00", catalogue)


def test_a_day_that_does_not_fall_is_refused_with_the_nearest_dates(catalogue: Catalogue) -> None:
    with pytest.raises(BadInput, match=r"không có ngày nào trong năm 2025.*15/12/2024.*3/1/2026"):
        resolve("ram_thang_muoi_mot/2025@08:00", catalogue)


def test_a_day_that_most_years_lack_is_refused_with_the_nearest_years_that_have_it() -> None:
    leap = calendar(replace(rule("ram_nhuan", "lunar:01-15"), rule="lunar:05-15", leap=True, skip=Skip.OMIT))
    with pytest.raises(BadInput, match=r"ví dụ 2009-07-07@08:00. Các ngày có thể chọn: 7/7/2009 .*, 7/7/2028 "):
        resolve("ram_nhuan/2026@08:00", leap)
    young = calendar(replace(rule("le", "solar:10-10"), since=2050))
    with pytest.raises(BadInput, match=r"chọn: 10/10/2050 "):
        resolve("le/2026@08:00", young)


def test_a_fixed_day_is_its_own_anchor(catalogue: Catalogue) -> None:
    found = resolve("2026-11-02@08:00", catalogue)
    assert found.at.isoformat() == "2026-11-02T08:00:00+07:00"
    assert (found.anchor, found.anchor_date, found.occasion) == ("2026-11-02", date(2026, 11, 2), None)
    assert moment("2026-11-02-1wd@08:00", catalogue) == "2026-10-30T08:00:00+07:00"
    assert moment("2026-10-31@08:00~next", catalogue) == "2026-11-02T08:00:00+07:00"


def test_the_order_in_the_text_does_not_change_the_moment(catalogue: Catalogue) -> None:
    written = ("quoc_khanh/2026-1m-1w-1wd@08:00", "quoc_khanh/2026-1wd-1w-1m@08:00")
    assert {moment(text, catalogue) for text in written} == {"2026-07-24T08:00:00+07:00"}


def test_months_go_first_and_stop_at_the_end_of_a_shorter_month(catalogue: Catalogue) -> None:
    assert moment("2027-01-31+1m+1d@08:00", catalogue) == "2027-03-01T08:00:00+07:00"
    assert moment("2028-01-31+1m@08:00", catalogue) == "2028-02-29T08:00:00+07:00"
    assert moment("2026-03-31-13m@08:00", catalogue) == "2025-02-28T08:00:00+07:00"


def test_minutes_and_hours_may_cross_midnight(catalogue: Catalogue) -> None:
    assert moment("2026-11-02-9h@08:00", catalogue) == "2026-11-01T23:00:00+07:00"
    assert moment("2026-11-02+1h+45min@22:30", catalogue) == "2026-11-03T00:15:00+07:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-31@08:00~prev", "2026-10-30"),
        ("q4_end/2026@16:00~prev", "2026-12-31"),  # a Thursday
        ("q4_end/2028@16:00~prev", "2028-12-29"),  # 31/12 is a Sunday
        ("q4_end/2028@16:00~modprev", "2028-12-29"),  # back never leaves the quarter's month
        ("q4_end/2028@16:00~next", "2029-01-02"),  # on does, over New Year's Day
        ("q4_end/2028@16:00~modnext", "2028-12-29"),
        ("2026-10-31@08:00~near", "2026-10-30"),
        ("2026-11-01@08:00~near", "2026-11-02"),
        ("2026-10-31@08:00~modnext", "2026-10-30"),
        ("2026-11-01@08:00~modprev", "2026-11-02"),
        ("2026-11-07@08:00~modnext", "2026-11-09"),
        ("2026-11-07@08:00~modprev", "2026-11-06"),
        ("2026-11-24@08:00~near", "2026-11-23"),
        ("2026-11-07@08:00~none", "2026-11-07"),
        ("2026-11-06@08:00~next", "2026-11-06"),
    ],
)
def test_a_roll_leaves_a_day_off_in_the_way_it_says(text: str, expected: str, catalogue: Catalogue) -> None:
    assert moment(text, catalogue)[:10] == expected


def test_a_roll_over_a_projected_day_is_provisional_and_says_so(catalogue: Catalogue) -> None:
    found = resolve("tet_nguyen_dan/2027@08:00~prev", catalogue)
    assert (found.at.date(), found.provisional) == (date(2027, 2, 3), True)
    assert "Dự kiến: lịch nghỉ ngày 4/2/2027, 5/2/2027" in found.steps[-1]


def test_a_projected_day_that_decides_nothing_leaves_the_moment_firm(catalogue: Catalogue) -> None:
    assert not resolve("tet_nguyen_dan/2027@00:00", catalogue).provisional


def test_a_roll_without_a_working_day_within_15_days_is_refused(catalogue: Catalogue) -> None:
    block = [DayOff(day=date(2026, 11, 1) + timedelta(days=n), name="nghỉ", status=DayStatus.OFFICIAL) for n in range(40)]
    shut = DaysOff(block)
    for roll in ("next", "near", "modnext"):
        with pytest.raises(BadInput, match="15 ngày"):
            resolve(f"2026-11-20@08:00~{roll}", catalogue, shut)
    assert resolve("2026-11-14@08:00~prev", catalogue, shut).at.date() == date(2026, 10, 30)


def test_the_steps_tell_an_editor_how_the_moment_was_found(catalogue: Catalogue) -> None:
    steps = resolve("quoc_khanh/2026-7wd@08:00", catalogue).steps
    assert steps[0] == "Mốc quoc_khanh năm 2026: Ngày quoc_khanh, thứ Tư 2/9/2026, âm lịch 21/7 năm Bính Ngọ (2026)."
    assert steps[1].startswith("Lùi 7 ngày làm việc: thứ Sáu 21/8/2026 (bỏ qua 1/9/2026")
    assert "tính cả thứ Bảy 22/8/2026 làm bù" in steps[1]
    assert steps[2] == "Giờ Hà Nội: 08:00, thứ Sáu 21/8/2026."
    assert "tháng 2 không có ngày 31" in resolve("q4_end/2026+2m@08:00", catalogue).steps[1]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "date-rule-no-time"),
        ("trung_thu/2026-3d", "date-rule-no-time"),
        ("trung_thu/2026-3@08:00", "date-rule-no-unit"),
        ("trung_thu/2026-0wd@08:00", "zero-working-days"),
        ("trung_thu/2026+0wd-1wd@08:00", "zero-working-days"),
        ("trung_thu/2026+1wd-1wd@08:00", "zero-working-days"),
        ("trung_thu/2026-1234d@08:00", "date-rule-bad-offset"),
        ("trung_thu/2026-d@08:00", "date-rule-bad-offset"),
        ("trung_thu/2026-3y@08:00", "date-rule-bad-offset"),
        ("trung_thu/2026 -3d@08:00", "date-rule-space"),
        ("trung_thu/2026-3d@08:00\n", "date-rule-space"),
        ("Trung_thu/2026@08:00", "date-rule-capital"),
        ("trung_thu/2026−3d@08:00", "date-rule-letter"),
        ("trung_thu/26@08:00", "date-rule-bad-anchor"),
        ("/2026@08:00", "date-rule-bad-anchor"),
        ("trung_thu/2026@8:00", "date-rule-bad-time"),
        ("trung_thu/2026@24:00", "date-rule-bad-time"),
        ("trung_thu/2026@08:60", "date-rule-bad-time"),
        ("trung_thu/2026@08:00~", "date-rule-bad-roll"),
        ("trung_thu/2026@08:00~after", "date-rule-bad-roll"),
        ("2026-02-30@08:00", "day-never-exists"),
        ("trungthu/2026@08:00", "unknown-anchor"),
        ("trung_thu/0000@08:00", "year-out-of-range"),
        ("trung_thu/2100+999m@08:00", "date-out-of-range"),
        ("9999-12-31+999d@08:00", "date-out-of-range"),
        ("2100-12-31+999h@08:00", "date-out-of-range"),
        (f"2026-11-02{'-999m' * 20}@08:00", "date-out-of-range"),
        (f"2026-11-02{'+999m' * 30}@08:00", "date-rule-too-long"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_by_name(text: str, rule: str, catalogue: Catalogue) -> None:
    assert refusal(text, catalogue) == rule


def test_an_unknown_anchor_is_refused_with_the_nearest_name(catalogue: Catalogue) -> None:
    with pytest.raises(BadInput, match="có phải trung_thu"):
        resolve("trungthu/2026@08:00", catalogue)


def test_a_rule_is_read_into_its_parts_and_written_back() -> None:
    rule = parse("tet_nguyen_dan/2027-1m-2w+3d-5wd-2h+30min@09:05~modprev")
    assert (rule.anchor, rule.year, rule.roll, f"{rule.at:%H:%M}") == ("tet_nguyen_dan", 2027, Roll.MODPREV, "09:05")
    assert {unit: rule.total(unit) for unit in Unit} == {
        Unit.MONTH: -1,
        Unit.WEEK: -2,
        Unit.DAY: 3,
        Unit.WORKING_DAY: -5,
        Unit.HOUR: -2,
        Unit.MINUTE: 30,
    }
    assert str(rule) == "tet_nguyen_dan/2027-1m-2w+3d-5wd-2h+30min@09:05~modprev"


ANCHORS = ["trung_thu", "q1_end", "ram_thang_muoi_mot", "2026-11-02", "1975-01-01", "/2026", "/9999"]
OFFSETS = ["-3d", "+999m", "-999wd", "-1", "+2h", "-999h", "w", "0", "²", " "]
ENDS = ["@08:00", "@", "~prev", "~near", "~"]
ENORMOUS = DateRule(anchor="2026-11-02", fixed=date(2026, 11, 2), at=time(8))


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("count", [10**12, -(10**12)])
def test_an_enormous_offset_is_refused_not_a_crash(unit: Unit, count: int, catalogue: Catalogue) -> None:
    with pytest.raises(BadInput, match=r"nằm ngoài lịch|ra ngoài lịch"):
        resolve(replace(ENORMOUS, offsets=(Offset(count=count, unit=unit),)), catalogue)


RULE_PIECES = some.lists(some.sampled_from([*ANCHORS, *OFFSETS, *ENDS]), max_size=8).map("".join)


@settings(max_examples=examples(10_000), deadline=None)
@given(some.one_of(some.text(), RULE_PIECES))
def test_any_text_is_a_date_rule_or_bad_input(text: str) -> None:
    try:
        rule = parse(text)
    except BadInput as refused:
        assert "\n" not in refused.problems[0].message
    else:
        assert parse(str(rule)) == rule


@settings(max_examples=examples(10_000), deadline=None)
@given(text=RULE_PIECES, default_year=some.sampled_from([None, 1975, 2026, 2100]))
def test_any_rule_has_a_moment_or_is_refused(text: str, default_year: int | None, catalogue: Catalogue) -> None:
    try:
        found = resolve(text, catalogue, default_year=default_year)
    except BadInput as refused:
        assert refused.problems[0].message
    else:
        assert found.at.utcoffset() in (timedelta(hours=7), timedelta(hours=8))
        assert len(found.steps) >= 2
