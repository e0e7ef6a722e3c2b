"""The Bot API server: the token in the path, methods by name, one public channel and one private chat for audits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from starlette.responses import JSONResponse, Response

from rehearsal import pages
from rehearsal.call import Call, JsonObject
from rehearsal.faults import Fault
from rehearsal.media import MediaStore
from rehearsal.platform import Clock, Platform
from rehearsal.telegram import message as messages
from rehearsal.telegram import parameter
from rehearsal.telegram.attachment import Attachments, fetched
from rehearsal.telegram.error import BotError, bad, too_many
from rehearsal.telegram.flood import Flood
from rehearsal.telegram.markup import LONGEST_CAPTION, LONGEST_TEXT, Formatted
from rehearsal.telegram.message import AUDIT_ID, BOT_ID, CHANNEL_ID, CHANNEL_NAME, CHANNEL_TITLE, Message, Sent

_PATH = re.compile(r"^/bot([^/]+)/(\w+)$")
_TOKEN = re.compile(r"^\d+:[\w-]{30,}$")
_PUBLIC = re.compile(rf"^/{CHANNEL_NAME}/(\d+)$")
_WRITES = ("send", "edit", "delete", "copy", "forward", "pin", "unpin")


class Telegram(Platform):
    """One bot that is an administrator of one public channel."""

    name: ClassVar[str] = "telegram"
    title: ClassVar[str] = CHANNEL_TITLE
    faults_known: ClassVar[frozenset[Fault]] = Platform.faults_known | {Fault.DROPPED_QUERY}

    def __init__(self, *, folder: Path, media: MediaStore, clock: Clock, processing: timedelta = timedelta()) -> None:
        super().__init__(folder=folder, media=media, clock=clock, processing=processing)
        self._messages = self.journal.table("messages", Message)
        self._files = self.journal.table("files", Sent)
        self._attachments = Attachments(self._files, self.counter, media)
        self._flood = Flood()
        self._methods: dict[str, Callable[[Call], object]] = {
            "getme": lambda call: messages.bot(),
            "getchat": self._get_chat,
            "getchatmember": self._get_member,
            "getchatadministrators": lambda call: [self._get_member(call)],
            "getupdates": lambda call: [],
            "getwebhookinfo": lambda call: {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
            "sendmessage": self._send_message,
            "sendphoto": self._send_photo,
            "sendvideo": self._send_video,
            "senddocument": self._send_document,
            "sendmediagroup": self._send_album,
            "editmessagetext": self._edit_text,
            "editmessagecaption": self._edit_caption,
            "editmessagemedia": self._edit_media,
            "editmessagereplymarkup": self._edit_markup,
            "deletemessage": self._delete,
            "deletemessages": self._delete_many,
            "copymessage": self._copy,
            "forwardmessage": self._forward,
            "pinchatmessage": self._pin,
            "unpinchatmessage": self._pin,
        }

    async def answer(self, call: Call) -> Response:
        """Serve a public page or a method."""
        if found := _PUBLIC.match(call.path):
            return pages.post(self, self._post_id(int(found.group(1))))
        if call.path in ("/", f"/{CHANNEL_NAME}", f"/s/{CHANNEL_NAME}"):
            return pages.feed(self)
        try:
            return JSONResponse({"ok": True, "result": self._method(call)(await fetched(call))})
        except BotError as error:
            return error.response()

    def broken(self, status: int) -> Response:
        """Fail as the Bot API does."""
        return BotError(status if status != 503 else 500, "Internal Server Error").response()

    def throttled(self, seconds: float) -> Response:
        """Ask to wait, in the body and in Retry-After."""
        return too_many(max(1, round(seconds))).response()

    def expire_token(self, subcode: int = 0) -> None:
        """Revoke the bot's token; credentials() has a new one."""
        self.renew("token")

    def credentials(self) -> Mapping[str, str]:
        """Give the bot's token and its chats."""
        return {"token": self._token(), "chat_id": f"@{CHANNEL_NAME}", "audit_chat_id": str(AUDIT_ID)}

    def reset(self) -> None:
        """Start over, with no message counted."""
        super().reset()
        self._flood.forget()

    def named(self, call: Call) -> str:
        """Name a call by its method; the address has the token in it."""
        return call.path.rsplit("/", 1)[-1]

    def writes(self, call: Call) -> bool:
        """Judge by the method's name, since every call may be a POST."""
        found = _PATH.match(call.path)
        return bool(found) and found.group(2).lower().startswith(_WRITES) if found else False

    def reads(self, call: Call) -> bool:
        """Count what the Bot API is asked by POST, and a forward elsewhere: the only way to look at a message."""
        found = _PATH.match(call.path)
        method = found.group(2).lower() if found else ""
        elsewhere = call.text("chat_id") not in (f"@{CHANNEL_NAME}", str(CHANNEL_ID))
        return method.startswith("get") or (method == "forwardmessage" and elsewhere) or (not found and call.is_read)

    def _token(self) -> str:
        return f"{BOT_ID}:{self.generation('token').replace('telegram-token', 'fake-telegram-token-not-real')}"

    def _method(self, call: Call) -> Callable[[Call], object]:
        found = _PATH.match(call.path)
        if not found or not _TOKEN.match(found.group(1)):
            raise BotError(404, "Not Found")
        if found.group(1) != self._token():
            raise BotError(401, "Unauthorized")
        method = self._methods.get(found.group(2).lower())
        if method is None:
            raise BotError(404, "Not Found: method not found")
        return method

    def _get_chat(self, call: Call) -> JsonObject:
        extra: JsonObject = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
        return {**messages.chat(parameter.chat(call)), **extra}

    def _get_member(self, call: Call) -> JsonObject:
        parameter.chat(call)
        rights = {f"can_{name}": True for name in _RIGHTS}
        return {"user": messages.bot(), "status": "administrator", "can_be_edited": False, "is_anonymous": False, **rights}

    def _send_message(self, call: Call) -> JsonObject:
        words = parameter.words(call, "text", LONGEST_TEXT)
        if not words.text:
            raise bad("message text is empty")
        return self._told(self._post(parameter.chat(call), words=words, markup=parameter.markup(call)))

    def _send_photo(self, call: Call) -> JsonObject:
        return self._send_file(call, "photo")

    def _send_video(self, call: Call) -> JsonObject:
        return self._send_file(call, "video")

    def _send_document(self, call: Call) -> JsonObject:
        return self._send_file(call, "document")

    def _send_file(self, call: Call, kind: str) -> JsonObject:
        chat = parameter.chat(call)
        words = parameter.words(call, "caption", LONGEST_CAPTION)
        sent = self._attachments.take(call, kind, call.text(kind), kind)
        return self._told(self._post(chat, words=words, file=sent.id, markup=parameter.markup(call)))

    def _send_album(self, call: Call) -> list[JsonObject]:
        chat = parameter.chat(call)
        items = parameter.parsed(call, "media")
        if not isinstance(items, list) or not 2 <= len(items) <= 10:
            raise bad("there must be 2 to 10 media in an album")
        kinds = {str(item.get("type")) for item in items}
        if not kinds <= {"photo", "video"} and kinds != {"document"}:
            raise bad("can't use the media of the specified type in the album")
        ready = [
            (parameter.item_words(item), self._attachments.take(call, str(item["type"]), str(item.get("media", "")), ""))
            for item in items
        ]
        self._flood.admit(chat, self.now())
        album = str(13_900_000_000_000_000 + self.counter.next("album"))
        made = [self._keep(Message(chat=chat, id=self._next(chat), date=self.now(), words=words, file=sent.id, album=album))
                for words, sent in ready]  # fmt: skip
        self._show(made[0])
        return [self._told(one) for one in made]

    def _post(self, chat: int, *, words: Formatted, file: str = "", markup: JsonObject | None = None) -> Message:
        self._flood.admit(chat, self.now())
        made = Message(chat=chat, id=self._next(chat), date=self.now(), words=words, file=file, markup=markup)
        self._show(self._keep(made))
        return made

    def _edit_text(self, call: Call) -> JsonObject:
        before = self._found(call, "edit")
        if before.file:
            raise bad("there is no text in the message to edit")
        words = parameter.words(call, "text", LONGEST_TEXT)
        if not words.text:
            raise bad("message text is empty")
        return self._edited(before, replace(before, words=words, markup=parameter.markup(call)))

    def _edit_caption(self, call: Call) -> JsonObject:
        before = self._found(call, "edit")
        if not before.file:
            raise bad("there is no caption in the message to edit")
        return self._edited(
            before, replace(before, words=parameter.words(call, "caption", LONGEST_CAPTION), markup=parameter.markup(call))
        )

    def _edit_media(self, call: Call) -> JsonObject:
        before = self._found(call, "edit")
        item = parameter.parsed(call, "media")
        if not isinstance(item, dict):
            raise bad("can't parse media JSON object")
        sent = self._attachments.take(call, str(item.get("type")), str(item.get("media", "")), "")
        return self._edited(
            before, replace(before, file=sent.id, words=parameter.item_words(item), markup=parameter.markup(call))
        )

    def _edit_markup(self, call: Call) -> JsonObject:
        before = self._found(call, "edit")
        return self._edited(before, replace(before, markup=parameter.markup(call)))

    def _edited(self, before: Message, after: Message) -> JsonObject:
        if before == after:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a current "
                "content and reply markup of the message"
            )
        kept = self._keep(replace(after, edited=self.now()))
        self._show(kept)
        return self._told(kept)

    def _delete(self, call: Call) -> bool:
        found = self._found(call, "delete")
        self._messages.drop(found.key)
        left = [one for one in self._messages if found.album and one.album == found.album]
        if left:
            self._show(left[0])
        if found.chat == CHANNEL_ID and (not left or found.id < left[0].id):
            self.ledger.remove(self._post_id(found.id), at=self.now())
        return True

    def _delete_many(self, call: Call) -> bool:
        ids = parameter.parsed(call, "message_ids")
        if not isinstance(ids, list) or not 1 <= len(ids) <= 100:
            raise bad("message_ids must be a list of 1 to 100 numbers")
        for id in ids:
            if found := self._messages.get(f"{parameter.chat(call)}/{id}"):
                self._delete(replace(call, form={"chat_id": str(found.chat), "message_id": str(found.id)}))
        return True

    def _copy(self, call: Call) -> JsonObject:
        source = self._source(call, "copy")
        made = self._post(parameter.chat(call), words=source.words, file=source.file, markup=parameter.markup(call))
        return {"message_id": made.id}

    def _forward(self, call: Call) -> JsonObject:
        source = self._source(call, "forward")
        made = self._post(parameter.chat(call), words=source.words, file=source.file)
        return self._told(self._keep(replace(made, forwarded_from=source.id, first_sent=source.date)))

    def _pin(self, call: Call) -> bool:
        self._found(call, "pin")
        return True

    def _source(self, call: Call, verb: str) -> Message:
        found = self._messages.get(f"{parameter.chat(call, 'from_chat_id')}/{call.text('message_id')}")
        if found is None:
            raise bad(f"message to {verb} not found")
        return found

    def _found(self, call: Call, verb: str) -> Message:
        found = self._messages.get(f"{parameter.chat(call)}/{call.text('message_id')}")
        if found is None:
            raise bad(f"message to {verb} not found")
        return found

    def _next(self, chat: int) -> int:
        return self.counter.next(f"message {chat}") + (1 if chat == CHANNEL_ID else 0)  # 1 is "channel created"

    def _keep(self, message: Message) -> Message:
        return self._messages.put(message.key, message)

    def _told(self, message: Message) -> JsonObject:
        return messages.describe(message, self._files.get(message.file))

    def _post_id(self, id: int) -> str:
        return f"{CHANNEL_NAME}/{id}"

    def _show(self, message: Message) -> None:
        """Let the public see a message of the channel; an album is one post, under its first message."""
        if message.chat != CHANNEL_ID:
            return
        together = [one for one in self._messages if message.album and one.album == message.album] or [message]
        first = together[0]
        words = next((one.words for one in together if one.words.text), Formatted())
        media = tuple(sent.media for one in together if (sent := self._files.get(one.file)))
        id = self._post_id(first.id)
        self.ledger.show(id, path=f"/{id}", at=self.now(), text=words.text, html=words.html, media=media)


_RIGHTS = (
    "manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members", "change_info", "invite_users",
    "post_stories", "edit_stories", "delete_stories", "post_messages", "edit_messages",
)  # fmt: skip
_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)
