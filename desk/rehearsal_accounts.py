"""The office's accounts in the rehearsal: the same publishers, connected to the stand-ins instead of the platforms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from editorial.office import Channel
from publishers.contract import Account, Publisher
from publishers.registry import open_publisher
from rehearsal.town import Town
from store.store import Store

# publisher -> the stand-in's name
STAND_INS = {"facebook": "facebook", "zalo_oa": "zalo", "youtube": "youtube", "telegram": "telegram", "web_portal": "wordpress"}

ANNOUNCEMENT = "rehearsal"  # the setting by which the processes of an office find its stand-ins

# What a manifest calls a credential, where the stand-in has another word for it.
_OTHER_WORDS = {
    ("zalo_oa", "app_secret"): "secret_key",
    ("telegram", "bot_token"): "token",
    ("web_portal", "username"): "user",
}


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """The publishers of every channel of the office, speaking to the town."""

    publishers: Mapping[str, Publisher]  # by channel
    platforms: Mapping[str, str]  # channel -> the stand-in's name

    def close(self) -> None:
        """Let go of every connection."""
        for publisher in self.publishers.values():
            publisher.close()


def connect(channels: Mapping[str, Channel], store: Store, town: Town, media_address: str) -> Rehearsed:
    """Connect every channel to its stand-in with credentials that are valid now."""
    publishers = {channel.id: _publisher(channel, store, town, media_address) for channel in channels.values()}
    return Rehearsed(
        publishers=publishers, platforms={channel.id: STAND_INS[channel.publisher] for channel in channels.values()}
    )


def announce(store: Store, town: Town, media_address: str) -> None:
    """Let the other processes of this office know where its stand-ins are, after `connect`."""
    addresses, credentials = dict(town.addresses), {name: dict(known) for name, known in town.credentials().items()}
    said = {"addresses": addresses, "credentials": credentials, "media": media_address}
    store.settings.set(ANNOUNCEMENT, json.dumps(said, sort_keys=True))


def announced(store: Store) -> str:
    """Return what was announced last; empty where no desk was ever open."""
    return store.settings.get(ANNOUNCEMENT)


def join(channels: Mapping[str, Channel], store: Store, announcement: str) -> Rehearsed:
    """Connect every channel to the stand-ins that were announced, with the credentials that the store has."""
    said = json.loads(announcement)
    where, credentials, media = said["addresses"], said["credentials"], said["media"]
    publishers = {each.id: _opened(each, store, _known(each, where, credentials, media), where) for each in channels.values()}
    return Rehearsed(
        publishers=publishers, platforms={channel.id: STAND_INS[channel.publisher] for channel in channels.values()}
    )


def _publisher(channel: Channel, store: Store, town: Town, media_address: str) -> Publisher:
    known = _known(channel, town.addresses, town.credentials(), media_address)
    store.secrets.of(channel.id).replace(known)
    return _opened(channel, store, known, town.addresses)


def _opened(channel: Channel, store: Store, known: Mapping[str, str], addresses: Mapping[str, str]) -> Publisher:
    base_url = addresses[STAND_INS[channel.publisher]]
    account = Account(
        channel=channel.id, base_url=base_url, settings=known, secrets=store.secrets.of(channel.id),
        notes=store.settings.of(channel.id), now=store.clock.now,
    )  # fmt: skip
    return open_publisher(channel.publisher, account)


def _known(
    channel: Channel, addresses: Mapping[str, str], credentials: Mapping[str, Mapping[str, str]], media_address: str
) -> dict[str, str]:  # fmt: skip
    name = STAND_INS[channel.publisher]
    given = {**credentials[name], **_addresses(addresses[name], media_address), "author": channel.handle}
    return _named(channel.publisher, given)


def _named(publisher: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the credentials under the manifest's names as well as the stand-in's."""
    other = {ours: given[theirs] for (owner, ours), theirs in _OTHER_WORDS.items() if owner == publisher}
    return {**given, **other}


def _addresses(address: str, media_address: str) -> dict[str, str]:
    return {"public_media_url": media_address, "oauth_url": address, "video_base_url": address, "public_url": address}
