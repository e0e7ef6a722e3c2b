"""The webhook keeps every promise of a channel, towards a receiver that holds it to its signature and its key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from editorial.outcome import CannotTell, Found, OutcomeUnknown, RateLimited, Refused, Unauthorized
from editorial.post import Medium
from publishers.contract import Account
from publishers.registry import open_publisher
from publishers.verdict import Verdict
from publishers.webhook.errors import STATUSES
from publishers.webhook.message import signed
from tests.publishers.bench import HANOI_MORNING, HandClock, MemoryHandles, MemorySecrets, a_post, clip, picture
from tests.publishers.channel_contract import ChannelContract
from tests.publishers.test_answers import BY_VERDICT, Oracle, oracle
from tests.publishers.webhook_receiver import SECRET, Receiver, receiving

__all__ = ["oracle"]  # a fixture

_numbers = count(1)


def account(address: str, media_url: str, clock: HandClock) -> Account:
    secrets = MemorySecrets({"signing_secret": SECRET})
    settings = {"public_media_url": media_url}
    return Account(
        channel="app", base_url=address, settings=settings, secrets=secrets, now=clock, deadline=timedelta(seconds=3)
    )  # fmt: skip


class TestWebhook(ChannelContract):
    channel = "webhook"
    platform = "webhook"

    @pytest.fixture(autouse=True)
    def _stage(self, clock: HandClock, media_folder: Path, media_url: str) -> Iterator[None]:  # type: ignore[override]
        self.clock, self.folder, self.number = clock, media_folder, next(_numbers)
        self.handles, self.earlier = MemoryHandles(), set()
        with receiving(Receiver(clock)) as receiver:
            self.town = receiver  # type: ignore[assignment]
            self.publisher = open_publisher(self.channel, account(receiver.address, media_url, clock))
            yield
            self.publisher.close()

    def media(self) -> tuple[Medium, ...]:
        return (picture(self.folder), picture(self.folder, "anh-2", 30), clip(self.folder))

    def test_the_same_call_again_is_the_same_post(self) -> None:
        post = self.post()
        first = self.sent(post)
        self.clock.move(hours=5)
        assert self.send(post) == first
        assert len(self.published()) == 1

    def test_another_version_under_a_key_that_is_taken_has_not_certainly_stayed_unseen(self) -> None:
        """The answer to the first may be what was lost."""
        first, other = self.sent(), self.post(text="Lời khác dưới cùng một mã")
        with pytest.raises(OutcomeUnknown, match="cùng mã"):
            self.send(other)
        assert self.look(other) == Found(receipt=first)
        assert len(self.published()) == 1

    def test_correcting_to_other_words_and_back_is_two_corrections(self) -> None:
        first, other = self.post(), self.post(text="Cấm xe máy đến 10 giờ.")
        receipt = self.sent(first)
        for post in (other, first):
            receipt = self.publisher.correct(receipt, post, handles=self.handles)  # type: ignore[attr-defined]
            assert self.shown(post, receipt) == ()

    def test_a_call_of_long_ago_is_not_taken_again_from_somebody_who_wrote_it_down(self) -> None:
        secrets = self.publisher.account
        old = open_publisher(self.channel, replace(secrets, now=lambda: self.clock.now - timedelta(minutes=6)))
        with pytest.raises(Refused, match="too old"):
            old.publish(self.post(), key=self.post().key, handles=self.handles)
        old.close()
        assert self.live() == []

    def test_a_post_that_was_taken_down_is_for_a_person(self) -> None:
        post = self.post()
        self.publisher.withdraw(self.sent(post))  # type: ignore[attr-defined]
        assert isinstance(self.look(post), CannotTell)


def outcome(oracle: Oracle) -> Exception:
    publisher = open_publisher("webhook", account(f"http://127.0.0.1:{oracle.port}", "http://127.0.0.1:9", HandClock()))
    post = a_post("webhook", ())
    with pytest.raises(Exception) as caught:  # which one is what the tests are about
        publisher.publish(post, key=post.key, handles=MemoryHandles())
    publisher.close()
    assert len(oracle.asked) == 1, "the commit call is made once"
    assert SECRET not in f"{caught.value}{caught.value!r}"
    return caught.value


@pytest.mark.parametrize("status", STATUSES)
def test_statuses_mean_what_the_table_says(status: int, oracle: Oracle) -> None:
    oracle.says(status, {"message": "?"})
    assert type(outcome(oracle)) is BY_VERDICT[STATUSES[status].verdict]


@pytest.mark.parametrize(
    ("status", "body"),
    [(418, b"{}"), (200, b""), (200, b"<html>"), (200, b"[]"), (200, b"{}"), (302, b""), (500, b"{}"), (503, b"")],
)
def test_an_answer_that_is_not_listed_is_an_unknown_outcome(status: int, body: bytes, oracle: Oracle) -> None:
    oracle.says(status, body, Location="http://127.0.0.1:9/")
    assert type(outcome(oracle)) is OutcomeUnknown


def test_a_receiver_says_how_long_to_wait(oracle: Oracle) -> None:
    oracle.says(429, {}, Retry_After="90")
    error = outcome(oracle)
    assert isinstance(error, RateLimited) and error.wait == timedelta(seconds=90)


def test_the_signature_is_the_one_of_standard_webhooks() -> None:
    """The example of the specification's own libraries: secret, id, moment and body are theirs."""
    content, secret = b'{"test": 2432232314}', "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = signed(content, id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=datetime.fromtimestamp(1614265330, UTC), secret=secret)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signed(b"x", id="1", at=HANOI_MORNING, secret="whsec_!!") != signed(b"x", id="1", at=HANOI_MORNING, secret="whsec_?")


def test_no_secret_asks_for_a_connection(oracle: Oracle) -> None:
    given = account(f"http://127.0.0.1:{oracle.port}", "http://127.0.0.1:9", HandClock())
    publisher = open_publisher("webhook", replace(given, secrets=MemorySecrets({})))
    post = a_post("webhook", ())
    with pytest.raises(Unauthorized):
        publisher.publish(post, key=post.key, handles=MemoryHandles())
    publisher.close()
    assert oracle.asked == []
    assert {ruling.verdict for ruling in STATUSES.values()} <= set(Verdict)
