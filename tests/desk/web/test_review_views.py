from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desk.web.views.mark import Mark
from desk.web.views.review import caption_changes, folded, kinds_of, time_left, told_by_machine, word_changes
from desk.web.word_diff import pieces
from editorial.changes import Change

NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)
MARKS = {id: Mark(id=id, letters=id[:2].upper(), name=id.title()) for id in ("zalo", "facebook")}
BEFORE = "1\n00:00:00,000 --> 00:00:03,000\nHà Nội có 126 phường\n\n2\n00:00:03,000 --> 00:00:06,000\nMời bà con\n"


def change(channel: str, field: str, before: str, after: str) -> Change:
    return Change(post=f"a.{channel}.2026" if channel else "a", channel=channel, field=field, before=before, after=after)


@pytest.mark.parametrize(
    ("left", "words", "urgency"),
    [
        (timedelta(days=27, hours=5), "còn 27 ngày", ""),
        (timedelta(days=2, hours=5, minutes=9), "còn 2 ngày 5 giờ", ""),
        (timedelta(hours=3, minutes=20), "còn 3 giờ 20 phút", "soon"),
        (timedelta(seconds=20), "còn chưa đến 1 phút", "soon"),
        (timedelta(minutes=-15), "quá giờ 15 phút", "late"),
    ],
)
def test_the_time_that_is_left_is_said_in_its_largest_units(left: timedelta, words: str, urgency: str) -> None:
    found = time_left(NOW + left, NOW)
    assert (found.words, found.urgency) == (words, urgency)


def test_the_same_change_on_several_channels_is_told_once() -> None:
    changes = [change(channel, "text", "cũ", "mới") for channel in MARKS] + [change("zalo", "title", "A", "B")]
    found = word_changes([*changes, change("zalo", "media.anh.bytes", "1", "2"), change("", "tone", "festive", "solemn")], MARKS)
    assert [(each.field, [mark.id for mark in each.channels]) for each in found] == [
        ("lời bài", ["zalo", "facebook"]), ("tiêu đề", ["zalo"]), ("không khí", []),
    ]  # fmt: skip


def test_markup_is_read_as_words_and_a_moment_as_a_day() -> None:
    (words,) = word_changes([change("zalo", "text", "<b>cũ</b> &amp; a", "<b>mới</b> &amp; a")], MARKS)
    assert "".join(piece.text for piece in words.pieces) == "cũmới & a"
    (moment,) = word_changes([change("zalo", "due_at", "2026-10-10T08:00:00+07:00", "2026-10-10T09:30:00+07:00")], MARKS)
    assert [piece.text for piece in moment.pieces] == ["08:00", "09:30", " thứ Bảy 10/10/2026"]


def test_what_stayed_the_same_is_cut_short_and_never_what_changed() -> None:
    long = "từ " * 400
    found = folded(pieces(f"{long}cũ {long}", f"{long}mới {long}"))
    assert all(len(piece.text) < 320 for piece in found)
    assert [piece.text.strip() for piece in found if piece.mark.value != "same"] == ["cũ", "mới"]
    assert sum("[…]" in piece.text for piece in found) == 2


def test_a_clip_s_words_are_compared_at_their_moment() -> None:
    (changed,) = caption_changes(BEFORE, BEFORE.replace("126", "127"))
    assert changed.at == "00:00:00" and [piece.text for piece in changed.pieces] == ["Hà Nội có ", "126", "127", " phường"]
    assert caption_changes(BEFORE, BEFORE) == ()


def test_what_changed_is_told_in_a_word_or_two() -> None:
    changes = [change("zalo", field, "a", "b") for field in ("text", "due_at", "media.anh.bytes", "media.anh.alt", "title")]
    assert kinds_of([*changes, change("", "tone", "a", "b")]) == (
        "lời", "giờ đăng", "ảnh, clip", "lời mô tả ảnh", "thông tin của mục",
    )  # fmt: skip
    logged = "đã đổi: a.zalo.2026 text, a.zalo.2026 media.anh.bytes, a.facebook.2026 text"
    assert told_by_machine(logged) == "đã đổi: lời bài, ảnh, clip"
    assert told_by_machine("tệp không còn") == "tệp không còn"
