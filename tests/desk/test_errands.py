"""Work beside a page: begun once, told how far it has come, and never lost in silence."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from desk.errands import Errands
from desk.rendering import HowFar
from editorial.problem import BadInput, Problem
from scheduler.engines.contract import Engine
from scheduler.engines.embedded import EmbeddedEngine
from store.errors import Away

LONG = 30.0


@pytest.fixture
def errands() -> Iterator[Errands]:
    made, engine = Errands(), EmbeddedEngine()
    made.use(engine)
    yield made
    made.stop()
    engine.stop()


def test_the_same_work_is_begun_once_while_it_is_under_way(errands: Errands) -> None:
    go_on = threading.Event()

    def work(engine: Engine, progress: HowFar) -> str:
        progress(1, 3)
        go_on.wait(LONG)
        return "xong"

    first = errands.begin("dựng/a", work, page="/a")
    assert errands.begin("dựng/a", work, page="/a") is first and errands.begin("dựng/b", work, page="/b") is not first
    assert not first.wait(0.0) and (first.outcome, first.refusal) == (None, None)
    go_on.set()
    assert first.wait(LONG) and (first.outcome, first.done, first.whole, first.page) == ("xong", 1, 3, "/a")
    assert errands.find(first.id) is first
    assert errands.begin("dựng/a", work, page="/a", again=False) is first
    assert errands.begin("dựng/a", work, page="/a") is not first


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (BadInput(Problem(rule="own-approval", message="nhờ người khác")), "own-approval"),
        (Away("máy chủ cơ sở dữ liệu không trả lời"), "store-away"),
        (ZeroDivisionError(), "broken"),
    ],
)
def test_what_goes_wrong_is_told(errands: Errands, error: Exception, rule: str) -> None:
    def work(engine: Engine, progress: HowFar) -> None:
        raise error

    errand = errands.begin("dựng/a", work, page="/a")
    assert errand.wait(LONG)
    assert errand.refusal is not None and [problem.rule for problem in errand.refusal.problems] == [rule]
    assert errand.outcome is None
    assert errands.begin("dựng/a", work, page="/a", again=False) is not errand, "what failed is tried again"


def test_nothing_is_begun_before_the_desk_can_render() -> None:
    with pytest.raises(BadInput, match="chưa mở xong"):
        Errands().begin("dựng/a", lambda engine, progress: None, page="/a")
