"""What a person has to do about a delivery that does not go on by itself."""

from __future__ import annotations

from editorial.delivery import Delivery, HoldReason, State

_HELD = {
    HoldReason.LATE: "Đã quá giờ đăng. Hãy chọn: đăng ngay, dời sang giờ khác, hoặc bỏ.",
    HoldReason.UNAPPROVED: "Đến giờ mà chưa có người duyệt. Hãy nhờ người duyệt xem bài, rồi dời giờ đăng.",
    HoldReason.AMBIGUOUS: (
        "Chưa biết bài đã lên hay chưa. Hãy mở kênh và xem: thấy bài thì đánh dấu “đã đăng”, không thấy thì cho đăng lại."
    ),
    HoldReason.DRIFT: "Bài trên kênh khác với bản đã duyệt. Hãy so hai bản bên dưới, rồi sửa trên kênh hoặc duyệt lại.",
    HoldReason.BLACKOUT: "Đang trong ngày để tang hoặc ngày dừng đăng. Hết thời gian này, hãy quyết định đăng hay bỏ.",
    HoldReason.HALT: "Có người đã tạm dừng. Bài đi tiếp khi lệnh tạm dừng được gỡ.",
    HoldReason.AUTH: "Kênh mất quyền đăng. Hãy nhờ quản trị kết nối lại kênh; bài sẽ đi tiếp.",
    HoldReason.QUOTA: "Đã hết lượt đăng mà nền tảng cho phép. Bài đi tiếp khi có lượt mới, hoặc dời sang ngày khác.",
    HoldReason.POISON: "Thử nhiều lần mà không xong. Hãy xem câu trả lời của nền tảng bên dưới và báo kỹ thuật.",
}
_OTHER = {
    State.FAILED: "Nền tảng không nhận bài này. Hãy sửa theo lý do bên dưới và trình duyệt lại.",
    State.UNKNOWN: "Chưa rõ bài đã lên hay chưa; hệ thống đang tìm trên kênh và không đăng lại trước khi biết chắc.",
    State.RECONCILING: "Chưa rõ bài đã lên hay chưa; hệ thống đang tìm trên kênh và không đăng lại trước khi biết chắc.",
}


def advice(delivery: Delivery) -> str:
    """Say what to do next; nothing where the delivery goes on by itself."""
    if delivery.state is State.HELD and delivery.hold_reason:
        return _HELD[delivery.hold_reason]
    return _OTHER.get(delivery.state, "")
