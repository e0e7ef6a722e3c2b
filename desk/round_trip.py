"""One way to another server and back: all that ties its answer to this browser is made from one word in its cookie."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class RoundTrip:
    """One way to the server and back."""

    word: str = field(repr=False)

    @classmethod
    def new(cls) -> RoundTrip:
        """Begin one."""
        return cls(word=secrets.token_urlsafe(32))

    @property
    def state(self) -> str:
        """Return what the server hands back unchanged."""
        return self._of("state")

    @property
    def nonce(self) -> str:
        """Return what the server signs into its word for the person."""
        return self._of("nonce")

    @property
    def verifier(self) -> str:
        """Return what proves that whoever fetches the answer also asked for it (RFC 7636)."""
        return self._of("verifier")

    @property
    def challenge(self) -> str:
        """Return the verifier's digest, which may be seen on the way."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    @property
    def digest(self) -> str:
        """Return what may be kept of the word, to know it again."""
        return hashlib.sha256(self.word.encode()).hexdigest()

    def _of(self, what: str) -> str:
        return hmac.new(self.word.encode(), what.encode(), hashlib.sha256).hexdigest()
