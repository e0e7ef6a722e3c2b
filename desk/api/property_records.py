"""The properties of an entry as programs read and choose them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from desk.property_words import FACT_KEYS, REPEAT_KEYS, FactWords, Properties
from editorial.problem import BadInput, Problem

Word = Annotated[str, StringConstraints(max_length=120)]
Line = Annotated[str, StringConstraints(max_length=1000)]
Value = Line | int | float


class OwnFactRecord(BaseModel):
    """A fact of the entry's own, in the keys of its file."""

    model_config = ConfigDict(extra="forbid")

    kind: Word
    value: Value
    source: Line
    unit: Word | None = None
    unit_en: Word | None = None
    as_of: Word | None = None
    valid_until: Word | None = None
    note: Line | None = None


class PropertiesRecord(BaseModel):
    """What an entry's file says beside its words. `languages` names the channels that do not speak Vietnamese."""

    channels: list[str]
    languages: dict[str, str]
    unit: str
    axis: str
    group: str
    tone: str
    form: str
    campaign: str | None
    after: str | None
    repeat: dict[str, str] | None
    uses: list[str]
    facts: dict[str, OwnFactRecord]


class PropertiesChange(BaseModel):
    """Properties that are to be others, each whole; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid")

    channels: Annotated[list[Word], Field(max_length=40)] | None = None
    languages: Annotated[dict[Word, Word], Field(max_length=40)] | None = None
    unit: Word | None = None
    axis: Word | None = None
    group: Word | None = None
    tone: Word | None = None
    form: Word | None = None
    campaign: Word | None = None
    after: Word | None = None
    repeat: Annotated[dict[Word, Word | int], Field(max_length=len(REPEAT_KEYS))] | None = None
    uses: Annotated[list[Word], Field(max_length=200)] | None = None
    facts: Annotated[dict[Word, OwnFactRecord], Field(max_length=60)] | None = None


def properties_record(properties: Properties) -> PropertiesRecord:
    """Return the record of an entry's properties."""
    said: dict[str, Any] = asdict(properties) | {"repeat": dict(properties.repeat) or None}
    said |= {key: said[key] or None for key in ("campaign", "after")}
    said["facts"] = {fact.id: OwnFactRecord.model_validate(fact.said) for fact in properties.facts}
    return PropertiesRecord(**said)


def changed_properties(now: Properties, change: PropertiesChange) -> Properties:
    """Return the properties with those that a program names; raise BadInput for a key of `repeat` that there is not."""
    given: dict[str, Any] = {name: getattr(change, name) for name in change.model_fields_set}
    unknown = [key for key in given.get("repeat") or {} if key not in REPEAT_KEYS]
    if unknown:
        message = f"không có khóa này; các khóa của repeat: {', '.join(REPEAT_KEYS)}"
        raise BadInput(Problem(rule="unknown-key", key=f"repeat.{unknown[0]}"[:200], message=message))
    made: dict[str, Any] = {name: value or "" for name, value in given.items()}
    made |= {name: tuple(given[name] or ()) for name in ("channels", "uses") if name in given}
    made |= {name: _texts(given[name] or {}) for name in ("languages", "repeat") if name in given}
    if "facts" in given:
        made["facts"] = tuple(_fact(id, fact) for id, fact in (given["facts"] or {}).items())
    return replace(now, **made)


def _texts(given: Mapping[str, object]) -> dict[str, str]:
    return {key: str(value) for key, value in given.items()}


def _fact(id: str, record: OwnFactRecord) -> FactWords:
    said = record.model_dump()
    return FactWords(id=id, **{key: str(said[key]) for key in FACT_KEYS if said[key] is not None})
