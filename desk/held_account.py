"""An account that is being connected: its credentials are in this process alone until the platform knows them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from editorial.clock import Clock
from editorial.office import Channel
from editorial.outcome import Unauthorized
from publishers.contract import Account, BriefNotes


class HeldSecrets:
    """Credentials of one account; what the platform renews meanwhile stays in them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = dict(values)

    def get(self, name: str) -> str:
        """Return a credential; raise Unauthorized where none was given."""
        if not self.values.get(name):
            raise Unauthorized(f"chưa có “{name}”", code="not-connected")
        return self.values[name]

    def replace(self, values: Mapping[str, str]) -> None:
        """Hold newer ones."""
        self.values.update(values)

    def alone(self) -> AbstractContextManager[None]:
        """Nobody else knows them."""
        return nullcontext()


class HeldNotes(BriefNotes):
    """Notes that can be kept once the account is connected."""

    @property
    def values(self) -> Mapping[str, str]:
        """Return all of them."""
        return dict(self._values)


class HeldAccount:
    """What is known of an account so far."""

    def __init__(
        self, channel: Channel, base_url: str, settings: Mapping[str, str], secrets: Mapping[str, str], clock: Clock
    ) -> None:  # fmt: skip
        self.secrets, self.notes = HeldSecrets(secrets), HeldNotes()
        self.account = Account(
            channel=channel.id, base_url=base_url, settings=settings, secrets=self.secrets, notes=self.notes, now=clock.now
        )  # fmt: skip
