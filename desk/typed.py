"""What was typed after ./loa, before any command sees it: letters that can be read, and a value where one was begun."""

from __future__ import annotations

import errno
import unicodedata
from collections.abc import Sequence

from editorial.problem import BadInput, Problem
from reading.source import reason

_NO_MORE_OPTIONS = "--"  # what follows is no option's value
_LAYOUT = frozenset("\n\t\r")  # a reason may have several lines


def refuse_unreadable(arguments: Sequence[str]) -> None:
    """Raise BadInput for an argument that is blank, as an empty shell variable is, or that holds what no text does.

    An option with nothing in it must not mean the same as no option: `--channel ""` would pause every channel.
    """
    before = ""
    for argument in arguments:
        name, _, value = argument.partition("=") if argument.startswith("--") else (before, "", argument)
        if not value.strip() and (value or argument in ("", f"{name}=")):
            message = "giá trị bỏ trống; hãy ghi giá trị, hoặc bỏ hẳn phần này"
            raise BadInput(Problem(rule="blank-argument", key=name or None, message=message))
        if any(_is_no_letter(letter) for letter in argument):
            message = "có ký tự không đọc được (không phải UTF-8, hoặc ký tự điều khiển); hãy gõ lại"
            raise BadInput(Problem(rule="unreadable-argument", key=_readable(name) or None, message=message))
        before = argument if argument.startswith("--") and argument != _NO_MORE_OPTIONS else ""


# What a machine or a person's choice of a place can be at fault for; anything else is a fault of ours.
_OF_THE_PLACE = frozenset({errno.ENAMETOOLONG, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT})


def unusable_path(error: OSError) -> Problem:
    """Return which path the machine does not take, and why; raise the error again when it is no path's."""
    if error.filename is None or error.errno not in _OF_THE_PLACE:
        raise error
    name = str(error.filename)
    shown = name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"
    return Problem(rule="unusable-path", message=f"không dùng được “{_readable(shown)}”: {reason(error)}; hãy chọn chỗ khác")


LONGEST_SHOWN = 120  # letters of a path


def _is_no_letter(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs") and letter not in _LAYOUT


def _readable(name: str) -> str:
    return "" if any(_is_no_letter(letter) for letter in name) else name
