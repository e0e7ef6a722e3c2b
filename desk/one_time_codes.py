"""One-time codes from a phone (TOTP, RFC 6238), and the codes on paper for the day that the phone is lost."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

import pyotp

STEP = 30  # seconds that a code is good for
EITHER_WAY = 1  # steps that a phone's clock may be off
RECOVERY_CODES, _GROUPS, _GROUP = 10, 3, 5
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another


def new_secret() -> str:
    """Return a secret for a phone: 160 bits in base32."""
    return pyotp.random_base32()


def address_of(secret: str, person: str, office: str) -> str:
    """Return what an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=f"Loa {office}")


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """Return the step whose code was typed; None where it is none of these minutes."""
    digits = re.sub(r"\s", "", typed)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    codes, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    near = range(current - EITHER_WAY, current + EITHER_WAY + 1)
    return next((step for step in near if secrets.compare_digest(codes.generate_otp(step), digits)), None)


def new_recovery_codes() -> tuple[str, ...]:
    """Return ten codes as they are printed, `3kd9f-x7mq2-8vwat`: 74 bits each, so that a plain digest is enough to keep."""
    return tuple("-".join(_word() for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES))


def is_recovery_code(typed: str) -> bool:
    """Tell whether somebody typed a code from paper rather than from the phone."""
    return len(plain_recovery_code(typed)) == _GROUPS * _GROUP


def plain_recovery_code(typed: str) -> str:
    """Return a code from paper as it is kept, however it was typed."""
    return re.sub(r"[\s-]", "", typed).lower()


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_GROUP))
