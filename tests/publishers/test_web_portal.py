"""The portal keeps every promise of a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from editorial.outcome import CannotTell, PublishError, Receipt, Unavailable
from editorial.post import Medium
from publishers.slug import page_slug
from rehearsal.faults import Fault
from tests.publishers.bench import clip, picture
from tests.publishers.channel_contract import ChannelContract


class TestWebPortal(ChannelContract):
    channel = "web_portal"
    platform = "wordpress"

    def media(self) -> tuple[Medium, ...]:
        return (picture(self.folder), picture(self.folder, "anh-2", 30), clip(self.folder))

    def test_the_media_are_compared_byte_by_byte(self) -> None:
        post = self.post()
        receipt = self.sent(post)
        other = replace(post, media=(replace(post.media[0], sha256="0" * 64), *post.media[1:]))
        assert self.shown(other, receipt) == ("ảnh hoặc clip đang hiển thị không đúng từng byte với bản đã duyệt",)

    def test_a_draft_whose_answer_was_lost_is_taken_up_again(self) -> None:
        post = self.post()
        self.town.arm(self.platform, Fault.DROP_RESPONSE_AFTER_COMMIT, path="/posts", method="POST")
        with pytest.raises(Unavailable):
            self.prepared(post)
        receipt = self.sent(post)
        assert receipt.evidence["slug"] == page_slug(post.key)
        assert len(self.live()) == 1

    def test_a_draft_that_was_made_although_the_portal_said_no_is_taken_up_again(self) -> None:
        self.town.arm(self.platform, Fault.INSERT_THEN_FAIL, path="/posts", method="POST")
        with pytest.raises(PublishError):
            self.prepared(self.post())
        receipt = self.sent()
        assert receipt.evidence["slug"] == page_slug(self.post().key)
        assert len(self.live()) == 1

    def test_a_draft_that_somebody_threw_away_is_for_a_person(self) -> None:
        post = self.prepared(self.post())
        self.publisher.withdraw(Receipt(remote_id=self.handles.values["post"], url=None))  # type: ignore[attr-defined]
        assert isinstance(self.look(post), CannotTell)

    def test_comments_are_read_to_the_last_page_and_not_beyond(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("publishers.web_portal.publisher.MOST", 2)
        receipt, since = self.sent(), self.clock.now - timedelta(minutes=1)
        said = [self.publisher.answer(receipt, f"Ý kiến {number}") for number in range(4)]  # type: ignore[attr-defined]
        assert [comment.id for comment in self.publisher.comments(receipt, since=since)] == said  # type: ignore[attr-defined]

    def test_the_same_picture_is_uploaded_once_for_two_posts(self) -> None:
        first, second = self.post(), replace(self.post(), key="bai-hai.web_portal.2026")
        self.sent(first)
        known = {name: value for name, value in self.handles.values.items() if name.startswith("m-")}
        self.handles.values.clear()
        self.sent(second)
        assert {name: value for name, value in self.handles.values.items() if name.startswith("m-")} == known


    def test_a_corrected_description_reaches_a_picture_that_the_portal_has_already(self) -> None:
        post = self.post()
        receipt = self.sent(post)
        head = replace(post.media[0], alt="Bản đồ: cấm xe máy đến 10 giờ")
        self.handles.values.clear()  # another version starts without any
        self.publisher.correct(receipt, replace(post, media=(head, *post.media[1:])), handles=self.handles)  # type: ignore[attr-defined]
        shown = self.publisher._rest.get(f"media/{self.handles.values[f'm-{head.sha256[:16]}']}")  # type: ignore[attr-defined]
        assert shown.text("alt_text") == head.alt


def test_a_slug_is_the_same_for_ever_and_near_keys_stay_apart() -> None:
    assert page_slug("10-10.web_portal.2026") == page_slug("10-10.web_portal.2026")
    assert page_slug("a.b") != page_slug("a-b")
    assert page_slug("a.b").startswith("a-b-")
