from __future__ import annotations

import pickle

from editorial.calendar import Catalogue
from editorial.date_rule import resolve
from editorial.days_off import DaysOff
from editorial.plan import plan
from tests.editorial.small_plan import calendar, content, entry, rule


def test_the_channels_of_an_entry_share_its_moment_unless_they_have_their_own() -> None:
    written = content(entry("a", "khai_giang/2026-2d@17:00", channels=("portal", "zalo"), zalo="khai_giang/2026@08:00"))
    planned = plan(written, calendar(rule("khai_giang", "solar:09-05")))
    assert [(slot.key, slot.at.isoformat()) for slot in planned.slots] == [
        ("a.portal.2026", "2026-09-03T17:00:00+07:00"), ("a.zalo.2026", "2026-09-05T08:00:00+07:00"),
    ]  # fmt: skip


def test_an_entry_without_a_moment_is_told_at_its_line_and_the_rest_are_planned() -> None:
    written = content(entry("a", "ngay_la/2026@08:00", channels=("portal", "zalo")), entry("b", "2026-10-01@08:00"))
    planned = plan(written, calendar())
    assert [slot.entry for slot in planned.slots] == ["b"]
    assert [(problem.rule, problem.file, problem.line) for problem in planned.problems] == [("unknown-anchor", "content/a.md", 7)]


def test_a_slot_explains_itself_as_its_rule_does_even_after_a_journey_to_another_process(catalogue: Catalogue) -> None:
    when = "quoc_khanh/2026-7wd@08:00~prev"
    (slot,) = plan(content(entry("a", when)), catalogue).slots
    assert slot.steps == resolve(when, catalogue).steps == pickle.loads(pickle.dumps(slot)).steps
    assert "bỏ qua" in " ".join(slot.steps)


def test_vietnams_days_off_are_those_of_the_librarys_own_door() -> None:
    from holidays import country_holidays

    for year in (1990, 2019, 2026, 2030):
        known = country_holidays("VN", years=[year], language="vi")
        assert {off.day: off.name for off in DaysOff().of_year(year)} == dict(known.items())
