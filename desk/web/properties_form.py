"""The form of an entry's properties, as it was sent: what was chosen, and what the file said when it was opened."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

from starlette.datastructures import FormData

from desk.english_text import WANTED
from desk.property_words import REPEAT_KEYS, FactWords, Properties, clean_fact

MOST_FACTS = 60
_PLAIN = ("unit", "axis", "group", "tone", "form", "campaign", "after")
_ROW = re.compile(r"fact\.(\d{1,3})\.(\w+)")


@dataclass(frozen=True, kw_only=True)
class PropertiesForm:
    """What somebody has chosen and typed. `rows` are the facts of the entry's own, those that were left empty included."""

    typed: Properties
    rows: tuple[FactWords, ...] = ()
    gone: frozenset[int] = frozenset()  # rows whose fact is to go
    base: Properties | None = None
    digest: str = ""
    seal: str = ""
    find: str = ""
    english: Mapping[str, str] = field(default_factory=dict)


def read_form(form: FormData) -> PropertiesForm:
    """Return the form as it was sent."""
    plain = {name: value for name, value in form.items() if isinstance(value, str)}
    rows, gone = _rows(plain)
    kept = tuple(row for index, row in enumerate(rows) if index not in gone and not is_empty(row))
    typed = Properties(
        channels=moved(_many(form, "channel"), plain.get("move", "")), uses=_many(form, "use"), facts=kept,
        languages={name.removeprefix("language."): value for name, value in plain.items() if name.startswith("language.")},
        repeat={key: plain.get(f"repeat.{key}", "") for key in REPEAT_KEYS},
        **{key: plain.get(key, "") for key in _PLAIN},
    )  # fmt: skip
    return PropertiesForm(
        typed=typed, rows=rows, gone=gone, base=_base(plain.get("base", "")), digest=plain.get("digest", ""),
        seal=plain.get("seal", ""), find=plain.get("find", "")[:100],
        english={key: plain.get(f"english.{key}", "") for key in WANTED},
    )  # fmt: skip


def moved(channels: tuple[str, ...], move: str) -> tuple[str, ...]:
    """Return the channels with one of them a place earlier or later: `up:zalo`, `down:zalo`."""
    way, _, channel = move.partition(":")
    if channel not in channels or way not in ("up", "down"):
        return channels
    others = [each for each in channels if each != channel]
    at = channels.index(channel) + (1 if way == "down" else -1)
    return (*others[: max(at, 0)], channel, *others[max(at, 0) :])


def is_empty(row: FactWords) -> bool:
    """Tell whether nothing was typed in a row."""
    words = asdict(clean_fact(row))
    return not any(value for key, value in words.items() if key != "kind")


def packed(properties: Properties) -> str:
    """Return properties as the page keeps them."""
    return json.dumps(asdict(properties), ensure_ascii=False)


def _many(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in form.getlist(name) if isinstance(value, str) and value))


def _rows(plain: Mapping[str, str]) -> tuple[tuple[FactWords, ...], frozenset[int]]:
    known = {each.name for each in fields(FactWords)}
    found: dict[int, dict[str, str]] = {}
    for name, value in plain.items():
        place = _ROW.fullmatch(name)
        if place and int(place[1]) < MOST_FACTS:
            found.setdefault(int(place[1]), {})[place[2]] = value
    rows = [found[number] for number in sorted(found)]
    gone = frozenset(index for index, row in enumerate(rows) if row.get("gone"))
    return tuple(FactWords(**({"id": ""} | {key: row[key] for key in known & row.keys()})) for row in rows), gone


def _base(text: str) -> Properties | None:
    """Return what the file said when the page was opened; None for what is not ours to read."""
    try:
        said = json.loads(text)
        return Properties(
            channels=tuple(map(str, said["channels"])), uses=tuple(map(str, said["uses"])),
            languages={str(key): str(value) for key, value in said["languages"].items()},
            repeat={str(key): str(value) for key, value in said["repeat"].items()},
            facts=tuple(FactWords(**{str(key): str(value) for key, value in fact.items()}) for fact in said["facts"]),
            **{key: str(said[key]) for key in _PLAIN},
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
