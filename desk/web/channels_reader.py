"""Gather what the pages of the channels show."""

from __future__ import annotations

from datetime import datetime

from desk.capability_words import ABILITY_WORDS, limit_lines
from desk.channel_health import CONDITION_WORDS, HELD_WORDS, LINK_WORDS, Condition, Health, Link, Reason, healths
from desk.errands import Errand
from desk.rehearsal_accounts import FOLDER
from desk.web.desk import Desk
from desk.web.moment_words import ago, count_words, left, moment_words, short_moment
from desk.web.views.channels import (
    CONDITION_STATUS,
    Ability,
    AllowanceLine,
    ChannelPage,
    ChannelRow,
    ChannelsPage,
    ReasonLine,
    Sign,
    Trial,
    TroubleLine,
)
from publishers.allowance import Allowance
from publishers.registry import PUBLISHERS, abilities
from store.channel_figures import Trouble

SIGNS = {Condition.STOPPED: "failed", Condition.WAITING: "clock", Condition.WARNED: "warn"}


def read_channels(desk: Desk) -> ChannelsPage:
    """Return every channel of the office, in its order."""
    found = _healths(desk)
    rows = tuple(_row(each, desk.bench.clock.now()) for each in found)
    return ChannelsPage(
        rows=rows,
        rehearsal=all(each.link is Link.REHEARSAL for each in found),
        needing=sum(each.condition is Condition.STOPPED for each in found),
    )


def read_channel(desk: Desk, id: str, errand: Errand | None = None) -> ChannelPage:
    """Return one channel of the office; raise KeyError where there is none such."""
    found = _healths(desk)
    health = next((each for each in found if each.channel.id == id), None)
    if health is None:
        raise KeyError(id)
    trouble, connection, manifest = health.figures.trouble, health.connection, health.manifest
    able = abilities(PUBLISHERS[health.channel.publisher])
    return ChannelPage(
        row=_row(health, desk.bench.clock.now()),
        trouble=_trouble(trouble) if trouble else None,
        abilities=tuple(
            Ability(name=name, meaning=meaning, has=ability in able) for ability, (name, meaning) in ABILITY_WORDS.items()
        ),
        limits=tuple(limit_lines(manifest)),
        documentation=manifest.documentation,
        checked=manifest.checked,
        has_stand_in=manifest.stand_in is not None or FOLDER in manifest.settings,
        url=connection.url if connection else None,
        base_url=connection.base_url if connection else "",
        connected_by=desk.bench.content.office.name_of(connection.by) if connection else "",
        connected_at=short_moment(connection.at) if connection and connection.at else "",
        handle=health.channel.handle,
        demo=desk.front.demo,
        last=sum(each.connection is not None for each in found) == 1,
        trial=_trial(errand),
    )


def _healths(desk: Desk) -> tuple[Health, ...]:
    return healths(desk.bench.store, desk.bench.content.office)


def _row(health: Health, now: datetime) -> ChannelRow:
    figures, ends = health.figures, health.expiry.ends
    return ChannelRow(
        id=health.channel.id,
        name=health.channel.name,
        letters=health.manifest.mark,
        platform=health.manifest.name,
        account=health.connection.name if health.connection else LINK_WORDS[health.link],
        link=health.link,
        sign=Sign(value=CONDITION_STATUS[health.condition], label=CONDITION_WORDS[health.condition]),
        reasons=tuple(map(_reason, health.reasons)),
        published=short_moment(figures.published_at) if figures.published_at else "",
        published_ago=ago(figures.published_at, now) if figures.published_at else "",
        next=moment_words(figures.next_at) if figures.next_at else "",
        to_come=figures.to_come,
        held=tuple((HELD_WORDS[reason], count) for reason, count in figures.held.items()),
        held_count=sum(figures.held.values()),
        expiry=short_moment(ends) if ends else "",
        expiry_left=left(ends, now) if ends else "",
        allowances=tuple(_allowance(each, now) for each in health.allowances),
    )


def _reason(reason: Reason) -> ReasonLine:
    return ReasonLine(words=reason.words, sign=SIGNS[reason.condition], until=short_moment(reason.until) if reason.until else "")


def _trouble(trouble: Trouble) -> TroubleLine:
    return TroubleLine(delivery=trouble.delivery, detail=trouble.detail, at=short_moment(trouble.at))


def _allowance(allowance: Allowance, now: datetime) -> AllowanceLine:
    used = f"{allowance.used}%" if allowance.percent else f"{count_words(allowance.used)} / {count_words(allowance.most)}"
    resets = f"đầy lại lúc {short_moment(allowance.resets_at)} ({left(allowance.resets_at, now)})" if allowance.resets_at else ""
    share = round(allowance.share * 100)
    return AllowanceLine(what=allowance.what, used=used, share=share, full=share >= 90, resets=resets)


def _trial(errand: Errand | None) -> Trial | None:
    if errand is None:
        return None
    if not errand.over:
        return Trial(running=True)
    steps = errand.outcome
    return Trial(
        running=False,
        steps=steps if isinstance(steps, tuple) else (),
        refused=errand.refusal.problems if errand.refusal else (),
    )
