"""The tone of a day and of what is said on it."""

from __future__ import annotations

from enum import Enum


class Tone(Enum):
    """What mourning mode and the collision check go by."""

    FESTIVE = "festive"  # held while mourning
    SOLEMN = "solemn"  # passes while mourning
    NEUTRAL = "neutral"  # asked about while mourning
