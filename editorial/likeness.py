"""Is the live post what was approved? Platforms change white space and re-encode pictures; they must not change words."""

from __future__ import annotations

import re
import unicodedata

from editorial.outcome import LivePost
from editorial.post import Post


def differences(post: Post, live: LivePost) -> tuple[str, ...]:
    """Return what differs, in plain Vietnamese; empty when the public sees what was approved."""
    found: list[str] = []
    if not live.visible:
        found.append("bài đã có trên nền tảng nhưng công chúng chưa xem được")
    if live.title is not None and not same_words(live.title, post.variant.title):
        found.append(f"tiêu đề đang hiển thị là “{live.title}”, bản đã duyệt là “{post.variant.title}”")
    if not same_words(live.text, post.variant.text):
        found.append("nội dung đang hiển thị khác bản đã duyệt")
    return (*found, *_media_differences(post, live))


def _media_differences(post: Post, live: LivePost) -> tuple[str, ...]:
    if live.media_count != len(post.media):
        return (f"có {live.media_count} ảnh/clip đang hiển thị, bản đã duyệt có {len(post.media)}",)
    approved = {medium.sha256 for medium in post.media}
    if live.media_sha256 and set(live.media_sha256) != approved:
        return ("ảnh hoặc clip đang hiển thị không đúng từng byte với bản đã duyệt",)
    return ()


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts say the same once white space and Unicode form are set aside."""
    return plain_words(one) == plain_words(other)


def plain_words(text: str) -> str:
    """Return the text in NFC with every run of white space as one space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
