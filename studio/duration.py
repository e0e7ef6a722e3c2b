"""Whether a clip is as long as its template promises."""

from __future__ import annotations

import math
from collections.abc import Iterator

from editorial.problem import Problem, Severity
from studio.reading_time import SYLLABLES_A_SECOND
from studio.template_file import LengthSpec

_A_FRAME = 1 / 30  # seconds: rounding to frames is nobody's fault


def duration_problems(promised: LengthSpec | None, seconds: float, *, voiced: bool, key: str | None = None) -> Iterator[Problem]:
    """Yield what is wrong with a clip's length; too long because scenes wait for a voice is a warning, as too short is.

    `key` is the field with most words of the scene that waits longest for them.
    """
    if promised is None:
        return
    if seconds > promised.most + _A_FRAME:
        words = math.ceil((seconds - promised.most) * SYLLABLES_A_SECOND)
        message = (
            f"clip dài {seconds:.1f} giây, mẫu này chỉ tới {promised.most:g} giây; "
            f"hãy bỏ một cảnh hoặc bớt chừng {words} tiếng, bắt đầu từ đây"
        )
        severity = Severity.WARNING if voiced else Severity.ERROR
        yield Problem(rule="too-long-clip", key=key or "length", message=message, severity=severity)
    if seconds < promised.least - _A_FRAME:
        message = f"clip chỉ dài {seconds:.1f} giây, mẫu này cần từ {promised.least:g} giây; hãy thêm một cảnh"
        yield Problem(rule="too-short-clip", key="length", message=message, severity=Severity.WARNING)
