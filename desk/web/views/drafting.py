"""The form that begins an entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.consequences import Consequence
from desk.web.choices import Choices, Options


@dataclass(frozen=True, kw_only=True)
class DraftForm:
    """What the form was sent with, as it was typed."""

    id: str = ""
    headline: str = ""
    summary: str = ""
    body: str = ""
    group: str = ""
    axis: str = ""
    unit: str = ""
    tone: str = ""
    form: str = ""
    campaign: str = ""
    occasion: str = ""  # an id of the calendar; the moment is counted from it
    year: str = ""
    days: str = ""  # after the occasion; negative before it
    day: str = ""  # without an occasion
    time: str = ""
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DraftPage:
    """Everything in the dialog."""

    form: DraftForm
    occasion: str  # in words, with its day; empty without one
    choices: Choices
    tones: Options
    forms: Options
    campaigns: Options
    suggested: str  # the id that is taken where none is typed
    rule: str = ""  # the date rule that results; empty where it has no answer yet
    steps: tuple[str, ...] = ()
    moment: str = ""
    consequences: tuple[Consequence, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
