"""What the deliveries page shows: every delivery, where it stands, and what a person has to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from desk.web.moment_words import ago, machine_moment, moment_words, short_moment
from desk.web.phrase_book import spoken
from desk.web.views.comment import CommentCard, CommentLine
from desk.web.views.halts import HaltLines
from desk.web.views.mark import Mark, mark
from desk.web.views.next_step import Way, advice, ways
from desk.web.views.standing import Filters
from desk.web.views.status import Status, status_of, status_of_state
from editorial.delivery import Attempt, Delivery, State
from editorial.office import Office
from store.delivery_list import Passage
from store.readings import Reading

QUIET_AFTER = timedelta(minutes=2)  # the scheduler looks every few seconds; this long without a sign is worth telling


@dataclass(frozen=True, kw_only=True)
class DeliveryRow:
    """One line of the table."""

    id: int
    entry: str
    headline: str
    mark: Mark
    due: str
    due_at: str  # ISO 8601
    status: Status
    advice: str  # empty where nobody has to do anything
    detail: str
    attempts: int
    url: str | None
    verified: str
    open: bool  # there is something that a person may decide about it now, and should
    comment: CommentLine | None = None  # where the first comment below it stands


@dataclass(frozen=True, kw_only=True)
class AttemptRow:
    """One commit call, in words."""

    number: int
    started: str
    outcome: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class ReadingRow:
    """One look at the live post; without differences it was equal to what was approved."""

    at: str
    visible: bool
    differences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PassageRow:
    """One change of state."""

    at: str
    status: Status
    words: str
    who: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class DeliveryDetail:
    """A delivery with its history."""

    row: DeliveryRow
    key: str
    digest: str
    remote_id: str | None
    published: str
    ways: tuple[Way, ...]
    attempts: tuple[AttemptRow, ...]
    readings: tuple[ReadingRow, ...]
    passages: tuple[PassageRow, ...]
    comment: CommentCard | None = None


@dataclass(frozen=True, kw_only=True)
class Heartbeat:
    """When the scheduler last ran."""

    words: str
    quiet: bool  # longer ago than it should be, or never


@dataclass(frozen=True, kw_only=True)
class StatusCount:
    """How many deliveries have a status."""

    status: Status
    count: int


@dataclass(frozen=True, kw_only=True)
class Strip:
    """How the ledger stands at a glance."""

    counts: tuple[StatusCount, ...]
    filters: Filters
    heartbeat: Heartbeat


@dataclass(frozen=True, kw_only=True)
class DeliveriesPage:
    """What the deliveries page lists; `total` counts what passes the filters, where that is known.

    `earlier` and `later` are the places where the list goes on, empty at its ends; `from_now` tells that it begins with what
    needs a person and with this moment.
    """

    rows: tuple[DeliveryRow, ...]
    filters: Filters
    total: int | None
    earlier: str
    later: str
    from_now: bool
    halts: HaltLines

    @property
    def halted(self) -> bool:
        """Tell whether everything is paused."""
        return self.halts.everything


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Make rows: what entries are called, by entry id."""

    office: Office
    headlines: Mapping[str, str]
    comments: Mapping[int, CommentLine] = field(default_factory=dict)  # by delivery

    def row(self, delivery: Delivery, *, approved: bool = True) -> DeliveryRow:
        """Return a delivery as a line."""
        status, comment = status_of(delivery, approved=approved), self.comments.get(delivery.id)
        return DeliveryRow(
            id=delivery.id,
            entry=delivery.entry,
            headline=self.headlines.get(delivery.entry, delivery.entry),
            mark=mark(self.office, delivery.channel),
            due=short_moment(delivery.due_at),
            due_at=machine_moment(delivery.due_at),
            status=status,
            advice=advice(delivery),
            detail=delivery.detail,
            attempts=delivery.attempts,
            url=public_address(delivery),
            verified=short_moment(delivery.verified_at) if delivery.verified_at else "",
            open=bool(advice(delivery) and ways(delivery)) or bool(comment and comment.pressing),
            comment=comment,
        )


def public_address(delivery: Delivery) -> str | None:
    """Return where the public finds the post, if that is an address of the web."""
    url = delivery.receipt.url if delivery.receipt else None
    return url if url and url.startswith(("https://", "http://")) else None


def attempt_row(attempt: Attempt) -> AttemptRow:
    """Return a commit call in words."""
    return AttemptRow(
        number=attempt.number,
        started=short_moment(attempt.started_at),
        outcome=_OUTCOMES.get((attempt.outcome or "").lower().replace("_", ""), attempt.outcome or "đang chờ trả lời"),
        answer=attempt.detail,
    )


_OUTCOMES = {
    "receipt": "đã đăng",
    "pending": "nền tảng đã nhận, đang xử lý",
    "refused": "nền tảng từ chối",
    "unauthorized": "mất quyền đăng",
    "ratelimited": "bị giới hạn tốc độ",
    "unavailable": "không kết nối được",
    "outcomeunknown": "chưa rõ kết quả",
}


def counted(of: Iterable[tuple[Status, int]]) -> tuple[StatusCount, ...]:
    """Return the counts that are not nought, the most pressing first."""
    totals = dict.fromkeys(Status, 0)
    for status, count in of:
        totals[status] += count
    return tuple(StatusCount(status=status, count=count) for status, count in totals.items() if count)


def heartbeat(last: datetime | None, now: datetime, changed: datetime | None = None) -> Heartbeat:
    """Say when the scheduler last ran, or when a delivery last `changed`; silence of two minutes is worth a warning."""
    if last is None and changed is None:
        return Heartbeat(words="Bộ lập lịch chưa chạy lần nào; mở ./loa serve để bắt đầu.", quiet=True)
    if last is None:
        assert changed is not None
        return Heartbeat(
            words=f"Bộ lập lịch không báo đang chạy. Lượt đăng đổi lần cuối lúc {moment_words(changed)}.", quiet=True
        )
    words = f"Bộ lập lịch chạy lần cuối lúc {moment_words(last)} ({ago(last, now)})."
    return Heartbeat(words=words, quiet=now - last > QUIET_AFTER)


def reading_row(reading: Reading) -> ReadingRow:
    """Return one look at the live post."""
    visible = reading.live is not None and reading.live.visible
    return ReadingRow(at=short_moment(reading.at), visible=visible, differences=reading.differences)


def passage_row(passage: Passage, office: Office) -> PassageRow:
    """Return one change of state."""
    who = spoken("hệ thống") if passage.who in _MACHINES else office.name_of(passage.who)
    return PassageRow(
        at=short_moment(passage.at),
        status=status_of_state(passage.end),
        words=_STEPS[passage.end],
        who=who,
        detail=passage.detail,
    )


_STEPS = {
    State.SCHEDULED: "lên lịch",
    State.QUEUED: "đến giờ, vào hàng chờ",
    State.CLAIMED: "bắt đầu xử lý",
    State.PREPARED: "đã chuẩn bị xong trên nền tảng",
    State.SENDING: "gửi đi",
    State.FOLLOWING: "nền tảng đã nhận, đang xử lý",
    State.SENT: "đã lên kênh",
    State.VERIFIED: "đã đối chiếu, khớp bản duyệt",
    State.UNKNOWN: "chưa rõ kết quả",
    State.RECONCILING: "đang tìm bài trên kênh",
    State.HELD: "giữ lại",
    State.FAILED: "bị từ chối",
    State.CANCELLED: "bỏ, không đăng",
    State.SUPERSEDED: "thay bằng bản mới",
    State.WITHDRAWN: "đã rút khỏi kênh",
}


_MACHINES = frozenset({"scheduler", "serve", "demo", "work"})
