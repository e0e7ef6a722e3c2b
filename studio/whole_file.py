"""Files that are there whole or not at all, whoever else writes them and whenever the work is ended."""

from __future__ import annotations

import uuid
from pathlib import Path

from studio.workfolder import in_hand


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step, making its folder; where it is cut short, no part of it stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with in_hand(path.with_name(f".{uuid.uuid4().hex}.part")) as part:
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
