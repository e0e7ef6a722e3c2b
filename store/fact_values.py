"""A fact as written becomes a fact of the domain: its value has the type that its kind asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation

from editorial.fact import Fact, FactKind, FactValue
from editorial.fact_rule import fact_faults, read_day, read_time
from editorial.problem import BadInput, Problem
from reading.document import Document, Record
from store.content_records import FactRecord, Scalar


def read_fact(fact_id: str, record: FactRecord, document: Document[Record], path: tuple[str, ...]) -> Fact:
    """Return the fact; raise BadInput at the keys of what its kind does not allow."""
    try:
        value = _READERS.get(record.kind, _text)(record.value)
    except (ValueError, InvalidOperation) as error:
        raise BadInput(document.problem("wrong-value", f"phải là {_WANTED[record.kind]}", *path, "value")) from error
    fact = Fact(
        id=fact_id,
        kind=record.kind,
        value=value,
        source=record.source,
        unit=record.unit,
        unit_en=record.unit_en,
        as_of=record.as_of,
        valid_until=record.valid_until,
        note=record.note,
    )
    faults = fact_faults(fact)
    if faults:
        places = [(fault, (*path, fault.key) if fault.key else path) for fault in faults]
        raise BadInput(*(document.problem(fault.rule, fault.message, *place) for fault, place in places))
    return fact


def read_facts(
    records: Mapping[str, FactRecord], document: Document[Record], path: tuple[str, ...]
) -> tuple[tuple[Fact, ...], tuple[Problem, ...]]:
    """Return the facts that are right and the problems of those that are not."""
    facts: list[Fact] = []
    problems: list[Problem] = []
    for fact_id, record in records.items():
        try:
            facts.append(read_fact(fact_id, record, document, (*path, fact_id)))
        except BadInput as error:
            problems.extend(error.problems)
    return tuple(facts), tuple(problems)


def _number(value: Scalar) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(value)
    return value if isinstance(value, int) else Decimal(str(value))


def _whole(value: Scalar) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(value)
    return value


def _date(value: Scalar) -> date:
    return read_day(_text(value))


def _time(value: Scalar) -> time:
    return read_time(_text(value))


def _text(value: Scalar) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


_READERS: Mapping[FactKind, Callable[[Scalar], FactValue]] = {
    FactKind.NUMBER: _number,
    FactKind.PERCENTAGE: _number,
    FactKind.MONEY: _whole,
    FactKind.DATE: _date,
    FactKind.TIME: _time,
}
_WANTED = dict.fromkeys(FactKind, "chữ, viết trong dấu nháy") | {
    FactKind.NUMBER: "số",
    FactKind.PERCENTAGE: "số (12.5 nghĩa là 12,5%)",
    FactKind.MONEY: "số đồng nguyên",
    FactKind.DATE: "ngày có thật, dạng 2026-09-25",
    FactKind.TIME: "giờ, dạng 08:30",
}
