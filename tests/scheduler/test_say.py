"""The first comment below a post is said once, whatever fails: on both databases, over real HTTP, judged by the stand-in."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from desk.after_steps import decide, is_out_of_date, state_words
from editorial.after_step import AfterStep, StepHold, StepKind, StepState
from editorial.correction import Decision, Item, Kind, Means, next_key
from editorial.delivery import HoldReason, State
from editorial.first_comment import FirstComment
from editorial.outcome import Receipt
from editorial.post import Post
from editorial.rate import Rate
from publishers.facebook.publisher import FacebookPublisher
from rehearsal.faults import Fault
from scheduler import say as saying
from scheduler.comment_proof import CommentProof, Remark, prove_comments
from scheduler.engines.contract import Lane
from scheduler.publish import publish
from store.errors import Halted, Lost, NotAllowed
from store.halts import ALL, MOURNING, channel_scope
from store.steps import Words
from store.store import Store
from tests.scheduler.commented import LINKED, PLAIN, Talked, talked
from tests.scheduler.mortal import Killed
from tests.store.fresh_database import DATABASES
from tests.store.ledger_posts import approval

COMMENTS = "/comments"
ROOT = Path(__file__).parents[2]
FAULTS = (Fault.DROP_RESPONSE_AFTER_COMMIT, Fault.ERROR_AFTER_COMMIT, Fault.ERROR_BEFORE_COMMIT, Fault.TIMEOUT_MID_BODY,
          Fault.SLOW_COMMIT, Fault.RATE_LIMIT_NEXT, Fault.HTML_ERROR_PAGE)  # fmt: skip


@pytest.fixture(params=DATABASES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Talked]:
    with talked(tmp_path, str(request.param)) as made:
        yield made


def test_the_comment_is_said_once_the_post_is_public_and_the_log_knows_it(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    assert office.step(post).state is StepState.PLANNED
    office.live_on()
    step = office.step(post)
    assert office.delivery(post).state is State.VERIFIED
    assert (step.state, step.kind, step.attempts, step.text) == (StepState.SAID, StepKind.FIRST_COMMENT, 1, PLAIN)
    (remark,) = office.town.remarks("facebook")
    assert (remark.text, remark.own, remark.id) == (PLAIN, True, step.remote_id)
    assert [deed.detail for deed in office.store.audit.of(post.key) if deed.action == "comment-said"] == [step.remote_id]
    assert office.store.signatures.contradictions() == ()
    assert not office.store.audit.verify().breaks


def test_a_cross_link_waits_for_the_other_post_and_says_its_address(office: Talked) -> None:
    post = office.plan(comment=LINKED)
    portal = office.plan("web_portal", later=timedelta(minutes=40))
    office.live_on(timedelta(minutes=30))
    assert (office.delivery(post).state, office.delivery(portal).state) == (State.VERIFIED, State.SCHEDULED)
    assert office.step(post).state is StepState.WAITING and "web_portal" in office.step(post).detail
    assert office.said() == []
    office.live_on()
    receipt = office.delivery(portal).receipt
    assert receipt is not None and office.said() == [f"Toàn văn trên Cổng: {receipt.url}"]
    assert (office.step(post).kind, office.step(post).state) == (StepKind.CROSS_LINK, StepState.SAID)


def test_the_comment_is_no_part_of_the_commit_call_that_is_sent_again(office: Talked) -> None:
    office.town.arm("facebook", Fault.ERROR_BEFORE_COMMIT, path="/feed", method="POST", count=2)
    post = office.plan(comment=PLAIN)
    office.live_on(timedelta(hours=3))
    assert len(office.store.attempts.of(office.delivery(post).id)) == 3
    assert (office.delivery(post).state, office.step(post).attempts, office.said()) == (State.VERIFIED, 1, [PLAIN])


@pytest.mark.parametrize("fault", [Fault.DROP_RESPONSE_AFTER_COMMIT, Fault.ERROR_AFTER_COMMIT, Fault.TIMEOUT_MID_BODY])
def test_a_comment_whose_answer_was_lost_is_found_by_its_words_and_not_said_again(office: Talked, fault: Fault) -> None:
    office.town.arm("facebook", fault, path=COMMENTS, method="POST")
    post = office.plan(comment=PLAIN)
    office.live_on(timedelta(hours=3))
    assert (office.step(post).state, office.outcomes(post), office.said()) == (StepState.SAID, ["OutcomeUnknown"], [PLAIN])
    assert office.step(post).remote_id == office.town.remarks("facebook")[0].id


@pytest.mark.parametrize("fault", [Fault.ERROR_BEFORE_COMMIT, Fault.HTML_ERROR_PAGE])
def test_a_comment_that_was_never_taken_is_said_again_only_after_its_absence_is_proved(office: Talked, fault: Fault) -> None:
    office.town.arm("facebook", fault, path=COMMENTS, method="POST")
    post = office.plan(comment=PLAIN)
    office.live_on(timedelta(hours=3))
    assert (office.step(post).state, office.said()) == (StepState.SAID, [PLAIN])
    assert office.outcomes(post) == ["OutcomeUnknown", "said"]
    first, second = office.store.steps.attempts(office.step(post).id)
    assert second.started_at >= first.deadline + saying.SETTLE


@pytest.mark.parametrize("seconds", [90, 200])  # before the first look, and between the two that prove an absence
def test_a_comment_that_the_platform_took_late_is_not_said_twice(office: Talked, seconds: int) -> None:
    office.town.arm("facebook", Fault.SLOW_COMMIT, path=COMMENTS, method="POST", seconds=seconds)
    post = office.plan(comment=PLAIN)
    office.live_on(timedelta(hours=3))
    assert (office.step(post).state, office.outcomes(post), office.said()) == (StepState.SAID, ["OutcomeUnknown"], [PLAIN])


def test_a_platform_that_says_not_now_is_asked_again_after_its_time(office: Talked) -> None:
    office.town.arm("facebook", Fault.RATE_LIMIT_NEXT, path=COMMENTS, method="POST", seconds=50)
    post = office.plan(comment=PLAIN)
    office.live_on(timedelta(hours=3))
    assert (office.step(post).state, office.outcomes(post), office.said()) == (StepState.SAID, ["RateLimited", "said"], [PLAIN])


@pytest.mark.parametrize("reached", [True, False])
def test_a_worker_that_dies_around_the_call_leaves_a_comment_that_is_looked_for(
    office: Talked, reached: bool, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    said = FacebookPublisher.answer

    def die(self: FacebookPublisher, receipt: Receipt, text: str, *, to: str | None = None) -> str:
        if reached:
            said(self, receipt, text, to=to)
        raise Killed

    post = office.plan(comment=PLAIN)
    monkeypatch.setattr(FacebookPublisher, "answer", die)
    with pytest.raises(Killed):
        office.live_on()
    assert (office.step(post).state, office.outcomes(post)) == (StepState.INTENT, [None])
    monkeypatch.setattr(FacebookPublisher, "answer", said)
    office.live_on(timedelta(hours=3), owner="máy-2")
    assert (office.step(post).state, office.said()) == (StepState.SAID, [PLAIN])
    assert office.outcomes(post) == ["OutcomeUnknown", *([] if reached else ["said"])]


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_process_that_is_killed_between_intent_and_answer_loses_nothing_and_doubles_nothing(office: Talked, how: str) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    town, page = office.town.addresses["facebook"], office.town.credentials()["facebook"]["page_id"]
    command = [sys.executable, "-m", "tests.scheduler.saying_process", office.url, town, page, how]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=300).returncode == -signal.SIGKILL
    assert (office.step(post).state, office.outcomes(post)) == (StepState.INTENT, [None])
    assert office.said() == ([PLAIN] if how == "after" else [])
    office.live_on(timedelta(hours=3), owner="máy-2")
    assert (office.step(post).state, office.said()) == (StepState.SAID, [PLAIN])
    assert office.outcomes(post) == ["OutcomeUnknown", *(["said"] if how == "before" else [])]


def test_a_worker_of_many_machines_says_it_when_a_ticket_of_the_publishing_lane_comes(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    dispatcher = office.dispatcher()
    assert dispatcher.wanted()[Lane.PUBLISH] == 1
    dispatcher.look(Lane.VERIFY)
    assert office.said() == []
    dispatcher.look(Lane.PUBLISH)
    assert (office.step(post).state, office.said()) == (StepState.SAID, [PLAIN])


def test_the_pace_of_the_account_counts_comments_too(office: Talked) -> None:
    for number in range(3):
        office.plan(comment=f"{PLAIN} {number}", number=number)
    _publish_only(office)
    rates = {"facebook": Rate(calls=1, span=timedelta(minutes=1))}
    station = replace(office.dispatcher().station, rates=rates)
    for _ in range(3):
        step = office.store.steps.claim("máy-1", saying.LEASE, ways=station.ways)
        if step is not None:
            saying.say(station, step)
    assert len(office.said()) == 1
    office.clock.advance(timedelta(minutes=1))
    step = office.store.steps.claim("máy-1", saying.LEASE, ways=station.ways)
    assert step is not None
    saying.say(station, step)
    assert len(office.said()) == 2


def test_a_copy_that_is_posted_anew_has_its_own_comment(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    office.live_on()
    right = replace(post, key=next_key(post.key), first_comment=FirstComment(text="Đường dây nóng: 1800."))
    item = Item(delivery=office.delivery(post).id, post_key=post.key, channel="facebook", entry=post.entry, means=Means.REPOST,
                post=right, live_digest=post.digest)  # fmt: skip
    office.store.approvals.save(approval([right], at=office.clock.now()), [right])
    decision = Decision(kind=Kind.CORRECTION, subject="hotline", value="1800", why="", items=(item,))
    office.store.corrections.sign(decision, author="Lan", approver="Minh")
    office.live_on(timedelta(hours=3))
    assert office.delivery(right).state is State.VERIFIED
    assert office.said() == [PLAIN, "Đường dây nóng: 1800."]
    assert state_words(office.step(post), office.delivery(post).state) == "bài đã gỡ, bình luận mất theo bài"
    assert office.store.signatures.contradictions() == ()


def test_a_comment_whose_call_fails_while_its_post_is_taken_down_is_dropped_with_it(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    assert office.store.steps.claim("máy-1", saying.LEASE) is not None
    begun = _open(office, post)
    item = Item(delivery=office.delivery(post).id, post_key=post.key, channel="facebook", entry=post.entry, means=Means.REMOVE,
                post=None, live_digest=post.digest)  # fmt: skip
    decision = Decision(kind=Kind.WITHDRAWAL, subject=post.entry, value="error", why="sai", items=(item,))
    office.store.corrections.sign(decision, author="Lan", approver="Minh")
    while office.dispatcher().tick():
        pass
    assert (office.delivery(post).state, office.step(post).state) == (State.WITHDRAWN, StepState.INTENT)
    office.store.steps.put_down(begun, StepState.WAITING, next_at=office.clock.now(), outcome="Unavailable")
    office.live_on()
    assert (office.step(post).state, office.said()) == (StepState.DROPPED, [])


def test_a_copy_that_was_corrected_in_place_leaves_a_comment_that_a_person_has_to_put_right(office: Talked) -> None:
    post = office.plan("web_portal", PLAIN)
    office.live_on()
    right = replace(post, first_comment=FirstComment(text="Đường dây nóng: 1800."))
    item = Item(delivery=office.delivery(post).id, post_key=post.key, channel="web_portal", entry=post.entry, means=Means.EDIT,
                post=right, live_digest=post.digest)  # fmt: skip
    decision = Decision(kind=Kind.CORRECTION, subject="hotline", value="1800", why="", items=(item,))
    assert not is_out_of_date(office.store, office.step(post))
    office.store.corrections.sign(decision, author="Lan", approver="Minh")
    office.live_on(timedelta(hours=3))
    assert [remark.text for remark in office.town.remarks("wordpress")] == [PLAIN]
    assert is_out_of_date(office.store, office.step(post))
    decide(office.store, office.step(post).id, "by-hand", who="Minh", why="đã sửa trên Cổng")
    assert not is_out_of_date(office.store, office.step(post))
    assert office.store.signatures.contradictions() == ()


def test_a_correction_before_the_comment_was_said_says_the_right_one(office: Talked) -> None:
    post = office.plan(comment=LINKED)
    portal = office.plan("web_portal", later=timedelta(hours=2))
    office.live_on(timedelta(hours=1))
    assert post.first_comment is not None
    right = replace(post, first_comment=replace(post.first_comment, text="Bản đúng: {{ post.web_portal }}"))
    item = Item(delivery=office.delivery(post).id, post_key=post.key, channel="facebook", entry=post.entry, means=Means.EDIT,
                post=right, live_digest=post.digest)  # fmt: skip
    decision = Decision(kind=Kind.CORRECTION, subject="hotline", value="1800", why="", items=(item,))
    office.store.corrections.sign(decision, author="Lan", approver="Minh")
    office.live_on(timedelta(hours=3))
    receipt = office.delivery(portal).receipt
    assert receipt is not None and office.said() == [f"Bản đúng: {receipt.url}"]


def test_another_version_before_the_moment_changes_or_ends_the_step(office: Talked) -> None:
    first = office.plan(comment=PLAIN, later=timedelta(hours=1))
    office.plan(comment="", later=timedelta(hours=1))
    assert office.step(first).state is StepState.DROPPED
    office.plan(comment=LINKED, later=timedelta(hours=1))
    assert (office.step(first).state, office.step(first).kind) == (StepState.PLANNED, StepKind.CROSS_LINK)
    assert office.store.signatures.contradictions() == ()


def test_the_proof_counts_comments_and_sees_one_that_was_said_twice_or_never(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    office.live_on()
    seen = [Remark(channel="facebook", id=each.id, post=each.post, text=each.text) for each in office.town.remarks("facebook")]
    assert prove_comments(office.store, seen) == CommentProof(planned=1, said=1, ledger=1)
    assert prove_comments(office.store, []).lost_keys == (post.key,)
    assert prove_comments(office.store, [*seen, replace(seen[0], id="khác")]).duplicate_keys == (post.key,)
    strange = replace(seen[0], id="khác", text="Lời lạ")
    assert prove_comments(office.store, [*seen, strange]).strangers == (strange,)
    assert not prove_comments(office.store, [*seen, strange]).clean


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faults=some.lists(some.sampled_from(FAULTS), max_size=4))
def test_whatever_strikes_the_calls_it_is_said_once_or_a_person_is_asked(tmp_path: Path, faults: list[Fault]) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    with talked(folder, "sqlite") as office:
        for fault in faults:
            office.town.arm("facebook", fault, path=COMMENTS, seconds=40)
        post = office.plan(comment=PLAIN)
        office.live_on(timedelta(hours=6))
        assert len(office.said()) <= 1
        asked = office.step(post).state is StepState.HELD
        assert asked or (office.step(post).state, office.said()) == (StepState.SAID, [PLAIN])


@pytest.mark.parametrize("comment", [PLAIN, LINKED])
def test_a_restored_backup_that_has_forgotten_a_comment_looks_for_it_and_says_none_again(tmp_path: Path, comment: str) -> None:
    with talked(tmp_path, "sqlite") as office:
        post = office.plan(comment=comment)
        office.plan("web_portal")
        with closing(sqlite3.connect(tmp_path / "loa.db")) as now, closing(sqlite3.connect(tmp_path / "backup.db")) as backup:
            now.backup(backup)
        office.live_on()
        assert len(office.said()) == 1
        with Store.open(f"sqlite:///{tmp_path / 'backup.db'}", clock=office.clock, media_folder=tmp_path) as restored:
            again = replace(office, store=restored)
            restored.deliveries.doubt()
            again.live_on(timedelta(hours=12))
            assert (again.step(post).state, len(office.said())) == (StepState.SAID, 1)
            assert again.step(post).remote_id == office.step(post).remote_id


def test_a_comment_that_the_backup_holds_and_that_was_said_since_is_looked_for_and_not_said_again(tmp_path: Path) -> None:
    with talked(tmp_path, "sqlite") as office:
        post = office.plan(comment=PLAIN)
        _publish_only(office)
        office.store.halts.set(channel_scope("facebook"), why="hết quyền", who="scheduler", reason=HoldReason.AUTH)
        office.live_on(timedelta(minutes=10))
        assert office.step(post).hold is StepHold.AUTH
        with closing(sqlite3.connect(tmp_path / "loa.db")) as now, closing(sqlite3.connect(tmp_path / "backup.db")) as backup:
            now.backup(backup)
        office.store.halts.lift(channel_scope("facebook"), who="Lan")
        office.live_on()
        assert office.said() == [PLAIN]
        with Store.open(f"sqlite:///{tmp_path / 'backup.db'}", clock=office.clock, media_folder=tmp_path) as restored:
            again = replace(office, store=restored)
            restored.deliveries.doubt()
            restored.halts.lift(channel_scope("facebook"), who="Lan")
            again.live_on(timedelta(hours=12))
            assert (again.step(post).state, office.said()) == (StepState.SAID, [PLAIN])
            assert again.step(post).remote_id == office.step(post).remote_id


def test_of_two_workers_with_one_step_only_one_makes_the_call(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    mine = office.store.steps.claim("máy-1", timedelta(seconds=1))
    assert mine is not None and office.store.steps.claim("máy-2", saying.LEASE) is None
    office.clock.advance(timedelta(seconds=2))
    theirs = office.store.steps.claim("máy-2", saying.LEASE)
    assert theirs is not None and theirs.fence > mine.fence
    saying.say(office.dispatcher("máy-2").station, theirs)
    with pytest.raises(Lost):
        saying.say(office.dispatcher("máy-1").station, mine)
    assert (office.step(post).attempts, office.said()) == (1, [PLAIN])


def test_a_worker_that_slept_between_intent_and_call_says_nothing(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    step = office.store.steps.claim("máy-1", saying.LEASE)
    assert step is not None
    ticks = iter([0.0, 5.0])
    saying.say(replace(office.dispatcher().station, elapsed=lambda: next(ticks)), step)
    assert (office.step(post).state, office.outcomes(post), office.said()) == (StepState.WAITING, ["not_called"], [])
    office.live_on()
    assert office.said() == [PLAIN]


def test_an_answer_that_comes_after_another_worker_has_looked_is_no_second_comment(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    step = office.store.steps.claim("máy-1", saying.LEASE)
    assert step is not None
    begun = _open(office, post)
    office.clock.advance(timedelta(minutes=5))
    saying.take_up_steps(office.dispatcher("máy-2").station)
    assert office.step(post).state is StepState.UNKNOWN
    receipt = office.delivery(post).receipt
    assert receipt is not None
    remote_id = office.publishers["facebook"].answer(receipt, PLAIN)  # type: ignore[attr-defined]
    assert office.store.steps.said(begun, remote_id, outcome="said").state is StepState.SAID
    office.live_on()
    assert (office.step(post).remote_id, office.said()) == (remote_id, [PLAIN])


@pytest.mark.parametrize("scope", [ALL, channel_scope("facebook")])
def test_a_pause_holds_the_comment_and_its_end_lets_it_go(office: Talked, scope: str) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    office.store.halts.set(scope, why="bão", who="Minh")
    office.live_on(timedelta(minutes=10))
    assert (office.step(post).state, office.step(post).hold, office.said()) == (StepState.HELD, StepHold.HALT, [])
    office.store.halts.lift(scope, who="Minh")
    office.live_on()
    assert (office.step(post).state, office.said()) == (StepState.SAID, [PLAIN])


def test_what_a_long_pause_has_made_late_is_asked_about(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    office.store.halts.set(ALL, why="bão", who="Minh")
    office.live_on(timedelta(minutes=1))
    office.clock.advance(timedelta(hours=2))
    office.store.halts.lift(ALL, who="Minh")
    office.live_on()
    assert (office.step(post).state, office.step(post).hold, office.said()) == (StepState.HELD, StepHold.LATE, [])
    office.store.steps.again(office.step(post).id, who="Minh", why="vẫn cần")
    office.live_on()
    assert office.said() == [PLAIN]


def test_mourning_holds_a_comment_that_nobody_has_called_solemn(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    office.store.halts.set(MOURNING, why="quốc tang", who="Minh", reason=HoldReason.BLACKOUT)
    office.live_on(timedelta(minutes=1))
    assert (office.step(post).hold, office.said()) == (StepHold.BLACKOUT, [])


def test_no_call_begins_once_a_pause_is_written(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    step = office.store.steps.claim("máy-1", saying.LEASE)
    assert step is not None
    office.store.halts.set(ALL, why="bão", who="Minh")
    with pytest.raises(Halted):
        _open(office, post)
    assert office.store.steps.attempts(step.id) == ()


def test_where_the_linked_post_is_given_up_a_person_is_asked(office: Talked) -> None:
    post = office.plan(comment=LINKED)
    portal = office.plan("web_portal", later=timedelta(days=2))
    office.live_on(timedelta(minutes=30))
    office.store.decisions.cancel(office.delivery(portal).id, who="Minh", why="không cần nữa")
    office.live_on()
    step = office.step(post)
    assert (step.state, step.hold, office.said()) == (StepState.HELD, StepHold.LINK, [])
    assert "web_portal đã bỏ" in step.detail
    office.store.steps.drop(step.id, who="Minh", why="không dẫn nữa")
    assert office.step(post).state is StepState.DROPPED
    assert [deed.who for deed in office.store.audit.of(post.key) if deed.action == "comment-drop"] == ["Minh"]
    assert office.store.signatures.contradictions() == ()


def test_while_the_linked_post_is_held_the_comment_waits_and_asks_nobody(office: Talked) -> None:
    post, portal = office.plan(comment=LINKED), office.plan("web_portal")
    office.store.halts.set(channel_scope("web_portal"), why="bảo trì", who="Minh")
    office.live_on(timedelta(minutes=30))
    assert office.delivery(portal).state is State.HELD
    assert (office.step(post).state, office.said()) == (StepState.WAITING, [])
    office.store.halts.lift(channel_scope("web_portal"), who="Minh")
    office.store.decisions.publish_now(office.delivery(portal).id, who="Minh")
    office.live_on()
    assert (office.step(post).state, len(office.said())) == (StepState.SAID, 1)


def test_a_post_that_is_dropped_takes_its_comment_along(office: Talked) -> None:
    post = office.plan(comment=PLAIN, later=timedelta(hours=1))
    office.store.decisions.cancel(office.delivery(post).id, who="Minh", why="thôi")
    assert office.step(post).state is StepState.DROPPED
    office.live_on()
    assert office.said() == []


def test_an_approval_that_ended_lets_nothing_more_be_said(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    office.store.approvals.revoke(post.entry, who="Lan", why="sai")
    office.live_on()
    assert (office.step(post).state, office.step(post).hold, office.said()) == (StepState.HELD, StepHold.UNAPPROVED, [])
    with pytest.raises(NotAllowed):
        office.store.steps.again(office.step(post).id, who="Minh", why="cứ nói")
    office.store.steps.said_by_hand(office.step(post).id, who="Minh", why="đã bình luận")
    assert (office.step(post).state, office.step(post).by_hand) == (StepState.SAID, True)
    assert office.store.signatures.contradictions() == ()


def test_the_same_words_of_somebody_else_are_not_taken_for_ours(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    receipt = office.delivery(post).receipt
    assert receipt is not None
    _citizen_says(office, receipt, PLAIN)
    office.town.arm("facebook", Fault.ERROR_BEFORE_COMMIT, path=COMMENTS, method="POST")
    office.live_on(timedelta(hours=3))
    assert sorted(remark.own for remark in office.town.remarks("facebook")) == [False, True]
    assert office.step(post).state is StepState.SAID


def test_a_token_that_died_pauses_the_channel_and_the_comment_goes_on_when_it_is_connected_again(office: Talked) -> None:
    post = office.plan(comment=PLAIN)
    _publish_only(office)
    office.town.arm("facebook", Fault.EXPIRE_TOKEN_NOW)
    office.dispatcher().tick()
    assert (office.step(post).state, office.step(post).hold) == (StepState.HELD, StepHold.AUTH)
    assert [halt.reason for halt in office.store.halts.standing()] == [HoldReason.AUTH]
    known = office.town.credentials()["facebook"]
    office.store.secrets.of("facebook").replace({"page_token": known["page_token"]})
    office.store.halts.lift(channel_scope("facebook"), who="Minh")
    office.live_on()
    assert office.said() == [PLAIN]


def test_the_comment_comes_after_publishing_and_before_reading_back(office: Talked, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    for name in ("publish", "answer", "read_back"):
        monkeypatch.setattr(FacebookPublisher, name, _noting(order, name, getattr(FacebookPublisher, name)))
    for number in range(2):
        office.plan(comment=f"{PLAIN} {number}", number=number)
    office.store.deliveries.promote()
    office.dispatcher().tick()
    assert order == ["publish", "publish", "answer", "answer", "read_back", "read_back"]


def _noting(order: list[str], name: str, original: Callable[..., object]) -> Callable[..., object]:
    def noted(*args: object, **more: object) -> object:
        order.append(name)
        return original(*args, **more)

    return noted


def _publish_only(office: Talked) -> None:
    """Let the posts become public, and nothing more."""
    office.store.deliveries.promote()
    station = office.dispatcher().station
    while claim := office.store.deliveries.claim("máy-0", timedelta(minutes=1), states=(State.QUEUED,)):
        publish(station, claim)


def _open(office: Talked, post: Post) -> AfterStep:
    """Write the intent of the call, as a worker does who has the step in hand."""
    comment = post.first_comment
    assert comment is not None
    words = Words(comment=comment, text=comment.text, post_digest=post.digest)
    return office.store.steps.open(office.step(post), words, deadline=office.clock.now() + timedelta(seconds=30))


def _citizen_says(office: Talked, receipt: Receipt, text: str) -> None:
    url = f"{office.town.addresses['facebook']}/v26.0/{receipt.remote_id}/comments"
    known = office.town.credentials()["facebook"]
    httpx.post(url, data={"message": text, "access_token": known["user_token"]}, trust_env=False).raise_for_status()
