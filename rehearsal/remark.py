"""One comment that stood below a post of the office: what the public could read there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A comment as its platform has it. `post` is the platform's id of what it stands below, `own` tells that the office said it.

    Remarks are never taken back: one whose post is gone was read all the same.
    """

    platform: str
    id: str
    post: str
    text: str
    at: datetime
    own: bool
    parent: str = ""  # the comment that it answers
