"""The words of a live page come out as the office's caption templates spell them."""

from __future__ import annotations

import pytest

from publishers.plain_text import media_addresses, plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Một  dòng\nnữa</p><p>Hai</p>", "Một dòng nữa\nHai"),
        ("<p>A &amp; B<br/>C</p>", "A & B\nC"),
        ("<ul>\n<li>một</li>\n<li>hai</li>\n</ul><ol><li>ba</li><li>bốn</li></ol>", "• một\n• hai\n1. ba\n2. bốn"),
        ('<p>Xem <a href="https://a.vn/x">tại đây</a>.</p>', "Xem tại đây (https://a.vn/x)."),
        ('<p><a href="https://a.vn/x">a.vn/x</a></p>', "a.vn/x"),
        ("<style>p{}</style><script>x()</script><p>Chữ</p>", "Chữ"),
        ('<p>Chữ</p><figure><img src="a.png" alt="ảnh"/></figure>', "Chữ"),
    ],
)
def test_only_the_words_are_left(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_pictures_and_clips_are_listed_in_order() -> None:
    assert media_addresses('<img src="1.png"/><video controls src="2.mp4"></video>') == ("1.png", "2.mp4")
