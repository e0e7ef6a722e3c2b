"""The properties of an entry: what its file says beside its words, as people choose it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from decimal import Decimal

from desk.entry_fields import clean_line
from editorial.entry import Entry, Form
from editorial.fact import Fact, FactKind
from editorial.fact_rule import read_number

REQUIRED = {"unit": "đơn vị", "axis": "trục", "group": "nhóm nội dung", "tone": "không khí"}
REPEAT_KEYS = ("every", "weekday", "day", "month", "anchor", "from", "until", "skip")
OF_RHYTHM: Mapping[str, frozenset[str]] = {  # what a rhythm is told with, besides from and until
    "week": frozenset({"weekday"}), "month": frozenset({"day", "skip"}), "quarter": frozenset({"day", "month", "skip"}),
    "year": frozenset({"day", "month", "skip"}), "occasion": frozenset({"anchor"}),
}  # fmt: skip
NUMBERS = frozenset({FactKind.NUMBER.value, FactKind.PERCENTAGE.value, FactKind.MONEY.value})


@dataclass(frozen=True, kw_only=True)
class FactWords:
    """A fact of the entry's own, each part as it is typed; empty where it is not said."""

    id: str
    kind: str = FactKind.NUMBER.value
    value: str = ""
    unit: str = ""
    unit_en: str = ""
    source: str = ""
    as_of: str = ""
    valid_until: str = ""
    note: str = ""

    @property
    def said(self) -> dict[str, str]:
        """Return the parts that are said, by key."""
        return {key: value for key in FACT_KEYS if (value := getattr(self, key))}


FACT_KEYS = tuple(each.name for each in fields(FactWords) if each.name != "id")


@dataclass(frozen=True, kw_only=True)
class Properties:
    """What can be chosen; empty is what a file does not say."""

    channels: tuple[str, ...]
    unit: str
    axis: str
    group: str
    tone: str
    form: str = Form.COMMUNICATION.value
    campaign: str = ""
    after: str = ""
    languages: Mapping[str, str] = field(default_factory=dict)  # a channel's, where it is not Vietnamese
    repeat: Mapping[str, str] = field(default_factory=dict)  # by key of the file; nothing for what is said once
    uses: tuple[str, ...] = ()
    facts: tuple[FactWords, ...] = ()


NAMES = tuple(each.name for each in fields(Properties))


def written_properties(entry: Entry) -> Properties:
    """Return what an entry's file says, a series before its turns are made."""
    return Properties(
        channels=entry.channels, unit=entry.unit, axis=entry.axis, group=entry.group, tone=entry.tone.value,
        form=entry.form.value, campaign=entry.campaign or "", after=entry.after or "",
        languages={channel: each for channel, each in entry.languages.items() if each != "vi"},
        repeat=_written_repeat(entry), uses=entry.uses, facts=tuple(map(_written_fact, entry.facts)),
    )  # fmt: skip


def _written_repeat(entry: Entry) -> dict[str, str]:
    repeat = entry.repeat
    if repeat is None:
        return {}
    said = {
        "every": repeat.every.value, "weekday": repeat.weekday, "day": repeat.day, "month": repeat.month,
        "anchor": repeat.anchor, "from": repeat.start, "until": repeat.until,
        "skip": repeat.skip.value if repeat.skip.value != "error" else None,
    }  # fmt: skip
    return {key: str(value) for key, value in said.items() if value is not None}


def _written_fact(fact: Fact) -> FactWords:
    value = f"{fact.value:%H:%M}" if isinstance(fact.value, time) else str(fact.value)
    known = (key for key in FACT_KEYS if key not in ("kind", "value"))
    said = {key: str(each) for key in known if (each := getattr(fact, key))}
    return FactWords(id=fact.id, kind=fact.kind.value, value=value, **said)


def cleaned(typed: Properties, now: Properties) -> Properties:
    """Return what was typed in the letters that files have: facts in the order that the file has them in, channels as chosen."""
    words = {key: clean_line(getattr(typed, key)) for key in ("unit", "axis", "group", "tone", "form", "campaign", "after")}
    every = typed.repeat.get("every", "")
    known = {"every", "from", "until"} | OF_RHYTHM.get(every, frozenset(REPEAT_KEYS))
    typed_repeat = {key: clean_line(typed.repeat.get(key, "")) for key in REPEAT_KEYS if every and key in known}
    repeat = {key: said for key, said in typed_repeat.items() if said and (key, said) != ("skip", "error")}
    channels = tuple(dict.fromkeys(typed.channels))
    languages = {id: each for id, each in typed.languages.items() if each not in ("", "vi") and id in channels}
    facts = tuple(_sorted(tuple(map(clean_fact, typed.facts)), now))
    return Properties(
        channels=channels, languages=languages, repeat=repeat, uses=_as_before(typed.uses, now.uses), facts=facts,
        **(words | {"form": words["form"] or Form.COMMUNICATION.value}),
    )  # fmt: skip


def _as_before(chosen: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    kept = [each for each in before if each in chosen]
    return tuple(dict.fromkeys((*kept, *chosen)))


def _sorted(facts: tuple[FactWords, ...], now: Properties) -> list[FactWords]:
    order = {fact.id: index for index, fact in enumerate(now.facts)}
    return sorted(facts, key=lambda fact: order.get(fact.id, len(order)))


def clean_fact(fact: FactWords) -> FactWords:
    """Return a fact in the letters that files have."""
    clean = FactWords(**{each.name: clean_line(getattr(fact, each.name)) for each in fields(FactWords)})
    return replace(clean, value=_plain_number(clean))


def _plain_number(fact: FactWords) -> str:
    """Return a number as files have it, 12,5 and 12.50 as 12.5; what can be read in two ways is left for a person."""
    text = fact.value.replace(",", ".") if re.fullmatch(r"-?\d+,\d+", fact.value, re.ASCII) else fact.value
    if fact.kind not in NUMBERS or is_ambiguous(fact):
        return fact.value
    try:
        number = read_number(text)
    except ValueError:
        return fact.value  # the reading of the file tells what its kind asks for
    return str(number if isinstance(number, int) else Decimal(str(float(number))))


def is_ambiguous(fact: FactWords) -> bool:
    """Tell whether a number is one of thousands in one country and a fraction in another: 1.250."""
    return fact.kind in NUMBERS and re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", fact.value, re.ASCII) is not None
