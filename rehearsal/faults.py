"""What can be made to go wrong, and for which calls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum


class Fault(Enum):
    """One way in which a platform or the road to it fails."""

    DROP_RESPONSE_AFTER_COMMIT = "drop_response_after_commit"  # the work is done, the connection dies without a reply
    ERROR_AFTER_COMMIT = "5xx_after_commit"  # the work is done, the reply is a server error
    ERROR_BEFORE_COMMIT = "5xx_before_commit"  # nothing is done, the reply is a server error
    TIMEOUT_MID_BODY = "timeout_mid_body"  # the work is done, half of the reply arrives, then nothing
    SLOW_COMMIT = "slow_commit"  # a server error now, the work is done `seconds` later by the town's clock
    EXPIRE_TOKEN_NOW = "expire_token_now"  # the current credential is dead from now on, at once
    RATE_LIMIT_NEXT = "rate_limit_next"  # the next calls are turned away, `seconds` is what the reply says to wait
    HTML_ERROR_PAGE = "html_error_page"  # nothing is done, a proxy answers with a web page and status 502
    DUPLICATE_DETECT = "duplicate_detect"  # nothing is done, the platform says it has this content already
    INSERT_THEN_FAIL = "insert_then_fail"  # WordPress only: the post exists, the reply says its terms or meta were refused
    DROPPED_QUERY = "429_after_commit"  # Telegram only: the work is done, the server restarts and asks to come again in 5 s
    CLOCK_OFFSET = "clock_offset"  # the server's clock is `seconds` off until reset


AT_ONCE = frozenset({Fault.EXPIRE_TOKEN_NOW, Fault.CLOCK_OFFSET})  # these are about the server and wait for no call


@dataclass(frozen=True, kw_only=True)
class Armed:
    """A fault that waits for its calls.

    `path` is a part of the address (query included) and `method` an HTTP method; without a path only calls that write match, or
    with `reads` only those that read, whatever their method: the platform knows.
    The first `skip` matching calls pass unharmed; the next `count` are struck. Before `since`, by the town's clock, none matches.
    `subcode` is how a token dies, where the platform tells several ways apart.
    """

    fault: Fault
    count: int = 1
    path: str | None = None
    method: str | None = None
    seconds: float = 0.0
    skip: int = 0
    since: datetime | None = None
    subcode: int = 0
    reads: bool = False

    def is_due(self, now: datetime | None) -> bool:
        """Say whether its time has come; without a clock it has."""
        return self.since is None or now is None or self.since <= now

    def matches(self, method: str, target: str, *, writes: bool, reads: bool = False, now: datetime | None = None) -> bool:
        """Say whether a call is one of those this fault is for."""
        if not self.is_due(now) or (self.method and self.method != method) or (self.reads and not reads):
            return False
        return self.path.lower() in target.lower() if self.path else writes or self.reads


@dataclass(frozen=True, kw_only=True)
class Strike:
    """A fault that happened: to which call, and when by the town's clock; a fault of the server itself names no call."""

    platform: str
    armed: Armed
    at: datetime
    call: str = ""
    request_id: str = ""


class Faults:
    """The faults armed on one server, struck in the order they were armed."""

    def __init__(self) -> None:
        self._armed: list[Armed] = []

    def arm(self, armed: Armed) -> None:
        """Let a fault wait for its calls, or for its time."""
        self._armed.append(armed)

    def take(
        self, method: str, target: str, *, writes: bool, reads: bool = False, now: datetime | None = None
    ) -> Armed | None:  # fmt: skip
        """Use up one strike for this call, if any fault waits for it."""
        for place, armed in enumerate(self._armed):
            if armed.fault not in AT_ONCE and armed.matches(method, target, writes=writes, reads=reads, now=now):
                return self._strike(place, armed)
        return None

    def take_due(self, now: datetime) -> tuple[Armed, ...]:
        """Take out the faults of the server itself whose time has come, in the order of their times."""
        due = [armed for armed in self._armed if armed.fault in AT_ONCE and armed.is_due(now)]
        self._armed = [armed for armed in self._armed if armed not in due]
        return tuple(sorted(due, key=lambda armed: armed.since or now))

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()

    def _strike(self, place: int, armed: Armed) -> Armed | None:
        if armed.skip:
            self._armed[place] = replace(armed, skip=armed.skip - 1)
            return None
        if armed.count > 1:
            self._armed[place] = replace(armed, count=armed.count - 1)
        else:
            del self._armed[place]
        return armed
