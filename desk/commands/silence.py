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
from desk.silence import ask_window, comes_back_alone, scope_words, window_words
from editorial.clock import OFFICE_ZONE, SystemClock
from editorial.delivery import Delivery
from editorial.problem import BadInput, Problem
from editorial.release import ReleaseRule
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
    ask_window(starts, ends, SystemClock().now())
    with open_memory(place, memory) as store:
        _ask_known(place, store, channel=channel, entry=entry, unit=unit, post=post)
        too_late = store.halts.set(scope, why=said(why, "--why"), who=person.id, starts_at=starts, ends_at=ends)
    when = "sau lúc này" if starts is None or starts <= SystemClock().now() else f"từ {_words(starts)}"
    until = f"tự hết lúc {_words(ends)}, hoặc bỏ" if ends else "bỏ"
    typer.echo(f"Đã tạm dừng: {scope_words(scope)}. Không lượt đăng nào bắt đầu {when}; {until} tạm dừng bằng ./loa resume")
    _tell_too_late(too_late)
    return 0


def resume(
    by: Who, channel: Channel = None, entry: EntryId = None, unit: Unit = None, tone: ToneOf = None, post: Post = None,
    mourning: Annotated[bool, typer.Option("--mourning", help="Kết thúc quốc tang đã khai báo.")] = False,
    memory: Memory = None, workspace: Workspace = None,
) -> int:  # fmt: skip
    """Bỏ tạm dừng; bài bị lỡ giờ chờ người quyết định từng bài, không đăng dồn."""
    from store.halts import MOURNING
    from store.workspace_files import read_office

    place = find_place(workspace)
    scope = MOURNING if mourning else _scope(channel, entry, unit, tone, post)
    person = acting(place.root, by, Right.PAUSE)
    with open_memory(place, memory) as store:
        if scope not in {halt.scope for halt in store.halts.planned()}:
            raise BadInput(Problem(rule="not-paused", message=f"không có lệnh tạm dừng nào cho: {scope_words(scope)}"))
        store.halts.lift(scope, who=person.id)
        freed = store.deliveries.freed()
    typer.echo(f"Đã bỏ tạm dừng: {scope_words(scope)}. Bài chưa đến giờ vẫn đăng đúng giờ.")
    _tell_freed(freed, read_office(place.root).release_rule())
    return 0


def mourning(
    start: Annotated[str, typer.Option("--from", help="Ngày đầu, dạng 2026-11-25.")],
    end: Annotated[str, typer.Option("--to", help="Ngày cuối, kể cả ngày ấy.")],
    why: Why,
    by: Who,
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Khai báo quốc tang: giữ bài vui, hỏi lại bài trung tính, để bài trang nghiêm đi."""
    from desk.mourning import declare, would_hold

    place = find_place(workspace)
    first, last = read_period(start, end)
    if last < SystemClock().now().astimezone(OFFICE_ZONE).date():
        message = "ngày cuối đã qua, không còn giữ được bài nào; hãy xem lại ngày"
        raise BadInput(Problem(rule="wrong-span", key="--to", message=message))
    person = acting(place.root, by, Right.PAUSE)
    with open_memory(place, memory) as store:
        too_late = declare(store, first, last, why=said(why, "--why"), who=person.id)
        affected = len(would_hold(store, first, last))
    typer.echo(f"Quốc tang {first:%d/%m/%Y} - {last:%d/%m/%Y}: {affected} bài đã lên lịch sẽ được giữ lại.")
    typer.echo("Bài trang nghiêm vẫn đăng. Bài trung tính: cho qua bằng ./loa release. Bài vui: ./loa move hoặc ./loa drop.")
    typer.echo("Hết ngày cuối thì tự hết; hết sớm hơn: ./loa resume --mourning. Bài bị giữ chờ quyết định từng bài: ./loa held")
    _tell_too_late(too_late)
    return 0


def pauses(memory: Memory = None, as_json: AsJson = False, workspace: Workspace = None) -> int:
    """Liệt kê các lệnh tạm dừng đang và sẽ có hiệu lực."""
    with open_memory(find_place(workspace), memory) as store:
        found = store.halts.planned()
    if as_json:
        print_json([_values(halt) for halt in found])
        return 0
    for halt in found:
        typer.echo(f"{scope_words(halt.scope)}: {halt.why} ({halt.who}){window_words(halt)}")
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


def _tell_too_late(under_way: Iterable[Delivery]) -> None:
    """Name what went out under the person's hands: it cannot be called back, only taken back."""
    for each in under_way:
        typer.echo(f"Đã gửi trước lúc này, không dừng được: [{each.id}] {each.post_key}")
        typer.echo(f"  muốn gỡ bài ấy: ./loa withdraw {each.entry}")


def _tell_freed(freed: tuple[Delivery, ...], rule: ReleaseRule) -> None:
    """Say what becomes of each post that the pause held."""
    for each in freed:
        typer.echo(f"[{each.id}] {_words(each.due_at)}  {each.post_key}: {_fate(each, rule)}")
    if not freed:
        typer.echo("Không có bài nào lỡ giờ.")


def _fate(delivery: Delivery, rule: ReleaseRule) -> str:
    if comes_back_alone(delivery, rule, SystemClock().now()):
        return f"tự đăng, cách bài khác của kênh ít nhất {rule.gap_on(delivery.channel).total_seconds() / 60:.0f} phút"
    return "chờ quyết định: ./loa release, ./loa move hoặc ./loa drop"


def _words(moment: datetime) -> str:
    return f"{moment.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"


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
