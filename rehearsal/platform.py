"""What every stand-in is: a memory, a ledger, a clock and one way to answer a call."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from starlette.responses import Response

from rehearsal.call import Call, JsonObject
from rehearsal.faults import AT_ONCE, Armed, Fault, Faults, Strike
from rehearsal.journal import Counter, Journal
from rehearsal.ledger import Ledger
from rehearsal.media import Media, MediaStore
from rehearsal.remark import Remark

Clock = Callable[[], datetime]


class Platform(ABC):
    """One platform's stand-in; everything it remembers is in its journal.

    `processing` is how long, on the town's clock, a clip or an article takes from accepted to ready.
    """

    name: ClassVar[str]
    title: ClassVar[str]  # what its public pages are headed with, in Vietnamese
    faults_known: ClassVar[frozenset[Fault]] = frozenset(Fault) - {
        Fault.DUPLICATE_DETECT, Fault.INSERT_THEN_FAIL, Fault.DROPPED_QUERY,
    }  # fmt: skip

    def __init__(self, *, folder: Path, media: MediaStore, clock: Clock, processing: timedelta = timedelta()) -> None:
        self._clock = clock
        self._offset = timedelta()
        self.processing = processing
        self.media = media
        self.journal = Journal(folder / f"{self.name}.jsonl")
        self.counter = Counter(self.journal)
        self.keys = self.journal.table("keys", str)
        self.ledger = Ledger(self.name, self.journal)
        self.faults = Faults()
        self.strikes: list[Strike] = []
        self.address = ""

    @abstractmethod
    async def answer(self, call: Call) -> Response:
        """Answer one call as the platform would; every change is noted in the journal before returning."""

    @abstractmethod
    def broken(self, status: int) -> Response:
        """Say that the server failed, in the platform's own form."""

    @abstractmethod
    def throttled(self, seconds: float) -> Response:
        """Say that there were too many calls, in the platform's own form."""

    @abstractmethod
    def expire_token(self, subcode: int = 0) -> None:
        """Let the access token that is valid now be dead from now on; `subcode` says how, where the platform tells."""

    @abstractmethod
    def credentials(self) -> Mapping[str, str]:
        """Give credentials that are valid now; fakes that are of no use anywhere else."""

    def remarks(self) -> tuple[Remark, ...]:
        """List what was ever said below posts, oldest first; nothing where the platform lets nobody speak there."""
        return ()

    def duplicate(self) -> Response | None:
        """Say that the content was posted already, where the platform can say so; without a reply the work is done first."""
        raise ValueError(f"{self.name} has no duplicate detection")

    def insert_failed(self) -> Response:
        """Say that the post exists but its terms or meta were refused, where the platform works that way."""
        raise ValueError(f"{self.name} does not insert before it checks")

    async def act(self, name: str, values: JsonObject) -> JsonObject:
        """Do something that a person or the public does, where no API does it; raise ValueError for what cannot be done."""
        raise ValueError(f"{self.name} knows nothing of {name}")

    def tick(self) -> None:
        """Do what has become due by the clock; most platforms plan nothing themselves."""
        return

    async def errands(self) -> None:
        """Make the calls that the platform itself owes to others by now; most owe none."""
        return

    def writes(self, call: Call) -> bool:
        """Say whether a call may make something visible; faults without a path wait for these."""
        return not call.is_read

    def reads(self, call: Call) -> bool:
        """Say whether a call only asks; where a platform asks by other methods than GET too, it says which calls these are."""
        return call.is_read

    def now(self) -> datetime:
        """Give this server's time, aware UTC."""
        return self.town_time() + self._offset

    def town_time(self) -> datetime:
        """Give the time that is right, whatever this server believes."""
        return self._clock().astimezone(UTC)

    def named(self, call: Call) -> str:
        """Name a call for people, without credentials."""
        return f"{call.method} {call.path}"

    def arm(self, armed: Armed) -> None:
        """Let a fault wait for its calls, or take effect at once where it is about the server itself."""
        if armed.fault not in self.faults_known:
            raise ValueError(f"{self.name} cannot have the fault {armed.fault.value}")
        self.faults.arm(armed)
        if armed.fault in AT_ONCE:
            self.happen()

    def happen(self) -> None:
        """Let the faults of the server itself happen whose time has come."""
        for armed in self.faults.take_due(self.town_time()):
            if armed.fault is Fault.EXPIRE_TOKEN_NOW:
                self.expire_token(armed.subcode)
                self.journal.flush()
            else:
                self._offset = timedelta(seconds=armed.seconds)
                if not self._offset:
                    continue  # the clock is put right again, which is no fault
            self.strikes.append(Strike(platform=self.name, armed=armed, at=armed.since or self.town_time()))

    def strike(self, call: Call, request_id: str) -> Armed | None:
        """Use up one strike for this call, if any fault waits for it, and remember it."""
        kind = {"writes": self.writes(call), "reads": self.reads(call)}
        armed = self.faults.take(call.method, call.target, **kind, now=self.town_time())
        if armed is not None:
            named = {"call": self.named(call), "request_id": request_id}
            self.strikes.append(Strike(platform=self.name, armed=armed, at=self.town_time(), **named))
        return armed

    def reset(self) -> None:
        """Forget every post, credential and fault, as on the first day."""
        self.journal.clear()
        self.ledger.forget()
        self.faults.clear()
        self.strikes.clear()
        self._offset = timedelta()

    def picture_address(self, media: Media) -> str:
        """Give the whole address at which a medium is served."""
        return self.address + media.path

    def generation(self, key: str) -> str:
        """Give the credential of this name that is valid now; it changes when it is made to expire."""
        return self.keys.get(key) or f"rehearsal-{self.name}-{key}-1"

    def renew(self, key: str) -> None:
        """Replace a credential; the old one is dead."""
        self.keys.put(key, f"rehearsal-{self.name}-{key}-{self.counter.next(f'key {key}') + 1}")
