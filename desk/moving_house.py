"""What belongs to moving an office: nobody else at work in it, its records, and its pictures and clips."""

from __future__ import annotations

from pathlib import Path

from desk.occupation import occupy
from desk.records import records_file
from editorial.clock import SystemClock
from store.audit_head import heads_beside
from store.depot import Depot
from store.moving import Moved, Progress, move
from store.shared_media import SharedMediaStore


def move_office(folder: Path, to: str, media: str, progress: Progress) -> Moved:
    """Move the office whose memory lies in a folder to the database at an address, and its media to a bucket where one is given.

    Raise BadInput where it cannot be moved, with everything as it was.
    """
    with occupy(folder):
        if media:
            SharedMediaStore(folder / "media", Depot(media)).share_all(lambda done, whole: progress("media", done, whole))
        return move(f"sqlite:///{records_file(folder)}", to, clock=SystemClock(), heads=heads_beside(folder), progress=progress)
