"""WordPress's error codes. An error of `create` may come after the post was inserted, so the slug is looked up before any retry.

What is not listed is an unknown outcome on the commit call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from publishers.verdict import Ruling, limited, refused, unauthorized, unknown

_PASSWORD = unauthorized("Cổng không nhận tài khoản hoặc mật khẩu ứng dụng; hãy tạo mật khẩu ứng dụng mới và kết nối lại")
_ROLE = unauthorized("tài khoản trên Cổng thiếu quyền đăng bài; hãy cấp vai trò Biên tập viên")

CODES: Mapping[str, Ruling] = {
    "rest_not_logged_in": _PASSWORD,
    "incorrect_password": _PASSWORD,
    "invalid_username": _PASSWORD,
    "invalid_email": _PASSWORD,
    "application_passwords_disabled": _PASSWORD,
    "rest_cannot_create": _ROLE,
    "rest_cannot_edit": _ROLE,
    "rest_cannot_publish": _ROLE,
    "rest_cannot_delete": _ROLE,
    "rest_cannot_assign_term": _ROLE,
    "rest_forbidden": _ROLE,
    "rest_forbidden_context": _ROLE,
    "rest_forbidden_status": _ROLE,
    "rest_invalid_param": refused("Cổng không nhận một giá trị của bài"),
    "rest_missing_callback_param": refused("Cổng thiếu một giá trị của bài"),
    "rest_post_exists": refused("Cổng báo bài đã có"),
    "rest_upload_no_data": refused("Cổng nhận được tệp rỗng"),
    "rest_upload_unknown_error": refused("Cổng không nhận tệp này"),
    "rest_upload_sideload_error": refused("Cổng không cho tải loại tệp này lên"),
    "rest_upload_file_too_big": refused("tệp quá lớn với Cổng; hãy xuất lại nhỏ hơn"),
    "rest_upload_limited_space": refused("Cổng hết chỗ chứa tệp; hãy báo quản trị Cổng"),
    "rest_post_invalid_id": refused("bài không còn trên Cổng"),
    "rest_no_route": unauthorized("địa chỉ này không phải REST API của WordPress; hãy sửa base_url của kênh"),
    "rest_comment_content_invalid": refused("bình luận không có chữ"),
    "rest_comment_invalid_post_id": refused("bài này không nhận bình luận"),
    "rest_comment_closed": refused("bài này đã đóng bình luận"),
    "rest_comment_login_required": _ROLE,
    "rest_comment_trash_post": refused("bài đã bị gỡ khỏi Cổng"),
    "comment_flood": limited("Cổng chặn bình luận gửi quá nhanh", timedelta(minutes=1)),
    "comment_duplicate": unknown("Cổng báo bình luận này đã có, có thể lần gửi trước đã lên; hãy mở bài để xem"),
    "db_insert_error": unknown("cơ sở dữ liệu của Cổng gặp lỗi"),
}

GONE = frozenset({"rest_post_invalid_id"})
ALREADY_TRASHED = "rest_already_trashed"
NO_TRASH = "rest_trash_not_supported"
TOO_BIG = 413  # answered by the web server, before WordPress
