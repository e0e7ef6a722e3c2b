"""Which faults strike when in a rehearsal: drawn from a seed, so that the same seed is the same bad luck.

Each fault is tied to the moment of a publication and strikes one of the calls made from then on. What is drawn stays inside what
the platforms' facts allow: a commit that comes late comes within a minute and a half, a clock is off by less than two minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from rehearsal.faults import Armed, Fault

SHARE = 0.35  # of the publications that have a fault near them
READS = 0.2  # of those that strike a reading call instead of a writing one
OFFSET_LASTS = timedelta(hours=6)
# Weights: what happens most in the field (lost answers, gateway pages) is drawn most; a dead token stops a whole channel.
WEIGHTS: dict[Fault, int] = {
    Fault.DROP_RESPONSE_AFTER_COMMIT: 20,
    Fault.ERROR_AFTER_COMMIT: 14,
    Fault.ERROR_BEFORE_COMMIT: 14,
    Fault.TIMEOUT_MID_BODY: 10,
    Fault.SLOW_COMMIT: 10,
    Fault.RATE_LIMIT_NEXT: 10,
    Fault.HTML_ERROR_PAGE: 10,
    Fault.DUPLICATE_DETECT: 4,
    Fault.INSERT_THEN_FAIL: 6,
    Fault.DROPPED_QUERY: 6,
    Fault.CLOCK_OFFSET: 4,
    Fault.EXPIRE_TOKEN_NOW: 2,
}
ON_READS = (
    Fault.ERROR_BEFORE_COMMIT, Fault.TIMEOUT_MID_BODY, Fault.DROP_RESPONSE_AFTER_COMMIT, Fault.HTML_ERROR_PAGE,
    Fault.RATE_LIMIT_NEXT,
)  # fmt: skip
SKIPPED = (0, 0, 0, 1, 1, 2, 3)  # calls that pass unharmed first: an upload, a draft, the publication itself, a subtitle


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A fault and the platform that will have it."""

    platform: str
    armed: Armed


def draw(
    seed: int, publications: Iterable[tuple[str, datetime]], known: Callable[[str], frozenset[Fault]]
) -> tuple[Drawn, ...]:  # fmt: skip
    """Draw the faults of a period from its publications (platform, moment); `known` tells what a platform can have."""
    random = Random(seed)
    return tuple(
        Drawn(platform=platform, armed=armed)
        for at, platform in sorted((at, platform) for platform, at in publications)
        if random.random() < SHARE
        for armed in _one(random, known(platform), at)
    )


def _one(random: Random, known: frozenset[Fault], at: datetime) -> Iterator[Armed]:
    if random.random() < READS:
        yield _struck(random, random.choice(ON_READS), at, reads=True)
        return
    kinds = [fault for fault in WEIGHTS if fault in known]
    fault = random.choices(kinds, [WEIGHTS[each] for each in kinds])[0]
    if fault is Fault.CLOCK_OFFSET:
        yield Armed(fault=fault, seconds=random.randint(-110, 110), since=at)
        yield Armed(fault=fault, seconds=0, since=at + OFFSET_LASTS)
    elif fault is Fault.EXPIRE_TOKEN_NOW:
        yield Armed(fault=fault, since=at)
    else:
        yield _struck(random, fault, at)


def _struck(random: Random, fault: Fault, at: datetime, *, reads: bool = False) -> Armed:
    seconds = {Fault.SLOW_COMMIT: random.randint(1, 90), Fault.RATE_LIMIT_NEXT: random.randint(1, 120)}.get(fault, 0)
    count = random.choice((1, 1, 1, 2, 3)) if fault is not Fault.SLOW_COMMIT else 1
    return Armed(fault=fault, count=count, skip=random.choice(SKIPPED), seconds=seconds, since=at, reads=reads)
