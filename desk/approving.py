"""From a finished entry to scheduled deliveries: handed in, fact-checked, signed, scheduled; the same for pages and commands.

Each step is one person's and asks for their right. What was handed in is known by its bytes: once a word, a picture, a moment
or a channel reads otherwise, the entry is a draft again and nothing of it goes out until it is signed anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from desk.rendering import HowFar, render_all
from desk.signed_media import Signed, signed_media
from desk.template_standing import drawn_unapproved
from desk.triage import may_go, unsent
from desk.workbench import Workbench
from editorial.approval import Approval, approve, package_digest
from editorial.changes import Change, entry_changes, package_changes
from editorial.correction import split_key
from editorial.delivery import Delivery
from editorial.move import past_due
from editorial.plan import Plan, PlannedSlot
from editorial.post import Medium, Post
from editorial.problem import BadInput, Problem, Severity
from editorial.role import MACHINE, Person
from editorial.source import source_of
from editorial.workflow import UNDER_WAY, Action, Progress, Stage, ask_another, seen_now, take
from scheduler.engines.contract import Engine
from store.media import MediaStore
from store.workflow import Taking
from studio.rendition import Rendition


def make_posts(
    bench: Workbench, slots: Iterable[PlannedSlot], renditions: Mapping[str, Rendition], signed: Signed | None = None
) -> tuple[Post, ...]:
    """Return the posts of the slots, their media kept under their digests; those that are `signed` stay as they are."""
    post, kept = bench.workspace.production.post, signed or {}
    return tuple(keep_media(post(slot, renditions, kept.get(slot.key, {})), bench.media) for slot in slots)


def posts_to_come(bench: Workbench, entry: str, engine: Engine, progress: HowFar | None = None) -> tuple[Post, ...]:
    """Return the entry's posts as they would go out now, rendered, without those that have gone out or may have."""
    slots = [slot for slot in bench.workspace.plan.of(entry) if may_go(bench.store, slot.key)]
    return draw_posts(bench, entry, slots, engine, progress)


def draw_posts(
    bench: Workbench, entry: str, slots: Collection[PlannedSlot], engine: Engine, progress: HowFar | None = None
) -> tuple[Post, ...]:
    """Return the posts of an entry's slots, rendered.

    A picture that was signed and would differ by its template alone is not drawn again: what was signed goes out.
    """
    orders = bench.workspace.production.orders(slots)
    signed = signed_media(bench, entry, orders, {slot.channel: slot.key for slot in slots})
    kept = {(slot.channel, medium) for slot in slots for medium in signed.get(slot.key, ())}
    wanted = [order for order in orders if (order.channel, order.medium) not in kept]
    made = render_all(bench.workspace.studio, wanted, engine, progress)
    return make_posts(bench, slots, made, signed)


def keep_media(post: Post, media: MediaStore) -> Post:
    """Return the post with its media in the media store, where nothing overwrites them."""
    media.bring(post)
    return replace(post, media=tuple(_kept(medium, media) for medium in post.media))


def problems_of(bench: Workbench, entry: str, posts: Iterable[Post]) -> tuple[Problem, ...]:
    """Return what stands against an entry's posts: of platforms, of pictures and their templates, of facts, of time."""
    ready = tuple(posts)
    refused = tuple(problem for post in ready for problem in bench.manifests[post.channel].check_media(post))
    keys = {post.key for post in ready}
    shown = bench.workspace.production.check(slot for slot in bench.workspace.plan.of(entry) if slot.key in keys)
    certificate = bench.workspace.certificate_of(entry)
    unapproved = _drawn_unapproved(bench, entry, ready)
    return (*refused, *shown, *unapproved, *certificate.problems, *past_due_of(bench, entry, ready))


def _drawn_unapproved(bench: Workbench, entry: str, posts: tuple[Post, ...]) -> tuple[Problem, ...]:
    templates = bench.workspace.templates
    return tuple(drawn_unapproved(bench.content, templates, bench.store, bench.content.entries[entry], posts))


def standing(bench: Workbench, entry: str, posts: tuple[Post, ...]) -> Progress:
    """Return where the entry stands with these very bytes: a draft where others were handed in or signed."""
    progress = seen_now(bench.store.workflow.of(entry), bench.content.entries[entry].revision)
    if progress.stage in UNDER_WAY and _reads_otherwise(bench, entry, posts, progress.stage):
        return replace(progress, stage=Stage.DRAFT, author="", checker="")
    return progress


def _reads_otherwise(bench: Workbench, entry: str, posts: tuple[Post, ...], stage: Stage) -> bool:
    if stage is Stage.SCHEDULED:  # some have gone out and are not handed in any more
        nobody_signs = bool(posts) and bench.store.approvals.latest(entry) is None
        return nobody_signs or bool(changes_since_signed(bench, entry, posts))
    handed_in = bench.store.submissions.latest(entry)
    return handed_in is None or handed_in.digest != package_digest(posts)


def submit(bench: Workbench, entry: str, posts: tuple[Post, ...], person: Person, *, version: int | None = None) -> Progress:
    """Hand an entry's posts in for review; raise BadInput when these very bytes are under way already.

    Raise it also where nobody has approved a template that draws them: nobody reviews what may not go out.
    """
    void_what_changed(bench, entry, posts)
    before = bench.store.workflow.of(entry)
    _may(bench, before, Action.SUBMIT, person, version)
    _stop_on(_drawn_unapproved(bench, entry, posts))
    bench.store.entries.save(bench.content.entries[entry])
    step = Taking(action=Action.SUBMIT, person=person, revision=bench.content.entries[entry].revision, version=before.version)
    bench.store.submissions.save(entry, package_digest(posts), person.id, posts=posts, step=step)
    return bench.store.workflow.of(entry)


def check_facts(
    bench: Workbench, entry: str, posts: tuple[Post, ...], person: Person, *, version: int | None = None, why: str = ""
) -> Progress:  # fmt: skip
    """Confirm that every figure was held against its source; raise BadInput while the consistency check finds an error."""
    before = _same_bytes(bench, entry, posts)
    _may(bench, before, Action.CHECK, person, version)
    ask_another(entry, person, bench.store.submissions.authors(entry, package_digest(posts)))
    certificate = bench.workspace.production.certificate(bench.content.entries[entry], bench.workspace.plan.of(entry))
    _stop_on(certificate.problems)
    revision = bench.content.entries[entry].revision
    return bench.store.workflow.take(entry, Action.CHECK, person, revision=revision, version=before.version, why=why)


def sign(
    bench: Workbench, entry: str, posts: tuple[Post, ...], person: Person, *, version: int | None = None, why: str = ""
) -> Approval:  # fmt: skip
    """Approve the posts, byte for byte; raise BadInput when a problem stands or a step before this one is missing."""
    before = _same_bytes(bench, entry, posts)
    _may(bench, before, Action.APPROVE, person, version)
    ask_another(entry, person, bench.store.submissions.authors(entry, package_digest(posts)))
    problems = problems_of(bench, entry, posts)
    approval = approve(posts, problems, author=before.author, approver=person.id, at=bench.clock.now())
    revision = bench.content.entries[entry].revision
    # What was compared with these bytes is this very version: one that was handed in meanwhile is another.
    step = Taking(action=Action.APPROVE, person=person, revision=revision, version=before.version, why=why)
    bench.store.sources.keep(posts, source_of(bench.content, entry))
    bench.store.approvals.save(approval, posts, step=step)
    return approval


def schedule(
    bench: Workbench, entry: str, posts: tuple[Post, ...], person: Person, *, version: int | None = None
) -> Progress:  # fmt: skip
    """Put the approved posts into the ledger, each at its moment, all of them or none."""
    before = _same_bytes(bench, entry, posts)
    _may(bench, before, Action.SCHEDULE, person, version)
    for left in _left_out(bench, entry, {post.key for post in posts}):
        bench.store.decisions.cancel(left.id, who=person.id, why="mục không còn đăng trên kênh này")
    revision = bench.content.entries[entry].revision
    step = Taking(action=Action.SCHEDULE, person=person, revision=revision, version=before.version)
    bench.store.deliveries.plan_together(posts, step=step)
    return bench.store.workflow.of(entry)


def _left_out(bench: Workbench, entry: str, keys: Collection[str]) -> Iterator[Delivery]:
    """Yield what is in the ledger from an earlier approval and is not among the posts any more."""
    for delivery in unsent(bench.store, entry):
        if delivery.post_key not in keys and split_key(delivery.post_key)[1] == 1:
            yield delivery


def void_what_changed(bench: Workbench, entry: str, posts: tuple[Post, ...]) -> tuple[Change, ...]:
    """Take back what was handed in or approved where it reads otherwise now; return what differs."""
    before = bench.store.workflow.of(entry)
    if before.stage not in UNDER_WAY or standing(bench, entry, posts).stage in UNDER_WAY:
        return ()
    changes = changes_since_signed(bench, entry, posts)
    changes = (*changes, *changes_of_entry(bench, entry, before.revision, shown=bool(changes)))
    why = summary(changes) or "nội dung đã đổi sau khi trình"
    bench.store.workflow.take(entry, Action.VOID, MACHINE, revision=before.revision, why=why)
    return changes


def changes_since_signed(bench: Workbench, entry: str, posts: tuple[Post, ...]) -> tuple[Change, ...]:
    """Return field by field how the posts to come differ from the signed ones; nothing where no approval stands.

    A post that was moved or corrected since reads otherwise in the ledger, but was signed as the workspace has it: no change.
    """
    signed = {post.key: post for post in signed_to_come(bench, entry)}
    fresh = {post.key: post for post in posts if not bench.store.approvals.signs(post.key, post.digest)}
    gone = signed.keys() - {post.key for post in posts}
    before = [post for key, post in signed.items() if key in fresh or key in gone]
    return package_changes(before, fresh.values()) if bench.store.approvals.latest(entry) else ()


def changes_of_entry(bench: Workbench, entry: str, revision: str, *, shown: bool) -> tuple[Change, ...]:
    """Return field by field how the entry differs from a revision that was handed in; nothing where that was not kept."""
    said = bench.store.entries.said(entry, revision)
    return entry_changes(said, bench.content.entries[entry], shown=shown) if said is not None else ()


def signed_to_come(bench: Workbench, entry: str) -> tuple[Post, ...]:
    """Return what the newest standing approval signed of the entry's own posts and has not gone out."""
    approval = bench.store.approvals.latest(entry)
    signed = bench.store.approvals.posts(approval) if approval else ()
    return tuple(post for post in signed if split_key(post.key)[1] == 1 and may_go(bench.store, post.key))


def summary(changes: Iterable[Change]) -> str:
    """Return which fields of which posts changed, for the log."""
    return "đã đổi: " + ", ".join(dict.fromkeys(f"{change.post} {change.field}" for change in changes)) if changes else ""


def _may(bench: Workbench, before: Progress, action: Action, person: Person, version: int | None) -> None:
    """Raise BadInput, before anything is written, when the step may not be taken."""
    take(before, action, person, revision=bench.content.entries[before.entry].revision, version=version, why="-")


def _same_bytes(bench: Workbench, entry: str, posts: tuple[Post, ...]) -> Progress:
    """Return where the entry stands; raise BadInput where the posts read otherwise than what was handed in or signed."""
    before = bench.store.workflow.of(entry)
    if before.stage in UNDER_WAY and standing(bench, entry, posts).stage is Stage.DRAFT:
        message = "nội dung, hình, giờ hoặc kênh đã đổi sau khi trình; hãy trình lại (./loa workflow MÃ --do submit)"
        raise BadInput(Problem(rule="changed-since", message=f"{entry}: {message}"))
    return before


def _stop_on(problems: Iterable[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise BadInput(*errors)


def past_due_of(bench: Workbench, entry: str, posts: Iterable[Post]) -> tuple[Problem, ...]:
    """Return the posts whose moment passed before they were ever scheduled: what is scheduled and late the dispatcher holds."""
    keys = {post.key for post in posts}
    asked = Plan(slots=tuple(slot for slot in bench.workspace.plan.of(entry) if slot.key in keys), problems=())
    known = keys & bench.store.deliveries.keys_of([entry]) if keys else keys
    return past_due(asked, bench.content, bench.clock.now(), known)


def _kept(medium: Medium, media: MediaStore) -> Medium:
    return replace(
        medium,
        path=media.put(medium.path, medium.path.suffix),
        subtitles=_side(medium.subtitles, media),
        poster=_side(medium.poster, media),
    )


def _side(path: Path | None, media: MediaStore) -> Path | None:
    return media.put(path, path.suffix) if path is not None else None
