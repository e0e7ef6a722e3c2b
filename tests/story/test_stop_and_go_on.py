"""docs/how-to/stop-and-go-on.md, followed to the letter: mourning, pauses, and the way out, command by command."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desk.command import run
from desk.place import HOUSE
from editorial.clock import OFFICE_ZONE, SystemClock
from editorial.delivery import HoldReason, State
from editorial.entry import Entry
from editorial.message import Message
from editorial.release import Comeback
from editorial.tone import Tone
from reading.document import read_yaml
from store.content_records import ChannelRecord, LimitsRecord
from store.store import Store
from store.workspace_files import read_office
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import approval, post

GUIDE = (HOUSE / "docs" / "how-to" / "stop-and-go-on.md").read_text(encoding="utf-8")
ENTER, LET_PASS, STOP, LEAVE, DECIDE = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
TONES = {"trung-thu": Tone.FESTIVE, "vui-choi": Tone.FESTIVE, "cap-nuoc": Tone.NEUTRAL, "vieng-nghia-trang": Tone.SOLEMN}
TODAY = SystemClock().now().astimezone(OFFICE_ZONE)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An office with a post of each tone that is due at this very moment."""
    memory = tmp_path / ".loa" / "office"
    memory.mkdir(parents=True)
    (tmp_path / "content").mkdir()
    shutil.copy(HOUSE / "content" / "office.yaml", tmp_path / "content" / "office.yaml")
    fresh_database(memory)
    (memory / "loa.db").rename(memory / "loa.sqlite")
    with opened(tmp_path) as store:
        for entry, tone in TONES.items():
            message = Message(language="vi", headline=entry, summary="", body="")
            store.entries.save(Entry(id=entry, group="1.7", axis="ubnd", unit="so-vhtt", tone=tone, when="2026-10-10@08:00",
                                     channels=("facebook",), messages={"vi": message}))  # fmt: skip
            ready = post(f"{entry}.facebook.2026", channel="facebook", due_at=SystemClock().now())
            store.approvals.save(approval([ready]), [ready])
            store.deliveries.plan(ready)
    return tmp_path


def opened(workspace: Path) -> Store:
    return Store.open(f"sqlite:///{workspace / '.loa' / 'office' / 'loa.sqlite'}", clock=SystemClock())


def follow(workspace: Path, snippet: str, *, only: str = "") -> None:
    """Run the snippet's commands, with the guide's days as days from today on."""
    for line in (line for line in snippet.splitlines() if only in line):
        words = shlex.split(re.sub(r"2026-11-(\d\d)", _day, line))
        assert words[0] == "./loa"
        assert run([*words[1:], "-w", str(workspace)]) == 0, line


def _day(found: re.Match[str]) -> str:
    return f"{TODAY + timedelta(days=int(found[1]) - 26):%Y-%m-%d}"


def look(workspace: Path) -> dict[str, tuple[State, HoldReason | None]]:
    """Let the scheduler look; return where each entry's post stands."""
    with opened(workspace) as store:
        store.deliveries.promote(read_office(workspace).release_rule())
        return {each.entry: (each.state, each.hold_reason) for each in store.deliveries.list()}


def moments(workspace: Path) -> Iterator[tuple[str, datetime]]:
    with opened(workspace) as store:
        yield from ((each.entry, each.next_at) for each in store.deliveries.list())


def test_in_mourning_each_tone_has_its_own_fate_and_afterwards_each_held_post_is_decided_on(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    follow(workspace, ENTER)
    assert "3 bài" in capsys.readouterr().out
    held = (State.HELD, HoldReason.BLACKOUT)
    queued = (State.QUEUED, None)
    assert look(workspace) == {"trung-thu": held, "vui-choi": held, "cap-nuoc": held, "vieng-nghia-trang": queued}
    follow(workspace, LET_PASS)
    assert look(workspace)["cap-nuoc"] == queued
    assert run(["release", "vui-choi.facebook.2026", "--by", "truc-ban", "--why", "x", "-w", str(workspace)]) == 2
    follow(workspace, LEAVE, only="--mourning")
    assert capsys.readouterr().out.count("chờ quyết định: ./loa release") == 2
    late = (State.HELD, HoldReason.LATE)
    assert look(workspace) == {"trung-thu": late, "vui-choi": late, "cap-nuoc": queued, "vieng-nghia-trang": queued}
    follow(workspace, DECIDE, only="move")
    follow(workspace, DECIDE, only="drop")
    after = look(workspace)
    assert (after["trung-thu"], after["vui-choi"]) == ((State.SCHEDULED, None), (State.CANCELLED, None))
    assert f"{dict(moments(workspace))['trung-thu'].astimezone(OFFICE_ZONE):%H:%M}" == "08:00"


def test_a_pause_is_left_by_the_name_it_was_entered_by_and_what_is_released_keeps_its_distance(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    follow(workspace, STOP)
    assert capsys.readouterr().out.count("Đã tạm dừng") == 6
    assert {reason for _, reason in look(workspace).values()} == {HoldReason.HALT}
    for way in ("resume --by", "--channel facebook", "--unit", "--tone", "--entry", "--channel zalo"):
        follow(workspace, LEAVE, only=way)
    assert {reason for _, reason in look(workspace).values()} == {HoldReason.LATE}
    follow(workspace, DECIDE, only="held")
    follow(workspace, DECIDE, only="release")
    assert run(["release", "vui-choi.facebook.2026", "--by", "truc-ban", "--why", "x", "-w", str(workspace)]) == 0
    assert "cách bài khác của kênh" in capsys.readouterr().out
    found = dict(moments(workspace))
    assert found["vui-choi"] - found["cap-nuoc"] >= timedelta(minutes=30)


def test_the_settings_of_the_guide_are_the_usual_ones(tmp_path: Path) -> None:
    (settings,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    limits, _, channels = settings.partition("channels:\n")
    (tmp_path / "limits.yaml").write_text(limits.replace("limits:", "", 1).replace("\n  ", "\n"), encoding="utf-8")
    (tmp_path / "channel.yaml").write_text(channels.strip().removeprefix("- "), encoding="utf-8")
    assert read_yaml(tmp_path / "limits.yaml", LimitsRecord, tmp_path).value == LimitsRecord()
    assert read_yaml(tmp_path / "channel.yaml", ChannelRecord, tmp_path).value.minutes_apart == 10
    rule = read_office(HOUSE).release_rule()
    assert (rule.gap, rule.after_pause, rule.after_downtime) == (timedelta(minutes=30), Comeback.ASK, Comeback.SPACE)
