"""How fast is silence: a scheduler publishes to a stand-in while another process pauses it; the ledgers tell what came after."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from desk.place import HOUSE
from desk.rehearsal_accounts import connect
from desk.silence_trial import CHANNEL, PUBLISHER, WAYS
from editorial.approval import Approval, package_digest
from editorial.clock import SystemClock
from editorial.delivery import State
from editorial.message import Variant
from editorial.office import Channel
from editorial.post import Post
from rehearsal.publication import Event
from rehearsal.town import Town
from store.errors import Lost, NotAllowed
from store.store import Store

GOAL = 1.0  # seconds from the wish to the last call that begins
STREAM = 50  # posts of a trial, each planned a little after the last
STEP = timedelta(milliseconds=40)
AFTERWARDS = 1.3  # seconds in which a scheduler that had not understood would look again, and send
STAND_IN = "wordpress"
STOPPED = (State.SCHEDULED, State.QUEUED, State.HELD, State.FAILED)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What one pause did; moments in seconds after somebody asked for it, below zero where they came before."""

    way: str
    before: int  # calls that had begun
    returned: float  # when the pause was there
    last_call: float  # when the last call of the trial began
    last_seen: float  # when the platform made the last post public
    named: int  # posts that the pause was too late for, and said so
    broken: int  # posts that began, or became public, after the pause was there and that it had not named


@dataclass(frozen=True, kw_only=True)
class Silence:
    """All trials."""

    trials: tuple[Trial, ...]

    @property
    def good(self) -> bool:
        """Tell whether every pause held within the goal, in a stream of posts, and none was broken."""
        slowest = max(max(trial.returned, trial.last_call) for trial in self.trials)
        return slowest <= GOAL and not any(trial.broken for trial in self.trials) and any(trial.before for trial in self.trials)


def measure(url: str, trials: int, tell: Callable[[int], None] = lambda _: None) -> Silence:
    """Pause a running scheduler so many times, in the middle of a stream of posts that are due."""
    with ExitStack() as stack:
        clock = SystemClock()
        store = stack.enter_context(Store.open(url, clock=clock))
        town = stack.enter_context(Town(clock=clock.now))
        scheduler = stack.enter_context(_process("schedule", url, _account(store, town)))
        pauser = stack.enter_context(_process("pause", url))
        assert scheduler.stdout
        scheduler.stdout.readline()
        random, found = Random(20_261_125), list[Trial]()
        for number in range(trials):
            found.append(_trial(store, town, pauser, number, random))
            tell(number + 1)
        return Silence(trials=tuple(found))


def silence_lines(found: Silence) -> Iterator[str]:
    """Yield what was measured, for people."""
    trials = found.trials
    returned, calls = sorted(trial.returned for trial in trials), [trial.last_call for trial in trials]
    yield f"{len(trials)} lần dừng giữa lúc đang đăng ({sum(trial.before for trial in trials)} lượt gọi trước khi dừng)"
    yield f"Lệnh dừng có hiệu lực sau: giữa {returned[len(returned) // 2]:.3f} giây, lâu nhất {returned[-1]:.3f} giây"
    yield f"Lượt gọi cuối bắt đầu muộn nhất {max(calls):.3f} giây sau khi bấm dừng (mục tiêu {GOAL:.0f} giây)"
    yield f"Bài cuối hiện ra muộn nhất {max(trial.last_seen for trial in trials):.3f} giây sau khi bấm dừng"
    yield f"Lệnh đã nói rõ là dừng không kịp: {sum(trial.named for trial in trials)} bài"
    yield f"Bài lọt qua sau khi lệnh báo đã dừng: {sum(trial.broken for trial in trials)}"


def _trial(store: Store, town: Town, pauser: subprocess.Popen[str], number: int, random: Random) -> Trial:
    keys, way = _plan(store, number), WAYS[number % len(WAYS)]
    time.sleep(1.2 + 0.8 * random.random())
    asked, there, named = _pause(pauser, way)
    time.sleep(AFTERWARDS)
    began = {each.post_key: attempts[-1].started_at for each in store.deliveries.list(channel=CHANNEL)
             if each.post_key in keys and (attempts := store.attempts.of(each.id))}  # fmt: skip
    seen = {row.title: row.at for row in town.ledger(STAND_IN) if row.event is Event.PUBLISHED and row.title in keys}
    late = {key for moments in (began, seen) for key, moment in moments.items() if moment > there}
    _tidy(store, keys)
    return Trial(
        way=way, before=sum(moment <= asked for moment in began.values()), returned=(there - asked).total_seconds(),
        last_call=_since(asked, began.values()), last_seen=_since(asked, seen.values()), named=len(named),
        broken=len(late - named),
    )  # fmt: skip


def _since(start: datetime, moments: Collection[datetime]) -> float:
    return (max(moments) - start).total_seconds() if moments else 0.0


def _plan(store: Store, number: int) -> frozenset[str]:
    """Schedule a stream of approved posts, the first of them due at once."""
    start = SystemClock().now()
    posts = [_post(f"thu-{number}-{each}", start + each * STEP) for each in range(STREAM)]
    approval = Approval(entry="thu", digest=package_digest(posts), author="bench", approver="máy", at=start)
    store.approvals.save(approval, posts)
    for post in posts:
        store.deliveries.plan(post)
    return frozenset(post.key for post in posts)


def _post(name: str, due_at: datetime) -> Post:
    key = f"{name}.{CHANNEL}.2026"
    variant = Variant(channel=CHANNEL, language="vi", title=key, text="Thử dừng", html="<p>Thử dừng</p>", summary="Thử dừng")
    return Post(key=key, entry="thu", channel=CHANNEL, variant=variant, media=(), due_at=due_at)


def _pause(pauser: subprocess.Popen[str], way: str) -> tuple[datetime, datetime, frozenset[str]]:
    assert pauser.stdin and pauser.stdout
    print(way, file=pauser.stdin, flush=True)
    asked, there, named = json.loads(pauser.stdout.readline())
    return datetime.fromisoformat(asked), datetime.fromisoformat(there), frozenset(named)


def _tidy(store: Store, keys: frozenset[str]) -> None:
    """Drop what was stopped, then lift the pause."""
    while left := [each for each in store.deliveries.list(states=STOPPED) if each.post_key in keys]:
        for each in left:
            try:
                store.decisions.cancel(each.id, who="bench", why="xong một lần thử")
            except (Lost, NotAllowed):
                time.sleep(0.05)
    for halt in store.halts.planned():
        store.halts.lift(halt.scope, who="bench")


def _account(store: Store, town: Town) -> str:
    channel = Channel(id=CHANNEL, name="Cổng thử", publisher=PUBLISHER, caption="portal", handle="thử")
    rehearsed = connect({CHANNEL: channel}, store, town, "http://127.0.0.1/media")
    account = rehearsed.publishers[CHANNEL].account
    rehearsed.close()
    return json.dumps([account.base_url, dict(account.settings)])


@contextmanager
def _process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run one of the two processes; it ends by itself when its standard input does."""
    command = [sys.executable, "-m", "desk.silence_trial", *arguments]
    with subprocess.Popen(command, cwd=HOUSE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        assert process.stdin
        process.stdin.close()
