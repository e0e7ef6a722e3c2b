"""The office's people in a rehearsal: one hands in, others check and approve, and somebody is on duty."""

from __future__ import annotations

from dataclasses import dataclass

from desk.approving import check_facts, schedule, sign, standing, submit
from desk.workbench import Workbench
from editorial.post import Post
from editorial.role import Person, Right, anyone_with
from editorial.workflow import Stage


@dataclass(frozen=True, kw_only=True)
class Crew:
    """The office's people who act in a rehearsal."""

    editor: Person
    checker: Person
    approver: Person
    on_duty: Person


def crew_of(bench: Workbench) -> Crew:
    """Choose the people by their rights; raise BadInput where the office has nobody for a step."""
    people = bench.content.office.people
    editor = anyone_with(people, Right.WRITE)
    return Crew(
        editor=editor,
        checker=anyone_with(people, Right.CHECK_FACTS, besides=editor.id),
        approver=anyone_with(people, Right.APPROVE, besides=editor.id),
        on_duty=anyone_with(people, Right.EMERGENCY),
    )


def bring_to_schedule(bench: Workbench, entry: str, posts: tuple[Post, ...], crew: Crew) -> None:
    """Take every step that an entry lacks until its posts are scheduled; safe to repeat after a run that was cut short.

    What was withdrawn stays withdrawn.
    """
    stage = standing(bench, entry, posts).stage
    if not posts or stage is Stage.WITHDRAWN:
        return
    if stage not in (Stage.IN_REVIEW, Stage.FACT_CHECKED, Stage.APPROVED, Stage.SCHEDULED):
        submit(bench, entry, posts, crew.editor)
        stage = Stage.IN_REVIEW
    if stage is Stage.IN_REVIEW:
        check_facts(bench, entry, posts, crew.checker)
        stage = Stage.FACT_CHECKED
    if stage is Stage.FACT_CHECKED:
        sign(bench, entry, posts, crew.approver)
        stage = Stage.APPROVED
    if stage is Stage.APPROVED:
        schedule(bench, entry, posts, crew.approver)
