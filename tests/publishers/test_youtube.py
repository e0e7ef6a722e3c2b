"""YouTube keeps every promise of a channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from editorial.outcome import Unavailable
from editorial.post import Medium
from publishers.registry import open_publisher
from publishers.youtube.errors import until_midnight_pacific
from publishers.youtube.publisher import YouTubePublisher
from rehearsal.faults import Fault
from rehearsal.town import Town
from tests.publishers.bench import HandClock, MemoryHandles, a_post, account_at, clip, prepare
from tests.publishers.channel_contract import ChannelContract


class TestYouTube(ChannelContract):
    channel = "youtube"
    platform = "youtube"
    survives_dead_token = True

    def media(self) -> tuple[Medium, ...]:
        return (clip(self.folder),)

    def test_an_upload_whose_last_answer_was_lost_is_not_uploaded_again(self) -> None:
        post = self.post()
        self.town.arm(self.platform, Fault.DROP_RESPONSE_AFTER_COMMIT, method="PUT", path="upload")
        with pytest.raises(Unavailable):
            self.prepared(post)
        session = self.handles.get("session")
        assert session is not None
        self.sent(post)
        assert self.handles.get("session") == session
        assert len(self.live()) == 1


def test_the_quota_opens_at_midnight_in_los_angeles() -> None:
    assert until_midnight_pacific(datetime(2026, 10, 10, 1, 0, tzinfo=UTC)) == timedelta(hours=6)
    assert until_midnight_pacific(datetime(2026, 12, 10, 1, 0, tzinfo=UTC)) == timedelta(hours=7)


@pytest.mark.parametrize("rejected", [False, True])
def test_a_clip_that_youtube_is_still_looking_at_is_not_read_back_yet(tmp_path: Path, rejected: bool) -> None:
    clock, handles = HandClock(), MemoryHandles()
    with Town(clock=clock, folder=tmp_path / "town", processing=timedelta(seconds=45)) as town:
        publisher = open_publisher("youtube", account_at(town, "youtube", "http://127.0.0.1:9"))
        assert isinstance(publisher, YouTubePublisher)
        post = a_post("youtube", (clip(tmp_path),), 1)
        if rejected:
            town.arm("youtube", Fault.DUPLICATE_DETECT)
        prepare(publisher, post, handles, clock)
        receipt = publisher.publish(post, key=post.key, handles=handles)
        with pytest.raises(Unavailable, match="xử lý"):
            publisher.read_back(receipt)
        clock.move(seconds=46)
        live = publisher.read_back(receipt)
        assert live is not None
        assert live.visible is not rejected
        assert len(town.ledger("youtube")) == (0 if rejected else 1)
        publisher.close()
