from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desk.web.word_diff import Became, pieces

TEXTS = st.text(alphabet="ab 1.\n,", max_size=60)


def shown(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.mark.value, piece.text) for piece in pieces(before, after)]


def test_a_changed_word_is_marked_inside_its_line() -> None:
    found = shown("Hà Nội có 126 xã, phường.\nMời bà con.", "Hà Nội có 127 xã, phường.\nMời bà con.")
    assert found == [("same", "Hà Nội có "), ("out", "126"), ("in", "127"), ("same", " xã, phường.\nMời bà con.")]


def test_a_figure_and_a_time_of_day_are_one_word_each() -> None:
    assert shown("08:00, 1.250 người", "09:30, 1.251 người") == [
        ("out", "08:00"), ("in", "09:30"), ("same", ", "), ("out", "1.250"), ("in", "1.251"), ("same", " người"),
    ]  # fmt: skip


def test_a_changed_phrase_is_one_piece() -> None:
    assert shown("mời bạn đến", "xin các bạn ghé đến")[:2] == [("out", "mời"), ("in", "xin các")]


@given(TEXTS, TEXTS)
def test_the_pieces_make_both_texts_again(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.mark is not Became.IN) == before
    assert "".join(piece.text for piece in found if piece.mark is not Became.OUT) == after
    assert all(one.mark is not other.mark for one, other in pairwise(found))
