"""YouTube keeps every promise of a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from editorial.outcome import RateLimited, Receipt, Refused, Unauthorized, Unavailable
from editorial.post import Medium
from publishers.registry import open_publisher
from publishers.youtube.publisher import YouTubePublisher
from publishers.youtube.quota import DAILY, MOST_UNWRITTEN, PACIFIC, RESERVE, until_midnight_pacific
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

    def test_the_clip_of_an_earlier_version_is_not_taken_for_the_new_ones(self) -> None:
        """Both have the delivery's marker; only one of them is approved."""
        self.prepared(self.post())
        self.handles = MemoryHandles()  # a new version starts without any
        approved = self.post(title="Tên mới", text="Lời mới đã duyệt.")
        self.town.arm(self.platform, Fault.ERROR_BEFORE_COMMIT, method="PUT", path="upload")
        with pytest.raises(Unavailable):
            self.prepared(approved)
        assert self.shown(approved, self.sent(approved)) == ()
        assert [row.title for row in self.live()] == ["Tên mới"]

    def test_an_upload_whose_state_youtube_cannot_tell_now_is_not_begun_again(self) -> None:
        self.clock.move(days=1)
        self.town.arm(self.platform, Fault.ERROR_BEFORE_COMMIT, method="PUT", path="upload", count=2)
        for _ in range(2):  # the clip's bytes, and then the question how many of them have arrived
            with pytest.raises(Unavailable):
                self.prepared(self.post())
        self.prepared(self.post())
        assert self.charged["uploads"] == 1

    @property
    def counted(self) -> dict[str, int]:
        quota = self.publisher._youtube.quota  # type: ignore[attr-defined]
        return {bucket: quota.used(bucket) for bucket in DAILY}

    @property
    def charged(self) -> dict[str, int]:
        """Return what the stand-in itself has charged on this day in California."""
        table = self.town._platforms["youtube"]._quota._used  # type: ignore[attr-defined]
        day = f"{self.clock.now.astimezone(PACIFIC):%Y-%m-%d}"
        return {"units": table.get(f"{day} units") or 0, "uploads": table.get(f"{day} inserts") or 0}

    def test_every_call_is_counted_as_youtube_charges_it(self) -> None:
        self.clock.move(days=1)
        receipt = self.sent()
        self.look(self.post())
        self.publisher.correct(receipt, self.post(title="Tên mới"), handles=self.handles)  # type: ignore[attr-defined]
        self.publisher.answer(receipt, "Gọi 1022.")  # type: ignore[attr-defined]
        self.publisher.comments(receipt, since=self.clock.now)  # type: ignore[attr-defined]
        self.publisher.measure(receipt, at=self.clock.now)  # type: ignore[attr-defined]
        self.publisher.withdraw(receipt)  # type: ignore[attr-defined]
        assert self.counted == self.charged
        assert self.counted["uploads"] == 1

    def test_what_a_killed_process_has_not_written_down_of_the_quota_is_less_than_the_reserve(self) -> None:
        self.clock.move(days=1)
        receipt = self.sent()
        for _ in range(20):
            self.publisher.correct(receipt, self.post(title="Tên mới"), handles=self.handles)  # type: ignore[attr-defined]
        restarted = open_publisher(self.channel, self.publisher.account)
        known = restarted._youtube.quota.used("units")  # type: ignore[attr-defined]
        assert self.charged["units"] - RESERVE < self.charged["units"] - MOST_UNWRITTEN < known <= self.charged["units"]
        restarted.close()

    def test_no_clip_is_begun_that_the_days_quota_cannot_bring_to_its_end(self) -> None:
        self.clock.move(days=1)
        account = replace(self.publisher.account, settings={**self.publisher.account.settings, "daily_units": "1600"})
        small = open_publisher(self.channel, account)
        try:
            small.prepare(self.post(), key=self.post().key, handles=self.handles)  # type: ignore[attr-defined]
            with pytest.raises(RateLimited) as caught:
                small.prepare(self.post(), key="bai-hai", handles=MemoryHandles())  # type: ignore[attr-defined]
            assert caught.value.wait == until_midnight_pacific(self.clock.now)
            small.publish(self.post(), key=self.post().key, handles=self.handles)  # what was begun is ended
            self.clock.now += caught.value.wait
            small.prepare(self.post(), key="bai-hai", handles=MemoryHandles())  # type: ignore[attr-defined]
        finally:
            small.close()

    def test_a_quota_that_something_else_has_used_up_is_believed(self) -> None:
        self.clock.move(days=1)
        table = self.town._platforms["youtube"]._quota._used  # type: ignore[attr-defined]
        table.put(f"{self.clock.now.astimezone(PACIFIC):%Y-%m-%d} units", 10_000)
        with pytest.raises(RateLimited) as caught:
            self.publisher.measure(Receipt(remote_id="x", url=None), at=self.clock.now)  # type: ignore[attr-defined]
        assert caught.value.wait == until_midnight_pacific(self.clock.now)
        assert self.counted["units"] == 10_000
        with pytest.raises(RateLimited, match="để dành"):
            self.publisher.prepare(self.post(), key=self.post().key, handles=self.handles)  # type: ignore[attr-defined]
        self.clock.move(days=1)  # for the tests behind this one

    def test_uploads_that_are_used_up_are_not_taken_for_used_up_units(self) -> None:
        self.clock.move(days=1)
        table = self.town._platforms["youtube"]._quota._used  # type: ignore[attr-defined]
        table.put(f"{self.clock.now.astimezone(PACIFIC):%Y-%m-%d} inserts", 100)
        with pytest.raises(RateLimited, match="hạn mức"):
            self.publisher.prepare(self.post(), key=self.post().key, handles=self.handles)  # type: ignore[attr-defined]
        assert self.counted["uploads"] == 100
        assert self.counted["units"] < 100
        self.clock.move(days=1)  # for the tests behind this one

    def test_the_clip_is_put_into_the_offices_playlist_once(self) -> None:
        self.clock.move(days=1)
        settings = {**self.publisher.account.settings, "playlist_id": f"PL-loa-{self.number}"}
        listed = open_publisher(self.channel, replace(self.publisher.account, settings=settings))
        self.town.arm(self.platform, Fault.DROP_RESPONSE_AFTER_COMMIT, path="playlistItems", method="POST")
        with pytest.raises(Unavailable):
            listed.prepare(self.post(), key=self.post().key, handles=self.handles)  # type: ignore[attr-defined]
        for _ in range(2):
            listed.prepare(self.post(), key=self.post().key, handles=self.handles)  # type: ignore[attr-defined]
        items = self.town._platforms["youtube"]._channel.items  # type: ignore[attr-defined]
        held = [item.video for item in items if item.playlist == settings["playlist_id"]]
        assert held == [self.handles.values["video"]]
        assert self.live() == []
        listed.close()

    def test_what_a_person_set_in_studio_outlives_a_correction_and_a_withdrawal(self) -> None:
        """An update clears whatever of its part it leaves out."""
        receipt = self.sent()
        channel = self.town._platforms["youtube"]._channel  # type: ignore[attr-defined]
        video = channel.video(receipt.remote_id)
        snippet = {**video.parts["snippet"], "categoryId": "22", "defaultAudioLanguage": "vi-VN"}
        status = {**video.parts["status"], "license": "creativeCommon", "embeddable": False, "containsSyntheticMedia": True}
        channel.keep(replace(video, parts={**video.parts, "snippet": snippet, "status": status}))
        self.publisher.correct(receipt, self.post(title="Tên mới"), handles=self.handles)  # type: ignore[attr-defined]
        self.publisher.withdraw(receipt)  # type: ignore[attr-defined]
        after = channel.video(receipt.remote_id).parts
        assert (after["snippet"]["title"], after["snippet"]["categoryId"]) == ("Tên mới", "22")
        assert after["snippet"]["defaultAudioLanguage"] == "vi-VN"
        assert after["status"] == {**status, "privacyStatus": "private"}

    def test_all_answers_of_a_long_thread_are_read(self) -> None:
        receipt, since = self.sent(), self.clock.now
        head = self.publisher.answer(receipt, "Hỏi đáp")  # type: ignore[attr-defined]
        replies = [self.publisher.answer(receipt, f"Ý {number}", to=head) for number in range(7)]  # type: ignore[attr-defined]
        deeper = self.publisher.answer(receipt, "Ý cuối", to=replies[0])  # type: ignore[attr-defined]
        found = self.publisher.comments(receipt, since=since)  # type: ignore[attr-defined]
        assert [comment.id for comment in found] == [head, *replies, deeper]
        assert {comment.parent for comment in found[1:]} == {head}


def test_a_project_that_youtube_has_not_audited_pauses_the_channel(tmp_path: Path, clock: HandClock, media_url: str) -> None:
    with Town(clock=clock, folder=tmp_path / "town") as town:
        town._platforms["youtube"]._audited = False  # type: ignore[attr-defined]
        publisher = open_publisher("youtube", account_at(town, "youtube", media_url))
        post, handles = a_post("youtube", (clip(tmp_path),)), MemoryHandles()
        publisher.prepare(post, key=post.key, handles=handles)  # type: ignore[attr-defined]
        with pytest.raises(Unauthorized, match="kiểm định"):
            publisher.publish(post, key=post.key, handles=handles)
        assert town.ledger("youtube") == ()
        publisher.close()


def test_a_clip_that_youtube_turned_down_is_refused_before_its_moment(tmp_path: Path, clock: HandClock, media_url: str) -> None:
    with Town(clock=clock, folder=tmp_path / "town") as town:
        publisher = open_publisher("youtube", account_at(town, "youtube", media_url))
        broken = replace(clip(tmp_path), path=tmp_path / "hong.mp4", byte_size=9)
        broken.path.write_bytes(b"khong-phai")
        post = a_post("youtube", (replace(broken, byte_size=10),))
        with pytest.raises(Refused, match="xuất lại"):
            publisher.prepare(post, key=post.key, handles=MemoryHandles())  # type: ignore[attr-defined]
        publisher.close()


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
