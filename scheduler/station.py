"""What every worker has at hand, and how long it is patient."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from editorial.clock import OFFICE_ZONE, Clock, boot_time
from editorial.delivery import Delivery, HoldReason
from editorial.outcome import PublishError, RateLimited, Unavailable
from editorial.post import Post
from editorial.rate import Rate
from editorial.release import ReleaseRule
from publishers.contract import Handles, Publisher
from store.errors import Tampered, Unreachable
from store.gates import Way, Ways
from store.halts import channel_scope
from store.media import altered
from store.store import Store

FROZEN = 1.0  # seconds between intent and call after which the worker must have been asleep, and may not call
SETTLE = timedelta(seconds=60)  # where a channel has no publisher any more to say how long it needs
MOST_FAILURES = 6
TAKEN_OFF = "kênh đang không có tài khoản nào được kết nối, chưa xem được bài; hãy kết nối lại kênh"
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)


def ways_of(publishers: Mapping[str, Publisher], rates: Mapping[str, Rate] | None = None) -> Ways:
    """Return whose gates the channels pass, and at what pace: their manifests', unless `rates` says another one by channel."""

    return Ways(by_channel={channel: _way(channel, publisher, rates) for channel, publisher in publishers.items()})


def _way(channel: str, publisher: Publisher, rates: Mapping[str, Rate] | None) -> Way:
    facts = publisher.manifest
    own, shared = (facts.pace, facts.app_pace) if rates is None else (rates.get(channel), None)
    return Way(provider=facts.id, rate=own, app=publisher.app, app_rate=shared)


def left_behind(store: Store, delivery: Delivery) -> str:
    """Return why a post cannot be reached: it is on an account that the channel has no more; empty where it can.

    Its id is some other post's id on the account that the channel has now.
    """
    name = store.connections.left_behind(delivery)
    return f"bài nằm ở tài khoản cũ “{name}”, kênh nay dùng tài khoản khác nên Loa không đụng tới" if name else ""


@dataclass(frozen=True, kw_only=True)
class Station:
    """The store, the channels and the time, as one worker uses them."""

    store: Store
    publishers: Mapping[str, Publisher]
    clock: Clock
    random: Random = field(default_factory=Random)
    elapsed: Callable[[], float] = boot_time
    rule: ReleaseRule = field(default_factory=ReleaseRule)
    rates: Mapping[str, Rate] | None = None  # by channel, in the place of the manifests'
    _known: list[Ways] = field(default_factory=list, repr=False)

    @property
    def ways(self) -> Ways:
        """Return whose gates the channels pass that were connected at the last look, and at what pace.

        To ask hundreds of channels with each claim takes as long as everything else that a claim does.
        """
        if not self._known:
            self.look_who_is_connected()
        return self._known[0]

    def look_who_is_connected(self) -> None:
        """Look anew: an account was connected, or has learnt which app it belongs to."""
        self._known[:] = [ways_of(self.publishers, self.rates)]

    def post(self, delivery: Delivery) -> Post:
        """Return exactly the version of the post that this delivery sends; raise Tampered when it was altered since."""
        return self.store.posts.version(delivery.post_key, delivery.post_digest)

    def to_send(self, key: str, digest: str) -> Post:
        """Return a signed version of a post with every file of it still as it was signed; raise Tampered otherwise.

        Raise Unavailable where the files lie elsewhere and cannot be had now.
        """
        post = self.store.posts.version(key, digest)
        if self.store.media is not None:
            try:
                self.store.media.bring(post)
            except Unreachable as error:
                raise Unavailable(f"kho ảnh và clip chung không trả lời ({error})", code="media") from error
        if file := altered(post):
            raise Tampered(f"{key}: {file.name}")
        return post

    def handles(self, delivery: Delivery) -> Handles:
        """Return what has been made for the delivery so far."""
        return self.store.handles.of(delivery)

    def left_behind(self, delivery: Delivery) -> str:
        """Return why a post cannot be reached; see the function of this name."""
        return left_behind(self.store, delivery)

    def settle(self, delivery: Delivery) -> timedelta:
        """Return how long the channel may take to show what it has accepted."""
        publisher = self.publishers.get(delivery.channel)
        return publisher.manifest.settle if publisher else SETTLE

    def after(self, span: timedelta) -> datetime:
        """Return the moment `span` from now."""
        return self.clock.now() + span

    def back_off(self, failures: int) -> datetime:
        """Return when to try again after so many failures in a row: full jitter, so that a crowd does not come back at once."""
        most = min(LONGEST_WAIT, FIRST_WAIT * 2.0**failures)
        return self.after(most * self.random.random())

    def pause_for_quota(self, delivery: Delivery, error: RateLimited, until: datetime) -> None:
        """Stop the channel until its platform takes posts again, with all that share the allowance: what is due need not ask."""
        opens = f"{until.astimezone(OFFICE_ZONE):%H:%M ngày %d/%m}"
        for channel in self.ways.sharing(delivery.channel) if error.of_app else (delivery.channel,):
            why = f"kênh {channel} đã dùng hết hạn mức ({error}); Loa đăng tiếp từ {opens}, hoặc bỏ tạm dừng sớm hơn"
            self.store.halts.set(channel_scope(channel), why=why, who="scheduler", reason=HoldReason.QUOTA, ends_at=until)

    def pause_channel(self, delivery: Delivery, error: PublishError) -> None:
        """Stop the channel until a person has connected it again."""
        why = f"kênh {delivery.channel} không nhận quyền truy cập ({error}); hãy kết nối lại kênh rồi bỏ tạm dừng"
        self.store.halts.set(channel_scope(delivery.channel), why=why, who="scheduler", reason=HoldReason.AUTH)
