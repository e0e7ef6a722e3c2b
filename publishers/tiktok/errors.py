"""TikTok's error codes, what its upload server answers, and why it gives up a clip that it had taken.

What is not listed, and every 5xx, is an unknown outcome on the commit call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from publishers.verdict import Ruling, limited, refused, unauthorized, unavailable, unknown

TOKEN_OVER = "access_token_invalid"  # refresh, then again
NOT_GRANTED = "scope_not_authorized"

_VALUE = refused("TikTok không nhận một giá trị của bài")
_A_DAY = timedelta(hours=24)
_BANNED = unauthorized("TikTok đang cấm tài khoản này đăng bài; hãy mở ứng dụng TikTok để xem lý do")

CODES: Mapping[str, Ruling] = {
    "invalid_param": _VALUE,
    "invalid_params": _VALUE,
    "app_version_check_failed": refused("TikTok đòi ứng dụng TikTok mới hơn trên điện thoại của tài khoản; hãy cập nhật"),
    # By the documentation a mistake of the caller; but what it said of a clip before may be all that is known of that.
    "invalid_publish_id": unknown("TikTok không còn biết lần đăng này; hãy mở TikTok xem clip đã có chưa"),
    TOKEN_OVER: unauthorized("mã kết nối TikTok không còn dùng được; hãy kết nối lại kênh trong phần Kênh"),
    NOT_GRANTED: unauthorized("tài khoản chưa cấp đủ quyền cho Loa; hãy kết nối lại TikTok và giữ mọi quyền được hỏi"),
    "spam_risk_too_many_posts": limited("tài khoản đã đăng đủ số clip TikTok cho phép trong ngày", _A_DAY),
    "spam_risk_too_many_pending_share": limited("có quá nhiều bản nháp chờ trong hộp thư TikTok; hãy đăng hoặc xóa bớt", _A_DAY),
    "spam_risk_user_banned_from_posting": _BANNED,
    "reached_active_user_cap": limited("ứng dụng đã đăng cho đủ số tài khoản TikTok cho phép trong ngày", _A_DAY, of_app=True),
    "unaudited_client_can_only_post_to_private_accounts": unauthorized(
        "ứng dụng chưa qua kiểm định của TikTok nên chỉ đăng được clip riêng tư; hãy xin kiểm định ở trang quản lý ứng dụng"
    ),
    "url_ownership_unverified": unauthorized("địa chỉ của clip chưa được xác nhận trong trang quản lý ứng dụng TikTok"),
    "privacy_level_option_mismatch": unauthorized(
        "tài khoản TikTok không cho đăng công khai; hãy chuyển tài khoản sang công khai trong ứng dụng TikTok"
    ),
    "rate_limit_exceeded": limited("gọi TikTok quá nhanh", timedelta(minutes=1)),  # allowances are by the minute
    "internal_error": unknown("TikTok gặp lỗi"),
}

# By HTTP status: this server's answers have no documented codes.
UPLOADS: Mapping[int, Ruling] = {
    400: refused("máy chủ tải lên của TikTok không nhận phần đầu của lệnh gửi clip"),
    403: unavailable("địa chỉ tải lên của TikTok đã hết hạn; Loa sẽ mở lượt tải mới"),
    404: unknown("TikTok không còn lượt tải này; Loa sẽ hỏi xem clip đã tới chưa"),
    416: unknown("TikTok đã có phần này của clip; Loa sẽ hỏi xem clip đã tới chưa"),
}
URL_OVER = 403

# Why a clip was given up that had arrived whole. Nothing was posted, whichever it is.
FAILURES: Mapping[str, str] = {
    "file_format_check_failed": "TikTok không đọc được clip; hãy xuất lại",
    "duration_check_failed": "clip dài hoặc ngắn quá mức TikTok nhận; hãy cắt lại",
    "frame_rate_check_failed": "clip phải có từ 23 đến 60 hình một giây; hãy xuất lại",
    "picture_size_check_failed": "mỗi cạnh của clip phải từ 360 đến 4096 điểm ảnh; hãy xuất lại",
    "internal": "TikTok gặp lỗi khi xử lý clip; hãy gửi lại",
    "publish_cancelled": "lần đăng đã bị hủy trên TikTok; hãy gửi lại nếu vẫn cần đăng",
    "auth_removed": "tài khoản đã gỡ quyền của Loa giữa lúc đăng; hãy kết nối lại TikTok rồi gửi lại",
    "spam_risk_too_many_posts": "tài khoản đã đăng đủ số clip TikTok cho phép trong ngày; hãy gửi lại vào ngày mai",
    "spam_risk_user_banned_from_posting": _BANNED.advice,
    "spam_risk_text": "TikTok cho rằng lời bài là thư rác; hãy sửa lời, thẻ và liên kết",
    "spam_risk": "TikTok cho rằng bài là thư rác; hãy mở ứng dụng TikTok để xem lý do",
}
