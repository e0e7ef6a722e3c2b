"""Graph's error codes. Classified by code and subcode, never by HTTP status, which differs between documents and days.

What is not listed is an unknown outcome on the commit call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from publishers.verdict import Ruling, limited, refused, unauthorized, unknown

_TOKEN = unauthorized("mã kết nối Trang Facebook không còn dùng được; hãy kết nối lại Trang trong phần Kênh")
_RIGHT = unauthorized("ứng dụng thiếu quyền trên Trang Facebook; hãy kết nối lại và cấp đủ quyền")
_DUPLICATE = unknown("Facebook báo bài trùng với bài vừa đăng, có thể lần gửi trước đã lên; Loa sẽ tìm bài")

CODES: Mapping[str, Ruling] = {
    # 1 and 2 can follow a post that did go out, so they are never a no.
    "1": unknown("Facebook gặp lỗi không rõ"),
    "2": unknown("dịch vụ Facebook tạm gián đoạn"),
    "4": limited("ứng dụng đã gọi Facebook quá nhiều", timedelta(minutes=15), of_app=True),
    "17": limited("tài khoản đã gọi Facebook quá nhiều", timedelta(minutes=15)),
    "32": limited("Trang đã gọi Facebook quá nhiều", timedelta(minutes=15)),
    "341": limited("Trang đã chạm giới hạn thao tác của Facebook", timedelta(minutes=30)),
    "613": limited("Facebook giới hạn tần suất lệnh này", timedelta(minutes=15)),
    "80001": limited("Trang đã dùng hết lượt gọi trong 24 giờ", timedelta(minutes=30)),
    "10": _RIGHT,
    "100": refused("Facebook không nhận một giá trị của bài"),
    "102": _TOKEN,
    "190": _TOKEN,
    "368": limited("Facebook tạm chặn Trang đăng bài; hãy giãn lịch đăng", timedelta(hours=6)),
    "368/1390008": limited("Trang đăng quá nhiều, Facebook tạm chặn; hãy giãn lịch đăng", timedelta(hours=6)),
    "368/4854002": unauthorized("Facebook đòi xác minh danh tính quản trị viên; hãy mở Facebook và làm theo hướng dẫn"),
    "368/1404082": _DUPLICATE,
    "506": _DUPLICATE,
    "1404078": unauthorized("Facebook đòi xác thực Trang; hãy mở phần cài đặt của Trang"),
    "1609005": refused("Facebook không đọc được đường dẫn trong bài; hãy kiểm tra hoặc bỏ đường dẫn"),
    "1609008": refused("Facebook không cho đăng đường dẫn facebook.com này"),
    "1366046": refused("ảnh quá lớn hoặc sai định dạng với Facebook; hãy xuất lại ảnh"),
    "6000": refused("Facebook không xử lý được clip; hãy xuất lại clip"),
    **{str(code): _RIGHT for code in range(200, 300)},
}

PROOF = "appsecret_proof"  # what Graph names where the app wants every call to prove its secret, and this one does not
WRONG_SECRET = unauthorized("mã bí mật của ứng dụng Facebook thiếu hoặc sai; hãy sửa trong phần Kênh")
DEAD_TOKEN = frozenset({"102", "190"})  # codes, whatever their subcode
GONE = frozenset({"100/33"})  # the object does not exist or is no longer visible
OFFSET_MISMATCH = "1363037"  # a video chunk came at the wrong place; error_data says where to go on
