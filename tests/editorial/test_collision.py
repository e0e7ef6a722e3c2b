from __future__ import annotations

from datetime import date

import pytest

from editorial.calendar import Catalogue, MourningPeriod
from editorial.collision import collisions
from editorial.entry import Entry, Form
from editorial.occasion import Evidence, Kind
from editorial.office import Limits
from editorial.plan import plan
from editorial.problem import Problem, Severity
from editorial.tone import Tone
from tests.editorial.small_plan import calendar, content, entry, rule


def found(*entries: Entry, catalogue: Catalogue | None = None, limits: Limits | None = None) -> tuple[Problem, ...]:
    written = content(*entries, limits=limits)
    known = catalogue or calendar()
    planned = plan(written, known)
    assert not planned.problems
    return collisions(planned, written, known)


def rules_of(problems: tuple[Problem, ...]) -> list[tuple[str, str | None]]:
    return [(problem.rule, problem.file) for problem in problems]


def test_two_entries_in_one_minute_of_one_channel_collide_at_the_second_ones_line() -> None:
    (problem,) = found(entry("a", "2026-11-03@08:00"), entry("b", "2026-11-03@08:00"))
    assert (problem.rule, problem.file, problem.line, problem.channel) == ("same-slot", "content/b.md", 7, "portal")
    assert problem.severity is Severity.WARNING
    assert "“a”" in problem.message


def test_the_same_minute_on_two_channels_is_no_collision() -> None:
    assert not found(entry("a", "2026-11-03@08:00"), entry("b", "2026-11-03@08:00", channels=("zalo",)))


@pytest.mark.parametrize(("second", "rules"), [("08:29", ["close-slots"]), ("08:30", [])])
def test_posts_of_one_channel_keep_half_an_hour_apart(second: str, rules: list[str]) -> None:
    problems = found(entry("a", "2026-11-03@08:00"), entry("b", f"2026-11-03@{second}"))
    assert [problem.rule for problem in problems] == rules


def test_the_fourth_post_of_a_day_is_one_too_many_and_the_fifth_is_not_told_again() -> None:
    entries = [entry(f"e{hour}", f"2026-11-03@{hour:02d}:00") for hour in (8, 10, 12, 14, 16)]
    assert rules_of(found(*entries)) == [("too-many-posts", "content/e14.md")]
    assert "bài thứ 4 trong 5 bài" in found(*entries)[0].message


def test_the_office_sets_its_own_limits() -> None:
    entries = (entry("a", "2026-11-03@08:00"), entry("b", "2026-11-03@09:00"))
    limits = Limits(posts_per_channel_per_day=1, minutes_apart=90)
    assert {problem.rule for problem in found(*entries, limits=limits)} == {"too-many-posts", "close-slots"}


def test_a_festive_post_on_a_solemn_day_is_told_once_for_all_its_channels() -> None:
    khang_chien = calendar(rule("kham_thien", "solar:12-26", tone=Tone.SOLEMN))
    festive = entry("vui", "2026-12-26@08:00", tone=Tone.FESTIVE, channels=("portal", "zalo", "facebook"))
    (problem,) = found(festive, catalogue=khang_chien)
    assert problem.rule == "mixed-tone"
    assert "Ngày kham_thien" in problem.message
    assert not found(entry("nghiem", "2026-12-26@08:00", tone=Tone.SOLEMN), catalogue=khang_chien)


@pytest.mark.parametrize(("day", "solemn"), [("06-05", "bac_ra_di"), ("09-02", "ngay_mat_bac"), ("12-26", "kham_thien")])
def test_the_days_of_joy_and_grief_that_the_calendar_has_are_told(catalogue: Catalogue, day: str, solemn: str) -> None:
    problems = found(entry("vui", f"2027-{day}@18:00", tone=Tone.FESTIVE), catalogue=catalogue)
    assert [problem.rule for problem in problems] == ["mixed-tone"]
    assert f"Ngày {solemn}" in problems[0].message


def test_a_festive_post_beside_a_solemn_one_on_the_same_day_is_told() -> None:
    festive = entry("vui", "2026-11-03@08:00", tone=Tone.FESTIVE)
    solemn = entry("nghiem", "2026-11-03@18:00", tone=Tone.SOLEMN, channels=("zalo",))
    (problem,) = found(festive, solemn)
    assert (problem.rule, problem.file) == ("mixed-tone", "content/vui.md")
    assert "“nghiem”" in problem.message


@pytest.mark.parametrize(
    ("tone", "rules"), [(Tone.FESTIVE, ["festive-in-mourning"]), (Tone.SOLEMN, []), (Tone.NEUTRAL, ["neutral-in-mourning"])]
)
def test_in_mourning_festive_posts_move_neutral_ones_are_asked_about_and_solemn_ones_pass(tone: Tone, rules: list[str]) -> None:
    mourning = MourningPeriod(start=date(2026, 11, 3), end=date(2026, 11, 4), reason="quốc tang", evidence=Evidence.LOOKED_UP)
    problems = found(entry("a", "2026-11-04@08:00", tone=tone), catalogue=Catalogue((), None, (mourning,)))
    assert [problem.rule for problem in problems] == rules


@pytest.mark.parametrize(
    ("year", "kind", "told"),
    [
        (2026, Kind.ORGANISATION, False),  # 80 years: năm tròn
        (2027, Kind.ORGANISATION, True),
        (2031, Kind.ORGANISATION, True),  # 85 years: năm lẻ 5
        (2031, Kind.MAJOR_NATIONAL, False),  # Decree 145 has its own rules
        (2032, Kind.MAJOR_NATIONAL, True),
    ],
)
def test_a_ceremony_belongs_to_a_round_year(year: int, kind: Kind, told: bool) -> None:
    founded = calendar(rule("chu_thap_do", "solar:11-23", kind=kind, first=1946))
    problems = found(entry("le", f"chu_thap_do/{year}-1d@08:00", form=Form.CEREMONY), catalogue=founded)
    assert [problem.rule for problem in problems] == (["ceremony-not-due"] if told else [])
    assert not found(entry("bai", f"chu_thap_do/{year}-1d@08:00"), catalogue=founded)


@pytest.mark.parametrize(("when", "told"), [("01@06:00", True), ("01@06:30", False), ("01@22:00", True), ("02@06:00", False)])
def test_a_post_of_a_day_off_keeps_civil_hours(when: str, told: bool) -> None:
    """1 November 2026 is a Sunday."""
    assert [problem.rule for problem in found(entry("a", f"2026-11-{when}"))] == (["odd-hour"] if told else [])
