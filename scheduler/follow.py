"""Ask what became of a post that the platform accepted and has not finished."""

from __future__ import annotations

from datetime import timedelta

from editorial.delivery import Delivery, State
from editorial.outcome import OutcomeUnknown, Pending, PublishError, Receipt, Refused, Unauthorized
from publishers.contract import Follows
from scheduler.publish import record_receipt
from scheduler.station import TAKEN_OFF, Station
from store.claims import Claim

PATIENCE = timedelta(hours=24)  # processing that takes longer has been lost on the platform
ASK_AGAIN = timedelta(minutes=1)


def follow(station: Station, claim: Claim) -> None:
    """Ask once; what was accepted is never sent again from here."""
    delivery = claim.delivery
    publisher = station.publishers.get(delivery.channel)
    if publisher is None:
        _ask_later(station, delivery, ASK_AGAIN, TAKEN_OFF)
        return
    if claim.ticket is None or not isinstance(publisher, Follows):
        _look_for_it(station, delivery, "không hỏi tiếp được nền tảng")
        return
    try:
        answer = publisher.follow(claim.ticket, handles=station.handles(delivery))
    except Refused as error:
        station.store.deliveries.pass_to(delivery, State.FAILED, detail=str(error))
    except OutcomeUnknown as error:
        _look_for_it(station, delivery, str(error))
    except PublishError as error:
        if isinstance(error, Unauthorized):
            station.pause_channel(delivery, error)
        _ask_later(station, delivery, ASK_AGAIN, str(error))
    except Exception as error:  # an adapter's own mistake
        _ask_later(station, delivery, ASK_AGAIN, f"{type(error).__name__}: {error}")
    else:
        _record(station, delivery, answer)


def _record(station: Station, delivery: Delivery, answer: Receipt | Pending) -> None:
    if isinstance(answer, Receipt):
        record_receipt(station, delivery, answer, outcome=None)
    elif _too_long(station, delivery):
        _look_for_it(station, delivery, "nền tảng xử lý quá lâu")
    else:
        next_at = station.after(answer.ask_again_in)
        station.store.deliveries.pass_to(delivery, State.FOLLOWING, ticket=answer, next_at=next_at)


def _ask_later(station: Station, delivery: Delivery, wait: timedelta, detail: str) -> None:
    if _too_long(station, delivery):
        _look_for_it(station, delivery, detail)
    else:
        station.store.deliveries.look_again(delivery, station.after(wait), detail)


def _too_long(station: Station, delivery: Delivery) -> bool:
    attempts = station.store.attempts.of(delivery.id)
    return bool(attempts) and station.clock.now() - attempts[-1].started_at > PATIENCE


def _look_for_it(station: Station, delivery: Delivery, why: str) -> None:
    station.store.deliveries.pass_to(delivery, State.UNKNOWN, detail=why, next_at=station.clock.now())
