"""What the machine's owner lets the studio use: settings of the machine, given in its environment, not of the office."""

from __future__ import annotations

import os

from editorial.problem import BadInput, Problem

CACHE_VARIABLE, MEMORY_VARIABLE = "LOA_CACHE_GB", "LOA_MEMORY_MB"
_CACHE_GB = 20.0
_MEMORY_MB = 1024.0  # of one worker; a photo of 100 megapixels that cannot be decoded smaller needs three quarters of it
_LEAST_MEMORY_MB = 256.0


def cache_bytes() -> int:
    """Return how many bytes of finished pictures and clips are kept; raise BadInput where the setting is no number."""
    return round(_number(CACHE_VARIABLE, _CACHE_GB, 0.0) * 1e9)


def memory_bytes() -> int:
    """Return how many bytes one worker may fill with pixels; raise BadInput where the setting is no number."""
    return round(_number(MEMORY_VARIABLE, _MEMORY_MB, _LEAST_MEMORY_MB) * 2**20)


def _number(variable: str, default: float, least: float) -> float:
    written = os.environ.get(variable, "").strip()
    try:
        number = float(written) if written else default
    except ValueError:
        number = -1.0
    if not least <= number < 1e9:
        message = f"“{written}” không dùng được; hãy viết một số từ {least:g} trở lên, ví dụ {default:g}"
        raise BadInput(Problem(rule="wrong-setting", key=variable, message=message))
    return number
