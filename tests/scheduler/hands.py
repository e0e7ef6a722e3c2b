"""Workers that can be stopped at every step: each runs the product's own code in a thread, and only one of them runs at a time.

A hand stands still at a checkpoint until it is told to go on. What the clock passes meanwhile it has slept through; told to
die, it ends there without another line of its code.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

CHECKPOINTS = ("check", "draft", "kept", "prepared", "intent", "call", "answer", "look", "read")


class Killed(BaseException):
    """The worker's process ends here, without another line of its code."""


class Hand:
    """One worker. `at` is the checkpoint where it stands, None when it has nothing in hand."""

    def __init__(self) -> None:
        self.at: str | None = None
        self.last = ""  # the last checkpoint that it came to
        self.calling = False  # inside the commit call: looking at the time is no step of its own there
        self._go, self._back = threading.Semaphore(0), threading.Semaphore(0)
        self._doomed = False
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None

    def begin(self, work: Callable[[], object]) -> None:
        """Begin a piece of work and return at its first checkpoint, or at its end."""
        assert self.at is None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()
        self._wait()

    def go_on(self) -> None:
        """Go on to the next checkpoint, or to the end."""
        assert self.at is not None
        self._go.release()
        self._wait()

    def die(self) -> None:
        """End where it stands."""
        self._doomed = True
        while self.at is not None:
            self.go_on()
        self._doomed, self.calling = False, False

    def pause(self, checkpoint: str) -> None:
        """Stand still; called by the work itself, in its thread. Anybody else's thread passes."""
        if threading.current_thread() is not self._thread:
            return
        self.at = self.last = checkpoint
        self._back.release()
        self._go.acquire()
        if self._doomed:
            raise Killed

    def _run(self, work: Callable[[], object]) -> None:
        try:
            with suppress(Killed):
                work()
        except BaseException as error:  # a mistake of the tests' own is told to the test
            self._error = error
        self.at = None
        self._back.release()

    def _wait(self) -> None:
        self._back.acquire()
        if self.at is None and self._thread is not None:
            self._thread.join()
        if self._error is not None:
            error, self._error = self._error, None
            raise error
