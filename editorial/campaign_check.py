"""Do campaigns and their entries fit together?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from editorial.calendar import Catalogue
from editorial.campaign import Schedule, schedule
from editorial.plan import Plan, PlannedSlot
from editorial.problem import BadInput, Problem, Severity
from editorial.workspace import Content


def schedules(content: Content, catalogue: Catalogue) -> tuple[Mapping[str, Schedule], tuple[Problem, ...]]:
    """Find the days of every campaign, by id; a campaign whose days cannot be found is told with its place instead."""
    found: dict[str, Schedule] = {}
    problems: list[Problem] = []
    for campaign in content.campaigns.values():
        try:
            found[campaign.id] = schedule(campaign, catalogue)
        except BadInput as error:
            problems.extend(_in_file(problem, content, campaign.id) for problem in error.problems)
    return found, tuple(problems)


def check_campaigns(plan: Plan, content: Content, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Return what is wrong in campaigns, entries that name none, and warnings for slots outside their campaign or its phases."""
    known, problems = schedules(content, catalogue)
    return (*problems, *_units(content), *_unknown(content), *dict.fromkeys(_outside(plan, content, known)))


def _units(content: Content) -> Iterator[Problem]:
    for campaign in content.campaigns.values():
        for index, unit in enumerate(campaign.units):
            if unit not in content.office.units:
                near = get_close_matches(unit, list(content.office.units), n=1, cutoff=0.6)
                advice = f"có phải “{near[0]}”?" if near else "hãy chọn một đơn vị có trong content/office.yaml"
                problem = Problem(rule="unknown-unit", key=f"units[{index}]", message=f"không có đơn vị “{unit}”; {advice}")
                yield _in_file(problem, content, campaign.id)


def _unknown(content: Content) -> Iterator[Problem]:
    for entry in content.entries.values():
        if entry.campaign is not None and entry.campaign not in content.campaigns:
            near = get_close_matches(entry.campaign, list(content.campaigns), n=1, cutoff=0.6)
            missing = f"hãy viết tệp content/campaigns/{entry.campaign}.yaml hoặc xóa dòng này"
            advice = f"có phải “{near[0]}”?" if near else missing
            file, line, key = content.place(entry.id, "campaign")
            message = f"không có chiến dịch “{entry.campaign}”; {advice}"
            yield Problem(rule="unknown-campaign", message=message, file=file, line=line, key=key)


def _outside(plan: Plan, content: Content, known: Mapping[str, Schedule]) -> Iterator[Problem]:
    for slot in plan.slots:
        campaign = known.get(content.entries[slot.entry].campaign or "")
        if campaign is None:
            continue
        if slot.day not in campaign.span:
            yield _stray(slot, content, campaign, f"ngoài thời gian của chiến dịch ({campaign.span})")
        elif campaign.phases and campaign.phase_on(slot.day) is None:
            yield _stray(slot, content, campaign, "giữa hai giai đoạn của chiến dịch")


def _stray(slot: PlannedSlot, content: Content, campaign: Schedule, where: str) -> Problem:
    file, line, key = content.place(slot.entry, "campaign")
    message = f"bài ngày {slot.day:%d/%m/%Y} nằm {where} “{campaign.campaign.name}”; hãy đổi ngày, hoặc bỏ khóa campaign"
    return Problem(rule="outside-campaign", message=message, file=file, line=line, key=key, severity=Severity.WARNING)


def _in_file(problem: Problem, content: Content, campaign: str) -> Problem:
    file, line, key = content.campaign_place(campaign, problem.key or "")
    return replace(problem, file=file, line=line, key=key or None)
