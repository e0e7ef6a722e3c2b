"""A disk that is small enough to be filled: a tmpfs of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Mount a disk of so many bytes; skip where this account may not, which in CI it may."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, text=True)
    if mounted.returncode:
        told = f"no disk of our own: {mounted.stderr.strip()}"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
