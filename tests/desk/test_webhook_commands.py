"""Webhooks by command: added by the administrator alone, tried, taken away, and told of what is wrong with an address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.command import run
from desk.remembering import open_store
from editorial.clock import SystemClock
from tests.scheduler.test_tell import Receiver
from tests.story.workspace import make_workspace

ADMIN = ("--by", "quan-tri")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = make_workspace(tmp_path, ("ngay-phap-luat",))
    open_store(made / ".loa" / "office", SystemClock())[0].close()
    monkeypatch.chdir(made)
    return made


def test_an_address_is_added_tried_and_taken_away(
    root: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOA_WEBHOOK_HOSTS", "127.0.0.1")
    assert run(["webhooks", "add", receiver.url, *ADMIN, "--kind", "delivery.changed"]) == 0
    secret = capsys.readouterr().out.split("whsec_")[1].strip()
    assert run(["webhooks", "test", "1", *ADMIN]) == 0
    assert json.loads(receiver.got[0][1])["type"] == "ping"
    receiver.answers = [404]
    assert run(["webhooks", "test", "1", *ADMIN]) == 1
    assert "404" in capsys.readouterr().out
    assert run(["webhooks", "list"]) == 0
    shown = capsys.readouterr().out
    assert receiver.url in shown and "delivery.changed" in shown and secret not in shown
    assert run(["webhooks", "list", "--json"]) == 0
    assert secret not in capsys.readouterr().out
    assert run(["webhooks", "off", "1", *ADMIN]) == 0
    assert run(["webhooks", "list"]) == 0
    assert "resume 1" in capsys.readouterr().out.splitlines()[-1]
    assert run(["webhooks", "resume", "1", *ADMIN]) == 0
    assert "báo tiếp 0 thay đổi" in capsys.readouterr().out
    assert run(["webhooks", "list"]) == 0
    assert "resume" not in capsys.readouterr().out.splitlines()[-1]
    assert run(["webhooks", "remove", "1", *ADMIN]) == 0
    assert run(["webhooks", "remove", "1", *ADMIN]) == 2


def test_one_that_was_off_goes_on_where_it_was_or_from_now_on(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["webhooks", "add", "https://8.8.8.8/", *ADMIN, "--kind", "entry.changed"]) == 0
    assert run(["webhooks", "off", "1", *ADMIN]) == 0
    for word in ("một", "hai"):
        assert run(["workflow", "ngay-phap-luat", "--do", "comment", "--by", "bien-tap", "--why", word]) == 0
    capsys.readouterr()
    assert run(["webhooks", "list"]) == 0
    assert "2 thay đổi chưa báo" in (line := capsys.readouterr().out) and "resume 1 --skip" in line
    assert run(["webhooks", "resume", "1", *ADMIN]) == 0
    assert "báo tiếp 2 thay đổi" in capsys.readouterr().out
    assert run(["webhooks", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["waiting"] == 2
    assert run(["webhooks", "resume", "1", "--skip", *ADMIN]) == 0
    assert "bỏ qua 2 thay đổi" in capsys.readouterr().out
    assert run(["webhooks", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["waiting"] == 0


@pytest.mark.parametrize(
    ("url", "told"),
    [("http://may.example.vn/", "https://"), ("https://127.0.0.1/", "nội bộ"), ("https://[::1]/", "nội bộ"),
     ("https://localhost:8000/", "nội bộ"), ("https://ten:mat@8.8.8.8/", "mật khẩu"), ("ftp://8.8.8.8/", "https://"),
     ("https://", "không đọc được"), ("https://[", "không đọc được"), ("https://8.8.8.8:99999/", "không đọc được"),
     ("gì đó", "không đọc được"), ("https://khong-co.invalid/", "không tìm thấy")],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_with_what_to_do(
    root: Path, capsys: pytest.CaptureFixture[str], url: str, told: str
) -> None:
    assert run(["webhooks", "add", url, *ADMIN]) == 2
    assert told in capsys.readouterr().err
    with open_store(root / ".loa" / "office", SystemClock())[0] as store:
        assert store.webhooks.all() == ()


def test_only_the_administrator_adds_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["webhooks", "add", "https://8.8.8.8/", "--by", "bien-tap"]) == 2
    assert "không có quyền" in capsys.readouterr().err
