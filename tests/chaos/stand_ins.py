"""The stand-ins of one town in a process of their own: `python -m tests.chaos.stand_ins FOLDER` until standard input ends.

They outlive every worker, and their ledgers are the judge. What a platform allows in a minute or a day is not what is tried here:
an office with thousands of posts has more channels than a town has.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import httpx

from editorial.clock import SystemClock
from publishers.contract import system_now
from rehearsal.faults import Fault
from rehearsal.publication import Event
from rehearsal.telegram import flood
from rehearsal.town import Town
from rehearsal.youtube import quota
from tests.publishers.bench import serving

ROOT = Path(__file__).parents[2]
WITHOUT_LIMIT = 10**9
SITE = "site"


@cache
def _line() -> httpx.Client:
    """Return the one client of this process: to make one takes longer than a call."""
    return httpx.Client(timeout=60)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One moment at which a post became public, as its stand-in wrote it down."""

    platform: str
    id: str
    words: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class StandIns:
    """A town as other processes know it: addresses, credentials, and the ledgers over HTTP."""

    addresses: Mapping[str, str]
    keys: Mapping[str, Mapping[str, str]]
    media_url: str
    site_url: str
    site: str  # the folder of a site of plain files: what its web server shows is what the public sees

    @property
    def _platforms(self) -> Mapping[str, SimpleNamespace]:
        """Give each platform's clock, as the tests' accounts ask for it: everybody has this machine's."""
        return {name: SimpleNamespace(_clock=system_now) for name in self.addresses}

    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """Give the credentials that were valid at the start, by platform."""
        return self.keys

    def arm(self, platform: str, fault: Fault, *, method: str, path: str, count: int, skip: int, seconds: float = 0.0) -> None:
        """Let a fault strike `count` of the platform's calls of one kind, after `skip` of them."""
        armed = {"fault": fault.value, "method": method, "path": path, "count": count, "skip": skip, "seconds": seconds}
        _line().post(f"{self.addresses[platform]}/__sandbox/faults", json=armed).raise_for_status()

    def ledger(self) -> Iterator[Seen]:
        """Yield everything that ever became public."""
        for name, address in self.addresses.items():
            for row in _line().get(f"{address}/__sandbox/ledger").raise_for_status().json():
                if row["event"] == Event.PUBLISHED.value:
                    words = f"{row['title']}\n{row['text']}"
                    yield Seen(platform=name, id=row["id"], words=words, at=datetime.fromisoformat(row["at"]))
        yield from self._pages()

    def _pages(self) -> Iterator[Seen]:
        """Yield the pages that the site's web server shows, each a folder of its own."""
        for page in sorted(Path(self.site, "public", "bai").glob("*/index.html")):
            shown = _line().get(f"{self.site_url}/bai/{page.parent.name}/index.html").raise_for_status().text
            # The page is written once more just before it is shown: by the machine's clock, where its own words are the worker's.
            at = datetime.fromtimestamp(page.stat().st_mtime, UTC)
            yield Seen(platform=SITE, id=page.parent.name, words=shown, at=at)


@contextmanager
def standing_in(folder: Path) -> Iterator[StandIns]:
    """Run a town's stand-ins in a process of their own, which serve what lies in `folder/media` too."""
    command = [sys.executable, "-m", "tests.chaos.stand_ins", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        told = json.loads(process.stdout.readline())
        try:
            yield StandIns(**told)
        finally:
            process.stdin.close()


def main(folder: Path) -> None:
    """Stand in for the platforms until standard input ends."""
    flood.MESSAGES_A_MINUTE = quota.INSERTS_A_DAY = quota.UNITS_A_DAY = WITHOUT_LIMIT
    (folder / "site" / "public").mkdir(parents=True)
    with (
        Town(clock=SystemClock().now, folder=folder / "town") as town,
        serving(folder / "media") as media_url,
        serving(folder / "site" / "public") as site_url,
    ):
        told = {"addresses": dict(town.addresses), "keys": {name: dict(keys) for name, keys in town.credentials().items()}}
        site = {"site_url": site_url, "site": str(folder / "site")}
        sys.stdout.write(json.dumps({**told, **site, "media_url": media_url}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
