"""The office's accounts in the rehearsal: the same publishers, connected to the stand-ins instead of the platforms.

Which stand-in a channel has, and what that calls its credentials, stands in the channel's manifest. A site of plain files needs
none: it is written into a folder of the rehearsal and shown from there. Any other channel without one is not connected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desk.site_host import SiteHost
from editorial.office import Channel
from publishers.contract import Account, Publisher
from publishers.manifest import Manifest
from publishers.registry import manifest_of, open_publisher
from rehearsal.town import Town
from store.store import Store

FOLDER = "folder"  # the setting of a channel that writes files


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """The publishers of every channel of the office that can be rehearsed."""

    publishers: Mapping[str, Publisher]  # by channel
    platforms: Mapping[str, str]  # channel -> the stand-in's name
    sites: Mapping[str, SiteHost]  # channel -> what shows its folder

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
    manifests = {channel.id: manifest_of(channel.publisher) for channel in channels.values()}
    platforms = {id: manifest.stand_in for id, manifest in manifests.items() if manifest.stand_in in town.addresses}
    publishers = {id: _publisher(channels[id], manifests[id], store, town, media_address) for id in platforms}
    sites: dict[str, SiteHost] = {}
    for id, manifest in manifests.items():
        if folder is not None and id not in platforms and FOLDER in manifest.settings:
            sites[id] = SiteHost(folder / id / "public")
            publishers[id] = _site(channels[id], store, sites[id].address, folder / id)
    return Rehearsed(publishers=publishers, platforms={id: name for id, name in platforms.items() if name}, sites=sites)


def connect_again(channel: Channel, store: Store, town: Town) -> None:
    """Give a channel the credentials that are valid now, as a person does who connects it again."""
    manifest = manifest_of(channel.publisher)
    _keep_secrets(channel, manifest, store, _known(manifest, town.credentials()[manifest.stand_in or ""]))


def _publisher(channel: Channel, manifest: Manifest, store: Store, town: Town, media_address: str) -> Publisher:
    name = manifest.stand_in or ""
    given = {**town.credentials()[name], **_addresses(town.addresses[name], media_address), "author": channel.handle}
    known = _known(manifest, given)
    _keep_secrets(channel, manifest, store, known)
    return _opened(channel, store, town.addresses[name], known)


def _known(manifest: Manifest, given: Mapping[str, str]) -> dict[str, str]:
    """Return what a stand-in gives under the manifest's names as well as its own."""
    return {**given, **{ours: given[theirs] for ours, theirs in manifest.stand_in_words.items()}}


def _keep_secrets(channel: Channel, manifest: Manifest, store: Store, known: Mapping[str, str]) -> None:
    store.secrets.of(channel.id).replace({name: known[name] for name in _secrets(manifest) if name in known})


def _site(channel: Channel, store: Store, address: str, folder: Path) -> Publisher:
    return _opened(channel, store, address, {FOLDER: str(folder), "site_name": channel.name})


def _opened(channel: Channel, store: Store, address: str, settings: Mapping[str, str]) -> Publisher:
    account = Account(
        channel=channel.id, base_url=address, settings=settings, secrets=store.secrets.of(channel.id),
        notes=store.settings.of(channel.id), now=store.clock.now,
    )  # fmt: skip
    return open_publisher(channel.publisher, account)


def _secrets(manifest: Manifest) -> tuple[str, ...]:
    return (*manifest.secrets, *manifest.optional_secrets)


def _addresses(address: str, media_address: str) -> dict[str, str]:
    return {"public_media_url": media_address, "oauth_url": address, "video_base_url": address, "public_url": address}
