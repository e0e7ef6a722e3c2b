"""An open desk follows the files that people edit."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from desk.approving import posts_to_come
from desk.crew import bring_to_schedule, crew_of
from desk.place import Place
from desk.watching import Watch
from desk.workbench import Workbench, open_workbench
from editorial.clock import SimulatedClock
from scheduler.engines.embedded import EmbeddedEngine
from tests.story.workspace import make_workspace

ENTRY = "dich-vu-cong-truc-tuyen"


def test_an_open_desk_shows_what_is_written_now_and_says_what_lost_its_approval(tmp_path: Path) -> None:
    office = make_workspace(tmp_path, (ENTRY,))
    page = office / "content" / f"{ENTRY}.md"
    shown: list[Workbench] = []
    told: list[tuple[str, ...]] = []
    engine = EmbeddedEngine()
    clock = SimulatedClock(datetime(2026, 11, 2, tzinfo=UTC))
    with open_workbench(Place(root=office), office / ".loa" / "office", clock) as bench:
        bring_to_schedule(bench, ENTRY, posts_to_come(bench, ENTRY, engine), crew_of(bench))
        watch = Watch(bench, engine, shown.append, told.append)

        def write(text: str) -> None:
            page.write_text(text, encoding="utf-8")
            watch.look()  # sees that somebody is writing, and waits until they have stopped
            watch.look()
            watch.look()

        write(page.read_text(encoding="utf-8"))
        assert (len(shown), told) == (1, [()])
        write(page.read_text(encoding="utf-8").replace("group:", "nhom:"))
        assert len(shown) == 1 and "đang dùng bản trước: content/dich-vu-cong-truc-tuyen.md" in " ".join(told[-1])
        write(page.read_text(encoding="utf-8").replace("nhom:", "group:").replace("ở nhà vẫn xong", "ở nhà cũng xong"))
        assert shown[-1].content.entries[ENTRY].messages["vi"].headline == "Nộp hồ sơ trực tuyến: ở nhà cũng xong thủ tục"
        assert [remark.partition(":")[0] for remark in told[-1]] == [ENTRY] and "hết hiệu lực" in told[-1][0]
        lost = told[-1]
        write(page.read_text(encoding="utf-8") + "\n")
        assert told[-1] == lost, "it is told until somebody does something about it"
        bring_to_schedule(shown[-1], ENTRY, posts_to_come(shown[-1], ENTRY, engine), crew_of(bench))
        write(page.read_text(encoding="utf-8") + "\n\n")
        assert told[-1] == ()
    engine.stop()
