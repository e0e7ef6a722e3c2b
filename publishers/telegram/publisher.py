"""Publish to a Telegram channel: one message or one album in one call, which is the commit.

A clip, and pictures that are heavy together, are brought to Telegram before: sent to the audit chat and deleted there, which
leaves their file_ids. So the commit carries a few bytes, and is over long before its deadline on any line. There is no key and no
history: after an ambiguous answer the channel is probed through the audit chat (see history.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from telegram import Bot, ChatMemberOwner, InputFile, InputMediaPhoto, InputMediaVideo, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest

from editorial.likeness import same_words
from editorial.outcome import Absent, CannotTell, Found, Greeting, LivePost, OutcomeUnknown, Receipt, Sighting, Unavailable
from editorial.post import Medium, MediumKind, Post
from publishers.contract import Account, Corrects, Greets, Handles, Prepares, Publisher, Reconciles, Verifies, Withdraws
from publishers.manifest import load_manifest
from publishers.telegram.bot import BotLine, refusal
from publishers.telegram.errors import NOT_MODIFIED, NOTHING_TO_DELETE
from publishers.telegram.history import History, Seen
from publishers.telegram.markup import canonical

# What an administrator of the channel has to allow the bot.
BOT_RIGHTS = {"can_post_messages": "đăng tin", "can_edit_messages": "sửa tin", "can_delete_messages": "xóa tin"}
CLOCK_SKEW = timedelta(minutes=2)
MOST_AT_ONCE = 2_000_000  # bytes that go with the message itself: some 15 seconds on a line of 1 Mbit/s
Action = Callable[[Bot], Awaitable[Sequence[Message]]]

PUBLIC_URL = "https://t.me"  # where the public reads messages; a rehearsal has another


class TelegramPublisher(Publisher, Prepares, Reconciles, Verifies, Corrects, Withdraws, Greets):
    """A text, a picture, a clip or an album in a channel."""

    manifest = load_manifest(Path(__file__).parent)

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._line = BotLine(account)
        self._history = History(account, self._line)
        self._chat = account.settings["chat_id"]

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def shown(self, post: Post) -> Post:
        """Return the post with its caption in the spelling that read_back gives."""
        return replace(post, variant=replace(post.variant, text=canonical(post.variant.text)))

    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        """Bring what is heavy to Telegram, where only the audit chat sees it for a moment."""
        for medium in _heavy(post):
            if handles.get(_file_handle(medium)) is None:
                handles.save(_file_handle(medium), self._brought(medium))

    def _brought(self, medium: Medium) -> str:
        """Return the file_id of a medium that was just uploaded."""
        sent = self._line.call(self._sending_one(self.account.settings["audit_chat_id"], medium, _file(medium), silent=True))
        for message in sent:
            self._history.forget(message)
        known = [file.file_id for message in sent for file in (message.video, *message.photo[-1:]) if file]
        if not known:
            raise Unavailable("Telegram nhận tệp mà không trả mã tệp; Loa sẽ thử lại", code="no-file")
        return known[0]

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt:
        """Send the message or album."""
        sent = self._line.call(self._sending(post, handles), commit=True)
        if not sent:
            raise OutcomeUnknown("Telegram trả lời mà không có mã tin; Loa sẽ tìm bài", code="no-message")
        self._history.note(sent[-1].message_id)
        return self._receipt([message.message_id for message in sent])

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Look back through the channel to `since` for a message that says what we sent."""
        matches: list[Seen] = []
        for seen in self._history.newest_first():
            if seen.sent_at is not None and seen.sent_at < since - CLOCK_SKEW:
                break
            if same_words(seen.text, canonical(post.variant.text)) and seen.media == bool(post.media):
                matches.append(seen)
        if len(matches) > 1:
            return CannotTell(why=f"có {len(matches)} tin giống nhau trên kênh; hãy mở kênh và chọn tin đúng")
        if not matches:
            return Absent(proof=self.manifest.absence_is_proof)
        first = matches[0].message_id
        return Found(receipt=self._receipt(list(range(first, first + max(1, len(post.media))))))

    def read_back(self, receipt: Receipt) -> LivePost | None:
        """Return the message and how much of its album is there; None when the message is gone."""
        seen = [self._history.look(message_id) for message_id in _message_ids(receipt)]
        first = seen[0]
        if first is None:
            return None
        return LivePost(
            remote_id=receipt.remote_id,
            url=receipt.url,
            text=first.text,
            visible=True,
            media_count=sum(message.media for message in seen if message is not None),
        )

    def correct(self, receipt: Receipt, post: Post, *, handles: Handles) -> Receipt:
        """Replace the words; the same words again are no mistake."""
        try:
            self._line.attempt(self._editing(int(receipt.remote_id), post))
        except BadRequest as error:
            if NOT_MODIFIED not in error.message.lower():
                raise refusal(error) from None
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the message, with its whole album; what is gone already is as good."""
        for message_id in _message_ids(receipt):
            self._delete(message_id)

    def greet(self) -> Greeting:
        """Return the channel's title, and which rights the bot lacks in it or in the audit chat."""
        id, title, lacks = self._line.call(self._asking())
        address = message_address(self._chat, "", self.account.settings.get("public_url", PUBLIC_URL)).rstrip("/")
        return Greeting(name=title, url=address, lacks=lacks, account=str(id))

    def _asking(self) -> Callable[[Bot], Awaitable[tuple[int, str, tuple[str, ...]]]]:
        async def look_around(bot: Bot) -> tuple[int, str, tuple[str, ...]]:
            me, channel = await bot.get_me(), await bot.get_chat(self._chat)
            member = await bot.get_chat_member(self._chat, me.id)
            await bot.get_chat(self.account.settings["audit_chat_id"])  # raises where the bot is not in it
            owner = isinstance(member, ChatMemberOwner)
            lacks = [use for right, use in BOT_RIGHTS.items() if not owner and not getattr(member, right, None)]
            return channel.id, channel.title or str(self._chat), tuple(lacks)

        return look_around

    def _delete(self, message_id: int) -> None:
        async def delete(bot: Bot) -> bool:
            return await bot.delete_message(self._chat, message_id)

        try:
            self._line.attempt(delete)
        except BadRequest as error:
            if NOTHING_TO_DELETE not in error.message.lower():
                raise refusal(error) from None

    def _sending(self, post: Post, handles: Handles) -> Action:
        files = [handles.get(_file_handle(medium)) or _file(medium) for medium in post.media]
        if len(files) == 1:
            return self._sending_one(self._chat, post.media[0], files[0], caption=post.variant.text)

        async def send(bot: Bot) -> Sequence[Message]:
            text = post.variant.text
            if files:
                return await bot.send_media_group(self._chat, _album(post, files))
            return [await bot.send_message(self._chat, text, parse_mode=ParseMode.HTML, link_preview_options=_preview(post))]

        return send

    def _sending_one(
        self, chat: str, medium: Medium, file: str | InputFile, *, caption: str | None = None, silent: bool = False
    ) -> Action:  # fmt: skip
        async def send(bot: Bot) -> Sequence[Message]:
            mode = ParseMode.HTML if caption else None
            if medium.kind is MediumKind.IMAGE:
                return [await bot.send_photo(chat, file, caption=caption, parse_mode=mode, disable_notification=silent)]
            return [
                await bot.send_video(
                    chat,
                    file,
                    caption=caption,
                    parse_mode=mode,
                    disable_notification=silent,
                    supports_streaming=True,
                    width=medium.width,
                    height=medium.height,
                    duration=timedelta(seconds=round(medium.seconds or 0)),
                    thumbnail=_thumbnail(medium) if isinstance(file, InputFile) else None,
                )
            ]

        return send

    def _editing(self, message_id: int, post: Post) -> Callable[[Bot], Awaitable[object]]:
        async def edit(bot: Bot) -> object:
            text = post.variant.text
            if post.media:
                return await bot.edit_message_caption(self._chat, message_id, caption=text, parse_mode=ParseMode.HTML)
            preview = _preview(post)
            return await bot.edit_message_text(
                text, self._chat, message_id, parse_mode=ParseMode.HTML, link_preview_options=preview
            )

        return edit

    def _receipt(self, message_ids: list[int]) -> Receipt:
        first = str(message_ids[0])
        evidence = {"message_ids": ",".join(map(str, message_ids))}
        return Receipt(remote_id=first, url=self._address(first), evidence=evidence)

    def _address(self, message_id: str) -> str:
        return message_address(self._chat, message_id, self.account.settings.get("public_url", PUBLIC_URL))


def _message_ids(receipt: Receipt) -> list[int]:
    return [int(part) for part in receipt.evidence.get("message_ids", receipt.remote_id).split(",")]


def message_address(chat: str, message_id: str, public_url: str = PUBLIC_URL) -> str:
    """Return where the message can be seen: a public channel by its name, a private one by its number without -100."""
    channel = chat.removeprefix("@") if chat.startswith("@") else f"c/{chat.removeprefix('-100')}"
    return f"{public_url}/{channel}/{message_id}"


def _preview(post: Post) -> LinkPreviewOptions:
    return LinkPreviewOptions(url=post.variant.link) if post.variant.link else LinkPreviewOptions(is_disabled=True)


def _heavy(post: Post) -> tuple[Medium, ...]:
    """Return what goes before its message: every clip, and every picture where together they are too much for one call."""
    much = sum(picture.byte_size for picture in post.images) > MOST_AT_ONCE
    return tuple(medium for medium in post.media if much or medium.kind is MediumKind.VIDEO)


def _file_handle(medium: Medium) -> str:
    return f"file.{medium.sha256[:16]}"


def _file(medium: Medium) -> InputFile:
    return InputFile(medium.path.read_bytes(), filename=medium.path.name)


def _thumbnail(medium: Medium) -> InputFile | None:
    return InputFile(medium.poster.read_bytes(), filename="poster.jpg") if medium.poster else None


def _album(post: Post, files: Sequence[str | InputFile]) -> list[InputMediaPhoto | InputMediaVideo]:
    captions = [post.variant.text, *[None] * (len(files) - 1)]
    return [_album_item(*item) for item in zip(post.media, files, captions, strict=True)]


def _album_item(medium: Medium, file: str | InputFile, caption: str | None) -> InputMediaPhoto | InputMediaVideo:
    mode = ParseMode.HTML if caption else None
    given = file if isinstance(file, str) else medium.path.read_bytes()
    if medium.kind is MediumKind.IMAGE:
        return InputMediaPhoto(given, caption=caption, parse_mode=mode, filename=medium.path.name)
    return InputMediaVideo(given, caption=caption, parse_mode=mode, filename=medium.path.name, supports_streaming=True)
