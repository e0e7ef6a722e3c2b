"""A small office for the tests of planning: two groups, two axes, three channels, and entries made in a line."""

from __future__ import annotations

from collections.abc import Iterable

from editorial.calendar import Catalogue
from editorial.campaign import Campaign
from editorial.entry import Entry, Form
from editorial.message import Message
from editorial.occasion import Evidence, Kind, Name, OccasionRule
from editorial.office import Axis, Channel, ContentGroup, Limits, Office, Unit
from editorial.repeat import Repeat
from editorial.tone import Tone
from editorial.workspace import Content

CHANNELS = ("portal", "facebook", "zalo")


def entry(
    id: str,
    when: str,
    *,
    tone: Tone = Tone.NEUTRAL,
    channels: tuple[str, ...] = ("portal",),
    group: str = "1.1",
    axis: str = "ubnd",
    form: Form = Form.COMMUNICATION,
    campaign: str | None = None,
    repeat: Repeat | None = None,
    after: str | None = None,
    **moments: str,
) -> Entry:
    message = Message(language="vi", headline=id, summary=id, body=id)
    return Entry(
        id=id, group=group, axis=axis, unit="van-phong", tone=tone, when=when, channels=channels, messages={"vi": message},
        moments=moments, form=form, campaign=campaign, repeat=repeat, after=after, file=f"content/{id}.md",
    )  # fmt: skip


def content(*entries: Entry, limits: Limits | None = None, campaigns: Iterable[Campaign] = ()) -> Content:
    unit = Unit(id="van-phong", name="Văn phòng", contact="Đầu mối", spokesperson="Người phát ngôn")
    office = Office(
        name="Văn phòng thử", short_name="Thử", key_message="Một thông điệp",
        units={unit.id: unit},
        axes={id: Axis(id=id, name=id.upper(), role="vai") for id in ("ubnd", "hdnd")},
        groups={id: ContentGroup(id=id, name=f"Nhóm {id}", name_en=id) for id in ("1.1", "1.9")},
        channels={id: Channel(id=id, name=id, publisher=id, caption=id) for id in CHANNELS},
        limits=limits or Limits(),
    )  # fmt: skip
    all_campaigns = {campaign.id: campaign for campaign in campaigns}
    return Content(
        office=office,
        facts={},
        entries={each.id: each for each in entries},
        places={each.id: {"": (each.file, 1, ""), "when": (each.file, 7, "when")} for each in entries},
        campaigns=all_campaigns,
        campaign_places={id: {"": (f"content/campaigns/{id}.yaml", 1, "")} for id in all_campaigns},
    )


def rule(id: str, when: str, *, tone: Tone = Tone.NEUTRAL, kind: Kind = Kind.NATIONAL, first: int | None = None) -> OccasionRule:
    return OccasionRule(
        id=id, name=Name(vi=f"Ngày {id}", en=id), kind=kind, rule=when, tone=tone, basis="thử",
        evidence=Evidence.GENERAL_KNOWLEDGE, first_year=first,
    )  # fmt: skip


def calendar(*rules: OccasionRule) -> Catalogue:
    return Catalogue(rules)
