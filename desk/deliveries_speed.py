"""How fast is publishing: real workers send real posts through a real adapter over HTTP to a platform in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from desk.deliveries_trial import CHANNELS
from desk.place import HOUSE
from editorial.approval import Approval, package_digest
from editorial.clock import SystemClock
from editorial.delivery import State
from editorial.message import Variant
from editorial.post import Post
from store.approvals import Signing
from store.store import Store

THREADS = 64
PATIENCE = 300.0  # seconds until a trial is given up
PLANNING = 0.012  # seconds that planning a post may take on a busy machine


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Posts that were due at one moment, and when the platform and then the store had them; seconds after that moment."""

    name: str
    posts: int
    delay: float  # seconds that the platform takes to answer
    workers: int
    accepted: tuple[float, ...]  # sorted: when the platform took each
    recorded: tuple[float, ...]  # sorted: when the store knew
    verified: float  # when all had been read back
    duplicates: int
    cpu: float  # processor seconds of the workers
    memory: int  # bytes, of the largest worker
    load: float  # of the machine, over the minute

    @property
    def rate(self) -> float:
        """Return deliveries a second, from the moment they were due until the last was recorded."""
        return self.posts / self.recorded[-1]

    def late(self, share: float) -> float:
        """Return how late the delivery was that stands at this share of all."""
        return self.recorded[min(len(self.recorded) - 1, int(share * len(self.recorded)))]


@contextmanager
def platform(milliseconds: float) -> Iterator[str]:
    """Run the trial's platform; give its address."""
    with process("platform", str(milliseconds)) as running:
        assert running.stdout
        yield f"http://127.0.0.1:{json.loads(running.stdout.readline())}"


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run one of the processes; it ends by itself when its standard input does."""
    command = [sys.executable, "-m", "desk.deliveries_trial", *arguments]
    with subprocess.Popen(command, cwd=HOUSE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        try:
            yield running
        finally:
            running.kill()


def run(url: str, name: str, posts: int, milliseconds: float, *, workers: int = 1, threads: int = THREADS) -> Trial:
    """Let so many posts be due at one moment, and wait until all are read back."""
    with ExitStack() as stack:
        address = stack.enter_context(platform(milliseconds))
        store = stack.enter_context(Store.open(url, clock=SystemClock()))
        for channel in CHANNELS:
            store.secrets.of(channel).replace({"page_token": "thử"})
        due = plan(store, name, posts)
        running = [stack.enter_context(process("work", url, address, f"máy-{number}", str(threads))) for number in range(workers)]
        for each in running:
            assert each.stdout
            each.stdout.readline()
        if SystemClock().now() > due:
            raise RuntimeError("planning took longer than the trial allows; the machine is too busy to measure on")
        verified = _wait(store, due, posts)
        used = [_end(each) for each in running]
        return _found(store, address, due, Trial(
            name=name, posts=posts, delay=milliseconds / 1000, workers=workers, accepted=(), recorded=(), verified=verified, duplicates=0,
            cpu=sum(each["cpu_seconds"] for each in used), memory=int(max(each["rss_bytes"] for each in used)), load=os.getloadavg()[0],
        ))


def plan(store: Store, name: str, count: int, channels: Sequence[str] = CHANNELS) -> datetime:
    """Schedule approved posts, one for each channel of so many offices, all due at one moment, which is returned."""
    due = SystemClock().now() + timedelta(seconds=4 + count * PLANNING)
    posts = [_post(f"{name}-{number // len(channels)}", channels[number % len(channels)], due) for number in range(count)]
    for first in range(0, count, len(channels)):
        together = tuple(posts[first : first + len(channels)])
        approval = Approval(entry=together[0].entry, digest=package_digest(together), author="bench", approver="máy", at=due)
        store.deliveries.plan_together(together, signing=Signing(approval=approval, posts=together))
    return due


def _post(entry: str, channel: str, due: datetime) -> Post:
    text = f"{entry} trên {channel}: đoạn đường quanh hồ dành cho người đi bộ từ 19 giờ thứ Sáu đến 24 giờ Chủ nhật. " * 4
    variant = Variant(channel=channel, language="vi", title=entry, text=text.strip(), html="", summary="")
    return Post(key=f"{entry}.{channel}.2026", entry=entry, channel=channel, variant=variant, media=(), due_at=due)


def _wait(store: Store, due: datetime, posts: int) -> float:
    end = time.monotonic() + PATIENCE + (due - SystemClock().now()).total_seconds()
    while time.monotonic() < end:
        counts = Counter[State]()
        for (_, state), count in store.deliveries.counts().items():
            counts[state] += count
        if counts[State.VERIFIED] >= posts:
            return (SystemClock().now() - due).total_seconds()
        time.sleep(0.5)
    raise RuntimeError(f"not everything was sent within {PATIENCE:.0f} seconds: {counts}")


def _end(running: subprocess.Popen[str]) -> dict[str, float]:
    assert running.stdin and running.stdout
    running.stdin.close()
    found: dict[str, float] = json.loads(running.stdout.readline())
    return found


def _found(store: Store, address: str, due: datetime, trial: Trial) -> Trial:
    with urlopen(f"{address}/ledger") as said:
        ledger = json.load(said)
    times: dict[str, float] = {}
    for at, text in ledger:
        times.setdefault(text, at - due.timestamp())
    recorded = sorted((each.published_at - due).total_seconds() for each in store.deliveries.list() if each.published_at)
    return Trial(**{**vars(trial), "accepted": tuple(sorted(times.values())), "recorded": tuple(recorded),
                    "duplicates": len(ledger) - len(times)})


if __name__ == "__main__":
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[4] if len(sys.argv) > 4 else f"sqlite:///{Path(folder) / 'loa.sqlite'}"
        t = run(url, "x", int(sys.argv[1]), float(sys.argv[2]), threads=int(sys.argv[3]))
        print(f"{t.posts} posts {t.rate:.0f}/s, accepted last {t.accepted[-1]:.1f}, recorded med {t.late(.5):.2f} p99 {t.late(.99):.2f} last {t.recorded[-1]:.2f}, verified {t.verified:.1f}, dup {t.duplicates}, cpu {t.cpu:.1f} s = {t.cpu/t.posts*1e3:.1f} ms each, rss {t.memory/1e6:.0f} MB, load {t.load:.1f}")
