"""A case file: facts and texts written down together, so that the consistency check can be tried on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, StrictFloat, StrictInt, StrictStr

from editorial.consistency import Examination, Said, examine
from editorial.fact import Fact, FactKind
from editorial.fact_guess import day_value, guessed_fact
from editorial.finding import FindingKind
from editorial.hearing import language_of
from editorial.problem import BadInput, Problem
from reading.document import Document, Record, read_yaml

Plain = StrictStr | StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)]
_ALSO_CALLED = {  # what people call the kinds
    "percent": "percentage", "count": "number", "figure": "number", "integer": "number", "amount": "money", "currency": "money",
    "day": "date", "quarter": "period", "year": "period", "doc": "document", "person": "name", "organisation": "name",
    "location": "place", "hotline": "phone", "url": "link",
}  # fmt: skip


class CaseFactRecord(Record):
    """A fact as a plain value; its kind is guessed from value and unit where it is left out."""

    model_config = ConfigDict(extra="ignore")

    value: Plain
    unit: StrictStr | None = None
    unit_en: StrictStr | None = None
    kind: StrictStr | None = None
    required: bool = False


class ContextRecord(Record):
    """What surrounds the texts: the day they go out, and other values that may appear in them."""

    model_config = ConfigDict(extra="ignore")

    publish: StrictStr | None = None
    facts_also: tuple[Plain | CaseFactRecord, ...] = ()


class ExpectedRecord(Record):
    """A defect that a labelled case holds."""

    channel: str
    kind: FindingKind
    fact: str | None = None


class CaseRecord(Record):
    """One case. Other keys are let be: whoever writes cases may keep labels and notes beside them."""

    model_config = ConfigDict(extra="ignore")

    id: StrictStr | StrictInt
    facts: dict[str, CaseFactRecord | Plain] = Field(default_factory=dict)
    texts: dict[str, StrictStr]
    context: ContextRecord = Field(default_factory=ContextRecord)
    expect: tuple[ExpectedRecord, ...] | None = None


class CaseFileRecord(Record):
    """The whole file."""

    model_config = ConfigDict(extra="ignore")

    cases: tuple[CaseRecord, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Facts, and texts by channel that are to be held against them."""

    id: str
    facts: tuple[Fact, ...]
    required: tuple[str, ...]
    also: tuple[Fact, ...]
    publish: date | None
    texts: tuple[Said, ...]
    expect: tuple[ExpectedRecord, ...]  # the defects it is labelled with; none for a clean case

    def examine(self) -> Examination:
        """Hold the texts against the facts."""
        return examine(self.texts, self.facts, self.required, also=self.also, publish=self.publish)


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file; raise BadInput with every problem at its line and key."""
    document = read_yaml(path, CaseFileRecord, path.parent)
    problems: list[Problem] = []
    cases = tuple(_case(record, index, document, problems) for index, record in enumerate(document.value.cases))
    if problems:
        raise BadInput(*problems)
    return cases


def _case(record: CaseRecord, index: int, document: Document[CaseFileRecord], problems: list[Problem]) -> Case:
    facts: list[Fact] = []
    for name, fact in record.facts.items():
        try:
            facts.append(_fact(name, fact))
        except ValueError:
            problems.append(_bad_kind(document, index, name))
    publish = record.context.publish
    day = day_value(publish) if publish else None
    if publish and day is None:
        key = ("cases", index, "context", "publish")
        problems.append(document.problem("wrong-date", "phải là ngày có thật, dạng 2026-09-25", *key))
    return Case(
        id=str(record.id),
        facts=tuple(facts),
        required=tuple(name for name, fact in record.facts.items() if isinstance(fact, CaseFactRecord) and fact.required),
        also=tuple(_also(record)),
        publish=day,
        texts=tuple(
            Said(channel=channel, part="text", text=text, language=language_of(text, channel))
            for channel, text in record.texts.items()
        ),
        expect=record.expect or (),
    )


def _fact(name: str, record: CaseFactRecord | Plain) -> Fact:
    if not isinstance(record, CaseFactRecord):
        return guessed_fact(name, record)
    kind = FactKind(_ALSO_CALLED.get(record.kind, record.kind)) if record.kind else None
    return guessed_fact(name, record.value, record.unit, kind, unit_en=record.unit_en)


def _also(record: CaseRecord) -> Iterator[Fact]:
    for number, value in enumerate(record.context.facts_also, start=1):
        yield _fact(f"also:{number}", value)


def _bad_kind(document: Document[CaseFileRecord], index: int, name: str) -> Problem:
    message = f"phải là một trong: {', '.join(kind.value for kind in FactKind)}"
    return document.problem("unknown-value", message, "cases", index, "facts", name, "kind")
