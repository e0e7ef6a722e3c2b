"""What people read and decide of the first comments: where each stands, and which no longer reads as it should."""

from __future__ import annotations

from editorial.after_step import AfterStep, StepHold, StepKind, StepState
from editorial.delivery import State
from editorial.likeness import same_words
from editorial.problem import BadInput, Problem
from store.errors import Lost, NotAllowed
from store.steps import open_decisions
from store.store import Store

KINDS = {StepKind.FIRST_COMMENT: "bình luận đầu", StepKind.CROSS_LINK: "bình luận dẫn sang kênh khác"}
STATES = {
    StepState.PLANNED: "chờ bài lên kênh",
    StepState.WAITING: "sắp bình luận",
    StepState.INTENT: "đang gửi",
    StepState.SAID: "đã bình luận",
    StepState.UNKNOWN: "chưa rõ đã bình luận chưa, đang đọc lại",
    StepState.HELD: "đang giữ",
    StepState.DROPPED: "đã bỏ",
}
HOLDS = {
    StepHold.HALT: "tạm dừng",
    StepHold.BLACKOUT: "quốc tang",
    StepHold.AUTH: "mất kết nối kênh",
    StepHold.QUOTA: "hết hạn mức",
    StepHold.LATE: "quá giờ",
    StepHold.UNAPPROVED: "chưa duyệt",
    StepHold.AMBIGUOUS: "không rõ đã bình luận chưa",
    StepHold.LINK: "không có địa chỉ để dẫn tới",
    StepHold.REFUSED: "kênh không nhận",
    StepHold.POISON: "lỗi nhiều lần",
}
WITH_POST = "bài đã gỡ, bình luận mất theo bài"
BY_HAND = "đã bình luận bằng tay"
OUT_OF_DATE = "bình luận nêu điều đã được đính chính; Loa không sửa bình luận, hãy sửa trên kênh rồi ghi là đã nói bằng tay"
AGAIN, HAND, DROP = "again", "by-hand", "drop"
CHOICES = {AGAIN: StepState.WAITING, HAND: StepState.SAID, DROP: StepState.DROPPED}
LABELS = {AGAIN: "Nói lại", HAND: "Tôi đã nói bằng tay", DROP: "Bỏ, không bình luận"}


def state_words(step: AfterStep, post: State) -> str:
    """Say where a step stands; a comment goes with its post."""
    if step.state is StepState.SAID:
        if post is State.WITHDRAWN:
            return WITH_POST
        return BY_HAND if step.by_hand else STATES[step.state]
    if step.state is StepState.HELD and step.hold is not None:
        return HOLDS[step.hold]
    return STATES[step.state]


def choices(step: AfterStep) -> tuple[str, ...]:
    """Return what a person may do about a step as it stands."""
    allowed = open_decisions(step)
    return tuple(name for name, state in CHOICES.items() if state in allowed)


def is_out_of_date(store: Store, step: AfterStep) -> bool:
    """Tell whether what stands below a live post says otherwise than the post's version of today: a correction came after it."""
    if step.state is not StepState.SAID or step.by_hand:
        return False
    delivery = store.deliveries.get(step.delivery)
    if delivery.state is State.WITHDRAWN:
        return False
    comment = store.posts.version(delivery.post_key, delivery.post_digest).first_comment
    if comment is None:
        return True
    addresses = store.steps.reach(step.delivery, comment.links).addresses
    if any(link.channel not in addresses for link in comment.links):
        return False
    return not same_words(comment.said(addresses), step.text)


def decide(store: Store, id: int, choice: str, *, who: str, why: str) -> AfterStep:
    """Carry out what a person decided of a step; raise BadInput where it may not be decided as it stands."""
    if choice not in CHOICES:
        message = f"“{choice}” không phải là again, by-hand hoặc drop"
        raise BadInput(Problem(rule="unknown-choice", key="--do", message=message))
    table = store.steps
    try:
        step = table.get(id)
    except (KeyError, OverflowError) as error:
        message = f"không có bình luận số {id}; xem ./loa comments --all"
        raise BadInput(Problem(rule="unknown-comment", message=message)) from error
    if choice not in choices(step):
        raise BadInput(_not_allowed(step))
    try:
        return {AGAIN: table.again, HAND: table.said_by_hand, DROP: table.drop}[choice](id, who=who, why=why)
    except (NotAllowed, Lost) as error:
        raise BadInput(_not_allowed(step)) from error


def _not_allowed(step: AfterStep) -> Problem:
    message = f"bình luận của bài {step.post_key} không nhận quyết định này khi {STATES[step.state]}; xem ./loa comments --all"
    return Problem(rule="not-allowed", message=message, channel=step.channel)
