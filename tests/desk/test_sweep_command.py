"""./loa sweep: the cache inside its limit, and every picture of an unsent post still there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from desk.command import run
from editorial.clock import SystemClock
from store.store import Store
from studio.rendition import Rendition, Result, Shelf
from tests.store.ledger_posts import approval, post, with_picture


def kept(cache: Path, digest: str) -> Rendition:
    """Put a picture of 1000 bytes on the shelf, last used in 2020."""
    shelf = Shelf(cache=cache)
    with shelf.workspace() as folder:
        (folder / "picture.jpg").write_bytes(digest[:1].encode() * 1000)
        made = shelf.keep(digest, folder, Result(file="picture.jpg", kind="image", media_type="image/jpeg", width=10, height=10))
    os.utime(made.path.parent, (1_577_836_800, 1_577_836_800))
    return made


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "office.yaml").write_text("schema: 1\n", encoding="utf-8")
    return tmp_path


def test_the_sweep_keeps_what_is_still_to_be_posted(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cache = office / ".loa"
    shown, idle = kept(cache, "a" * 64), kept(cache, "b" * 64)
    memory = cache / "office"
    memory.mkdir()
    with Store.open(f"sqlite:///{memory / 'loa.sqlite'}", clock=SystemClock(), media_folder=memory / "media") as store:
        ready = with_picture(post(), shown.path, shown.sha256)
        store.approvals.save(approval([ready]), [ready])
        store.deliveries.plan(ready)
    assert run(["sweep", "--limit", "0", "--json", "-w", str(office)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["removed"] == 1 and found["left_bytes"] > 1000
    assert shown.path.is_file() and not idle.path.exists()
    assert run(["sweep", "-w", str(office)]) == 0
    assert "Đã bỏ 0 ảnh" in capsys.readouterr().out


def test_a_limit_that_is_no_number_is_told_before_anything_is_removed(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    idle = kept(office / ".loa", "c" * 64)
    monkeypatch.setenv("LOA_CACHE_GB", "hai mươi")
    assert run(["sweep", "-w", str(office)]) == 2
    assert "LOA_CACHE_GB" in capsys.readouterr().err
    assert idle.path.is_file()
