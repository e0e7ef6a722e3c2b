"""Rehearsals that pages begin: in a process of their own, one at a time, ended on request, kept for a while."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from desk.command import run
from desk.place import Place
from desk.rehearsal_shelf import KEPT, Asked, Progress, Shelf, begin_folder, fail, finish, tell
from desk.rehearsal_values import rehearsal_values
from desk.rehearsals import LONGEST, Rehearsals
from desk.rehearsing import alone, rehearse_in
from editorial.problem import BadInput
from tests.story.workspace import make_workspace

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 9)  # ngay-phap-luat
SEED = 1126
VARYING = ("seconds", "steps", "rendered")
PATIENCE = 180.0  # seconds after which something is broken


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("office"), ("ngay-phap-luat",))


@contextmanager
def rehearsals(office: Path) -> Iterator[Rehearsals]:
    opened = Rehearsals(Place(root=office))
    try:
        yield opened
    finally:
        opened.close()


def until(seen: Callable[[], object]) -> None:
    """Look again and again, without holding anybody up, until something is so."""
    for _ in range(int(PATIENCE / 0.05)):
        if seen():
            return
        Event().wait(0.05)
    raise AssertionError("it never came to that")


def to_the_end(room: Rehearsals) -> None:
    until(lambda: room.running() is None)


def left(office: Path) -> list[str]:
    return sorted(path.name for path in (office / ".loa" / "rehearsals").glob("*"))


def asked(place: Path, number: int) -> Asked:
    began = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=number)
    return Asked(id=f"{began:%Y%m%d-%H%M%S}-00ff", first=FIRST, last=LAST, seed=None, who="Lê Chi", began=began)


def test_a_rehearsal_of_its_own_process_comes_to_what_the_command_comes_to(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with rehearsals(office) as room:
        begun = room.begin(FIRST, LAST, SEED, "Lê Chi")
        to_the_end(room)
        (found,) = room.runs()
        assert (found.asked, found.failure) == (begun, ())
        values = json.loads((found.folder / "result.json").read_text())
        assert sorted(path.name for path in found.folder.iterdir()) == ["asked.json", "progress.json", "result.json", "town"]
    status = run(["rehearse", "--from", str(FIRST), "--to", str(LAST), "--faults", str(SEED), "--json", "-w", str(office)])
    told = json.loads(capsys.readouterr().out)
    assert status == (0 if values["ok"] else 1)
    assert {name: value for name, value in values.items() if name not in VARYING} == {
        name: value for name, value in told.items() if name not in VARYING
    }
    result = found.result
    assert result is not None and result.planned > 0 and len(result.strikes) > 0
    days = [tally for channels in result.days.values() for tally in channels.values()]
    assert sum(tally.planned for tally in days) == result.planned
    assert sum(tally.people for tally in days) == result.needs_person
    assert {each.post for each in result.people} <= result.named.keys()
    assert not (office / ".loa" / "office").exists(), "the office's own store is never opened"


def test_a_second_rehearsal_is_told_who_runs_the_first_and_so_is_the_command(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with rehearsals(office) as room:
        begun = room.begin(FIRST, LAST, None, "Lê Chi")
        with pytest.raises(BadInput, match="Lê Chi đang diễn tập"):
            room.begin(FIRST, LAST, None, "Trần An")
        until(lambda: room.shelf.find(begun.id))  # from now on it holds the workspace
        with rehearsals(office) as another_desk, pytest.raises(BadInput, match="Lê Chi đang diễn tập"):
            another_desk.begin(FIRST, LAST, None, "Trần An")
        assert run(["rehearse", "--from", str(FIRST), "--to", str(LAST), "-w", str(office)]) == 2
        assert "đang dùng" in capsys.readouterr().err
        assert room.cancel(begun.id)


def test_a_command_that_rehearses_keeps_pages_from_it(office: Path) -> None:
    with rehearsals(office) as room, alone(Place(root=office)):
        with pytest.raises(BadInput, match="loa rehearse đang chạy"):
            room.begin(FIRST, LAST, None, "Lê Chi")
        assert room.running() is None


def test_a_cancelled_rehearsal_leaves_nothing_behind(office: Path) -> None:
    before = left(office)
    with rehearsals(office) as room:
        begun = room.begin(FIRST, LAST, SEED, "Lê Chi")
        until(lambda: (run := room.shelf.find(begun.id)) and run.progress.days)
        assert room.cancel(begun.id)
        assert room.running() is None
        assert left(office) == before
        assert not room.cancel(begun.id)
        begun = room.begin(FIRST, LAST, SEED, "Lê Chi")  # nobody holds the workspace any more
        assert room.cancel(begun.id)
    assert left(office) == before


def test_a_desk_that_goes_takes_its_rehearsal_along(office: Path) -> None:
    before = left(office)
    room = Rehearsals(Place(root=office))
    begun = room.begin(FIRST, LAST, SEED, "Lê Chi")
    until(lambda: room.shelf.find(begun.id))
    process = room._begun.process if room._begun else None
    assert process is not None and process.stdin is not None
    process.stdin.close()  # as when the desk's process is killed
    process.wait(PATIENCE)
    assert left(office) == before


def test_a_process_that_is_killed_is_told_of_and_can_be_begun_again(office: Path) -> None:
    with rehearsals(office) as room:
        begun = room.begin(FIRST, LAST, None, "Lê Chi")
        until(lambda: room.shelf.find(begun.id))
        process = room._begun.process if room._begun else None
        assert process is not None
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
        found = next(run for run in room.runs() if run.asked == begun)
        assert "bị ngắt giữa chừng" in found.failure[0]
        room.shelf.delete(begun.id)


def test_a_workspace_with_a_mistake_is_told_with_its_place(tmp_path: Path) -> None:
    office = make_workspace(tmp_path / "office", ("ngay-phap-luat",))
    entry = office / "content" / "ngay-phap-luat.md"
    entry.write_text(entry.read_text().replace("unit:", "unti:", 1))
    with rehearsals(office) as room:
        room.begin(FIRST, LAST, None, "Lê Chi")
        to_the_end(room)
        (found,) = room.runs()
        assert found.result is None
        assert any(line.startswith("content/ngay-phap-luat.md:") for line in found.failure)


def test_too_long_a_period_is_refused_at_its_end(office: Path) -> None:
    with rehearsals(office) as room, pytest.raises(BadInput) as refused:
        room.begin(FIRST, FIRST + timedelta(days=LONGEST), None, "Lê Chi")
    assert refused.value.problems[0].key == "to"


def test_what_a_machine_that_went_out_left_is_tidied_and_the_newest_ten_are_kept(tmp_path: Path) -> None:
    shelf = Shelf(Place(root=tmp_path))
    for number in range(KEPT + 3):
        fail(begin_folder(shelf.place_of(asked(tmp_path, number).id), asked(tmp_path, number)), ("không chạy được",))
    unfinished = begin_folder(shelf.place_of(asked(tmp_path, 99).id), asked(tmp_path, 99))
    tell(unfinished, Progress(step="read"))
    with alone(Place(root=tmp_path)):
        shelf.tidy()
        assert shelf.find(unfinished.asked.id), "somebody rehearses: it may be this one"
    shelf.tidy()
    assert shelf.find(unfinished.asked.id) is None
    shelf.keep()
    assert [run.asked for run in shelf.runs()] == [asked(tmp_path, number) for number in range(KEPT + 2, 2, -1)]


def test_no_name_of_a_rehearsal_leads_out_of_its_shelf(tmp_path: Path) -> None:
    shelf = Shelf(Place(root=tmp_path))
    (tmp_path / "kept").mkdir()
    for name in ("..", "../../kept", "", ".", "20261001-000000-00ff/../../..", "20261001-000000-00ff\n"):
        assert shelf.find(name) is None
        shelf.delete(name)
    assert (tmp_path / "kept").is_dir()


def test_the_values_that_are_kept_are_read_back_whole(office: Path, tmp_path: Path) -> None:
    outcome = rehearse_in(tmp_path / "memory", Place(root=office), FIRST, LAST, None, lambda step, done, total: None)
    kept = begin_folder(tmp_path / asked(tmp_path, 1).id, asked(tmp_path, 1))
    finish(kept, rehearsal_values(outcome, (FIRST, LAST), None))
    result = kept.result
    assert result is not None
    assert (result.planned, result.ledger, result.ok) == (outcome.judgement.proof.planned, outcome.judgement.proof.ledger, True)
    assert result.channels.keys() == set(outcome.judgement.channels)
