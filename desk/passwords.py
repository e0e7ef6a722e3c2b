"""Passwords: what is kept of one, whether one is right, and whether one is good enough."""

from __future__ import annotations

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from editorial.problem import BadInput, Problem

LEAST, MOST = 12, 200  # letters
FEWEST_DIFFERENT = 6
# OWASP's Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
_AT_ONCE = BoundedSemaphore(4)  # a crowd that signs in must not take the machine's memory
# Of a password that nobody knows: an unknown name takes as long as a known one.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$UnVuZyBkb25nIGtob25nIGFp$ERgYXZVcmXzFV5jvVX2/dHSWGlLPOWV0VJHoVxWH2f8"


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_one_way_of_writing(password))


def is_right(kept: str, password: str) -> bool:
    """Tell whether a password is the one that was kept; where none is kept, tell no after the same time."""
    if len(password) > MOST:
        return False
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODYS, _one_way_of_writing(password)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Tell whether a password was kept with other parameters than those of today."""
    return _HASHER.check_needs_rehash(kept)


def refuse_weak(password: str, again: str, *, names: tuple[str, ...] = ()) -> None:
    """Raise BadInput where a new password is too easy to guess, or was not typed twice alike."""
    written = _one_way_of_writing(password)
    if len(written) < LEAST:
        raise BadInput(_problem("password", f"mật khẩu cần ít nhất {LEAST} ký tự; một câu ngắn dễ nhớ là tốt nhất"))
    if len(password) > MOST:
        raise BadInput(_problem("password", f"mật khẩu dài quá {MOST} ký tự; hãy chọn câu ngắn hơn"))
    if len(set(written)) < FEWEST_DIFFERENT or any(_holds(written, name) for name in names):
        raise BadInput(_problem("password", "mật khẩu này dễ đoán; đừng lặp một ký tự, đừng dùng tên của bạn hay của cơ quan"))
    if written != _one_way_of_writing(again):
        raise BadInput(_problem("again", "hai lần nhập không giống nhau; hãy nhập lại"))


def _holds(written: str, name: str) -> bool:
    """Tell whether a password is little more than a name."""
    bare, known = written.casefold(), name.casefold()
    return len(known) >= 4 and known in bare and len(bare) - len(known) < LEAST // 2


def _one_way_of_writing(password: str) -> str:
    """Return a password with its marks composed: keyboards write “ề” as one letter or as three."""
    return unicodedata.normalize("NFKC", password)


def _problem(key: str, message: str) -> Problem:
    return Problem(rule="weak-password", key=key, message=message)
