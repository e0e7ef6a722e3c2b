"""What every channel promises. A channel's test class inherits this and says how its posts look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from editorial.likeness import differences
from editorial.outcome import Found, OutcomeUnknown, RateLimited, Receipt, Unauthorized, Unavailable
from editorial.post import Medium, Post
from publishers.contract import Converses, Corrects, Greets, Measures, Prepares, Publisher, Reconciles, Verifies, Withdraws
from publishers.registry import open_publisher
from rehearsal.faults import Fault
from rehearsal.publication import Event, Publication
from rehearsal.town import Town
from tests.publishers.bench import HandClock, MemoryHandles, a_post, account_at, finish, picture, prepare

_numbers = count(1)


class ChannelContract:
    """One channel against its stand-in, over HTTP."""

    channel: str
    platform: str  # its name in the town
    survives_dead_token = False  # refreshes by itself
    too_long = "text"

    @pytest.fixture(autouse=True)
    def _stage(self, town: Town, clock: HandClock, media_folder: Path, media_url: str) -> Iterator[None]:
        self.town, self.clock, self.folder = town, clock, media_folder
        self.publisher = open_publisher(self.channel, account_at(town, self.channel, media_url))
        self.handles = MemoryHandles()
        self.number = next(_numbers)
        self.clock.move(hours=1)
        self.earlier = {row.id for row in town.ledger(self.platform)}
        yield
        self.publisher.close()

    def media(self) -> tuple[Medium, ...]:
        return (picture(self.folder),)

    def post(self, **words: str) -> Post:
        return a_post(self.channel, self.media(), self.number, **words)

    def live(self) -> list[Publication]:
        """Return what the public sees now: the last row of each id, unless it was removed."""
        last = {row.id: row for row in self.town.ledger(self.platform) if row.id not in self.earlier}
        return [row for row in last.values() if row.event is not Event.REMOVED]

    def published(self) -> list[Publication]:
        rows = self.town.ledger(self.platform)
        return [row for row in rows if row.event is Event.PUBLISHED and row.id not in self.earlier]

    def prepared(self, post: Post) -> Post:
        prepare(self.publisher, post, self.handles, self.clock)
        return post

    def send(self, post: Post) -> Receipt:
        outcome = self.publisher.publish(post, key=post.key, handles=self.handles)
        return finish(self.publisher, outcome, self.handles, self.clock)

    def sent(self, post: Post | None = None) -> Receipt:
        return self.send(self.prepared(post or self.post()))

    def look(self, post: Post) -> object:
        self.clock.move(minutes=3)
        assert isinstance(self.publisher, Reconciles)
        since = self.clock.now - timedelta(minutes=5)
        return self.publisher.find(post, key=post.key, handles=self.handles, since=since)

    def shown(self, post: Post, receipt: Receipt, publisher: Publisher | None = None) -> tuple[str, ...]:
        """Return how the live post differs from the approved one."""
        reader = publisher or self.publisher
        assert isinstance(reader, Verifies)
        live = reader.read_back(receipt)
        assert live is not None
        found = differences(reader.shown(post), live)
        # The texts here are written as the caption templates write them, so they compare equal as they stand.
        assert differences(post, live) == found
        return found

    def test_a_good_post_has_no_problems(self) -> None:
        assert self.publisher.check(self.post()) == ()

    def test_a_text_that_is_too_long_is_a_problem_before_anything_is_sent(self) -> None:
        limit = self.publisher.manifest.texts[self.too_long]  # type: ignore[index]
        post = self.post(**{self.too_long: "ờ" * (limit.most + 1)})
        assert "too-long" in {problem.rule for problem in self.publisher.check(post)}

    def test_a_picture_without_a_description_is_a_problem(self) -> None:
        post = self.post()
        if not post.media:
            pytest.skip("bài không có ảnh")
        bare = replace(post, media=tuple(replace(medium, alt=" ") for medium in post.media))
        assert "missing-alt" in {problem.rule for problem in self.publisher.check(bare)}

    def test_publishing_once_shows_the_public_exactly_one_post_as_approved(self) -> None:
        post = self.post()
        receipt = self.sent(post)
        assert receipt.remote_id
        assert [row.id for row in self.published()] == [row.id for row in self.live()]
        assert len(self.live()) == 1
        assert self.shown(post, receipt) == ()

    def test_preparing_shows_nothing_and_preparing_twice_makes_nothing_twice(self) -> None:
        if not isinstance(self.publisher, Prepares):
            pytest.skip("kênh này không chuẩn bị trước")
        post = self.prepared(self.post())
        first = dict(self.handles.values)
        self.prepared(post)
        assert self.handles.values == first
        assert self.live() == []
        self.send(post)
        assert len(self.live()) == 1

    @pytest.mark.parametrize("fault", [Fault.DROP_RESPONSE_AFTER_COMMIT, Fault.ERROR_AFTER_COMMIT, Fault.TIMEOUT_MID_BODY])
    def test_a_lost_answer_is_an_unknown_outcome_and_the_post_is_found(self, fault: Fault) -> None:
        post = self.prepared(self.post())
        self.town.arm(self.platform, fault)
        with pytest.raises(OutcomeUnknown):
            self.publisher.publish(post, key=post.key, handles=self.handles)
        found = self.look(post)
        assert isinstance(found, Found)
        assert self.shown(post, found.receipt) == ()
        assert [len(self.published()), len(self.live())] == [1, 1]

    @pytest.mark.parametrize("fault", [Fault.ERROR_BEFORE_COMMIT, Fault.HTML_ERROR_PAGE])
    def test_a_server_error_is_an_unknown_outcome_and_nothing_is_found(self, fault: Fault) -> None:
        post = self.prepared(self.post())
        self.town.arm(self.platform, fault)
        with pytest.raises(OutcomeUnknown):
            self.publisher.publish(post, key=post.key, handles=self.handles)
        sighting = self.look(post)
        assert not isinstance(sighting, Found)
        assert self.live() == []
        if getattr(sighting, "proof", False):
            self.send(post)
            assert len(self.live()) == 1

    def test_a_dead_token_pauses_the_channel(self) -> None:
        post = self.prepared(self.post())
        self.town.arm(self.platform, Fault.EXPIRE_TOKEN_NOW)
        expected = Unavailable if self.survives_dead_token else Unauthorized
        with pytest.raises(expected) as caught:
            self.publisher.publish(post, key=post.key, handles=self.handles)
        assert self.live() == []
        self.says_no_secret(caught.value)
        if self.survives_dead_token:
            self.send(post)
            assert len(self.live()) == 1

    def test_a_throttle_says_how_long_to_wait(self) -> None:
        post = self.prepared(self.post())
        self.town.arm(self.platform, Fault.RATE_LIMIT_NEXT, seconds=120)
        with pytest.raises(RateLimited) as caught:
            self.publisher.publish(post, key=post.key, handles=self.handles)
        assert caught.value.wait > timedelta(0)
        assert self.live() == []

    def test_a_platform_that_cannot_be_reached_has_posted_nothing(self) -> None:
        post = self.prepared(self.post())
        nobody = replace(self.publisher.account, base_url="http://127.0.0.1:9")
        elsewhere = open_publisher(self.channel, nobody)
        with pytest.raises(Unavailable) as caught:
            elsewhere.publish(post, key=post.key, handles=self.handles)
        elsewhere.close()
        self.says_no_secret(caught.value)

    def test_a_correction_is_read_back_and_may_be_repeated(self) -> None:
        receipt = self.sent()
        words = {"text": "Cấm xe máy đến 10 giờ.", "html": "<p>Cấm xe máy đến 10 giờ.</p>", "summary": "Đến 10 giờ."}
        post = self.post(**words)
        assert isinstance(self.publisher, Corrects)
        for _ in range(2):
            receipt = self.publisher.correct(receipt, post, handles=self.handles)
        assert self.shown(post, receipt) == ()
        assert len(self.live()) == 1

    def test_a_withdrawn_post_is_gone_and_may_be_withdrawn_again(self) -> None:
        receipt = self.sent()
        assert isinstance(self.publisher, Withdraws)
        for _ in range(2):
            self.publisher.withdraw(receipt)
        assert self.live() == []
        assert isinstance(self.publisher, Verifies)
        live = self.publisher.read_back(receipt)
        assert live is None or not live.visible

    def test_figures_are_counted_not_guessed(self) -> None:
        if not isinstance(self.publisher, Measures):
            pytest.skip("kênh này không cho số liệu")
        snapshot = self.publisher.measure(self.sent(), at=self.clock.now)
        assert snapshot.at == self.clock.now
        assert snapshot.figures
        assert all(figure >= 0 for figure in snapshot.figures.values())

    def test_the_account_is_known_by_its_name_and_lacks_nothing(self) -> None:
        if not isinstance(self.publisher, Greets):
            pytest.skip("kênh này không cho hỏi tài khoản")
        greeting = self.publisher.greet()
        assert greeting.name
        assert greeting.lacks == ()

    def test_comments_are_read_with_text_time_and_thread_and_are_answered(self) -> None:
        if not isinstance(self.publisher, Converses):
            pytest.skip("kênh này không có bình luận")
        receipt, since = self.sent(), self.clock.now
        assert self.publisher.comments(receipt, since=since) == ()
        first = self.publisher.answer(receipt, f"Hỏi đáp về bài {self.number}: gọi 1022.")
        self.clock.move(minutes=5)
        reply = self.publisher.answer(receipt, f"Bài {self.number}: đường dây làm việc cả đêm.", to=first)
        one, other = self.publisher.comments(receipt, since=since - timedelta(minutes=1))
        assert (one.id, one.text, one.parent) == (first, f"Hỏi đáp về bài {self.number}: gọi 1022.", None)
        assert (one.own, other.own) == (True, True)
        assert (other.id, other.parent, other.at - one.at) == (reply, first, timedelta(minutes=5))
        assert [row.id for row in self.publisher.comments(receipt, since=since + timedelta(minutes=3))] == [reply]

    def test_a_comment_whose_answer_is_lost_may_be_there_and_is_never_said_again_by_itself(self) -> None:
        if not isinstance(self.publisher, Converses):
            pytest.skip("kênh này không có bình luận")
        receipt, since = self.sent(), self.clock.now - timedelta(minutes=1)
        self.town.arm(self.platform, Fault.DROP_RESPONSE_AFTER_COMMIT)
        with pytest.raises(OutcomeUnknown):
            self.publisher.answer(receipt, f"Bài {self.number}: đã ghi nhận.")
        assert [row.text for row in self.publisher.comments(receipt, since=since)] == [f"Bài {self.number}: đã ghi nhận."]

    def says_no_secret(self, error: BaseException) -> None:
        told = f"{error!r} {error} {self.publisher.account!r} {error.__context__!r}"
        for secret in self.publisher.account.secrets.values.values():  # type: ignore[attr-defined]
            assert secret not in told
