"""What a template asks for, and whether some data gives it."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from editorial.problem import Problem
from reading.document import Record
from studio.address import address_fault
from studio.brand import Names
from studio.number import Figure, read_amount, write_number
from studio.words import MOST_MARKS, few_marks

Kind = Literal[
    "text",
    "figure",
    "date",
    "list",
    "chart",
    "map",
    "image",
    "photo",
    "logo",
    "shape",
    "icon",
    "source",
    "link",
    "qr",
    "voice",
    "flag",
]
ROWS = frozenset({"list", "chart", "map"})  # the value is a list of rows
PICTURES = frozenset({"image", "photo", "logo", "shape"})  # the value is a picture's path in the workspace
ADDRESSES = frozenset({"link", "qr"})  # the value is where people are sent
VOICES = (".wav", ".ogg", ".mp3", ".m4a", ".flac", ".opus")  # how a recording's name may end
CHART_COLUMNS: Mapping[str, Kind] = {"label": "text", "value": "figure", "highlight": "flag"}
MAP_COLUMNS: Mapping[str, Kind] = {"place": "text", "value": "figure", "highlight": "flag"}
_FIXED_COLUMNS = {"chart": CHART_COLUMNS, "map": MAP_COLUMNS}
# a logo may be see-through, a shape takes colours
_ENDINGS = {"logo": (".svg", ".png", ".webp"), "shape": (".svg",), "voice": VOICES}
LANGUAGES = ("vi", "en")
_WRITABLE = 10**300
_ONE_VALUE = "phải là một giá trị, không phải danh sách hay nhóm khóa"
_LARGEST = 10**18  # no office counts further; a slip of the keyboard does


class FieldSpec(Record):
    """One field of a template's contract."""

    type: Kind
    required: bool = False
    max: Annotated[int, Field(ge=1)] | None = None
    min: Annotated[int, Field(ge=0)] = 0
    of: dict[str, Kind] | Kind | None = None
    least: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=2)] | None = None
    longest: dict[str, Annotated[int, Field(ge=1)]] | None = None  # most characters of a column's cells
    label: Names | None = None

    @property
    def columns(self) -> Mapping[str, Kind] | None:
        """Return the columns of the rows; None where rows have none."""
        if self.type in _FIXED_COLUMNS:
            return _FIXED_COLUMNS[self.type]
        return self.of if isinstance(self.of, dict) else None


@dataclass(frozen=True)
class Row:
    """One row of a list field; a plain row prints itself."""

    cells: Mapping[str, object]

    def __getattr__(self, name: str) -> object:
        if name == "cells" or name.startswith("__"):  # copying and pickling ask before the cells are there
            raise AttributeError(name)
        try:
            return self.cells[name]
        except KeyError:
            raise AttributeError(name) from None


Fields = Mapping[str, FieldSpec]


def complaints(fields: Fields, data: Mapping[str, object]) -> Iterator[Problem]:
    """Yield what the data lacks, has too much of, or calls by a name that the template has not."""
    yield from _unknown(fields, [name for name in data if name != "language"], "", "trường")
    yield from _mark_complaints(fields, data)
    for name, field in fields.items():
        value = data.get(name)
        if _empty(value):
            if field.required:
                yield Problem(rule="missing-field", key=name, message=f"mẫu cần “{_label(name, field)}”; hãy điền vào")
        else:
            yield from _value_complaints(name, field, value)


def _value_complaints(name: str, field: FieldSpec, value: object) -> Iterator[Problem]:
    if field.type in ROWS:
        yield from _list_complaints(name, field, value)
    elif isinstance(value, list | tuple | Mapping) and not (field.type == "figure" and isinstance(value, Mapping)):
        yield Problem(rule="wrong-type", key=name, message=_ONE_VALUE)
    elif field.type == "figure":
        yield from _figure_complaints(name, value)
    elif field.type == "date" and _date(value) is None:
        yield Problem(rule="wrong-date", key=name, message="phải là ngày dạng 2026-09-25")
    elif field.type in _ENDINGS and not str(value).startswith("art:") and not str(value).lower().endswith(_ENDINGS[field.type]):
        yield Problem(rule="wrong-type", key=name, message=f"phải là tệp {' hoặc '.join(_ENDINGS[field.type])}")
    elif field.type in ("text", "source") and field.max:
        yield from _length_complaints(name, value, field.max)
    elif field.type in ADDRESSES:
        yield from _address_complaints(name, field.type, value)


def _address_complaints(key: str, kind: Kind, value: object) -> Iterator[Problem]:
    fault = address_fault(str(value), scanned=kind == "qr")
    if fault is not None:
        yield Problem(rule="unsafe-address", key=key, message=fault)


def _mark_complaints(fields: Fields, data: Mapping[str, object]) -> Iterator[Problem]:
    for key, text in _texts((name, data.get(name)) for name in fields):
        if text != few_marks(text):
            message = f"có chữ mang quá {MOST_MARKS} dấu, không phải chữ của ngôn ngữ nào; hãy gõ lại"
            yield Problem(rule="too-many-marks", key=key, message=message)


def _texts(values: Iterable[tuple[str, object]]) -> Iterator[tuple[str, str]]:
    """Yield every text of some data with its key, `rows[2].label`."""
    for key, value in values:
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, Mapping):
            yield from _texts((f"{key}.{name}", inner) for name, inner in value.items())
        elif isinstance(value, list | tuple):
            yield from _texts((f"{key}[{index}]", inner) for index, inner in enumerate(value))


def _figure_complaints(key: str, value: object) -> Iterator[Problem]:
    number = value.get("value", "") if isinstance(value, Mapping) else value
    if isinstance(number, list | tuple | Mapping):
        yield Problem(rule="wrong-type", key=key, message=_ONE_VALUE)
    elif isinstance(number, int | float | Decimal) and not -_LARGEST < number < _LARGEST:
        yield Problem(rule="wrong-type", key=key, message="phải là một số hữu hạn, dưới một tỷ tỷ")


def _length_complaints(key: str, value: object, most: int) -> Iterator[Problem]:
    length = len(_text(value))
    if length > most:
        yield Problem(rule="too-long", key=key, message=f"dài {length} ký tự, mẫu chỉ chứa {most}; hãy rút ngắn")


def _list_complaints(name: str, field: FieldSpec, value: object) -> Iterator[Problem]:
    rows = _rows(value)
    if rows is None:
        yield Problem(rule="wrong-type", key=name, message="phải là một danh sách")
        return
    if len(rows) < field.min:
        yield Problem(rule="too-few", key=name, message=f"có {len(rows)} dòng, mẫu cần ít nhất {field.min}")
    if field.max and len(rows) > field.max:
        yield Problem(rule="too-many", key=name, message=f"có {len(rows)} dòng, mẫu chỉ chứa {field.max}; hãy bớt lại")
    if field.columns is None:
        for index, row in enumerate(rows):
            if isinstance(row, list | tuple | Mapping):
                yield Problem(rule="wrong-type", key=f"{name}[{index}]", message=_ONE_VALUE)
            elif field.of in ADDRESSES and not _empty(row):
                yield from _address_complaints(f"{name}[{index}]", field.of, row)
    else:
        for index, row in enumerate(rows):
            if not isinstance(row, Mapping):
                yield Problem(rule="wrong-type", key=f"{name}[{index}]", message=f"phải có các cột: {', '.join(field.columns)}")
            else:
                yield from _unknown(field.columns, row, f"{name}[{index}].", "cột")
                for column, most in (field.longest or {}).items():
                    yield from _length_complaints(f"{name}[{index}].{column}", row.get(column) or "", most)
                for column, kind in field.columns.items():
                    if kind in ADDRESSES and not _empty(row.get(column)):
                        yield from _address_complaints(f"{name}[{index}].{column}", kind, row[column])


def _unknown(known: Collection[str], given: Iterable[object], prefix: str, what: str) -> Iterator[Problem]:
    """Yield the names that the template does not ask for: what stands under a misspelt name would be missing in the picture."""
    for name in map(str, given):
        if name not in known:
            near = get_close_matches(name, list(known), n=1, cutoff=0.6)
            advice = f"có phải “{near[0]}”?" if near else f"các {what} của mẫu: {', '.join(known)}"
            yield Problem(rule="unknown-field", key=f"{prefix}{name}", message=f"mẫu không có {what} “{name}”; {advice}")


def context_of(fields: Fields, data: Mapping[str, object]) -> dict[str, object]:
    """Return every field of the contract ready for Jinja; what is not given is empty."""
    language = language_of(data)
    return {name: _ready(field.type, field.columns or field.of, data.get(name), language) for name, field in fields.items()}


def language_of(data: Mapping[str, object]) -> str:
    """Return the language that figures and dates are written in."""
    language = data.get("language", "vi")
    return language if isinstance(language, str) and language in LANGUAGES else "vi"


def canonical(fields: Fields, data: Mapping[str, object]) -> str:
    """Return the data that the template uses as JSON: the same words give the same text, NFC or NFD, in any order."""
    kept: dict[str, object] = {name: data[name] for name in sorted(fields) if not _empty(data.get(name))}
    kept["language"] = language_of(data)
    return json.dumps(_plain(kept), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def pictures_in(fields: Fields, data: Mapping[str, object]) -> Iterator[str]:
    """Yield the path of every picture that the data names."""
    for name, field in fields.items():
        value = data.get(name)
        if field.type in PICTURES and not _empty(value):
            yield str(value)
        elif field.type == "list":
            yield from _pictures_in_rows(field, _rows(value) or ())


def _pictures_in_rows(field: FieldSpec, rows: Sequence[object]) -> Iterator[str]:
    if isinstance(field.of, str) and field.of in PICTURES:
        yield from (str(row) for row in rows)
    if isinstance(field.of, dict):
        columns = [name for name, kind in field.of.items() if kind in PICTURES]
        yield from (str(row[name]) for row in rows if isinstance(row, Mapping) for name in columns if not _empty(row.get(name)))


def _ready(kind: Kind, of: Mapping[str, Kind] | Kind | None, value: object, language: str) -> object:
    if kind in ROWS:
        return [_ready_row(of, row, language) for row in _rows(value) or ()]
    if kind == "flag":
        return bool(value)
    if _empty(value):
        return ""
    if kind == "figure":
        return _figure(value, language)
    if kind == "date":
        return _date(value) or ""
    return _text(value)


def _ready_row(of: Mapping[str, Kind] | Kind | None, row: object, language: str) -> object:
    if isinstance(of, Mapping):
        cells = row if isinstance(row, Mapping) else {}
        return Row({name: _ready(kind, None, cells.get(name), language) for name, kind in of.items()})
    return _ready(of or "text", None, row, language)


def _figure(value: object, language: str) -> Figure:
    number, unit = (value.get("value", ""), value.get("unit")) if isinstance(value, Mapping) else (value, "")
    number = _writable(number)
    shown = _text(write_number(number, language))
    return Figure(value=shown, unit=_text(unit or ""), amount=read_amount(number, language))


def _writable(value: object) -> object:
    """Return a number that can be written down: Python writes none of thousands of digits, and none such is taken."""
    return math.inf if isinstance(value, int) and abs(value) > _WRITABLE else value


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _rows(value: object) -> Sequence[object] | None:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else None


def _text(value: object) -> str:
    whole = few_marks(str(value)).encode("utf-8", "replace").decode()  # half a surrogate pair is no letter of any text
    return unicodedata.normalize("NFC", whole).strip()


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | tuple) and len(value) == 0)


def _label(name: str, field: FieldSpec) -> str:
    return field.label.vi if field.label else name


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    value = _writable(value)
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return _text(value.as_posix() if isinstance(value, Path) else value)
