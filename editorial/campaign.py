"""A campaign: a span of days with phases, one message, and the entries that name it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from editorial.calendar import Catalogue
from editorial.date_rule import Resolved, resolve
from editorial.problem import BadInput, Problem


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A part of a campaign, between two days given as date rules without an hour; both days belong to it."""

    id: str
    name: str
    start: str
    end: str


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """What a file of content/campaigns/ says."""

    id: str
    name: str
    message: str
    start: str
    end: str
    units: tuple[str, ...]
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Span:
    """Days in a row, both ends included."""

    start: date
    end: date
    provisional: bool = False  # rests on a day off that is not announced yet

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{self.start:%d/%m/%Y} - {self.end:%d/%m/%Y}" + (" (dự kiến)" if self.provisional else "")


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A campaign with its days found in the calendar."""

    campaign: Campaign
    span: Span
    phases: tuple[tuple[Phase, Span], ...]

    def phase_on(self, day: date) -> Phase | None:
        """Return the phase that a day belongs to."""
        return next((phase for phase, span in self.phases if day in span), None)


def schedule(campaign: Campaign, catalogue: Catalogue) -> Schedule:
    """Find the campaign's days; raise BadInput with every date that has no answer, phases that leave the span or overlap."""
    span = _span(campaign.start, campaign.end, "", catalogue)
    phases = tuple(
        (phase, _span(phase.start, phase.end, f"phases[{index}].", catalogue)) for index, phase in enumerate(campaign.phases)
    )
    problems = tuple(_misplaced(span, phases))
    if problems:
        raise BadInput(*problems)
    return Schedule(campaign=campaign, span=span, phases=phases)


_MIDNIGHT = "@00:00"  # stands in for the hour that a campaign's days do not have


def _span(start: str, end: str, prefix: str, catalogue: Catalogue) -> Span:
    first, last = _day(start, f"{prefix}from", catalogue), _day(end, f"{prefix}to", catalogue)
    found = Span(start=first.at.date(), end=last.at.date(), provisional=first.provisional or last.provisional)
    if found.end < found.start:
        message = f"ngày cuối {found.end:%d/%m/%Y} đứng trước ngày đầu {found.start:%d/%m/%Y}; hãy đổi lại"
        raise BadInput(Problem(rule="bad-campaign-days", key=f"{prefix}to", message=message))
    return found


def _day(rule: str, key: str, catalogue: Catalogue) -> Resolved:
    """Find the day of a date rule that has no hour; midnight stands in for it."""
    if "@" in rule:
        message = f"ngày của chiến dịch không có giờ; hãy viết “{rule.partition('@')[0]}”"
        raise BadInput(Problem(rule="bad-campaign-days", key=key, message=message))
    head, tilde, roll = rule.partition("~")
    try:
        return resolve(f"{head}{_MIDNIGHT}{tilde}{roll}", catalogue)
    except BadInput as error:
        said = ((each.rule, each.message.replace(_MIDNIGHT, "")) for each in error.problems)
        raise BadInput(*(Problem(rule=name, message=message, key=key) for name, message in said)) from error


def _misplaced(span: Span, phases: tuple[tuple[Phase, Span], ...]) -> Iterator[Problem]:
    before: date | None = None
    for index, (phase, days) in enumerate(phases):
        if any(phase.id == other.id for other, _ in phases[:index]):
            message = f"đã có giai đoạn “{phase.id}” ở trên; hãy đặt id khác"
            yield Problem(rule="duplicate-phase", key=f"phases[{index}].id", message=message)
        if days.start not in span or days.end not in span:
            message = f"giai đoạn “{phase.name}” ({days}) nằm ngoài chiến dịch ({span})"
            yield Problem(rule="phase-outside-campaign", key=f"phases[{index}].from", message=message)
        if before is not None and days.start <= before:
            message = f"giai đoạn “{phase.name}” bắt đầu {days.start:%d/%m/%Y}, trước khi giai đoạn trước kết thúc"
            yield Problem(rule="phases-overlap", key=f"phases[{index}].from", message=message)
        before = days.end
