"""What goes along with an adapter's calls: whether they may still be written, and what the answers ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from editorial.outcome import Unavailable

ASLEEP = "asleep"  # the code of a call that was not made because its worker had slept
USED_UP = timedelta(seconds=60)  # where the headers say that nothing is left, and not for how long


@dataclass(kw_only=True)
class Accompaniment:
    """`may_write` is asked when the connection stands, before the first byte; `wait` is the longest that an answer asked for.

    `every` tells that it is asked before every call and not before the commit call alone.
    `app_wait` is how long all have to wait that share the account's app, where its adapter reads that from an answer.
    """

    may_write: Callable[[], bool]
    every: bool = False
    wait: timedelta = timedelta(0)
    app_wait: timedelta = timedelta(0)

    def stops(self, *, commit: bool) -> bool:
        """Tell whether a call, of which no byte is written yet, must not be made any more."""
        return (commit or self.every) and not self.may_write()

    def hear(self, headers: Mapping[str, str]) -> None:
        """Remember how long the answer asks to wait before the next call."""
        self.wait = max(self.wait, asked_wait(headers))


_current: ContextVar[Accompaniment | None] = ContextVar("accompaniment", default=None)


@contextmanager
def accompanied(may_write: Callable[[], bool] = lambda: True, *, every: bool = False) -> Iterator[Accompaniment]:
    """Go along with every call that this thread makes in the block."""
    going = Accompaniment(may_write=may_write, every=every)
    token = _current.set(going)
    try:
        yield going
    finally:
        _current.reset(token)


def current() -> Accompaniment | None:
    """Return what goes along with the calls of this thread, if anything does."""
    return _current.get()


def ask_to_write() -> None:
    """Raise Unavailable where this thread has slept and somebody else has its work by now: for what is written without a call."""
    going = current()
    if going is not None and going.stops(commit=False):
        raise asleep()


def asleep() -> Unavailable:
    """Return the error of a call that was not made because its worker had slept."""
    return Unavailable("máy đã ngủ ngay trước khi gửi; chưa có gì được đăng", code=ASLEEP)


def asked_wait(headers: Mapping[str, str]) -> timedelta:
    """Return how long an answer's headers (lower-case names) ask to wait: by Retry-After, or because nothing is left.

    Zalo counts down in X-RateLimit-Remain; Mastodon and others in X-RateLimit-Remaining. Facebook's usage is percentages, which
    its own adapter reads.
    """
    seconds = headers.get("retry-after", "")
    named = timedelta(seconds=int(seconds)) if seconds.isdigit() else timedelta(0)
    left = headers.get("x-ratelimit-remaining", headers.get("x-ratelimit-remain", ""))
    return max(named, USED_UP) if left.strip() == "0" and not named else named
