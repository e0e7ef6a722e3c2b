"""What the log says in plain words: who did what to whom. For the page and the command alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from editorial.delivery import State
from editorial.office import Office
from editorial.workflow import ACTION_WORDS
from store.audit import SCHEDULER, Deed

MACHINES: Mapping[str, str] = {
    SCHEDULER: "Bộ lập lịch", "loa": "Loa", "serve": "Loa", "demo": "Bản chạy thử", "work": "Máy đăng bài",
}  # fmt: skip


class Kind(Enum):
    """What deeds are about; the value is how an address and a command name it."""

    WORKFLOW = "bai"  # handing in, checking, approving
    DELIVERY = "luot-dang"  # what went out
    CORRECTION = "dinh-chinh"  # corrections and withdrawals
    HALT = "tam-dung"  # pauses
    PEOPLE = "nguoi"  # signing in and out, invitations
    CHANNEL = "kenh"  # connecting and disconnecting
    OTHER = "khac"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.WORKFLOW: "Soạn và duyệt", Kind.DELIVERY: "Đăng bài", Kind.CORRECTION: "Đính chính, gỡ bài", Kind.HALT: "Tạm dừng",
    Kind.PEOPLE: "Người và đăng nhập", Kind.CHANNEL: "Kết nối kênh", Kind.OTHER: "Việc khác",
}  # fmt: skip

_STATES = {
    State.SENT: "đã lên kênh", State.VERIFIED: "đã đối chiếu, khớp bản duyệt", State.WITHDRAWN: "đã rút khỏi kênh",
    State.CANCELLED: "bỏ, không đăng", State.SUPERSEDED: "được thay bằng bản mới",
}  # fmt: skip

WORDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.WORKFLOW: {
        "submit": "trình", "approve": "duyệt", "revoke": "phê duyệt hết hiệu lực", "emergency": "đăng khẩn cấp",
        "grant-emergency": "cho quyền đăng khẩn cấp", "review-emergency": "xem lại lần đăng khẩn cấp",
        "save-template": "lưu mẫu", "submit-template": "trình mẫu", "approve-template": "duyệt mẫu",
        "return-template": "trả mẫu để sửa",
        **{f"workflow-{action.value}": words for action, words in ACTION_WORDS.items()},
    },
    Kind.DELIVERY: {
        "publish": "cho đăng ngay", "send-again": "cho gửi lại", "accept-difference": "chấp nhận bài trên kênh khác bản duyệt",
        "cancel": "bỏ, không đăng", "found": "xác nhận bài đã có trên kênh", "move": "dời giờ đăng", "let-pass": "cho đi qua",
        "read-back": "đọc lại bài trên kênh",
        **{f"delivery-{state.value}": words for state, words in _STATES.items()},
    },
    Kind.CORRECTION: {
        "correction": "ký đính chính", "withdrawal": "ký gỡ bài", "correction-again": "ký lại đính chính",
        "withdrawal-again": "ký lại việc gỡ bài", "done-by-hand": "đã làm tay trên kênh",
        "edit-call": "gọi kênh để sửa", "repost-call": "gọi kênh để đăng lại", "note-call": "gọi kênh để ghi đính chính",
        "remove-call": "gọi kênh để gỡ", "edit-done": "đã sửa trên kênh", "repost-done": "đã đăng lại",
        "note-done": "đã ghi đính chính", "remove-done": "đã gỡ khỏi kênh",
    },
    Kind.HALT: {"halt": "tạm dừng", "lift": "cho chạy lại"},
    Kind.PEOPLE: {
        "sign-in": "đăng nhập", "sign-out": "đăng xuất", "sign-out-everywhere": "đăng xuất mọi nơi",
        "failed-sign-in": "nhiều lần đăng nhập không đúng", "invite": "mời", "reset": "đặt lại đăng nhập",
        "accept-invitation": "nhận lời mời, đặt mật khẩu", "change-password": "đổi mật khẩu", "set-codes": "cài mã xác thực",
        "renew-recovery": "lấy mã dự phòng mới", "use-recovery": "dùng mã dự phòng",
        "api-token": "tạo mã truy cập", "api-token-revoked": "thu hồi mã truy cập",
    },
    Kind.OTHER: {
        "seal": "ghi nhận những gì bản cũ để lại", "webhook": "thêm webhook", "webhook-removed": "bỏ webhook",
        "webhook-resumed": "cho webhook chạy lại", "webhook-stopped": "webhook dừng vì không gọi được",
        "webhook-skipped": "cho webhook chạy lại, bỏ qua những gì chưa báo",
        "webhook-off": "tắt webhook", "webhook-tried": "gọi thử webhook",
    },
    Kind.CHANNEL: {"connect": "kết nối tài khoản", "disconnect": "ngắt kết nối tài khoản"},
}  # fmt: skip
_ALL = {action: words for kind in WORDS.values() for action, words in kind.items()}
_SCOPES = {"all": "tất cả", "mourning": "bài vui (ngày tang)", "sign-in": "cửa đăng nhập"}
_PLACES = {"unit": "đơn vị", "tone": "không khí", "channel": "kênh", "entry": "mục", "post": "bài"}


def kind_of(action: str) -> Kind:
    """Return what a deed is about."""
    return next((kind for kind, known in WORDS.items() if action in known), Kind.OTHER)


def actions_of(kind: Kind) -> tuple[str, ...]:
    """Return the actions of a kind, as the log has them."""
    return tuple(WORDS[kind])


def action_words(action: str) -> str:
    """Return what was done; an action that has no words is shown as it stands."""
    return _ALL.get(action, action)


def who_words(who: str, office: Office) -> str:
    """Return who did it: a person's name, or the machine's."""
    return MACHINES.get(who.partition("@")[0], office.name_of(who))


def subject_words(deed: Deed, office: Office) -> str:
    """Return to what it was done, as people call it."""
    if deed.subject in _SCOPES:
        return _SCOPES[deed.subject]
    kind, colon, id = deed.subject.partition(":")
    if colon and kind == "person":
        return office.name_of(id)
    if colon and kind == "unit" and id in office.units:
        return office.units[id].name
    if colon and kind == "channel" and id in office.channels:
        return office.channels[id].name
    if deed.action == "grant-emergency":
        return office.name_of(deed.subject)
    return f"{_PLACES[kind]} {id}".strip() if colon and kind in _PLACES else deed.subject


# What the log calls a field, whichever language or channel it is written for.
_FIELDS = {
    "headline": "tiêu đề", "title": "tiêu đề", "summary": "tóm tắt", "body": "thân bài", "text": "lời bài", "link": "liên kết",
    "action": "lời kêu gọi", "hashtags": "hashtag", "comment": "bình luận đầu của bài", "alt": "lời mô tả",
    "when": "giờ đăng",
}  # fmt: skip


def fields_told(changed: Iterable[str]) -> str:
    """Return which fields say otherwise, as the log and whoever signs next read it, each once."""
    found = (name.split(".") for name in changed)
    words = ("giờ đăng" if parts[0] == "moments" else _FIELDS.get(parts[-1], parts[-1]) for parts in found)
    return ", ".join(dict.fromkeys(words)) or "chữ trong tệp"
