"""./loa init: a workspace of one's own, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk import starting
from desk.command import run
from desk.place import HOUSE


@pytest.mark.parametrize("made_before", [False, True])
def test_a_new_workspace_is_the_sample_and_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, made_before: bool
) -> None:
    office = tmp_path / "văn phòng" / "truyen-thong"
    if made_before:
        office.mkdir(parents=True)
        monkeypatch.chdir(office)
    assert run(["init", "." if made_before else str(office)]) == 0
    said = capsys.readouterr().out
    assert str(office) in said and "content/office.yaml" in said
    assert {path.name for path in office.iterdir()} == set(starting.PARTS)
    for name in starting.PARTS:
        ours = {path.relative_to(HOUSE) for path in (HOUSE / name).rglob("*") if path.is_file() and not path.name.startswith(".")}
        assert {path.relative_to(office) for path in (office / name).rglob("*") if path.is_file()} == ours
    monkeypatch.chdir(office)
    assert run(["new-template", "infographic/cua-toi"]) == 0
    assert (office / "templates" / "infographic" / "cua-toi" / "template.yaml").is_file()
    assert not (HOUSE / "templates" / "infographic" / "cua-toi").exists()
    assert run(["plan", "--from", "2026-10-01", "--to", "2026-10-31"]) == 0
    assert "Hà Nội kỷ niệm" in " ".join(capsys.readouterr().out.split())


def test_nothing_is_written_over_and_nothing_into_the_checkout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("của tôi", encoding="utf-8")
    for taken in (tmp_path, tmp_path / "mine.txt"):
        assert run(["init", str(taken)]) == 2
        assert "đã có tệp bên trong" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert run(["init", str(tmp_path / "mine.txt" / "moi")]) == 2
    assert "không phải thư mục" in capsys.readouterr().err
    assert run(["init", str(HOUSE / "content" / "moi")]) == 2
    assert "bản mã nguồn" in capsys.readouterr().err and not (HOUSE / "content" / "moi").exists()


def test_what_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "PARTS", ("calendars", "no-such-part"))
    for folder in (tmp_path / "new", tmp_path):
        with pytest.raises(OSError):
            starting.new_workspace(folder)
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_workspace_is_told_how_to_become_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "-w", str(tmp_path)]) == 2
    assert "./loa init" in capsys.readouterr().err
