"""QR codes: what a content becomes, and whether a phone can read it at its size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from editorial.problem import Problem
from studio.address import address_fault
from studio.display import Code, Item

if TYPE_CHECKING:
    import segno


@lru_cache(maxsize=256)
def qr_of(content: str) -> segno.QRCode | None:
    """Return the code of a text; None where it holds more than any code can."""
    import segno  # here, for it brings a client of HTTP with it and many pictures have no code

    try:
        return segno.make_qr(content, error="m")
    except segno.DataOverflowError:
        return None


def modules_of(made: segno.QRCode, quiet: int) -> int:
    """Return how many modules a code is wide, its margin counted."""
    return int(made.symbol_size(scale=1, border=quiet)[0])


def code_problems(items: Iterable[Item]) -> Iterator[Problem]:
    """Yield the codes that hold too much, or have less than a px a module: such a picture would be cut off."""
    for item in items:
        if isinstance(item.drawing, Code):
            made = qr_of(item.drawing.content)
            fault = address_fault(item.drawing.content, scanned=True)
            if fault is not None:
                yield Problem(rule="unsafe-address", key=item.id, message=fault)
            elif made is None:
                message = "nội dung quá dài cho một mã QR; hãy dùng một đường dẫn ngắn hơn"
                yield Problem(rule="qr-too-long", key=item.id, message=message)
            elif min(item.drawing.box.width, item.drawing.box.height) < modules_of(made, item.drawing.quiet):
                message = "mã QR quá nhỏ, điện thoại không đọc được; hãy để khung lớn hơn hoặc đường dẫn ngắn hơn"
                yield Problem(rule="qr-too-small", key=item.id, message=message)
