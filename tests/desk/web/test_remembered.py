"""What was worked out for one page holds for the next, and no longer than what it was made of."""

from __future__ import annotations

import threading

from desk.web.remembered import Remembered


class Thing:
    """Something that is told by which one it is."""


def test_a_value_is_made_once_for_the_same_marks_and_things() -> None:
    made: list[int] = []
    known, thing = Remembered(), Thing()

    def make() -> int:
        made.append(1)
        return len(made)

    assert known.recall("lịch", ((1, 2), thing), make) == known.recall("lịch", ((1, 2), thing), make) == 1
    assert known.recall("lịch", ((1, 3), thing), make) == 2, "another mark"
    assert known.recall("lịch", ((1, 3), Thing()), make) == 3, "another thing, however alike"
    assert known.recall("khác", ((1, 3), thing), make) == 4


def test_the_oldest_of_many_is_forgotten() -> None:
    known = Remembered(kept=2)
    for key in ("một", "hai", "ba"):
        known.recall(key, (1,), lambda: "cũ")
    assert known.recall("một", (1,), lambda: "mới") == "mới"
    assert known.recall("ba", (1,), lambda: "mới") == "cũ"


def test_what_many_ask_for_at_once_is_made_once() -> None:
    known, made, together = Remembered(), [], threading.Barrier(4)

    def ask() -> None:
        together.wait()
        known.recall("lịch", (1,), lambda: made.append(1) or "trang")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert made == [1]
