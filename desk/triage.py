"""What a person does with a held post: let it go, move it or drop it. Nothing that is let go comes in a burst."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from editorial.approval import Approval, ask_second_person, package_digest
from editorial.clock import OFFICE_ZONE
from editorial.delivery import Delivery, HoldReason, State
from editorial.post import Post
from editorial.problem import BadInput, Problem
from editorial.release import USUAL, ReleaseRule
from editorial.tone import Tone
from store.approvals import Signing
from store.audit import Deed
from store.errors import Lost, NotAllowed
from store.store import Store

WAITING_FOR_A_RULE = frozenset({HoldReason.HALT, HoldReason.AUTH})
PERHAPS_PUBLIC = frozenset({HoldReason.AMBIGUOUS, HoldReason.DRIFT})
_NEVER_OUT = frozenset({State.CANCELLED, State.SUPERSEDED, State.WITHDRAWN})
UNSENT = frozenset({State.SCHEDULED, State.QUEUED, State.CLAIMED, State.PREPARED, State.HELD, State.FAILED})


def find_delivery(store: Store, name: str) -> Delivery:
    """Return the delivery of a post's key or number; raise BadInput when there is none."""
    try:
        found = store.deliveries.get(int(name)) if name.isascii() and name.isdigit() else store.deliveries.by_key(name)
    except (KeyError, OverflowError, ValueError):
        found = None
    if found is None:
        raise BadInput(Problem(rule="unknown-post", message=f"không có lượt đăng “{name}”; xem ./loa held"))
    return found


def release(store: Store, delivery: Delivery, *, who: str, why: str, now: datetime, rule: ReleaseRule) -> Delivery:
    """Let a held post go, a gap away from the channel's other posts; raise BadInput with what has to be done first."""
    ask_release(store, delivery)
    if delivery.hold_reason is HoldReason.BLACKOUT:
        store.halts.let_pass(delivery.post_key, who=who, why=why)
    return _decided(delivery, lambda: store.decisions.publish_now(delivery.id, who=who, why=why, rule=rule, since=now))


def ask_release(store: Store, delivery: Delivery) -> None:
    """Raise BadInput, with what has to be done first, where a post cannot be let go."""
    if delivery.state not in (State.HELD, State.FAILED):
        raise BadInput(_problem(delivery, "bài không bị giữ, không có gì để thả"))
    if delivery.hold_reason in WAITING_FOR_A_RULE:
        raise BadInput(_problem(delivery, "đang có lệnh tạm dừng; hãy bỏ tạm dừng bằng ./loa resume"))
    if delivery.hold_reason is HoldReason.AMBIGUOUS:
        raise BadInput(_problem(delivery, "bài có thể đã đăng; hãy mở kênh xem rồi quyết định ở trang của lượt đăng"))
    if delivery.hold_reason is HoldReason.DRIFT:
        raise BadInput(_problem(delivery, "bài đã đăng và khác bản duyệt; hãy dùng ./loa correct hoặc sửa trên kênh"))
    if delivery.hold_reason is HoldReason.BLACKOUT and _tone(store, delivery) is Tone.FESTIVE:
        raise BadInput(_problem(delivery, "bài vui không đăng trong quốc tang; hãy dời (./loa move) hoặc bỏ (./loa drop)"))
    if not store.approvals.covers(delivery.post_key, delivery.post_digest):
        raise BadInput(_problem(delivery, "bài chưa được duyệt; duyệt xong mới đăng được"))


def drop(store: Store, delivery: Delivery, *, who: str, why: str) -> Delivery:
    """Take a post out before it goes."""
    return _decided(delivery, lambda: store.decisions.cancel(delivery.id, who=who, why=why))


def move(
    store: Store, delivery: Delivery, to: datetime, *, who: str, why: str, approver: str, now: datetime,
    rule: ReleaseRule = USUAL,
) -> Delivery:  # fmt: skip
    """Give a post another moment. The moment is signed: without an approver the post waits for its approval again."""
    if delivery.state not in UNSENT or delivery.hold_reason in PERHAPS_PUBLIC:
        raise BadInput(_problem(delivery, "bài đã đăng hoặc có thể đã đăng, không dời được"))
    if to <= now:
        raise BadInput(Problem(rule="past", key="--to", message="giờ mới đã qua; hãy chọn một giờ sắp tới"))
    _refuse_crowd(store, delivery, to, rule)
    before = store.posts.version(delivery.post_key, delivery.post_digest)
    post = replace(before, due_at=to.astimezone(UTC))
    if source := store.sources.of(before):
        store.sources.keep((post,), source)
    signing = signing_again(store, delivery.entry, (post,), author=who, approver=approver, at=now) if approver else None
    detail = f"{why} ({delivery.due_at.isoformat()} -> {to.isoformat()})"
    deed = Deed(who=who, action="move", subject=delivery.post_key, detail=detail, at=now)
    (planned,) = store.deliveries.plan_together((post,), signing=signing, deed=deed)
    return planned


def approve_again(store: Store, entry: str, fresh: tuple[Post, ...], *, author: str, approver: str, at: datetime) -> None:
    """Approve new versions together with what of the entry is approved and has not gone out."""
    signing = signing_again(store, entry, fresh, author=author, approver=approver, at=at)
    store.approvals.save(signing.approval, signing.posts)


def signing_again(
    store: Store, entry: str, fresh: tuple[Post, ...], *, author: str, approver: str, at: datetime
) -> Signing:  # fmt: skip
    """Return the approval of new versions together with what of the entry is approved and has not gone out.

    What is live is not in this approval: it went out under an earlier one, and must not keep the rest from going.
    """
    ask_second_person(author, approver)
    keys = {post.key for post in fresh}
    others = [each for each in unsent(store, entry) if each.post_key not in keys]
    standing = [each for each in others if store.approvals.covers(each.post_key, each.post_digest)]
    posts = (*fresh, *(store.posts.version(each.post_key, each.post_digest) for each in standing))
    approval = Approval(entry=entry, digest=package_digest(posts), author=author, approver=approver, at=at)
    return Signing(approval=approval, posts=posts)


def unsent(store: Store, entry: str | None = None) -> tuple[Delivery, ...]:
    """Return what has certainly not gone out."""
    found = store.deliveries.list(states=UNSENT, entry=entry)
    return tuple(each for each in found if each.hold_reason not in PERHAPS_PUBLIC)


def is_out(delivery: Delivery) -> bool:
    """Tell whether a post is public, or may be."""
    return delivery.state not in UNSENT | _NEVER_OUT or delivery.hold_reason in PERHAPS_PUBLIC


def may_go(store: Store, post_key: str) -> bool:
    """Tell whether the post has certainly not gone out, and nobody has dropped it."""
    delivery = store.deliveries.by_key(post_key)
    return delivery is None or (delivery.state in UNSENT and delivery.hold_reason not in PERHAPS_PUBLIC)


def _refuse_crowd(store: Store, delivery: Delivery, to: datetime, rule: ReleaseRule) -> None:
    """Refuse a moment at which what was held would come back beside another post of its channel."""
    if delivery.state not in (State.HELD, State.FAILED):
        return
    free = store.deliveries.free_moment(delivery, to, rule)
    if free > to:
        when = f"{free.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"
        message = f"kênh {delivery.channel} có bài khác gần giờ đó; giờ trống kế tiếp: {when}"
        raise BadInput(Problem(rule="close-slots", key="--to", message=message))


def _tone(store: Store, delivery: Delivery) -> Tone | None:
    try:
        return store.entries.get(delivery.entry).tone
    except KeyError:
        return None


def _decided(delivery: Delivery, decide: Callable[[], Delivery]) -> Delivery:
    try:
        return decide()
    except (NotAllowed, Lost) as error:
        raise BadInput(_problem(delivery, "bài vừa đổi trạng thái, không nhận quyết định này; xem lại ./loa held")) from error


def _problem(delivery: Delivery, message: str) -> Problem:
    return Problem(rule="not-allowed", message=f"{delivery.post_key}: {message}", channel=delivery.channel)
