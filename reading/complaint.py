"""What pydantic found, said in the words of the person who wrote the file."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from pydantic import BaseModel

_WORDS = {
    "missing": ("missing-key", "thiếu khóa bắt buộc này"),
    "string_type": ("wrong-type", "phải là chữ"),
    "int_type": ("wrong-type", "phải là số nguyên"),
    "int_parsing": ("wrong-type", "phải là số nguyên"),
    "int_from_float": ("wrong-type", "phải là số nguyên"),
    "float_type": ("wrong-type", "phải là số"),
    "float_parsing": ("wrong-type", "phải là số"),
    "decimal_type": ("wrong-type", "phải là số"),
    "decimal_parsing": ("wrong-type", "phải là số"),
    "bool_type": ("wrong-type", "phải là true hoặc false"),
    "bool_parsing": ("wrong-type", "phải là true hoặc false"),
    "list_type": ("wrong-type", "phải là một danh sách, mỗi dòng bắt đầu bằng dấu gạch ngang"),
    "tuple_type": ("wrong-type", "phải là một danh sách, mỗi dòng bắt đầu bằng dấu gạch ngang"),
    "dict_type": ("wrong-type", "phải là một nhóm khóa: giá trị"),
    "mapping_type": ("wrong-type", "phải là một nhóm khóa: giá trị"),
    "model_type": ("wrong-type", "phải là một nhóm khóa: giá trị"),
    "date_type": ("wrong-date", "phải là ngày dạng 2026-09-25"),
    "date_parsing": ("wrong-date", "phải là ngày có thật, dạng 2026-09-25"),
    "date_from_datetime_parsing": ("wrong-date", "phải là ngày có thật, dạng 2026-09-25"),
    "time_parsing": ("wrong-time", "phải là giờ dạng 08:00"),
    "date_from_datetime_inexact": ("wrong-date", "phải là ngày dạng 2026-09-25"),
    "datetime_type": ("wrong-date", "phải là ngày dạng 2026-09-25"),
    "time_type": ("wrong-time", "phải là giờ dạng 08:00"),
    "finite_number": ("wrong-value", "phải là một số hữu hạn"),
    "string_unicode": ("wrong-type", "phải là chữ"),
    "url_parsing": ("wrong-link", "phải là một đường dẫn https://"),
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
}


def complaint(fault: Mapping[str, object], model: type[BaseModel]) -> tuple[str, str]:
    """Return (rule, message in Vietnamese) of one pydantic fault."""
    kind = str(fault["type"])
    if kind == "extra_forbidden":
        return "unknown-key", _unknown_key(fault, model)
    if kind in ("literal_error", "enum"):
        return "unknown-value", f"phải là một trong: {_expected(fault)}"
    if kind == "string_pattern_mismatch":
        return "wrong-form", _FORMS.get(_context(fault, "pattern"), "viết không đúng dạng; xem ví dụ trong docs/")
    if kind in _CONTAINERS and _stood_in_quotes(fault.get("input")):
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
    limit = _context(fault, _BOUNDS[kind])
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
