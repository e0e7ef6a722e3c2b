"""Hand in and approve: the steps between a finished entry and a scheduled delivery, the same for pages, commands and the demo."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from desk.workbench import Workbench
from editorial.approval import Approval, approve, package_digest
from editorial.move import past_due
from editorial.plan import Plan, PlannedSlot
from editorial.post import Medium, Post
from editorial.problem import Problem
from store.media import MediaStore
from studio.rendition import Rendition


def make_posts(bench: Workbench, slots: Iterable[PlannedSlot], renditions: Mapping[str, Rendition]) -> tuple[Post, ...]:
    """Return the posts of the slots, their media kept under their digests."""
    return tuple(keep_media(bench.workspace.production.post(slot, renditions), bench.media) for slot in slots)


def keep_media(post: Post, media: MediaStore) -> Post:
    """Return the post with its media in the media store, where nothing overwrites them."""
    return replace(post, media=tuple(_kept(medium, media) for medium in post.media))


def problems_of(bench: Workbench, entry: str, posts: Iterable[Post]) -> tuple[Problem, ...]:
    """Return what stands against an entry's posts: what a platform would refuse, what no fact bears out, what is too late."""
    ready = tuple(posts)
    refused = tuple(problem for post in ready for problem in bench.manifests[post.channel].check(post))
    slots = bench.workspace.plan.of(entry)
    certificate = bench.workspace.production.certificate(bench.content.entries[entry], slots)
    return (*refused, *certificate.problems, *_past_due(bench, slots, {post.key for post in ready}))


def _past_due(bench: Workbench, slots: Iterable[PlannedSlot], keys: Collection[str]) -> tuple[Problem, ...]:
    """Return the slots that had passed before they were ever scheduled; the dispatcher holds what is scheduled and late."""
    asked = Plan(slots=tuple(slot for slot in slots if slot.key in keys), problems=())
    known = {key for key in keys if bench.store.deliveries.by_key(key) is not None}
    return past_due(asked, bench.content, bench.clock.now(), known)


def submit(bench: Workbench, entry: str, posts: tuple[Post, ...], *, author: str) -> None:
    """Hand an entry's posts in for approval; safe to repeat."""
    bench.store.entries.save(bench.content.entries[entry])
    signed = package_digest(posts)
    before = bench.store.submissions.latest(entry)
    if before is None or before.digest != signed:
        bench.store.submissions.save(entry, signed, author)
        bench.store.audit.write(author, "submit", entry, signed)


def approve_and_schedule(bench: Workbench, entry: str, posts: tuple[Post, ...], *, author: str, approver: str) -> Approval:
    """Approve an entry's posts as they stand and schedule their deliveries; raise BadInput when a problem stands.

    Safe to repeat: posts that are approved with these very bytes are left as they are.
    """
    before = bench.store.approvals.latest(entry)
    if before is not None and before.digest == package_digest(posts):
        approval = before
    else:
        problems = problems_of(bench, entry, posts)
        approval = approve(posts, problems, author=author, approver=approver, at=bench.clock.now())
        bench.store.approvals.save(approval, posts)
        bench.store.audit.write(approver, "approve", entry, approval.digest)
    for post in posts:
        bench.store.deliveries.plan(post)
    return approval


def _kept(medium: Medium, media: MediaStore) -> Medium:
    return replace(
        medium,
        path=media.put(medium.path, medium.path.suffix),
        subtitles=_side(medium.subtitles, media),
        poster=_side(medium.poster, media),
    )


def _side(path: Path | None, media: MediaStore) -> Path | None:
    return media.put(path, path.suffix) if path else None
