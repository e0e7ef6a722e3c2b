"""Where a page puts words that the desk itself made: in another language these are said, and nothing else that it puts out.

By template, the expressions as they stand there. A new one may as well be written `{{ each.words | said }}` in the template.
A place where a person's words can stand as well is none of these: there the view says its own, `said(...)` of phrase_book.py.
"""

from __future__ import annotations

OWN: dict[str, tuple[str, ...]] = {
    "_agenda_days.html": ('cell.due | map(attribute="words")', "cell.lunar_full", "line.stage.label"),
    "_audit_state.html": ("line",),
    "_calendar_parts.html": (
        'cell.due | map(attribute="words")', "card.status.label", "cell.lunar_full", "each.status.label", "each.tier",
        "page.errors.get(key)",
    ),
    "_copies.html": ("copy.means", "copy.state"),
    "_delivery_detail.html": ("each.outcome", "each.words"),
    "_delivery_parts.html": ("row.advice", "row.comment.words"),
    "_edit_channels.html": ("each.label", "each.unit", "shown.trouble"),
    "_edit_field.html": ("one.hint", "note.text"),
    "_edit_handing.html": ("problem.message",),
    "_edit_problems.html": ("note.text", "note.place"),
    "_edit_when.html": ("line", "step"),
    "_month.html": ("weekdays",),
    "_parts.html": ("of.label", "error", "why_not(right)"),
    "_post_preview.html": ("shown.at",),
    "_preview.html": ("each",),
    "_quarter.html": ("day.status.label", "day.cell.lunar_full", "each.cell.lunar_full", "weekdays"),
    "_review_parts.html": ("change.field",),
    "_strip.html": ("each.status.label", "strip.heartbeat.words"),
    "_channel_parts.html": ("each.resets", "each.words"),
    "_rehearsal_parts.html": ("day.words", "each.words", "month.title"),
    "_rehearsing.html": ("step.words",),
    "_template_faults.html": ("fault.problem.message",),
    "_template_head.html": ("head.kind", "words"),
    "_template_look.html": ("line.message", "shot.note"),
    "_template_problems.html": ("line.message",),
    "_week.html": ("weekdays", "place.title"),
    "account.html": ("rights", "roles"),
    "audit.html": ("kinds", "row.what"),
    "board.html": ("cell.week.words", "page.quarter.title", "week.words"),
    "calendar.html": (
        "chip.name", "flash.more", "flash.words", "place.step", "place.title", "quarter.name", "summary.quarter.title", "views",
        "choices.statuses",
    ),
    "channel.html": ("each.meaning", "problem.message"),
    "connect.html": ("each.hint", "each.label"),
    "_halts.html": ("halt.what",),
    "deliveries.html": ("choices.statuses",),
    "delivery.html": ("call", "comment.kind", "comment.line.words", "each.label", "way.label", "detail.row.advice"),
    "edit.html": (
        "line", "note.text", "note.place", "page.others_turns", "page.stage",
    ),
    "entry.html": (
        "step",
        "each.label", "each.unit", "fact.kind", "page.tone", "page.withdrawn", "panel.at", "panel.comment_card.kind",
        "panel.comment_card.line.words", "panel.delivery.advice", "tab.status.label",
    ),
    "error.html": ("heading", "line"),
    "fact.html": (
        "page.as_of", "page.until", "each.message", "page.kind", "row.changes", "wrong or hint", "row.means"),
    "_fact_place.html": ("row.parts",),
    "facts.html": ("row.as_of", "row.kind", "row.until"),
    "inbox.html": ("kind.title", "line.left.words"),
    "move.html": ("step", 'page.errors.get("")', "words"),
    "new_entry.html": ("step", "page.forms", "page.tones", "words"),
    "pauses.html": ("each.window", 'form.errors.get(name, "")', "page.done.words", "post.fate", "page.kinds"),
    "people.html": ("row.access_words", "row.rights", "row.roles", 'why_not("MANAGE")'),
    "rehearse.html": ("page.form.errors[name]", "run.words"),
    "rehearsed.html": ("each.what", "each.words"),
    "report.html": ("page.quarter.title", "table.name"),
    "review.html": (
        "answer.done", 'answer.wrong.get("why")', "deed.button", "deed.label", "deed.why", "each.label", "each.unit",
        "each.message", "each.words", "page.left.words", "page.stage_words", 'parts | map("part")', "row.age",
    ),
    "_review_queue.html": ("kind", "row.left.words", "row.step", "steps"),
    "review_queue.html": ("words",),
    "settings.html": ("each.name", "each.place", "group.heading"),
    "sign_in.html": ("errors.provider", "roles"),
    "template.html": ("sample.words", "theme.words"),
    "template_difference.html": ("line.message", "size.why", "what"),
    "template_edit.html": ("head.kind",),
    "template_proof.html": ("line.message", "sample.words", "theme.words"),
    "template_versions.html": ("line.message", "row.what", "stand.why", "stand.why_not_sign", "stand.words"),
    "templates.html": ("card.kind", "kind.words"),
    "tokens.html": ("each.words",),
    "welcome.html": ("roles",),
}  # fmt: skip
# How the last name of a value is called that people wrote: an element with nothing else in it is marked as Vietnamese.
PEOPLES = frozenset(
    {"headline", "summary", "name", "why", "office", "unit", "account", "author", "approver", "who", "source", "detail", "answer",
     "contact", "spokesperson", "owner", "note", "notice", "group", "axis", "anchor", "before", "after", "asked", "doubt", "body",
     "text", "markup", "action", "mourning", "day_off", "remark", "value", "browser"}
)  # fmt: skip
