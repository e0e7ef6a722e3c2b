"""What stands in a channel, told without a history method: a message is forwarded to a private audit chat and the copy deleted.

Message ids of a channel grow by one, and a forwarded message says when it was first sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from telegram import Bot, Message, MessageOriginChannel
from telegram.error import BadRequest, TelegramError

from editorial.outcome import PublishError, Unavailable
from publishers.contract import Account
from publishers.telegram.bot import BotLine
from publishers.telegram.errors import NOT_FOUND
from publishers.telegram.markup import canonical

NEAR_END = "near-end"  # a message id at or just below the newest one
HOLES = 3  # deleted messages in a row that do not yet mean the end of the channel


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One message as the channel's readers see it."""

    message_id: int
    text: str  # canonical HTML
    media: bool
    sent_at: datetime | None


class History:
    """Look at a channel's messages one by one. Each look is a message to the audit chat, so looks are few."""

    def __init__(self, account: Account, line: BotLine) -> None:
        self._settings = account.settings
        self._notes = account.notes
        self._line = line

    def note(self, message_id: int) -> None:
        """Remember that the channel reaches this message, for the next look to begin there; losing it costs a few more looks."""
        if message_id > self._known:
            self._notes.put(NEAR_END, str(message_id))

    @property
    def _known(self) -> int:
        return int(self._notes.get(NEAR_END) or 1)

    def look(self, message_id: int) -> Seen | None:
        """Return the message, or None when there is none with this id."""
        copy = self._forwarded(message_id)
        if copy is None:
            return None
        self.forget(copy)
        self.note(message_id)
        return _seen(message_id, copy)

    def forget(self, copy: Message) -> None:
        """Delete a message of the audit chat; one that stays there harms nobody."""
        with suppress(PublishError, TelegramError):
            self._line.attempt(lambda bot: bot.delete_message(chat_id=copy.chat_id, message_id=copy.message_id))

    def newest_first(self) -> Iterator[Seen]:
        """Yield the channel's messages from the newest back."""
        for message_id in range(self._newest(), 0, -1):
            seen = self.look(message_id)
            if seen is not None:
                yield seen

    def _forwarded(self, message_id: int) -> Message | None:
        async def forward(bot: Bot) -> Message:
            chat, audit = self._settings["chat_id"], self._settings["audit_chat_id"]
            return await bot.forward_message(audit, chat, message_id, disable_notification=True)

        try:
            return self._line.attempt(forward)
        except BadRequest as error:
            if any(part in error.message.lower() for part in NOT_FOUND):
                return None
            raise Unavailable("không xem lại được kênh Telegram qua phòng kiểm tra", code=error.message) from None
        except TelegramError as error:
            raise Unavailable("không xem lại được kênh Telegram qua phòng kiểm tra", code=type(error).__name__) from None

    def _newest(self) -> int:
        """Return an id at or just above the newest message: doubled until nothing is there, then halved."""
        low, step = self._known, 1
        while self._reaches(low + step):
            low, step = low + step, step * 2
        high = low + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._reaches(middle) else (low, middle)
        return low + HOLES

    def _reaches(self, message_id: int) -> bool:
        return any(self.look(message_id + hole) is not None for hole in range(HOLES))


def _seen(message_id: int, copy: Message) -> Seen:
    origin = copy.forward_origin
    sent_at = origin.date if isinstance(origin, MessageOriginChannel) else None
    media = bool(copy.photo or copy.video)
    text = copy.caption_html if media else copy.text_html
    return Seen(message_id=message_id, text=canonical(text or ""), media=media, sent_at=sent_at)
