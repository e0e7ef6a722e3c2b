"""Which of the office's memories a command works on: the rehearsal's or the office's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.place import Place
from desk.records import is_kept
from editorial.clock import SystemClock
from editorial.problem import BadInput, Problem

if TYPE_CHECKING:
    from editorial.clock import Clock
    from store.store import Store

MEMORIES = ("demo", "office")

Memory = Annotated[
    str | None, typer.Option("--memory", help="demo (kết quả chạy thử) hoặc office; mặc định là demo nếu đã chạy thử.")
]
Who = Annotated[str, typer.Option("--by", help="Mã người thực hiện, trong content/office.yaml.")]
Why = Annotated[str, typer.Option("--why", help="Lý do, ghi vào nhật ký.")]


def memory_folder(place: Place, name: str | None) -> Path:
    """Return the folder of a memory; raise BadInput for another name, or for a rehearsal that nobody has run yet."""
    folder = chosen_memory(place, name)
    if folder.name == "office":
        folder.mkdir(parents=True, exist_ok=True)
    elif not is_kept(folder):
        raise BadInput(no_memory("chưa có sổ nào của bản chạy thử; hãy chạy ./loa demo --no-serve trước"))
    return folder


def chosen_memory(place: Place, name: str | None) -> Path:
    """Return the folder of a memory, whether anything is in it or not; raise BadInput for another name."""
    chosen = name if name is not None else ("demo" if (place.memory / "demo").exists() else "office")
    if chosen not in MEMORIES:
        message = f"“{chosen}” không phải là {' hoặc '.join(MEMORIES)}"
        raise BadInput(Problem(rule="unknown-memory", key="--memory", message=message))
    return place.memory / chosen


def no_memory(message: str) -> Problem:
    """Return that a memory has not been begun."""
    return Problem(rule="no-memory", key="--memory", message=message)


def memory_clock(place: Place, name: str | None) -> Clock:
    """Return the clock that a memory goes by: a rehearsal's may stand months from today."""
    from desk.carrying_out import clock_of

    return clock_of(memory_folder(place, name))


@contextmanager
def open_kept_memory(place: Place, name: str | None) -> Iterator[Store | None]:
    """Open what is remembered; None in an office that remembers nothing yet: a question makes no database."""
    kept = any(is_kept(place.memory / each) for each in MEMORIES)
    if name is None and not kept:
        yield None
        return
    with open_memory(place, name) as store:
        yield store


@contextmanager
def open_memory(place: Place, name: str | None, clock: Clock | None = None) -> Iterator[Store]:
    """Open what is remembered, without the workspace's files; on the machine's clock where no other is given."""
    with open_folder(memory_folder(place, name), clock) as store:
        yield store


@contextmanager
def open_folder(folder: Path, clock: Clock | None = None) -> Iterator[Store]:
    """Open the memory that lies in a folder."""
    from desk.remembering import open_store

    with open_store(folder, clock or SystemClock())[0] as store:
        yield store


def said(text: str, key: str) -> str:
    """Return what a person wrote; raise BadInput when it is blank, since every deed carries a name and a reason."""
    if not text.strip():
        raise BadInput(Problem(rule="missing-text", key=key, message="không được để trống"))
    return text.strip()
