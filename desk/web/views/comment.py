"""What the pages show of the first comment below a post: its words, where it stands, and what a person may decide."""

from __future__ import annotations

from dataclasses import dataclass

from desk.after_steps import KINDS, LABELS, OUT_OF_DATE, choices, is_out_of_date, state_words
from desk.web.moment_words import short_moment
from desk.web.views.status import Status
from editorial.after_step import AfterStep, StepState
from editorial.first_comment import FirstComment
from editorial.office import Office
from store.store import Store


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A decision that the page offers."""

    name: str
    label: str


@dataclass(frozen=True, kw_only=True)
class CommentLine:
    """A comment in a few words, for a line of the table."""

    words: str
    status: Status
    pressing: bool  # a person has to decide


@dataclass(frozen=True, kw_only=True)
class CommentCard:
    """A first comment with its calls."""

    id: int
    line: CommentLine
    kind: str
    text: str
    detail: str
    said: str
    calls: tuple[str, ...]
    choices: tuple[Choice, ...]


def comment_line(store: Store, step: AfterStep) -> CommentLine:
    """Return where a comment stands."""
    out_of_date = is_out_of_date(store, step)
    words = "nêu điều đã đính chính" if out_of_date else state_words(step, store.deliveries.get(step.delivery).state)
    status = Status.HELD if out_of_date else _STATUSES[step.state]
    return CommentLine(words=words, status=status, pressing=status is Status.HELD)


def comment_card(store: Store, step: AfterStep, planned: FirstComment | None, office: Office) -> CommentCard:
    """Return a comment with everything that is known of it; before it is said, its words as they were signed."""
    return CommentCard(
        id=step.id,
        line=comment_line(store, step),
        kind=KINDS[step.kind].capitalize(),
        text=step.text or (planned_words(planned, office) if planned else ""),
        detail=OUT_OF_DATE if is_out_of_date(store, step) else step.detail,
        said=short_moment(step.said_at) if step.said_at else "",
        calls=tuple(
            f"Lần {call.number}, {short_moment(call.started_at)}: {_OUTCOMES.get(call.outcome or WAITS, WAITS)}"
            for call in store.steps.attempts(step.id)
        ),
        choices=tuple(Choice(name=name, label=LABELS[name]) for name in choices(step)),
    )


def planned_words(comment: FirstComment, office: Office) -> str:
    """Return the words of a comment whose addresses nobody knows yet."""
    names = {link.channel: office.channels[link.channel].name for link in comment.links if link.channel in office.channels}
    return comment.said({link.channel: f"[địa chỉ bài trên {names.get(link.channel, link.channel)}]" for link in comment.links})


WAITS = "đang chờ trả lời"
_STATUSES = {
    StepState.PLANNED: Status.READY,
    StepState.WAITING: Status.READY,
    StepState.INTENT: Status.MOVING,
    StepState.SAID: Status.PUBLISHED,
    StepState.UNKNOWN: Status.UNSURE,
    StepState.HELD: Status.HELD,
    StepState.DROPPED: Status.STOPPED,
}
_OUTCOMES = {
    "said": "đã bình luận",
    "not_called": "chưa gửi, làm lại",
    "Refused": "nền tảng từ chối",
    "Unauthorized": "mất quyền",
    "RateLimited": "bị giới hạn tốc độ",
    "Unavailable": "không kết nối được",
    "OutcomeUnknown": "chưa rõ kết quả",
}
