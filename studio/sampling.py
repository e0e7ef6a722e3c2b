"""How sound is counted: what plans a clip needs only this, and none of what hears it."""

from __future__ import annotations

SAMPLES_A_SECOND = 48_000
HOP = SAMPLES_A_SECOND // 100  # samples: the step in which a voice is there or not
