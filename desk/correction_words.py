"""How the putting right of live copies is told, in commands and pages."""

from __future__ import annotations

from collections.abc import Mapping

from editorial.correction import ItemState, Means

MEANS: Mapping[Means, str] = {
    Means.EDIT: "sửa tại chỗ",
    Means.REPOST: "gỡ và đăng lại",
    Means.NOTE: "sửa lời, ghi chú cho ảnh",
    Means.REMOVE: "gỡ",
    Means.MANUAL: "làm tay",
}
STATES: Mapping[ItemState, str] = {
    ItemState.WAITING: "đang chờ",
    ItemState.CALLING: "đang gọi",
    ItemState.CALLED: "đang đọc lại",
    ItemState.REMOVED: "đã gỡ, đang đăng lại",
    ItemState.DONE: "xong, đã đọc lại",
    ItemState.DIFFERENT: "khác bản đã duyệt",
    ItemState.FAILED: "không làm được",
    ItemState.MANUAL: "cần làm tay",
}
WRONG = frozenset({ItemState.DIFFERENT, ItemState.FAILED})
STUCK = WRONG | {ItemState.MANUAL}
