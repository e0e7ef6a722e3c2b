"""From a changed fact, or a withdrawn entry, to a decision that two people sign: which live copies, and how each is put right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, time
from decimal import Decimal, InvalidOperation

from desk.approving import keep_media
from desk.rendering import render_all
from desk.triage import approve_again, unsent
from desk.workbench import Workbench
from editorial.approval import ask_second_person
from editorial.clock import OFFICE_ZONE
from editorial.correction import (
    Decision,
    Item,
    Kind,
    Means,
    Reach,
    Reason,
    annotated,
    changes,
    correction_note,
    means_to_correct,
    means_to_withdraw,
    moved,
    next_key,
    replaced_by_notice,
    split_key,
    withdrawal_note,
)
from editorial.delivery import PUBLIC, Delivery, HoldReason, State
from editorial.entry import Entry
from editorial.fact import Fact, FactKind, FactValue
from editorial.plan import PlannedSlot
from editorial.post import Post
from editorial.problem import BadInput, Problem, Severity
from editorial.workspace import Content
from publishers.contract import Corrects, Verifies, Withdraws
from publishers.registry import PUBLISHERS
from scheduler.engines.contract import Engine
from store.corrections import Correction
from studio.rendition import Rendition


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A decision and what stands against it."""

    decision: Decision
    problems: tuple[Problem, ...] = ()
    old: Fact | None = None
    new: Fact | None = None


def changed_fact(content: Content, name: str, text: str) -> tuple[Fact | None, Fact, Content]:
    """Return the fact as it is (None where it has the value already), as it will be, and the content that says so.

    `name` is a shared fact's id, or `entry/fact` for a fact of one entry.
    """
    entry_id, _, fact_id = name.rpartition("/")
    entry = content.entries.get(entry_id)
    known = {fact.id: fact for fact in entry.facts} if entry else ({} if entry_id else content.facts)
    if fact_id not in known:
        message = f"không có dữ kiện “{name}”; dữ kiện riêng của một mục viết là mã-mục/tên"
        raise BadInput(Problem(rule="unknown-fact", message=message))
    before = known[fact_id]
    after = replace(before, value=read_value(before, text))
    return (None if after.value == before.value else before), after, with_fact(content, after, entry)


def with_fact(content: Content, fact: Fact, entry: Entry | None) -> Content:
    """Return the content with the fact in the place of the one that has its id."""
    if entry is None:
        return replace(content, facts={**content.facts, fact.id: fact})
    facts = tuple(fact if each.id == fact.id else each for each in entry.facts)
    return replace(content, entries={**content.entries, entry.id: replace(entry, facts=facts)})


def _decimal(text: str) -> Decimal:
    """Return a number written with digits; raise ValueError for one that is none, or that nobody could write out."""
    if not re.fullmatch(r"-?\d+\.\d+", text, re.ASCII):
        raise ValueError(text)
    return Decimal(text)


def read_value(fact: Fact, text: str) -> FactValue:
    """Return a value as its fact's kind has it; raise BadInput with what is wanted."""
    try:
        match fact.kind:
            case FactKind.NUMBER | FactKind.PERCENTAGE:
                return int(text) if text.lstrip("-").isdigit() else _decimal(text)
            case FactKind.MONEY:
                return int(text)
            case FactKind.DATE:
                return date.fromisoformat(text)
            case FactKind.TIME:
                return time.fromisoformat(text)
    except (ValueError, InvalidOperation) as error:
        message = f"“{text}” không hợp với dữ kiện này; viết số dạng 1250 hoặc 12.5, ngày dạng 2026-09-25, giờ dạng 08:30"
        raise BadInput(Problem(rule="wrong-value", key="--value", message=message)) from error
    if not text.strip():
        raise BadInput(Problem(rule="wrong-value", key="--value", message="giá trị không được để trống"))
    return text.strip()


def written_value(fact: Fact) -> str:
    """Return the value as a YAML file has it."""
    match fact.value:
        case bool() | str():
            return '"' + str(fact.value).replace("\\", "\\\\").replace('"', '\\"') + '"'
        case date():
            return f'"{fact.value.isoformat()}"'
        case time():
            return f'"{fact.value:%H:%M}"'
    return str(fact.value)


def draft_correction(bench: Workbench, name: str, text: str, why: str, engine: Engine | None) -> Draft:
    """Return what a new value changes on every live copy and every post that waits.

    Without an engine nothing is rendered: the plan is right, and the pictures in it are still the old ones.
    """
    old, new, content = changed_fact(bench.content, name, text)
    entry_id = name.rpartition("/")[0]
    entry = content.entries.get(entry_id)
    drafter = _Drafter(bench, content, with_fact(content, moved(new), entry), engine)
    today = bench.clock.now().astimezone(OFFICE_ZONE).date()

    def told(language: str) -> str:
        return correction_note(old, new, today, language, why)

    items = tuple(item for delivery in live_copies(bench) if (item := drafter.corrected(delivery, told)))
    waiting = tuple(post for delivery in unsent(bench.store) if (post := drafter.remade(delivery)))
    decision = Decision(kind=Kind.CORRECTION, subject=name, value=str(new.value), why=why, items=items, waiting=waiting)
    return Draft(decision=decision, problems=drafter.problems(items, waiting), old=old, new=new)


def draft_withdrawal(bench: Workbench, entry: str, reason: Reason, why: str, link: str = "") -> Draft:
    """Return what becomes of every live copy of an entry that is taken back."""
    today = bench.clock.now().astimezone(OFFICE_ZONE).date()
    live = [delivery for delivery in live_copies(bench) if delivery.entry == entry]
    items = tuple(_withdrawn(bench, delivery, reason, today, why, link) for delivery in live)
    return Draft(decision=Decision(kind=Kind.WITHDRAWAL, subject=entry, value=reason.value, why=why, items=items))


def live_copies(bench: Workbench) -> tuple[Delivery, ...]:
    """Return what the public can see now."""
    states = (*PUBLIC, State.HELD)
    found = bench.store.deliveries.list(states=states)
    return tuple(each for each in found if each.state in PUBLIC or each.hold_reason is HoldReason.DRIFT)


def sign(bench: Workbench, draft: Draft, *, author: str, approver: str) -> Correction:
    """Let two people sign the draft: live copies are put right from now on, what waits goes out as it was signed anew."""
    ask_second_person(author, approver)
    errors = [problem for problem in draft.problems if problem.severity is Severity.ERROR]
    if errors:
        raise BadInput(*errors)
    _approve_unsent(bench, draft.decision, author, approver)
    for post in draft.decision.waiting:
        bench.store.deliveries.plan(post)
    if draft.decision.kind is Kind.WITHDRAWAL:
        _cancel_unsent(bench, draft.decision.subject, approver, draft.decision.why)
    return bench.store.corrections.sign(draft.decision, author=author, approver=approver)


def reach_of(bench: Workbench, channel: str) -> Reach:
    """Return what the channel's publisher can do with what is live."""
    kind = PUBLISHERS[bench.content.office.channels[channel].publisher]
    return Reach(
        corrects=issubclass(kind, Corrects),
        replaces_media=issubclass(kind, Corrects) and kind.replaces_media,
        withdraws=issubclass(kind, Withdraws),
        verifies=issubclass(kind, Verifies),
    )


class _Drafter:
    """Make the posts of the corrected content, and tell which of them quote the changed fact."""

    def __init__(self, bench: Workbench, content: Content, other: Content, engine: Engine | None) -> None:
        self._bench, self._engine, self._content = bench, engine, content
        self._right = replace(bench.workspace.production, content=content)
        self._other = replace(self._right, content=other)
        self._slots = {slot.key: slot for slot in bench.workspace.plan.slots}

    def corrected(self, delivery: Delivery, told: Callable[[str], str]) -> Item | None:
        """Return how a live copy is put right; None where it does not quote the fact or says it rightly already."""
        slot = self._slots.get(split_key(delivery.post_key)[0])
        if slot is None or not self._quotes(slot):
            return None
        live = self._live(delivery)
        note, before = told(live.variant.language), self._bench.store.corrections.notes(delivery)
        wanted, media_known = self._post(slot, live)
        noted = replace(wanted, variant=annotated(wanted.variant, before, markup=self._markup(slot.channel)))
        if media_known and noted.digest == live.digest:
            return None
        _refuse_busy(self._bench, delivery)
        return self._item(delivery, live, wanted, (*before, note), media_known=media_known)

    def remade(self, delivery: Delivery) -> Post | None:
        """Return the new version of an approved post that waits; None where it does not quote the fact."""
        slot = self._slots.get(delivery.post_key)
        approved = self._bench.store.approvals.covers(delivery.post_key, delivery.post_digest)
        if slot is None or not approved or not self._quotes(slot):
            return None
        before = self._bench.store.posts.version(delivery.post_key, delivery.post_digest)
        made, media_known = self._post(slot, before)
        return made if made.digest != before.digest or not media_known else None

    def problems(self, items: Iterable[Item], waiting: Iterable[Post]) -> tuple[Problem, ...]:
        """Return what a platform would refuse of the new versions, and what the facts do not bear out."""
        posts = [*(item.post for item in items if item.post), *waiting]
        refused = [problem for post in posts for problem in self._bench.manifests[post.channel].check(post)]
        entries = sorted({post.entry for post in posts})
        for entry in entries:
            slots = [slot for slot in self._slots.values() if slot.entry == entry]
            refused.extend(self._right.certificate(self._content.entries[entry], slots).problems)
        return tuple(dict.fromkeys(refused))

    def _item(self, delivery: Delivery, live: Post, wanted: Post, notes: tuple[str, ...], *, media_known: bool) -> Item:
        media_change = not media_known or [each.sha256 for each in wanted.media] != [each.sha256 for each in live.media]
        means = means_to_correct(reach_of(self._bench, delivery.channel), media_change=media_change)
        post = self._noted(wanted, notes)
        if means is Means.REPOST:
            now = self._bench.clock.now().astimezone(UTC)
            post = replace(post, key=next_key(delivery.post_key), due_at=now)
        elif means is Means.NOTE:
            post = replace(post, media=live.media)
        return Item(
            delivery=delivery.id,
            post_key=delivery.post_key,
            channel=delivery.channel,
            entry=delivery.entry,
            means=means,
            post=None if means is Means.MANUAL else post,
            note=notes[-1] if post.variant.text != wanted.variant.text else "",
            changes=changes(live, wanted, media_known=media_known),
            why="kênh không cho sửa hay gỡ bài; hãy đăng bình luận đính chính" if means is Means.MANUAL else "",
        )

    def _noted(self, wanted: Post, notes: tuple[str, ...]) -> Post:
        """Return the post under its notes, or without them where the channel has no room."""
        noted = replace(wanted, variant=annotated(wanted.variant, notes, markup=self._markup(wanted.channel)))
        refused = {problem.rule for problem in self._bench.manifests[wanted.channel].check(noted)}
        plain = {problem.rule for problem in self._bench.manifests[wanted.channel].check(wanted)}
        return noted if refused <= plain else wanted

    def _markup(self, channel: str) -> bool:
        return reads_markup(self._bench, channel)

    def _quotes(self, slot: PlannedSlot) -> bool:
        return self._right.variant(slot) != self._other.variant(slot) or bool(self._changed(slot))

    def _changed(self, slot: PlannedSlot) -> frozenset[str]:
        """Return the ids of the media whose picture says the fact."""
        right = {order.medium: order.recipe.digest for order in self._right.orders([slot])}
        other = {order.medium: order.recipe.digest for order in self._other.orders([slot])}
        return frozenset(medium for medium, digest in right.items() if other.get(medium) != digest)

    def _live(self, delivery: Delivery) -> Post:
        return self._bench.store.posts.version(delivery.post_key, delivery.post_digest)

    def _post(self, slot: PlannedSlot, before: Post) -> tuple[Post, bool]:
        """Return the slot's corrected post, and whether its media are made; what does not say the fact stays byte for byte."""
        variant, changed = self._right.variant(slot), self._changed(slot)
        if not changed:
            return replace(before, variant=variant), True
        renditions = self._renditions(slot)
        if renditions is None:
            return replace(before, variant=variant), False
        made = keep_media(self._right.post(slot, renditions), self._bench.media)
        kept = {medium.id: medium for medium in before.media if medium.id not in changed}
        return replace(before, variant=variant, media=tuple(kept.get(medium.id, medium) for medium in made.media)), True

    def _renditions(self, slot: PlannedSlot) -> Mapping[str, Rendition] | None:
        """Return the slot's renditions; without an engine only when all of them were made before."""
        studio, orders = self._bench.workspace.studio, self._right.orders([slot])
        if self._engine is not None:
            return render_all(studio, orders, self._engine)
        found = {order.recipe.digest: studio.find(order.recipe) for order in orders}
        made = {digest: rendition for digest, rendition in found.items() if rendition is not None}
        return made if len(made) == len(found) else None


def reads_markup(bench: Workbench, channel: str) -> bool:
    """Tell whether the channel reads a post's text as HTML."""
    limit = bench.manifests[channel].texts.get("text")
    return bool(limit and limit.markup)


def _refuse_busy(bench: Workbench, delivery: Delivery) -> None:
    if bench.store.corrections.busy(delivery.id):
        message = f"bài {delivery.post_key} đang được sửa theo một quyết định trước; xem ./loa corrections, chờ xong rồi làm lại"
        raise BadInput(Problem(rule="correction-under-way", message=message, channel=delivery.channel))


def _withdrawn(bench: Workbench, delivery: Delivery, reason: Reason, today: date, why: str, link: str) -> Item:
    _refuse_busy(bench, delivery)
    live = bench.store.posts.version(delivery.post_key, delivery.post_digest)
    means = means_to_withdraw(reach_of(bench, delivery.channel), reason)
    note = withdrawal_note(reason, today, live.variant.language, why, link)
    markup = reads_markup(bench, delivery.channel)
    notice = replaced_by_notice(live.variant, note, markup=markup) if reason is Reason.SUPERSEDED else None
    post = replace(live, variant=notice or annotated(live.variant, (note,), markup=markup)) if means is Means.EDIT else None
    if post and any(problem.severity is Severity.ERROR for problem in bench.manifests[delivery.channel].check(post)):
        # No room for the notice under the words: it stands in their place.
        post = replace(live, variant=replaced_by_notice(live.variant, note, markup=markup))
    return Item(
        delivery=delivery.id,
        post_key=delivery.post_key,
        channel=delivery.channel,
        entry=delivery.entry,
        means=means,
        post=post,
        note=note if post else "",
        changes=changes(live, post) if post else (),
        why="kênh không cho làm việc này; hãy tự làm trên kênh rồi ghi là đã xong" if means is Means.MANUAL else "",
    )


def _approve_unsent(bench: Workbench, decision: Decision, author: str, approver: str) -> None:
    """Approve, by entry, what goes out through the delivery ledger; an edited live copy is signed by the decision itself."""
    copies = [item.post for item in decision.items if item.post and item.means is Means.REPOST]
    for entry in sorted({post.entry for post in (*copies, *decision.waiting)}):
        fresh = tuple(post for post in (*copies, *decision.waiting) if post.entry == entry)
        approve_again(bench.store, entry, fresh, author=author, approver=approver, at=bench.clock.now())


def _cancel_unsent(bench: Workbench, entry: str, who: str, why: str) -> None:
    for delivery in unsent(bench.store, entry):
        if delivery.state not in (State.CLAIMED, State.PREPARED):
            bench.store.decisions.cancel(delivery.id, who=who, why=why)
