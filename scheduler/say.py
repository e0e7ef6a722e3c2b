"""Say the first comment below a post that is public: write the intent, make the one call, record what came back.

It is a step of its own: the call that made the post public knows nothing of it, and it is never made again with that one. A
comment has no key of ours, so one whose answer was lost is looked for by its words among what stands below the post.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from editorial.after_step import LATEST, AfterStep, StepHold, StepState
from editorial.delivery import GRACE, Delivery, HoldReason
from editorial.first_comment import FirstComment
from editorial.likeness import same_words
from editorial.outcome import Comment, OutcomeUnknown, PublishError, RateLimited, Receipt, Refused, Unauthorized
from publishers.accompaniment import accompanied
from publishers.contract import Converses, Publisher
from publishers.wire import CONNECT_SECONDS
from scheduler.publish import IN_LINE, NOT_CONNECTED, answer_of, heed
from scheduler.station import FROZEN, MOST_FAILURES, TAKEN_OFF, Station
from store.errors import Halted, Lost, NotPublic, Shut, Tampered, Unapproved
from store.gates import Answer
from store.step_list import Reach
from store.step_passage import ENDS, GONE
from store.steps import Words

LEASE = timedelta(seconds=60)  # longer than a look, whose calls have deadlines; a call has a lease of its own
SETTLE = timedelta(minutes=2)  # at the least until what a platform took late is to be seen: a comment has no key of ours
CLOCK_SKEW = timedelta(minutes=2)  # between the platform's clock and ours
MOST_LOOKS = 8  # that could not tell
MOST_READ = 500  # comments: a longer list may have been cut off by the adapter
LONGEST_WAIT = timedelta(hours=1)
NO_TALK = "kênh này không cho Loa bình luận; hãy nói bằng tay dưới bài rồi ghi là đã nói, hoặc bỏ"
TOO_LONG = "bình luận dài {length} khi đã có địa chỉ, kênh chỉ nhận {most}; hãy nói bằng tay bản ngắn hơn, hoặc bỏ"
NOT_APPROVED = "bản đã duyệt của bài không còn hiệu lực, Loa không nói lời chưa duyệt; hãy nói bằng tay hoặc bỏ"
ALTERED = "bản đã duyệt trong cơ sở dữ liệu đã bị sửa; hãy xem ./loa audit verify, rồi nói bằng tay hoặc bỏ"
OUT_OF_DATE = "bài đã lên từ lâu; hãy chọn nói lại, ghi là đã nói bằng tay, hoặc bỏ"
NOTHING_TO_SAY = "bản hiện hành của bài không còn bình luận đầu"
MANY = "có {count} bình luận giống nhau dưới bài; hãy mở bài, xóa bớt cho còn một rồi ghi là đã nói"
LOST_SIGHT = "mất liên lạc giữa lúc bình luận; sẽ đọc lại dưới bài"


def say(station: Station, step: AfterStep) -> None:
    """Take a claimed step as far as it goes now; raise Lost when it is no longer in hand."""
    delivery = station.store.deliveries.get(step.delivery)
    if delivery.state in ENDS:  # taken down while a call was under way: what moves a post on finds such a step in hand
        station.store.steps.put_down(step, StepState.DROPPED, detail=GONE)
        return
    try:
        (_look if step.state is StepState.UNKNOWN else _say)(station, step, delivery)
    except Tampered:
        _hold(station, step, StepHold.UNAPPROVED, ALTERED)


def take_up_steps(station: Station, *, owner: str | None = None) -> int:
    """Look for what may have been said by workers whose lease is over, or by `owner` before it was restarted."""
    return sum(_take_up(station, step) for step in station.store.steps.expired(owner=owner))


def _take_up(station: Station, step: AfterStep) -> bool:
    delivery = station.store.deliveries.get(step.delivery)
    try:
        _lose_sight(station, step, delivery, LOST_SIGHT, outcome="OutcomeUnknown")
    except Lost:
        return False
    return True


# --- saying


def _say(station: Station, step: AfterStep, delivery: Delivery) -> None:
    publisher = station.publishers.get(delivery.channel)
    if publisher is None:
        return _settle(station, step, delivery, Unauthorized(NOT_CONNECTED), called=False)
    if left := station.left_behind(delivery):
        return _hold(station, step, StepHold.REFUSED, f"{left}; hãy nói bằng tay dưới bài rồi ghi là đã nói, hoặc bỏ")
    comment = station.post(delivery).first_comment
    if comment is None:
        station.store.steps.put_down(step, StepState.DROPPED, detail=NOTHING_TO_SAY)
        return None
    if not isinstance(publisher, Converses) or delivery.receipt is None:
        return _hold(station, step, StepHold.REFUSED, NO_TALK)
    reach = station.store.steps.reach(delivery.id, comment.links)
    if reach.given_up:
        return _hold(station, step, StepHold.LINK, f"{reach.given_up}; hãy nói bằng tay hoặc bỏ")
    if reach.waits:
        station.store.steps.wait_for_posts(step, comment, reach.waits)
        return None
    return _say_now(station, step, delivery, publisher, comment, reach)


def _say_now(
    station: Station, step: AfterStep, delivery: Delivery, publisher: Publisher, comment: FirstComment, reach: Reach
) -> None:  # fmt: skip
    text, limit = comment.said(reach.addresses), publisher.manifest.comment
    if limit is not None and (length := limit.length(text)) > limit.most:
        return _hold(station, step, StepHold.REFUSED, TOO_LONG.format(length=length, most=limit.most))
    if _is_late(station, step, reach):
        return _hold(station, step, StepHold.LATE, OUT_OF_DATE)
    before = station.elapsed()
    try:
        deadline = station.after(publisher.account.deadline)
        words = Words(comment=comment, text=text, post_digest=delivery.post_digest)
        begun = station.store.steps.open(step, words, deadline=deadline, ways=station.ways)
    except Halted as halt:
        return _hold(station, step, StepHold(halt.reason.value), halt.why)
    except Unapproved:
        return _hold(station, step, StepHold.UNAPPROVED, NOT_APPROVED)
    except NotPublic:
        station.store.steps.wait_for_posts(step, comment, "chờ bài của nó được xử lý")
        return None
    except Shut as shut:
        station.store.steps.put_down(step, StepState.WAITING, next_at=shut.opens_at, detail=IN_LINE)
        return None
    if station.elapsed() - before > FROZEN:
        station.store.steps.put_down(begun, StepState.WAITING, next_at=station.clock.now(), outcome="not_called",
                                     attempts=step.attempts)  # fmt: skip
        return None
    return _call(station, begun, delivery, publisher, before)


def _call(station: Station, step: AfterStep, delivery: Delivery, publisher: Publisher, before: float) -> None:
    if not isinstance(publisher, Converses) or delivery.receipt is None:
        raise TypeError(f"{publisher} cannot say anything")
    try:
        with accompanied(lambda: station.elapsed() - before <= FROZEN + CONNECT_SECONDS) as heard:
            remote_id = _answered(publisher, delivery.receipt, step.text)
    except PublishError as error:
        _settle(station, step, delivery, error, called=True)
        return
    station.store.steps.said(step, remote_id, outcome="said", ways=station.ways)
    heed(station, publisher, delivery, heard)


def _answered(publisher: Converses, receipt: Receipt, text: str) -> str:
    try:
        return publisher.answer(receipt, text)
    except PublishError:
        raise
    except Exception as error:  # what an adapter did not foresee may have happened after the platform took the comment
        raise OutcomeUnknown(f"{type(error).__name__}: {error}", code="adapter") from error


def _is_late(station: Station, step: AfterStep, reach: Reach) -> bool:
    """Tell whether a person is asked first: nobody waits for the first comment of yesterday's post."""
    moments = [moment for moment in (reach.since, step.let_go_at) if moment is not None]
    return bool(moments) and station.clock.now() > max(moments) + LATEST


def _settle(station: Station, step: AfterStep, delivery: Delivery, error: PublishError, *, called: bool) -> None:
    """Do what the error says to do next; `called` tells whether the call was made."""
    outcome = type(error).__name__ if called else None
    put_down = partial(station.store.steps.put_down, step, detail=str(error), outcome=outcome, answer=answer_of(error),
                       ways=station.ways)  # fmt: skip
    match error:
        case Refused():
            put_down(StepState.HELD, hold=StepHold.REFUSED)
        case Unauthorized():
            station.pause_channel(delivery, error)
            put_down(StepState.HELD, hold=StepHold(HoldReason.AUTH.value))
        case RateLimited() if error.wait > GRACE:
            station.pause_for_quota(delivery, error, station.after(error.wait))
            put_down(StepState.HELD, hold=StepHold(HoldReason.QUOTA.value))
        case RateLimited():
            until = station.after(error.wait)
            put_down(StepState.WAITING, next_at=until, shut_until=until, of_app=error.of_app)
        case OutcomeUnknown():
            _lose_sight(station, step, delivery, str(error), outcome=outcome, error=error)
        case _:
            _try_later(station, step, error, outcome)


def _try_later(station: Station, step: AfterStep, error: PublishError, outcome: str | None) -> None:
    failures = step.failures + 1
    put_down = partial(station.store.steps.put_down, step, outcome=outcome, failures=failures, answer=answer_of(error),
                       ways=station.ways)  # fmt: skip
    if failures >= MOST_FAILURES:
        put_down(StepState.HELD, hold=StepHold.POISON, detail=f"đã thử {failures} lần không được: {error}")
    else:
        put_down(StepState.WAITING, next_at=station.back_off(failures), detail=str(error))


def _lose_sight(
    station: Station, step: AfterStep, delivery: Delivery, why: str, *, outcome: str | None, error: PublishError | None = None
) -> None:  # fmt: skip
    answer = answer_of(error) if error is not None else Answer.NOT_ASKED
    next_at = station.after(_settling(station, delivery))
    station.store.steps.put_down(step, StepState.UNKNOWN, detail=why, outcome=outcome, next_at=next_at, answer=answer,
                                 ways=station.ways)  # fmt: skip


def _hold(station: Station, step: AfterStep, reason: StepHold, detail: str) -> None:
    station.store.steps.put_down(step, StepState.HELD, hold=reason, detail=detail)


# --- looking


def _look(station: Station, step: AfterStep, delivery: Delivery) -> None:
    """Look below the post once for what may have been said, and decide: adopt it, say it again, look later, or ask a person."""
    publisher = station.publishers.get(delivery.channel)
    if publisher is None:
        _look_again(station, step, delivery, TAKEN_OFF)
        return
    if left := station.left_behind(delivery):
        _ask_person(station, step, left)
        return
    if not isinstance(publisher, Converses) or delivery.receipt is None:
        _ask_person(station, step, "không có cách nào tự đọc bình luận trên kênh này")
        return
    calls = station.store.steps.attempts(step.id)
    texts = tuple(call.text for call in calls) or _forgotten(station, delivery)
    if not texts:
        _look_again(station, step, delivery, "chờ bài được dẫn tới để biết lời của bình luận")
        return
    try:
        found = publisher.comments(delivery.receipt, since=(calls[0].started_at if calls else delivery.due_at) - CLOCK_SKEW)
    except PublishError as error:
        if isinstance(error, Unauthorized):
            station.pause_channel(delivery, error)
        _look_again(station, step, delivery, str(error))
    except Exception as error:  # an adapter's own mistake: never taken for absence
        _look_again(station, step, delivery, f"{type(error).__name__}: {error}")
    else:
        _decide(station, step, delivery, tuple(found), texts)


def _forgotten(station: Station, delivery: Delivery) -> tuple[str, ...]:
    """Return what a call would have said that a restored backup knows nothing of; nothing while its addresses are not known."""
    comment = station.post(delivery).first_comment
    reach = station.store.steps.reach(delivery.id, comment.links) if comment else None
    return (comment.said(reach.addresses),) if comment and reach and reach.ready else ()


def _decide(
    station: Station, step: AfterStep, delivery: Delivery, found: tuple[Comment, ...], texts: tuple[str, ...]
) -> None:  # fmt: skip
    ours = [each for each in found if _is_ours(each, texts)]
    if len(ours) > 1:
        station.store.steps.put_down(step, StepState.HELD, hold=StepHold.AMBIGUOUS, detail=MANY.format(count=len(ours)))
    elif ours:
        station.store.steps.said(step, ours[0].id)
    elif len(found) >= MOST_READ:
        _look_again(station, step, delivery, "dưới bài có quá nhiều bình luận để đọc hết trong một lần")
    else:
        _note_absence(station, step, delivery)


def _is_ours(comment: Comment, texts: tuple[str, ...]) -> bool:
    """Tell the office's own words: said by the account itself, where the platform tells, and not in answer to somebody."""
    return comment.own is not False and comment.parent is None and any(same_words(comment.text, text) for text in texts)


def _note_absence(station: Station, step: AfterStep, delivery: Delivery) -> None:
    """Believe that it was never said only after two looks a settle apart, the last after all that was in flight must show."""
    now, settle = station.clock.now(), _settling(station, delivery)
    calls = station.store.steps.attempts(step.id)
    first = step.absent_at or now
    publisher = station.publishers[delivery.channel]
    if now - first < settle or (calls and now < calls[-1].deadline + settle):
        station.store.steps.put_down(step, StepState.UNKNOWN, next_at=station.after(settle), absent_at=first,
                                     detail="chưa thấy dưới bài; sẽ đọc lại")  # fmt: skip
    elif not calls:
        _ask_person(station, step, "không thấy dưới bài, nhưng dữ liệu khôi phục không nhớ đã nói hay chưa")
    elif not publisher.manifest.absence_is_proof:
        _ask_person(station, step, "không thấy dưới bài, nhưng ở kênh này điều đó chưa chứng tỏ là chưa nói")
    elif step.failures + 1 >= MOST_FAILURES:
        station.store.steps.put_down(step, StepState.HELD, hold=StepHold.POISON, detail="chưa nói; đã thử quá nhiều lần")
    else:
        station.store.steps.put_down(step, StepState.WAITING, next_at=now, failures=step.failures + 1,
                                     detail="đã đọc hai lần, chắc chắn chưa nói; nói lại")  # fmt: skip


def _look_again(station: Station, step: AfterStep, delivery: Delivery, why: str) -> None:
    unclear = step.unclear + 1
    if unclear >= MOST_LOOKS:
        _ask_person(station, step, f"đã đọc {unclear} lần vẫn chưa rõ: {why}")
        return
    wait = min(_settling(station, delivery) * 2 ** (unclear - 1), LONGEST_WAIT)
    station.store.steps.put_down(step, StepState.UNKNOWN, next_at=station.after(wait), unclear=unclear, detail=why)


def _ask_person(station: Station, step: AfterStep, why: str) -> None:
    detail = f"{why}; hãy mở bài xem bình luận đã có chưa rồi chọn “đã nói bằng tay” hoặc “nói lại”"
    station.store.steps.put_down(step, StepState.HELD, hold=StepHold.AMBIGUOUS, detail=detail)


def _settling(station: Station, delivery: Delivery) -> timedelta:
    return max(SETTLE, station.settle(delivery))


