"""A template's contract as a form, and a form as data: what stands in a field is what the designer sees on the picture.

Names of the form's fields: `f.headline`, `f.figures.0.label` for a cell of a row, `f.figures.0` for a plain row, and the unit of
a figure under the figure's own name with `/unit`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from studio.contract import PICTURES, ROWS, FieldSpec, Kind
from studio.template import Template

MOST_ROWS = 40  # of one list in the form
LONG = 60  # characters from which a text has several lines
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_UNIT = "/unit"


@dataclass(frozen=True, kw_only=True)
class Control:
    """One thing to fill in: its name and value in the form, and what kind of thing it is."""

    name: str
    label: str
    kind: str  # "line", "area", "number", "date", "address", "flag"
    value: str
    suggestions: str = ""  # "pictures", "icons"


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One field of the contract: its controls, or the rows of them."""

    name: str
    label: str
    required: bool
    most: int | None  # characters, or rows
    controls: tuple[Control, ...] = ()
    rows: tuple[tuple[Control, ...], ...] = ()
    is_list: bool = False


def form_fields(template: Template, data: Mapping[str, object]) -> tuple[FormField, ...]:
    """Return the form of a template, filled with data; a list has an empty row at its end while there is room for one."""
    return tuple(_field(name, field, data.get(name)) for name, field in template.fields.items())


def data_of(template: Template, form: Mapping[str, str]) -> dict[str, object]:
    """Return what a form says; what is empty is not given."""
    found = {name: _value(name, field, form) for name, field in template.fields.items()}
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def _field(name: str, field: FieldSpec, value: object) -> FormField:
    label = field.label.vi if field.label else name
    made = partial(FormField, name=name, label=label, required=field.required, most=field.max)
    if field.type not in ROWS:
        return made(controls=tuple(_controls(f"f.{name}", label, field.type, value, field.max or 0)))
    rows = list(value) if isinstance(value, list | tuple) else []
    if len(rows) < min(field.max or MOST_ROWS, MOST_ROWS):
        rows.append(None)
    shown = (tuple(_row(f"f.{name}.{number}", field, row)) for number, row in enumerate(rows[:MOST_ROWS]))
    return made(rows=tuple(shown), is_list=True)


def _row(name: str, field: FieldSpec, row: object) -> Iterator[Control]:
    if field.columns is None:
        yield from _controls(name, "", field.of if isinstance(field.of, str) else "text", row, 0)
        return
    cells = row if isinstance(row, Mapping) else {}
    for column, kind in field.columns.items():
        yield from _controls(f"{name}.{column}", column, kind, cells.get(column), 0)


def _controls(name: str, label: str, kind: Kind, value: object, most: int) -> Iterator[Control]:
    if kind == "flag":
        yield Control(name=name, label=label, kind="flag", value="1" if value else "")
    elif kind == "figure" and isinstance(value, Mapping):
        yield Control(name=name, label=label, kind="number", value=_shown(value.get("value")))
        unit = f"{label}, đơn vị".removeprefix(", ")
        yield Control(name=name + _UNIT, label=unit, kind="line", value=_shown(value.get("unit")))
    else:
        plain = {"figure": "number", "date": "date", "link": "address", "qr": "address"}.get(kind, "line")
        shape = "area" if kind in ("text", "source") and max(most, len(_shown(value))) > LONG else plain
        suggestions = "pictures" if kind in PICTURES else "icons" if kind == "icon" else ""
        yield Control(name=name, label=label, kind=shape, value=_shown(value), suggestions=suggestions)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _value(name: str, field: FieldSpec, form: Mapping[str, str]) -> object:
    if field.type not in ROWS:
        return _typed(f"f.{name}", field.type, form)
    rows = (_row_value(f"f.{name}.{number}", field, form) for number in range(MOST_ROWS))
    return [row for row in rows if row not in ("", None, {})]


def _row_value(name: str, field: FieldSpec, form: Mapping[str, str]) -> object:
    if field.columns is None:
        return _typed(name, field.of if isinstance(field.of, str) else "text", form)
    cells = {column: _typed(f"{name}.{column}", kind, form) for column, kind in field.columns.items()}
    return {column: value for column, value in cells.items() if value not in ("", None)}


def _typed(name: str, kind: Kind, form: Mapping[str, str]) -> object:
    text = form.get(name, "").replace("\r\n", "\n").strip()
    if kind == "flag":
        return bool(text) or None
    if kind != "figure":
        return text
    value: object = (float(text) if "." in text else int(text)) if _NUMBER.fullmatch(text) else text
    unit = form.get(name + _UNIT, "").strip()
    return {"value": value, "unit": unit} if unit and value != "" else value
