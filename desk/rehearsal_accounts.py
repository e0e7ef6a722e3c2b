"""The office's accounts in the rehearsal: the same publishers, connected to the stand-ins instead of the platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from editorial.office import Channel
from publishers.contract import Account, Publisher
from publishers.registry import open_publisher
from rehearsal.town import Town
from store.store import Store

# publisher -> the stand-in's name
STAND_INS = {"facebook": "facebook", "zalo_oa": "zalo", "youtube": "youtube", "telegram": "telegram", "web_portal": "wordpress"}

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


def connect_again(channel: Channel, store: Store, town: Town) -> None:
    """Give a channel the credentials that are valid now, as a person does who connects it again."""
    store.secrets.of(channel.id).replace(_named(channel.publisher, town.credentials()[STAND_INS[channel.publisher]]))


def _publisher(channel: Channel, store: Store, town: Town, media_address: str) -> Publisher:
    name = STAND_INS[channel.publisher]
    given = {**town.credentials()[name], **_addresses(town.addresses[name], media_address), "author": channel.handle}
    known = _named(channel.publisher, given)
    secrets = store.secrets.of(channel.id)
    secrets.replace(known)
    account = Account(channel=channel.id, base_url=town.addresses[name], settings=known, secrets=secrets)
    return open_publisher(channel.publisher, account)


def _named(publisher: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the credentials under the manifest's names as well as the stand-in's."""
    other = {ours: given[theirs] for (owner, ours), theirs in _OTHER_WORDS.items() if owner == publisher}
    return {**given, **other}


def _addresses(address: str, media_address: str) -> dict[str, str]:
    return {"public_media_url": media_address, "oauth_url": address, "video_base_url": address, "public_url": address}
