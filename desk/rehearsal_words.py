"""What goes wrong in a rehearsal, and why a post waits for a person, in the words of commands and pages."""

from __future__ import annotations

from editorial.delivery import HoldReason

STEPS = {
    "read": "Đọc workspace",
    "check": "Kiểm tra nội dung",
    "render": "Dựng ảnh và clip",
    "approve": "Trình và duyệt",
    "publish": "Đăng và đối chiếu",
}
FAULTS = {  # what each fault is called, by its name
    "drop_response_after_commit": "đã nhận bài nhưng mất trả lời",
    "5xx_after_commit": "đã nhận bài nhưng báo lỗi máy chủ",
    "5xx_before_commit": "máy chủ lỗi, không nhận gì",
    "timeout_mid_body": "trả lời đứt giữa chừng",
    "slow_commit": "báo lỗi rồi bài mới hiện sau",
    "expire_token_now": "quyền truy cập hết hiệu lực",
    "rate_limit_next": "bị giới hạn số lần gọi",
    "html_error_page": "trang lỗi HTML của cổng mạng",
    "duplicate_detect": "nền tảng báo trùng nội dung",
    "insert_then_fail": "đã tạo bài nhưng từ chối siêu dữ liệu",
    "429_after_commit": "đã nhận bài nhưng bảo chờ rồi gửi lại",
    "clock_offset": "đồng hồ nền tảng lệch",
}
REASONS = {
    HoldReason.LATE: "quá giờ",
    HoldReason.UNAPPROVED: "chưa duyệt",
    HoldReason.AMBIGUOUS: "chưa rõ",
    HoldReason.DRIFT: "khác bản duyệt",
    HoldReason.BLACKOUT: "quốc tang",
    HoldReason.HALT: "tạm dừng",
    HoldReason.AUTH: "mất kết nối",
    HoldReason.QUOTA: "hết hạn mức",
    HoldReason.POISON: "hỏng nhiều lần",
}


def why_words(reason: HoldReason | None) -> str:
    """Return why a delivery waits for a person; one without a reason was refused by its platform."""
    return REASONS[reason] if reason else "nền tảng từ chối"
