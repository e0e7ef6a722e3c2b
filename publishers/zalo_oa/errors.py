"""Zalo's error numbers, which come under HTTP 200. What is not listed is an unknown outcome on the commit call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from publishers.verdict import Ruling, limited, refused, unauthorized, unknown

_APP = unauthorized("ứng dụng Zalo chưa được cấu hình đúng; hãy kiểm tra ứng dụng và liên kết với OA trong trang quản trị Zalo")
_TOKEN = unauthorized("mã kết nối Zalo OA không còn dùng được; hãy kết nối lại OA trong phần Kênh")

STILL_WORKING = "-214"  # the article is being processed: ask again
TOKEN_OVER = frozenset({"-124", "-216", "-220"})  # refresh, then again
GONE = frozenset({"-201"})  # what getdetail and remove answer for an id that is no article, and verify for a ticket

CODES: Mapping[str, Ruling] = {
    "-32": limited("gọi Zalo quá nhanh", timedelta(minutes=1), of_app=True),
    "-100": unknown("Zalo gặp lỗi không rõ"),
    **{str(code): _APP for code in range(-106, -100)},
    "-124": _TOKEN,
    "-200": unknown("Zalo báo gửi không thành công mà không nói rõ"),
    "-201": refused("Zalo không nhận một giá trị của bài"),
    "-204": unauthorized("Official Account đã bị xóa; hãy kiểm tra OA trên Zalo"),
    "-205": unauthorized("không tìm thấy Official Account; hãy kết nối lại OA"),
    "-209": _APP,
    "-210": refused("bài vượt giới hạn của Zalo (tiêu đề 150, tóm tắt 300, tác giả 50 ký tự); hãy rút gọn"),
    "-211": limited("OA đã dùng hết hạn mức tính năng", timedelta(hours=6)),
    "-212": unauthorized("OA chưa đăng ký dùng API bài viết; hãy đăng ký trong trang quản trị Zalo"),
    STILL_WORKING: limited("Zalo đang xử lý bài", timedelta(seconds=5)),
    "-216": _TOKEN,
    "-219": _APP,
    "-220": _TOKEN,
    "-221": unauthorized("OA chưa được xác thực; hãy xác thực OA trên Zalo"),
    "-223": limited("OA đã hết lượt đăng bài trong kỳ này", timedelta(hours=12)),
    "-224": unauthorized("gói dịch vụ của OA không có tính năng này; hãy nâng gói"),
    "-233": refused("Zalo không nhận loại nội dung này"),
    "-234": limited("Zalo không cho gửi từ 22 giờ đến 6 giờ", timedelta(hours=1)),
    "-235": unauthorized("loại OA này không được dùng API bài viết"),
    "-240": refused("API này của Zalo đã ngừng"),
    "-242": unauthorized("chuỗi appsecret_proof sai; hãy kiểm tra mã bí mật của ứng dụng Zalo"),
    "-248": refused("Zalo cho rằng bài vi phạm tiêu chuẩn nền tảng; hãy sửa nội dung"),
    "-320": unauthorized("ứng dụng chưa liên kết Zalo Cloud Account; hãy liên kết trong trang quản trị Zalo"),
    "-321": unauthorized("Zalo Cloud Account hết tiền; hãy nạp tiền"),
    "-14003": _APP,
}
