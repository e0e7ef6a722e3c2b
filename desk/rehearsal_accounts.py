"""The office's accounts in the rehearsal: the same publishers, connected to the stand-ins instead of the platforms.

Which stand-in a channel has, and what that calls its credentials, stands in the channel's manifest. A site of plain files needs
none: it is written into a folder of the rehearsal and shown from there. Any other channel without one is not connected.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desk.site_host import SiteHost
from editorial.office import Channel
from publishers.contract import Account, Publisher
from publishers.manifest import Manifest
from publishers.registry import manifest_of, open_publisher
from rehearsal.town import Town
from store.secrets import Bond
from store.store import Store

FOLDER = "folder"  # the setting of a channel that writes files
ANNOUNCEMENT = "rehearsal"  # the setting by which the processes of an office find its stand-ins
NO_CONNECTION = Bond(made_at=None)  # once an account is connected, a stand-in gets nothing of it and notes nothing

Credentials = Mapping[str, Mapping[str, str]]  # by stand-in


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """The publishers of every channel of the office that can be rehearsed."""

    publishers: Mapping[str, Publisher]  # by channel
    platforms: Mapping[str, str]  # channel -> the stand-in's name
    sites: Mapping[str, SiteHost] = field(default_factory=dict)  # channel -> what shows its folder

    def close(self) -> None:
        """Let go of every connection."""
        for publisher in self.publishers.values():
            publisher.close()
        for site in self.sites.values():
            site.close()


def connect(
    channels: Mapping[str, Channel], store: Store, town: Town, media_address: str, folder: Path | None = None
) -> Rehearsed:  # fmt: skip
    """Connect every channel to its stand-in with credentials that are valid now; sites are written below `folder`."""
    platforms = _platforms(channels, town.addresses)
    publishers: dict[str, Publisher] = {}
    for id, name in platforms.items():
        known = _known(channels[id], name, town.addresses, town.credentials(), media_address)
        _give_secrets(channels[id], store, known)
        publishers[id] = _opened(channels[id], store, town.addresses[name], known)
    sites: dict[str, SiteHost] = {}
    for id in channels.keys() - platforms.keys():
        if folder is not None and FOLDER in manifest_of(channels[id].publisher).settings:
            sites[id] = SiteHost(folder / id / "public")
            publishers[id] = _site(channels[id], store, sites[id].address, folder / id)
    return Rehearsed(publishers=publishers, platforms=platforms, sites=sites)


def connect_again(channel: Channel, store: Store, town: Town) -> None:
    """Give a channel the credentials that are valid now, as a person does who connects it again."""
    manifest = manifest_of(channel.publisher)
    _give_secrets(channel, store, _in_our_words(manifest, town.credentials()[manifest.stand_in or ""]))


def announce(store: Store, town: Town, media_address: str, sites: Mapping[str, SiteHost]) -> None:
    """Let the other processes of this office know where its stand-ins and its sites are, after `connect`."""
    said = {
        "addresses": dict(town.addresses),
        "credentials": {name: dict(known) for name, known in town.credentials().items()},
        "media": media_address,
        "sites": {id: {"address": site.address, "folder": str(site.folder.parent)} for id, site in sites.items()},
    }
    store.settings.set(ANNOUNCEMENT, json.dumps(said, sort_keys=True))


def announced(store: Store) -> str:
    """Return what was announced last; empty where no desk was ever open."""
    return store.settings.get(ANNOUNCEMENT)


def connect_as_announced(channels: Mapping[str, Channel], store: Store, announcement: str) -> Rehearsed:
    """Connect every channel to the stand-ins that were announced, with the credentials that the store has.

    A site of plain files is joined where its folder is there too: on the same machine, or on a disk that the machines share.
    """
    said = json.loads(announcement)
    where, credentials, media = said["addresses"], said["credentials"], said["media"]
    platforms = _platforms(channels, where)
    publishers = {
        id: _opened(channels[id], store, where[name], _known(channels[id], name, where, credentials, media))
        for id, name in platforms.items()
    }
    for id, site in said.get("sites", {}).items():
        if id in channels and Path(site["folder"]).is_dir():
            publishers[id] = _site(channels[id], store, site["address"], Path(site["folder"]))
    return Rehearsed(publishers=publishers, platforms=platforms)


def _platforms(channels: Mapping[str, Channel], addresses: Mapping[str, str]) -> dict[str, str]:
    """Return the stand-in of each channel that has one."""
    stand_ins = {channel.id: manifest_of(channel.publisher).stand_in for channel in channels.values()}
    return {id: name for id, name in stand_ins.items() if name is not None and name in addresses}


def _known(
    channel: Channel, name: str, addresses: Mapping[str, str], credentials: Credentials, media_address: str
) -> dict[str, str]:  # fmt: skip
    given = {**credentials[name], **_addresses(addresses[name], media_address), "author": channel.handle}
    return _in_our_words(manifest_of(channel.publisher), given)


def _in_our_words(manifest: Manifest, given: Mapping[str, str]) -> dict[str, str]:
    """Return the credentials under the manifest's names as well as the stand-in's."""
    return {**given, **{ours: given[theirs] for ours, theirs in manifest.stand_in_words.items()}}


def _give_secrets(channel: Channel, store: Store, known: Mapping[str, str]) -> None:
    manifest = manifest_of(channel.publisher)
    ours = (*manifest.secrets, *manifest.optional_secrets)
    store.secrets.of(channel.id).replace({name: known[name] for name in ours if name in known})


def _site(channel: Channel, store: Store, address: str, folder: Path) -> Publisher:
    return _opened(channel, store, address, {FOLDER: str(folder), "site_name": channel.name})


def _opened(channel: Channel, store: Store, address: str, settings: Mapping[str, str]) -> Publisher:
    account = Account(
        channel=channel.id, base_url=address, settings=settings, secrets=store.secrets.of(channel.id, NO_CONNECTION),
        notes=store.settings.of(channel.id, NO_CONNECTION), shared=store.settings.shared, now=store.clock.now,
    )  # fmt: skip
    return open_publisher(channel.publisher, account)


def _addresses(address: str, media_address: str) -> dict[str, str]:
    return {"public_media_url": media_address, "oauth_url": address, "video_base_url": address, "public_url": address}
