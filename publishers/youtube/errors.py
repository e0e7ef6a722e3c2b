"""YouTube's error reasons. What is not listed, and every 5xx, is an unknown outcome on the commit call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from publishers.verdict import Ruling, limited, refused, unauthorized, unknown

_TOKEN = unauthorized("mã kết nối YouTube không còn dùng được; hãy kết nối lại kênh trong phần Kênh")
_RIGHT = unauthorized("tài khoản thiếu quyền trên kênh YouTube; hãy kết nối lại và cấp đủ quyền")
_QUOTA = limited("đã dùng hết hạn mức YouTube của ngày; hạn mức mở lại lúc nửa đêm giờ Thái Bình Dương", of_app=True)
_PACE = "gọi YouTube quá nhanh"

DAILY = frozenset({"quotaExceeded", "dailyLimitExceeded"})  # these end at midnight Pacific
ALREADY_THERE = "captionExists"
GONE = frozenset({"videoNotFound", "notFound"})

REASONS: Mapping[str, Ruling] = {
    "authError": _TOKEN,
    "UNAUTHENTICATED": _TOKEN,
    "youtubeSignupRequired": unauthorized("tài khoản Google này chưa có kênh YouTube; hãy kết nối tài khoản có kênh"),
    "quotaExceeded": _QUOTA,
    "dailyLimitExceeded": _QUOTA,
    "rateLimitExceeded": limited(_PACE, timedelta(minutes=1), of_app=True),
    "userRateLimitExceeded": limited(_PACE, timedelta(minutes=1)),
    "uploadLimitExceeded": limited("kênh đã tải lên đủ số clip YouTube cho phép trong ngày", timedelta(hours=24)),
    "forbidden": _RIGHT,
    "forbiddenPrivacySetting": unauthorized("dự án API chưa được YouTube duyệt nên clip chỉ để riêng tư; hãy xin kiểm định"),
    "forbiddenLicenseSetting": _RIGHT,
    "insufficientPermissions": _RIGHT,
    "accountDelegationForbidden": _RIGHT,
    "videoNotFound": refused("clip không còn trên YouTube"),
    "invalidTitle": refused("YouTube không nhận tiêu đề; hãy rút gọn và bỏ dấu < >"),
    "invalidDescription": refused("YouTube không nhận phần mô tả; hãy rút gọn và bỏ dấu < >"),
    "invalidTags": refused("các thẻ dài quá 500 ký tự; hãy bớt thẻ"),
    "invalidCategoryId": refused("chuyên mục YouTube không đúng; hãy sửa cài đặt kênh"),
    "invalidPublishAt": refused("giờ hẹn đăng không đúng"),
    "invalidVideoMetadata": refused("YouTube không nhận thông tin của clip"),
    "invalidVideoGameRating": refused("YouTube không nhận thông tin của clip"),
    "invalidRecordingDetails": refused("YouTube không nhận thông tin ghi hình"),
    "invalidFilename": refused("YouTube không nhận tên tệp"),
    "mediaBodyRequired": refused("YouTube không nhận được clip"),
    "defaultLanguageNotSet": refused("chưa khai báo ngôn ngữ của clip"),
    "commentTextRequired": refused("bình luận không có chữ"),
    "commentTextTooLong": refused("bình luận quá dài; hãy rút gọn"),
    "commentsDisabled": refused("clip này đã tắt bình luận"),
    "parentCommentNotFound": refused("bình luận được trả lời không còn trên YouTube"),
    "playlistNotFound": refused("không có danh sách phát này; hãy sửa playlist_id trong cài đặt kênh"),
    "playlistIdRequired": refused("mã danh sách phát không đúng; hãy sửa playlist_id trong cài đặt kênh"),
    "playlistItemsNotAccessible": _RIGHT,
    "backendError": unknown("YouTube gặp lỗi"),
}
