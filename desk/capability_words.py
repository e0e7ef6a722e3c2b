"""What each channel takes and can do, in plain Vietnamese: made from the manifests and classes, as docs/capabilities.md is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from desk.web.moment_words import count_words
from desk.web.phrase_book import spoken
from editorial.post import MediumKind
from publishers.manifest import CallRate, LengthUnit, Limit, Manifest, MediaRule

ABILITY_WORDS: Mapping[str, tuple[str, str]] = {
    "Prepares": ("Chuẩn bị trước", "tải ảnh lên, làm bản nháp trước giờ đăng, chưa ai thấy"),
    "Follows": ("Hỏi lại", "theo dõi việc mà nền tảng xử lý sau"),
    "Reconciles": ("Tìm lại", "tìm bài chưa rõ đã lên kênh hay chưa"),
    "Verifies": ("Đối chiếu", "đọc lại bài đang hiển thị"),
    "Corrects": ("Sửa tại chỗ", "đổi lời của bài đang hiển thị"),
    "Withdraws": ("Gỡ", "rút bài khỏi kênh"),
    "Measures": ("Đếm", "lấy số liệu của bài"),
    "Converses": ("Trao đổi", "đọc bình luận (không kèm người viết) và trả lời nhân danh văn phòng"),
    "Greets": ("Hỏi tài khoản", "xem đã kết nối chưa, còn thiếu quyền gì, không thay đổi gì"),
}
TEXT_WORDS: Mapping[str, str] = {"title": "Tiêu đề", "text": "Nội dung", "summary": "Tóm tắt", "html": "Thân bài"}
UNIT_WORDS: Mapping[LengthUnit, str] = {
    LengthUnit.CHARACTERS: "ký tự", LengthUnit.UTF16: "đơn vị UTF-16 (emoji tính hai)",
    LengthUnit.BYTES: "byte (chữ có dấu tính hai, ba)",
}  # fmt: skip
MEDIUM_WORDS: Mapping[MediumKind, str] = {MediumKind.IMAGE: "Ảnh", MediumKind.VIDEO: "Clip"}


def limit_lines(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield what a channel takes, each as a name and what is allowed of it."""
    for part, limit in manifest.texts.items():
        yield TEXT_WORDS[part], _limit(limit)
    if manifest.comment is not None:
        yield "Bình luận", _limit(manifest.comment)
    for kind, words in MEDIUM_WORDS.items():
        rule = manifest.media.get(kind)
        yield words, _media(rule) if rule else "không nhận"
    if manifest.cover_required:
        yield "Bìa", "bắt buộc một ảnh hoặc clip"
    yield "Ảnh và clip chung một bài", "được" if manifest.mixes_media else "không"
    yield "Nhịp đăng", _rate(manifest.rate)
    if manifest.app is not None and manifest.app.rate is not None:
        yield "Nhịp chung của ứng dụng", _rate(manifest.app.rate)
    yield "Không thấy bài nghĩa là chưa đăng", "đúng" if manifest.absence_is_proof else "không chắc: cần người mở kênh xem"


def _limit(limit: Limit) -> str:
    beside = f", kèm ảnh hoặc clip thì {count_words(limit.with_media)}" if limit.with_media is not None else ""
    needed = ", bắt buộc" if limit.required else ""
    return spoken(f"tối đa {count_words(limit.most)} {UNIT_WORDS[limit.unit]}") + spoken(beside) + spoken(needed)


def _media(rule: MediaRule) -> str:
    types = ", ".join(name.partition("/")[2].upper() for name in rule.media_types)
    seconds = f", tối đa {count_words(rule.most_seconds)} giây" if rule.most_seconds else ""
    return spoken(f"tối đa {rule.most}: {types}, mỗi tệp {count_words(rule.most_bytes // 1_000_000)} MB") + spoken(seconds)


def _rate(rate: CallRate | None) -> str:
    return f"{rate.calls} bài trong {rate.seconds} giây" if rate else "theo trả lời của nền tảng"
