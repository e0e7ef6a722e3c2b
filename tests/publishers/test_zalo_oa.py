"""Zalo OA keeps every promise of a channel."""

from __future__ import annotations

import pytest

from editorial.outcome import Unavailable
from editorial.post import Medium
from rehearsal.faults import Fault
from tests.publishers.bench import clip, picture
from tests.publishers.channel_contract import ChannelContract


class TestZaloArticle(ChannelContract):
    channel = "zalo_oa"
    platform = "zalo"
    survives_dead_token = True
    too_long = "title"

    def media(self) -> tuple[Medium, ...]:
        return (picture(self.folder), picture(self.folder, "anh-2", 30))

    def test_a_dead_token_is_refreshed_once_and_the_new_pair_is_kept_before_it_is_used(self) -> None:
        self.town.arm(self.platform, Fault.EXPIRE_TOKEN_NOW)
        self.sent()
        secrets = self.publisher.account.secrets
        assert secrets.replaced == 1  # type: ignore[attr-defined]
        assert secrets.get("refresh_token") == self.town.credentials()["zalo"]["refresh_token"]

    def test_an_article_that_zalo_took_without_an_answer_is_not_made_twice(self) -> None:
        post = self.post()
        assert self.publisher._left_behind(post) is None  # type: ignore[attr-defined]
        self.town.arm(self.platform, Fault.DROP_RESPONSE_AFTER_COMMIT, path="article/create")
        with pytest.raises(Unavailable):
            self.prepared(post)
        left = self.publisher._left_behind(post)  # type: ignore[attr-defined]
        self.sent(post)
        assert left is not None
        assert left == self.handles.get("article")
        assert len(self.live()) == 1


class TestZaloClip(ChannelContract):
    channel = "zalo_oa"
    platform = "zalo"
    survives_dead_token = True
    too_long = "title"

    def media(self) -> tuple[Medium, ...]:
        return (clip(self.folder),)
