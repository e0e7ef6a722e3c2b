"""The one place where a delivery's state is changed: a conditional UPDATE that must find exactly one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from editorial.delivery import IN_HAND, PUBLIC, Delivery, HoldReason, State, may_pass
from editorial.outcome import Pending, Receipt
from store.account_history import account_number
from store.audit import Deed, note, tell
from store.errors import Lost, NotAllowed, RemoteIdTaken
from store.followers import lets_others_go, wake_followers
from store.record import EVIDENCE, PENDING, json_of
from store.schema import DELIVERIES, PASSAGES
from store.seals import CARRIED
from store.statement import Statement
from store.step_passage import stir

# Made once: to build a statement takes longer than to run it.
_CHANGE = Statement(update(DELIVERIES).returning(DELIVERIES).where(
    DELIVERIES.c.id == bindparam("known_id"), DELIVERIES.c.state == bindparam("known_state"),
    DELIVERIES.c.fence == bindparam("known_fence"), DELIVERIES.c.post_digest == bindparam("known_digest"),
))  # fmt: skip
_PASSAGE = Statement(insert(PASSAGES).returning(PASSAGES.c.id))
_TWIN = Statement(select(DELIVERIES).where(
    DELIVERIES.c.channel == bindparam("on"), DELIVERIES.c.remote_id == bindparam("of"), DELIVERIES.c.id != bindparam("but"),
))  # fmt: skip
APART = " @"  # between a platform's id, which has no space, and what tells it from the same one on another account
ACCOUNT = "tk"  # and the account's number
_ONE = Statement(select(DELIVERIES).where(DELIVERIES.c.id == bindparam("known_id")))


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change of state and what is written beside it; what is None stays as it was."""

    state: State
    who: str
    at: datetime
    detail: str = ""
    next_at: datetime | None = None
    hold_reason: HoldReason | None = None
    receipt: Receipt | None = None
    ticket: Pending | None = None
    lease_until: datetime | None = None
    attempts: int | None = None
    claims: int | None = None
    failures: int | None = None
    fence: int | None = None
    owner: str | None = None


def take_step(connection: Connection, delivery: Delivery, step: Step, deed: Deed | None = None) -> Delivery:
    """Change the state; raise NotAllowed for a step that does not exist and Lost when somebody was faster.

    A step that somebody decided is written in the log with `deed`, one that ends or publishes a delivery without being asked.
    """
    if not may_pass(delivery.state, step.state):
        raise NotAllowed(f"{delivery.post_key}: {delivery.state.value} -> {step.state.value}")
    known = {"known_id": delivery.id, "known_state": delivery.state.value, "known_fence": delivery.fence,
             "known_digest": delivery.post_digest}  # fmt: skip
    try:
        changed = _CHANGE.one_or_none(connection, {**_values(step), **_kept_id(connection, delivery, step), **known})
    except IntegrityError as error:
        raise _explained(delivery, step, error) from error
    if changed is None:
        raise Lost(f"{delivery.post_key} is no longer {delivery.state.value} under fence {delivery.fence}")
    passage = {"delivery": delivery.id, "start": delivery.state.value, "end": step.state.value, "who": step.who}
    made = _PASSAGE.one(connection, {**passage, "detail": step.detail, "at": step.at})
    after = as_delivery(changed)
    stir(connection, after, step.at)
    rows = ((PASSAGES, made.id), *(((DELIVERIES, after.id),) if after.receipt else ()))
    if lets_others_go(after) and not lets_others_go(delivery):
        wake_followers(connection, after.post_key, step.at)
    if deed is not None:
        note(connection, deed, *rows)
    elif step.state in CARRIED:
        tell(connection, _deed(after, step), *rows)
    return after


def _deed(delivery: Delivery, step: Step) -> Deed:
    """Return how the log tells of a step that nobody had to be asked for: where the post is, or why it is not."""
    detail = delivery.receipt.remote_id if delivery.receipt and step.state in PUBLIC else step.detail
    return Deed(who=step.who, action=f"delivery-{step.state.value}", subject=delivery.post_key, detail=detail, at=step.at)


def _values(step: Step) -> dict[str, Any]:
    values: dict[str, Any] = {"state": step.state.value, "hold_reason": step.hold_reason.value if step.hold_reason else None}
    values |= {"touched_at": step.at, "detail": step.detail}
    values |= {name: value for name in _OPTIONAL if (value := getattr(step, name)) is not None}
    if step.state not in IN_HAND:
        values |= {"owner": None, "lease_until": None}
    if step.ticket:
        values["ticket"] = json_of(PENDING, step.ticket)
    if step.receipt:
        evidence = json_of(EVIDENCE, dict(step.receipt.evidence))
        values |= {"url": step.receipt.url, "evidence": evidence}
    if step.state is State.SENT:
        values["published_at"] = step.at
    if step.state is State.VERIFIED:
        values["verified_at"] = step.at
    return values


def _kept_id(connection: Connection, delivery: Delivery, step: Step) -> dict[str, str]:
    """Return the platform's id as it is kept: marked with the account where a post of the channel has the same one on another.

    On one account two posts never come to have one id: it is marked alike for both, and the second is refused.
    """
    if step.receipt is None:
        return {}
    id = step.receipt.remote_id
    twin = _TWIN.one_or_none(connection, {"on": delivery.channel, "of": id, "but": delivery.id})
    if twin is None:
        return {"remote_id": id}
    on = account_number(connection, delivery, step.at)
    return {"remote_id": id if account_number(connection, as_delivery(twin), step.at) == on else f"{id}{APART}{ACCOUNT}{on}"}


_OPTIONAL = ("next_at", "lease_until", "attempts", "claims", "failures", "fence", "owner")


def _explained(delivery: Delivery, step: Step, error: IntegrityError) -> Exception:
    if step.receipt and "remote_id" in str(error.orig):
        return RemoteIdTaken(f"{delivery.channel} {step.receipt.remote_id} already belongs to another delivery")
    return NotAllowed(f"{delivery.post_key}: {error.orig}")


def read_delivery(connection: Connection, id: int) -> Delivery:
    """Return a delivery as it is in this transaction; raise KeyError when there is none."""
    row = _ONE.one_or_none(connection, {"known_id": id})
    if row is None:
        raise KeyError(id)
    return as_delivery(row)


def as_delivery(row: Any) -> Delivery:
    """Return the row in the words of the domain."""
    return Delivery(
        id=row.id, post_key=row.post_key, entry=row.entry, channel=row.channel, state=State(row.state), due_at=row.due_at,
        next_at=row.next_at, post_digest=row.post_digest, fence=row.fence, claims=row.claims, attempts=row.attempts,
        owner=row.owner, lease_until=row.lease_until, hold_reason=HoldReason(row.hold_reason) if row.hold_reason else None,
        receipt=_receipt(row), published_at=row.published_at, verified_at=row.verified_at, detail=row.detail,
    )  # fmt: skip


def _receipt(row: Any) -> Receipt | None:
    if row.remote_id is None:
        return None
    return Receipt(remote_id=row.remote_id.partition(APART)[0], url=row.url, evidence=dict(EVIDENCE.validate_json(row.evidence)))
