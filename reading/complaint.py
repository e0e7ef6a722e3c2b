"""What pydantic found, said in the words of the person who wrote the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from pydantic import BaseModel

_WORDS = {
    "missing": ("missing-key", "thiếu khóa bắt buộc này"),
    "finite_number": ("wrong-value", "phải là một số hữu hạn"),
    "int_parsing_size": ("wrong-value", "số quá lớn; hãy ghi một số nhỏ hơn"),
    "url_parsing": ("wrong-link", "phải là một đường dẫn https://"),
}
_KINDS = {  # what is wanted, said after “phải là”
    "string_type": ("wrong-type", "chữ"),
    "string_unicode": ("wrong-type", "chữ"),
    "int_type": ("wrong-type", "số nguyên"),
    "int_parsing": ("wrong-type", "số nguyên"),
    "int_from_float": ("wrong-type", "số nguyên"),
    "float_type": ("wrong-type", "số"),
    "float_parsing": ("wrong-type", "số"),
    "decimal_type": ("wrong-type", "số"),
    "decimal_parsing": ("wrong-type", "số"),
    "bool_type": ("wrong-type", "true hoặc false"),
    "bool_parsing": ("wrong-type", "true hoặc false"),
    "list_type": ("wrong-type", "một danh sách, mỗi dòng bắt đầu bằng dấu gạch ngang"),
    "tuple_type": ("wrong-type", "một danh sách, mỗi dòng bắt đầu bằng dấu gạch ngang"),
    "dict_type": ("wrong-type", "một nhóm khóa: giá trị"),
    "mapping_type": ("wrong-type", "một nhóm khóa: giá trị"),
    "model_type": ("wrong-type", "một nhóm khóa: giá trị"),
    "date_type": ("wrong-date", "ngày dạng 2026-09-25"),
    "date_from_datetime_inexact": ("wrong-date", "ngày dạng 2026-09-25"),
    "datetime_type": ("wrong-date", "ngày dạng 2026-09-25"),
    "date_parsing": ("wrong-date", "ngày có thật, dạng 2026-09-25"),
    "date_from_datetime_parsing": ("wrong-date", "ngày có thật, dạng 2026-09-25"),
    "time_type": ("wrong-time", "giờ dạng 08:00"),
    "time_parsing": ("wrong-time", "giờ dạng 08:00"),
}
_CONTAINERS = frozenset({"list_type", "tuple_type", "dict_type", "mapping_type", "model_type", "model_attributes_type"})
_BOUNDS = {"greater_than_equal": "ge", "less_than_equal": "le", "greater_than": "gt", "less_than": "lt",
           "string_too_long": "max_length", "too_long": "max_length"}  # fmt: skip
_FORMS = {  # by the pattern that a record names
    r"^[a-z0-9]+([-_.][a-z0-9]+)*$": "chỉ gồm chữ thường không dấu và chữ số, nối bằng - _ hoặc dấu chấm, ví dụ trung-thu-pho-co",
    r"^[a-z0-9_-]+$": "chỉ gồm chữ thường không dấu, chữ số, - và _",
    r"^[a-z][a-z0-9_]*$": "bắt đầu bằng chữ thường không dấu, rồi chữ thường, chữ số hoặc _, ví dụ so_phuong",
    r"^https://[^\s]+$": "phải là đường dẫn bắt đầu bằng https:// và không có dấu cách",
    r"^[^\s#]+$": "hashtag viết liền, không có dấu # và dấu cách",
    r"^([01]\d|2[0-3]):[0-5]\d$": "phải là giờ dạng 08:00",
    r"^(infographic|clip)/[a-z0-9-]+$": "phải là tên mẫu, ví dụ infographic/steps",
    r"^\d+\.\d+$": "phải là số thứ tự của nhóm, đặt trong dấu nháy, ví dụ \"1.9\"",
}


def complaint(faults: Sequence[Mapping[str, object]], model: type[BaseModel]) -> tuple[str, str]:
    """Return (rule, message in Vietnamese) of what pydantic found at one place.

    Where a value may be of several kinds it finds a fault with each: a value that is of one kind and wrong is told why, any other
    is told all that it may be.
    """
    wanted: dict[str, str] = {}
    for fault in faults:
        rule, kind = _kind(fault)
        if not kind:
            return _other(fault, model)
        wanted[kind] = rule
    if "số" in wanted:
        wanted.pop("số nguyên", None)
    rules = set(wanted.values())
    return rules.pop() if len(rules) == 1 else "wrong-type", f"phải là {' hoặc '.join(wanted)}"


def _kind(fault: Mapping[str, object]) -> tuple[str, str]:
    """Return (rule, what the value has to be), the latter empty where that is not what is wrong."""
    kind = str(fault["type"])
    if kind in ("literal_error", "enum"):
        return "unknown-value", f"một trong: {_expected(fault)}"
    if kind in _CONTAINERS and _stood_in_quotes(fault.get("input")):
        return "wrong-type", ""
    return _KINDS.get(kind, ("wrong-value", ""))


def _other(fault: Mapping[str, object], model: type[BaseModel]) -> tuple[str, str]:
    """Return (rule, message) of a value that is wrong in another way than by its kind."""
    kind = str(fault["type"])
    if kind == "extra_forbidden":
        return "unknown-key", _unknown_key(fault, model)
    if kind == "string_pattern_mismatch":
        return "wrong-form", _FORMS.get(_context(fault, "pattern"), "viết không đúng dạng; xem ví dụ trong docs/")
    if kind in _CONTAINERS:
        return "wrong-type", "đây là chữ vì nằm trong dấu nháy; hãy bỏ dấu nháy ở hai đầu"
    if kind in _BOUNDS:
        return "wrong-value", _bound(kind, fault)
    if kind in ("string_too_short", "too_short"):
        return "empty", "không được để trống"
    if kind in ("value_error", "assertion_error"):
        return "wrong-value", str(fault["msg"]).split(", ", 1)[-1]
    return _WORDS.get(kind, ("wrong-value", "giá trị không dùng được ở đây; xem ví dụ trong docs/"))


def _stood_in_quotes(value: object) -> bool:
    """Tell whether a group or a list was read as words: YAML does so only where they stand in quotes."""
    return isinstance(value, str) and value.lstrip().startswith(("{", "["))


def _bound(kind: str, fault: Mapping[str, object]) -> str:
    limit = _context(fault, _BOUNDS[kind]).removesuffix(".0")
    match kind:
        case "greater_than_equal":
            return f"phải từ {limit} trở lên"
        case "less_than_equal":
            return f"không được quá {limit}"
        case "greater_than":
            return f"phải lớn hơn {limit}"
        case "less_than":
            return f"phải nhỏ hơn {limit}"
    return f"dài quá; nhiều nhất là {limit}"


def _unknown_key(fault: Mapping[str, object], model: type[BaseModel]) -> str:
    location = fault["loc"]
    key = str(location[-1]) if isinstance(location, tuple) and location else ""
    near = get_close_matches(key, sorted(_keys(model)), n=1, cutoff=0.6)
    if near:
        return f"không có khóa tên “{key}”; có phải “{near[0]}”?"
    return f"không có khóa tên “{key}”; hãy xóa hoặc sửa tên khóa"


def _keys(model: type[BaseModel], seen: frozenset[type[BaseModel]] = frozenset()) -> set[str]:
    """Return every key that the model or a model inside it knows."""
    keys: set[str] = set()
    for name, field in model.model_fields.items():
        keys.add(field.alias or name)
        for inner in _models_in(field.annotation):
            if inner not in seen:
                keys |= _keys(inner, seen | {model, inner})
    return keys


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]


def _expected(fault: Mapping[str, object]) -> str:
    return _context(fault, "expected").replace("'", "").replace(" or ", ", ")


def _context(fault: Mapping[str, object], key: str) -> str:
    context = fault.get("ctx")
    return str(context.get(key, "")) if isinstance(context, Mapping) else ""
