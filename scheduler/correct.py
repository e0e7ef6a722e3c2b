"""Put live copies right as two people signed it: write the intent, make one call that may be repeated, read it back.

Editing and removing name the live post by its id and do the same thing however often they are done; a copy that is posted anew
goes through the delivery ledger like any other. So a crash anywhere is followed by the same step again, and nothing is doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from editorial.correction import ItemState, Means
from editorial.delivery import PAUSED, Delivery, HoldReason, State
from editorial.likeness import differences
from editorial.outcome import LivePost, PublishError, RateLimited, Receipt, Refused, Unauthorized
from editorial.post import Post
from publishers.accompaniment import accompanied
from publishers.contract import Corrects, Publisher, Verifies, Withdraws
from scheduler.station import MOST_FAILURES, Station
from store.correction_list import CorrectionItem
from store.errors import Halted, Lost, Tampered

LOOKS_FOR = 4  # settle times until a copy that does not read as it was signed is called different
LOOK_AGAIN = timedelta(seconds=15)
PAUSED_FOR = timedelta(seconds=30)  # how often an item under a pause is looked at
GONE = "không còn thấy bài trên kênh, có người đã gỡ hoặc ẩn bài; không gì được đăng lại"
LATE_CALL = "một lời gọi cũ đến muộn, sau khi bài đã được sửa tiếp"
AT_THE_OLD = "hãy sửa hoặc gỡ trực tiếp ở đó rồi ghi là đã xong"
CHANGED = "có người đã sửa bài ngay trên kênh, chưa ghi đè gì"
TAMPERED = "quyết định hoặc bản thay thế đã bị sửa sau khi ký; hãy xem ./loa audit verify rồi lập quyết định mới"
OVER = frozenset({State.FAILED, State.CANCELLED, State.SUPERSEDED, State.WITHDRAWN})


def correct(station: Station, item: CorrectionItem) -> None:
    """Take a claimed item one step further; raise Lost when it is no longer in hand."""
    try:
        _as_signed(station, item)
        _STEPS[item.state](station, item)
    except Tampered:
        station.store.corrections.put_down(item, ItemState.FAILED, detail=TAMPERED)


def _as_signed(station: Station, item: CorrectionItem) -> None:
    """Raise Tampered where the item, or what replaces the live copy, is not what two people signed."""
    station.store.corrections.ask_signed(item)
    if item.post_key is not None:
        _signed(station, item)


def _call(station: Station, item: CorrectionItem) -> None:
    publisher, delivery = station.publishers.get(item.channel), station.store.deliveries.get(item.delivery)
    if publisher is None or delivery.receipt is None:
        _ask_person(station, item, "kênh chưa được kết nối hoặc không còn biết mã bài; hãy sửa trực tiếp trên kênh")
        return
    if left := station.left_behind(delivery):
        _ask_person(station, item, f"{left}; {AT_THE_OLD}")
        return
    try:
        begun = station.store.corrections.begin(item)
    except Halted as halt:
        why = f"đang tạm dừng: {halt.why}"
        station.store.corrections.put_down(item, ItemState.WAITING, next_at=station.after(PAUSED_FOR), detail=why)
        return
    try:
        _carry_out(station, publisher, begun, delivery, delivery.receipt)
    except Lost:  # others have the item by now: this call may have come late, and undone what they did
        _look_at_late_call(station, publisher, item.delivery)
        raise


def _carry_out(station: Station, publisher: Publisher, item: CorrectionItem, delivery: Delivery, receipt: Receipt) -> None:
    try:
        if found := _unexpected(station, publisher, item, delivery):
            _leave_to_person(station, item, delivery, found)
            return
        # A worker that slept here, and woke after others and after another decision, would write older words over newer ones.
        with accompanied(lambda: station.store.corrections.in_hand(item), every=True):
            _make_call(station, publisher, item, delivery, receipt)
    except PublishError as error:
        _settle(station, item, delivery, error)
    except Exception as error:  # an adapter's own mistake; the call may be repeated
        _try_again(station, item, f"{type(error).__name__}: {error}")
    else:
        station.store.corrections.put_down(item, ItemState.CALLED, next_at=station.clock.now())


def _look_at_late_call(station: Station, publisher: Publisher, id: int) -> None:
    """Hold a copy that is thought to be right and has been different since a call came late: a person decides what it shall say.

    Where a later step still reads the copy back, that begins anew and sees it.
    """
    if station.store.corrections.look_afresh(id):
        return
    delivery = station.store.deliveries.get(id)
    if delivery.state is not State.VERIFIED or delivery.receipt is None or not isinstance(publisher, Verifies):
        return
    try:
        live = publisher.read_back(delivery.receipt)
    except PublishError as error:
        found: tuple[str, ...] = (f"chưa đọc lại được bài ({error})",)
    else:
        found = differences(publisher.shown(station.post(delivery)), live) if live else (GONE,)
        station.store.readings.add(delivery.id, live, found)
    if found:
        detail = f"{LATE_CALL}: {'; '.join(found)}"
        station.store.deliveries.pass_to(delivery, State.HELD, hold_reason=HoldReason.DRIFT, detail=detail)


def _unexpected(station: Station, publisher: Publisher, item: CorrectionItem, delivery: Delivery) -> tuple[str, ...]:
    """Return what somebody has changed on the platform itself, which this call would undo; nothing where it can be made.

    What was taken down there is not put back, and words that are not ours are not overwritten. A difference that people know
    of (drift) may be: the decision is their answer to it. A repeated call may find its own work.
    """
    if item.means is Means.REMOVE or not isinstance(publisher, Verifies) or delivery.receipt is None:
        return ()
    live = publisher.read_back(delivery.receipt)
    if live is None or not live.visible:
        by_us = item.means is Means.REPOST and item.calls > 1
        return () if by_us or delivery.state is State.SENT else (GONE,)
    if delivery.state is not State.VERIFIED:
        return ()
    found = differences(publisher.shown(station.post(delivery)), live)
    return found if found and differences(publisher.shown(_signed(station, item)), live) else ()


def _leave_to_person(station: Station, item: CorrectionItem, delivery: Delivery, found: tuple[str, ...]) -> None:
    """Let a person look at a copy that is no longer what we left there; it is held as different until somebody decides."""
    detail = "; ".join(found) if GONE in found else f"{CHANGED}: {'; '.join(found)}"
    station.store.corrections.put_down(item, ItemState.DIFFERENT, detail=detail)
    if delivery.state is not State.HELD:
        station.store.deliveries.pass_to(delivery, State.HELD, hold_reason=HoldReason.DRIFT, detail=detail)


def _make_call(station: Station, publisher: Publisher, item: CorrectionItem, delivery: Delivery, receipt: Receipt) -> None:
    if item.means in (Means.EDIT, Means.NOTE):
        if not isinstance(publisher, Corrects):
            raise Refused("kênh không sửa được bài đã đăng")
        handles = station.handles(replace(delivery, post_digest=item.post_digest or ""))
        publisher.correct(receipt, _signed(station, item), handles=handles)
    else:
        if not isinstance(publisher, Withdraws):
            raise Refused("kênh không gỡ được bài đã đăng")
        publisher.withdraw(receipt)


def _settle(station: Station, item: CorrectionItem, delivery: Delivery, error: PublishError) -> None:
    match error:
        case Refused():
            station.store.corrections.put_down(item, ItemState.FAILED, detail=str(error))
        case Unauthorized():
            station.pause_channel(delivery, error)
            station.store.corrections.put_down(
                item, ItemState.WAITING, next_at=station.after(PAUSED_FOR), detail=str(error)
            )
        case RateLimited():
            station.store.corrections.put_down(item, ItemState.WAITING, next_at=station.after(error.wait), detail=str(error))
        case _:
            _try_again(station, item, str(error))


def _try_again(station: Station, item: CorrectionItem, why: str) -> None:
    if item.calls >= MOST_FAILURES:
        station.store.corrections.put_down(item, ItemState.FAILED, detail=why)
    else:
        station.store.corrections.put_down(item, ItemState.WAITING, next_at=station.back_off(item.calls), detail=why)


def _look(station: Station, item: CorrectionItem) -> None:
    publisher, delivery = station.publishers.get(item.channel), station.store.deliveries.get(item.delivery)
    if left := station.left_behind(delivery):
        _ask_person(station, item, f"{left}; {AT_THE_OLD}")
        return
    if not isinstance(publisher, Verifies) or delivery.receipt is None:
        _ask_person(station, item, "kênh này không đọc lại được; hãy xem tận mắt rồi ghi là đã xong")
        return
    try:
        live = publisher.read_back(delivery.receipt)
    except PublishError as error:
        if isinstance(error, Unauthorized):
            station.pause_channel(delivery, error)
        _look_later(station, item, (str(error),))
    except Exception as error:  # an adapter's own mistake
        _look_later(station, item, (f"{type(error).__name__}: {error}",))
    else:
        _compare(station, publisher, item, delivery, live)


def _compare(station: Station, publisher: Publisher, item: CorrectionItem, delivery: Delivery, live: LivePost | None) -> None:
    if item.means in (Means.EDIT, Means.NOTE):
        wanted = publisher.shown(_signed(station, item))
        found = differences(wanted, live) if live else ("không còn thấy bài trên kênh",)
    else:
        found = ("bài vẫn còn trên kênh",) if live and live.visible else ()
    station.store.readings.add(delivery.id, live, found)
    if found:
        _look_later(station, item, found)
    elif item.means in (Means.EDIT, Means.NOTE):
        station.store.corrections.finish_edit(item)
    else:
        removed = station.store.corrections.finish_removal(item)
        if removed.state is ItemState.REMOVED:
            _queue_anew(station, removed)


def _look_later(station: Station, item: CorrectionItem, found: tuple[str, ...]) -> None:
    """Give the platform time to show what it has taken; then a person looks."""
    settle = station.settle(station.store.deliveries.get(item.delivery))
    since = station.clock.now() - (item.called_at or station.clock.now())
    state = ItemState.CALLED if since < settle * LOOKS_FOR else ItemState.DIFFERENT
    put_down = station.store.corrections.put_down
    if state is ItemState.CALLED:
        put_down(item, state, next_at=station.after(max(settle / 2, LOOK_AGAIN)), detail="; ".join(found))
    else:
        put_down(item, state, detail="; ".join(found))


def _queue_anew(station: Station, item: CorrectionItem) -> None:
    station.store.corrections.queue_anew(item, _signed(station, item))


def _post_anew(station: Station, item: CorrectionItem) -> None:
    """See the new copy into the ledger, and then how it fares there."""
    made = station.store.corrections.queue_anew(item, _signed(station, item))
    if made.state is State.VERIFIED:
        station.store.corrections.finish_repost(item)
    elif made.state in OVER or (made.state is State.HELD and made.hold_reason not in PAUSED):
        why = f"bản cũ đã gỡ, bản mới chưa đăng được: {made.detail}; hãy xử lý lượt đăng {made.post_key}"
        station.store.corrections.put_down(item, ItemState.FAILED, detail=why)
    else:
        station.store.corrections.put_down(item, ItemState.REMOVED, next_at=station.after(LOOK_AGAIN), detail=made.detail)


def _ask_person(station: Station, item: CorrectionItem, why: str) -> None:
    station.store.corrections.put_down(item, ItemState.MANUAL, detail=why)


def _signed(station: Station, item: CorrectionItem) -> Post:
    """Return exactly the version of the post that was signed."""
    return station.to_send(item.post_key or "", item.post_digest or "")


_STEPS: Mapping[ItemState, Callable[[Station, CorrectionItem], None]] = {
    ItemState.WAITING: _call,
    ItemState.CALLING: _call,
    ItemState.CALLED: _look,
    ItemState.REMOVED: _post_anew,
}
