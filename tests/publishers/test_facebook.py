"""Facebook keeps every promise of a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from editorial.outcome import Found, RateLimited
from editorial.post import Medium
from publishers.contract import Prepares
from rehearsal.faults import Fault
from tests.publishers.bench import a_post, clip, picture
from tests.publishers.channel_contract import ChannelContract


class TestFacebookPicture(ChannelContract):
    channel = "facebook"
    platform = "facebook"

    def test_a_post_with_only_words_and_a_link_is_found_by_its_words(self) -> None:
        post = a_post(self.channel, (), self.number)
        linked = replace(post, variant=replace(post.variant, link="https://hanoi.example/cam-duong"))
        receipt = self.sent(linked)
        assert self.shown(linked, receipt) == ()
        found = self.look(linked)
        assert isinstance(found, Found)
        assert found.receipt.remote_id == receipt.remote_id


class TestFacebookAlbum(ChannelContract):
    channel = "facebook"
    platform = "facebook"

    def media(self) -> tuple[Medium, ...]:
        return tuple(picture(self.folder, f"anh-{shade}", shade) for shade in (40, 80, 160))


class TestFacebookClip(ChannelContract):
    channel = "facebook"
    platform = "facebook"

    def media(self) -> tuple[Medium, ...]:
        return (clip(self.folder),)

    @pytest.mark.parametrize("step", [0, 1])  # the session, a chunk
    def test_a_throttle_during_the_upload_says_how_long_to_wait_too(self, step: int) -> None:
        self.town.arm(self.platform, Fault.RATE_LIMIT_NEXT, seconds=120, path="/videos", skip=step)
        post = self.post()
        assert isinstance(self.publisher, Prepares)
        with pytest.raises(RateLimited) as caught:
            self.publisher.prepare(post, key=post.key, handles=self.handles)
        assert caught.value.wait == timedelta(minutes=2)
