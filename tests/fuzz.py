"""How long to look for what nobody thought of."""

from __future__ import annotations

import os


def examples(full: int) -> int:
    """Return how many examples a property is tried on: all of them in CI or with LOA_FUZZ=full, else a fiftieth."""
    return full if os.environ.get("LOA_FUZZ") == "full" or os.environ.get("CI") else max(40, full // 50)
