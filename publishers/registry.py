"""Every channel that Loa can publish to. A new one is a folder and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from publishers.contract import ABILITIES, Account, Publisher
from publishers.facebook.publisher import FacebookPublisher
from publishers.telegram.publisher import TelegramPublisher
from publishers.web_portal.publisher import WebPortalPublisher
from publishers.youtube.publisher import YouTubePublisher
from publishers.zalo_oa.publisher import ZaloOaPublisher

PUBLISHERS: Mapping[str, type[Publisher]] = {
    "facebook": FacebookPublisher,
    "zalo_oa": ZaloOaPublisher,
    "youtube": YouTubePublisher,
    "telegram": TelegramPublisher,
    "web_portal": WebPortalPublisher,
}


def open_publisher(publisher_id: str, account: Account) -> Publisher:
    """Return the channel's publisher for this account; raise KeyError when there is no such channel."""
    return PUBLISHERS[publisher_id](account)


def abilities(publisher: Publisher | type[Publisher]) -> tuple[str, ...]:
    """Return the names of what the channel can do beyond publishing, in the order of the contract."""
    kind = publisher if isinstance(publisher, type) else type(publisher)
    return tuple(ability.__name__ for ability in ABILITIES if issubclass(kind, ability))
