"""How fast and how good: the figures that the office can measure on its own machine."""

from __future__ import annotations

import math
import os
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from desk.commands.options import AsJson, Workspace, print_json
from desk.commands.output import writing
from desk.figure import written
from desk.place import find_place
from editorial.problem import BadInput, Problem

bench = typer.Typer(help="Đo tốc độ và độ chính xác trên máy này; không kèm lệnh con thì đo lunar, plan và check.")


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.add_typer(bench, name="bench")


def ask_empty_database(address: str) -> None:
    """Raise BadInput where no PostgreSQL answers; its trials' secrets are nobody's, and lie under a key that ends with them."""
    from desk.servers import ask_database
    from store.vault import VARIABLE, Key

    ask_database(address)
    os.environ.setdefault(VARIABLE, Key.new().written())


@bench.callback(invoke_without_command=True)
def everything(context: typer.Context) -> int:
    """Measure all that needs no other program, one after another, where no command of the family is named."""
    if context.invoked_subcommand is not None:
        return 0
    statuses = []
    for name, measured in (("lunar", lunar), ("plan", plan), ("check", check)):
        typer.echo(f"{name}:")
        statuses.append(measured())
    typer.echo("Dựng ảnh và clip: ./loa bench studio; đăng bài: ./loa bench deliveries; bàn làm việc: ./loa bench desk")
    return max(statuses)


@bench.command("lunar")
def lunar(as_json: AsJson = False) -> int:
    """Đo thời gian tính một năm âm lịch lần đầu và tra một ngày của năm đã tính."""
    from desk.lunar_speed import GOAL_LOOKUP, GOAL_YEAR, measure

    found = measure()
    if as_json:
        print_json({**asdict(found), "goals": {"year_seconds": GOAL_YEAR, "lookup_seconds": GOAL_LOOKUP}})
        return 0 if found.good else 1
    slowest = written(found.slowest_year_seconds * 1000, 1)
    typer.echo(
        f"Một năm âm lịch, lần đầu: {written(found.year_seconds * 1000, 1)} mili giây, lâu nhất {slowest} "
        f"({found.years} năm; mục tiêu dưới {written(GOAL_YEAR * 1000)})"
    )
    typer.echo(
        f"Tra một ngày của năm đã tính: {written(found.lookup_seconds * 1e6, 2)} micro giây "
        f"({written(found.lookups)} lượt; mục tiêu dưới {written(GOAL_LOOKUP * 1e6)})"
    )
    return 0 if found.good else 1


@bench.command("plan")
def plan(
    first_year: Annotated[int, typer.Option("--year", min=1976, max=2089, help="Năm đầu của mười năm.")] = 2026,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Đo thời gian tính mười năm ngày lễ và lập lịch 10.000 mục nội dung."""
    from desk.planning_speed import GOAL, measure
    from store.calendar_files import read_calendars
    from store.workspace_files import read_content

    place = find_place(workspace)
    found = measure(read_content(place.root), read_calendars(place.calendars, place.root), first_year)
    if as_json:
        print_json({**asdict(found), "seconds": found.seconds, "goal_seconds": GOAL})
    else:
        typer.echo(f"{written(found.occasions)} dịp trong {found.years} năm: {written(found.occasions_seconds, 2)} giây")
        counted = f"{written(found.entries)} mục nội dung, {written(found.slots)} lượt đăng"
        typer.echo(f"{counted}: {written(found.plan_seconds, 2)} giây")
        typer.echo(f"Tổng cộng {written(found.seconds, 2)} giây (mục tiêu dưới {written(GOAL)} giây)")
    return 0 if found.seconds < GOAL and not found.problems else 1


@bench.command("check")
def check(
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", help="Tệp hoặc thư mục các trường hợp có nhãn; mặc định là tests/corpus/consistency."),
    ] = None,
    misses: Annotated[bool, typer.Option("--misses", help="Kể từng lỗi bị sót và từng lần báo nhầm.")] = False,
    as_json: AsJson = False,
) -> int:
    """Chấm phép soát nhất quán trên các trường hợp có nhãn: tỷ lệ tìm thấy, báo nhầm và tốc độ trên một nhân."""
    from desk.consistency_score import read_corpus, score, score_lines, score_values
    from desk.place import HOUSE

    found = score(read_corpus(corpus or HOUSE / "tests" / "corpus" / "consistency"))
    if as_json:
        print_json(score_values(found))
    else:
        typer.echo("\n".join(score_lines(found)))
        if misses:
            typer.echo("\n".join(found.missed))
    return 0 if found.good else 1


@bench.command("studio")
def studio(
    runs: Annotated[int, typer.Option("--runs", min=1, max=99, help="Số lượt đo xen kẽ.")] = 3,
    without: Annotated[str, typer.Option("--without", help="Bỏ qua phép so sánh: moviepy, chromium.")] = "",
    cache: Annotated[
        Path | None, typer.Option("--cache", help="Thư mục cho ảnh thử và môi trường MoviePy; mặc định là ~/.cache/loa/bench.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Đo tốc độ dựng ảnh và clip so với chỉ nén hình, với MoviePy và với Chromium."""
    from desk.commands.bars import parts_bar
    from desk.place import HOUSE
    from desk.rivals import Rivals
    from desk.studio_speed import measure, speed_lines, speed_values
    from desk.studio_trials import prepared

    without_these = _rivals_named(without)
    scripts = HOUSE / "tests" / "bench"
    folder = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loa" / "bench"
    root = folder / "workspace"
    with writing(folder, "--cache"):
        root.mkdir(parents=True, exist_ok=True)
        prepared(root, scripts / "templates", HOUSE / "assets")
    with parts_bar() as told:
        found = measure(root, runs, Rivals(scripts=scripts, environments=folder), without_these, told)
    if as_json:
        print_json(speed_values(found))
    else:
        typer.echo("\n".join(speed_lines(found)))
    return 0 if found.good else 1


@bench.command("pause")
def pause(
    trials: Annotated[int, typer.Option("--trials", min=1, max=1000, help="Số lần dừng.")] = 100,
    database: Annotated[
        str, typer.Option("--database", help="Địa chỉ một kho PostgreSQL trống; mặc định là một tệp SQLite tạm.")
    ] = "",
    as_json: AsJson = False,
) -> int:
    """Đo lệnh dừng: một tiến trình đang đăng lên máy chủ thử, một tiến trình khác bấm dừng; sau đó có gì lọt qua không."""
    from desk.commands.bars import parts_bar
    from desk.silence_speed import measure, silence_lines

    if database:
        ask_empty_database(database)
    with TemporaryDirectory(prefix="loa-pause-") as folder, parts_bar() as told:
        told("Dừng thử", 0, trials)
        address = database or f"sqlite:///{folder}/loa.sqlite"
        found = measure(address, trials, lambda done: told("Dừng thử", done, trials))
    if as_json:
        print_json({**asdict(found), "good": found.good})
    else:
        typer.echo("\n".join(silence_lines(found)))
    return 0 if found.good else 1


@bench.command("deliveries")
def deliveries(
    most: Annotated[int, typer.Option("--most", min=48, max=5000, help="Bỏ qua các phép đo có nhiều bài hơn số này.")] = 5000,
    database: Annotated[
        str, typer.Option("--database", help="Địa chỉ một kho PostgreSQL trống; mặc định là một tệp SQLite tạm.")
    ] = "",
    broker: Annotated[
        str, typer.Option("--broker", help="Địa chỉ RabbitMQ, để đo nhiều tiến trình trên kho PostgreSQL.")
    ] = "",
    as_json: AsJson = False,
) -> int:
    """Đo việc đăng bài: số lượt mỗi giây, độ trễ, bài khẩn, kill -9 và bộ nhớ, trên máy chủ thử trả lời ngay và sau 300 ms."""
    from desk.commands.bars import parts_bar
    from desk.deliveries_speed import measure, speed_lines
    from desk.servers import ask_broker

    if broker and not database:
        message = "các tiến trình nhận việc qua --broker dùng chung một kho PostgreSQL; hãy ghi thêm --database"
        raise BadInput(Problem(rule="servers", key="--database", message=message))
    if database:
        ask_empty_database(database)
    if broker:
        ask_broker(broker)
    with TemporaryDirectory(prefix="loa-deliveries-") as folder, parts_bar() as told:
        found = measure(database or f"sqlite:///{folder}/loa.sqlite", broker, most, told)
    if as_json:
        print_json(found.values())
    else:
        typer.echo("\n".join(speed_lines(found)))
    return 0 if found.good else 1


@bench.command("desk")
def desk(
    entries: Annotated[int, typer.Option("--entries", min=100, max=1_000_000, help="Số mục nội dung trong sổ.")] = 2000,
    deliveries: Annotated[int, typer.Option("--deliveries", min=100, max=6_000_000, help="Số lượt đăng trong sổ.")] = 12_000,
    files: Annotated[int, typer.Option("--files", min=60, max=1_000_000, help="Số mục còn tệp trong content/.")] = 2000,
    seconds: Annotated[float, typer.Option("--seconds", min=1, max=600, help="Hỏi mỗi trang bao nhiêu giây.")] = 6,
    only: Annotated[str, typer.Option("--only", help="Chỉ đo những trang này, cách nhau bằng dấu phẩy.")] = "",
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Nơi giữ văn phòng giả để đo lại; mặc định là thư mục tạm.")
    ] = None,
    database: Annotated[
        str, typer.Option("--database", help="Địa chỉ một kho PostgreSQL trống; mặc định là một tệp SQLite.")
    ] = "",
    as_json: AsJson = False,
) -> int:
    """Đo bàn làm việc của một văn phòng lớn: thời gian trả lời mỗi trang, trọng lượng trang, lúc hiện ra và bộ nhớ."""
    from desk.bench_place import refuse_other
    from desk.commands.bars import parts_bar
    from desk.desk_speed import NAMES, measure, speed_lines
    from desk.large_office import Size
    from desk.servers import ask_database

    if not entries <= deliveries <= 12 * entries:
        message = f"mỗi mục có từ 1 đến 12 lượt đăng; với {entries} mục hãy chọn từ {entries} đến {12 * entries} lượt"
        raise BadInput(Problem(rule="out-of-range", key="--deliveries", message=message))
    if not math.isfinite(seconds):
        raise BadInput(Problem(rule="out-of-range", key="--seconds", message="hãy ghi một số giây từ 1 đến 600"))
    names = tuple(name.strip() for name in only.split(",") if name.strip())
    for name in sorted(set(names) - set(NAMES)):
        message = f"không có trang “{name[:40]}”; chọn trong: {', '.join(NAMES)}"
        raise BadInput(Problem(rule="unknown-page", key="--only", message=message))
    size = Size(entries=entries, deliveries=deliveries, files=min(files, entries))
    if folder:
        with writing(folder, "--folder"):
            refuse_other(folder)
            folder.mkdir(parents=True, exist_ok=True)
    if database:
        ask_database(database)
    with TemporaryDirectory(prefix="loa-desk-") as temporary, parts_bar() as told:
        root = (folder or Path(temporary)).resolve()
        found = measure(root, size, database, seconds=seconds, only=names, tell=told)
    if as_json:
        print_json(found.values())
    else:
        typer.echo("\n".join(speed_lines(found)))
    return 0 if found.good else 1


def _rivals_named(text: str) -> frozenset[str]:
    """Return the names in a list with commas; raise BadInput for one that is not compared with."""
    names = frozenset(name.strip().lower() for name in text.split(",") if name.strip())
    for name in sorted(names - {"moviepy", "chromium"}):
        message = f"không có phép so sánh “{name}”; chọn trong: moviepy, chromium"
        raise BadInput(Problem(rule="unknown-rival", key="--without", message=message))
    return names
