"""Gather what needs one person now: decisions about deliveries, what comes back, what waits for a signature, channels cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from desk.proposing import all_proposed
from desk.web.moment_words import short_moment
from desk.web.outlook import Outlook
from desk.web.phrase_book import spoken
from desk.web.review_reader import left_to, waiting_entries
from desk.web.template_waiting_reader import waiting_templates
from desk.web.views.inbox import InboxPage, Kind, Line, kind
from desk.web.views.next_step import advice
from desk.web.views.status import status_of
from editorial.after_step import StepState
from editorial.delivery import Delivery, HoldReason, State
from editorial.role import Person, Right
from editorial.workflow import Stage
from store.halts import channel_scope

ASKED_ABOUT = (State.FAILED, State.HELD, State.UNKNOWN, State.RECONCILING)
STEPS = (
    (Stage.IN_REVIEW, Right.CHECK_FACTS, "check", "Cần bạn kiểm chứng"),
    (Stage.FACT_CHECKED, Right.APPROVE, "approve", "Cần bạn duyệt"),
    (Stage.APPROVED, Right.SCHEDULE, "schedule", "Cần bạn lên lịch"),
)
RECENTLY = timedelta(days=14)
# What became of an entry that somebody wrote, and what they may do now.
ENDS = (
    (Stage.CHANGES_REQUESTED, "sent-back", "Bài được gửi lại để bạn sửa", "người xem bài yêu cầu sửa; sửa xong hãy trình lại"),
    (Stage.REJECTED, "rejected", "Bài của bạn bị từ chối", "muốn viết lại, hãy mở lại bài ở trang duyệt rồi sửa và trình"),
    (Stage.EXPIRED, "expired", "Bài đã qua giờ đăng mà chưa ai ký", "hãy dời giờ đăng trong lịch rồi trình lại"),
)
_LOOK = frozenset({Right.READ, Right.COMMENT})


def read_inbox(outlook: Outlook, person: Person) -> InboxPage:
    """Return what needs the person, the most pressing kinds first."""
    kinds = (*_channels(outlook, person), *_deliveries(outlook, person), *_sent_back(outlook, person), *_queue(outlook, person),
             *_corrections(outlook, person), *_templates(outlook, person))  # fmt: skip
    return InboxPage(name=person.name, kinds=tuple(each for each in kinds if each.count), looks_on=not person.rights - _LOOK)


def _channels(outlook: Outlook, person: Person) -> Iterator[Kind]:
    """Yield the channels that have lost their access."""
    if not person.may(Right.MANAGE):
        return
    names = {channel_scope(each.id): each.name for each in outlook.bench.content.office.channels.values()}
    cut_off = (halt for halt in outlook.bench.store.halts.standing() if halt.reason is HoldReason.AUTH)
    lines = (
        Line(headline=names.get(halt.scope, halt.scope), link="/pauses",
             more=spoken(f"mất kết nối từ {short_moment(halt.at)}: {halt.why}"))
        for halt in cut_off
    )  # fmt: skip
    yield kind("channels", "Kênh cần kết nối lại", "pulse", lines, "/pauses")


def _deliveries(outlook: Outlook, person: Person) -> Iterator[Kind]:
    """Yield what waits for a decision, and what may be public or not, for whoever decides about it."""
    if not person.may(Right.PAUSE):
        return
    store = outlook.bench.store
    found = store.deliveries.list(states=ASKED_ABOUT)
    said = store.steps.list(states=(StepState.HELD,))
    asked = {step.delivery for step in said} - {each.id for each in found}
    below = tuple(store.deliveries.get(id) for id in sorted(asked))
    headlines = outlook.headlines(each.entry for each in (*found, *below))
    what = [*((each, advice(each)) for each in found), *((each, "Bình luận đầu chờ bạn quyết định.") for each in below)]
    lines = (_delivery(outlook, each, headlines.get(each.entry, each.entry), words) for each, words in what)
    yield kind("deliveries", "Lượt đăng cần bạn quyết định", "held", lines, "/deliveries")


def _delivery(outlook: Outlook, delivery: Delivery, headline: str, what: str) -> Line:
    channels = outlook.bench.content.office.channels
    channel = channels[delivery.channel].name if delivery.channel in channels else delivery.channel
    more = f"{channel}, {short_moment(delivery.due_at)} · {spoken(status_of(delivery).label)}: {spoken(what)}"
    return Line(headline=headline, link=f"/deliveries/{delivery.id}", more=more)


def _sent_back(outlook: Outlook, person: Person) -> Iterator[Kind]:
    """Yield the person's own entries that somebody wants changed, does not want at all, or that nobody signed in time."""
    if not person.may(Right.WRITE):
        return
    workflow, entries = outlook.bench.store.workflow, outlook.bench.content.entries
    since = outlook.bench.clock.now() - RECENTLY
    for stage, id, title, what in ENDS:
        own = [each.entry for each in workflow.at((stage,)) if each.author == person.id and each.entry in entries]
        last = {entry: workflow.steps(entry)[-1] for entry in own}
        if stage is not Stage.CHANGES_REQUESTED:  # which asks for something; the others are told, and in time that is enough
            own = [entry for entry in own if last[entry].at >= since]
        headlines = outlook.headlines(own)
        lines = [
            Line(headline=headlines[entry], link=f"/review/{entry}", left=left_to(outlook, entry),
                 more=" · ".join(filter(None, (last[entry].why, spoken(what)))))
            for entry in own
        ]  # fmt: skip
        yield kind(id, title, "note", lines, "/review")


def _queue(outlook: Outlook, person: Person) -> Iterator[Kind]:
    """Yield what others have handed in and this person may take a step on."""
    if not any(person.may(right) for _, right, _, _ in STEPS):
        return
    waiting = waiting_entries(outlook)
    headlines, office = outlook.headlines(each.entry for each in waiting), outlook.bench.content.office
    for stage, right, id, title in STEPS:
        if not person.may(right):
            continue
        own = right is not Right.SCHEDULE  # whoever wrote it may schedule it, and neither checks nor signs it
        here = [each for each in waiting if each.stage is stage and not (own and each.author == person.id)]
        lines = [
            Line(headline=headlines[each.entry], link=f"/review/{each.entry}",
                 more=spoken(f"{office.name_of(each.author)} trình"),
                 left=left_to(outlook, each.entry))
            for each in here
        ]  # fmt: skip
        lines.sort(key=lambda line: line.left.machine if line.left else "9999")
        yield kind(id, title, "signed", lines, f"/review?step={stage.value}")


def _templates(outlook: Outlook, person: Person) -> Iterator[Kind]:
    """Yield the templates that others have handed in."""
    if not person.may(Right.APPROVE):
        return
    lines = (
        Line(headline=each.name, link=f"/templates/{each.id}/versions#approval", more=spoken(f"{each.author} trình, {each.at}"))
        for each in waiting_templates(outlook.bench)
        if each.author and each.by != person.id
    )
    yield kind("templates", "Mẫu chờ bạn duyệt", "picture", lines, "/review")


def _corrections(outlook: Outlook, person: Person) -> Iterator[Kind]:
    """Yield the corrections of facts that wait for a second person's signature."""
    if not person.may(Right.APPROVE):
        return
    office = outlook.bench.content.office
    lines = (
        Line(headline=f"{each.fact} → {each.value}", link=f"/facts/{each.fact}#correction",
             more=spoken(f"{office.name_of(each.author)} đề nghị, {short_moment(each.at)}: {each.why}"))
        for each in all_proposed(outlook.bench.store)
        if each.author != person.id
    )  # fmt: skip
    yield kind("corrections", "Đính chính chờ bạn ký", "signed", lines, "/review")
