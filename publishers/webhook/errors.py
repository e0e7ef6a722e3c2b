"""What a receiver's HTTP status means. What is not listed, every 5xx among it, is an unknown outcome on the commit call."""

from __future__ import annotations

from collections.abc import Mapping

from publishers.verdict import Ruling, limited, refused, unauthorized, unknown

_SECRET = unauthorized("nơi nhận không nhận chữ ký; hãy kiểm tra mã bí mật chung ở hai đầu")
_FORM = refused("nơi nhận không nhận bài như đang viết")

STATUSES: Mapping[int, Ruling] = {
    400: _FORM,
    401: _SECRET,
    403: _SECRET,
    404: unauthorized("không có nơi nhận ở địa chỉ này; hãy sửa base_url của kênh"),
    405: unauthorized("địa chỉ này không nhận lệnh POST; hãy sửa base_url của kênh"),
    # The first call with this key is still being worked on: it may become a post at any moment.
    409: unknown("nơi nhận đang xử lý lần gửi trước của bài này"),
    410: unauthorized("nơi nhận đã đóng địa chỉ này; hãy hỏi đơn vị quản lý nơi nhận"),
    413: refused("bài quá lớn với nơi nhận"),
    415: _FORM,
    # The key came with another body before: an earlier version may be what the public sees.
    422: unknown("nơi nhận đã có bài khác cùng mã, có thể là bản trước; Loa sẽ hỏi lại"),
    429: limited("nơi nhận bảo chờ"),
}
