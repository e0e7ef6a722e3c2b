"""Read a live post back and compare it with what was approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from editorial.delivery import Delivery, HoldReason, State
from editorial.likeness import differences
from editorial.outcome import LivePost, PublishError, Receipt, Unauthorized
from publishers.contract import Publisher, Verifies
from scheduler.station import TAKEN_OFF, Station
from store.claims import Claim
from store.errors import Tampered
from store.moment import NEVER
from store.readings import Reading

LOOKS_FOR = 4  # settle times until a post that is not shown as approved is called different
UNREADABLE_FOR = timedelta(hours=24)
READ_AGAIN = timedelta(minutes=5)  # between two looks at the most
TAMPERED = "bản đã duyệt trong cơ sở dữ liệu đã bị sửa, không đối chiếu được; xem ./loa audit verify"


def verify(station: Station, claim: Claim) -> None:
    """Read the post back once; a difference counts only when the platform has had time to show everything."""
    delivery = claim.delivery
    publisher = station.publishers.get(delivery.channel)
    if publisher is None:  # for a while: its account is being connected again; or for good, and then a person is asked
        _read_later(station, delivery, TAKEN_OFF)
        return
    if left := station.left_behind(delivery):
        _call_different(station, delivery, f"{left}; hãy xem tận mắt ở đó")
        return
    if delivery.receipt is None or not isinstance(publisher, Verifies):
        station.store.deliveries.look_again(delivery, NEVER, "kênh này không đọc lại được; hãy xem tận mắt")
        return
    try:
        live = publisher.read_back(delivery.receipt)
    except PublishError as error:
        if isinstance(error, Unauthorized):
            station.pause_channel(delivery, error)
        _read_later(station, delivery, str(error))
    except Exception as error:  # an adapter's own mistake
        _read_later(station, delivery, f"{type(error).__name__}: {error}")
    else:
        _compare(station, delivery, publisher, live)


def _compare(station: Station, delivery: Delivery, publisher: Publisher, live: LivePost | None) -> None:
    try:
        approved = publisher.shown(station.post(delivery))
    except Tampered:
        _call_different(station, delivery, TAMPERED)
        return
    gone = ("không còn thấy bài trên kênh",)
    found = differences(approved, live) if live else gone
    settle = station.settle(delivery)
    if not found:
        seen = Reading(delivery=delivery.id, live=live, differences=(), at=station.clock.now())
        station.store.deliveries.pass_to(delivery, State.VERIFIED, receipt=_as_shown(delivery.receipt, live), seen=seen)
        return
    station.store.readings.add(delivery.id, live, found)
    if _age(station, delivery) < settle * LOOKS_FOR:
        station.store.deliveries.look_again(delivery, station.after(settle), "; ".join(found))
    else:
        _call_different(station, delivery, "; ".join(found))


def _as_shown(receipt: Receipt | None, live: LivePost | None) -> Receipt | None:
    """Return the receipt with the address that the platform itself gives; at the commit some give only an id."""
    return replace(receipt, url=live.url) if receipt and live and live.url else receipt


def _read_later(station: Station, delivery: Delivery, why: str) -> None:
    """Look again soon, then less and less often: after as long as the post has been public already."""
    age = _age(station, delivery)
    if age < UNREADABLE_FOR:
        wait = min(READ_AGAIN, max(station.settle(delivery), age))
        station.store.deliveries.look_again(delivery, station.after(wait), why)
    else:
        _call_different(station, delivery, f"không đọc lại được bài: {why}")


def _call_different(station: Station, delivery: Delivery, why: str) -> None:
    station.store.deliveries.pass_to(delivery, State.HELD, hold_reason=HoldReason.DRIFT, detail=why)


def _age(station: Station, delivery: Delivery) -> timedelta:
    return station.clock.now() - (delivery.published_at or delivery.due_at)
