"""What was worked out for one page holds for the next, and no longer than what it was made of."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

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


def test_whoever_asks_while_another_looks_again_is_given_the_last_one_of_the_same_things() -> None:
    known, begun, go_on = Remembered(), threading.Event(), threading.Event()

    def slowly() -> str:
        begun.set()
        assert go_on.wait(30)
        return "looked again"

    assert known.recall("month", (1,), lambda: "before", 0) == "before"
    with ThreadPoolExecutor(2) as threads:
        looking = threads.submit(known.recall, "month", (1,), slowly, 1)
        assert begun.wait(30)
        assert known.recall("month", (1,), lambda: "never made", 1) == "before"
        changed = threads.submit(known.recall, "month", (2,), lambda: "of other things", 1)
        assert not changed.done(), "what is made of other things now is waited for"
        go_on.set()
        assert (looking.result(30), changed.result(30)) == ("looked again", "of other things")
    assert known.recall("month", (2,), lambda: "never made", 1) == "of other things"


def test_an_attempt_that_fails_keeps_nobody_waiting_and_what_was_there_stays() -> None:
    known = Remembered()

    def fail() -> str:
        raise OSError("the store is gone")

    assert known.recall("month", (1,), lambda: "before", 0) == "before"
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            known.recall("month", (1,), fail, 1)
    assert known.recall("month", (1,), lambda: "never made", 0) == "before"
