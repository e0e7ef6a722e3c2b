"""The accounts that an office posts with: those that are connected; as long as there is none, the rehearsal's stand-ins.

They are looked at again and again, so that an account that is connected or taken off is so without a new start. Once a channel is
connected the office posts for real, and a channel without an account posts nowhere: what is due there is held.
"""

from __future__ import annotations

import threading
from collections.abc import ItemsView, Iterator, Mapping

from editorial.office import Channel
from publishers.contract import Account, Publisher
from publishers.registry import open_publisher
from store.connections import Connection
from store.store import Store


class SendingAccounts(Mapping[str, Publisher]):
    """The publishers by channel as they are now; whoever goes through them sees one state, however many follow it."""

    def __init__(self, channels: Mapping[str, Channel], store: Store) -> None:
        self._channels = channels
        self._store = store
        self._now: dict[str, Publisher] = {}
        self._made: list[Publisher] = []
        self._version = ""
        self._lock = threading.Lock()

    @property
    def are_real(self) -> bool:
        """Tell whether the office posts for real, or did so since this process began."""
        return bool(self._version)

    def look(self) -> bool:
        """Take up what was connected or taken off since the last look; return whether anything was."""
        version = self._store.connections.version()
        if version == self._version:
            return False
        with self._lock:
            connections = self._store.connections.all()
            if not connections and not self._version:  # taken off before this process began: it rehearses
                return False
            self._now = dict(self._opened(connections))
            self._version = version
        return True

    def rehearse(self, publishers: Mapping[str, Publisher]) -> None:
        """Post to the stand-ins, unless the office posts for real."""
        with self._lock:
            if not self._version:
                self._now = dict(publishers)

    def close(self) -> None:
        """Let go of every connection that was made here."""
        for publisher in self._made:
            publisher.close()

    def _opened(self, connections: Mapping[str, Connection]) -> Iterator[tuple[str, Publisher]]:
        """Open the accounts anew: calls may be under way on the ones before, which stay open until the process ends."""
        for id, connection in connections.items():
            if id not in self._channels:
                continue
            account = Account(
                channel=id, base_url=connection.base_url, settings=connection.settings,
                secrets=self._store.secrets.of(id, connection.bond), notes=self._store.settings.of(id, connection.bond),
                shared=self._store.settings.shared, now=self._store.clock.now,
            )  # fmt: skip
            publisher = open_publisher(self._channels[id].publisher, account)
            self._made.append(publisher)
            yield id, publisher

    def __getitem__(self, channel: str) -> Publisher:
        return self._now[channel]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)

    def items(self) -> ItemsView[str, Publisher]:
        """Return channels and publishers of one state."""
        return self._now.items()
