"""A worker in a process of its own, publishing to a folder: `python -m tests.scheduler.worker_process DB FOLDER OWNER HOW`.

HOW is `die` (kill -9 right after the platform has accepted) or `work`.
"""

from __future__ import annotations

import os
import signal
import sys
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from editorial.clock import SimulatedClock
from editorial.outcome import Absent, Found, LivePost, Pending, Receipt, Sighting
from editorial.post import Post
from publishers.contract import Account, Handles, Publisher, Reconciles, Verifies
from scheduler.dispatch import Dispatcher
from store.store import Store
from tests.scheduler.fake_platform import NoSecrets, manifest
from tests.store.ledger_posts import DUE


class FolderPublisher(Publisher, Reconciles, Verifies):
    """Each publication is a file that the public sees; every call makes another one."""

    def __init__(self, folder: Path, *, dies: bool = False) -> None:
        self.manifest = manifest("portal", proof=True)
        super().__init__(Account(channel="portal", base_url="folder:", settings={}, secrets=NoSecrets()))
        self.folder = folder
        self.dies = dies

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        name = f"{key}.{uuid.uuid4().hex}"
        (self.folder / name).write_text(post.variant.text)
        if self.dies:
            os.kill(os.getpid(), signal.SIGKILL)
        return Receipt(remote_id=name, url=None)

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        found = sorted(self.folder.glob(f"{key}.*"))
        return Found(receipt=Receipt(remote_id=found[0].name, url=None)) if found else Absent(proof=True)

    def read_back(self, receipt: Receipt) -> LivePost | None:
        file = self.folder / receipt.remote_id
        if not file.exists():
            return None
        return LivePost(remote_id=receipt.remote_id, url=None, text=file.read_text(), visible=True, media_count=0)

    def close(self) -> None:
        """Nothing to let go of."""


def main(database: str, folder: str, owner: str, how: str) -> None:
    """Do everything that is due a minute after the moment, then leave."""
    clock = SimulatedClock(DUE)
    with Store.open(database, clock=clock) as store:
        dispatcher = Dispatcher(store, {"portal": FolderPublisher(Path(folder), dies=how == "die")}, clock, owner=owner)
        dispatcher.recover()
        for _ in range(4):
            while dispatcher.tick():
                pass
            clock.advance(timedelta(seconds=60))


if __name__ == "__main__":
    main(*sys.argv[1:])
