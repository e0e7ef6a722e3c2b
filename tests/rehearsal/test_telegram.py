"""The Bot API stand-in, driven by python-telegram-bot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, InputMediaPhoto, InputMediaVideo, MessageEntity
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken, RetryAfter

from rehearsal.publication import Event
from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock, mp4, png

Work = Callable[[Bot, str], Awaitable[Any]]


def drive(town: Town, work: Work, token: str = "") -> Any:
    """Let the official client do some work on the channel."""
    keys = town.credentials()["telegram"]

    async def run() -> Any:
        async with Bot(token or keys["token"], base_url=town.addresses["telegram"] + "/bot") as bot:
            return await work(bot, keys["chat_id"])

    return asyncio.run(run())


def test_a_photo_with_formatted_words_appears_in_the_channel(town: Town) -> None:
    async def work(bot: Bot, chat: str) -> Any:
        return await bot.send_photo(chat, png(640, 480), caption="<b>Phố 👋 cổ</b> &amp; chợ", parse_mode=ParseMode.HTML)

    message = drive(town, work)
    assert message.caption == "Phố 👋 cổ & chợ"
    assert (message.caption_entities[0].offset, message.caption_entities[0].length) == (0, 9)
    (row,) = town.ledger("telegram")
    assert (row.text, row.media_count, row.media[0].width) == ("Phố 👋 cổ & chợ", 1, 640)
    assert row.url.endswith(f"/loa_dientap/{message.message_id}")


def test_an_album_is_one_publication_under_its_first_message(town: Town) -> None:
    async def work(bot: Bot, chat: str) -> Any:
        media = [InputMediaPhoto(png(600, 400), caption="Ba cửa ô"), InputMediaPhoto(png(600, 401)), InputMediaVideo(mp4())]
        return await bot.send_media_group(chat, media)

    messages = drive(town, work)
    assert len({message.media_group_id for message in messages}) == 1
    ids = [message.message_id for message in messages]
    assert ids == list(range(ids[0], ids[0] + 3))
    (row,) = town.ledger("telegram")
    assert (row.text, row.media_count) == ("Ba cửa ô", 3)


@pytest.mark.parametrize(
    ("text", "why"),
    [("👋" * 2049, "too long"), ("<b>hở", "parse entities"), ("<h1>x</h1>", "(?i)unsupported start tag"), ("  ", "empty")],
)
def test_words_that_telegram_refuses_are_refused(town: Town, text: str, why: str) -> None:
    async def work(bot: Bot, chat: str) -> Any:
        return await bot.send_message(chat, text, parse_mode=ParseMode.HTML)

    with pytest.raises(BadRequest, match=why):
        drive(town, work)
    assert town.ledger("telegram") == ()


def test_a_caption_is_counted_in_utf16_units(town: Town) -> None:
    async def work(bot: Bot, chat: str) -> Any:
        await bot.send_photo(chat, png(), caption="👋" * 512)
        return await bot.send_photo(chat, png(), caption="👋" * 513)

    with pytest.raises(BadRequest, match="caption is too long"):
        drive(town, work)


def test_the_same_edit_twice_is_not_modified(town: Town) -> None:
    async def work(bot: Bot, chat: str) -> Any:
        sent = await bot.send_message(chat, "Sai")
        await bot.edit_message_text("Đúng", chat, sent.message_id)
        return await bot.edit_message_text("Đúng", chat, sent.message_id)

    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        drive(town, work)
    assert [row.event for row in town.ledger("telegram")] == [Event.PUBLISHED, Event.EDITED]


def test_a_probe_finds_the_next_message_or_says_there_is_none(town: Town) -> None:
    audit = town.credentials()["telegram"]["audit_chat_id"]

    async def work(bot: Bot, chat: str) -> Any:
        sent = await bot.send_message(chat, "Tin đã đến")
        found = await bot.forward_message(audit, chat, sent.message_id, disable_notification=True)
        await bot.delete_message(audit, found.message_id)
        assert (found.text, found.forward_origin.message_id) == ("Tin đã đến", sent.message_id)  # type: ignore[union-attr]
        return await bot.copy_message(audit, chat, sent.message_id + 1)

    with pytest.raises(BadRequest, match=r"(?i)message to copy not found"):
        drive(town, work)
    assert len(town.ledger("telegram")) == 1


def test_the_twenty_first_message_of_a_minute_has_to_wait(town: Town, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # the client warns of the attribute's coming type on every RetryAfter

    async def work(bot: Bot, chat: str) -> Any:
        for number in range(21):
            await bot.send_message(chat, f"Tin {number}")

    with pytest.raises(RetryAfter) as wait:
        drive(town, work)
    assert wait.value.retry_after == timedelta(seconds=60)
    clock.move(seconds=60)
    drive(town, lambda bot, chat: bot.send_message(chat, "Tin sau"))
    assert len(town.ledger("telegram")) == 21


def test_the_audit_chat_takes_no_more_messages_a_minute_than_the_channel(
    town: Town, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    audit = town.credentials()["telegram"]["audit_chat_id"]

    async def work(bot: Bot, chat: str) -> Any:
        sent = await bot.send_message(chat, "Tin đã đến")
        for _ in range(21):
            await bot.forward_message(audit, chat, sent.message_id)

    with pytest.raises(RetryAfter):
        drive(town, work)
    clock.move(seconds=60)
    drive(town, lambda bot, chat: bot.forward_message(audit, chat, 2))


def test_the_bot_knows_itself_and_its_rights(town: Town) -> None:
    async def work(bot: Bot, chat: str) -> Any:
        return await bot.get_chat(chat), await bot.get_chat_member(chat, (await bot.get_me()).id)

    chat, member = drive(town, work)
    assert (chat.type, chat.username) == ("channel", "loa_dientap")
    assert member.can_post_messages
    with pytest.raises(InvalidToken):
        drive(town, lambda bot, chat: bot.get_me(), token="7000000126:another-token-of-the-right-length-000")


def test_formatting_may_be_given_as_entities(town: Town) -> None:
    async def work(bot: Bot, chat: str) -> Any:
        return await bot.send_message(chat, "👋 Hà Nội", entities=[MessageEntity("bold", 3, 6)])

    message = drive(town, work)
    assert message.parse_entities() == {message.entities[0]: "Hà Nội"}
    assert town.ledger("telegram")[0].html == "👋 <b>Hà Nội</b>"


def test_a_server_that_restarts_asks_again_for_what_is_there(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    town.arm("telegram", "429_after_commit", path="sendMessage")
    with pytest.raises(RetryAfter) as wait:
        drive(town, lambda bot, chat: bot.send_message(chat, "Tin"))
    assert wait.value.retry_after == timedelta(seconds=5)
    assert [row.text for row in town.ledger("telegram")] == ["Tin"]
