"""Pause, resume and mourn: what goes out stops within a second, and never comes back in a burst."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.acting import acting
from desk.commands.memory import Memory, Who, Why, open_memory, said
from desk.commands.options import FIRST_YEAR, LAST_YEAR, AsJson, Workspace, print_json, read_day, read_period
from desk.place import Place, find_place
from editorial.clock import OFFICE_ZONE, SystemClock
from editorial.problem import BadInput, Problem
from editorial.role import Right
from editorial.tone import Tone

if TYPE_CHECKING:
    from store.halts import Halt
    from store.store import Store

Channel = Annotated[str | None, typer.Option("--channel", help="Chỉ kênh này.")]
EntryId = Annotated[str | None, typer.Option("--entry", help="Chỉ mục nội dung này.")]
Unit = Annotated[str | None, typer.Option("--unit", help="Chỉ bài của đơn vị này.")]
ToneOf = Annotated[Tone | None, typer.Option("--tone", help="Chỉ bài có sắc thái này.")]
Post = Annotated[str | None, typer.Option("--post", help="Chỉ bài này.")]
From = Annotated[str | None, typer.Option("--from", help="Từ lúc, dạng 2026-11-25 hoặc 2026-11-25T08:00.")]
To = Annotated[str | None, typer.Option("--to", help="Đến lúc (không kể lúc ấy).")]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("pause")(pause)
    app.command("resume")(resume)
    app.command("mourning")(mourning)
    app.command("pauses")(pauses)


def pause(
    why: Why, by: Who, channel: Channel = None, entry: EntryId = None, unit: Unit = None, tone: ToneOf = None, post: Post = None,
    start: From = None, end: To = None, memory: Memory = None, workspace: Workspace = None,
) -> int:  # fmt: skip
    """Tạm dừng đăng: tất cả, một kênh, một mục, một đơn vị, một sắc thái hoặc một bài."""
    place = find_place(workspace)
    scope, person = _scope(channel, entry, unit, tone, post), acting(place.root, by, Right.PAUSE)
    starts, ends = read_moment(start, "--from") if start else None, read_moment(end, "--to") if end else None
    _ask_window(starts, ends)
    with open_memory(place, memory) as store:
        _ask_known(place, store, channel=channel, entry=entry, unit=unit, post=post)
        store.halts.set(scope, why=said(why, "--why"), who=person.id, starts_at=starts, ends_at=ends)
    typer.echo(f"Đã tạm dừng: {scope_words(scope)}. Không lượt đăng nào bắt đầu sau lúc này; bỏ tạm dừng bằng ./loa resume")
    return 0


def resume(
    by: Who, channel: Channel = None, entry: EntryId = None, unit: Unit = None, tone: ToneOf = None, post: Post = None,
    mourning: Annotated[bool, typer.Option("--mourning", help="Kết thúc quốc tang đã khai báo.")] = False,
    memory: Memory = None, workspace: Workspace = None,
) -> int:  # fmt: skip
    """Bỏ tạm dừng; bài đã quá giờ vẫn được giữ để người quyết định, không đăng dồn."""
    from store.halts import MOURNING

    place = find_place(workspace)
    scope = MOURNING if mourning else _scope(channel, entry, unit, tone, post)
    person = acting(place.root, by, Right.PAUSE)
    with open_memory(place, memory) as store:
        if scope not in {halt.scope for halt in store.halts.planned()}:
            raise BadInput(Problem(rule="not-paused", message=f"không có lệnh tạm dừng nào cho: {scope_words(scope)}"))
        store.halts.lift(scope, who=person.id)
    typer.echo(f"Đã bỏ tạm dừng: {scope_words(scope)}. Bài đã quá giờ chờ quyết định: ./loa held")
    return 0


def mourning(
    start: Annotated[str, typer.Option("--from", help="Ngày đầu, dạng 2026-11-25.")],
    end: Annotated[str, typer.Option("--to", help="Ngày cuối, kể cả ngày ấy.")],
    why: Why,
    by: Who,
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Khai báo quốc tang: giữ bài vui, hỏi lại bài trung tính, để bài trang trọng đi."""
    from desk.mourning import declare

    place = find_place(workspace)
    first, last = read_period(start, end)
    person = acting(place.root, by, Right.PAUSE)
    with open_memory(place, memory) as store:
        declare(store, first, last, why=said(why, "--why"), who=person.id)
        affected = _affected(store, first.isoformat(), last.isoformat())
    typer.echo(f"Quốc tang {first:%d/%m/%Y} - {last:%d/%m/%Y}: {affected} bài đã lên lịch sẽ được giữ lại.")
    return 0


def pauses(memory: Memory = None, as_json: AsJson = False, workspace: Workspace = None) -> int:
    """Liệt kê các lệnh tạm dừng đang và sẽ có hiệu lực."""
    with open_memory(find_place(workspace), memory) as store:
        found = store.halts.planned()
    if as_json:
        print_json([_values(halt) for halt in found])
        return 0
    for halt in found:
        typer.echo(f"{scope_words(halt.scope)}: {halt.why} ({halt.who}){_window_words(halt)}")
    if not found:
        typer.echo("Không có lệnh tạm dừng nào.")
    return 0


def read_moment(text: str, key: str) -> datetime:
    """Return a day's start, or a moment, in the office's zone."""
    if len(text) == 10:
        return datetime.combine(read_day(text, key), time(), OFFICE_ZONE)
    try:
        moment = datetime.fromisoformat(text)
        if not (text[4:5] == text[7:8] == "-" and FIRST_YEAR <= moment.year <= LAST_YEAR):
            raise ValueError(text)
    except ValueError as error:
        message = f"“{text}” không phải là giờ có thật dạng 2026-11-25T08:00"
        raise BadInput(Problem(rule="bad-moment", key=key, message=message)) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=OFFICE_ZONE)


def scope_words(scope: str) -> str:
    """Return a scope as a person says it."""
    kind, _, name = scope.partition(":")
    words = {"all": "mọi lượt đăng", "mourning": "bài không trang trọng (quốc tang)", "channel": "kênh", "entry": "mục",
             "unit": "đơn vị", "tone": "sắc thái", "post": "bài"}  # fmt: skip
    return f"{words.get(kind, kind)} {name}".strip()


def _scope(channel: str | None, entry: str | None, unit: str | None, tone: Tone | None, post: str | None) -> str:
    from store.halts import ALL, channel_scope, entry_scope, post_scope, tone_scope, unit_scope

    given = [
        *([channel_scope(channel)] if channel else ()),
        *([entry_scope(entry)] if entry else ()),
        *([unit_scope(unit)] if unit else ()),
        *([tone_scope(tone)] if tone else ()),
        *([post_scope(post)] if post else ()),
    ]
    if len(given) > 1:
        message = "chỉ chọn một trong --channel, --entry, --unit, --tone, --post"
        raise BadInput(Problem(rule="two-scopes", message=message))
    return given[0] if given else ALL


def _ask_window(starts: datetime | None, ends: datetime | None) -> None:
    """Refuse a window that is over before it begins, or already."""
    if ends is not None and ends <= max(starts or SystemClock().now(), SystemClock().now()):
        message = "giờ kết thúc phải sau giờ bắt đầu và chưa qua; như vậy thì không tạm dừng được gì"
        raise BadInput(Problem(rule="wrong-span", key="--to", message=message))


def _ask_known(
    place: Place, store: Store, *, channel: str | None, entry: str | None, unit: str | None, post: str | None
) -> None:  # fmt: skip
    """Refuse a name that names nothing: whoever pauses in haste must not believe that something holds when nothing does."""
    from store.workspace_files import read_office

    office = read_office(place.root)
    if channel and channel not in office.channels:
        raise _unknown("--channel", "kênh", channel, office.channels)
    if unit and unit not in office.units:
        raise _unknown("--unit", "đơn vị", unit, office.units)
    if post and store.deliveries.by_key(post) is None:
        raise _unknown("--post", "bài", post, [each.post_key for each in store.deliveries.list()])
    written = [path.stem for path in (place.root / "content").glob("*.md")]
    if entry and entry.partition("--")[0] not in written and not store.deliveries.list(entry=entry):
        raise _unknown("--entry", "mục", entry, written)


def _unknown(key: str, what: str, name: str, known: Iterable[str]) -> BadInput:
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    advice = f"có phải “{near[0]}”?" if near else "hãy xem lại tên; chưa có gì bị tạm dừng"
    return BadInput(Problem(rule="unknown-name", key=key, message=f"không có {what} “{name}”; {advice}"))


def _affected(store: Store, first: str, last: str) -> int:
    """Return how many planned posts of the days are not known to be solemn."""
    from editorial.delivery import State

    solemn = {card.id for card in store.entries.all() if card.tone is Tone.SOLEMN}
    waiting = store.deliveries.list(states=(State.SCHEDULED, State.QUEUED))
    days = ((each.due_at.astimezone(OFFICE_ZONE).date().isoformat(), each.entry) for each in waiting)
    return sum(first <= day <= last and entry not in solemn for day, entry in days)


def _window_words(halt: Halt) -> str:
    start = f", từ {halt.starts_at.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}" if halt.starts_at else ""
    return start + (f" đến {halt.ends_at.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}" if halt.ends_at else "")


def _values(halt: Halt) -> dict[str, object]:
    return {
        "scope": halt.scope,
        "reason": halt.reason.value,
        "why": halt.why,
        "who": halt.who,
        "at": halt.at.isoformat(),
        "starts_at": halt.starts_at.isoformat() if halt.starts_at else None,
        "ends_at": halt.ends_at.isoformat() if halt.ends_at else None,
    }
