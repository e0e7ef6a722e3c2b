from __future__ import annotations

from dataclasses import replace

import pytest

from editorial.entry import Entry
from editorial.order_check import check_order
from editorial.plan import plan
from editorial.problem import Problem
from tests.editorial.small_plan import calendar, content, entry

CALENDAR = calendar()
BOTH = ("portal", "facebook")
EARLY = {"facebook": "2026-10-10@07:00"}
FIRST = entry("mot", "2026-10-10@08:00", channels=BOTH)


def problems(*entries: Entry) -> tuple[Problem, ...]:
    written = content(*entries)
    places = {each.id: {**written.places[each.id], "after": (each.file, 9, "after")} for each in entries}
    written = replace(written, places=places)
    return check_order(plan(written, CALENDAR), written)


@pytest.mark.parametrize(
    ("rule", "entries"),
    [
        ("unknown-entry", (FIRST, entry("hai", "2026-10-10@09:00", after="mott"))),
        ("order-circle", (entry("mot", "2026-10-10@08:00", after="hai"), entry("hai", "2026-10-10@08:00", after="mot"))),
        ("order-circle", (FIRST, entry("hai", "2026-10-10@09:00", after="hai"))),
        ("order-no-channel", (FIRST, entry("hai", "2026-10-10@09:00", channels=("zalo",), after="mot"))),
        ("order-planned-before", (FIRST, entry("hai", "2026-10-10@07:59", after="mot"))),
        ("order-planned-before", (FIRST, entry("hai", "2026-10-10@09:00", channels=BOTH, after="mot", **EARLY))),
    ],
)
def test_an_order_that_cannot_be_kept_is_told_at_its_line(rule: str, entries: tuple[Entry, ...]) -> None:
    found = problems(*entries)
    assert {problem.rule for problem in found} == {rule}
    assert {(problem.file, problem.line, problem.key) for problem in found} <= {
        (f"content/{id}.md", 9, "after") for id in ("mot", "hai")
    }


def test_each_of_a_circle_is_told_and_what_only_leads_to_it_is_not() -> None:
    ring = (entry("mot", "2026-10-10@08:00", after="hai"), entry("hai", "2026-10-10@08:00", after="mot"))
    found = problems(*ring, entry("ba", "2026-10-10@09:00", after="hai"))
    assert [problem.file for problem in found] == ["content/mot.md", "content/hai.md"]
    assert "mot → hai → mot" in found[0].message


def test_the_plan_gives_each_slot_the_post_that_it_follows_on_its_channel() -> None:
    later = entry("hai", "2027-01-01@09:00", channels=("portal", "zalo"), after="mot")
    assert problems(FIRST, later) == ()
    slots = plan(content(FIRST, later), CALENDAR).slots
    assert {slot.key: slot.after for slot in slots} == {
        "mot.portal.2026": None, "mot.facebook.2026": None, "hai.portal.2027": "mot.portal.2026", "hai.zalo.2027": None,
    }  # fmt: skip


def test_the_same_moment_is_in_order_and_an_order_changes_the_revision_only_where_there_is_one() -> None:
    assert problems(FIRST, entry("hai", "2026-10-10@08:00", after="mot")) == ()
    assert FIRST.revision == "c191f7c3eae136414728d16016f4e130430259e1fb8620fa72e04d425777c4d4"
    assert replace(FIRST, after="hai").revision != FIRST.revision
