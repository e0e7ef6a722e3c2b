"""The files of calendars/: the office's own, and every mistake that one can make in them."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from editorial.calendar import Catalogue
from editorial.date_rule import resolve
from editorial.day_rule import Skip, parse_day_rule
from editorial.days_off import DayStatus
from editorial.occasion import Kind, Tier
from editorial.problem import BadInput, Problem
from store.calendar_files import read_calendars

REPOSITORY = Path(__file__).parents[2]
CALENDARS = REPOSITORY / "calendars"
KNOWN = [
    line.split("\t")
    for line in (REPOSITORY / "tests" / "editorial" / "known_days.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]

GOOD_DAY = """\
schema: 1
days:
  - id: trung_thu
    name: {vi: Tết Trung thu, en: Mid-Autumn Festival}
    kind: traditional
    rule: lunar:08-15
    tone: festive
    basis: phong tục
    evidence: general_knowledge
"""


@pytest.fixture(scope="session")
def office() -> Catalogue:
    return read_calendars(CALENDARS)


def problems(folder: Path, **files: str) -> tuple[Problem, ...]:
    """Write the files, read them, and return what is wrong with them."""
    calendars = folder / "calendars"
    calendars.mkdir()
    for name, text in files.items():
        (calendars / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_calendars(calendars)
    return refused.value.problems


def only(found: tuple[Problem, ...]) -> tuple[str, str | None, int | None, str | None]:
    (problem,) = found
    return problem.rule, problem.file, problem.line, problem.key


def test_the_offices_calendar_has_each_of_the_103_known_days_where_it_belongs(office: Catalogue) -> None:
    for id, rule, first_year, on, _, lunar, count, tier in KNOWN:
        (found,) = [occasion for occasion in office.on(date.fromisoformat(on)) if occasion.id == id]
        assert office.get(id).rule == rule.replace(" ", "")
        assert office.get(id).first_year == (None if first_year == "-" else int(first_year))
        assert f"{found.lunar.day}/{found.lunar.month} năm {found.lunar.year}" == lunar
        assert (str(found.count) if found.count is not None else "-") == count
        assert (found.tier.value if found.tier else "-") == tier


def test_the_window_of_the_known_days_holds_nothing_else_but_the_report_dates(office: Catalogue) -> None:
    listed = {occasion.id for occasion in office.between(date(2026, 4, 1), date(2027, 3, 31))}
    assert listed - {known[0] for known in KNOWN} == {"q2_report_due", "q3_report_due", "q4_report_due"}


def test_reports_are_due_on_the_fifteenth_as_the_plan_says(office: Catalogue) -> None:
    due = [occasion.date.isoformat() for occasion in office.occasions(2026) if occasion.kind is Kind.REPORT]
    assert due == ["2026-06-15", "2026-09-15", "2026-12-15"]


def test_a_day_keeps_its_basis_evidence_and_doubt(office: Catalogue) -> None:
    culture_day = office.get("van_hoa_viet_nam")
    assert culture_day.uncertain is not None
    assert "Quốc hội" in culture_day.uncertain
    assert office.on(date(2026, 11, 24))[0].tier is Tier.FIRST
    assert all(rule.basis for rule in office.rules)
    assert sum(rule.uncertain is not None for rule in office.rules) == 14


def test_what_colleagues_and_the_public_read_of_a_day_is_vietnamese(office: Catalogue) -> None:
    letters = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
    said = [text for rule in office.rules for text in (rule.basis, rule.note, rule.uncertain, rule.public_note) if text]
    assert [text for text in said if re.search("[a-z]{3}", text) and not letters.search(text)] == []


def test_days_off_carry_their_status_and_swaps(office: Catalogue) -> None:
    statuses = {on: office.days_off.day_off(date.fromisoformat(on)) for on in ("2026-01-02", "2026-08-31", "2027-02-04")}
    assert [off and off.status for off in statuses.values()] == [DayStatus.OFFICIAL, DayStatus.LIBRARY, DayStatus.PROJECTED]
    assert office.days_off.is_working_day(date(2026, 8, 22))
    assert office.mourning_on(date(2024, 7, 26)) is not None


@pytest.mark.parametrize(
    ("text", "at", "provisional"),
    [
        ("trung_thu/2026-3d@08:00", "2026-09-22T08:00:00+07:00", False),
        ("quoc_khanh/2026-5wd@08:00", "2026-08-24T08:00:00+07:00", False),
        ("quoc_khanh/2026-7wd@08:00", "2026-08-21T08:00:00+07:00", False),
        ("toan_quoc_khang_chien/2026@08:00~prev", "2026-12-18T08:00:00+07:00", False),
        ("tet_nguyen_dan/2027-5wd@09:00", "2027-01-28T09:00:00+07:00", True),
        ("giao_thua/2027-2h@20:00", "2027-02-05T18:00:00+07:00", False),
        ("q4_report_due-3wd@08:00", "2026-12-10T08:00:00+07:00", False),
    ],
)
def test_date_rules_stand_on_the_files(text: str, at: str, provisional: bool, office: Catalogue) -> None:
    found = resolve(text, office)
    assert (found.at.isoformat(), found.provisional) == (at, provisional)


def test_2028_has_no_swap_or_tet_of_ours_and_says_so(office: Catalogue) -> None:
    assert resolve("tet_nguyen_dan/2028-3wd@08:00", office).provisional


def test_a_folder_without_calendars_is_named(tmp_path: Path) -> None:
    (found,) = problems(tmp_path)
    assert (found.rule, found.file) == ("no-calendars", "calendars")


def test_a_lunar_day_that_does_not_exist_is_shown_by_file_line_and_key(tmp_path: Path) -> None:
    found = problems(tmp_path, am_lich=GOOD_DAY.replace("lunar:08-15", "lunar:02-31"))
    assert only(found) == ("day-never-exists", "calendars/am_lich.yaml", 6, "days[0].rule")
    assert str(found[0]).startswith("calendars/am_lich.yaml:6 days[0].rule: không năm nào có ngày 31/2 âm lịch")


@pytest.mark.parametrize("rule", ["lunar:12-30", "solar:02-29"])
def test_a_day_that_some_years_lack_must_say_what_happens_then(rule: str, tmp_path: Path) -> None:
    found = problems(tmp_path, am_lich=GOOD_DAY.replace("lunar:08-15", rule))
    assert only(found) == ("skip-undecided", "calendars/am_lich.yaml", 6, "days[0].rule")


def test_a_day_missing_from_a_year_that_the_files_describe_is_shown(tmp_path: Path) -> None:
    text = GOOD_DAY.replace("lunar:08-15", "lunar:12-30\n    skip: error") + "years: {2027: {}}\n"
    assert only(problems(tmp_path, am_lich=text)) == ("day-does-not-exist", "calendars/am_lich.yaml", 6, "days[0].rule")


def test_an_id_used_in_two_files_is_shown_with_the_first_place(tmp_path: Path) -> None:
    found = problems(tmp_path, a=GOOD_DAY, b=GOOD_DAY)
    assert only(found) == ("duplicate-occasion", "calendars/b.yaml", 3, "days[0].id")
    assert "calendars/a.yaml:3" in found[0].message


def test_every_mistake_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        a=GOOD_DAY.replace("tone: festive", "tone: vui"),
        b=GOOD_DAY.replace("lunar:08-15", "rằm tháng tám"),
        c=GOOD_DAY.replace("trung_thu", "Trung thu"),
        d=GOOD_DAY + "    mau: đỏ\n",
        e="schema: 1\ndays: [\n",
    )
    assert [(problem.file, problem.line) for problem in found] == [
        ("calendars/a.yaml", 7),
        ("calendars/d.yaml", 10),
        ("calendars/e.yaml", 3),
        ("calendars/b.yaml", 6),
        ("calendars/c.yaml", 3),
    ]
    assert {problem.rule for problem in found} >= {"bad-day-rule", "bad-occasion-id", "unknown-key", "unknown-value"}


@pytest.mark.parametrize(
    ("years", "rule", "key"),
    [
        ("2026: {days_off: [{date: 2027-01-01, name: Tết, status: official}]}", "wrong-year", "years.2026.days_off[0].date"),
        (
            "2026: {days_off: [{date: 2026-01-01, name: A, status: official}, {date: 2026-01-01, name: B, status: official}]}",
            "duplicate-day-off",
            "years.2026.days_off[1].date",
        ),
        (
            "2026: {working_weekend_days: [{date: 2026-01-09, status: official}]}",
            "not-a-weekend",
            "years.2026.working_weekend_days[0].date",
        ),
        (
            "2026: {working_weekend_days: [{date: 2026-01-10, swapped_for: 2026-01-02, status: official}]}",
            "swap-without-day-off",
            "years.2026.working_weekend_days[0].swapped_for",
        ),
        (
            "2026: {days_off: [{date: 2026-01-10, name: A, status: library}],"
            " working_days: [{date: 2026-01-10, status: library}]}",
            "off-and-working",
            "years.2026.working_days[0].date",
        ),
        ("1900: {}", "year-out-of-range", "years.1900"),
        ("2026: {days_off: [{date: hôm nay, name: Tết, status: official}]}", "wrong-date", "years.2026.days_off[0].date"),
        ("2026: {days_off: [{date: 2026-01-01, name: Tết, status: maybe}]}", "unknown-value", "years.2026.days_off[0].status"),
    ],
)
def test_a_mistake_among_the_days_off_is_shown_with_its_key(years: str, rule: str, key: str, tmp_path: Path) -> None:
    found = problems(tmp_path, ngay_nghi=f"schema: 1\nyears:\n  {years}\n")
    assert only(found) == (rule, "calendars/ngay_nghi.yaml", 3, key)


def test_a_mourning_period_that_ends_before_it_starts_is_shown(tmp_path: Path) -> None:
    text = "schema: 1\nmourning_periods:\n  - {start: 2026-07-26, end: 2026-07-25, reason: quốc tang, evidence: looked_up}\n"
    assert only(problems(tmp_path, tang=text))[0] == "mourning-backwards"


def test_an_announced_year_may_take_back_a_holiday_of_the_library(tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    shutil.copytree(CALENDARS, folder)
    text = (folder / "ngay_nghi.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "date: 2027-02-04" not in line]
    announced = "\n".join(lines).replace(
        "working_weekend_days: []", "working_days: [{date: 2027-02-04, status: official, source: thông báo}]"
    )
    (folder / "ngay_nghi.yaml").write_text(announced, encoding="utf-8")
    assert resolve("tet_nguyen_dan/2027-5wd@09:00", read_calendars(folder)).at.date() == date(2027, 1, 29)


def test_after_the_announcement_a_rule_counts_its_days_alone_and_is_firm(tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    shutil.copytree(CALENDARS, folder)
    before, year = (folder / "ngay_nghi.yaml").read_text(encoding="utf-8").split("  2027:")
    announced = year.replace("2027-02-04, name: 28 tháng Chạp", "2027-02-11, name: Mùng 6 Tết").replace("projected", "official")
    (folder / "ngay_nghi.yaml").write_text(f"{before}  2027:{announced}", encoding="utf-8")
    found = resolve("tet_nguyen_dan/2027-5wd@09:00", read_calendars(folder))
    assert (found.at.date(), found.provisional) == (date(2027, 1, 29), False)


def test_a_year_that_is_merely_opened_makes_no_guess_firm(tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    shutil.copytree(CALENDARS, folder)
    (folder / "nam_2028.yaml").write_text("schema: 1\nyears: {2028: {}}\n", encoding="utf-8")
    assert resolve("tet_nguyen_dan/2028-3wd@08:00", read_calendars(folder)).provisional


GUIDE = (REPOSITORY / "docs" / "calendars.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL), ids=["day", "days-off"])
def test_the_guides_examples_are_read_without_a_problem(example: str, tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    assert read_calendars(tmp_path) is not None


@pytest.mark.parametrize(("rule", "moment"), re.findall(r"^\| `(\S+@\S+)` \| ([\d-]{10} [\d:]{5}) \|$", GUIDE, re.MULTILINE))
def test_the_guides_moments_are_what_the_rules_give(rule: str, moment: str, office: Catalogue) -> None:
    assert f"{resolve(rule, office).at:%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize(("rule", "day"), re.findall(r"^\| `(\w+:\S+)` \| .* \| (\S{10}) \|$", GUIDE, re.MULTILINE))
def test_the_guides_days_are_where_the_rules_fall(rule: str, day: str) -> None:
    assert [fall.day.isoformat() for fall in parse_day_rule(rule).falls(2026, Skip.ERROR)] == [day]


def test_the_guide_names_every_file_kind_status_and_skip() -> None:
    files = [path.name for path in CALENDARS.glob("*.yaml")]
    values = [member.value for kind in (Kind, DayStatus, Skip) for member in kind]
    assert [name for name in files + values if name not in GUIDE] == []
