"""Gather the review pages from the plan, what was handed in and what was signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from desk.approving import problems_of
from desk.certificate import certificate_values
from desk.last_approval import LastApproval, last_approval
from desk.proposing import all_proposed
from desk.web.moment_words import machine_moment, moment_words, short_moment
from desk.web.outlook import Outlook
from desk.web.post_words import markup, shown_title, source
from desk.web.prose import headline, written_out
from desk.web.template_waiting_reader import unapproved_ids, waiting_templates
from desk.web.views.entry import counts, picture
from desk.web.views.mark import Mark, mark
from desk.web.views.review import (
    STEP_WORDS,
    CaptionChange,
    Deed,
    LastSigned,
    PictureChange,
    PostView,
    QueuePage,
    QueueRow,
    ReviewPage,
    StepLine,
    TimeLeft,
    Waiting,
    caption_changes,
    field_words,
    kinds_of,
    name_of,
    time_left,
    told_by_machine,
    word_changes,
)
from desk.workbench import Workbench
from editorial.approval import package_digest
from editorial.changes import package_changes
from editorial.fact_words import words
from editorial.post import Medium, Post
from editorial.problem import Problem
from editorial.role import MACHINE
from editorial.workflow import ACTION_WORDS, NEEDED, STAGE_WORDS, STEPS, UNDER_WAY, Action, Progress, Stage, seen_now
from store.workflow import StepTaken

PAGE = 50
_NOTHING = Markup("")
_SAID = frozenset({Action.COMMENT, Action.REQUEST_CHANGES, Action.REJECT, Action.CHECK, Action.APPROVE})
WAITING = tuple(STEP_WORDS)  # the stages at which an entry waits for a second person
_DEEDS = (
    (Action.CHECK, "Kiểm chứng xong", "Xác nhận đã kiểm chứng", "Ghi chú, nếu cần", False),
    (Action.APPROVE, "Duyệt", "Duyệt bản này", "Ghi chú, nếu cần", False),
    (Action.SCHEDULE, "Lên lịch", "Đưa vào lịch đăng", "", False),
    (Action.REQUEST_CHANGES, "Yêu cầu sửa", "Gửi lại cho người soạn", "Cần sửa gì", True),
    (Action.REJECT, "Từ chối", "Từ chối mục này", "Vì sao từ chối", True),
    (Action.VOID, "Rút lại", "Rút lại để sửa", "Vì sao rút lại", True),
    (Action.REOPEN, "Mở lại", "Mở lại thành bản nháp", "Vì sao mở lại", True),
)
_WRITERS = frozenset({Action.VOID, Action.REOPEN})  # nothing that a reviewer is missing
_CLOSED = frozenset({Stage.REJECTED, Stage.WITHDRAWN})  # nothing is handed in before somebody has opened these again


@dataclass(frozen=True, kw_only=True)
class QueueFilters:
    """What the queue is narrowed to; None is everything."""

    stage: Stage | None = None
    unit: str | None = None

    @property
    def any(self) -> bool:
        return bool(self.stage or self.unit)


def read_queue(outlook: Outlook, filters: QueueFilters, page: int) -> QueuePage:
    """Return one page of what waits for a second person, the entry whose first post is nearest first."""
    waiting = waiting_entries(outlook)
    kept = [each for each in waiting if _passes(outlook, each, filters)]
    firsts = {each.entry: _first(outlook, each.entry) for each in kept}
    kept.sort(key=lambda each: (firsts[each.entry] or _LAST, each.entry))
    pages = max(1, -(-len(kept) // PAGE))
    shown = min(max(page, 1), pages)
    part = kept[(shown - 1) * PAGE : shown * PAGE]
    lefts = {each.entry: left_to(outlook, each.entry) for each in part}
    return QueuePage(
        rows=tuple(_queue_rows(outlook, part, lefts)),
        corrections=tuple(_corrections(outlook)),
        templates=waiting_templates(outlook.bench),
        counts=Counter(each.stage for each in waiting),
        total=len(waiting),
        page=shown,
        pages=pages,
    )


def waiting_entries(outlook: Outlook) -> list[Progress]:
    """Return what waits and still says what was handed in; another word, and its author has to hand it in anew."""
    entries = outlook.bench.content.entries
    known = (each for each in outlook.bench.store.workflow.at(WAITING) if each.entry in entries)
    return [each for each in known if seen_now(each, entries[each.entry].revision).stage is each.stage]


def _passes(outlook: Outlook, progress: Progress, filters: QueueFilters) -> bool:
    unit = outlook.bench.content.entries[progress.entry].unit
    return filters.stage in (None, progress.stage) and filters.unit in (None, unit)


def left_to(outlook: Outlook, entry: str) -> TimeLeft | None:
    """Return the time to the first post that is still to come, else since the last one."""
    first = _first(outlook, entry)
    return time_left(first, outlook.bench.clock.now()) if first else None


def _first(outlook: Outlook, entry: str) -> datetime | None:
    now, moments = outlook.bench.clock.now(), sorted(slot.at for slot in outlook.bench.slots_of(entry))
    return next((moment for moment in moments if moment > now), moments[-1] if moments else None)


_LAST = datetime.max.replace(tzinfo=UTC)


def _queue_rows(outlook: Outlook, part: Iterable[Progress], lefts: Mapping[str, TimeLeft | None]) -> Iterator[QueueRow]:
    known = list(part)
    store, content = outlook.bench.store, outlook.bench.content
    handed_in = store.submissions.newest([each.entry for each in known])
    posts = store.submissions.packages([each.id for each in handed_in.values()])
    signed = store.approvals.newest_packages([each.entry for each in known])
    unapproved = unapproved_ids(outlook.bench)
    for each in known:
        entry, submission = content.entries[each.entry], handed_in.get(each.entry)
        new = posts.get(submission.id, ()) if submission else ()
        old = signed.get(each.entry)
        keys = {post.key for post in new}
        kinds = ("mới",) if old is None else kinds_of(package_changes([post for post in old if post.key in keys], new))
        yield QueueRow(
            entry=each.entry,
            headline=headline(content, entry),
            unit=content.office.units[entry.unit].name,
            step=STEP_WORDS[each.stage],
            stage=each.stage,
            kinds=kinds or ("như bản đã duyệt",),
            author=content.office.name_of(each.author),
            handed_in=short_moment(submission.at) if submission else "",
            left=lefts[each.entry],
            channels=tuple(mark(content.office, channel) for channel in entry.channels),
            is_drawn_unapproved=each.stage is not Stage.APPROVED and any(of.template in unapproved for of in entry.media),
        )


def _corrections(outlook: Outlook) -> Iterator[Waiting]:
    office, facts = outlook.bench.content.office, outlook.bench.content.facts
    for each in all_proposed(outlook.bench.store):
        said = words(facts[each.fact], "vi") if each.fact in facts else each.fact
        yield Waiting(fact=each.fact, words=f"{said} → {each.value}", author=office.name_of(each.author),
                      at=short_moment(each.at))  # fmt: skip


def handed_in_posts(bench: Workbench, progress: Progress) -> tuple[Post, ...] | None:
    """Return what an entry under way was handed in with; None where it says other words now, or nobody kept them."""
    entry = bench.content.entries[progress.entry]
    if seen_now(progress, entry.revision).stage not in UNDER_WAY:
        return None
    submission = bench.store.submissions.latest(progress.entry)
    return (bench.store.submissions.posts(submission.id) or None) if submission else None


def read_review(outlook: Outlook, bench: Workbench, id: str, posts: tuple[Post, ...] | None) -> ReviewPage:
    """Return an entry's review page; `posts` are those that would go out now, where they were not handed in.

    Without posts, as while they are being made, the page has the words of the steps and nothing to compare.
    """
    progress = bench.store.workflow.of(id)
    return _Reader(outlook, bench, id, progress).page(handed_in_posts(bench, progress), posts)


@dataclass(frozen=True)
class _Reader:
    """Read one entry for one page."""

    outlook: Outlook
    bench: Workbench
    id: str
    progress: Progress

    def page(self, handed_in: tuple[Post, ...] | None, made: tuple[Post, ...] | None) -> ReviewPage:
        content, entry = self.bench.content, self.bench.content.entries[self.id]
        posts = handed_in if handed_in is not None else made or ()
        stage = seen_now(self.progress, entry.revision).stage
        last = last_approval(self.bench, self.id, posts) if posts else None
        changed = last.changes if last else ()
        pictures = tuple(self._pictures(last, posts))
        steps = self.bench.store.workflow.steps(self.id)
        known = made is not None or handed_in is not None
        return ReviewPage(
            entry=self.id,
            headline=headline(content, entry),
            summary=written_out(entry.messages["vi"].summary, content.facts_of(entry)),
            stage=stage,
            stage_words=STEP_WORDS.get(stage) or STAGE_WORDS[stage].capitalize(),
            unit=content.office.units[entry.unit].name,
            author=content.office.name_of(self.progress.author) if self.progress.author else "",
            version=self.progress.version,
            digest=package_digest(posts) if handed_in is not None else "",
            left=left_to(self.outlook, self.id),
            is_handed_in=handed_in is not None,
            last=self._last(last),
            words=word_changes(changed, self._marks()),
            pictures=tuple(each for each in pictures if not _same(each)),
            unchanged=tuple(each for each in pictures if _same(each)),
            posts=tuple(self._posts(posts, {change.post for change in changed} if last else frozenset())),
            certificate=certificate_values(self.bench.workspace, self.id) if known else None,
            problems=self._problems(posts),
            comments=tuple(self._step(each) for each in steps if each.action in _SAID and each.why),
            steps=tuple(self._step(each) for each in reversed(steps)),
            deeds=tuple(self._deeds(stage)) if handed_in is not None or stage in _CLOSED else (),
            fields=tuple(dict.fromkeys(_nameable(posts, self._marks()))),
        )

    def _marks(self) -> Mapping[str, Mark]:
        return {channel: mark(self.bench.content.office, channel) for channel in self.bench.content.entries[self.id].channels}

    def _last(self, last: LastApproval | None) -> LastSigned | None:
        if last is None:
            return None
        office, signature = self.bench.content.office, last.signature
        ended = ""
        if signature.ended_at is not None:
            ended = f"{moment_words(signature.ended_at)}, {name_of(office, signature.ended_by)}: {told_by_machine(signature.why)}"
        approval = signature.approval
        return LastSigned(author=office.name_of(approval.author), approver=office.name_of(approval.approver),
                          at=moment_words(approval.at), digest=approval.digest, ended=ended)  # fmt: skip

    def _pictures(self, last: LastApproval | None, posts: tuple[Post, ...]) -> Iterator[PictureChange]:
        """Yield each picture once, with the channels that show it, beside what was approved in its place."""
        old, new = _media(last.posts if last else ()), _media(posts)
        marks, keys = self._marks(), {post.key for post in posts}
        together: dict[tuple[str, str, str], list[str]] = {}
        for place in dict.fromkeys((*(place for place in old if place[0] in keys), *new)):
            was, now = old.get(place), new.get(place)
            alike = (place[1], _bytes(was), _bytes(now))
            together.setdefault(alike, []).append(place[0])
        channels = {post.key: post.channel for post in (*(last.posts if last else ()), *posts)}
        for (id, _, _), found in together.items():
            was, now = old.get((found[0], id)), new.get((found[0], id))
            yield PictureChange(
                id=id,
                channels=tuple(marks[channels[key]] for key in found if channels[key] in marks),
                before=picture(was) if was else None,
                after=picture(now) if now else None,
                captions=self._captions(was, now),
            )

    def _captions(self, was: Medium | None, now: Medium | None) -> tuple[CaptionChange, ...]:
        if was is None or now is None or was.subtitles_sha256 == now.subtitles_sha256:
            return ()
        return caption_changes(self._subtitles(was), self._subtitles(now))

    def _subtitles(self, medium: Medium) -> str:
        path = self.bench.media.named(f"{medium.subtitles_sha256}.srt")
        return path.read_text(encoding="utf-8") if path else ""

    def _posts(self, posts: tuple[Post, ...], changed: frozenset[str] | set[str]) -> Iterator[PostView]:
        for post in posts:
            channel, manifest = self.bench.content.office.channels[post.channel], self.bench.manifests[post.channel]
            yield PostView(
                mark=mark(self.bench.content.office, post.channel),
                account=channel.handle or channel.name,
                at=moment_words(post.due_at),
                language=post.variant.language,
                title=shown_title(post, manifest),
                text=post.variant.text,
                markup=markup(post) if source(post) else _NOTHING,
                pictures=tuple(picture(medium) for medium in post.media),
                counts=counts(post, manifest),
                digest=post.digest,
                changed=post.key in changed,
            )

    def _problems(self, posts: tuple[Post, ...]) -> tuple[Problem, ...]:
        return tuple(dict.fromkeys(problems_of(self.bench, self.id, posts))) if posts else ()

    def _step(self, step: StepTaken) -> StepLine:
        who = name_of(self.bench.content.office, step.who)
        by_hand = step.action is Action.VOID and step.who != MACHINE.id
        words = "rút lại" if by_hand else ACTION_WORDS[step.action]
        return StepLine(who=who, at=moment_words(step.at), machine_at=machine_moment(step.at), words=words,
                        why=told_by_machine(step.why), comment=step.action is Action.COMMENT)  # fmt: skip

    def _deeds(self, stage: Stage) -> Iterator[Deed]:
        for action, label, button, why, needs_why in _DEEDS:
            if (stage, action) in STEPS and (stage, action) != (Stage.SCHEDULED, Action.VOID):  # a pause holds what is scheduled
                yield Deed(action=action, label=label, button=button, why=why, needs_why=needs_why, right=NEEDED[action].name,
                           main=not needs_why or action is Action.REOPEN, writers=action in _WRITERS)  # fmt: skip


def _media(posts: Iterable[Post]) -> dict[tuple[str, str], Medium]:
    """Return every picture and clip by the key of its post and its own id."""
    return {(post.key, medium.id): medium for post in posts for medium in post.media}


def _bytes(medium: Medium | None) -> str:
    """Return what of a picture or clip would look or sound otherwise."""
    return f"{medium.sha256} {medium.poster_sha256} {medium.subtitles_sha256}" if medium else ""


def _same(change: PictureChange) -> bool:
    return change.before is not None and change.before == change.after


def _nameable(posts: Iterable[Post], marks: Mapping[str, Mark]) -> Iterator[str]:
    """Yield what a request for changes may be about: each field of each channel's post, in the page's words."""
    for post in posts:
        name = marks[post.channel].name if post.channel in marks else post.channel
        fields = (field for field in ("title", "text", "html", "hashtags", "due_at") if field == "due_at" or _has(post, field))
        yield from (f"{name}: {field_words(field)}" for field in fields)
        for medium in post.media:
            yield from (f"ảnh, clip “{medium.id}”", field_words(f"media.{medium.id}.alt"))


def _has(post: Post, field: str) -> bool:
    return bool(getattr(post.variant, field))
