"""How x264 is asked to encode, known without loading it."""

from __future__ import annotations

import platform
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

_PRESET, _CRF = "veryfast", "20"


@lru_cache(maxsize=1)
def encoder_options() -> dict[str, str]:
    """Return x264's options.

    Its AVX-512 path gives different bytes from run to run in a long-lived process (seen with x264 in PyAV 18.1); AVX2 does not.
    """
    options = {"preset": _PRESET, "crf": _CRF, "threads": "1"}
    if "avx2" in _processor_flags():
        options["x264-params"] = "asm=avx2"
    return options


def _processor_flags() -> frozenset[str]:
    described = Path("/proc/cpuinfo")
    if platform.machine() not in ("x86_64", "AMD64") or not described.is_file():
        return frozenset()
    line = next((line for line in described.read_text().splitlines() if line.startswith("flags")), "")
    return frozenset(line.split())


def encoder_identity() -> str:
    """Return what makes the encoder's bytes its own, for the cache key."""
    return f"{version('av')} {sorted(encoder_options().items())}"
