"""What filters may be set to, and reading them from an address."""

from __future__ import annotations

from dataclasses import dataclass

from desk.web.views.standing import Filters
from desk.web.views.status import Status
from editorial.office import Office
from editorial.problem import BadInput, Problem

Options = tuple[tuple[str, str], ...]  # value, words


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The options of each filter."""

    statuses: Options
    channels: Options
    groups: Options
    units: Options
    axes: Options


def choices(office: Office) -> Choices:
    """Return what a page of this office can be narrowed to."""
    return Choices(
        statuses=tuple((status.value, status.label) for status in Status),
        channels=tuple((channel.id, channel.name) for channel in office.channels.values()),
        groups=tuple((group.id, f"{group.id} {group.name}") for group in office.groups.values()),
        units=tuple((unit.id, unit.name) for unit in office.units.values()),
        axes=tuple((axis.id, axis.name) for axis in office.axes.values()),
    )


def read_filters(office: Office, status: str, channel: str, group: str, unit: str = "", axis: str = "") -> Filters:
    """Return the filters that an address asks for; raise BadInput for a choice that nobody offered."""
    return Filters(
        status=Status(status) if _offered("status", status, {each.value for each in Status}) else None,
        channel=channel if _offered("channel", channel, set(office.channels)) else None,
        group=group if _offered("group", group, set(office.groups)) else None,
        unit=unit if _offered("unit", unit, set(office.units)) else None,
        axis=axis if _offered("axis", axis, set(office.axes)) else None,
    )


def _offered(key: str, value: str, options: set[str]) -> bool:
    if value and value not in options:
        message = f"không có lựa chọn “{value[:40]}”; hãy bỏ bộ lọc này và chọn lại trên trang"
        raise BadInput(Problem(rule="unknown-choice", key=key, message=message))
    return bool(value)
