"""How long to look for what nobody thought of."""

from __future__ import annotations

import os


def examples(full: int) -> int:
    """Return how many examples a property is tried on: all of them with LOA_FUZZ=full, a quarter in CI, else a fiftieth."""
    if os.environ.get("LOA_FUZZ") == "full":
        return full
    return max(40, full // (4 if os.environ.get("CI") else 50))
