"""Send one delivery: prepare, write the intent, make the one call, record what came back."""

from __future__ import annotations

from datetime import datetime

from editorial.delivery import GRACE, Delivery, HoldReason, State
from editorial.outcome import (
    OutcomeUnknown,
    Pending,
    PublishError,
    RateLimited,
    Receipt,
    Refused,
    Unauthorized,
    Unavailable,
)
from editorial.post import Post
from editorial.problem import Severity
from editorial.release import LONGEST_DELAY
from publishers.contract import Prepares, Publisher
from scheduler.station import FROZEN, MOST_FAILURES, Station
from store.deliveries import Claim
from store.errors import Halted, Lost, NotYet, RemoteIdTaken, Tampered, TooClose, Unapproved

NOT_CONNECTED = "kênh chưa được kết nối; hãy kết nối kênh rồi bỏ tạm dừng"
TAMPERED = "bài hoặc tệp ảnh, clip đã bị thay sau khi duyệt; hãy xem ./loa audit verify, rồi trình và duyệt lại"


def publish(station: Station, claim: Claim) -> None:
    """Take a claimed delivery as far as it goes now; raise Lost when it is no longer in hand."""
    publisher = station.publishers.get(claim.delivery.channel)
    if publisher is None:
        return settle_error(station, claim, claim.delivery, Unauthorized(NOT_CONNECTED), called=False)
    try:
        post = station.to_send(claim.delivery.post_key, claim.delivery.post_digest)
        _prepare(station, publisher, post, claim.delivery)
    except Tampered:
        return _hold(station, claim.delivery, HoldReason.UNAPPROVED, TAMPERED)
    except PublishError as error:
        return settle_error(station, claim, claim.delivery, error, called=False)
    return _commit(station, publisher, post, claim, station.store.deliveries.pass_to(claim.delivery, State.PREPARED))


def _prepare(station: Station, publisher: Publisher, post: Post, delivery: Delivery) -> None:
    """Do what is repeatable or invisible; whatever goes wrong here, nothing is public."""
    problems = [str(problem) for problem in publisher.check(post) if problem.severity is Severity.ERROR]
    if problems:
        raise Refused("; ".join(problems), code="check")
    if not isinstance(publisher, Prepares):
        return
    try:
        publisher.prepare(post, key=delivery.post_key, handles=station.handles(delivery))
    except OutcomeUnknown as error:
        raise Unavailable(error.reason, code=error.code) from error
    except PublishError:
        raise
    except Exception as error:  # an adapter's own mistake must not stop the other channels
        raise Unavailable(f"{type(error).__name__}: {error}", code="adapter") from error


def _commit(station: Station, publisher: Publisher, post: Post, claim: Claim, prepared: Delivery) -> None:
    before = station.elapsed()
    try:
        if isinstance(publisher, Prepares):  # which may have taken long
            station.to_send(prepared.post_key, prepared.post_digest)
        deadline = station.after(publisher.account.deadline)
        delivery, _ = station.store.attempts.open(prepared, deadline=deadline, rule=station.rule)
    except Halted as halt:
        _hold(station, prepared, halt.reason, halt.why)
        return
    except Tampered:
        _hold(station, prepared, HoldReason.UNAPPROVED, TAMPERED)
        return
    except Unapproved:
        _hold(station, prepared, HoldReason.UNAPPROVED, "bản đã duyệt không còn hiệu lực; hãy duyệt lại")
        return
    except NotYet:
        why = "đồng hồ của máy này vừa lùi lại; chờ đúng giờ"
        station.store.deliveries.pass_to(prepared, State.QUEUED, next_at=prepared.due_at, failures=claim.failures, detail=why)
        return
    except TooClose as close:
        _wait_for_place(station, claim, prepared, close.free)
        return
    if station.elapsed() - before > FROZEN:
        station.store.deliveries.pass_to(delivery, State.QUEUED, outcome="not_called", spent=False)
        return
    try:
        answer = _call(station, publisher, post, delivery)
    except PublishError as error:
        settle_error(station, claim, delivery, error, called=True)
    else:
        _record(station, delivery, answer)


def _wait_for_place(station: Station, claim: Claim, prepared: Delivery, free: datetime) -> None:
    """Give a released post the channel's next free moment; where that is far from what people were told, ask them."""
    if free > prepared.next_at + LONGEST_DELAY:
        _hold(station, prepared, HoldReason.LATE, "kênh kín bài quanh giờ đã định; hãy chọn đăng ngay, dời lịch hoặc bỏ")
        return
    why = "kênh vừa có hoặc sắp có bài khác; chờ cho cách nhau"
    station.store.deliveries.pass_to(prepared, State.QUEUED, next_at=free, failures=claim.failures, detail=why)


def _call(station: Station, publisher: Publisher, post: Post, delivery: Delivery) -> Receipt | Pending:
    try:
        return publisher.publish(post, key=delivery.post_key, handles=station.handles(delivery))
    except PublishError:
        raise
    except Exception as error:  # what an adapter did not foresee may have happened after the platform took the post
        raise OutcomeUnknown(f"{type(error).__name__}: {error}", code="adapter") from error


def _record(station: Station, delivery: Delivery, answer: Receipt | Pending) -> None:
    if isinstance(answer, Receipt):
        record_receipt(station, delivery, answer, outcome="receipt")
        return
    next_at = station.after(answer.ask_again_in)
    station.store.deliveries.pass_to(delivery, State.FOLLOWING, ticket=answer, outcome="pending", next_at=next_at)


def record_receipt(station: Station, delivery: Delivery, receipt: Receipt, *, outcome: str | None) -> None:
    """Record that the delivery is public, also when somebody else has taken it over meanwhile."""
    ledger = station.store.deliveries
    try:
        ledger.pass_to(delivery, State.SENT, receipt=receipt, outcome=outcome, next_at=station.clock.now(), failures=0)
    except Lost:
        ledger.accept_proof(delivery.id, receipt, who=delivery.owner or "scheduler")
    except RemoteIdTaken as error:
        detail = f"nền tảng trả về một bài đã thuộc về tin khác ({error}); hãy xem trên kênh"
        ledger.pass_to(delivery, State.HELD, hold_reason=HoldReason.AMBIGUOUS, detail=detail, outcome=outcome)


def settle_error(station: Station, claim: Claim, delivery: Delivery, error: PublishError, *, called: bool) -> None:
    """Do what the error says to do next; `called` tells whether the commit call was made."""
    outcome = type(error).__name__ if called else None
    ledger = station.store.deliveries
    match error:
        case Refused():
            ledger.pass_to(delivery, State.FAILED, detail=str(error), outcome=outcome, failures=claim.failures)
        case Unauthorized():
            station.pause_channel(delivery, error)
            _hold(station, delivery, HoldReason.AUTH, str(error), outcome)
        case RateLimited() if error.wait > GRACE:
            _hold(station, delivery, HoldReason.QUOTA, f"đã dùng hết hạn mức của kênh: {error}", outcome)
        case RateLimited():
            _queue(station, claim, delivery, error, outcome)
        case OutcomeUnknown():
            next_at = station.after(station.settle(delivery))
            ledger.pass_to(delivery, State.UNKNOWN, detail=str(error), outcome=outcome, next_at=next_at)
        case _:
            _try_later(station, claim, delivery, str(error), outcome)


def _queue(station: Station, claim: Claim, delivery: Delivery, error: RateLimited, outcome: str | None) -> None:
    """Wait for the platform's allowance: that is no failure, costs no attempt, and is an outcome of the claim."""
    station.store.deliveries.pass_to(
        delivery, State.QUEUED, detail=str(error), outcome=outcome, next_at=station.after(error.wait), spent=outcome is None,
        failures=claim.failures,
    )  # fmt: skip


def _try_later(station: Station, claim: Claim, delivery: Delivery, detail: str, outcome: str | None) -> None:
    failures = claim.failures + 1
    if failures >= MOST_FAILURES:
        _hold(station, delivery, HoldReason.POISON, f"đã thử {failures} lần không được: {detail}", outcome, failures)
        return
    next_at = station.back_off(failures)
    station.store.deliveries.pass_to(
        delivery, State.QUEUED, detail=detail, outcome=outcome, failures=failures, next_at=next_at
    )  # fmt: skip


def _hold(
    station: Station, delivery: Delivery, reason: HoldReason, detail: str, outcome: str | None = None, failures: int | None = None
) -> None:  # fmt: skip
    station.store.deliveries.pass_to(
        delivery, State.HELD, hold_reason=reason, detail=detail, outcome=outcome, failures=failures
    )  # fmt: skip
