"""What the platforms' sign-ins have in common: whither they send people back, and codes that work once and not for long."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from starlette.responses import RedirectResponse, Response

from rehearsal.call import JsonObject
from rehearsal.fetch import HERE
from rehearsal.journal import Counter, Table

LIFE = timedelta(minutes=10)


class BadCodeError(Exception):
    """A code that buys nothing."""


class UnknownCodeError(BadCodeError):
    """Never given, or used before."""


class ExpiredCodeError(BadCodeError):
    """Given too long ago."""


class OtherVerifierError(BadCodeError):
    """Shown by somebody else than who asked for it; whoever did may still use it."""


class OtherAddressError(BadCodeError):
    """Given for another address to send people back to."""


class Consents:
    """The codes of one platform. Until its console knows an address to send people back to, any safe one will do."""

    def __init__(
        self, keys: Table[str], counter: Counter, now: Callable[[], datetime], *, prefix: str, life: timedelta = LIFE
    ) -> None:  # fmt: skip
        self._keys = keys
        self._counter = counter
        self._now = now
        self._prefix = prefix
        self._life = life

    def heed(self, name: str, values: JsonObject) -> bool:
        """Know the `redirects` (addresses) alone as the platform's console does, or let the next person `decline`.

        Say whether it was one of these.
        """
        if name == "redirects":
            self._keys.put("redirects", json.dumps(values.get("addresses")))
        elif name == "decline":
            self._keys.put("declines", "yes")
        return name in ("redirects", "decline")

    def may_return_to(self, address: str) -> bool:
        """Say whether people may be sent back there."""
        known = self._keys.get("redirects")
        return address in json.loads(known) if known else may_redirect(address)

    def declines(self) -> bool:
        """Say whether this person says no."""
        if self._keys.get("declines") is None:
            return False
        self._keys.drop("declines")
        return True

    def give(self, address: str, challenge: str = "") -> str:
        """Give a code."""
        code = f"{self._prefix}-code-{self._counter.next('code')}"
        until = (self._now() + self._life).isoformat()
        self._keys.put(f"code {code}", json.dumps({"address": address, "challenge": challenge, "until": until}))
        return code

    def take(self, code: str, address: str | None = None, is_met: Callable[[str], bool] = lambda challenge: True) -> None:
        """Use a code up; `address` is compared where the platform asks for it again, `is_met` tells of the challenge."""
        kept = self._keys.get(f"code {code}")
        if kept is None:
            raise UnknownCodeError
        granted = json.loads(kept)
        if granted["challenge"] and not is_met(granted["challenge"]):
            raise OtherVerifierError
        self._keys.drop(f"code {code}")
        if datetime.fromisoformat(granted["until"]) < self._now():
            raise ExpiredCodeError
        if address is not None and address != granted["address"]:
            raise OtherAddressError


def sent_back(address: str, **answer: str) -> Response:
    """Send the person back with an answer."""
    return RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode(answer)}", status_code=302)


def may_redirect(target: str) -> bool:
    """Say whether an address may be sent to: https (or this machine), static, without query or fragment."""
    parts = urlsplit(target)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    return safe and bool(parts.netloc) and not parts.query and not parts.fragment and len(target) < 512
