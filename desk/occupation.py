"""One process at a time over one memory: two would each think that the work is theirs."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from editorial.problem import BadInput, Problem


@contextmanager
def occupy(memory: Path) -> Iterator[None]:
    """Hold the memory for this process; raise BadInput while another one has it. A process that dies lets go of it."""
    memory.parent.mkdir(parents=True, exist_ok=True)
    with memory.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadInput(_taken(memory)) from error
        yield


def is_occupied(memory: Path) -> bool:
    """Tell whether a process holds the memory now."""
    try:
        with memory.with_suffix(".lock").open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _taken(memory: Path) -> Problem:
    message = f"một lệnh Loa khác (demo hoặc serve) đang dùng “{memory.name}”; hãy đợi nó xong hoặc đóng nó bằng Ctrl-C"
    return Problem(rule="occupied", message=message)
