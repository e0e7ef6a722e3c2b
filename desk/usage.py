"""A command typed wrongly, said in our words: the command line's library speaks English and keeps its classes to itself."""

from __future__ import annotations

import re

from editorial.problem import Problem


def usage_problem(error: Exception) -> Problem | None:
    """Return what was typed wrongly and where help is, or None when the error is no mistake of the person's."""
    say = getattr(error, "format_message", None)
    if say is None:
        return None
    door = getattr(getattr(error, "ctx", None), "command_path", None) or "./loa"
    return Problem(rule="usage", message=f"{_fault(error, str(say()))}; hãy xem {door} --help")


def _fault(error: Exception, said: str) -> str:
    match type(error).__name__:
        case "MissingParameter":
            return _not_given(error, said)
        case "NoSuchOption":
            near = ", ".join(getattr(error, "possibilities", None) or ())
            wrong = getattr(error, "option_name", "")
            return f"không có tùy chọn {wrong}; có phải {near}" if near else f"không có tùy chọn {wrong}"
        case "BadOptionUsage":
            return f"sau {getattr(error, 'option_name', '')} còn thiếu giá trị"
        case "BadParameter":
            return _wrong_value(error, said)
    if found := re.search(r"No such command '([^']*)'(?:.*'([^']*)')?", said):
        return f"không có lệnh “{found[1]}”; có phải “{found[2]}”" if found[2] else f"không có lệnh “{found[1]}”"
    if found := re.search(r"unexpected extra argument\(?s?\)? \((.*)\)", said):
        return f"thừa “{found[1]}”"
    return said


def _not_given(error: Exception, said: str) -> str:
    choices = ", ".join(re.findall(r"^\t([^,\n]+)", said, re.MULTILINE))
    return f"thiếu {_shown(error)}, một trong: {choices}" if choices else f"thiếu {_shown(error)}"


def _wrong_value(error: Exception, said: str) -> str:
    if found := re.search(r"'([^']*)' is not one of (.*)\.$", said):
        return f"{_shown(error)} không có giá trị “{found[1]}”; chọn trong: {found[2].replace(chr(39), '')}"
    if "valid integer" in said:
        return f"{_shown(error)} phải là số nguyên"
    if "valid number" in said:
        return f"{_shown(error)} phải là số"
    if found := re.search(r"is not in the range (.*)\.$", said):
        return f"{_shown(error)} phải trong khoảng {found[1]}"
    return f"giá trị của {_shown(error)} không dùng được"


def _shown(error: Exception) -> str:
    """Return the option as it is typed, or what an argument is."""
    param = getattr(error, "param", None)
    if getattr(param, "param_type_name", "") == "option":
        return str(param.opts[0])  # type: ignore[union-attr]  # an option has names
    return f"<{getattr(param, 'name', '')}>"
