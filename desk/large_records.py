"""What a made-up office remembers: all that was ever handed in, signed and sent, as Loa itself would have left it.

But for what no page looks at: an older post has two changes of state in its history instead of six, no entry that is not in
content/ any more has kept what it said, and the log's rows carry no seals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count, pairwise
from typing import Any

from desk.large_office import LargeOffice, MadeEntry
from desk.workspace import Workspace
from editorial.approval import package_digest_of
from editorial.changes import said_by
from editorial.delivery import HoldReason, State
from editorial.digest import canonical, digest_of
from editorial.entry import Entry
from editorial.message import Variant
from editorial.post import Post
from editorial.workflow import Action, Stage
from store.approvals import logged_signature
from store.audit_chain import GENESIS, link_digest
from store.bulk import Bulk
from store.moment import NEVER
from store.record import POST, json_of

AUTHOR, CHECKER, APPROVER, SCHEDULER = "bien-tap", "kiem-chung", "duyet", "scheduler"
TROUBLE = 40  # one delivery of so many of the last month waits for a person
RECENT = timedelta(days=30)
HISTORY = timedelta(days=92)  # for which every change of state is there
AT_ONCE = 1000  # entries
SENT = (State.SCHEDULED, State.QUEUED, State.CLAIMED, State.PREPARED, State.SENDING, State.SENT, State.VERIFIED)
WAY = ((Action.SUBMIT, Stage.DRAFT, Stage.IN_REVIEW, AUTHOR), (Action.CHECK, Stage.IN_REVIEW, Stage.FACT_CHECKED, CHECKER),
       (Action.APPROVE, Stage.FACT_CHECKED, Stage.APPROVED, APPROVER),
       (Action.SCHEDULE, Stage.APPROVED, Stage.SCHEDULED, APPROVER))  # fmt: skip

Tell = Callable[[int, int], None]
Row = Sequence[Any]
COLUMNS = {
    "entries": ("id", "revision", "title", "content_group", "axis", "unit", "rule", "tone", "file", "saved_at"),
    "entry_revisions": ("entry", "revision", "said", "at"),
    "workflow": ("entry", "stage", "revision", "author", "checker", "version"),
    "workflow_steps": ("entry", "action", "start", "end", "who", "revision", "why", "at"),
    "posts": ("key", "digest", "entry", "channel", "body", "saved_at"),
    "submissions": ("id", "entry", "digest", "author", "at"),
    "submitted_posts": ("submission", "post_key", "post_digest"),
    "approvals": ("id", "entry", "digest", "author", "approver", "at"),
    "approved_posts": ("approval", "post_key", "post_digest"),
    "deliveries": ("id", "post_key", "post_digest", "entry", "channel", "state", "hold_reason", "due_at", "next_at", "fence",
                   "claims", "attempts", "failures", "remote_id", "url", "evidence", "published_at", "verified_at", "detail",
                   "touched_at"),
    "passages": ("delivery", "start", "end", "who", "detail", "at"),
    "attempts": ("delivery", "number", "fence", "started_at", "deadline", "request_digest", "outcome", "detail", "finished_at"),
    "audit": ("id", "who", "action", "subject", "detail", "at", "prev", "sha256", "seals"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Written:
    """How much was written."""

    entries: int
    deliveries: int


@dataclass(frozen=True)
class _Post:
    """A post as it is kept."""

    key: str
    channel: str
    digest: str
    body: str


@dataclass(frozen=True)
class _Pattern:
    """A post in its canonical form and as it is kept, in which another key, entry and moment are put: faster than making each."""

    channel: str
    canonical: str
    body: str

    def of(self, entry: str, at: datetime) -> _Post:
        """Return the post of an entry at a moment."""
        key = f"{entry}.{self.channel}.{at.year}"
        return _Post(key, self.channel, digest_of(_put(self.canonical, key, entry, at)), _put(self.body, key, entry, at))


_KEY, _ENTRY, _AT = "mau-khoa", "mau-muc", datetime(2001, 2, 3, 4, 5, tzinfo=UTC)


def _put(text: str, key: str, entry: str, at: datetime) -> str:
    moment = at.astimezone(UTC)
    for kept in (canonical(_AT).strip('"'), f"{_AT:%Y-%m-%dT%H:%M:%S}Z"):
        text = text.replace(kept, canonical(moment).strip('"') if kept[-1] != "Z" else f"{moment:%Y-%m-%dT%H:%M:%S}Z")
    return text.replace(_KEY, key).replace(_ENTRY, entry)


def _pattern(variant: Variant) -> _Pattern:
    post = Post(key=_KEY, entry=_ENTRY, channel=variant.channel, variant=variant, media=(), due_at=_AT)
    return _Pattern(variant.channel, canonical(post), json_of(POST, post))


@dataclass(frozen=True)
class _Made:
    """An entry that was handed in, with all that is kept of it."""

    entry: MadeEntry
    said: Entry
    revision: str
    posts: tuple[_Post, ...]
    number: int  # of its submission and its approval
    in_files: bool


def write_records(office: LargeOffice, workspace: Workspace, url: str, tell: Tell) -> Written:
    """Write all of it into a database whose tables are there and empty."""
    bulk = Bulk(url)
    try:
        return _Records(office, workspace, bulk).write(tell)
    finally:
        bulk.close()


class _Records:
    """Write a thousand entries at a time, each with all of its rows."""

    def __init__(self, office: LargeOffice, workspace: Workspace, bulk: Bulk) -> None:
        self._office, self._workspace, self._bulk = office, workspace, bulk
        self._in_files = frozenset(each.id for each in office.written)
        self._pattern = office.written[-1].id
        self._deliveries = count(1)
        self._log = 0
        self._head = GENESIS

    def write(self, tell: Tell) -> Written:
        entries = self._office.entries
        deliveries = 0
        for first in range(0, len(entries), AT_ONCE):
            tell(first, len(entries))
            some = enumerate(entries[first : first + AT_ONCE], start=first + 1)
            made = [self._made(number, each) for number, each in some if each.stage is not Stage.DRAFT]
            rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
            for each in made:
                self._rows(each, rows)
            for table, found in rows.items():
                self._bulk.put(table, COLUMNS[table], found)
            deliveries += len(rows["deliveries"])
        self._bulk.end_log(self._log, self._head)
        return Written(entries=len(entries), deliveries=deliveries)

    # what is kept of an entry; those that are no longer in files say what the others do, under their own name and moment

    def _made(self, number: int, each: MadeEntry) -> _Made:
        in_files = each.id in self._in_files
        said = self._workspace.content.entries[each.id if in_files else self._pattern]
        revision = said.revision if in_files else hashlib.sha256(each.id.encode()).hexdigest()
        posts = tuple(self._posts(each, in_files))
        return _Made(each, said, revision, posts, number, in_files)

    def _posts(self, each: MadeEntry, in_files: bool) -> Iterator[_Post]:
        patterns = self._patterns_of(each.id) if in_files else self._patterns
        return (pattern.of(each.id, each.at) for pattern in patterns)

    @cached_property
    def _patterns(self) -> tuple[_Pattern, ...]:
        return self._patterns_of(self._pattern)

    def _patterns_of(self, entry: str) -> tuple[_Pattern, ...]:
        return tuple(_pattern(self._workspace.production.variant(slot)) for slot in self._workspace.plan.of(entry))

    # rows

    def _rows(self, made: _Made, rows: dict[str, list[Row]]) -> None:
        each, said, at = made.entry, made.said, made.entry.at - timedelta(days=35)
        rows["entries"].append((each.id, made.revision, said.messages["vi"].headline, each.group, each.axis, each.unit,
                                f"{each.at:%Y-%m-%d@%H:%M}", each.tone, f"content/{each.id}.md", at))  # fmt: skip
        if made.in_files:
            rows["entry_revisions"].append((each.id, made.revision, said_by(said), at))
        signed = package_digest_of((post.channel, post.digest) for post in made.posts)
        for post in made.posts:
            rows["posts"].append((post.key, post.digest, each.id, post.channel, post.body, at))
            rows["submitted_posts"].append((made.number, post.key, post.digest))
        rows["submissions"].append((made.number, each.id, signed, AUTHOR, at))
        self._deed(rows, AUTHOR, "submit", each.id, signed, at)
        scheduled = each.stage is Stage.SCHEDULED
        for action, start, end, who in WAY if scheduled else WAY[:1]:
            rows["workflow_steps"].append((each.id, action.value, start.value, end.value, who, made.revision, "", at))
        rows["workflow"].append((each.id, each.stage.value, made.revision, AUTHOR, CHECKER if scheduled else "",
                                 len(WAY) if scheduled else 1))  # fmt: skip
        if scheduled:
            self._sign(made, signed, at + timedelta(days=1), rows)

    def _sign(self, made: _Made, signed: str, at: datetime, rows: dict[str, list[Row]]) -> None:
        entry = made.entry
        rows["approvals"].append((made.number, entry.id, signed, AUTHOR, APPROVER, at))
        self._deed(rows, APPROVER, "approve", entry.id, logged_signature(signed, AUTHOR), at)
        for place, post in enumerate(made.posts):
            rows["approved_posts"].append((made.number, post.key, post.digest))
            self._deliver(entry, post, self._state(entry, place), rows)

    def _state(self, entry: MadeEntry, place: int) -> State:
        """Return where a delivery stands: nearly all that went out is read back."""
        if entry.at > self._office.now:
            return State.SCHEDULED
        chance = (entry.number * 31 + place * 17) % 1000
        if entry.at > self._office.now - RECENT and chance % TROUBLE == 0:
            return State.HELD if chance % 80 else State.FAILED
        return next((state for most, state in ((5, State.WITHDRAWN), (15, State.CANCELLED), (25, State.SENT)) if chance < most),
                    State.VERIFIED)  # fmt: skip

    def _deliver(self, entry: MadeEntry, post: _Post, state: State, rows: dict[str, list[Row]]) -> None:
        id, due = next(self._deliveries), entry.at.astimezone(UTC)
        out = state in (State.SENT, State.VERIFIED, State.WITHDRAWN)
        called = state not in (State.SCHEDULED, State.CANCELLED)
        sent, read = due + timedelta(seconds=4), due + timedelta(seconds=70)
        proof = (f"r{id}", f"https://example.org/{post.channel}/{id}", "{}", sent) if out else (None, None, None, None)
        rows["deliveries"].append((
            id, post.key, post.digest, entry.id, post.channel, state.value,
            HoldReason.AMBIGUOUS.value if state is State.HELD else None, due, due if state is State.SCHEDULED else NEVER,
            5 * called, int(called), int(called), 0, *proof, read if state is State.VERIFIED else None,
            "hết giờ chờ trả lời" if state is State.HELD else "", read if called else due - timedelta(days=34),
        ))  # fmt: skip
        if state is State.SCHEDULED:
            return
        for start, end in self._passages(state, due):
            rows["passages"].append((id, start.value, end.value, SCHEDULER, "", sent))
        if called:
            outcome = "receipt" if out else "Refused" if state is State.FAILED else "OutcomeUnknown"
            rows["attempts"].append((id, 1, 4, due, sent, post.digest, outcome, "", sent))
        if out:
            self._deed(rows, SCHEDULER, "delivery-sent", post.key, f"r{id}", sent)
        if state is State.VERIFIED:
            self._deed(rows, SCHEDULER, "delivery-verified", post.key, f"r{id}", read)

    def _passages(self, state: State, due: datetime) -> Iterator[tuple[State, State]]:
        if state not in SENT or due < self._office.now - HISTORY:
            yield from ((State.SCHEDULED, State.QUEUED), (State.QUEUED, state))
            return
        way = SENT[: SENT.index(state) + 1]
        yield from pairwise(way)

    def _deed(self, rows: dict[str, list[Row]], who: str, action: str, subject: str, detail: str, at: datetime) -> None:
        self._log += 1
        moment = at.astimezone(UTC)
        link = {"number": self._log, "who": who, "action": action, "subject": subject, "detail": detail, "at": moment,
                "prev": self._head, "seals": ""}  # fmt: skip
        before, self._head = self._head, link_digest(link)
        rows["audit"].append((self._log, who, action, subject, detail, moment, before, self._head, ""))
