"""How fast and how good: the figures that the office can measure on its own machine."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from desk.commands.options import AsJson, Workspace, print_json
from desk.commands.output import writing
from desk.place import find_place
from editorial.problem import BadInput, Problem

bench = typer.Typer(help="Đo tốc độ và độ chính xác trên máy này.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.add_typer(bench, name="bench")


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
        typer.echo(f"{found.occasions} dịp trong {found.years} năm: {found.occasions_seconds:.2f} giây")
        typer.echo(f"{found.entries} mục nội dung, {found.slots} lượt đăng: {found.plan_seconds:.2f} giây")
        typer.echo(f"Tổng cộng {found.seconds:.2f} giây (mục tiêu dưới {GOAL:.0f} giây)")
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
    from desk.place import HOUSE
    from desk.rivals import Rivals
    from desk.studio_speed import measure, speed_lines, speed_values
    from studio.trial import make_workspace

    scripts = HOUSE / "tests" / "bench"
    folder = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loa" / "bench"
    root = folder / "workspace"
    with writing(folder, "--cache"):
        root.mkdir(parents=True, exist_ok=True)
        make_workspace(root, scripts / "templates", HOUSE / "assets")
    found = measure(root, runs, Rivals(scripts=scripts, environments=folder), _rivals_named(without), _tell)
    if as_json:
        print_json(speed_values(found))
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


def _tell(step: str) -> None:
    typer.echo(f"Đang đo: {step}", err=True)
