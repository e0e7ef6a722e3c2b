"""Calendars in and out: the feeds, another office's calendar, a CalDAV server."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.address import LOCAL, read_address
from desk.commands.memory import chosen_memory
from desk.commands.options import Workspace
from desk.commands.output import write_output
from desk.language import in_words, told
from desk.place import find_place
from editorial.clock import OFFICE_ZONE, SystemClock
from editorial.occasion import Kind
from editorial.problem import BadInput, Problem
from editorial.tone import Tone
from reading.source import reason

if TYPE_CHECKING:
    from desk.workbench import Workbench
    from publishers.caldav import Pushed
    from store.ics.writer import Feed

PASSWORD = "LOA_CALDAV_PASSWORD"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,60}")
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE | re.ASCII)
_FETCHED = frozenset({"http", "https", "webcal"})

Memory = Annotated[str | None, typer.Option("--memory", help="demo (kết quả chạy thử) hoặc office.")]
Out = Annotated[Path | None, typer.Option("--out", help="Ghi vào tệp này; không có thì in ra màn hình.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    ics = typer.Typer(help="Xuất lịch iCalendar để đăng ký trong Google, Outlook, điện thoại.", no_args_is_help=True)
    ics.command("public")(public)
    ics.command("staff")(staff)
    ics.command("link")(link)
    app.add_typer(ics, name="ics")
    app.command("ics-import")(ics_import)
    caldav = typer.Typer(help="Đẩy lịch nội bộ lên máy chủ CalDAV.", no_args_is_help=True)
    caldav.callback()(_family)
    caldav.command("push")(push)
    app.add_typer(caldav, name="caldav")


def _family() -> None:
    """Keep `push` a command of its own: Typer would swallow the name of an only one."""


def public(out: Out = None, memory: Memory = None, workspace: Workspace = None) -> int:
    """Lịch công khai: mọi ngày đáng nhớ và tin đã đăng."""
    from desk.feeds import Feeds

    with _bench(workspace, memory) as bench:
        return _give(Feeds(bench).public(), out)


def staff(out: Out = None, memory: Memory = None, workspace: Workspace = None) -> int:
    """Lịch nội bộ: thêm kế hoạch đăng, tình trạng, hạn báo cáo, nhắc việc."""
    from desk.feeds import Feeds

    with _bench(workspace, memory) as bench:
        return _give(Feeds(bench).staff(), out)


def link(
    address: Annotated[str, typer.Option("--address", help="Địa chỉ của bàn làm việc.")] = LOCAL,
    new: Annotated[bool, typer.Option("--new", help="Đổi mã; mọi liên kết cũ thôi dùng được.")] = False,
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """In hai liên kết đăng ký lịch; liên kết nội bộ có mã riêng, đừng gửi ra ngoài."""
    from desk.feeds import staff_token
    from desk.remembering import open_store

    base = read_address(address)
    store, _ = open_store(chosen_memory(find_place(workspace), memory), SystemClock())
    with store:
        token = staff_token(store, new=new)
    typer.echo(f"Công khai: {base}/feeds/public.ics")
    typer.echo(f"Nội bộ:    {base}/feeds/staff.ics?token={token}")
    return 0


def ics_import(
    source: Annotated[str, typer.Argument(metavar="FILE|URL", help="Tệp .ics, hoặc đường dẫn https:// hay webcal://.")],
    name: Annotated[str, typer.Option("--name", help="Tên tệp trong calendars/, không có đuôi.")],
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")] = False,
    kind: Annotated[Kind, typer.Option("--kind", help="Các ngày này là của ai.")] = Kind.CITY_MILESTONE,
    tone: Annotated[Tone, typer.Option("--tone", help="Không khí của các ngày này.")] = Tone.NEUTRAL,
    workspace: Workspace = None,
) -> int:
    """Nhập một lịch iCalendar thành tệp calendars/NAME.yaml cho năm nay và năm sau."""
    from store.ics.calendar_file import Origin, write_calendar_file
    from store.ics.reader import read_foreign

    if not _NAME.fullmatch(name):
        message = "chỉ gồm chữ thường không dấu, chữ số, gạch nối và gạch dưới, ví dụ so_giao_duc"
        raise BadInput(Problem(rule="bad-name", key="--name", message=message))
    place = find_place(workspace)
    raw, shown = _fetched(source)
    year = SystemClock().now().astimezone(OFFICE_ZONE).year
    calendar = read_foreign(raw, shown, (year, year + 1))
    path = place.calendars / f"{name}.yaml"
    written = write_calendar_file(calendar, Origin(source=shown, kind=kind, tone=tone), path, force=force)
    for problem in (*calendar.problems, *written.known):
        typer.echo(in_words(f"(lưu ý) {told(problem)}"), err=True)
    typer.echo(f"Đã ghi {len(written.ids)} ngày vào calendars/{name}.yaml. Xem lại tệp, rồi chạy: ./loa check")
    return 0


def push(
    url: Annotated[str, typer.Option("--url", help="Địa chỉ của lịch trên máy chủ, ví dụ https://lich.example.vn/loa/ke-hoach/.")],
    user: Annotated[str, typer.Option("--user", help=f"Tên đăng nhập; mật khẩu đặt trong biến {PASSWORD}.")],
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Đẩy lịch nội bộ lên máy chủ CalDAV; chạy lại chỉ gửi những gì đã đổi."""
    from desk.caldav import push_staff
    from editorial.outcome import PublishError

    password = os.environ.get(PASSWORD, "")
    if not password:
        message = f"chưa có mật khẩu; hãy đặt biến môi trường {PASSWORD} rồi chạy lại"
        raise BadInput(Problem(rule="no-password", key=PASSWORD, message=message))
    with _bench(workspace, memory) as bench:
        try:
            pushed = push_staff(bench, url, user, password)
        except PublishError as error:
            raise BadInput(Problem(rule="caldav", key="--url", message=str(error))) from error
    return _tell(pushed)


def _tell(pushed: Pushed) -> int:
    typer.echo(
        f"Thêm {len(pushed.created)} · sửa {len(pushed.changed)} · xóa {len(pushed.removed)} · giữ nguyên {len(pushed.unchanged)}"
    )
    for uid in pushed.overruled:
        typer.echo(f"(lưu ý) {uid}: có người sửa trên máy chủ; đã ghi lại theo kế hoạch. Muốn đổi, hãy sửa trong Loa.", err=True)
    for uid in pushed.failed:
        typer.echo(f"{uid}: đang bị sửa trên máy chủ nên chưa ghi được; hãy chạy lại lệnh.", err=True)
    return 1 if pushed.failed else 0


def _give(feed: Feed, out: Path | None) -> int:
    if out is None:
        typer.echo(feed.body, nl=False)
        return 0
    write_output(out, feed.body, "--out")
    typer.echo(f"Đã ghi {out}.")
    return 0


def _fetched(source: str) -> tuple[bytes, str]:
    """Return the bytes, and what the source is called where people read it."""
    if address := _ADDRESS.match(source):
        return _downloaded(address[1].lower(), source[address.end() :])
    path = Path(source)
    try:
        return path.read_bytes(), path.name
    except OSError as error:
        message = f"không đọc được tệp: {reason(error)}; hãy kiểm tra đường dẫn"
        raise BadInput(Problem(rule="unreadable-file", file=path.name, message=message)) from error


def _downloaded(scheme: str, rest: str) -> tuple[bytes, str]:
    from publishers.download import download, shown_address
    from store.ics.content_line import MOST_BYTES

    if scheme not in _FETCHED:
        message = f"không tải lịch qua {scheme}://; hãy dùng đường dẫn https:// hay webcal://, hoặc tải về rồi cho tên tệp"
        raise BadInput(Problem(rule="unknown-scheme", key="FILE|URL", message=message))
    source = f"{scheme}://{rest}"
    return download(source, most_bytes=MOST_BYTES), shown_address(source)


@contextmanager
def _bench(workspace: Path | None, memory: str | None) -> Iterator[Workbench]:
    from desk.workbench import open_workbench

    place = find_place(workspace)
    with open_workbench(place, chosen_memory(place, memory), SystemClock()) as bench:
        yield bench
