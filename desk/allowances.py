"""What a channel has used of what its platform allows, as far as it is written down: nothing is asked of the platform here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from editorial.office import Channel
from publishers.allowance import Allowance
from publishers.contract import Account, app_notes_of, app_of
from publishers.manifest import Manifest
from publishers.registry import allowances
from store.gates import Gate, account_gate
from store.store import Store


def allowances_of(
    store: Store, channel: Channel, manifest: Manifest, settings: Mapping[str, str], gates: Mapping[str, Gate]
) -> tuple[Allowance, ...]:  # fmt: skip
    """Return every allowance of the channel that something is known of."""
    app = _app(store, channel, manifest, settings)
    account = Account(
        channel=channel.id, base_url="", settings=settings, secrets=store.secrets.of(channel.id),
        notes=store.settings.of(channel.id), shared=store.settings.shared, now=store.clock.now,
    )  # fmt: skip
    told = allowances(channel.publisher, account, app)
    gate, rate, now = gates.get(account_gate(channel.id)), manifest.rate, store.clock.now()
    if rate is None:
        return told
    used = _within(gate, timedelta(seconds=rate.seconds) / rate.calls, now) if gate is not None else 0
    resets_at = gate.paced_to if gate is not None and used else None
    words = f"bài trong {rate.seconds} giây"
    return (*told, Allowance(what=words, used=min(used, rate.calls), most=rate.calls, resets_at=resets_at))


def _within(gate: Gate, interval: timedelta, now: datetime) -> int:
    """Return how many calls the steady pace is ahead by."""
    return max(0, -((now - gate.paced_to) // interval))


def _app(store: Store, channel: Channel, manifest: Manifest, settings: Mapping[str, str]) -> str | None:
    """Return the account's app; the only one that anything is known of, where the account does not say."""
    app = app_of(manifest, settings, store.secrets.of(channel.id))
    if app == "":
        prefix = f"app.{app_notes_of(manifest.id, '')}"
        known = {name.removeprefix(prefix).partition(".")[0] for name in store.settings.starting(prefix)}
        return next(iter(known)) if len(known) == 1 else ""
    return app
