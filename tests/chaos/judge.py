"""What came of a run: the stand-ins' ledgers are held against what was planned; the store only tells where a delivery waits."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from editorial.delivery import PUBLIC, SETTLED, Delivery, State
from tests.chaos.stand_ins import Seen

NUMBER = re.compile(r"Thông báo (\d+):")
EARLY = timedelta(seconds=0.1)  # two processes read one clock
WAITS_FOR_PERSON = frozenset({State.HELD, State.FAILED})


@dataclass(frozen=True, kw_only=True)
class ForPerson:
    """A delivery that ends with a person, why, and how often the public has seen it."""

    post: str
    state: str
    reason: str
    detail: str
    public: int


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Lists name posts. `lost`: not public, and nobody was told; `duplicate`: public more than once; `stuck`: no end was reached;
    `early`: public before its moment; `false`: the store says that it is public, and it is not."""

    planned: int
    public: int
    lost: tuple[str, ...]
    duplicate: tuple[str, ...]
    stuck: Mapping[str, str]  # post -> where it stands
    early: tuple[str, ...]
    false: tuple[str, ...]
    person: tuple[ForPerson, ...]
    channels: Mapping[str, int]  # publications by kind of channel

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost, doubled, stuck, early or told wrongly."""
        return not (self.lost or self.duplicate or self.stuck or self.early or self.false)

    def values(self) -> dict[str, object]:
        """Return everything as JSON values."""
        return {**asdict(self), "good": self.good}


def judge(planned: Mapping[tuple[int, str, int], str], due: Mapping[str, datetime], seen: Iterable[tuple[int, Seen]],
          deliveries: Iterable[Delivery], kinds: Mapping[str, str]) -> Verdict:  # fmt: skip
    """Hold what the towns saw against the plan: `planned` names each post by town, platform and the number in its words."""
    times: dict[str, list[datetime]] = defaultdict(list)
    strange = [one for town, one in seen if not _note(planned, times, town, one)]
    if strange:
        raise AssertionError(f"a stand-in shows what nobody planned: {strange[:3]}")
    standing = {delivery.post_key: delivery for delivery in deliveries}
    public = {key: len(times.get(key, ())) for key in planned.values()}
    waiting = (each for each in standing.values() if each.state in WAITS_FOR_PERSON and each.post_key in public)
    person = tuple(_for_person(each, public[each.post_key]) for each in waiting)
    told = {each.post for each in person}
    unfinished = [standing[key] for key in public if standing[key].state not in SETTLED]
    stuck = {each.post_key: f"{each.state.value}, public {public[each.post_key]}: {each.detail}" for each in unfinished}
    return Verdict(
        planned=len(public),
        public=sum(count > 0 for count in public.values()),
        lost=tuple(key for key, count in public.items() if not count and key not in told and key not in stuck),
        duplicate=tuple(key for key, count in public.items() if count > 1),
        stuck=stuck,
        early=tuple(key for key, moments in times.items() if min(moments) < due[key] - EARLY),
        false=tuple(key for key, count in public.items() if not count and standing[key].state in PUBLIC),
        person=person,
        channels=dict(Counter(kinds[standing[key].channel] for key, count in public.items() if count)),
    )


def _note(planned: Mapping[tuple[int, str, int], str], times: dict[str, list[datetime]], town: int, one: Seen) -> bool:
    number = NUMBER.search(one.words)
    key = planned.get((town, one.platform, int(number[1]))) if number else None
    if key is not None:
        times[key].append(one.at)
    return key is not None


def _for_person(delivery: Delivery, public: int) -> ForPerson:
    reason = delivery.hold_reason.value if delivery.hold_reason else ""
    return ForPerson(post=delivery.post_key, state=delivery.state.value, reason=reason, detail=delivery.detail, public=public)


WORDS = {
    "vi": ("đã lên lịch {planned}, công chúng thấy {public}", "mất {0}, trùng {1}, kẹt {2}, sớm {3}, báo sai {4}",
           "chờ người quyết định: {0} ({1})", "  {post}: {reason}, công chúng thấy {public} lần. {detail}",
           "sự cố: {0}", "bỏ qua: {0}"),
    "en": ("planned {planned}, seen by the public {public}", "lost {0}, duplicate {1}, stuck {2}, early {3}, false {4}",
           "with a person: {0} ({1})", "  {post}: {reason}, seen {public} times. {detail}", "faults: {0}", "skipped: {0}"),
}  # fmt: skip


def lines(found: Verdict, faults: Mapping[str, int], skipped: Iterable[str], language: str) -> Iterator[str]:
    """Yield the result for people."""
    planned, ends, person, each, struck, passed = WORDS[language]
    yield planned.format(planned=found.planned, public=found.public)
    yield ends.format(*(len(part) for part in (found.lost, found.duplicate, found.stuck, found.early, found.false)))
    for part in (found.lost, found.duplicate, found.stuck, found.early, found.false):
        yield from (f"  ! {key} {found.stuck.get(key, '')}" for key in part)
    reasons = Counter(waits.reason or waits.state for waits in found.person)
    yield person.format(len(found.person), ", ".join(f"{reason} {count}" for reason, count in reasons.most_common()))
    yield from (each.format(**{**asdict(waits), "reason": waits.reason or waits.state}) for waits in found.person)
    yield struck.format(", ".join(f"{name} {count}" for name, count in faults.items()))
    yield from (passed.format(why) for why in skipped)
