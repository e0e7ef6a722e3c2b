"""The lines of an .ics file: unfolded as bytes, since some programmes fold inside a letter, and numbered for the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from icalendar.parser import Contentline

from editorial.problem import BadInput, Problem

MOST_BYTES = 5 * 1024 * 1024  # a year of a busy office is under 1 MB
_BREAK = re.compile(rb"\r*\n|\r")  # some exports end lines with CR CR LF
# A display name of Outlook's without the quotes that its colon needs.
_BARE_ZONE = re.compile(r';TZID=(\((?:UTC|GMT)[^")]{0,9}\)[^":;]*)(?=[:;])', re.IGNORECASE)
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One property with its parameters; `number` is where it starts in the file, from 1."""

    number: int
    name: str
    parameters: Mapping[str, str]
    value: str


def read_lines(raw: bytes, file: str) -> Iterator[Line | Problem]:
    """Yield every property, and a warning for each line that is none; raise BadInput for what is no text of a calendar."""
    for number, whole in _unfolded(_utf8(raw, file)):
        yield _line(_decoded(whole, number, file), number, file)


def _utf8(raw: bytes, file: str) -> bytes:
    if len(raw) > MOST_BYTES:
        raise BadInput(Problem(rule="file-too-large", file=file, message="tệp lịch lớn hơn 5 MB; hãy xuất một khoảng ngắn hơn"))
    try:
        wide = raw.decode(_WIDE[raw[:2]]).encode() if raw[:2] in _WIDE else raw
    except UnicodeError as error:
        raise _not_utf8(1, file) from error
    return wide.removeprefix(b"\xef\xbb\xbf")


def _unfolded(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (number of its first line, whole line); RFC 5545 3.1: joined before anything is decoded."""
    first, parts = 1, [b""]
    for number, part in enumerate(_BREAK.split(raw), start=1):
        if part[:1] in (b" ", b"\t"):
            parts.append(part[1:])
            continue
        if any(parts):
            yield first, b"".join(parts)
        first, parts = number, [part]
    if any(parts):
        yield first, b"".join(parts)


def _decoded(whole: bytes, number: int, file: str) -> str:
    try:
        return whole.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(number, file) from error


def _line(text: str, number: int, file: str) -> Line | Problem:
    try:
        whole = _BARE_ZONE.sub(r';TZID="\1"', text)
        name, parameters, value = Contentline(whole).parts()  # type: ignore[no-untyped-call]  # the package leaves it untyped
    except ValueError:
        return Problem(rule="bad-line", file=file, line=number, message="dòng này không đúng dạng TÊN:giá trị; đã bỏ qua")
    named = {key.upper(): _one(parameters[key]) for key in parameters}
    return Line(number=number, name=name.upper(), parameters=named, value=value)


def _one(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else str(value)


def _not_utf8(number: int, file: str) -> BadInput:
    message = "tệp không phải UTF-8; hãy xuất lại lịch với bảng mã UTF-8"
    return BadInput(Problem(rule="not-utf8", file=file, line=number, message=message))
