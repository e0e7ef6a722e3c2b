"""Open the desk in the browser, and work beside it on other machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.address import ADDRESS, read_address
from desk.commands.memory import chosen_memory
from desk.commands.options import Workspace
from desk.place import Place, find_place
from desk.records import DATABASE, MEDIA, OFFICE
from editorial.clock import OFFICE_ZONE

if TYPE_CHECKING:
    from desk.servers import Servers

Database = Annotated[
    str, typer.Option("--database", envvar=DATABASE, help="Địa chỉ kho PostgreSQL chung, khi chạy nhiều máy.", show_envvar=False)
]
Broker = Annotated[
    str, typer.Option("--broker", envvar="LOA_BROKER", help="Địa chỉ RabbitMQ chung, khi chạy nhiều máy.", show_envvar=False)
]
Media = Annotated[
    str, typer.Option("--media", envvar=MEDIA, help="Nơi giữ ảnh và clip chung, ví dụ s3://kho.", show_envvar=False)
]

Address = Annotated[
    str, typer.Option("--address", envvar=ADDRESS, help="Địa chỉ mà mọi người mở, như https://loa.example.vn.", show_envvar=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve")(serve)
    app.command("work")(work)


def serve(
    workspace: Workspace = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Cổng của bàn làm việc.")] = 8000,
    memory: Annotated[str | None, typer.Option("--memory", help="demo (kết quả chạy thử) hoặc office.")] = None,
    database: Database = "",
    broker: Broker = "",
    media: Media = "",
    address: Address = "",
) -> int:
    """Mở bàn làm việc: lịch, mục nội dung, đăng bài. Với --database và --broker: các máy ./loa work đăng bài."""
    from desk.servers import read_servers

    place = find_place(workspace)
    folder = chosen_memory(place, memory or (OFFICE if database or broker else None))
    servers = read_servers(database, broker, media, folder)
    serve_memory(place, folder, port, servers, address=read_address(address) if address else "")
    return 0


def work(
    database: Database = "",
    broker: Broker = "",
    media: Media = "",
    name: Annotated[
        str, typer.Option("--name", help="Tên của tiến trình này, giữ nguyên qua các lần chạy; mặc định theo tên máy.")
    ] = "",
    threads: Annotated[int, typer.Option("--threads", min=1, max=256, help="Số bài đăng cùng lúc.")] = 8,
    workspace: Workspace = None,
) -> int:
    """Đăng bài cho một cơ quan chạy trên nhiều máy; chạy bao nhiêu tiến trình trên bao nhiêu máy cũng được."""
    from desk.servers import needed_servers
    from desk.working import Working

    place = find_place(workspace)
    folder = place.memory / OFFICE
    servers = needed_servers(database, broker, media, folder)
    servers.name_them()
    with Working(place, folder, servers, name=name, threads=threads) as working:
        typer.echo(f"Đang làm việc với tên {working.name} (nhấn Ctrl-C để dừng)")
        working.wait(lambda: typer.echo("Đang dừng: không nhận việc mới, làm nốt việc đang làm."))
    typer.echo("Đã dừng.")
    return 0


def serve_memory(place: Place, memory: Path, port: int, servers: Servers | None = None, *, address: str = "") -> None:
    """Serve the desk over what is remembered in `memory` until Ctrl-C; `address` is where people open it, through a proxy."""
    from desk.provider_settings import read_provider
    from desk.serving import Serving
    from desk.web.front import Front

    if servers is not None:
        servers.name_them()
    front = Front(address=address, demo=memory.name != OFFICE, provider=read_provider())
    with Serving(place, memory, port, servers, front) as serving:
        link, pauses = serving.first_link(), serving.pauses()  # asked first: whoever reads that the desk is open knocks at once
        typer.echo(f"Bàn làm việc đang mở tại {serving.address} (nhấn Ctrl-C để đóng)")
        if link:
            until = f"{link.until.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"
            typer.echo(f"Chưa ai đăng nhập được. {link.person.name} mở liên kết này để bắt đầu (dùng một lần, đến {until}):")
            typer.echo(f"  {address or serving.address}{link.path}")
        for why in pauses:
            typer.echo(f"Đang tạm dừng đăng: {why}")
        serving.wait()
    typer.echo("Đã đóng bàn làm việc.")
    serving.leave()
