"""Gather an entry's page from the content, the plan and what Loa remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from desk.web.delivery_reader import read_comment
from desk.web.moment_words import moment_words
from desk.web.month import month_of
from desk.web.outlook import Outlook
from desk.web.post_words import markup, shown_title, source
from desk.web.prose import body_html, quoted_facts, written_out
from desk.web.views.comment import planned_words
from desk.web.views.deliveries import DeliveryRow, ReadingRow, Rows, reading_row
from desk.web.views.entry import (
    ChannelPanel,
    ChannelTab,
    EntryPage,
    MessageSection,
    Signature,
    counts,
    fact_rows,
    picture,
    schedules,
)
from desk.web.views.mark import Mark, mark
from desk.web.views.standing import Standing
from desk.web.views.status import Status, most_pressing
from editorial.approval import Approval
from editorial.delivery import Delivery
from editorial.entry import Entry
from editorial.office import Office
from editorial.post import Post
from editorial.tone import Tone
from editorial.workflow import Action, Stage
from store.errors import Tampered

_TONES = {Tone.FESTIVE: "Không khí: vui, lễ hội", Tone.SOLEMN: "Không khí: trang nghiêm", Tone.NEUTRAL: "Không khí: trung tính"}


# What was withdrawn is shown as such, unless a copy of it still needs somebody.
_AT_REST = frozenset({Status.DRAFT, Status.READY, Status.PUBLISHED, Status.VERIFIED, Status.STOPPED})


def _status(statuses: tuple[Status, ...], withdrawn: bool) -> Status:
    pressing = most_pressing(statuses) if statuses else Status.DRAFT
    return Status.WITHDRAWN if withdrawn and pressing in _AT_REST else pressing


def read_entry(outlook: Outlook, entry: Entry, channel: str) -> EntryPage:
    """Return the page of an entry, opened at one of its channels."""
    return _EntryReader(outlook, entry).page(channel)


@dataclass(frozen=True)
class _EntryReader:
    """Read one entry for one page."""

    outlook: Outlook
    entry: Entry

    def page(self, channel: str) -> EntryPage:
        bench, entry = self.outlook.bench, self.entry
        office = bench.content.office
        found = self.outlook.of_entry(entry.id)
        unit = office.units[entry.unit]
        statuses = {each.slot.channel: each.status for each in found}
        approval = bench.store.approvals.latest(entry.id)
        withdrawn = self._withdrawn()
        first_day = min((each.slot.day for each in found), default=self.outlook.today)
        return EntryPage(
            id=entry.id,
            file=entry.file,
            month=str(month_of(first_day)),
            message=self._message(),
            tone=_TONES[entry.tone],
            group=f"{entry.group} {office.groups[entry.group].name}",
            axis=office.axes[entry.axis].name,
            unit=unit.name,
            contact=unit.contact,
            spokesperson=unit.spokesperson,
            status=_status(tuple(statuses.values()), bool(withdrawn)),
            facts=fact_rows(bench.content.facts_of(entry), entry.uses, quoted_facts(entry)),
            schedules=schedules((each.slot for each in found), self._marks()),
            signature=_signature(approval, office) if approval else None,
            withdrawn=withdrawn,
            tabs=tuple(ChannelTab(mark=self._mark(each), status=statuses.get(each, Status.DRAFT)) for each in entry.channels),
            panel=self._panel(channel, {each.slot.channel: each for each in found}),
        )

    def _withdrawn(self) -> str:
        """Say when, by whom and why the entry was taken back; nothing where it stands otherwise."""
        workflow, people = self.outlook.bench.store.workflow, self.outlook.bench.content.office.people
        if workflow.of(self.entry.id).stage is not Stage.WITHDRAWN:
            return ""
        step = next((each for each in reversed(workflow.steps(self.entry.id)) if each.action is Action.WITHDRAW), None)
        if step is None:
            return "Mục này đã được rút."
        name = people[step.who].name if step.who in people else step.who
        return f"Mục này đã được rút {moment_words(step.at)}, {name} ký: {step.why.partition(': ')[2]}"

    def _mark(self, channel: str) -> Mark:
        return mark(self.outlook.bench.content.office, channel)

    def _marks(self) -> Mapping[str, Mark]:
        return {channel: self._mark(channel) for channel in self.entry.channels}

    def _message(self) -> MessageSection:
        facts = self.outlook.bench.content.facts_of(self.entry)
        message = self.entry.messages["vi"]
        return MessageSection(
            headline=written_out(message.headline, facts),
            summary=written_out(message.summary, facts),
            body=body_html(message.body, facts),
            action=written_out(message.action or "", facts),
            link=message.link or "",
            hashtags=message.hashtags,
        )

    def _panel(self, channel: str, found: Mapping[str, Standing]) -> ChannelPanel:
        bench, standing = self.outlook.bench, found.get(channel)
        known = bench.content.office.channels[channel]
        post = self._post(channel, standing)
        delivery = standing.delivery if standing else None
        return ChannelPanel(
            mark=self._mark(channel),
            account=known.handle or known.name,
            status=standing.status if standing else Status.DRAFT,
            at=moment_words(standing.slot.at) if standing else "chưa có giờ",
            title=shown_title(post, bench.manifests[channel]) if post else "",
            text=post.variant.text if post else "",
            markup=markup(post) if post else Markup(""),
            source=source(post) if post else "",
            language=self.entry.language_for(channel),
            counts=counts(post, bench.manifests[channel]) if post else (),
            pictures=tuple(picture(medium) for medium in post.media) if post else (),
            made=post is not None,
            delivery=self._row(delivery) if delivery else None,
            readings=self._readings(delivery) if delivery else (),
            comment=planned_words(post.first_comment, bench.content.office) if post and post.first_comment else "",
            comment_card=read_comment(self.outlook, delivery) if delivery else None,
        )

    def _post(self, channel: str, standing: Standing | None) -> Post | None:
        """Return what went out, or will; else the newest version that was made."""
        posts = self.outlook.bench.store.posts
        delivery = standing.delivery if standing else None
        try:
            if delivery:
                return posts.version(delivery.post_key, delivery.post_digest)
            return posts.get(standing.slot.key) if standing else None
        except (KeyError, Tampered):
            return None

    def _row(self, delivery: Delivery) -> DeliveryRow:
        headlines = self.outlook.headlines([self.entry.id])
        return Rows(office=self.outlook.bench.content.office, headlines=headlines).row(delivery)

    def _readings(self, delivery: Delivery) -> tuple[ReadingRow, ...]:
        """Return the readings, the newest first."""
        return tuple(reading_row(each) for each in reversed(self.outlook.bench.store.readings.of(delivery.id)))


def _signature(approval: Approval, office: Office) -> Signature:
    author, approver = office.name_of(approval.author), office.name_of(approval.approver)
    return Signature(author=author, approver=approver, at=moment_words(approval.at), digest=approval.digest)
