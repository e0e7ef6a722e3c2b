"""Random words that open something: whoever has one may come in, and only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32  # 256 bits: nobody guesses one, so a plain digest of it is enough to keep


def new_token() -> str:
    """Return a word that has never been before, fit for an address and a cookie."""
    return secrets.token_urlsafe(BYTES)


def digest_of(token: str) -> str:
    """Return what is kept of a token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
