"""Which entries wait for the approval of a template, for the template's own page and for those who approve."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from desk.template_standing import Stand, all_handed_in, stands, unapproved_templates
from desk.web.bench import Bench
from desk.web.moment_words import short_moment
from desk.web.prose import headline
from desk.web.views.template_stand import STAND_MARKS, STAND_WORDS, StoppedEntry, WaitingTemplate
from desk.workbench import Workbench
from editorial.entry import Entry
from editorial.workflow import STAGE_WORDS, Stage

_OVER = frozenset({Stage.WITHDRAWN, Stage.REJECTED, Stage.EXPIRED})


def stopped_entries(bench: Workbench, templates: Collection[str]) -> Mapping[str, tuple[StoppedEntry, ...]]:
    """Return, by template, the entries that it draws, that nobody has signed and that have a post to come; a series once."""
    drawn = [each for each in bench.content.entries.values() if any(order.template in templates for order in each.media)]
    signed = bench.store.approvals.signed_entries([each.id for each in drawn]) if drawn else frozenset()
    stages = bench.store.workflow.stages([each.id for each in drawn]) if drawn else {}
    found: dict[str, dict[str, StoppedEntry]] = {id: {} for id in templates}
    for entry in drawn:
        stage = stages.get(entry.id, Stage.DRAFT)
        if entry.id not in signed and stage not in _OVER and _has_posts_to_come(bench, entry):
            line = StoppedEntry(id=entry.id, headline=headline(bench.content, entry), stage=STAGE_WORDS[stage])
            for order in entry.media:
                if order.template in templates:
                    found[order.template].setdefault(entry.series or entry.id, line)
    return {id: tuple(lines.values()) for id, lines in found.items()}


def _has_posts_to_come(bench: Workbench, entry: Entry) -> bool:
    now = bench.clock.now()
    return any(slot.at > now for slot in bench.slots_of(entry.id))


def waiting_templates(bench: Bench) -> tuple[WaitingTemplate, ...]:
    """Return the templates that nobody has approved as they are: those handed in, and those that keep an entry back.

    A desk that makes no posts has none.
    """
    if not isinstance(bench, Workbench):
        return ()
    templates = bench.workspace.templates
    unapproved = unapproved_templates(bench.content, templates, bench.store)
    if not unapproved:
        return ()
    stand = stands(bench.store, [templates[id] for id in unapproved])
    stopped, handed_in = stopped_entries(bench, unapproved.keys()), all_handed_in(bench.store)
    rows = (
        WaitingTemplate(
            id=id, name=unapproved[id].name, version=unapproved[id].version[:10], words=STAND_WORDS[stand[id]],
            mark=STAND_MARKS[stand[id]], stopped=len(stopped[id]),
            by=handed_in[id].author if stand[id] is Stand.WAITING else "",
            author=bench.content.office.name_of(handed_in[id].author) if stand[id] is Stand.WAITING else "",
            at=short_moment(handed_in[id].at) if stand[id] is Stand.WAITING else "",
        )
        for id in unapproved
    )  # fmt: skip
    return tuple(row for row in rows if row.author or row.stopped)


def unapproved_ids(bench: Bench) -> frozenset[str]:
    """Return the ids of the templates that nobody has approved as they are."""
    if not isinstance(bench, Workbench):
        return frozenset()
    return frozenset(unapproved_templates(bench.content, bench.workspace.templates, bench.store))
