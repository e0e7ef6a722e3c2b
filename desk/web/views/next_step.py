"""What a person has to do about a delivery that does not go on by itself, and the ways that are open to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from desk.web.moment_words import short_moment
from editorial.delivery import Delivery, HoldReason, State
from editorial.release import PUNCTUAL


class Action(Enum):
    """A decision about one delivery."""

    PUBLISH = "publish"  # send it now, however late
    SEND_AGAIN = "send-again"  # a person has looked: it is not there
    FOUND = "found"  # it is there: a person has looked, or has posted it by hand
    ACCEPT_DIFFERENCE = "accept-difference"  # the live post may stay as it is
    CANCEL = "cancel"  # it is not to go out


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way out that the page offers."""

    action: Action
    label: str
    needs_address: bool = False  # where the post was found


_PUBLISH = Way(action=Action.PUBLISH, label="Đăng ngay")
_RETRY = Way(action=Action.PUBLISH, label="Gửi lại")
_FOUND = Way(action=Action.FOUND, label="Bài đã có trên kênh", needs_address=True)
_BY_HAND = Way(action=Action.FOUND, label="Đã đăng bằng tay", needs_address=True)
_SEND_AGAIN = Way(action=Action.SEND_AGAIN, label="Không có trên kênh, gửi lại")
_ACCEPT = Way(action=Action.ACCEPT_DIFFERENCE, label="Để nguyên bài trên kênh")
_CANCEL = Way(action=Action.CANCEL, label="Bỏ, không đăng")

# What is held by a rule (a pause, mourning, a lost connection) is let go by the rule; nobody sends past it.
_WAYS_OF_HELD = {
    HoldReason.LATE: (_PUBLISH, _BY_HAND, _CANCEL),
    HoldReason.UNAPPROVED: (_CANCEL,),
    HoldReason.AMBIGUOUS: (_FOUND, _SEND_AGAIN, _CANCEL),
    HoldReason.DRIFT: (_ACCEPT,),
    HoldReason.BLACKOUT: (_CANCEL,),
    HoldReason.HALT: (_CANCEL,),
    HoldReason.AUTH: (_BY_HAND, _CANCEL),
    HoldReason.QUOTA: (_RETRY, _BY_HAND, _CANCEL),
    HoldReason.POISON: (_RETRY, _BY_HAND, _CANCEL),
}
_WAYS = {State.FAILED: (_RETRY, _BY_HAND, _CANCEL), State.SCHEDULED: (_CANCEL,)}

_HELD = {
    HoldReason.LATE: "Đã quá giờ đăng. Hãy đăng ngay hoặc bỏ; muốn dời, hãy dời bài trong lịch rồi trình duyệt lại.",
    HoldReason.UNAPPROVED: "Đến giờ mà chưa có người duyệt. Hãy nhờ người duyệt xem bài, rồi đặt giờ mới trong tệp của bài.",
    HoldReason.AMBIGUOUS: "Chưa biết bài đã lên hay chưa. Hãy mở kênh và xem, rồi cho biết: đã có, hay không có và gửi lại.",
    HoldReason.DRIFT: "Bài trên kênh khác với bản đã duyệt. Hãy xem các chỗ khác, rồi sửa trên kênh hoặc để nguyên và ghi lý do.",
    HoldReason.BLACKOUT: "Đang trong ngày để tang hoặc ngày dừng đăng. Hết hạn này bài đã lỡ giờ chờ bạn quyết định.",
    HoldReason.HALT: "Có người đã tạm dừng. Khi lệnh tạm dừng được gỡ, bài đã lỡ giờ chờ bạn quyết định.",
    HoldReason.AUTH: "Kênh mất quyền đăng. Hãy nhờ quản trị kết nối lại kênh; bài sẽ đi tiếp, cách nhau.",
    HoldReason.QUOTA: "Đã hết lượt đăng mà nền tảng cho phép. Hãy gửi lại khi có lượt mới, hoặc bỏ.",
    HoldReason.POISON: "Thử nhiều lần mà không xong. Hãy xem câu trả lời của nền tảng và báo kỹ thuật trước khi gửi lại.",
}
_OTHER = {
    State.FAILED: "Nền tảng không nhận bài này. Hãy sửa theo lý do nêu ở đây rồi trình duyệt lại, hoặc gửi lại nếu lý do đã hết.",
    State.UNKNOWN: "Chưa rõ bài đã lên hay chưa; hệ thống đang tìm trên kênh và không đăng lại trước khi biết chắc.",
    State.RECONCILING: "Chưa rõ bài đã lên hay chưa; hệ thống đang tìm trên kênh và không đăng lại trước khi biết chắc.",
}


def advice(delivery: Delivery) -> str:
    """Say what to do next; nothing where the delivery goes on by itself."""
    if delivery.state is State.HELD and delivery.hold_reason:
        return _HELD[delivery.hold_reason]
    if delivery.state is State.QUEUED and delivery.next_at > delivery.due_at + PUNCTUAL:
        return f"Sẽ đăng từ {short_moment(delivery.next_at)}, khi kênh không có bài khác gần đó."
    return _OTHER.get(delivery.state, "")


def ways(delivery: Delivery) -> tuple[Way, ...]:
    """Return the decisions that a person may take about the delivery as it stands."""
    if delivery.state is State.HELD and delivery.hold_reason:
        return _WAYS_OF_HELD[delivery.hold_reason]
    return _WAYS.get(delivery.state, ())
