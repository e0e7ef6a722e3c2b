"""What goes wrong in a run, and when: drawn from the seed before the run begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from random import Random

from rehearsal.faults import Fault
from tests.chaos.stand_ins import StandIns
from tests.chaos.worker import STEPS, Death
from tests.faults.city import COMMIT


class Blow(Enum):
    """What the driver does to the machinery from outside."""

    KILL = "kill -9"  # a worker, wherever it is
    FREEZE = "SIGSTOP past the lease"
    RESTART_DATABASE = "PostgreSQL restarted with -m immediate"
    FILL_DISK = "disk full"
    EMPTY_BROKER = "broker emptied"
    RESTART_BROKER = "broker killed and started again"
    CLOCK_FORWARD = "clock moved forward past what is believed"
    CLOCK_BACK = "clock moved an hour back"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The blows of a run by how many deliveries are done when they fall, and the steps at which workers are killed, in turn."""

    blows: tuple[tuple[int, Blow], ...]
    deaths: tuple[Death, ...]


# Each strikes this many of a hundred commit calls.
ON_THE_ROAD = {
    Fault.DROP_RESPONSE_AFTER_COMMIT: 2,
    Fault.ERROR_AFTER_COMMIT: 2,
    Fault.ERROR_BEFORE_COMMIT: 2,
    Fault.TIMEOUT_MID_BODY: 1,
    Fault.HTML_ERROR_PAGE: 1,
    Fault.RATE_LIMIT_NEXT: 1,
    Fault.SLOW_COMMIT: 1,
}
SLOW = {Fault.RATE_LIMIT_NEXT: 1.0, Fault.SLOW_COMMIT: 1.5}  # seconds: less than the settle time
DEATHS_A_HUNDRED = 2.4  # a hundred deliveries; four for each step in a run of 1,000
RARE = {Blow.KILL: 100, Blow.FREEZE: 500, Blow.RESTART_DATABASE: 400, Blow.FILL_DISK: 400, Blow.CLOCK_FORWARD: 2000,
        Blow.CLOCK_BACK: 1000, Blow.EMPTY_BROKER: 250, Blow.RESTART_BROKER: 2000}  # fmt: skip  # one for so many deliveries


def draw(random: Random, deliveries: int, possible: frozenset[Blow]) -> Plan:
    """Return what goes wrong in a run of so many deliveries; each possible blow falls at least once."""
    rounds = max(1, round(deliveries * DEATHS_A_HUNDRED / 100 / len(STEPS)))
    deaths = [Death(step=step, passing=random.randint(1, 40)) for step in STEPS * rounds]
    random.shuffle(deaths)
    blows = [
        (int(random.uniform(0.05, 0.3 if blow is Blow.CLOCK_FORWARD else 0.85) * deliveries), blow)
        for blow in Blow if blow in possible
        for _ in range(max(1, deliveries // RARE[blow]))
    ]  # fmt: skip
    return Plan(blows=tuple(sorted(blows, key=lambda each: each[0])), deaths=tuple(deaths))


def arm_road(random: Random, town: StandIns, deliveries: int, channels: tuple[str, ...]) -> Iterator[tuple[Fault, int]]:
    """Let the platforms' and the road's faults wait for their calls, spread over a town's run; yield each with its number."""
    share = deliveries / len(channels)
    for channel in channels:
        if (line := COMMIT.get(channel)) is None:
            continue
        for fault, hundredth in ON_THE_ROAD.items():
            count = max(1, round(share * hundredth / 100))
            for _ in range(count):
                skip, seconds = random.randrange(max(1, int(share * 0.8))), SLOW.get(fault, 0.0)
                town.arm(line.platform, fault, method=line.method, path=line.path, count=1, skip=skip, seconds=seconds)
            yield fault, count
