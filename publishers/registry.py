"""Every channel that Loa can publish to. A new one is a folder and a line here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from publishers.contract import ABILITIES, Account, Publisher
from publishers.manifest import Manifest, load_manifest

_CLASSES = {
    "facebook": "FacebookPublisher",
    "zalo_oa": "ZaloOaPublisher",
    "youtube": "YouTubePublisher",
    "telegram": "TelegramPublisher",
    "web_portal": "WebPortalPublisher",
    "static_site": "StaticSitePublisher",
    "webhook": "WebhookPublisher",
}


class _Channels(Mapping[str, type[Publisher]]):
    """Import a channel when it is first used: Google's and Telegram's clients take a second to load."""

    def __getitem__(self, publisher_id: str) -> type[Publisher]:
        name = _CLASSES[publisher_id]
        found: type[Publisher] = getattr(import_module(f"publishers.{publisher_id}.publisher"), name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_CLASSES)

    def __len__(self) -> int:
        return len(_CLASSES)

    def __contains__(self, publisher_id: object) -> bool:
        return publisher_id in _CLASSES


PUBLISHERS: Mapping[str, type[Publisher]] = _Channels()


@cache
def manifest_of(publisher_id: str) -> Manifest:
    """Return the channel's facts without loading its client; raise KeyError when there is no such channel."""
    if publisher_id not in _CLASSES:
        raise KeyError(publisher_id)
    return load_manifest(Path(__file__).parent / publisher_id)


def open_publisher(publisher_id: str, account: Account) -> Publisher:
    """Return the channel's publisher for this account; raise KeyError when there is no such channel."""
    return PUBLISHERS[publisher_id](account)


def abilities(publisher: Publisher | type[Publisher]) -> tuple[str, ...]:
    """Return the names of what the channel can do beyond publishing, in the order of the contract."""
    kind = publisher if isinstance(publisher, type) else type(publisher)
    return tuple(ability.__name__ for ability in ABILITIES if issubclass(kind, ability))
