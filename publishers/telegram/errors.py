"""What Telegram answers. python-telegram-bot makes BadRequest and TimedOut both a NetworkError, so the order of looking matters.

A 400 is a no whatever it says; the rows here only find better words. What is neither a 400, 401, 403, 404, 409 nor a 429
(5xx, an answer that is no JSON) is an unknown outcome on the commit call.
"""

from __future__ import annotations

from collections.abc import Mapping

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from publishers.verdict import UNLISTED, Ruling, refused, unauthorized

_CHANNEL = unauthorized("bot không vào được kênh Telegram; hãy kiểm tra tên kênh và quyền quản trị của bot")
_ADDRESS = refused("Telegram không tải được tệp từ đường dẫn; hãy kiểm tra đường dẫn")
_FORM = refused("Telegram không nhận ảnh hoặc clip này; hãy xuất lại")

# Parts of descriptions, in lower case.
DESCRIPTIONS: Mapping[str, Ruling] = {
    "chat not found": _CHANNEL,
    "chat_id is empty": _CHANNEL,
    "need administrator rights": _CHANNEL,
    "chat_admin_required": _CHANNEL,
    "not enough rights": _CHANNEL,
    "message is too long": refused("bài dài quá 4.096 đơn vị; hãy rút gọn"),
    "caption is too long": refused("lời kèm ảnh dài quá 1.024 đơn vị; hãy rút gọn"),
    "caption_too_long": refused("lời kèm ảnh dài quá 1.024 đơn vị; hãy rút gọn"),
    "message text is empty": refused("bài không có chữ"),
    "can't parse entities": refused("định dạng chữ trong bài bị hỏng; hãy kiểm tra mẫu lời đăng của kênh Telegram"),
    "wrong http url": _ADDRESS,
    "failed to get http url content": _ADDRESS,
    "wrong type of the web page content": _ADDRESS,
    "can't use the media of the specified type in the album": refused("không ghép được các tệp này thành một bộ ảnh"),
    "photo_invalid_dimensions": _FORM,
    "image_process_failed": _FORM,
    "file is too big": refused("tệp quá lớn với Telegram; hãy xuất lại nhỏ hơn"),
}

NOT_MODIFIED = "message is not modified"
NOT_FOUND = ("message to forward not found", "message to copy not found", "message to edit not found")
NOTHING_TO_DELETE = "message to delete not found"
# The Bot API server answers exactly this when it drops an unfinished query at its own restart, so it is not proof of a no.
DROPPED_QUERY_SECONDS = 5


def ruling_of(error: TelegramError) -> Ruling:
    """Return what the exception means; the caller has already handled 429."""
    if isinstance(error, Forbidden | ChatMigrated):
        return _CHANNEL
    if isinstance(error, InvalidToken):
        return unauthorized("mã của bot Telegram không còn dùng được; hãy lấy mã mới từ BotFather và kết nối lại")
    if isinstance(error, BadRequest):
        text = error.message.lower()
        generic = refused("Telegram không nhận bài")
        return next((ruling for part, ruling in DESCRIPTIONS.items() if part in text), generic)
    if isinstance(error, Conflict):
        return refused("một chương trình khác đang dùng bot này; hãy dùng bot riêng cho Loa")
    return UNLISTED
