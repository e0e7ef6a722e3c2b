"""How fast is publishing: real workers send real posts through a real adapter over HTTP to a platform in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from urllib.request import urlopen

from desk.deliveries_trial import CHANNELS, Job
from desk.figure import written
from desk.place import HOUSE
from editorial.approval import Approval, package_digest
from editorial.clock import SystemClock
from editorial.delivery import State
from editorial.message import Variant
from editorial.post import Post
from scheduler.dispatch import LEASE
from store.approvals import Signing
from store.store import Store

THREADS = 64  # as the desk's own; with a broker, of each worker
PATIENCE = 300.0  # seconds until a trial is given up
PLANNING = 0.03  # seconds that planning a post may take on a busy machine
STARTING = 6.0  # seconds that a worker may take to start there; they are started one after another
EDITOR, CHIEF = "bench", "máy"
URGENT_AFTER = timedelta(seconds=2)  # after the crowd, so that it finds every thread busy


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A trial: so many posts due at one moment, and how long the platform takes to answer; `goal` in seconds, or a rate."""

    name: str
    posts: int
    milliseconds: float
    workers: int = 1
    share: float = 0.99  # of the deliveries, that the goal is about
    goal: float | None = None  # seconds
    rate: float | None = None  # deliveries a second
    renders: int = 0


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a trial found; moments in seconds after the posts were due, by delivery, sorted."""

    kind: Kind
    called: tuple[float, ...]  # when the intent was written, just before the call
    recorded: tuple[float, ...]  # when the store knew that the post is public
    verified: float  # when all had been read back
    urgent: float | None  # how late the call of an urgent post began behind all that
    duplicates: int  # by the platform's own list
    cpu: float  # processor seconds of the workers
    memory: int  # bytes, of the largest worker
    load: float  # of the machine, over the last minute

    @property
    def rate(self) -> float:
        """Return deliveries a second, from the moment they were due until the last was recorded."""
        return len(self.recorded) / self.recorded[-1]

    def late(self, share: float) -> float:
        """Return how late the delivery was recorded that stands at this share of all."""
        return self.recorded[min(len(self.recorded) - 1, int(share * len(self.recorded)))]

    @property
    def good(self) -> bool:
        """Tell whether nothing was doubled and every goal of the trial was reached."""
        in_time = self.kind.goal is None or self.late(self.kind.share) <= self.kind.goal
        fast = self.kind.rate is None or self.rate >= self.kind.rate
        return in_time and fast and not self.duplicates and (self.urgent is None or self.urgent <= URGENT_GOAL)

    def values(self) -> dict[str, object]:
        """Return the figures as JSON values."""
        late = {"median": self.late(0.5), "p99": self.late(0.99), "last": self.recorded[-1]}
        first = {"median": self.called[len(self.called) // 2], "p99": self.called[int(0.99 * len(self.called))]}
        return {
            **asdict(self.kind), "deliveries_a_second": self.rate, "lateness_seconds": late, "call_begins_seconds": first,
            "verified_seconds": self.verified, "urgent_seconds": self.urgent, "duplicates": self.duplicates,
            "cpu_milliseconds_each": self.cpu / len(self.recorded) * 1000, "memory_bytes": self.memory, "load": self.load,
            "good": self.good,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Speed:
    """All trials, and how long a post waited whose worker was killed before the intent."""

    database: str
    trials: tuple[Trial, ...]
    killed: float

    @property
    def good(self) -> bool:
        """Tell whether every goal was reached."""
        return self.killed <= KILLED_GOAL and all(trial.good for trial in self.trials)

    def values(self) -> dict[str, object]:
        """Return everything as JSON values."""
        trials = [trial.values() for trial in self.trials]
        return {"database": self.database, "trials": trials, "killed_seconds": self.killed, "good": self.good}


URGENT_GOAL = 2.0
KILLED_GOAL = 17.0
CROWD = "5.000 bài cùng giờ"


def kinds(*, server: bool, broker: bool, most: int) -> tuple[Kind, ...]:
    """Return the trials: with their goals for one process on SQLite, or for PostgreSQL."""
    workers = (1, 2, 4) if broker else (1,)
    return tuple(
        kind
        for number in workers
        for kind in (
            Kind(name="1.000 bài, nền tảng trả lời ngay", posts=1000, milliseconds=0, workers=number, rate=400),
            Kind(name="48 bài cùng giờ", posts=48, milliseconds=300, workers=number, goal=1.5 + 0.3),
            Kind(name="756 bài cùng giờ", posts=756, milliseconds=300, workers=number, goal=5 if server else 8),
            Kind(name=CROWD, posts=5000, milliseconds=300, workers=number, share=1, goal=20 if server else 30, renders=200),
        )
        if kind.posts <= most
    )


def measure(url: str, broker: str, most: int, tell: Callable[[str, int, int], None]) -> Speed:
    """Run the trials of at most so many posts one after another on an empty database."""
    server = url.startswith("postgresql")
    chosen = kinds(server=server, broker=bool(broker), most=most)
    found = list[Trial]()
    for number, kind in enumerate(chosen):
        tell(kind.name, number, len(chosen) + 1)
        found.append(run(url, broker, kind, f"thu-{number}"))
    tell("kill -9", len(chosen), len(chosen) + 1)
    return Speed(database="PostgreSQL" if server else "SQLite", trials=tuple(found), killed=killed(url))


def speed_lines(found: Speed) -> Iterator[str]:
    """Yield what was measured, for people."""
    for trial in found.trials:
        kind = trial.kind
        who = f"{kind.workers} tiến trình, " if kind.workers > 1 else ""
        median, p99, last = (written(each, 2) for each in (trial.late(0.5), trial.late(0.99), trial.recorded[-1]))
        late = f"trễ giữa {median} s, p99 {p99} s, cuối {last} s"
        yield f"{kind.name} ({found.database}, {who}mỗi lượt gọi {written(kind.milliseconds)} ms): {late}{_goal(trial)}"
        rate = f"{written(trial.rate)} lượt/giây, {written(trial.cpu / len(trial.recorded) * 1000, 1)} ms xử lý mỗi lượt"
        yield f"  {rate}, bộ nhớ {written(trial.memory / 1e6)} MB, trùng {trial.duplicates}, tải máy {written(trial.load, 1)}"
        if trial.urgent is not None:
            yield f"  bài khẩn bắt đầu sau {written(trial.urgent, 2)} s (mục tiêu dưới {written(URGENT_GOAL)} s)"
    yield f"kill -9 trước khi gọi: đăng xong sau {written(found.killed, 1)} s (mục tiêu dưới {written(KILLED_GOAL)} s)"


def _goal(trial: Trial) -> str:
    wanted = f"ít nhất {written(trial.kind.rate)} lượt/giây" if trial.kind.rate else f"{written(trial.kind.goal or 0, 1)} s"
    return f" (mục tiêu {wanted}: {'đạt' if trial.good else 'chưa đạt'})"


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


def run(url: str, broker: str, kind: Kind, name: str) -> Trial:
    """Let so many posts be due at one moment, and wait until all are read back."""
    with ExitStack() as stack:
        address = stack.enter_context(platform(kind.milliseconds))
        store = stack.enter_context(_open(url))
        due = plan(store, name, kind.posts, workers=kind.workers)
        urgent = _plan_urgent(store, name, due + URGENT_AFTER) if kind.renders else None
        first = Job(address=address, owner=f"{name}-0", threads=THREADS, broker=broker, renders=kind.renders)
        others = [replace(first, owner=f"{name}-{number}", renders=0) for number in range(1, kind.workers)]
        running = [stack.enter_context(_worker(url, job)) for job in (first, *others)]
        if SystemClock().now() > due:
            raise RuntimeError("planning took longer than the trial allows; the machine is too busy to measure on")
        verified = _wait(store, due, kind.posts + (urgent is not None))
        used = [_end(each) for each in running]
        keys = frozenset(each.post_key for each in store.deliveries.list(since=due, until=due + timedelta(microseconds=1)))
        done = [each for each in store.deliveries.list(since=due) if each.post_key in keys and each.published_at]
        began = sorted((store.attempts.of(each.id)[0].started_at - due).total_seconds() for each in done)
        recorded = sorted((each.published_at - due).total_seconds() for each in done if each.published_at)
        return Trial(
            kind=kind, called=tuple(began), recorded=tuple(recorded), verified=verified, urgent=_urgent_after(store, urgent),
            duplicates=_duplicates(address), cpu=sum(each["cpu_seconds"] for each in used),
            memory=int(max(each["rss_bytes"] for each in used)), load=os.getloadavg()[0],
        )  # fmt: skip


def killed(url: str) -> float:
    """Let a worker be killed before the intent; return how long after that another one, with another name, has sent the post."""
    with platform(0) as address, _open(url) as store:
        due = plan(store, "chet", 1, CHANNELS[:1])
        with _worker(url, Job(address=address, owner="chết", threads=1, dies=True)) as first:
            first.wait(PATIENCE)
        death = SystemClock().now()
        with _worker(url, Job(address=address, owner="khác", threads=1)):
            _wait(store, due, 1)
        (sent,) = [each.published_at for each in store.deliveries.list(since=due) if each.published_at]
        return (sent - death).total_seconds() if sent else LEASE.total_seconds() + PATIENCE


def plan(store: Store, name: str, count: int, channels: Sequence[str] = CHANNELS, workers: int = 1) -> datetime:
    """Schedule approved posts, one for each channel of so many offices, all due at one moment, which is returned."""
    due = SystemClock().now() + timedelta(seconds=STARTING * workers + count * PLANNING)
    posts = [_post(f"{name}-{number // len(channels)}", channels[number % len(channels)], due) for number in range(count)]
    for first in range(0, count, len(channels)):
        _approve(store, tuple(posts[first : first + len(channels)]))
    return due


def _plan_urgent(store: Store, name: str, due: datetime) -> str:
    """Schedule a post that goes before everything routine; return its key."""
    entry = f"{name}-khan"
    store.emergencies.grant(EDITOR, timedelta(days=1), granted_by=CHIEF, why="đo tốc độ đăng bài khẩn")
    store.emergencies.use(entry, person=EDITOR, why="đo tốc độ đăng bài khẩn")
    post = _post(entry, CHANNELS[0], due)
    _approve(store, (post,))
    return post.key


def _urgent_after(store: Store, key: str | None) -> float | None:
    delivery = store.deliveries.by_key(key) if key else None
    if delivery is None:
        return None
    return (store.attempts.of(delivery.id)[0].started_at - delivery.due_at).total_seconds()


def _approve(store: Store, posts: tuple[Post, ...]) -> None:
    at = SystemClock().now()
    approval = Approval(entry=posts[0].entry, digest=package_digest(posts), author=EDITOR, approver=CHIEF, at=at)
    store.deliveries.plan_together(posts, signing=Signing(approval=approval, posts=posts))


def _post(entry: str, channel: str, due: datetime) -> Post:
    text = f"{entry} trên {channel}: đoạn đường quanh hồ dành cho người đi bộ từ 19 giờ thứ Sáu đến 24 giờ Chủ nhật. " * 4
    variant = Variant(channel=channel, language="vi", title=entry, text=text.strip(), html="", summary="")
    return Post(key=f"{entry}.{channel}.2026", entry=entry, channel=channel, variant=variant, media=(), due_at=due)


@contextmanager
def _open(url: str) -> Iterator[Store]:
    with Store.open(url, clock=SystemClock()) as store:
        for channel in CHANNELS:
            store.secrets.of(channel).replace({"page_token": "thử"})
        yield store


@contextmanager
def _worker(url: str, job: Job) -> Iterator[subprocess.Popen[str]]:
    with process("work", url, json.dumps(asdict(job))) as running:
        assert running.stdout
        running.stdout.readline()
        yield running


def _wait(store: Store, due: datetime, posts: int) -> float:
    """Return how long after the moment all that is due since then had been read back."""
    end, states = time.monotonic() + PATIENCE + (due - SystemClock().now()).total_seconds(), Counter[State]()
    while time.monotonic() < end and not states[State.HELD]:
        if SystemClock().now() > due:
            states = Counter(each.state for each in store.deliveries.list(since=due))
        if states[State.VERIFIED] >= posts:
            return (SystemClock().now() - due).total_seconds()
        time.sleep(1)
    raise RuntimeError(f"not everything was sent within {PATIENCE:.0f} seconds: {states}")


def _end(running: subprocess.Popen[str]) -> dict[str, float]:
    assert running.stdin and running.stdout
    running.stdin.close()
    found: dict[str, float] = json.loads(running.stdout.readline())
    return found


def _duplicates(address: str) -> int:
    with urlopen(f"{address}/ledger") as said:
        words = [text for _, text in json.load(said)]
    return len(words) - len(set(words))
