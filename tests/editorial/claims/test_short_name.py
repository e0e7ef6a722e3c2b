"""What is left of a name that was exchanged."""

from __future__ import annotations

import pytest

from editorial.claims.short_name import said_in_part


@pytest.mark.parametrize(
    ("text", "old", "new", "left"),
    [
        ("Ông An (Nguyễn Văn Bình) trả lời báo chí.", "Nguyễn Văn An", "Nguyễn Văn Bình", "Ông An"),
        ("Đồng chí Văn An phát biểu.", "Nguyễn Văn An", "Trần Đức Bình", "Văn An"),
        ("Mr An answered; Nguyen Van Binh will follow.", "Nguyễn Văn An", "Nguyễn Văn Bình", "Mr An"),
        ("Hẹn ở Lý Thái Tổ lúc 8 giờ.", "Vườn hoa Lý Thái Tổ", "Vườn hoa Con Cóc", "Lý Thái Tổ"),
        ("Ông Bình (Nguyễn Văn Bình), người An Dương.", "Nguyễn Văn An", "Nguyễn Văn Bình", ""),
        ("Bà An Bình và ông Anh.", "Nguyễn Văn An", "Nguyễn Văn Bình", ""),
        ("Bà Hạnh (Lê Thị Hạnh).", "Nguyễn Thị Hạnh", "Lê Thị Hạnh", ""),
        ("Người Hà Nội đến Sở Xây dựng Hà Nội.", "Sở Quy hoạch Hà Nội", "Sở Xây dựng Hà Nội", ""),
    ],
)
def test_what_is_left_of_an_old_name_is_found_and_nothing_else(text: str, old: str, new: str, left: str) -> None:
    assert said_in_part(text, old, new) == left
