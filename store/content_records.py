"""The shape of the files under content/: what an editor may write, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from editorial.day_rule import Skip
from editorial.entry import Form
from editorial.fact import FactKind
from editorial.repeat import Every
from editorial.role import Role
from editorial.tone import Tone
from reading.document import Record

Text = Annotated[str, Field(min_length=1)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_.][a-z0-9]+)*$")]
Hashtag = Annotated[str, Field(pattern=r"^[^\s#]+$")]
FactId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]  # quoted in texts as {{ fact.wards }}
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]  # pydantic's own takes 6 for six seconds past midnight
Finite = Annotated[StrictFloat, Field(allow_inf_nan=False)]
Scalar = StrictStr | StrictInt | Finite | bool
Row = dict[str, Scalar]
Data = dict[str, Scalar | list[Scalar | Row] | Row]
Language = Literal["vi", "en"]


class FactRecord(Record):
    """One fact of the ledger, or of an entry."""

    kind: FactKind
    value: Scalar
    source: Text
    unit: Text | None = None
    unit_en: Text | None = None
    as_of: date | None = None
    valid_until: date | None = None
    note: Text | None = None


class LedgerRecord(Record):
    """A file of content/facts/."""

    schema_: Literal[1] = Field(alias="schema")
    facts: dict[FactId, FactRecord]


class MediaRecord(Record):
    """A picture or clip that an entry asks for."""

    id: Slug
    template: Annotated[str, Field(pattern=r"^(infographic|clip)/[a-z0-9-]+$")]
    alt: Text | None = None  # only a person confirms it; without it the entry is not approved
    data: Data
    theme: Literal["light", "dark", "solemn", "festive"] = "light"
    channels: tuple[Slug, ...] = ()


class VariantRecord(Record):
    """What is written by hand for one channel."""

    title: Text | None = None
    summary: Text | None = None
    text: Text | None = None
    hashtags: tuple[Hashtag, ...] | None = None
    comment: Text | None = None


class RepeatRecord(Record):
    """How often an entry comes again; which keys go together is for editorial to say."""

    every: Every
    start: date = Field(alias="from")
    until: date
    weekday: Text | None = None
    day: StrictInt | Literal["last"] | None = None
    month: StrictInt | None = None
    anchor: Text | None = None
    skip: Skip = Skip.ERROR


class EntryRecord(Record):
    """The front matter of content/<id>.md."""

    id: Slug
    group: Text
    axis: Slug
    unit: Slug
    tone: Tone
    when: Text
    channels: Annotated[tuple[Slug, ...], Field(min_length=1)]
    headline: Text
    summary: Text
    action: Text | None = None
    link: Annotated[str, Field(pattern=r"^https://[^\s]+$")] | None = None
    hashtags: tuple[Hashtag, ...] = ()
    uses: tuple[FactId, ...] = ()
    facts: dict[FactId, FactRecord] = Field(default_factory=dict)
    media: tuple[MediaRecord, ...] = ()
    moments: dict[Slug, Text] = Field(default_factory=dict)
    languages: dict[Slug, Language] = Field(default_factory=dict)
    form: Form = Form.COMMUNICATION
    campaign: Slug | None = None
    after: Slug | None = None  # on each channel that both go to, this entry's post waits for that one's
    repeat: RepeatRecord | None = None
    variants: dict[Slug, VariantRecord] = Field(default_factory=dict)


class TranslationRecord(Record):
    """The front matter of content/<id>.en.md: the same message in English."""

    headline: Text
    summary: Text
    action: Text | None = None
    link: Annotated[str, Field(pattern=r"^https://[^\s]+$")] | None = None
    hashtags: tuple[Hashtag, ...] = ()
    variants: dict[Slug, VariantRecord] = Field(default_factory=dict)
    alt: dict[Slug, Text] = Field(default_factory=dict)
    data: dict[Slug, Data] = Field(default_factory=dict)


class PhaseRecord(Record):
    """A phase of a campaign."""

    id: Slug
    name: Text
    start: Text = Field(alias="from")
    end: Text = Field(alias="to")


class CampaignRecord(Record):
    """A file of content/campaigns/: one campaign; its days are date rules without an hour."""

    schema_: Literal[1] = Field(alias="schema")
    id: Slug
    name: Text
    message: Text
    start: Text = Field(alias="from")
    end: Text = Field(alias="to")
    units: Annotated[tuple[Slug, ...], Field(min_length=1)]
    phases: tuple[PhaseRecord, ...] = ()


class LimitsRecord(Record):
    """How much the office says in a day, and when."""

    posts_per_channel_per_day: Annotated[StrictInt, Field(ge=1, le=100)] = 3
    minutes_apart: Annotated[StrictInt, Field(ge=0, le=720)] = 30
    earliest: ClockTime = "06:30"
    latest: ClockTime = "21:30"
    after_pause: Literal["ask", "space"] = "ask"
    after_downtime: Literal["ask", "space"] = "space"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.earliest >= self.latest:
            raise ValueError("giờ sớm nhất (earliest) phải trước giờ muộn nhất (latest)")
        return self


LeadDays = Annotated[StrictInt, Field(ge=1, le=120)]


class LeadTimesRecord(Record):
    """How many working days before a post each stage is done."""

    brief: LeadDays = 10
    design: LeadDays = 6
    fact_check: LeadDays = 3
    approval: LeadDays = 1

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.brief >= self.design >= self.fact_check >= self.approval:
            raise ValueError("số ngày phải giảm dần theo thứ tự brief, design, fact_check, approval")
        return self


class UnitRecord(Record):
    """A unit with its one contact and one spokesperson."""

    id: Slug
    name: Text
    contact: Text
    spokesperson: Text
    name_en: Text | None = None


class AxisRecord(Record):
    """One of the four axes."""

    id: Slug
    name: Text
    role: Text


class GroupRecord(Record):
    """One content group."""

    id: Annotated[str, Field(pattern=r"^\d+\.\d+$")]
    name: Text
    name_en: Text


class ChannelRecord(Record):
    """One account of the office."""

    id: Slug
    name: Text
    publisher: Slug
    caption: Slug
    handle: str = ""
    minutes_apart: Annotated[StrictInt, Field(ge=0, le=720)] | None = None


class PersonRecord(Record):
    """Somebody of the office, named by role."""

    id: Slug
    name: Text
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    unit: Slug | None = None
    email: Text | None = None


class OfficeRecord(Record):
    """content/office.yaml."""

    schema_: Literal[1] = Field(alias="schema")
    name: Text
    short_name: Text
    key_message: Text
    units: Annotated[tuple[UnitRecord, ...], Field(min_length=1)]
    axes: Annotated[tuple[AxisRecord, ...], Field(min_length=1)]
    groups: Annotated[tuple[GroupRecord, ...], Field(min_length=1)]
    channels: Annotated[tuple[ChannelRecord, ...], Field(min_length=1)]
    limits: LimitsRecord = LimitsRecord()
    lead_times: LeadTimesRecord = LeadTimesRecord()
    approve_templates: StrictBool = True
    people: tuple[PersonRecord, ...] = ()
