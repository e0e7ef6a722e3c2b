"""What was approved, by whom, down to the bytes of each post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, bindparam, func, insert, or_, select

from editorial.approval import Approval, package_digest, package_digest_of
from editorial.clock import Clock
from editorial.delivery import Delivery
from editorial.post import Post
from store.audit import Deed, note
from store.database import Database, new_id
from store.errors import Tampered
from store.looked_at import looked_at
from store.posts import PostTable, kept
from store.revocation import revoke_standing
from store.schema import APPROVALS, APPROVED_POSTS, AUDIT, DELIVERIES, POSTS
from store.statement import Statement
from store.workflow import Taking, put_step


@dataclass(frozen=True, kw_only=True)
class Signature:
    """An approval, and when, by whom and why it ended; a standing one has not."""

    approval: Approval
    ended_at: datetime | None = None
    ended_by: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Signing:
    """An approval that is about to be kept, with the posts that it signs, given in any order."""

    approval: Approval
    posts: tuple[Post, ...]

    def __post_init__(self) -> None:
        if package_digest(self.posts) != self.approval.digest:
            raise ValueError(f"the approval of {self.approval.entry} signs other posts than those given")


Bytes = tuple[str, str]  # a post's key and the digest of a version of it


class ApprovalTable:
    """Approvals, all of them kept; the newest that names a post is the one that counts for it."""

    def __init__(self, database: Database, clock: Clock, posts: PostTable) -> None:
        self._database = database
        self._clock = clock
        self._posts = posts

    def save(self, approval: Approval, posts: Iterable[Post], *, step: Taking | None = None) -> None:
        """Keep an approval with the posts that it signs; raise ValueError when its digest is not theirs.

        `step` is taken in the same transaction: of two approvers at once, the slower leaves no approval behind.
        """
        signing = Signing(approval=approval, posts=tuple(posts))
        with self._database.write() as connection:
            put_approval(connection, self._posts, signing, self._clock.now(), step)

    def latest(self, entry: str) -> Approval | None:
        """Return the newest standing approval of an entry."""
        query = select(APPROVALS).where(APPROVALS.c.entry == entry, APPROVALS.c.revoked_at.is_(None))
        with self._database.read() as connection:
            row = connection.execute(query.order_by(APPROVALS.c.id.desc()).limit(1)).one_or_none()
        return _approval(row) if row else None

    def signed_entries(self, entries: Collection[str]) -> frozenset[str]:
        """Return those of the entries that have a standing approval."""
        query = select(APPROVALS.c.entry).where(APPROVALS.c.revoked_at.is_(None), APPROVALS.c.entry.in_(entries))
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def newest(self, entry: str) -> Signature | None:
        """Return the newest approval of an entry, whether it stands or has ended."""
        query = select(APPROVALS).where(APPROVALS.c.entry == entry).order_by(APPROVALS.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        ending = {"ended_at": row.revoked_at, "ended_by": row.revoked_by or "", "why": row.revoked_why or ""}
        return Signature(approval=_approval(row), **ending)

    def newest_packages(self, entries: Collection[str]) -> Mapping[str, tuple[Post, ...]]:
        """Return what the newest approval of each of these entries signed, whether it stands or has ended."""
        query = select(func.max(APPROVALS.c.id), APPROVALS.c.entry).where(APPROVALS.c.entry.in_(list(entries)))
        with self._database.read() as connection:
            newest = {row[0]: row[1] for row in connection.execute(query.group_by(APPROVALS.c.entry))}
        return {newest[id]: posts for id, posts in self._posts.packages(APPROVED_POSTS.c.approval, newest).items()}

    def posts(self, approval: Approval) -> tuple[Post, ...]:
        """Return what an approval signed, as it was signed."""
        of_it = (APPROVALS.c.entry == approval.entry, APPROVALS.c.digest == approval.digest, APPROVALS.c.at == approval.at)
        query = select(APPROVED_POSTS.c.post_key, APPROVED_POSTS.c.post_digest).join(APPROVALS).where(*of_it).distinct()
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(APPROVED_POSTS.c.post_key)).all()
        return tuple(self._posts.version(row.post_key, row.post_digest) for row in rows)

    def signs(self, post_key: str, post_digest: str) -> bool:
        """Tell whether any standing approval signed these bytes, though a newer one may have signed others since."""
        named = (APPROVED_POSTS.c.post_key == post_key, APPROVED_POSTS.c.post_digest == post_digest)
        query = select(APPROVALS.c.id).join(APPROVED_POSTS).where(*named, APPROVALS.c.revoked_at.is_(None))
        with self._database.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def revoke(self, entry: str, *, who: str, why: str) -> None:
        """Take back every approval of an entry; what has not been sent is not sent."""
        with self._database.write() as connection:
            revoke_standing(connection, entry, who=who, why=why, at=self._clock.now())

    def covers(self, post_key: str, post_digest: str) -> bool:
        """Tell whether these bytes may go out under this key."""
        with self._database.read() as connection:
            return is_approved(connection, post_key, post_digest)

    def covered(self, posts: Collection[Bytes]) -> frozenset[str]:
        """Return the keys of those of the posts whose bytes may go out: what `covers` tells of each, asked of all at once."""
        if not posts:
            return frozenset()
        with self._database.read() as connection:
            return approved_among(connection, posts)


def put_approval(connection: Connection, table: PostTable, signing: Signing, now: datetime, step: Taking | None = None) -> None:
    """Keep an approval inside a transaction that is under way, with the step that it is of its entry, and write it in the log."""
    approval = signing.approval
    rows = put_step(connection, approval.entry, step, now)[1] if step is not None else ()
    for post in signing.posts:
        table.put(connection, post)
    made = _insert(connection, approval, signing.posts)
    detail = logged_signature(approval.digest, approval.author)
    deed = Deed(who=approval.approver, action="approve", subject=approval.entry, detail=detail, at=now)
    note(connection, deed, *rows, (APPROVALS, made))


Genuine = dict[int, bool]  # by approval: whether it is what was signed, and unchanged since, as one transaction has found


def is_approved(connection: Connection, post_key: str, post_digest: str, known: Genuine | None = None) -> bool:
    """Tell whether the newest approval naming the post stands and signed these bytes, and nothing it signed has changed since.

    The rows are not taken at their word: what they name must have the digest that was signed, and the log must know of the
    signature and of nothing that ended it. `known` spares a transaction that is alone the same question for each of its posts.
    """
    known = {} if known is None else known
    newest = _NEWEST.one_or_none(connection, {"post": post_key})
    if newest is None or newest.revoked_at is not None or newest.post_digest != post_digest:
        return False
    if newest.id not in known:
        known[newest.id] = is_genuine(connection, newest) and not _changed_since(connection, newest.id)
    return known[newest.id]


def approved_among(connection: Connection, posts: Collection[Bytes]) -> frozenset[str]:
    """Return the keys of those of the posts that are approved, as `is_approved` tells it of one."""
    newest = {row.post_key: row for row in connection.execute(_NEWEST_OF_EACH, {"posts": [key for key, _ in posts]})}
    signed = {key: newest[key] for key, digest in posts if key in newest and _signs(newest[key], digest)}
    good = _genuine_among(connection, {row.id: row for row in signed.values()})
    return frozenset(key for key, row in signed.items() if row.id in good)


def _signs(newest: Any, post_digest: str) -> bool:
    return newest.revoked_at is None and newest.post_digest == post_digest


def _genuine_among(connection: Connection, rows: Mapping[int, Any]) -> frozenset[int]:
    """Return which of these approvals are what was signed, by rows and log, with nothing that they signed changed since."""
    if not rows:
        return frozenset()
    these = {"approvals": list(rows)}
    named = _collected(connection.execute(_NAMED_BY_EACH, these))
    changed = frozenset(connection.execute(_CHANGED_OF_EACH, these).scalars())
    whole = {id: row for id, row in rows.items() if id not in changed and is_package(named.get(id, ()), row.digest)}
    logged = connection.execute(_LOG_OF_EACH, {"entries": list({row.entry for row in whole.values()})}).all()
    signed, revoked = dict[tuple[str, str], int](), dict[str, int]()
    for number, entry, action, detail in logged:  # in the order of the log: the last one counts
        if action == "revoke":
            revoked[entry] = number
        else:
            signed[entry, detail] = number
    return frozenset(id for id, row in whole.items() if _logged(row, signed) > revoked.get(row.entry, 0))


def _logged(approval: Any, signed: Mapping[tuple[str, str], int]) -> int:
    """Return the row of the log that has the signature; 0 where none has."""
    return max(signed.get((approval.entry, detail), 0) for detail in signatures_in_log(approval.digest, approval.author))


def was_approved(connection: Connection, post_key: str, post_digest: str) -> bool:
    """Tell whether an approval that stands signed these bytes, whatever else of its entry has changed or gone out since."""
    return any(is_genuine(connection, row) for row in connection.execute(_STANDING, {"post": post_key, "bytes": post_digest}))


def may_go_now(connection: Connection, delivery: Delivery, now: datetime, known: Genuine | None = None) -> bool:
    """Tell whether a delivery is approved, and goes where and not before it was signed to go, whatever its own row says."""
    if not is_approved(connection, delivery.post_key, delivery.post_digest, known):
        return False
    try:
        signed = kept(_SIGNED.one(connection, {"post": delivery.post_key, "signed": delivery.post_digest}))
    except Tampered:
        return False
    goes = (delivery.entry, delivery.channel, delivery.due_at)
    return goes == (signed.entry, signed.channel, signed.due_at) and now >= signed.due_at


def is_genuine(connection: Connection, row: Any) -> bool:
    """Tell whether an approval's rows are what was signed, and the log has the signature and not its end."""
    named = names_what_was_signed(connection, row.id, row.digest)
    return named and stands_in_log(connection, row.entry, row.digest, row.author)


def names_what_was_signed(connection: Connection, approval: int, signed: str) -> bool:
    """Tell whether the posts that an approval's rows name have, together, the digest that was signed."""
    named = _collected(_NAMED.all(connection, {"approval": approval}))
    return is_package(named.get(approval, ()), signed)


Named = tuple[str | None, str]  # a post's channel, none where that version is not kept, and its digest


def named_posts(connection: Connection, of: Column[Any]) -> Mapping[int, Sequence[Named]]:
    """Return the posts that approvals or submissions name, by the column that tells whose they are."""
    return _collected(connection.execute(_names(of)))


def _names(of: Column[Any]) -> Select[Any]:
    names = of.table
    same = (POSTS.c.key == names.c.post_key) & (POSTS.c.digest == names.c.post_digest)
    return select(of, POSTS.c.channel, names.c.post_digest).select_from(names.outerjoin(POSTS, same))


def _collected(rows: Iterable[Any]) -> Mapping[int, Sequence[Named]]:
    found: dict[int, list[Named]] = defaultdict(list)
    for whose, channel, digest in rows:
        found[whose].append((channel, digest))
    return found


def is_package(named: Sequence[Named], signed: str) -> bool:
    """Tell whether all of these are kept, and have together the digest that was signed."""
    whole = [(channel, digest) for channel, digest in named if channel is not None]
    return len(whole) == len(named) and package_digest_of(whole) == signed


def logged_signature(digest: str, author: str) -> str:
    """Return how the log tells of an approval, whose approver is who did it: the digest that was signed and who wrote it."""
    return f"{digest} ({author})"


def signatures_in_log(digest: str, author: str) -> tuple[str, str]:
    """Return the words by which the log may know an approval; an older version wrote no author."""
    return digest, logged_signature(digest, author)


def stands_in_log(connection: Connection, entry: str, signed: str, author: str) -> bool:
    """Tell whether the log has the signature, and nothing after it that took back what was approved of the entry."""
    bare, whole = signatures_in_log(signed, author)
    signature, revoked = _IN_LOG.one(connection, {"entry": entry, "bare": bare, "whole": whole})
    return signature is not None and (revoked is None or revoked < signature)


def _changed_since(connection: Connection, approval: int) -> bool:
    return _CHANGED.one_or_none(connection, {"approval": approval}) is not None


# Made once: to build a statement takes longer than to run it.
_NEWEST = Statement(
    select(*(APPROVALS.c[name] for name in ("id", "entry", "digest", "author", "revoked_at")), APPROVED_POSTS.c.post_digest)
    .join(APPROVED_POSTS, APPROVED_POSTS.c.approval == APPROVALS.c.id)
    .where(APPROVED_POSTS.c.post_key == bindparam("post"))
    .order_by(APPROVALS.c.id.desc())
    .limit(1)
)
_STANDING = (
    select(*(APPROVALS.c[name] for name in ("id", "entry", "digest", "author")))
    .join(APPROVED_POSTS, APPROVED_POSTS.c.approval == APPROVALS.c.id)
    .where(APPROVED_POSTS.c.post_key == bindparam("post"), APPROVED_POSTS.c.post_digest == bindparam("bytes"))
    .where(APPROVALS.c.revoked_at.is_(None))
    .order_by(APPROVALS.c.id.desc())
)
_NAMED = Statement(_names(APPROVED_POSTS.c.approval).where(APPROVED_POSTS.c.approval == bindparam("approval")))
_SIGNED = Statement(select(POSTS.c.key, POSTS.c.digest, POSTS.c.body).where(
    POSTS.c.key == bindparam("post"), POSTS.c.digest == bindparam("signed")
))  # fmt: skip
_OF_ENTRY = AUDIT.c.subject == bindparam("entry")
_APPROVED_IN_LOG = select(func.max(AUDIT.c.id)).where(
    _OF_ENTRY, AUDIT.c.action == "approve", or_(AUDIT.c.detail == bindparam("bare"), AUDIT.c.detail == bindparam("whole"))
)
_REVOKED_IN_LOG = select(func.max(AUDIT.c.id)).where(_OF_ENTRY, AUDIT.c.action == "revoke")
_IN_LOG = Statement(select(_APPROVED_IN_LOG.scalar_subquery(), _REVOKED_IN_LOG.scalar_subquery()))
_CHANGED_AT_ALL = (
    select(DELIVERIES.c.id)
    .join(APPROVED_POSTS, APPROVED_POSTS.c.post_key == DELIVERIES.c.post_key)
    .where(APPROVED_POSTS.c.post_digest != DELIVERIES.c.post_digest)
)
_CHANGED = Statement(_CHANGED_AT_ALL.where(APPROVED_POSTS.c.approval == bindparam("approval")).limit(1))
# The same of many at once.
_NEWEST_OF_EACH = (
    select(*(APPROVALS.c[name] for name in ("id", "entry", "digest", "author", "revoked_at")),
           APPROVED_POSTS.c.post_key, APPROVED_POSTS.c.post_digest)
    .join(APPROVED_POSTS, APPROVED_POSTS.c.approval == APPROVALS.c.id)
    .where(APPROVED_POSTS.c.post_key.in_(bindparam("posts", expanding=True)))
    .order_by(APPROVALS.c.id)  # of several that name a post the last one read is the newest
)  # fmt: skip
_AMONG = APPROVED_POSTS.c.approval.in_(bindparam("approvals", expanding=True))
_NAMED_BY_EACH = _names(APPROVED_POSTS.c.approval).where(_AMONG)
_CHANGED_OF_EACH = _CHANGED_AT_ALL.with_only_columns(APPROVED_POSTS.c.approval).where(_AMONG).distinct()
_LOG_OF_EACH = (
    select(AUDIT.c.id, AUDIT.c.subject, AUDIT.c.action, AUDIT.c.detail)
    .where(AUDIT.c.subject.in_(bindparam("entries", expanding=True)), looked_at(AUDIT.c.action).in_(("approve", "revoke")))
    .order_by(AUDIT.c.id)
)


def _insert(connection: Connection, approval: Approval, posts: tuple[Post, ...]) -> int:
    values = {"entry": approval.entry, "digest": approval.digest, "author": approval.author, "approver": approval.approver}
    made = new_id(connection.execute(insert(APPROVALS).values(**values, at=approval.at)))
    rows = [{"approval": made, "post_key": post.key, "post_digest": post.digest} for post in posts]
    connection.execute(insert(APPROVED_POSTS), rows)
    return made


def _approval(row: Row[tuple[object, ...]]) -> Approval:
    return Approval(entry=row.entry, digest=row.digest, author=row.author, approver=row.approver, at=row.at)
