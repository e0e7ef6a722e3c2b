"""Can every post go out after the one that its entry asks for?"""

from __future__ import annotations

from collections.abc import Iterator

from editorial.entry import Entry
from editorial.plan import Plan
from editorial.problem import Problem
from editorial.workspace import Content


def check_order(plan: Plan, content: Content) -> tuple[Problem, ...]:
    """Return every `after` that names no entry, shares no channel with it, goes in a circle or stands in the plan before it."""
    following = ((entry, entry.after) for entry in content.entries.values() if entry.after)
    return tuple(problem for entry, after in following for problem in _check(entry, after, plan, content))


def _check(entry: Entry, after: str, plan: Plan, content: Content) -> Iterator[Problem]:
    first = content.entries.get(after)
    if first is None:
        yield _at(entry, content, "unknown-entry", content.unknown_entry(after).message)
    elif (circle := _circle(entry, content)) is not None:
        yield _at(entry, content, "order-circle", f"các mục chờ nhau thành vòng: {circle}; hãy bỏ một khóa after")
    elif not set(first.channels) & set(entry.channels):
        message = f"mục “{after}” không đăng trên kênh nào của mục này; hãy bỏ khóa after hoặc thêm kênh chung"
        yield _at(entry, content, "order-no-channel", message)
    else:
        yield from _planned_before(entry, after, plan, content)


def _circle(entry: Entry, content: Content) -> str | None:
    """Return the way from the entry back to itself; a circle further on is told of the entries that are in it."""
    way = [entry.id]
    after = entry.after
    while after is not None and after in content.entries and after not in way:
        way.append(after)
        after = content.entries[after].after
    return " → ".join((*way, entry.id)) if after == entry.id else None


def _planned_before(entry: Entry, after: str, plan: Plan, content: Content) -> Iterator[Problem]:
    moments = {slot.channel: slot.at for slot in plan.of(after)}
    for slot in plan.of(entry.id):
        first = moments.get(slot.channel)
        if first is not None and slot.at < first:
            message = (
                f"trên kênh “{slot.channel}” bài này hẹn {slot.at:%H:%M ngày %d/%m/%Y}, trước bài “{after}” mà nó phải chờ "
                f"({first:%H:%M ngày %d/%m/%Y}); hãy đổi giờ hoặc bỏ khóa after"
            )
            yield _at(entry, content, "order-planned-before", message)


def _at(entry: Entry, content: Content, rule: str, message: str) -> Problem:
    file, line, key = content.place(entry.id, "after")
    return Problem(rule=rule, message=message, file=file, line=line, key=key)
