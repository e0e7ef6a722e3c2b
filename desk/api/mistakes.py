"""What a program sent otherwise than asked, in the words that files are told their mistakes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from editorial.problem import Problem
from reading.complaint import complaint


def mistakes(faults: Sequence[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Return a problem for each place at which something is wrong; `key` is where: `channels.0`."""
    places: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for fault in faults:
        places.setdefault(_place(fault), []).append(fault)
    return tuple(_problem(place, found) for place, found in places.items())


def _place(fault: Mapping[str, Any]) -> tuple[str, ...]:
    if fault["type"] == "json_invalid":
        return ()
    return tuple(str(part) for part in fault["loc"][1:])  # the first says where in the request: body, query, path


def _problem(place: tuple[str, ...], faults: Sequence[Mapping[str, Any]]) -> Problem:
    if any(fault["type"] == "json_invalid" for fault in faults):
        return Problem(rule="bad-json", message="phần thân không phải là JSON; hãy kiểm tra dấu ngoặc, dấu phẩy và dấu nháy")
    rule, message = complaint(faults, BaseModel)
    return Problem(rule=rule, key=".".join(place)[:200] or None, message=message)
