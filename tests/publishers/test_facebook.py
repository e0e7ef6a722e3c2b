"""Facebook keeps every promise of a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from editorial.outcome import Absent, Found, RateLimited, Unauthorized, Unavailable
from editorial.post import Medium
from publishers.contract import Prepares
from publishers.registry import open_publisher
from rehearsal.faults import Fault
from rehearsal.town import Town
from tests.publishers.bench import HandClock, MemoryHandles, MemorySecrets, a_post, account_at, clip, picture
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


    def test_the_same_words_from_another_program_are_not_our_post(self) -> None:
        post = a_post(self.channel, (), self.number)
        self.sent(post)
        settings = {**self.publisher.account.settings, "app_id": "chuong-trinh-khac"}
        other = open_publisher(self.channel, replace(self.publisher.account, settings=settings))
        since = self.clock.now - timedelta(minutes=5)
        assert other.find(post, key=post.key, handles=self.handles, since=since) == Absent(proof=True)  # type: ignore[attr-defined]
        other.close()

    def test_a_pictures_description_reaches_people_who_do_not_see_it(self) -> None:
        post = self.post()
        self.sent(post)
        (photo,) = (value for name, value in self.handles.values.items() if name.startswith("photo."))
        assert self.asked(photo, "alt_text_custom")["alt_text_custom"] == post.media[0].alt

    def test_every_call_proves_the_apps_secret(self) -> None:
        secrets = MemorySecrets({**self.publisher.account.secrets.values, "app_secret": "sai"})  # type: ignore[attr-defined]
        other = open_publisher(self.channel, replace(self.publisher.account, secrets=secrets))
        with pytest.raises(Unauthorized, match="appsecret_proof"):  # a person has to mend it: no post is at fault
            other.publish(self.prepared(self.post()), key=self.post().key, handles=self.handles)
        other.close()

    def test_what_citizens_say_is_read_without_who_they_are(self) -> None:
        receipt, known = self.sent(), self.town.credentials()["facebook"]
        url = f"{self.town.addresses['facebook']}/v26.0/{receipt.remote_id}/comments"
        said = {"message": "Đến mấy giờ?", "access_token": known["user_token"]}
        httpx.post(url, data=said, trust_env=False).raise_for_status()
        (comment,) = self.publisher.comments(receipt, since=self.clock.now - timedelta(minutes=1))  # type: ignore[attr-defined]
        assert (comment.text, comment.own) == ("Đến mấy giờ?", False)
        assert "dân" not in repr(comment)

    def asked(self, id: str, fields: str) -> dict[str, object]:
        token = self.town.credentials()["facebook"]["page_token"]
        url = f"{self.town.addresses['facebook']}/v26.0/{id}"
        return dict(httpx.get(url, params={"fields": fields, "access_token": token}, trust_env=False).json())


class TestFacebookAlbum(ChannelContract):
    channel = "facebook"
    platform = "facebook"

    def media(self) -> tuple[Medium, ...]:
        return tuple(picture(self.folder, f"anh-{shade}", shade) for shade in (40, 80, 160))


class TestFacebookClip(ChannelContract):
    channel = "facebook"
    platform = "facebook"

    def media(self) -> tuple[Medium, ...]:
        return (clip(self.folder, size=3_400_000),)  # four chunks of the stand-in's

    def cut_short(self, *, skip: int) -> dict[str, str]:
        """Let the answer to a chunk be lost, and return what is known of the upload then."""
        self.town.arm(self.platform, Fault.DROP_RESPONSE_AFTER_COMMIT, path="/videos", method="POST", skip=skip)
        with pytest.raises(Unavailable):
            self.prepared(self.post())
        assert "video.finished" not in self.handles.values
        return dict(self.handles.values)

    @pytest.mark.parametrize("chunks", [1, 2, 3])
    def test_an_upload_that_was_cut_short_goes_on_where_it_stopped(self, chunks: int) -> None:
        known = self.cut_short(skip=chunks)  # the call that opens the session is the first
        receipt = self.sent()
        assert receipt.remote_id == known["video"] == self.handles.values["video"]
        assert self.handles.values["video.session"] == known["video.session"]
        assert self.live()[0].media_sha256 == (self.post().media[0].sha256,)

    def test_an_upload_whose_end_was_not_heard_is_not_brought_again(self) -> None:
        known = self.cut_short(skip=5)
        assert self.sent().remote_id == known["video"]
        assert len(self.live()) == 1

    def test_a_clip_whose_end_was_not_taken_does_not_go_out_without_its_words(self) -> None:
        self.town.arm(self.platform, Fault.ERROR_BEFORE_COMMIT, path="/videos", method="POST", skip=5)
        with pytest.raises(Unavailable):
            self.prepared(self.post())
        post = self.post()
        assert self.shown(post, self.sent(post)) == ()
        assert [row.text for row in self.live()] == [post.variant.text]

    def test_an_upload_that_facebook_has_forgotten_begins_anew(self) -> None:
        self.handles.values.update({"video": "1", "video.session": "1"})
        receipt = self.sent()
        assert receipt.remote_id == self.handles.values["video"] != "1"
        assert len(self.live()) == 1

    def test_a_clip_has_its_poster_and_its_subtitles(self) -> None:
        self.sent()
        token = self.town.credentials()["facebook"]["page_token"]
        url = f"{self.town.addresses['facebook']}/v26.0/{self.handles.values['video']}"
        asked = {"fields": "thumbnails,captions", "access_token": token}
        told = httpx.get(url, params=asked, trust_env=False).json()
        assert [len(told["thumbnails"]["data"]), told["captions"]["data"]] == [1, [{"locale": "vi_VN"}]]

    def test_a_correction_reaches_the_clips_title_too(self) -> None:
        receipt = self.sent()
        corrected = self.post(title="Cấm đường đến 10 giờ", text="Cấm xe máy đến 10 giờ.")
        self.publisher.correct(receipt, corrected, handles=self.handles)  # type: ignore[attr-defined]
        token = self.town.credentials()["facebook"]["page_token"]
        url = f"{self.town.addresses['facebook']}/v26.0/{receipt.remote_id}"
        told = httpx.get(url, params={"fields": "title,description", "access_token": token}, trust_env=False).json()
        assert (told["title"], told["description"]) == (corrected.variant.title, corrected.variant.text)

    def test_a_clips_address_is_the_one_under_which_the_public_finds_it(self) -> None:
        receipt = self.sent()
        (row,) = self.published()
        assert receipt.url == row.url

    @pytest.mark.parametrize("step", [0, 1])  # the session, a chunk
    def test_a_throttle_during_the_upload_says_how_long_to_wait_too(self, step: int) -> None:
        self.town.arm(self.platform, Fault.RATE_LIMIT_NEXT, seconds=120, path="/videos", skip=step)
        post = self.post()
        assert isinstance(self.publisher, Prepares)
        with pytest.raises(RateLimited) as caught:
            self.publisher.prepare(post, key=post.key, handles=self.handles)
        assert caught.value.wait == timedelta(minutes=2)


def test_a_clip_that_facebook_works_on_waits_and_one_that_it_cannot_read_is_refused(
    tmp_path: Path, clock: HandClock, media_url: str
) -> None:
    with Town(clock=clock, folder=tmp_path / "town", processing=timedelta(minutes=2)) as town:
        publisher = open_publisher("facebook", account_at(town, "facebook", media_url))
        post, handles = a_post("facebook", (clip(tmp_path),)), MemoryHandles()
        with pytest.raises(RateLimited, match="đang xử lý clip"):
            publisher.prepare(post, key=post.key, handles=handles)  # type: ignore[attr-defined]
        clock.move(minutes=3)
        publisher.prepare(post, key=post.key, handles=handles)  # type: ignore[attr-defined]
        publisher.publish(post, key=post.key, handles=handles)
        assert len(town.ledger("facebook")) == 1
        publisher.close()
