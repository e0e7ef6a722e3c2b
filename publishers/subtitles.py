"""Subtitles as browsers want them."""

from __future__ import annotations

import re

_TIMING = re.compile(r"^(\d{1,2}:\d{2}:\d{2}),(\d{3}) --> (\d{1,2}:\d{2}:\d{2}),(\d{3})", re.MULTILINE)


def to_webvtt(subrip: str) -> str:
    """Return SubRip as WebVTT: a heading, and points instead of commas in the timings."""
    text = subrip.removeprefix("\ufeff").replace("\r\n", "\n")
    return "WEBVTT\n\n" + _TIMING.sub(r"\1.\2 --> \3.\4", text)
