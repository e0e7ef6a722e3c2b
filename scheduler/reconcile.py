"""Find out what became of a delivery whose outcome is unknown, and take up what a dead worker has left behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from editorial.delivery import GRACE, Attempt, Delivery, HoldReason, State
from editorial.outcome import Absent, CannotTell, Found, PublishError, Sighting, Unauthorized
from publishers.contract import Publisher, Reconciles
from scheduler.publish import record_receipt
from scheduler.station import MOST_FAILURES, TAKEN_OFF, Station
from scheduler.verify import TAMPERED
from store.claims import Claim
from store.errors import Lost, Tampered
from store.sightings import Look, Seen

MOST_LOOKS = 8  # unclear looks, each twice as long after the last, until a person is asked
MOST_CLAIMS = 3  # without an outcome: the work itself kills the worker
LONGEST_SETTLE = timedelta(hours=1)
LATE = "chưa đăng và đã quá giờ hẹn; hãy chọn đăng ngay, dời lịch hoặc bỏ"


def reconcile(station: Station, claim: Claim) -> None:
    """Look for the post once and decide: adopt it, send it again, look later, or ask a person."""
    delivery = claim.delivery
    publisher = station.publishers.get(delivery.channel)
    attempts = station.store.attempts.of(delivery.id)
    if publisher is not None and not isinstance(publisher, Reconciles):
        _ask_person(station, delivery, "không có cách nào tự kiểm tra trên kênh này")
        return
    begun = [each.started_at for each in attempts] or [_forgotten_since(station, delivery)]
    sighting = _look(station, publisher, delivery, begun[0])
    looks = _remember(station, delivery, sighting, begun[-1])
    if isinstance(sighting, Found):
        record_receipt(station, delivery, sighting.receipt, outcome=None)
    else:
        _decide(station, claim, attempts[-1] if attempts else None, looks)


def _forgotten_since(station: Station, delivery: Delivery) -> datetime:
    """Return since when a post may be public that a restored memory does not know to have been sent: it may have been moved."""
    until = station.store.deliveries.remembers_until()
    return min(delivery.due_at, until) if until else delivery.due_at


def _look(station: Station, publisher: Publisher | None, delivery: Delivery, since: datetime) -> Sighting:
    if publisher is None:
        return CannotTell(why=TAKEN_OFF)
    if not isinstance(publisher, Reconciles):
        raise TypeError(f"{publisher} cannot look for a post")
    try:
        post, handles = station.post(delivery), station.handles(delivery)
        return publisher.find(post, key=delivery.post_key, handles=handles, since=since)
    except Tampered:
        return CannotTell(why=TAMPERED)
    except PublishError as error:
        if isinstance(error, Unauthorized):
            station.pause_channel(delivery, error)
        return CannotTell(why=str(error))
    except Exception as error:  # an adapter's own mistake: never taken for absence
        return CannotTell(why=f"{type(error).__name__}: {error}")


def _remember(station: Station, delivery: Delivery, sighting: Sighting, since: datetime) -> tuple[Look, ...]:
    match sighting:
        case Found():
            station.store.sightings.add(delivery.id, Seen.FOUND, sighting.receipt.remote_id)
        case Absent(proof=True):
            station.store.sightings.add(delivery.id, Seen.ABSENT)
        case Absent():
            station.store.sightings.add(delivery.id, Seen.NOT_SHOWN)
        case CannotTell():
            station.store.sightings.add(delivery.id, Seen.UNCLEAR, sighting.why)
    return station.store.sightings.of(delivery.id, since=since)


def _decide(station: Station, claim: Claim, last: Attempt | None, looks: tuple[Look, ...]) -> None:
    """Decide after a look that found nothing; without any attempt the memory of one may have been lost with a backup."""
    newest = looks[-1]
    alike = [look for look in looks if look.seen is newest.seen]
    settle = station.settle(claim.delivery)
    if newest.seen is Seen.UNCLEAR:
        if len(alike) >= MOST_LOOKS:
            return _ask_person(station, claim.delivery, f"đã xem {len(alike)} lần vẫn chưa rõ: {newest.detail}")
        return _look_later(station, claim.delivery, min(settle * 2 ** (len(alike) - 1), LONGEST_SETTLE), newest.detail)
    if last is None:
        return _ask_person(station, claim.delivery, "không thấy trên kênh, nhưng dữ liệu khôi phục không nhớ đã gửi hay chưa")
    # Twice, a settle apart, the last after everything that was in flight must have become visible.
    if newest.at - alike[0].at < settle or newest.at < last.deadline + settle:
        return _look_later(station, claim.delivery, settle, "chưa thấy trên kênh; sẽ xem lại")
    if newest.seen is Seen.ABSENT:
        return _send_again(station, claim)
    return _ask_person(station, claim.delivery, "không thấy trên kênh, nhưng ở kênh này điều đó chưa chứng tỏ là chưa đăng")


def _look_later(station: Station, delivery: Delivery, wait: timedelta, detail: str) -> None:
    station.store.deliveries.pass_to(delivery, State.UNKNOWN, next_at=station.after(wait), detail=detail)


def _send_again(station: Station, claim: Claim) -> None:
    delivery, ledger = claim.delivery, station.store.deliveries
    failures = claim.failures + 1
    if failures >= MOST_FAILURES:
        ledger.pass_to(delivery, State.HELD, hold_reason=HoldReason.POISON, detail="chưa đăng; đã thử quá nhiều lần")
    elif _is_late(station, delivery):
        ledger.pass_to(delivery, State.HELD, hold_reason=HoldReason.LATE, detail=LATE)
    else:
        detail = "đã xem hai lần, chắc chắn chưa đăng; gửi lại"
        ledger.pass_to(delivery, State.QUEUED, next_at=station.clock.now(), failures=failures, detail=detail)


def _is_late(station: Station, delivery: Delivery) -> bool:
    """Tell whether a person is asked before it is sent again: looking for it takes minutes, and is no lateness of the office.

    What its tone allows is held against the moment when it was lost sight of, the longest grace against now.
    """
    ledger = station.store.deliveries
    lost = next((each.at for each in ledger.passages(delivery.id) if each.end is State.UNKNOWN), None)
    return ledger.late(delivery, since=delivery.due_at, at=lost) or ledger.late(delivery, since=delivery.due_at, least=GRACE)


def _ask_person(station: Station, delivery: Delivery, why: str) -> None:
    detail = f"{why}; hãy mở kênh xem bài đã có chưa rồi chọn “đã có” hoặc “gửi lại”"
    station.store.deliveries.pass_to(delivery, State.HELD, hold_reason=HoldReason.AMBIGUOUS, detail=detail)


def take_up(station: Station, *, owner: str | None = None) -> int:
    """Take up what is in the hands of workers whose lease is over, or all that `owner` had before it was restarted."""
    left = station.store.deliveries.expired(owner=owner)
    return sum(_take_up_one(station, delivery) for delivery in left)


def _take_up_one(station: Station, delivery: Delivery) -> bool:
    try:
        _put_back(station, delivery)
    except Lost:
        return False
    return True


def _put_back(station: Station, delivery: Delivery) -> None:
    ledger, now = station.store.deliveries, station.clock.now()
    if delivery.state is State.SENDING:
        why = "mất liên lạc giữa lúc gửi; sẽ xem trên kênh"
        next_at = station.after(station.settle(delivery))
        ledger.pass_to(delivery, State.UNKNOWN, outcome="OutcomeUnknown", detail=why, next_at=next_at)
    elif delivery.state is State.RECONCILING:
        ledger.pass_to(delivery, State.UNKNOWN, next_at=now, detail=delivery.detail)
    elif delivery.claims >= MOST_CLAIMS:
        why = f"đã bắt đầu {delivery.claims} lần mà không xong; hãy kiểm tra tệp ảnh, clip"
        ledger.pass_to(delivery, State.HELD, hold_reason=HoldReason.POISON, detail=why)
    elif delivery.lease_until and station.store.deliveries.late(delivery, since=delivery.lease_until):
        ledger.pass_to(delivery, State.HELD, hold_reason=HoldReason.LATE, detail=LATE)
    else:
        ledger.pass_to(delivery, State.QUEUED)  # for the moment that it had: after a long absence it has lost that
