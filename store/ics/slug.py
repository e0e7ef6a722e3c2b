"""A name in the letters that ids and addresses are made of."""

from __future__ import annotations

import re
import unicodedata

_OTHER = re.compile(r"[^a-z0-9]+")


def slug(text: str, *, joint: str = "_", longest: int = 60) -> str:
    """Return the text in small letters without marks, `joint` between words; empty when nothing of it can be kept."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _OTHER.sub(joint, letters)[:longest].strip(joint)
