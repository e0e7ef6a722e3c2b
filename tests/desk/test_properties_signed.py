"""Properties of what was signed, scheduled or is out already: signatures end before the file says otherwise, posts stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk.consequences import Kind
from desk.property_words import written_properties
from desk.property_writing import Change, carry_out, think_through
from desk.workbench import Workbench
from editorial.delivery import State
from editorial.outcome import Receipt
from editorial.problem import BadInput
from editorial.workflow import Stage
from store.entry_text import read_entry_text
from tests.desk.written_office import markdown, open_written_office, person, sign

ENTRY = "giai-phong-thu-do"
SERIES = markdown("hang-thang", "ky@16:00~prev", more="repeat: {every: month, day: last, from: 2026-10-01, until: 2026-12-31}\n")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_written_office(tmp_path, texts={"hang-thang": SERIES}) as bench:
        yield bench


def thought(bench: Workbench, name: str, pointed: str = "", **others: object) -> Change:
    text = read_entry_text(bench.root, name)
    return think_through(bench, pointed or name, text, replace(written_properties(text.read().entry), **others))  # type: ignore[arg-type]


def put_out(bench: Workbench, entry: str, channel: str) -> None:
    delivery = next(each for each in bench.store.deliveries.list(entry=entry) if each.channel == channel)
    bench.store.deliveries.accept_proof(delivery.id, Receipt(remote_id=f"{entry}-{channel}", url=None), who="duyet")


def test_what_is_signed_is_said_to_end_and_ends_with_the_change(bench: Workbench) -> None:
    sign(bench, ENTRY)
    change = thought(bench, ENTRY, channels=("portal", "facebook", "telegram", "youtube"))
    told = {each.kind: each.words for each in change.consequences}
    assert "phải trình và duyệt lại" in told[Kind.VOID]
    assert "Lượt đăng trên Zalo Official Account lúc" in told[Kind.GONE] and "không đăng nữa" in told[Kind.GONE]
    assert bench.store.workflow.of(ENTRY).stage is Stage.SCHEDULED  # thinking does nothing
    carry_out(bench, change, person(bench, "bien-tap"))
    assert bench.store.workflow.of(ENTRY).stage is Stage.DRAFT
    assert bench.store.approvals.latest(ENTRY) is None


def test_a_change_meanwhile_ends_no_signature(bench: Workbench) -> None:
    sign(bench, ENTRY)
    change, path = thought(bench, ENTRY, axis="hdnd"), bench.root / "content" / f"{ENTRY}.md"
    path.write_text(path.read_text("utf-8") + "\nThêm một dòng.\n", encoding="utf-8")
    with pytest.raises(BadInput, match="có người vừa đổi tệp này"):
        carry_out(bench, change, person(bench, "bien-tap"))
    assert bench.store.workflow.of(ENTRY).stage is Stage.SCHEDULED


def test_a_channel_on_which_the_post_is_out_stays(bench: Workbench) -> None:
    sign(bench, ENTRY)
    put_out(bench, ENTRY, "zalo")
    change = thought(bench, ENTRY, channels=("portal", "facebook"))
    assert [each.kind for each in change.stops] == [Kind.OUT]
    assert "Hãy gỡ bài ở trang của lượt đăng trước" in change.stops[0].words
    with pytest.raises(BadInput):
        carry_out(bench, change, person(bench, "bien-tap"))
    assert "zalo" in read_entry_text(bench.root, ENTRY).read().entry.channels
    kept = thought(bench, ENTRY, channels=("portal", "facebook", "zalo"))
    assert not kept.stops
    carry_out(bench, kept, person(bench, "bien-tap"))
    live = next(each for each in bench.store.deliveries.list(entry=ENTRY) if each.channel == "zalo")
    assert live.state is State.SENT


def test_turns_that_are_out_stay_where_they_are(bench: Workbench) -> None:
    sign(bench, "hang-thang--2026-10")
    for channel in ("portal", "facebook"):
        put_out(bench, "hang-thang--2026-10", channel)
    sign(bench, "hang-thang--2026-11")
    change = thought(bench, "hang-thang", "hang-thang--2026-11", channels=("portal",))
    assert not change.stops
    assert "1 kỳ đã đăng trên Fanpage Facebook vẫn ở đó" in " ".join(each.words for each in change.consequences)
    carry_out(bench, change, person(bench, "bien-tap"))
    assert bench.store.workflow.of("hang-thang--2026-10").stage is Stage.SCHEDULED  # all of it is out
    assert bench.store.workflow.of("hang-thang--2026-11").stage is Stage.DRAFT
    later = {"every": "month", "day": "last", "from": "2026-11-01", "until": "2026-12-31"}
    gone = thought(bench, "hang-thang", "hang-thang--2026-11", repeat=later)
    assert [each.kind for each in gone.stops] == [Kind.OUT]  # a turn that is out has to stay in the file
