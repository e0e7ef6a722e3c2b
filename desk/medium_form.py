"""A picture or clip of an entry as a form: its template's fields, filled with what the entry's files say, and read back.

What nobody has changed stays as the file has it (a year written as a number, a row's key that the form does not show). What the
form cannot hold at all is in `unshown`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from desk.sample_form import MOST_ROWS, FormField, data_of, form_fields
from store.medium_text import WrittenMedium
from studio.contract import ROWS, FieldSpec
from studio.template import Template

Data = Mapping[str, object]
MOST_HELD = 100_000  # letters of what the form carries for a template that has no field for it


@dataclass(frozen=True, kw_only=True)
class Unshown:
    """What the entry's file says and the template has no field for; it stays in the file where it `is_kept`."""

    name: str
    shown: str
    is_kept: bool


def fields_of(template: Template, data: Data, language: str = "vi") -> tuple[FormField, ...]:
    """Return the fields of a template filled with the data of one language, named apart from those of the others."""
    fields = form_fields(template, data)
    if language == "vi":
        return fields
    return tuple(
        replace(
            each, required=False, controls=tuple(replace(one, name=f"{language}.{one.name}") for one in each.controls),
            rows=tuple(tuple(replace(one, name=f"{language}.{one.name}") for one in row) for row in each.rows),
        )
        for each in fields
    )  # fmt: skip


def unshown(template: Template, data: Data, kept: Sequence[str] | None = None) -> tuple[Unshown, ...]:
    """Return what the template has no field for; all of it is kept unless `kept` names what is."""
    names = [name for name in data if name not in template.fields and name != "language"]
    return tuple(Unshown(name=name, shown=_in_words(data[name]), is_kept=kept is None or name in kept) for name in names)


def _in_words(value: object) -> str:
    if isinstance(value, list | tuple):
        return " · ".join(map(_in_words, value))
    if isinstance(value, Mapping):
        return ", ".join(map(_in_words, value.values()))
    return str(value)


def typed_medium(form: Mapping[str, str], template: Template, held: WrittenMedium, languages: Sequence[str]) -> WrittenMedium:
    """Return the medium that a form says: `template` has its fields, `held` is what the files said when it was drawn."""
    data: dict[str, Data] = {}
    for language in languages:
        prefix = "" if language == "vi" else f"{language}."
        own = {name.removeprefix(prefix): value for name, value in form.items() if name.startswith(f"{prefix}f.")}
        data[language] = typed_data(template, held.data.get(language, {}), own)
    alt = {language: form.get(f"alt.{language}", "") for language in languages}
    channels = tuple(name.removeprefix("channel.") for name, value in form.items() if name.startswith("channel.") and value)
    channels = (*(each for each in held.channels if each in channels), *(each for each in channels if each not in held.channels))
    return replace(held, theme=form.get("theme", held.theme), channels=channels, alt=alt, data=data)


def typed_data(template: Template, held: Data, form: Mapping[str, str]) -> dict[str, object]:
    """Return what the fields of a form say; what stands in them as it was drawn is the very value of the file."""
    drawn = data_of(template, _as_sent(form_fields(template, held)))
    said = data_of(template, form)
    made: dict[str, object] = {name: value for name, value in held.items() if name not in template.fields}
    for name, field in template.fields.items():
        value = _kept(field, held.get(name), drawn.get(name), said.get(name))
        if value not in (None, "", []):
            made[name] = value
    order = {name: number for number, name in enumerate((*held, *template.fields))}
    return dict(sorted(made.items(), key=lambda pair: order[pair[0]]))


def _as_sent(fields: Sequence[FormField]) -> dict[str, str]:
    """Return what a form would send if nobody touched it."""
    controls = [each for field in fields for each in (*field.controls, *(one for row in field.rows for one in row))]
    return {each.name: each.value for each in controls}


def _kept(field: FieldSpec, held: object, drawn: object, said: object) -> object:
    if said == drawn and type(said) is type(drawn):
        return held
    if field.type not in ROWS or not isinstance(held, list | tuple) or not isinstance(said, list) or not isinstance(drawn, list):
        return said
    rest = list(held[MOST_ROWS:])  # more than the form shows
    if len(drawn) == len(held[:MOST_ROWS]) == len(said):
        return [_kept_row(*each) for each in zip(held, drawn, said, strict=False)] + rest
    left = list(zip(drawn, held, strict=False)) if len(drawn) == len(held[:MOST_ROWS]) else []
    return [_found(row, left) for row in said] + rest


def _found(row: object, left: list[tuple[object, object]]) -> object:
    """Return the file's row that was drawn like this one, each once."""
    for number, (drawn, held) in enumerate(left):
        if drawn == row:
            del left[number]
            return held
    return row


def _kept_row(held: object, drawn: object, said: object) -> object:
    if said == drawn:
        return held
    if not (isinstance(held, Mapping) and isinstance(drawn, Mapping) and isinstance(said, Mapping)):
        return said
    hidden = {key: value for key, value in held.items() if key not in drawn}
    return hidden | {key: held[key] if key in held and drawn.get(key) == value else value for key, value in said.items()}


def held_words(data: Mapping[str, Data]) -> str:
    """Return data as a form carries it along."""
    return json.dumps({language: dict(said) for language, said in data.items()}, ensure_ascii=False)


def read_held(words: str) -> dict[str, Data]:
    """Return the data that a form carried along; nothing where somebody has spoilt it."""
    try:
        found = json.loads(words[:MOST_HELD] or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(language): said for language, said in found.items() if isinstance(said, dict)}
