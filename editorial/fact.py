"""A fact: one typed value with its unit, its source and the day it was true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum

FactValue = int | Decimal | date | time | str


class FactKind(Enum):
    """What the value is, which decides how it is written and compared."""

    NUMBER = "number"  # a count or a measure with its unit
    PERCENTAGE = "percentage"  # 12.5 means 12.5 %
    MONEY = "money"  # an amount in dong, whole
    DATE = "date"  # a calendar day
    TIME = "time"  # a time of day in the office's zone
    PERIOD = "period"  # "quý IV/2026", "2026-2030"
    DOCUMENT = "document"  # a document number such as 02-NQ/TW
    NAME = "name"  # a person's, an organisation's or a thing's name
    PLACE = "place"  # a place name
    PHONE = "phone"  # a telephone number or hotline
    LINK = "link"  # an address on the web


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A value that may be quoted, in every language and on every channel, and must then be the same everywhere."""

    id: str
    kind: FactKind
    value: FactValue
    source: str
    unit: str | None = None
    unit_en: str | None = None
    as_of: date | None = None
    valid_until: date | None = None
    note: str | None = None
