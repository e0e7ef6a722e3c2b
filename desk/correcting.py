"""From a changed fact, or a withdrawn entry, to a decision that two people sign: which live copies, and how each is put right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, time
from functools import partial

from desk.comments_below import quoting_below, taken_back_below
from desk.rewriting import OTHER_PICTURE, Rewriter, Rewritten, reads_markup, redrawn_unapproved
from desk.triage import approve_again, unsent
from desk.workbench import Workbench
from editorial.approval import ask_second_person
from editorial.clock import OFFICE_ZONE
from editorial.consistency import Said, unsourced
from editorial.correction import (
    Decision,
    Item,
    ItemState,
    Kind,
    Means,
    Reach,
    Reason,
    annotated,
    changes,
    correction_note,
    means_to_correct,
    means_to_withdraw,
    next_key,
    replaced_by_notice,
    withdrawal_note,
)
from editorial.day_name import iso_day
from editorial.delivery import IN_HAND, PUBLIC, Delivery, HoldReason, State
from editorial.fact import Fact, FactKind, FactValue
from editorial.fact_rule import fact_faults, read_number, read_time
from editorial.post import Post
from editorial.problem import BadInput, Problem, Severity
from editorial.role import Person, Role
from editorial.source import Source
from editorial.workflow import Action
from publishers.contract import Corrects, Verifies, Withdraws
from publishers.registry import PUBLISHERS
from scheduler.correct import GONE
from scheduler.engines.contract import Engine
from scheduler.station import left_behind
from store.correction_list import Correction
from store.workflow import Taking

HAND_MADE = "bài đã được sửa tay trên kênh, sửa tự động sẽ ghi đè lời đã sửa; hãy tự sửa trên kênh rồi ghi là đã xong"
ADD_NOTE = "ghi thêm dưới bài:"
ON_THE_WAY = (State.SENDING, State.FOLLOWING, State.UNKNOWN, State.RECONCILING)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A decision and what stands against it."""

    decision: Decision
    problems: tuple[Problem, ...] = ()
    old: Fact | None = None
    new: Fact | None = None
    sources: tuple[tuple[Post, Source], ...] = ()  # what the new versions are made of
    dropped: tuple[Delivery, ...] = ()  # what has not gone out, and does not with a withdrawal
    takes_entry: bool = False  # the entry as a whole is taken back


def changed_fact(bench: Workbench, name: str, text: str) -> tuple[Fact | None, Fact]:
    """Return the fact as it is (None where it has the value already), and as it will be.

    `name` is a shared fact's id, or `entry/fact` for a fact of one entry, whose file may be gone while its posts are live.
    """
    before = known_fact(bench, name)
    if before is None:
        message = f"không có dữ kiện “{name}”; dữ kiện riêng của một mục viết là mã-mục/tên"
        raise BadInput(Problem(rule="unknown-fact", message=message))
    after = replace(before, value=read_value(before, text))
    return (None if after.value == before.value else before), after


def known_fact(bench: Workbench, name: str) -> Fact | None:
    """Return a shared fact, or an entry's own by `entry/fact`, also where the entry's file is gone and its posts are live."""
    owner, _, id = name.rpartition("/")
    if not owner:
        return bench.content.facts.get(id)
    entries = [entry for entry in bench.content.entries.values() if owner in (entry.id, entry.series)]
    kept = (bench.store.sources.of(_live(bench, each)) for each in live_copies(bench) if not entries)
    entries += [source.entry for source in kept if source and owner in (source.entry.id, source.entry.series)]
    return next((fact for entry in entries for fact in entry.facts if fact.id == id), None)


def read_value(fact: Fact, text: str) -> FactValue:
    """Return a value as its fact's kind has it; raise BadInput with what is wanted."""
    try:
        value = _READERS.get(fact.kind, str)(text.strip())
    except ValueError as error:
        message = f"“{text}” không hợp với dữ kiện này; viết số dạng 1250 hoặc 12.5, ngày dạng 2026-09-25, giờ dạng 08:30"
        raise BadInput(Problem(rule="wrong-value", key="--value", message=message)) from error
    faults = [fault for fault in fact_faults(replace(fact, value=value)) if fault.key == "value"]
    if faults:
        raise BadInput(*(Problem(rule=fault.rule, key="--value", message=fault.message) for fault in faults))
    return value


_READERS: Mapping[FactKind, Callable[[str], FactValue]] = {
    FactKind.NUMBER: read_number,
    FactKind.PERCENTAGE: read_number,
    FactKind.MONEY: read_number,
    FactKind.DATE: iso_day,
    FactKind.TIME: read_time,
}


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
    """Return what a new value changes on every live copy and every post that waits, each made of what it was signed as.

    Without an engine nothing is rendered: the plan is right, and the pictures in it are still the old ones.
    """
    old, new = changed_fact(bench, name, text)
    drafter = _Drafter(bench, Rewriter(bench=bench, fact=new, owner=name.rpartition("/")[0], engine=engine), name, why)
    copies = [copy for delivery in live_copies(bench) if (copy := drafter.corrected(delivery))]
    remade = [version for delivery in unsent(bench.store) if (version := drafter.remade(delivery))]
    items, waiting = tuple(item for item, _ in copies), tuple(post for post, _ in remade)
    decision = Decision(kind=Kind.CORRECTION, subject=name, value=str(new.value), why=why, items=items, waiting=waiting)
    made = (*((item.post, source) for item, source in copies), *remade)
    sources = tuple((post, source) for post, source in made if post and source)
    facts = {**bench.content.facts, new.id: new}
    against = _against_reason(why, facts, "--why")
    problems = (*dict.fromkeys(drafter.problems), *against, *_refused(bench, sources), *drafter.on_the_way())
    return Draft(decision=decision, problems=problems, old=old, new=new, sources=sources)


def draft_withdrawal(bench: Workbench, entry: str, reason: Reason, why: str, link: str = "", channel: str = "") -> Draft:
    """Return what becomes of every live copy of an entry that is taken back, or of its copies on one channel."""
    today = bench.clock.now().astimezone(OFFICE_ZONE).date()
    done = partial(bench.store.corrections.reasons, stuck=False)  # a second notice would say nothing new
    mine = [each for each in live_copies(bench) if each.entry == entry and each.channel == (channel or each.channel)]
    items = tuple(_withdrawn(bench, each, reason, today, why, link) for each in mine if reason not in done(each.id))
    subject = f"{entry}.{channel}" if channel else entry
    decision = Decision(kind=Kind.WITHDRAWAL, subject=subject, value=reason.value, why=why, items=items)
    dropped = waiting_of(bench, entry, channel)
    told = [(why, "--why"), (link, "--link")] if reason is not Reason.ERROR else []  # then the public reads neither
    problems = tuple(problem for text, key in told for problem in _against_reason(text, bench.content.facts, key))
    in_hand = [each for each in dropped if channel and each.state in IN_HAND]  # the rest of the entry's approval goes on
    sent = [each for each in _on_the_way(bench) if each.entry == entry and each.channel == (channel or each.channel)]
    told_too = (*problems, *map(_still_moving, (*sent, *in_hand)), *taken_back_below(bench.store, items))
    return Draft(decision=decision, problems=told_too, dropped=dropped, takes_entry=not channel)


def waiting_of(bench: Workbench, entry: str, channel: str = "") -> tuple[Delivery, ...]:
    """Return what of an entry has certainly not gone out, on one channel where it is named."""
    return tuple(each for each in unsent(bench.store, entry) if each.channel == (channel or each.channel))


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
    bench.store.corrections.ask_current(draft.decision)
    for post, source in draft.sources:
        bench.store.sources.keep((post,), source)
    _approve_unsent(bench, draft.decision, author, approver)
    for post in draft.decision.waiting:
        bench.store.deliveries.plan(post)
    _drop(bench, draft, approver)
    return bench.store.corrections.sign(draft.decision, author=author, approver=approver, step=_step(bench, draft, approver))


def _step(bench: Workbench, draft: Draft, approver: str) -> Taking | None:
    """Return the step that a withdrawal takes with its entry, whose file may be gone; a correction takes none."""
    decision = draft.decision
    if not draft.takes_entry:
        return None
    known = bench.content.office.people.get(approver)
    person = known or Person(id=approver, name=approver, roles=(Role.APPROVER,))  # whoever asked has looked at the rights
    revision = bench.store.workflow.of(decision.subject).revision
    return Taking(action=Action.WITHDRAW, person=person, revision=revision, why=f"{decision.value}: {decision.why}")


def reach_of(bench: Workbench, delivery: Delivery) -> Reach:
    """Return what the publisher can do with what is live; nothing where the office has given the channel or its account up."""
    known = bench.content.office.channels.get(delivery.channel)
    if known is None or left_behind(bench.store, delivery):
        return Reach(corrects=False, replaces_media=False, withdraws=False, verifies=False)
    kind = PUBLISHERS[known.publisher]
    return Reach(
        corrects=issubclass(kind, Corrects),
        replaces_media=issubclass(kind, Corrects) and kind.replaces_media,
        withdraws=issubclass(kind, Withdraws),
        verifies=issubclass(kind, Verifies),
    )


class _Drafter:
    """Make an item of each live copy that says the fact otherwise, and a new version of each post that waits."""

    def __init__(self, bench: Workbench, rewriter: Rewriter, subject: str, why: str) -> None:
        self._bench, self._rewriter, self._subject, self._why = bench, rewriter, subject, why
        self._today = bench.clock.now().astimezone(OFFICE_ZONE).date()
        self.problems: list[Problem] = []

    def corrected(self, delivery: Delivery) -> tuple[Item, Source | None] | None:
        """Return how a live copy is put right; None where it says nothing wrong, or has been taken back."""
        if self._bench.store.corrections.withdrawn(delivery.id):
            return None
        live, before = _live(self._bench, delivery), self._bench.store.corrections.notes(delivery)
        rewritten = self._rewriter.rewrite(live, before)
        by_hand = self._bench.store.corrections.by_hand(delivery.id, self._subject, str(self._rewriter.fact.value))
        if rewritten is None or by_hand is ItemState.DONE:
            return None
        _refuse_busy(self._bench, delivery)
        note = correction_note(rewritten.old, self._rewriter.fact, self._today, live.variant.language, self._why)
        hand_made = self._bench.store.corrections.hand_made(delivery.id)
        if rewritten.post is None or hand_made:
            self.problems.extend(quoting_below(self._bench.store, delivery.id, live, rewritten, Means.MANUAL))
            why = HAND_MADE if hand_made else rewritten.why
            return None if by_hand else (_by_hand(delivery, live, f"{why}; {ADD_NOTE} “{note}”"), None)
        self._tell_drift(delivery)
        item = self._item(delivery, live, rewritten, rewritten.post, (*before, note))
        self.problems.extend(redrawn_unapproved(self._bench, rewritten) if item.means is not Means.NOTE else ())
        self.problems.extend(quoting_below(self._bench.store, delivery.id, live, rewritten, item.means))
        return item, rewritten.source

    def _tell_drift(self, delivery: Delivery) -> None:
        if delivery.hold_reason is HoldReason.DRIFT and GONE not in delivery.detail:
            message = f"bài {delivery.post_key} trên kênh đang khác bản đã duyệt ({delivery.detail}); ký là ghi đè lên bài ấy"
            found = Problem(rule="live-differs", message=message, channel=delivery.channel, severity=Severity.WARNING)
            self.problems.append(found)

    def remade(self, delivery: Delivery) -> tuple[Post, Source | None] | None:
        """Return the new version of an approved post that waits; None where it does not say the fact otherwise."""
        if not self._bench.store.approvals.covers(delivery.post_key, delivery.post_digest):
            return None
        rewritten = self._rewriter.rewrite(_live(self._bench, delivery), self._bench.store.corrections.notes(delivery))
        if rewritten is None:
            return None
        if rewritten.post is None:
            message = f"bài chờ đăng {delivery.post_key} không tự sửa được; hãy bỏ duyệt mục ấy, sửa tệp rồi trình lại"
            self.problems.append(Problem(rule="cannot-rewrite", message=message, channel=delivery.channel))
            return None
        self.problems.extend(redrawn_unapproved(self._bench, rewritten))
        return rewritten.post, rewritten.source

    def on_the_way(self) -> Iterator[Problem]:
        """Yield what is being sent at this moment, or may have been, and says the fact otherwise: it is not corrected yet."""
        for delivery in _on_the_way(self._bench):
            if self._rewriter.rewrite(_live(self._bench, delivery)):
                yield _still_moving(delivery)

    def _item(self, delivery: Delivery, live: Post, rewritten: Rewritten, wanted: Post, notes: tuple[str, ...]) -> Item:
        known = rewritten.media_known
        media_change = not known or [each.sha256 for each in wanted.media] != [each.sha256 for each in live.media]
        means = means_to_correct(reach_of(self._bench, delivery), media_change=media_change)
        post = self._noted(wanted, notes)
        if means is Means.REPOST:
            post = replace(post, key=next_key(delivery.post_key), due_at=self._bench.clock.now().astimezone(UTC))
        elif means is Means.NOTE:
            post = replace(post, media=live.media)
        seen = changes(live, wanted, media_known=known)
        return Item(
            delivery=delivery.id,
            post_key=delivery.post_key,
            channel=delivery.channel,
            entry=delivery.entry,
            means=means,
            post=None if means is Means.MANUAL else post,
            live_digest=live.digest,
            note=notes[-1] if post.variant.text != wanted.variant.text else "",
            changes=(*seen, OTHER_PICTURE) if rewritten.media_drifted else seen,
            why=f"{self._why_not(delivery)}; hãy bình luận: “{notes[-1]}”" if means is Means.MANUAL else "",
        )

    def _why_not(self, delivery: Delivery) -> str:
        return left_behind(self._bench.store, delivery) or "kênh không cho sửa hay gỡ bài"

    def _noted(self, wanted: Post, notes: tuple[str, ...]) -> Post:
        """Return the post under its notes, or without them where the channel has no room."""
        markup = reads_markup(self._bench, wanted.channel)
        noted = replace(wanted, variant=annotated(wanted.variant, notes, markup=markup))
        refused = {problem.rule for problem in self._bench.manifests[wanted.channel].check(noted)}
        plain = {problem.rule for problem in self._bench.manifests[wanted.channel].check(wanted)}
        return noted if refused <= plain else wanted


def _on_the_way(bench: Workbench) -> Iterator[Delivery]:
    """Yield what is being sent at this moment, or may have been."""
    for delivery in bench.store.deliveries.list(states=(*ON_THE_WAY, State.HELD)):
        if delivery.state is not State.HELD or delivery.hold_reason is HoldReason.AMBIGUOUS:
            yield delivery


def _still_moving(delivery: Delivery) -> Problem:
    message = f"bài {delivery.post_key} đang gửi hoặc chưa rõ đã đăng; khi đã rõ, hãy chạy lại lệnh này"
    return Problem(rule="on-the-way", message=message, channel=delivery.channel, severity=Severity.WARNING)


def _live(bench: Workbench, delivery: Delivery) -> Post:
    return bench.store.posts.version(delivery.post_key, delivery.post_digest)


def _by_hand(delivery: Delivery, live: Post, why: str) -> Item:
    return Item(delivery=delivery.id, post_key=delivery.post_key, channel=delivery.channel, entry=delivery.entry,
                means=Means.MANUAL, post=None, live_digest=live.digest, why=why)  # fmt: skip


def _against_reason(text: str, facts: Mapping[str, Fact], key: str) -> tuple[Problem, ...]:
    """Return what the facts do not bear out in words that the public will read under a live copy."""
    found = unsourced(Said(channel="", part=key, text=text), facts, "") if text else ()
    return tuple(replace(problem, key=key, channel=None) for problem in found)


def _refused(bench: Workbench, made: Iterable[tuple[Post, Source]]) -> tuple[Problem, ...]:
    """Return what the platforms would refuse of the new versions."""
    return tuple(dict.fromkeys(problem for post, _ in made for problem in bench.manifests[post.channel].check(post)))


def _refuse_busy(bench: Workbench, delivery: Delivery) -> None:
    if bench.store.corrections.busy(delivery.id):
        message = f"bài {delivery.post_key} đang được sửa theo một quyết định trước; xem ./loa corrections, chờ xong rồi làm lại"
        raise BadInput(Problem(rule="correction-under-way", message=message, channel=delivery.channel))


def _withdrawn(bench: Workbench, delivery: Delivery, reason: Reason, today: date, why: str, link: str) -> Item:
    _refuse_busy(bench, delivery)
    live = _live(bench, delivery)
    means = means_to_withdraw(reach_of(bench, delivery), reason)
    if reason is Reason.WITHDRAWN and bench.store.corrections.hand_made(delivery.id):
        means = Means.MANUAL  # its old words, which somebody has put right there, must not come back above the notice
    note = withdrawal_note(reason, today, live.variant.language, why, link)
    post = _with_notice(bench, live, note, reason) if means is Means.EDIT else None
    return Item(
        delivery=delivery.id,
        post_key=delivery.post_key,
        channel=delivery.channel,
        entry=delivery.entry,
        means=means,
        post=post,
        live_digest=live.digest,
        note=note if post else "",
        changes=changes(live, post) if post else (),
        why=_why_by_hand(reason, note, left_behind(bench.store, delivery)) if means is Means.MANUAL else "",
    )


def _why_by_hand(reason: Reason, note: str, left: str) -> str:
    what = "hãy tự gỡ bài trên kênh" if reason is Reason.ERROR else f"hãy tự ghi dưới bài: “{note}”"
    return f"{left or 'Loa không tự làm được việc này ở đây'}; {what} rồi ghi là đã xong"


def _with_notice(bench: Workbench, live: Post, note: str, reason: Reason) -> Post:
    """Return the post under its notice, or with the notice in the place of its words: asked for, or for want of room."""
    markup = reads_markup(bench, live.channel)
    if reason is Reason.SUPERSEDED:
        return replace(live, variant=replaced_by_notice(live.variant, note, markup=markup))
    post = replace(live, variant=annotated(live.variant, (note,), markup=markup))
    refused = any(problem.severity is Severity.ERROR for problem in bench.manifests[live.channel].check(post))
    return replace(live, variant=replaced_by_notice(live.variant, note, markup=markup)) if refused else post


def _approve_unsent(bench: Workbench, decision: Decision, author: str, approver: str) -> None:
    """Approve, by entry, what goes out through the delivery ledger; an edited live copy is signed by the decision itself."""
    copies = [item.post for item in decision.items if item.post and item.means is Means.REPOST]
    for entry in sorted({post.entry for post in (*copies, *decision.waiting)}):
        fresh = tuple(post for post in (*copies, *decision.waiting) if post.entry == entry)
        approve_again(bench.store, entry, fresh, author=author, approver=approver, at=bench.clock.now())


def _drop(bench: Workbench, draft: Draft, who: str) -> None:
    """Drop what waits; what a worker has in hand is refused once it asks, where the withdrawal ends every approval."""
    for delivery in draft.dropped:
        if delivery.state not in (State.CLAIMED, State.PREPARED):
            bench.store.decisions.cancel(delivery.id, who=who, why=draft.decision.why)
