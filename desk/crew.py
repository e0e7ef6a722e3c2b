"""The office's people in a rehearsal: one hands in, others check and approve, and somebody is on duty."""

from __future__ import annotations

from dataclasses import dataclass

from desk.approving import check_facts, schedule, sign, standing, submit
from desk.template_standing import unapproved_templates
from desk.workbench import Workbench
from editorial.post import Post
from editorial.role import Person, Right, anyone_with
from editorial.template_approval import approve_template
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


def _approve_templates(bench: Workbench, entry: str, crew: Crew) -> None:
    """Let the crew sign the templates that draw an entry as they are: a rehearsal's memory knows nothing of the office's."""
    unapproved = unapproved_templates(bench.content, bench.workspace.templates, bench.store)
    for id in dict.fromkeys(order.template for order in bench.content.entries[entry].media if order.template in unapproved):
        version, now = unapproved[id].version, bench.clock.now()
        signed = approve_template(id, version, (), author=crew.editor.id, makers=(), approver=crew.approver, at=now)
        bench.store.template_approvals.save(signed)


def bring_to_schedule(bench: Workbench, entry: str, posts: tuple[Post, ...], crew: Crew) -> None:
    """Take every step that an entry lacks until its posts are scheduled; safe to repeat after a run that was cut short.

    What was withdrawn stays withdrawn.
    """
    stage = standing(bench, entry, posts).stage
    if not posts or stage is Stage.WITHDRAWN:
        return
    _approve_templates(bench, entry, crew)
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
