"""What a chat keeps: messages, and the files that were sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rehearsal.call import JsonObject
from rehearsal.media import Kind, Media
from rehearsal.telegram.markup import Formatted

BOT_ID = 7_000_000_126
BOT_USERNAME = "loa_dientap_bot"
CHANNEL_ID, CHANNEL_NAME, CHANNEL_TITLE = -1_001_000_000_126, "loa_dientap", "Kênh Telegram diễn tập"
AUDIT_ID, AUDIT_TITLE = -1_001_000_000_999, "Kiểm tra nội bộ (diễn tập)"


NO_WORDS = Formatted()


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file that was sent, under its file_id."""

    id: str
    media: Media
    kind: str  # photo, video, animation or document: how it was sent


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message of a chat."""

    chat: int
    id: int
    date: datetime
    edited: datetime | None = None
    words: Formatted = NO_WORDS
    file: str = ""
    album: str = ""
    forwarded_from: int = 0
    first_sent: datetime | None = None  # of the message that this one forwards
    markup: JsonObject | None = None

    @property
    def key(self) -> str:
        """Name a message across chats."""
        return f"{self.chat}/{self.id}"


def chat(id: int) -> JsonObject:
    """Describe a chat."""
    if id == CHANNEL_ID:
        return {"id": id, "title": CHANNEL_TITLE, "username": CHANNEL_NAME, "type": "channel"}
    return {"id": id, "title": AUDIT_TITLE, "type": "channel"}


def bot() -> JsonObject:
    """Describe the bot."""
    return {
        "id": BOT_ID,
        "is_bot": True,
        "first_name": "Loa diễn tập",
        "username": BOT_USERNAME,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def describe(message: Message, sent: Sent | None) -> JsonObject:
    """Describe a message as the API does."""
    said: JsonObject = {"message_id": message.id, "sender_chat": chat(message.chat), "chat": chat(message.chat)}
    said["date"] = int(message.date.timestamp())
    if message.edited:
        said["edit_date"] = int(message.edited.timestamp())
    if message.forwarded_from:
        origin: JsonObject = {"type": "channel", "chat": chat(CHANNEL_ID), "message_id": message.forwarded_from}
        said["forward_origin"] = {**origin, "date": int((message.first_sent or message.date).timestamp())}
    if message.album:
        said["media_group_id"] = message.album
    if message.markup:
        said["reply_markup"] = message.markup
    if sent:
        said[sent.kind] = _file(sent)
    text, entities = ("caption", "caption_entities") if sent else ("text", "entities")
    if message.words.text:
        said[text] = message.words.text
    if message.words.entities:
        said[entities] = [entity.describe() for entity in message.words.entities]
    return said


def _file(sent: Sent) -> object:
    media = sent.media
    plain: JsonObject = {"file_id": sent.id, "file_unique_id": sent.id[-16:], "file_size": media.size}
    if sent.kind == "photo":
        return [{**plain, "width": media.width, "height": media.height}]
    named: JsonObject = {**plain, "file_name": media.name or "tep", "mime_type": media.content_type}
    if media.kind is Kind.VIDEO:
        return {**named, "width": media.width, "height": media.height, "duration": round(media.seconds)}
    return named
