"""The command line: every command, and what a person is told when something is wrong.

Exit status: 0 done, 1 the work was done and its result is not right, 2 what was given cannot be used, 130 interrupted.
"""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable, Sequence

import typer
from typer.main import get_command

from desk.commands import (
    alt_text,
    audit,
    bench,
    channels,
    checking,
    comments,
    correcting,
    coverage,
    dates,
    demo,
    doctor,
    emergency,
    feeds,
    golden,
    held,
    mcp,
    moves,
    people,
    planning,
    preview,
    proof,
    rehearsing,
    rendering,
    rescheduling,
    serving,
    silence,
    starting,
    sweeping,
    templates,
    webhooks,
    workflow,
)
from desk.language import refuse_unknown_language, told
from desk.typed import refuse_unreadable, unusable_path
from desk.usage import usage_problem
from editorial.problem import BadInput, Problem
from store.errors import Tampered
from store.trouble import trouble

INTERRUPTED = 130

app = typer.Typer(
    name="loa",
    help="Loa: một thông điệp, mọi kênh. Bắt đầu với: ./loa demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
starting.register(app)
dates.register(app)
alt_text.register(app)
planning.register(app)
rendering.register(app)
templates.register(app)
doctor.register(app)
golden.register(app)
proof.register(app)
preview.register(app)
checking.register(app)
coverage.register(app)
moves.register(app)
bench.register(app)
channels.register(app)
demo.register(app)
rehearsing.register(app)
serving.register(app)
audit.register(app)
people.register(app)
correcting.register(app)
silence.register(app)
held.register(app)
rescheduling.register(app)
comments.register(app)
workflow.register(app)
emergency.register(app)
feeds.register(app)
sweeping.register(app)
webhooks.register(app)
mcp.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    try:
        status = run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        status = INTERRUPTED
    if status == INTERRUPTED:
        # A second Ctrl-C while threads finish would end in a traceback; what is in hand is safe either way.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        typer.echo("Đã dừng theo yêu cầu; chạy lại cùng lệnh để làm tiếp, không bài nào bị đăng hai lần.", err=True)
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; what was given wrongly is one line a problem on standard error."""
    try:
        refuse_unknown_language()
        refuse_unreadable(arguments)
        result = _all_commands()(list(arguments), prog_name="./loa", standalone_mode=False)
    except BadInput as error:
        for problem in error.problems:
            typer.echo(str(told(problem)), err=True)
        return 2
    except Tampered as error:
        typer.echo(str(told(_tampered(error))), err=True)
        return 2
    except typer.Abort:
        return INTERRUPTED
    except typer.Exit as stop:
        return stop.exit_code
    except OSError as error:
        typer.echo(str(told(unusable_path(error))), err=True)
        return 2
    except Exception as error:
        if why := trouble(error):
            typer.echo(str(told(Problem(rule="unusable-database", message=f"sổ của Loa {why}"))), err=True)
            return 2
        return _usage(error)
    return result if isinstance(result, int) else 0


@functools.cache
def _all_commands() -> Callable[..., object]:
    """Make the commands once a process: to look at each one's options takes longer than most commands do."""
    return get_command(app)


def _tampered(error: Tampered) -> Problem:
    which = str(error).partition(":")[0]
    message = f"bản lưu của bài {which} không còn là bản đã ký; hãy xem ./loa audit verify, rồi trình và duyệt lại mục này"
    return Problem(rule="tampered", message=message)


def _usage(error: Exception) -> int:
    """Report a mistake in typing the command; anything else is a fault of ours and keeps its traceback."""
    if type(error).__name__ == "NoArgsIsHelpError":  # ./loa emergency: which of its commands?
        typer.echo(str(error))
        return 0
    problem = usage_problem(error)
    if problem is None:
        raise error
    typer.echo(str(told(problem)), err=True)
    return 2
