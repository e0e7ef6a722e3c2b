"""`./loa comments`: what waits, what was said, and a person's decision, in Vietnamese and English."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk.command import run
from desk.place import Place
from desk.remembering import open_store
from editorial.after_step import StepHold, StepState
from editorial.clock import SystemClock
from editorial.delivery import State
from editorial.first_comment import FirstComment
from editorial.outcome import Receipt
from store.store import Store
from tests.store.ledger_posts import post
from tests.story.workspace import make_workspace

KEY = "giai-phong.facebook.2026"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    root = make_workspace(tmp_path, ())
    (Place(root=root).memory / "office").mkdir(parents=True)
    return root


@pytest.fixture
def store(office: Path) -> Iterator[Store]:
    with open_store(Place(root=office).memory / "office", SystemClock())[0] as opened:
        said = FirstComment(text="Đường dây nóng: 1022.")
        delivery = opened.deliveries.plan(replace(post(KEY, channel="facebook"), first_comment=said))
        opened.deliveries.accept_proof(delivery.id, Receipt(remote_id="1", url="https://f.example/1"), who="Minh")
        assert opened.deliveries.get(delivery.id).state is State.SENT
        step = opened.steps.claim("máy", timedelta(minutes=1))
        assert step is not None
        opened.steps.put_down(step, StepState.HELD, hold=StepHold.REFUSED, detail="Trang không cho bình luận")
        yield opened


def test_what_waits_is_listed_with_what_can_be_done(office: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["comments", "-w", str(office)]) == 0
    told = capsys.readouterr().out
    assert f"{KEY}: bình luận đầu; kênh không nhận" in told
    assert "Trang không cho bình luận" in told and "--do again|by-hand|drop" in told


def test_in_english(office: Path, store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOA_LANG", "en")
    assert run(["comments", "-w", str(office)]) == 0
    assert f"{KEY}: first comment; refused by the channel" in capsys.readouterr().out


def test_a_decision_is_in_the_log_and_what_is_over_is_listed_with_all(
    office: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    why = ("--why", "đã tự bình luận trên Trang")
    assert run(["comments", "1", "--do", "by-hand", "--by", "truc-ban", *why, "--json", "-w", str(office)]) == 0
    (values,) = json.loads(capsys.readouterr().out)
    assert (values["state"], values["by_hand"], values["choices"]) == ("said", True, ["by-hand"])
    last = store.audit.of(KEY)[-1]
    assert (last.who, last.action, last.detail) == ("truc-ban", "comment-by-hand", why[1])
    assert run(["comments", "-w", str(office)]) == 0
    assert "Không có bình luận nào đang chờ" in capsys.readouterr().out
    assert run(["comments", "--all", "-w", str(office)]) == 0
    assert "đã bình luận bằng tay" in capsys.readouterr().out
    assert run(["comments", "1", "--do", "drop", "--by", "truc-ban", *why, "-w", str(office)]) == 2
    assert "không nhận quyết định này" in capsys.readouterr().err
