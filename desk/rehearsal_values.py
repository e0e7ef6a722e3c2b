"""A rehearsal's result as JSON has it: what the command prints, and what is kept for the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from desk.rehearsing import Rehearsal
from editorial.plan import PlannedSlot
from rehearsal.faults import Strike
from scheduler.comment_proof import CommentProof
from scheduler.judgement import Judgement, Waiting, WaitingComment


def rehearsal_values(outcome: Rehearsal, period: tuple[date, date], seed: int | None) -> dict[str, object]:
    """Return a rehearsal as JSON has it; the same seed gives the same values but for `seconds`, `steps` and `rendered`."""
    judgement = outcome.judgement
    figures = asdict(judgement.figures())
    return {
        "from": period[0].isoformat(),
        "to": period[1].isoformat(),
        "seed": seed,
        **figures,
        "faults": len(outcome.strikes),
        "strangers": len(judgement.proof.strangers),
        "altered": len(judgement.proof.altered_keys),
        "ok": judgement.ok,
        "channels": {channel: asdict(judgement.figures(channel)) for channel in judgement.channels},
        "people": [_waiting_values(each) for each in judgement.waiting],
        "lost_posts": [each.post_key for each in judgement.lost],
        "duplicate_posts": list(judgement.proof.duplicate_keys),
        "altered_posts": list(judgement.proof.altered_keys),
        "stuck_posts": [{"post": each.post_key, "state": each.state.value, "why": each.detail} for each in judgement.stuck],
        "strange_posts": [{"channel": each.channel, "url": each.url} for each in judgement.proof.strangers],
        "comments": {
            **comment_values(judgement.proof.comments),
            "stuck": len(judgement.stuck_comments),
            "needs_person": len(judgement.waiting_comments),
            "people": [_comment_values(each) for each in judgement.waiting_comments],
        },
        "days": _day_values(judgement, outcome.slots),
        "named": _named(judgement, outcome.slots),
        "strikes": [_strike_values(each) for each in outcome.strikes],
        "connected_again": list(outcome.connected_again),
        "renditions": outcome.renditions,
        "rendered": outcome.rendered,
        "seconds": round(outcome.seconds, 2),
        "steps": {step: round(seconds, 2) for step, seconds in outcome.step_seconds.items()},
    }


def _comment_values(each: WaitingComment) -> dict[str, object]:
    return {"post": each.post_key, "state": each.state.value, "why": each.why}


def _waiting_values(each: Waiting) -> dict[str, object]:
    return {
        "post": each.post_key,
        "channel": each.channel,
        "due": each.due_at.isoformat(),
        "state": each.state.value,
        "reason": each.reason.value if each.reason else None,
        "why": each.why,
        "public": each.public,
    }


def _strike_values(strike: Strike) -> dict[str, object]:
    return {
        "platform": strike.platform,
        "fault": strike.armed.fault.value,
        "at": strike.at.isoformat(),
        "call": strike.call,
        "request": strike.request_id,
    }


def comment_values(proof: CommentProof) -> dict[str, int]:
    """Return the proof of the first comments as JSON has it."""
    return {
        "planned": proof.planned,
        "said": proof.said,
        "ledger": proof.ledger,
        "duplicates": len(proof.duplicate_keys),
        "lost": len(proof.lost_keys),
        "strangers": len(proof.strangers),
    }


def _day_values(judgement: Judgement, slots: Iterable[PlannedSlot]) -> dict[str, dict[str, dict[str, int]]]:
    """Count by day and channel what was planned, what the public saw, and what waits for a person."""
    unseen = {*judgement.proof.lost_keys, *(each.post_key for each in judgement.lost)}
    waiting = {each.post_key for each in judgement.waiting}
    days: dict[str, dict[str, dict[str, int]]] = {}
    for slot in slots:
        counts = days.setdefault(slot.day.isoformat(), {}).setdefault(slot.channel, {"planned": 0, "public": 0, "people": 0})
        counts["planned"] += 1
        counts["public"] += slot.key not in unseen
        counts["people"] += slot.key in waiting
    return days


def _named(judgement: Judgement, slots: Iterable[PlannedSlot]) -> dict[str, dict[str, str]]:
    """Say of each post that came out otherwise than planned whose it is and when it was due."""
    keys = {
        *judgement.proof.duplicate_keys, *judgement.proof.altered_keys, *(each.post_key for each in judgement.lost),
        *(each.post_key for each in judgement.stuck), *(each.post_key for each in judgement.waiting),
        *(each.post_key for each in (*judgement.stuck_comments, *judgement.waiting_comments)),
        *judgement.proof.comments.lost_keys, *judgement.proof.comments.duplicate_keys,
    }  # fmt: skip
    return {
        slot.key: {"entry": slot.entry, "channel": slot.channel, "due": slot.at.isoformat()} for slot in slots if slot.key in keys
    }
