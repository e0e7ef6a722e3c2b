"""All stand-ins together: the town in which a quarter is rehearsed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict, TypeVar, Unpack

from rehearsal import sandbox
from rehearsal.facebook.platform import Facebook
from rehearsal.faults import Armed, Fault, Strike
from rehearsal.gate import Gate
from rehearsal.media import MediaStore
from rehearsal.platform import Clock, Platform
from rehearsal.publication import Publication
from rehearsal.remark import Remark
from rehearsal.server import Servers
from rehearsal.telegram.platform import Telegram
from rehearsal.tiktok.platform import TikTok
from rehearsal.wordpress.platform import WordPress
from rehearsal.youtube.platform import YouTube
from rehearsal.zalo.platform import Zalo

Answer = TypeVar("Answer")


class How(TypedDict, total=False):
    """What `Town.arm` takes besides the fault, as `Armed` has it."""

    count: int
    path: str | None
    method: str | None
    seconds: float
    skip: int
    since: datetime | None
    subcode: int
    reads: bool



PLATFORMS: tuple[type[Platform], ...] = (Facebook, Zalo, YouTube, Telegram, TikTok, WordPress)


class Town:
    """Local stand-ins for the platforms, with real HTTP on loopback.

    `clock` gives the simulated, aware now of all servers. `folder` keeps media and journals, so that the public state outlives
    the process: a town opened on the same folder goes on where the last one was, on the same ports where they are free.
    Without a folder the town forgets everything when it stops. `processing` is how long articles and clips take to be ready.
    `settings` are a platform's own, by its name: {"youtube": {"audited": False}}; each platform's class says which it has.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        folder: Path | None = None,
        ports: Mapping[str, int] | None = None,
        processing: timedelta = timedelta(),
        settings: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="loa-rehearsal-")
        self._folder = folder or Path(self._temporary.name if self._temporary else "")
        media = MediaStore(self._folder / "media")
        own = settings or {}
        made = [
            kind(folder=self._folder, media=media, clock=clock, processing=processing, **own.get(kind.name, {}))
            for kind in PLATFORMS
        ]
        self._platforms: dict[str, Platform] = {platform.name: platform for platform in made}
        self._gates = {platform.name: Gate(platform, sandbox.application(platform)) for platform in made}
        self._wanted = {**self._ports_before(), **(ports or {})}
        self._servers: Servers | None = None

    def start(self) -> None:
        """Open all servers; returns when each answers."""
        self._servers = Servers(self._gates, self._wanted)
        for name, port in self._servers.ports.items():
            self._platforms[name].address = f"http://127.0.0.1:{port}"
        self._ports_file().write_text(json.dumps(dict(self._servers.ports)))
        self._servers.start()

    def stop(self) -> None:
        """Close all servers; the folder keeps what the public saw."""
        if self._servers is not None:
            self._servers.stop()
            self._servers = None
        for platform in self._platforms.values():
            platform.journal.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def addresses(self) -> Mapping[str, str]:
        """Give the root address of each server."""
        return {name: platform.address for name, platform in self._platforms.items()}

    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """Give rehearsal-only credentials that are valid now, by platform."""
        return self._on_loop(lambda: {name: dict(platform.credentials()) for name, platform in self._platforms.items()})

    def act(self, platform: str, name: str, **values: object) -> Mapping[str, object]:
        """Do something that a person or the public does on a platform; see each platform's `act`."""
        if self._servers is None:
            raise ValueError("the town is not open")
        self._servers.run(self._gates[platform].settle())
        return self._servers.run(self._platforms[platform].act(name, values))

    def ledger(self, platform: str | None = None) -> tuple[Publication, ...]:
        """List what became visible, changed or vanished up to the clock's now, oldest first per platform."""
        names = [platform] if platform else list(self._platforms)
        return tuple(row for name in names for row in self._rows(name))

    def remarks(self, platform: str | None = None) -> tuple[Remark, ...]:
        """List every comment that ever stood below a post up to the clock's now, oldest first per platform."""
        names = [platform] if platform else list(self._platforms)
        return tuple(remark for name in names for remark in self._remarks(name))

    def arm(self, platform: str, fault: Armed | Fault | str, **how: Unpack[How]) -> None:
        """Let a fault strike the next matching calls, as it is armed or as `how` says; see `rehearsal.faults.Armed`."""
        armed = fault if isinstance(fault, Armed) else Armed(fault=Fault(fault), **how)
        self._on_loop(lambda: self._platforms[platform].arm(armed))

    def strikes(self) -> tuple[Strike, ...]:
        """List the faults that happened since the town was opened, in the order of their times."""
        found = self._on_loop(lambda: [strike for platform in self._platforms.values() for strike in platform.strikes])
        return tuple(sorted(found, key=lambda strike: strike.at))

    def faults_known(self, platform: str) -> frozenset[Fault]:
        """Tell which faults a platform can have."""
        return self._platforms[platform].faults_known

    def _on_loop(self, work: Callable[[], Answer]) -> Answer:
        """Do something between requests, never in the middle of one."""

        async def run() -> Answer:
            return work()

        return work() if self._servers is None else self._servers.run(run())

    def _rows(self, name: str) -> tuple[Publication, ...]:
        if self._servers is not None:
            self._servers.run(self._gates[name].settle())
        return self._platforms[name].ledger.rows(self._platforms[name].address)

    def _remarks(self, name: str) -> tuple[Remark, ...]:
        if self._servers is not None:
            self._servers.run(self._gates[name].settle())
        return self._platforms[name].remarks()

    def _ports_file(self) -> Path:
        return self._folder / "ports.json"

    def _ports_before(self) -> dict[str, int]:
        place = self._ports_file()
        return {str(name): int(port) for name, port in json.loads(place.read_text()).items()} if place.exists() else {}
