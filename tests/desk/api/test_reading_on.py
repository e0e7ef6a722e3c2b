"""What programs read while it changes: a delivery that moves, a report with another figure, a store that goes away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from desk.workbench import Workbench
from editorial.delivery import State
from tests.desk.api.programs import Program
from tests.desk.written_office import sign

PROBLEM = "application/problem+json"


def test_a_delivery_has_its_history(editor: Program, bench: Workbench) -> None:
    known = bench.store.deliveries.list()[0]
    bench.clock.move_to(known.due_at)  # type: ignore[attr-defined]  # the office stands on a clock that is moved
    bench.store.deliveries.promote()
    record = editor.get(f"/api/deliveries/{known.id}").json()
    assert record["state"] == State.QUEUED.value
    assert [(each["start"], each["end"]) for each in record["passages"]] == [("scheduled", "queued")]
    assert record["calls"] == []
    assert editor.get("/api/deliveries/999999").status_code == 404


def test_a_report_is_read_again_only_when_a_figure_is_another_one(editor: Program, bench: Workbench) -> None:
    first = editor.get("/api/reports/2026-Q4")
    bench.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # the office stands on a clock that is moved
    again = editor.get("/api/reports/2026-Q4", if_none_match=f'"khac", {first.headers["etag"]}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    sign(bench, "phu-nu-viet-nam")
    changed = editor.get("/api/reports/2026-Q4", if_none_match=first.headers["etag"])
    assert changed.status_code == 200 and changed.headers["etag"] != first.headers["etag"]


def test_a_store_that_is_gone_is_503(tmp_path: Path, editor: Program, bench: Workbench) -> None:
    bench.store.close()
    for file in tmp_path.rglob("*sqlite*"):
        if file.is_file():
            file.write_bytes(b"khong phai co so du lieu" * 1000)
    answer = editor.get("/api/entries")
    assert answer.status_code == 503 and answer.headers["content-type"] == PROBLEM
    assert answer.headers["retry-after"]
