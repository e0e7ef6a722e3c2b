"""Publish an entry at once on one person's word: the posts as they stand now, checked like any other, reviewed afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from desk.approving import draw_posts, problems_of
from desk.triage import may_go, signing_again
from desk.workbench import Workbench
from editorial.delivery import Delivery, HoldReason, State
from editorial.emergency import EmergencyUse
from editorial.plan import PlannedSlot
from editorial.post import Post
from editorial.problem import BadInput, Problem, Severity
from editorial.role import person_of
from editorial.source import source_of
from editorial.workflow import Action, take
from scheduler.engines.contract import Engine
from store.workflow import Taking


def publish_in_emergency(bench: Workbench, entry: str, *, person: str, why: str, engine: Engine) -> EmergencyUse:
    """Let an entry go out now on every channel where it has not; raise BadInput without a right, a reason or clean facts.

    One person's word takes the place of the second signature, never that of the facts or of a platform's limits.
    """
    acts, revision = person_of(bench.content.office.people, person), bench.content.entries[entry].revision
    take(bench.store.workflow.of(entry), Action.EMERGENCY, acts, revision=revision, why=why)
    posts = _posts_now(bench, entry, engine)
    errors = [problem for problem in problems_of(bench, entry, posts) if problem.severity is Severity.ERROR]
    if errors:
        raise BadInput(*errors)
    use = bench.store.emergencies.use(entry, person=person, why=why)
    bench.store.entries.save(bench.content.entries[entry])
    bench.store.sources.keep(posts, source_of(bench.content, entry))
    alone, now = f"khẩn cấp số {use.id}", bench.clock.now()
    signing = signing_again(bench.store, entry, posts, author=alone, approver=person, at=now)
    step = Taking(action=Action.EMERGENCY, person=acts, revision=revision, why=why)
    bench.store.deliveries.plan_together(posts, signing=signing, step=step)
    return use


def not_out(bench: Workbench, entry: str) -> tuple[str, ...]:
    """Return, a line each, what of an entry has not gone out although somebody asked for it, and what to do."""
    waiting = [each for each in bench.store.deliveries.list(entry=entry) if each.state in (State.HELD, State.FAILED)]
    halts = {halt.reason: halt.why for halt in bench.store.halts.standing()}
    return tuple(f"{each.post_key}: {_why_not(each, halts)}" for each in waiting)


def _why_not(delivery: Delivery, halts: Mapping[HoldReason, str]) -> str:
    if delivery.hold_reason is not None and delivery.hold_reason in halts:
        return f"CHƯA ĐĂNG, đang tạm dừng: {halts[delivery.hold_reason]}; bỏ tạm dừng bằng ./loa resume"
    return f"CHƯA ĐĂNG: {delivery.detail or 'bị giữ'}; xem ./loa held"


def _posts_now(bench: Workbench, entry: str, engine: Engine) -> tuple[Post, ...]:
    now = bench.clock.now().astimezone(UTC)
    slots = [slot for slot in _nearest(bench.workspace.plan.of(entry), now) if may_go(bench.store, slot.key)]
    if not slots:
        message = f"mục “{entry}” không còn bài nào chưa đăng; muốn nói lại điều đã rút, hãy viết một mục mới"
        raise BadInput(Problem(rule="nothing-to-publish", message=message))
    return tuple(replace(post, due_at=now) for post in draw_posts(bench, entry, slots, engine))


def _nearest(slots: Iterable[PlannedSlot], now: datetime) -> tuple[PlannedSlot, ...]:
    """Return the slot of each channel that is nearest to now."""
    found: dict[str, PlannedSlot] = {}
    for slot in slots:
        known = found.get(slot.channel)
        if known is None or abs(slot.at - now) < abs(known.at - now):
            found[slot.channel] = slot
    return tuple(found.values())
