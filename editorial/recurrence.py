"""From a repeated entry to its occurrences: each an entry of its own, with its own id, slots, posts and approval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from editorial.calendar import Catalogue
from editorial.date_expression import DateRule, parse
from editorial.entry import Entry
from editorial.problem import BadInput, Problem
from editorial.repeat import PERIOD_ANCHOR, Repeat, Turn
from editorial.workspace import Content, Place


def with_occurrences(content: Content, catalogue: Catalogue) -> Content:
    """Return the content with every repeated entry replaced by its occurrences; raise BadInput with all that cannot be."""
    entries: dict[str, Entry] = {}
    places: dict[str, Mapping[str, Place]] = dict(content.places)
    translated: dict[tuple[str, str], Mapping[str, Place]] = dict(content.translated_places)
    problems: list[Problem] = []
    for entry in content.entries.values():
        try:
            made = occurrences(entry, catalogue)
        except BadInput as error:
            problems.extend(_placed(error.problems, content, entry))
            continue
        entries.update((each.id, each) for each in made)
        places.update((each.id, content.places[entry.id]) for each in made)
        translated.update(
            ((each.id, language), found)
            for each in made
            for language in entry.messages
            if (found := content.translated_places.get((entry.id, language)))
        )
    if problems:
        raise BadInput(*problems)
    return replace(content, entries=entries, places=places, translated_places=translated)


def occurrences(entry: Entry, catalogue: Catalogue) -> tuple[Entry, ...]:
    """Return the entry itself where it is said once, else one entry a turn, named `<id>--<turn>`.

    No file can be named so, since a file's id has no two dashes together: an occurrence never meets another entry's keys.
    """
    if entry.repeat is None:
        return (entry,)
    turns = _turns(entry.repeat, catalogue)
    made = tuple(_occurrence(entry, turn) for turn in turns)
    together = tuple(_together(entry, turns, made))
    if together:
        raise BadInput(*together)
    return made


def _turns(repeat: Repeat, catalogue: Catalogue) -> tuple[Turn, ...]:
    turns = repeat.turns(catalogue)
    if not turns:
        message = f"không có kỳ nào từ {repeat.start:%d/%m/%Y} đến {repeat.until:%d/%m/%Y}; hãy nới khoảng ngày"
        raise BadInput(Problem(rule="empty-repeat", key="repeat", message=message))
    return turns


def _together(entry: Entry, turns: tuple[Turn, ...], made: tuple[Entry, ...]) -> Iterator[Problem]:
    """Yield each moment of the entry that is the same for several turns: `q4_end` of every month's turn is one day."""
    asked = dict.fromkeys("when" if channel not in entry.moments else f"moments.{channel}" for channel in entry.channels)
    for key in asked:
        channel = key.removeprefix("moments.")
        by_moment: dict[str, list[str]] = {}
        for turn, each in zip(turns, made, strict=True):
            by_moment.setdefault(each.moments.get(channel, each.when), []).append(turn.name)
        crowded = next((names for names in by_moment.values() if len(names) > 1), None)
        if crowded:
            yield _one_moment(entry.moments.get(channel, entry.when), crowded, key)


def _one_moment(rule: str, names: list[str], key: str) -> Problem:
    listed = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    advice = f"hãy dùng {PERIOD_ANCHOR}, ví dụ {PERIOD_ANCHOR}@08:00"
    message = f"thời điểm “{rule}” làm {len(names)} kỳ ({listed}) rơi vào cùng một lúc; {advice}"
    return Problem(rule="fixed-repeat", key=key, message=message)


def _occurrence(entry: Entry, turn: Turn) -> Entry:
    return replace(
        entry,
        id=f"{entry.id}--{turn.name}",
        when=_rule_of(entry.when, turn, "when"),
        moments={channel: _rule_of(rule, turn, f"moments.{channel}") for channel, rule in entry.moments.items()},
        repeat=None,
        series=entry.id,
    )


def _rule_of(text: str, turn: Turn, key: str) -> str:
    try:
        return str(_dated(parse(text), turn))
    except BadInput as error:
        raise BadInput(*(replace(problem, key=key) for problem in error.problems)) from error


def _dated(rule: DateRule, turn: Turn) -> DateRule:
    """Set the turn's day where the rule says `ky`; another anchor without a year means the one of the turn's year."""
    if rule.anchor == PERIOD_ANCHOR and rule.year is None:
        return replace(rule, anchor=turn.day.isoformat(), fixed=turn.day)
    if rule.fixed is not None or rule.year is not None:
        message = f"thời điểm “{rule}” không đổi theo kỳ; hãy dùng {PERIOD_ANCHOR}, ví dụ {PERIOD_ANCHOR}-1wd@08:00"
        raise BadInput(Problem(rule="fixed-repeat", message=message))
    return replace(rule, year=turn.day.year)


def _placed(problems: Iterable[Problem], content: Content, entry: Entry) -> list[Problem]:
    placed = []
    for problem in problems:
        own = problem.key is not None and problem.key.split(".")[0] in ("repeat", "when", "moments")
        file, line, key = content.place(entry.id, problem.key if own and problem.key else "repeat.anchor")
        placed.append(replace(problem, file=file, line=line, key=key))
    return placed
