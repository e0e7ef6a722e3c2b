"""YouTube keeps every promise of a channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from editorial.outcome import Unavailable
from editorial.post import Medium
from publishers.youtube.errors import until_midnight_pacific
from rehearsal.faults import Fault
from tests.publishers.bench import clip
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
