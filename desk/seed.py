"""The seed of a rehearsal's faults: the same number is the same bad luck."""

from __future__ import annotations

from random import SystemRandom

from editorial.problem import BadInput, Problem

LARGEST = 2**63 - 1
_EASY = 9999  # a number that a person can read out on the telephone


def read_seed(text: str, key: str = "--faults") -> int:
    """Return the seed; raise BadInput when it is no whole number."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST)) or int(text) > LARGEST:
        message = f"“{text[:60]}” không phải là số nguyên từ 0 đến {LARGEST}; ví dụ 7"
        raise BadInput(Problem(rule="bad-seed", key=key, message=message))
    return int(text)


def any_seed() -> int:
    """Return a seed that nobody chose, short enough to be written down."""
    return SystemRandom().randint(1, _EASY)
