"""Which of the office's memories a command works on: the rehearsal's or the office's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.place import Place
from editorial.clock import SystemClock
from editorial.problem import BadInput, Problem

if TYPE_CHECKING:
    from store.store import Store

MEMORIES = ("demo", "office")

Memory = Annotated[
    str | None, typer.Option("--memory", help="demo (kết quả chạy thử) hoặc office; mặc định là demo nếu đã chạy thử.")
]
Who = Annotated[str, typer.Option("--by", help="Mã người thực hiện, trong content/office.yaml.")]
Why = Annotated[str, typer.Option("--why", help="Lý do, ghi vào nhật ký.")]


def memory_folder(place: Place, name: str | None) -> Path:
    """Return the folder of a memory; raise BadInput for another name, or for a rehearsal that nobody has run yet."""
    chosen = name or ("demo" if (place.memory / "demo").exists() else "office")
    if chosen not in MEMORIES:
        message = f"“{chosen}” không phải là {' hoặc '.join(MEMORIES)}"
        raise BadInput(Problem(rule="unknown-memory", key="--memory", message=message))
    folder = place.memory / chosen
    if chosen == "office":
        folder.mkdir(parents=True, exist_ok=True)
    elif not (folder / "loa.sqlite").is_file():
        message = "chưa có sổ nào của bản chạy thử; hãy chạy ./loa demo --no-serve trước"
        raise BadInput(Problem(rule="no-memory", key="--memory", message=message))
    return folder


@contextmanager
def open_kept_memory(place: Place, name: str | None) -> Iterator[Store | None]:
    """Open what is remembered; None in an office that remembers nothing yet: a question makes no database."""
    kept = any((place.memory / each / "loa.sqlite").is_file() for each in MEMORIES)
    if name is None and not kept:
        yield None
        return
    with open_memory(place, name) as store:
        yield store


@contextmanager
def open_memory(place: Place, name: str | None) -> Iterator[Store]:
    """Open what is remembered, without the workspace's files."""
    from store.store import Store

    folder = memory_folder(place, name)
    url = f"sqlite:///{folder / 'loa.sqlite'}"
    with Store.open(url, clock=SystemClock(), media_folder=folder / "media") as store:
        yield store


def said(text: str, key: str) -> str:
    """Return what a person wrote; raise BadInput when it is blank, since every deed carries a name and a reason."""
    if not text.strip():
        raise BadInput(Problem(rule="missing-text", key=key, message="không được để trống"))
    return text.strip()
