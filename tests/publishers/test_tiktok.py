"""TikTok keeps every promise of a channel, but for those that its API leaves to a person: to change, and to take back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from editorial.likeness import differences
from editorial.outcome import (
    Absent,
    CannotTell,
    Found,
    OutcomeUnknown,
    Pending,
    RateLimited,
    Receipt,
    Refused,
    Unauthorized,
    Unavailable,
)
from editorial.post import Medium, Post
from publishers.contract import Corrects, Withdraws
from publishers.expiry import read_expiry
from publishers.registry import allowances, open_publisher
from publishers.tiktok.publisher import TikTokPublisher
from publishers.tiktok.upload import LEAST_PIECE, Pieces
from rehearsal.faults import Fault
from rehearsal.town import Town
from tests.publishers.bench import HandClock, MemoryHandles, MemorySecrets, a_post, account_at, clip, finish, mp4, prepare
from tests.publishers.channel_contract import ChannelContract

NOBODY = "http://127.0.0.1:9/video/?upload_token=x"


class TestTikTok(ChannelContract):
    channel = "tiktok"
    platform = "tiktok"
    publisher: TikTokPublisher

    @pytest.fixture(autouse=True)
    def _another_day(self, _stage: None) -> None:
        self.clock.move(hours=2)  # an account makes fifteen posts a day at the most

    def media(self) -> tuple[Medium, ...]:
        return (clip(self.folder),)

    def post(self, **words: str) -> Post:
        """Return a post with a caption that can be read back to its end."""
        text = f"Thông báo {self.number}: cầu Long Biên cấm xe máy từ 6 giờ.\nXem hanoi.example\n#HàNội"
        return super().post(**{"text": text, **words})

    def account_of(self, **settings: str) -> TikTokPublisher:
        known = self.publisher.account
        return TikTokPublisher(replace(known, settings={**known.settings, **settings}))

    def share(self) -> object:
        (share,) = (each for each in self.town._platforms["tiktok"]._creator.shares  # type: ignore[attr-defined]
                    if each.id == self.handles.values["session"].split()[0])  # fmt: skip
        return share

    def test_a_dead_token_pauses_the_channel(self) -> None:
        """The address of the upload carries a right of its own; whoever asks next renews the token."""
        post = self.prepared(self.post())
        secrets = self.publisher.account.secrets
        assert isinstance(secrets, MemorySecrets)
        before = secrets.replaced
        self.town.arm(self.platform, Fault.EXPIRE_TOKEN_NOW)
        outcome = self.publisher.publish(post, key=post.key, handles=self.handles)
        receipt = finish(self.publisher, outcome, self.handles, self.clock)
        assert secrets.replaced == before + 1
        assert [row.id for row in self.live()] == [receipt.remote_id]

    def test_a_platform_that_cannot_be_reached_has_posted_nothing(self) -> None:
        post = self.prepared(self.post())
        id, begun, _ = self.handles.values["session"].split()
        self.handles.save("session", f"{id} {begun} {NOBODY}")
        with pytest.raises(Unavailable) as caught:
            self.publisher.publish(post, key=post.key, handles=self.handles)
        self.says_no_secret(caught.value)

    def test_a_correction_is_read_back_and_may_be_repeated(self) -> None:
        """There is none: TikTok's API changes nothing."""
        assert self.publisher.manifest.permanent and not isinstance(self.publisher, Corrects)

    def test_a_withdrawn_post_is_gone_and_may_be_withdrawn_again(self) -> None:
        """TikTok's API takes nothing down; what a person took down in the app is seen to be gone."""
        assert self.publisher.manifest.permanent and not isinstance(self.publisher, Withdraws)
        assert self.publisher.read_back(Receipt(remote_id="7400000000000000001", url=None)) is None

    def test_a_live_clip_has_the_address_that_the_platform_gives(self) -> None:
        receipt = self.sent()
        live = self.publisher.read_back(receipt)
        assert live is not None
        assert receipt.url == live.url == f"{self.town.addresses['tiktok']}/@loa.dientap/video/{receipt.remote_id}"

    def test_of_a_long_caption_as_much_is_compared_as_can_be_read_back(self) -> None:
        said = "😀 " + "Cầu Long Biên cấm xe máy. " * 20
        post = self.post(text=said)
        receipt = self.sent(post)
        (row,) = self.live()
        assert row.text == said
        live = self.publisher.read_back(receipt)
        assert live is not None and len(live.text) < len(said)
        assert differences(self.publisher.shown(post), live) == ()
        assert differences(self.publisher.shown(self.post(text="Cấm xe khách. " + said)), live) != ()

    def test_the_session_is_kept_before_the_first_byte_and_a_large_clip_goes_on_where_it_stopped(self) -> None:
        big = clip(self.folder, 3 * LEAST_PIECE + 1_234)
        post = replace(self.post(), media=(big,))
        self.town.arm(self.platform, Fault.DROP_RESPONSE_AFTER_COMMIT, method="PUT", path="/video/")
        with pytest.raises(Unavailable):
            self.prepared(post)
        session = self.handles.values["session"]
        self.prepared(post)
        assert self.handles.values["session"] == session
        assert self.share().received == Pieces.of(big).span(2)[0]  # type: ignore[attr-defined]
        assert self.live() == []
        self.send(post)
        (row,) = self.live()
        assert row.media_sha256 == (big.sha256,)

    def test_the_same_bytes_sent_again_make_no_second_post(self) -> None:
        post = self.prepared(self.post())
        pending = self.publisher.publish(post, key=post.key, handles=self.handles)
        with pytest.raises(OutcomeUnknown):
            self.publisher.publish(post, key=post.key, handles=self.handles)
        finish(self.publisher, pending, self.handles, self.clock)
        assert len(self.live()) == 1

    def test_an_upload_that_came_through_late_is_neither_sent_again_nor_begun_anew(self) -> None:
        post = self.prepared(self.post())
        session = self.handles.values["session"]
        self.town.arm(self.platform, Fault.SLOW_COMMIT, seconds=600, method="PUT", path="/video/")
        with pytest.raises(OutcomeUnknown):
            self.publisher.publish(post, key=post.key, handles=self.handles)
        assert self.look(post) == Absent(proof=True)
        self.clock.move(minutes=10)
        self.prepared(post)
        self.clock.move(hours=3)
        self.prepared(post)
        assert self.handles.values["session"] == session
        self.send(post)
        assert len(self.live()) == 1

    def test_an_address_that_is_over_is_replaced_by_another(self) -> None:
        post = self.prepared(self.post())
        first = self.handles.values["session"]
        self.clock.move(minutes=61)
        with pytest.raises(Unavailable) as caught:
            self.publisher.publish(post, key=post.key, handles=self.handles)
        assert caught.value.code == "403"
        self.sent(post)
        assert self.handles.values["session"] != first
        assert len(self.live()) == 1

    def test_an_address_that_tiktok_calls_over_before_its_hour_is_replaced_too(self) -> None:
        post = self.prepared(self.post())
        first = self.handles.values["session"]
        self.town.arm(self.platform, Fault.CLOCK_OFFSET, seconds=3_700)
        with pytest.raises(Unavailable):
            self.publisher.publish(post, key=post.key, handles=self.handles)
        self.town.arm(self.platform, Fault.CLOCK_OFFSET, seconds=0)
        self.prepared(post)
        assert self.handles.values["session"] != first

    def test_a_clip_in_moderation_is_asked_after_less_and_less_often_and_is_not_taken_for_absent(self) -> None:
        post = self.prepared(self.post())
        pending: Receipt | Pending = self.publisher.publish(post, key=post.key, handles=self.handles)
        assert isinstance(pending, Pending) and pending.ask_again_in == timedelta(seconds=5)
        early = self.publisher.follow(pending, handles=self.handles)
        assert isinstance(early, Pending) and early.ask_again_in == timedelta(seconds=5)
        sighting = self.publisher.find(post, key=post.key, handles=self.handles, since=self.clock.now)
        assert isinstance(sighting, CannotTell)
        assert isinstance(self.look(post), Found)

    def test_a_post_whose_session_was_lost_is_found_by_its_words_and_its_absence_proves_nothing(self) -> None:
        post = self.post()
        since = self.clock.now
        assert self.publisher.find(post, key=post.key, handles=MemoryHandles(), since=since) == Absent(proof=False)
        receipt = self.sent(post)
        found = self.publisher.find(post, key=post.key, handles=MemoryHandles(), since=since)
        assert isinstance(found, Found) and found.receipt == receipt
        later = self.clock.now + timedelta(hours=1)
        assert self.publisher.find(post, key=post.key, handles=MemoryHandles(), since=later) == Absent(proof=False)
        self.handles = MemoryHandles()
        self.sent(post)
        twice = self.publisher.find(post, key=post.key, handles=MemoryHandles(), since=since)
        assert isinstance(twice, CannotTell)

    def test_duets_and_labels_are_off_until_the_office_wants_them(self) -> None:
        creator = self.publisher._creator()
        plain = self.publisher._post_info(self.post(), creator)
        assert {name for name, value in plain.items() if value is True} == {"disable_duet", "disable_stitch"}
        chosen = self.account_of(allow_duet="true", allow_stitch="true", own_brand="true", made_with_ai="true")
        wanted = chosen._post_info(self.post(), creator)
        assert {name for name, value in wanted.items() if value is True} == {"brand_organic_toggle", "is_aigc"}
        chosen.close()

    def test_no_clip_is_begun_beyond_what_the_account_may_post_in_a_day(self) -> None:
        few = self.account_of(daily_posts="2")
        shares = self.town._platforms["tiktok"]._creator.shares  # type: ignore[attr-defined]
        few.prepare(self.post(), key="mot", handles=MemoryHandles())
        self.clock.move(hours=5)
        few.prepare(self.post(), key="hai", handles=MemoryHandles())
        begun = len(list(shares))
        (told,) = allowances("tiktok", few.account, "x")
        assert (told.used, told.most) == (2, 2)
        with pytest.raises(RateLimited) as caught:
            few.prepare(self.post(), key="ba", handles=MemoryHandles())
        assert caught.value.wait == timedelta(hours=19)
        assert len(list(shares)) == begun
        self.clock.now += caught.value.wait
        few.prepare(self.post(), key="ba", handles=MemoryHandles())
        few.close()

    def test_a_renewed_pair_is_kept_with_its_term(self) -> None:
        self.town.arm(self.platform, Fault.EXPIRE_TOKEN_NOW)
        before = self.publisher.account.secrets.get("refresh_token")
        self.publisher.greet()
        assert self.publisher.account.secrets.get("refresh_token") != before
        expiry = read_expiry(self.publisher.account.notes.get)
        assert expiry.ends == self.clock.now + timedelta(days=365)


@pytest.mark.parametrize("size", [1, 4_999_999, 5_000_000, LEAST_PIECE, 2 * LEAST_PIECE - 1, 7 * LEAST_PIECE + 6, 4_000_000_000])
def test_a_clip_is_cut_as_tiktok_counts_pieces_and_the_last_is_hardly_larger(size: int, tmp_path: Path) -> None:
    pieces = Pieces.of(replace(clip(tmp_path), byte_size=size))
    assert pieces.count == size // pieces.size <= 1000
    assert pieces.size == size or 5_000_000 <= pieces.size <= 64_000_000
    spans = [pieces.span(number) for number in range(pieces.count)]
    assert spans[0][0] == 0 and spans[-1][1] == size
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    assert spans[-1][1] - spans[-1][0] < 2 * LEAST_PIECE


@pytest.fixture
def tick() -> HandClock:
    return HandClock()


Opened = tuple[Town, TikTokPublisher]


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path, tick: HandClock) -> Iterator[Opened]:
    """Open a town whose TikTok has the settings that the test names, and an account there."""
    with Town(clock=tick, folder=tmp_path / "town", settings={"tiktok": request.param}) as town:
        publisher = TikTokPublisher(account_at(town, "tiktok", NOBODY))
        yield town, publisher
        publisher.close()


def refusal(publisher: TikTokPublisher, folder: Path, **more: object) -> Exception:
    post = a_post("tiktok", (replace(clip(folder), **more),))  # type: ignore[arg-type]
    with pytest.raises((Refused, Unauthorized, RateLimited)) as caught:
        publisher.prepare(post, key=post.key, handles=MemoryHandles())
    return caught.value


@pytest.mark.parametrize(
    ("opened", "error", "said"),
    [
        ({"audited": False}, Unauthorized, "kiểm định"),
        ({"private_account": True}, Unauthorized, "công khai"),
        ({"banned": True}, Unauthorized, "cấm"),
        ({"posts_a_day": 0}, RateLimited, "trong ngày"),
        ({"audited": False, "active_users": 5}, RateLimited, "trong ngày"),
        ({"scopes": ("user.info.basic", "video.list")}, Unauthorized, "quyền"),
    ],
    indirect=["opened"],
)
def test_what_an_account_may_not_do_is_told_before_a_byte_is_sent(opened: Opened, error: type, said: str, tmp_path: Path) -> None:
    town, publisher = opened
    told = refusal(publisher, tmp_path)
    assert type(told) is error and said in str(told)
    assert town.ledger("tiktok") == ()


@pytest.mark.parametrize("opened", [{}], indirect=True)
def test_a_clip_that_is_longer_than_the_account_may_post_is_refused_before_a_byte_is_sent(opened: Opened, tmp_path: Path) -> None:
    told = refusal(opened[1], tmp_path, seconds=601.0)
    assert isinstance(told, Refused) and "600 giây" in str(told)


@pytest.mark.parametrize("opened", [{"scopes": ("user.info.basic", "video.publish")}], indirect=True)
def test_an_account_that_cannot_be_read_back_says_so(opened: Opened) -> None:
    assert opened[1].greet().lacks == ("video.list: đọc lại clip đã đăng và số liệu",)


@pytest.mark.parametrize("opened", [{}], indirect=True)
def test_a_clip_that_tiktok_gives_up_was_not_posted_and_can_be_sent_anew(
    opened: Opened, tmp_path: Path, tick: HandClock
) -> None:  # fmt: skip
    town, publisher = opened
    handles, small = MemoryHandles(), tmp_path / "nho.mp4"
    small.write_bytes(mp4(5000, width=200, height=200))
    post = a_post("tiktok", (replace(clip(tmp_path), path=small, byte_size=5000),))
    prepare(publisher, post, handles, tick)
    pending = publisher.publish(post, key=post.key, handles=handles)
    with pytest.raises(Refused, match="điểm ảnh"):
        publisher.follow(pending, handles=handles)
    assert publisher.find(post, key=post.key, handles=handles, since=tick.now) == Absent(proof=True)
    small.write_bytes(mp4(5000))
    prepare(publisher, post, handles, tick)
    receipt = finish(publisher, publisher.publish(post, key=post.key, handles=handles), handles, tick)
    assert [row.id for row in town.ledger("tiktok")] == [receipt.remote_id]


@pytest.mark.parametrize("opened", [{}], indirect=True)
def test_a_revoked_account_asks_for_a_new_connection(opened: Opened) -> None:
    town, publisher = opened
    secrets = publisher.account.secrets
    assert isinstance(secrets, MemorySecrets)
    secrets.values["refresh_token"] = "da-thu-hoi"
    town.arm("tiktok", Fault.EXPIRE_TOKEN_NOW)
    with pytest.raises(Unauthorized, match="kết nối lại") as caught:
        publisher.greet()
    assert caught.value.code == "invalid_grant"


def test_an_account_without_an_upload_sends_nothing(tmp_path: Path, tick: HandClock) -> None:
    with Town(clock=tick, folder=tmp_path / "town") as town:
        publisher = open_publisher("tiktok", account_at(town, "tiktok", NOBODY))
        post = a_post("tiktok", (clip(tmp_path),))
        with pytest.raises(Unavailable, match="chuẩn bị lại"):
            publisher.publish(post, key=post.key, handles=MemoryHandles())
        publisher.close()
