"""Zalo OA keeps every promise of a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.outcome import Absent, Found, OutcomeUnknown, Pending, RateLimited, Receipt, Refused, Unavailable
from editorial.post import Medium
from publishers.registry import open_publisher
from rehearsal.faults import Fault
from rehearsal.town import Town
from tests.publishers.bench import HandClock, MemoryHandles, a_post, account_at, clip, picture
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

    def test_a_token_that_dies_between_the_hidden_article_and_its_showing_costs_no_second_article(self) -> None:
        post, secrets = self.prepared(self.post()), self.publisher.account.secrets
        before = secrets.replaced  # type: ignore[attr-defined]
        made = len(list(self.town._platforms["zalo"]._articles))  # type: ignore[attr-defined]
        self.town.arm(self.platform, Fault.EXPIRE_TOKEN_NOW)
        with pytest.raises(Unavailable):
            self.publisher.publish(post, key=post.key, handles=self.handles)
        self.sent(post)
        assert len(list(self.town._platforms["zalo"]._articles)) == made  # type: ignore[attr-defined]
        assert secrets.replaced == before + 1  # type: ignore[attr-defined]
        assert len(self.live()) == 1

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


    def test_an_update_that_zalo_has_forgotten_may_have_shown_the_article(self) -> None:
        post = self.prepared(self.post())
        pending = self.publisher.publish(post, key=post.key, handles=self.handles)
        assert isinstance(pending, Pending)
        self.town._platforms["zalo"]._tickets.drop(pending.ticket)  # type: ignore[attr-defined]
        with pytest.raises(OutcomeUnknown):
            self.publisher.follow(pending, handles=self.handles)  # type: ignore[attr-defined]
        assert isinstance(self.look(post), Found)


    def test_an_article_without_an_author_of_its_own_has_the_accounts_name(self) -> None:
        settings = {name: value for name, value in self.publisher.account.settings.items() if name != "author"}
        self.publisher = open_publisher(self.channel, replace(self.publisher.account, settings=settings))
        receipt = self.sent()
        article = self.town._platforms["zalo"]._articles.get(receipt.remote_id)  # type: ignore[attr-defined]
        assert article.content["author"] == self.publisher.greet().name  # type: ignore[attr-defined]

    def test_an_author_that_zalo_would_refuse_is_a_problem_before_anything_is_sent(self) -> None:
        settings = {**self.publisher.account.settings, "author": "Trung tâm " * 6}
        long = open_publisher(self.channel, replace(self.publisher.account, settings=settings))
        (problem,) = long.check(self.post())
        assert "50" in problem.message
        long.close()


class TestZaloClip(ChannelContract):
    channel = "zalo_oa"
    platform = "zalo"
    survives_dead_token = True
    too_long = "title"

    def media(self) -> tuple[Medium, ...]:
        return (clip(self.folder),)


def test_an_article_is_hidden_until_zalo_has_made_it_and_shown_only_when_it_has_shown_it(
    tmp_path: Path, clock: HandClock, media_folder: Path, media_url: str
) -> None:
    with Town(clock=clock, folder=tmp_path / "town", processing=timedelta(minutes=1)) as town:
        publisher = open_publisher("zalo_oa", account_at(town, "zalo_oa", media_url))
        post, handles = a_post("zalo_oa", (picture(media_folder),)), MemoryHandles()
        with pytest.raises(RateLimited, match="đang xử lý") as caught:
            publisher.prepare(post, key=post.key, handles=handles)  # type: ignore[attr-defined]
        token = handles.values["article.token"]
        clock.move(minutes=2)
        publisher.prepare(post, key=post.key, handles=handles)  # type: ignore[attr-defined]
        assert (handles.values["article.token"], caught.value.wait) == (token, timedelta(seconds=5))
        pending = publisher.publish(post, key=post.key, handles=handles)
        assert isinstance(pending, Pending)
        assert town.ledger("zalo") == ()
        since = clock.now - timedelta(minutes=5)
        assert publisher.find(post, key=post.key, handles=handles, since=since) == Absent(proof=True)  # type: ignore[attr-defined]
        again = publisher.follow(pending, handles=handles)  # type: ignore[attr-defined]
        assert isinstance(again, Pending)
        clock.move(minutes=2)
        receipt = publisher.follow(again, handles=handles)  # type: ignore[attr-defined]
        assert isinstance(receipt, Receipt)
        assert [row.text for row in town.ledger("zalo")]
        assert publisher.measure(receipt, at=clock.now).figures == {"views": 0, "shares": 0}  # type: ignore[attr-defined]
        publisher.close()


def test_a_picture_that_zalo_cannot_fetch_is_refused_before_anything_is_public(
    tmp_path: Path, clock: HandClock, media_url: str
) -> None:
    with Town(clock=clock, folder=tmp_path / "town") as town:
        publisher = open_publisher("zalo_oa", account_at(town, "zalo_oa", media_url))
        post = a_post("zalo_oa", (picture(tmp_path, shade=3),))  # not in the folder that is served
        with pytest.raises(Refused, match="photo_url"):
            publisher.prepare(post, key=post.key, handles=MemoryHandles())  # type: ignore[attr-defined]
        assert town.ledger("zalo") == ()
        publisher.close()
