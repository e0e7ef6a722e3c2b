"""The parts of an .ics file: which line belongs to which event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from editorial.problem import BadInput, Problem
from store.ics.content_line import Line

DEEPEST = 8  # a calendar, an event, an alarm; more is no calendar that anyone wrote


@dataclass(frozen=True, kw_only=True)
class Component:
    """A BEGIN ... END, with its own lines and the components inside it."""

    name: str
    number: int  # the line of its BEGIN
    lines: list[Line] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        """Return the first property of this name."""
        return next((line for line in self.lines if line.name == name), None)

    def all(self, name: str) -> Iterator[Line]:
        """Yield every property of this name."""
        return (line for line in self.lines if line.name == name)

    def text(self, name: str) -> str:
        """Return the value of the first property of this name; empty where there is none."""
        line = self.first(name)
        return line.value if line else ""

    def says(self, name: str, value: str) -> bool:
        """Tell whether the first property of this name has this value, in any case of letters."""
        return self.text(name).strip().upper() == value

    def within(self, name: str) -> Iterator[Component]:
        """Yield the components of this name directly inside."""
        return (part for part in self.parts if part.name == name)


def read_calendars(lines: Iterable[Line], file: str) -> tuple[Component, ...]:
    """Return the file's VCALENDARs; raise BadInput when the file is none or was cut off."""
    outside = Component(name="", number=1)
    stack = [outside]
    for line in lines:
        _take(line, stack, file)
    if len(stack) > 1:
        message = f"tệp dừng giữa chừng: thiếu END:{stack[-1].name}; hãy tải hoặc xuất lại"
        raise BadInput(Problem(rule="cut-off", file=file, line=stack[-1].number, message=message))
    calendars = tuple(outside.within("VCALENDAR"))
    if not calendars:
        raise BadInput(_not_a_calendar(1, file))
    return calendars


def _take(line: Line, stack: list[Component], file: str) -> None:
    name = line.value.strip().upper()
    if len(stack) == 1 and not (line.name == "BEGIN" and name == "VCALENDAR"):
        raise BadInput(_not_a_calendar(line.number, file))
    if line.name == "BEGIN":
        _open(Component(name=name, number=line.number), stack, file)
    elif line.name == "END":
        if name != stack[-1].name:
            message = f"END:{name[:30]} không khớp với BEGIN:{stack[-1].name} ở dòng {stack[-1].number}; hãy xuất lại tệp"
            raise BadInput(Problem(rule="crossed-parts", file=file, line=line.number, message=message))
        stack.pop()
    else:
        stack[-1].lines.append(line)


def _open(component: Component, stack: list[Component], file: str) -> None:
    if len(stack) > DEEPEST:
        message = "các phần lồng nhau quá sâu; hãy xuất lại tệp"
        raise BadInput(Problem(rule="too-deep", file=file, line=component.number, message=message))
    stack[-1].parts.append(component)
    stack.append(component)


def _not_a_calendar(line: int, file: str) -> Problem:
    message = "đây không phải tệp lịch iCalendar (phải bắt đầu bằng BEGIN:VCALENDAR); hãy kiểm tra lại tệp hoặc đường dẫn"
    return Problem(rule="not-a-calendar", file=file, line=line, message=message)
