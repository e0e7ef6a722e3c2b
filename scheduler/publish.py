"""Send one delivery: prepare, write the intent, make the one call, record what came back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

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
from publishers.accompaniment import ASLEEP, Accompaniment, accompanied
from publishers.contract import Prepares, Publisher
from publishers.wire import CONNECT_SECONDS
from scheduler.station import FROZEN, MOST_FAILURES, Station
from store.claims import Claim
from store.errors import Halted, Lost, NotYet, OutOfTurn, RemoteIdTaken, Shut, Tampered, TooClose, Unapproved
from store.followers import why_waiting
from store.gates import Answer
from store.secrets import OTHER_BY_NOW
from store.turn import why_held

NOT_CONNECTED = "kênh chưa được kết nối; hãy kết nối kênh rồi bỏ tạm dừng"
WAITED = "nền tảng bảo chờ hoặc lỗi nhiều lần, sắp quá giờ hẹn; hãy chọn đăng ngay, dời lịch hoặc bỏ"
IN_LINE = "chờ tới lượt: nền tảng chỉ nhận chừng ấy bài một lúc, hoặc đang trục trặc"
OWN_WAIT = timedelta(minutes=1)
# Codes of errors that tell of no trouble of the platform's.
OURS = frozenset({"check", "adapter", "token-refreshed", ASLEEP, OTHER_BY_NOW})

Settle = Callable[..., Delivery]  # records how a call came out, and what is done next
TAMPERED = "bài hoặc tệp ảnh, clip đã bị thay sau khi duyệt; hãy xem ./loa audit verify, rồi trình và duyệt lại"


def publish(station: Station, claim: Claim) -> None:
    """Take a claimed delivery as far as it goes now; raise Lost when it is no longer in hand."""
    publisher = station.publishers.get(claim.delivery.channel)
    if publisher is None:
        return settle_error(station, claim, claim.delivery, Unauthorized(NOT_CONNECTED), called=False)
    try:
        post = station.to_send(claim.delivery.post_key, claim.delivery.post_digest)
        _prepare(station, publisher, post, claim.delivery)
        if post.media and isinstance(publisher, Prepares):  # which may have taken long; words alone are read with the intent
            station.to_send(post.key, claim.delivery.post_digest)
    except Tampered:
        return _hold(station, claim.delivery, HoldReason.UNAPPROVED, TAMPERED)
    except PublishError as error:
        return settle_error(station, claim, claim.delivery, error, called=False)
    return _commit(station, publisher, post, claim)


def _prepare(station: Station, publisher: Publisher, post: Post, delivery: Delivery) -> None:
    """Do what is repeatable or invisible; whatever goes wrong here, nothing is public."""
    problems = [str(problem) for problem in publisher.check(post) if problem.severity is Severity.ERROR]
    if problems:
        raise Refused("; ".join(problems), code="check")
    if not isinstance(publisher, Prepares):
        return
    try:
        # A worker that slept here, and woke after others, would write this version over what they have made public.
        with accompanied(lambda: station.store.deliveries.in_hand(delivery), every=True):
            publisher.prepare(post, key=delivery.post_key, handles=station.handles(delivery))
    except OutcomeUnknown as error:
        raise Unavailable(error.reason, code=error.code) from error
    except PublishError:
        raise
    except Exception as error:  # an adapter's own mistake must not stop the other channels
        raise Unavailable(f"{type(error).__name__}: {error}", code="adapter") from error


def _commit(station: Station, publisher: Publisher, post: Post, claim: Claim) -> None:
    before, prepared = station.elapsed(), claim.delivery
    try:
        deadline = station.after(publisher.account.deadline)
        delivery, _ = station.store.attempts.open(prepared, deadline=deadline, rule=station.rule, ways=station.ways)
    except Halted as halt:
        _hold(station, prepared, halt.reason, halt.why)
        return
    except Unapproved:
        _hold(station, prepared, HoldReason.UNAPPROVED, "bản đã duyệt không còn hiệu lực; hãy duyệt lại")
        return
    except NotYet:
        why = "đồng hồ của máy này vừa lùi lại; chờ đúng giờ"
        station.store.deliveries.pass_to(prepared, State.QUEUED, next_at=prepared.due_at, failures=claim.failures, detail=why)
        return
    except OutOfTurn as turn:
        if turn.over:
            _hold(station, prepared, HoldReason.LATE, why_held(turn.after), failures=claim.failures)
        else:
            _wait(station, claim, prepared, turn.until, why_waiting(turn.after))
        return
    except TooClose as close:
        _wait_for_place(station, claim, prepared, close.free)
        return
    except Shut as shut:
        _wait(station, claim, prepared, shut.opens_at, IN_LINE)
        return
    if station.elapsed() - before > FROZEN:
        station.store.deliveries.pass_to(delivery, State.QUEUED, outcome="not_called", spent=False)
        return
    try:
        # From the intent to the first byte pass no more than a glance and a connection; a longer time was slept through.
        with accompanied(lambda: station.elapsed() - before <= FROZEN + CONNECT_SECONDS) as heard:
            answer = _call(station, publisher, post, delivery)
    except PublishError as error:
        settle_error(station, claim, delivery, error, called=True)
    else:
        _record(station, delivery, answer)
        heed(station, publisher, delivery, heard)


def heed(station: Station, publisher: Publisher, delivery: Delivery, heard: Accompaniment) -> None:
    """Do as an answer asks that took the post and wants none for a while: of the account, or of all that share its app."""
    app = publisher.manifest.app
    of_app = app is not None and app.counts_down
    for wait, shared in ((heard.wait, of_app), (heard.app_wait, True)):
        if wait > timedelta(0):
            until = station.after(min(wait, GRACE))
            station.store.deliveries.keep_waiting(delivery.channel, until, station.ways, of_app=shared)


def _wait_for_place(station: Station, claim: Claim, prepared: Delivery, free: datetime) -> None:
    """Give a released post the channel's next free moment; where that is far from what people were told, ask them."""
    if free > prepared.next_at + LONGEST_DELAY:
        _hold(station, prepared, HoldReason.LATE, "kênh kín bài quanh giờ đã định; hãy chọn đăng ngay, dời lịch hoặc bỏ")
        return
    _wait(station, claim, prepared, free, "kênh vừa có hoặc sắp có bài khác; chờ cho cách nhau")


def _wait(station: Station, claim: Claim, prepared: Delivery, until: datetime, why: str) -> None:
    station.store.deliveries.pass_to(prepared, State.QUEUED, next_at=until, failures=claim.failures, detail=why)


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
    station.store.deliveries.pass_to(
        delivery, State.FOLLOWING, ticket=answer, outcome="pending", next_at=next_at, answer=Answer.GIVEN, ways=station.ways
    )


def record_receipt(station: Station, delivery: Delivery, receipt: Receipt, *, outcome: str | None) -> None:
    """Record that the delivery is public, also when somebody else has taken it over meanwhile."""
    ledger = station.store.deliveries
    try:
        ledger.pass_to(
            delivery, State.SENT, receipt=receipt, outcome=outcome, next_at=station.clock.now(), failures=0,
            answer=Answer.GIVEN if outcome else Answer.NOT_ASKED, ways=station.ways,
        )  # fmt: skip
    except Lost:
        ledger.accept_proof(delivery.id, receipt, who=delivery.owner or "scheduler")
    except RemoteIdTaken as error:
        detail = f"nền tảng trả về một bài đã thuộc về tin khác ({error}); hãy xem trên kênh"
        ledger.pass_to(delivery, State.HELD, hold_reason=HoldReason.AMBIGUOUS, detail=detail, outcome=outcome)


def settle_error(station: Station, claim: Claim, delivery: Delivery, error: PublishError, *, called: bool) -> None:
    """Do what the error says to do next; `called` tells whether the commit call was made."""
    outcome = type(error).__name__ if called else None
    settle = partial(station.store.deliveries.pass_to, delivery, detail=str(error), outcome=outcome,
                     answer=answer_of(error), ways=station.ways)  # fmt: skip
    match error:
        case Refused():
            settle(State.FAILED, failures=claim.failures)
        case Unauthorized():
            station.pause_channel(delivery, error)
            settle(State.HELD, hold_reason=HoldReason.AUTH)
        case RateLimited() if error.wait > GRACE:
            station.pause_for_quota(delivery, error, station.after(error.wait))
            settle(State.HELD, hold_reason=HoldReason.QUOTA, detail=f"đã dùng hết hạn mức của kênh: {error}")
        case RateLimited():
            # The platform's allowance is waited for by the whole account: that is no failure and costs no attempt. A few
            # seconds while nothing is public yet are this post's own: its article or clip is still being worked on.
            until = station.after(error.wait)
            own = not called and error.wait < OWN_WAIT and not error.of_app
            _wait_or_ask(station, delivery, until, settle, spent=not called, shut_until=None if own else until,
                         of_app=error.of_app, failures=claim.failures)  # fmt: skip
        case OutcomeUnknown():
            settle(State.UNKNOWN, next_at=station.after(station.settle(delivery)))
        case _:
            _try_later(station, claim, delivery, error, settle)


def answer_of(error: PublishError) -> Answer:
    """Return what an error says about the provider; one that Loa itself raised says nothing."""
    if error.code in OURS:
        return Answer.NOT_ASKED
    return Answer.NONE if isinstance(error, Unavailable | OutcomeUnknown) else Answer.GIVEN


def _try_later(station: Station, claim: Claim, delivery: Delivery, error: PublishError, settle: Settle) -> None:
    failures = claim.failures + 1
    if failures >= MOST_FAILURES:
        detail = f"đã thử {failures} lần không được: {error}"
        settle(State.HELD, hold_reason=HoldReason.POISON, detail=detail, failures=failures)
    else:
        _wait_or_ask(station, delivery, station.back_off(failures), settle, failures=failures)


def _wait_or_ask(station: Station, delivery: Delivery, until: datetime, settle: Settle, **more: Any) -> None:
    """Queue the delivery for another moment; where it has waited too long by then, a person is asked now."""
    if station.store.deliveries.waits_too_long(delivery, until):
        settle(State.HELD, hold_reason=HoldReason.LATE, detail=WAITED, **more)
    else:
        settle(State.QUEUED, next_at=until, **more)


def _hold(
    station: Station, delivery: Delivery, reason: HoldReason, detail: str, outcome: str | None = None, failures: int | None = None
) -> None:  # fmt: skip
    station.store.deliveries.pass_to(
        delivery, State.HELD, hold_reason=reason, detail=detail, outcome=outcome, failures=failures
    )  # fmt: skip
