"""Telegram keeps every promise of a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from editorial.outcome import Absent, Found, OutcomeUnknown, Refused, Unauthorized, Unavailable
from editorial.post import Medium
from publishers.registry import open_publisher
from publishers.telegram.markup import canonical
from publishers.telegram.publisher import MOST_AT_ONCE, TelegramPublisher, message_address
from rehearsal.faults import Fault
from rehearsal.telegram.message import AUDIT_ID
from tests.publishers.bench import a_post, clip, picture
from tests.publishers.channel_contract import ChannelContract

LATELY = timedelta(minutes=2)


class TelegramContract(ChannelContract):
    channel = "telegram"
    platform = "telegram"

    def look(self, post: object) -> object:
        self.clock.move(minutes=2)  # the audit chat takes twenty messages a minute
        return super().look(post)  # type: ignore[arg-type]


class TestTelegramPicture(TelegramContract):
    def test_a_caption_is_counted_without_its_tags(self) -> None:
        tags = "<b>" * 100 + "x" * 1000 + "</b>" * 100
        assert self.publisher.check(self.post(text=tags)) == ()
        assert "too-long" in {problem.rule for problem in self.publisher.check(self.post(text="😀" * 513))}

    def test_a_post_is_found_among_others(self) -> None:
        for number in range(4):
            self.sent(self.post(text=f"Bản tin {number}"))
            self.clock.move(minutes=1)
        wanted = self.post(text="Bản tin 2")
        found = self.look(wanted)
        assert isinstance(found, Found)
        assert self.shown(wanted, found.receipt) == ()

    def test_a_gateways_page_is_no_traceback_on_anybodys_screen(self, caplog: pytest.LogCaptureFixture) -> None:
        post = self.prepared(self.post())
        self.town.arm(self.platform, Fault.HTML_ERROR_PAGE)
        with pytest.raises(OutcomeUnknown):
            self.publisher.publish(post, key=post.key, handles=self.handles)
        assert [record.message for record in caplog.records if record.name.startswith("telegram")] == []

    def test_an_absent_post_is_no_proof(self) -> None:
        self.sent()
        assert self.look(self.post(text="Chưa từng gửi")) == Absent(proof=False)


    def test_a_look_begins_where_the_channel_was_last_known_to_end_also_after_a_restart(self) -> None:
        for number in range(30):
            self.sent(self.post(text=f"Bản tin {number}"))
            self.clock.move(minutes=1)
        before = self.looks()
        restarted = open_publisher(self.channel, self.publisher.account)
        post, since = self.post(text="Bản tin 29"), self.clock.now - LATELY
        found = restarted.find(post, key=post.key, handles=self.handles, since=since)  # type: ignore[attr-defined]
        assert isinstance(found, Found)
        # Five are of these minutes. Every look is a message in the audit chat, which takes twenty a minute.
        assert self.looks() - before <= 6
        restarted.close()

    def looks(self) -> int:
        """Return how many messages were ever forwarded to the audit chat."""
        return self.town._platforms["telegram"].counter._table.get(f"message {AUDIT_ID}") or 0

    @pytest.mark.parametrize("text", ["ế" * 1024, "😀" * 512, "<b>" + "&amp;" * 1024 + "</b>"])
    def test_a_caption_of_exactly_1024_units_is_taken(self, text: str) -> None:
        post = self.post(text=text)
        assert self.publisher.check(post) == ()
        assert self.shown(post, self.sent(post)) == ()
        assert "too-long" in {problem.rule for problem in self.publisher.check(self.post(text=f"{text}x"))}
        with pytest.raises(Refused, match=r"1\.024"):
            self.send(self.post(text=f"{text}x"))

    def test_a_bot_that_may_not_delete_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        methods = self.town._platforms["telegram"]._methods  # type: ignore[attr-defined]
        given = methods["getchatmember"]
        monkeypatch.setitem(methods, "getchatmember", lambda call: {**given(call), "can_delete_messages": False})
        assert self.publisher.greet().lacks == ("xóa tin",)  # type: ignore[attr-defined]

    def test_a_bot_that_was_put_out_of_the_channel_asks_for_its_rights(self) -> None:
        gone = replace(self.publisher.account, settings={**self.publisher.account.settings, "audit_chat_id": "-1009"})
        other = open_publisher(self.channel, gone)
        with pytest.raises(Unauthorized):
            other.greet()  # type: ignore[attr-defined]
        other.close()


class TestTelegramWords(TelegramContract):
    def media(self) -> tuple[Medium, ...]:
        return ()

    @pytest.mark.parametrize("text", ["ế" * 4096, "😀" * 2048, "<i>" + "&lt;" * 4096 + "</i>"])
    def test_a_long_text_of_exactly_4096_units_is_taken_as_one_message(self, text: str) -> None:
        post = self.post(text=text)
        assert self.publisher.check(post) == ()
        assert self.shown(post, self.sent(post)) == ()
        assert len(self.live()) == 1
        assert "too-long" in {problem.rule for problem in self.publisher.check(self.post(text=f"{text}x"))}
        with pytest.raises(Refused, match=r"4\.096"):
            self.send(self.post(text=f"{text}x"))


class TestTelegramAlbum(TelegramContract):
    def media(self) -> tuple[Medium, ...]:
        return (picture(self.folder, "anh-1", 50), picture(self.folder, "anh-2", 90))


    def test_an_album_that_is_heavy_as_a_whole_is_there_before_its_moment(self) -> None:
        """Each picture is light enough by itself; ten of them are more than a slow line carries within the deadline."""
        light = MOST_AT_ONCE * 2 // 3
        heavy = []
        for number in range(4):
            small = picture(self.folder, f"anh-{number}", 100 + number)
            end = small.path.read_bytes()[-12:]
            small.path.write_bytes(raw := small.path.read_bytes()[:-12].ljust(light, b"\0") + end)
            heavy.append(replace(small, byte_size=len(raw), sha256=sha256(raw).hexdigest()))
        post = self.prepared(replace(self.post(), media=tuple(heavy)))
        nowhere = tuple(replace(medium, path=self.folder / "khong-con.png") for medium in post.media)
        receipt = self.send(replace(post, media=nowhere))
        assert self.live()[0].media_sha256 == tuple(medium.sha256 for medium in post.media)
        assert self.shown(post, receipt) == ()


class TestTelegramClip(TelegramContract):
    def media(self) -> tuple[Medium, ...]:
        return (clip(self.folder),)

    def test_the_clip_is_there_before_its_moment_and_the_message_carries_none_of_its_bytes(self) -> None:
        post = self.prepared(self.post())
        messages = self.town._platforms["telegram"]._messages  # type: ignore[attr-defined]
        assert [message for message in messages if message.chat == AUDIT_ID] == []
        nowhere = replace(post.media[0], path=self.folder / "khong-con.mp4", poster=None, subtitles=None)
        receipt = self.send(replace(post, media=(nowhere,)))
        assert self.live()[0].media_sha256 == (post.media[0].sha256,)
        assert self.shown(post, receipt) == ()

    def test_an_upload_whose_answer_is_lost_is_made_again_and_nobody_has_seen_it(self) -> None:
        self.town.arm(self.platform, Fault.DROP_RESPONSE_AFTER_COMMIT, path="/sendVideo")
        with pytest.raises(Unavailable):
            self.prepared(self.post())
        self.sent()
        assert len(self.live()) == 1


class TestTelegramMixedAlbum(TelegramContract):
    def media(self) -> tuple[Medium, ...]:
        return (picture(self.folder, "anh-3", 70), clip(self.folder))


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("<strong>Cấm</strong> đường", "<b>Cấm</b> đường"),
        ("Hỏi &#34;ai?&#34; &amp; &lt;ở đâu&gt;", 'Hỏi "ai?" &amp; &lt;ở đâu&gt;'),
        ("<b>Cấm</b><strong> đường</strong> <i>x</i>", "<b>Cấm đường</b> <i>x</i>"),
        ('<a class="x" href="https://a.example/?b=1&amp;c=2">xem</a>', '<a href="https://a.example/?b=1&amp;c=2">xem</a>'),
    ],
)
def test_captions_that_look_the_same_are_spelt_the_same(written: str, spelt: str) -> None:
    assert canonical(written) == spelt
    assert canonical(spelt) == spelt


@pytest.mark.parametrize(
    ("chat", "address"), [("@loa_dientap", "https://t.me/loa_dientap/7"), ("-1001234", "https://t.me/c/1234/7")]
)
def test_a_message_has_an_address_in_public_and_in_private_channels(chat: str, address: str) -> None:
    assert message_address(chat, "7") == address


def test_a_post_of_words_has_room_for_four_thousand_characters() -> None:
    assert TelegramPublisher.manifest.check(a_post("telegram", (), text="x" * 4096)) == ()
