"""Telegram keeps every promise of a channel."""

from __future__ import annotations

import pytest

from editorial.outcome import Absent, Found, OutcomeUnknown
from editorial.post import Medium
from publishers.telegram.markup import canonical
from publishers.telegram.publisher import TelegramPublisher, message_address
from rehearsal.faults import Fault
from tests.publishers.bench import a_post, clip, picture
from tests.publishers.channel_contract import ChannelContract


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


class TestTelegramWords(TelegramContract):
    def media(self) -> tuple[Medium, ...]:
        return ()


class TestTelegramAlbum(TelegramContract):
    def media(self) -> tuple[Medium, ...]:
        return (picture(self.folder, "anh-1", 50), picture(self.folder, "anh-2", 90))


class TestTelegramClip(TelegramContract):
    def media(self) -> tuple[Medium, ...]:
        return (clip(self.folder),)


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("<strong>Cấm</strong> đường", "<b>Cấm</b> đường"),
        ("Hỏi &#34;ai?&#34; &amp; &lt;ở đâu&gt;", 'Hỏi "ai?" &amp; &lt;ở đâu&gt;'),
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
