"""Publish thousands of posts while everything breaks, with real processes; then let the stand-ins' ledgers judge.

The driver plans the posts as people would, starts the workers and starts them again when they die, and is the person on duty who
confirms the time after a clock has jumped. It decides nothing else: whatever waits for a person at the end is named.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from ctypes import c_double
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

from sqlalchemy.exc import DBAPIError

from editorial.approval import approve
from editorial.clock import SystemClock
from editorial.delivery import SETTLED, State
from editorial.post import Medium, Post
from scheduler.engines.contract import Lane
from store.approvals import Signing
from store.halts import ALL
from store.store import Store
from tests.chaos.faults import Blow, arm_road, draw
from tests.chaos.giving_up import standing_still
from tests.chaos.judge import Verdict, judge
from tests.chaos.stand_ins import SITE, WITHOUT_LIMIT, StandIns, standing_in
from tests.chaos.worker import LEASE, NO_DATABASE, Desk, Job, work
from tests.faults.city import COMMIT
from tests.publishers.bench import a_post, account_at, clip, picture
from tests.scheduler.rabbitmq_node import own_node
from tests.store.postgres_cluster import Cluster, own_cluster, remove, wait_until_up

# TikTok moderates a clip for longer than the driver gives a channel to show what it took.
KINDS = (*(kind for kind in COMMIT if kind != "tiktok"), "static_site")
PLATFORM = {**{kind: line.platform for kind, line in COMMIT.items()}, "static_site": SITE}
FLIGHT = 120  # deliveries that are under way at most: what waits for longer than a minute loses its moment
SOON = timedelta(seconds=0.5)
AFTER_THE_JUMP = timedelta(seconds=12)  # an entry that a clock an hour ahead must not send before its moment
LOOK = 0.1  # seconds between two looks at the run
FROZEN_FOR = LEASE + timedelta(seconds=16)  # past the lease of a call that is under way, too
FULL_FOR = 2.0
AHEAD, BEHIND = 75.0, -3600.0  # seconds by which a worker's clock jumps; what it writes in between holds for so long
BEFORE_THE_CALL = frozenset({State.SCHEDULED, State.QUEUED, State.CLAIMED, State.PREPARED, State.SENDING})
GROWTH = 60_000  # bytes of database for each delivery, and room
PATIENCE = 100.0  # seconds without any delivery coming to its end, until the rest is called stuck


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to run."""

    database: str  # sqlite or postgresql
    deliveries: int
    seed: int
    broker: bool = False  # tickets travel through RabbitMQ, for PostgreSQL alone
    workers: int = 3
    towns: int = 1
    settle: float = 4.0
    minutes: float = 0.0  # after so long nothing more is planned; 0 for no limit


@dataclass(kw_only=True)
class Worker:
    """A worker's slot: the process that is in it now, and its clock."""

    job: Job
    moved: c_double
    process: ForkServerProcess | None = None
    wakes: float = 0.0  # when a frozen one is woken; 0 where it is awake


@dataclass(kw_only=True)
class Outcome:
    """A run's verdict and what happened in it."""

    verdict: Verdict
    faults: Mapping[str, int]
    skipped: tuple[str, ...]
    seconds: float
    resumed: tuple[float, ...]  # seconds from the database being back to the next delivery that was sent
    stood_still: tuple[str, ...]  # what there was to see when no delivery came to its end any more; nothing in a good run


@dataclass(kw_only=True)
class Run:
    """One run, from the first post to the last."""

    order: Order
    folder: Path
    random: Random = field(init=False)
    faults: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    resumed: list[float] = field(default_factory=list)
    stood_still: list[str] = field(default_factory=list)
    planned: dict[tuple[int, str, int], str] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.order.seed)
        self.nursery = multiprocessing.get_context("forkserver")
        self.nursery.set_forkserver_preload(["tests.chaos.worker"])
        self.desks: dict[str, Desk] = {}
        self.workers: list[Worker] = []
        self.back_since: tuple[float, datetime] | None = None

    def __call__(self) -> Outcome:
        start = time.monotonic()
        with ExitStack() as stack:
            self.stack = stack
            (self.folder / "media").mkdir()
            self.media: Mapping[str, Medium] = {kind: self._medium(kind) for kind in KINDS}
            self.cluster, self.url = self._database()
            self.node = own_node() if self.order.broker else None
            if self.node is not None:
                stack.callback(self.node.remove)
            self.store = stack.enter_context(Store.open(self.url, clock=SystemClock(), media_folder=self.folder / "media"))
            self.towns = [self._town(number) for number in range(self.order.towns)]
            self.plan = draw(self.random, self.order.deliveries, self._possible())
            self._hire()
            stack.callback(self._dismiss)
            self._live()
            self._dismiss()
            seen = [(number, one) for number, town in enumerate(self.towns) for one in town.ledger()]
            kinds = {channel: desk.publisher for channel, desk in self.desks.items()}
            verdict = judge(self.planned, self.due, seen, self.store.deliveries.list(), kinds)
        return Outcome(
            verdict=verdict, faults=dict(sorted(self.faults.items())), skipped=tuple(self.skipped),
            seconds=time.monotonic() - start, resumed=tuple(self.resumed), stood_still=tuple(self.stood_still),
        )  # fmt: skip

    # --- what is needed

    def _medium(self, kind: str) -> Medium:
        return clip(self.folder / "media") if kind == "youtube" else picture(self.folder / "media")

    def _database(self) -> tuple[Cluster | None, str]:
        if self.order.database == "postgresql":
            cluster = own_cluster()
            self.stack.callback(remove, cluster)
            cluster.run("CREATE DATABASE chaos")
            return cluster, cluster.url("chaos")
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        size = 64_000_000 + GROWTH * self.order.deliveries
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.disk)]
        mounted = subprocess.run(command, capture_output=True, text=True)
        self.mounted = mounted.returncode == 0
        if self.mounted:
            self.stack.callback(subprocess.run, ["umount", "-l", str(self.disk)], check=True)
        else:
            self.skipped.append(f"{Blow.FILL_DISK.value}: {mounted.stderr.strip()}")
        return None, f"sqlite:///{self.disk / 'loa.db'}"

    def _possible(self) -> frozenset[Blow]:
        possible = set(Blow) - {Blow.FILL_DISK, Blow.RESTART_DATABASE}
        without_tickets = possible - {Blow.EMPTY_BROKER, Blow.RESTART_BROKER}
        if self.cluster is not None:
            self.skipped.append(f"{Blow.FILL_DISK.value}: only SQLite's file lies on a disk of its own")
            return frozenset((possible if self.node else without_tickets) | {Blow.RESTART_DATABASE})
        return frozenset(without_tickets | ({Blow.FILL_DISK} if self.mounted else set()))

    def _town(self, number: int) -> StandIns:
        folder = self.folder / f"town-{number}"
        folder.mkdir()
        (folder / "media").symlink_to(self.folder / "media")
        town = self.stack.enter_context(standing_in(folder))
        for kind in KINDS:
            channel = f"{kind}-{number}"
            self.desks[channel] = self._desk(kind, channel, town)
        for fault, count in arm_road(self.random, town, self.order.deliveries // self.order.towns, KINDS):
            self.faults[fault.value] += count
        return town

    def _desk(self, kind: str, channel: str, town: StandIns) -> Desk:
        if kind not in COMMIT:
            return Desk(publisher=kind, base_url=town.site_url, settings={"folder": town.site, "site_name": "Trang tin thử"})
        account = account_at(town, kind, town.media_url)  # type: ignore[arg-type]  # it has what is asked of a town
        self.store.secrets.of(channel).replace(account.secrets.values)  # type: ignore[attr-defined]
        raised = {"daily_units": str(WITHOUT_LIMIT), "daily_uploads": str(WITHOUT_LIMIT)} if kind == "youtube" else {}
        return Desk(publisher=kind, base_url=account.base_url, settings={**account.settings, **raised})

    # --- the posts

    def _entries(self) -> Iterator[tuple[Post, ...]]:
        """Yield the posts of one entry after another: one for each kind of channel, in one town."""
        for number in range(-(-self.order.deliveries // len(KINDS))):
            town = number % self.order.towns
            left = self.order.deliveries - number * len(KINDS)
            yield tuple(self._post(kind, town, number) for kind in KINDS[:left])

    def _post(self, kind: str, town: int, number: int) -> Post:
        made = a_post(kind, (self.media[kind],), number)
        channel = f"{kind}-{town}"
        variant = replace(made.variant, channel=channel)
        return replace(made, channel=channel, key=f"tin-{number}.{channel}.2026", entry=f"tin-{number}", variant=variant,
                       due_at=SystemClock().now())  # fmt: skip

    def _publish(self, posts: tuple[Post, ...], number: int, after: timedelta) -> None:
        """Have an entry approved and scheduled, again and again until the database has taken it."""
        first = SystemClock().now() + after
        while True:
            again = tuple(replace(post, due_at=SystemClock().now() + after) for post in posts)
            approval = approve(again, (), author="Lan", approver="Minh", at=SystemClock().now())
            with suppress(DBAPIError):
                self.store.deliveries.plan_together(again, signing=Signing(approval=approval, posts=again))
                break
            self._tend()
            time.sleep(LOOK)
        for post in again:
            kind = self.desks[post.channel].publisher
            self.planned[number % self.order.towns, PLATFORM[kind], number] = post.key
            self.due[post.key] = first  # where the answer to a commit was lost, it may have been planned a moment earlier

    # --- the run

    def _live(self) -> None:
        """Plan as fast as the workers publish, let the blows fall, and wait for every delivery's end."""
        entries, blows = enumerate(self._entries()), list(self.plan.blows)
        more, changed, start = True, time.monotonic(), time.monotonic()
        done = known = read = 0
        while True:
            self._tend()
            counts = self._counts()
            ended = sum(counts[state] for state in SETTLED)
            if (ended, counts.total()) != (done, known) or counts[State.SENT] != read:
                changed = time.monotonic()
            done, known, read = ended, counts.total(), counts[State.SENT]
            if self.order.minutes and time.monotonic() - start > self.order.minutes * 60:
                more = False
            if done >= len(self.planned) and not more:
                return
            if time.monotonic() - changed > PATIENCE:
                self._look_why()
                return
            under_way = sum(counts[state] for state in BEFORE_THE_CALL)
            sent = counts.total() - under_way
            # A pause makes what is due lose its moment, and a person decides about each: so a clock jumps when little is due.
            calm = bool(blows) and blows[0][0] <= sent and blows[0][1] is Blow.CLOCK_FORWARD
            room = FLIGHT if under_way < FLIGHT // 4 else 0  # in waves, so that what was sent is read back in between
            while more and under_way < room and not calm:
                more = self._plan_next(entries)
                under_way += len(KINDS)
            jump = calm and not under_way
            if jump:
                more = more and self._plan_next(entries, after=AFTER_THE_JUMP)
            while blows and blows[0][0] <= sent and (jump or blows[0][1] is not Blow.CLOCK_FORWARD):
                jump = jump and blows[0][1] is not Blow.CLOCK_FORWARD  # the next one waits until little is due again
                self._strike(blows.pop(0)[1])
            time.sleep(LOOK)

    def _look_why(self) -> None:
        living = [each for each in self.workers if each.process is not None and each.process.is_alive() and not each.wakes]
        for worker in self.workers:
            ended = worker.process.exitcode if worker.process is not None else None
            clock = f"clock {worker.moved.value:+.0f} s"
            self.stood_still.append(f"{worker.job.owner}: {'lives' if worker in living else f'ended {ended} or frozen'}, {clock}")
        pids = [worker.process.pid for worker in living if worker.process is not None and worker.process.pid]
        self.stood_still += standing_still(self.folder, self.store, pids)

    def _plan_next(self, entries: Iterator[tuple[int, tuple[Post, ...]]], after: timedelta = SOON) -> bool:
        """Schedule the next entry, due so long from now; return False when there is none."""
        number, posts = next(entries, (0, ()))
        if posts:
            self._publish(posts, number, after)
        return bool(posts)

    def _counts(self) -> Counter[State]:
        found = Counter[State]()
        with suppress(DBAPIError):
            for (_, state), count in self.store.deliveries.counts().items():
                found[state] += count
        return found

    # --- the workers

    def _hire(self) -> None:
        for number in range(self.order.workers):
            broker = self.node.url if self.node else ""
            job = Job(url=self.url, media=self.folder / "media", owner=f"máy-{number}", desks=self.desks, broker=broker,
                      settle=self.order.settle)  # fmt: skip
            # without a lock: whoever is killed while they hold one keeps it for good
            self.workers.append(Worker(job=job, moved=self.nursery.RawValue("d", 0.0)))
        self.deaths = list(self.plan.deaths)

    def _tend(self) -> None:
        """Start who is dead, wake who has slept for long enough, and see whether publishing went on after an outage."""
        for worker in self.workers:
            if worker.wakes and time.monotonic() > worker.wakes:
                worker.wakes = 0.0
                self._signal(worker, signal.SIGCONT)
            if worker.process is None or not worker.process.is_alive():
                self._begin(worker)
        if self.back_since is not None:
            since, moment = self.back_since
            with suppress(DBAPIError):
                lately = self.store.deliveries.list(since=moment - timedelta(seconds=60))
                if any(each.published_at and each.published_at > moment for each in lately):
                    self.resumed.append(time.monotonic() - since)
                    self.back_since = None

    def _begin(self, worker: Worker) -> None:
        if worker.process is not None and worker.job.death and worker.process.exitcode == -signal.SIGKILL and not worker.wakes:
            self.faults[f"kill -9 after {worker.job.death.step}"] += 1
        elif worker.process is not None and worker.process.exitcode not in (-signal.SIGKILL, NO_DATABASE):
            raise RuntimeError(f"{worker.job.owner} ended by itself with status {worker.process.exitcode}")
        worker.wakes, worker.moved.value = 0.0, 0.0
        worker.job = replace(worker.job, death=self.deaths.pop() if self.deaths else None)
        worker.process = self.nursery.Process(target=work, args=(worker.job, worker.moved), daemon=False)
        worker.process.start()

    def _dismiss(self) -> None:
        for worker in self.workers:
            self._signal(worker, signal.SIGCONT)
            self._signal(worker, signal.SIGTERM)
        for worker in self.workers:
            if worker.process is not None:
                worker.process.join(20)
                worker.process.kill()
        self.workers.clear()

    def _signal(self, worker: Worker, number: signal.Signals) -> None:
        if worker.process is not None and worker.process.pid and worker.process.is_alive():
            with suppress(ProcessLookupError):
                os.kill(worker.process.pid, number)

    # --- the blows

    def _strike(self, blow: Blow) -> None:
        awake = [worker for worker in self.workers if not worker.wakes]
        worker = self.random.choice(awake or self.workers)
        self.faults[blow.value] += 1
        match blow:
            case Blow.KILL:
                if worker.job.death:  # it was killed from outside before it came to that
                    self.deaths.append(worker.job.death)
                    worker.job = replace(worker.job, death=None)
                self._signal(worker, signal.SIGKILL)
            case Blow.FREEZE:
                self._signal(worker, signal.SIGSTOP)
                worker.wakes = time.monotonic() + FROZEN_FOR.total_seconds()
            case Blow.RESTART_DATABASE:
                assert self.cluster is not None
                self.cluster.restart()
                wait_until_up(self.cluster)
                self.back_since = (time.monotonic(), SystemClock().now())
            case Blow.EMPTY_BROKER:
                assert self.node is not None
                for lane in Lane:
                    self.node.purge(f"loa.{lane.value}")
            case Blow.RESTART_BROKER:
                assert self.node is not None
                self.node.restart()
            case Blow.FILL_DISK:
                self._fill_disk()
            case Blow.CLOCK_FORWARD:
                self._jump(worker)
            case Blow.CLOCK_BACK:
                worker.moved.value = BEHIND  # until that worker is killed, or for the rest of the run
        self._tend()

    def _fill_disk(self) -> None:
        filler = self.disk / "filler"
        with suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(b"\0" * 65536)
                file.flush()
        end = time.monotonic() + FULL_FOR
        while time.monotonic() < end:
            self._tend()
            time.sleep(LOOK)
        filler.unlink()

    def _jump(self, worker: Worker) -> None:
        """Move a worker's clock; it stops everything, and the person on duty sets the clock right and lifts the pause."""
        worker.moved.value = AHEAD
        end = time.monotonic() + 10
        while time.monotonic() < end and not any(halt.scope == ALL for halt in self.store.halts.standing()):
            time.sleep(0.05)
        worker.moved.value = 0.0
        self.store.halts.lift(ALL, who="Minh")
