"""Every channel that Loa can publish to. A new one is a folder and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from publishers.allowance import Allowance
from publishers.consent import Consent
from publishers.contract import ABILITIES, Account, Notes, Publisher, app_notes_of
from publishers.manifest import Manifest, load_manifest

# Which channels are opened by their owner's consent on the platform, and how.
_CONSENTS = {
    "facebook": ("publishers.facebook.consent", "FacebookConsent"),
    "zalo_oa": ("publishers.zalo_oa.consent", "ZaloConsent"),
    "youtube": ("publishers.youtube.consent", "YouTubeConsent"),
    "tiktok": ("publishers.tiktok.consent", "TikTokConsent"),
}
Tell = Callable[[Account, Notes], tuple[Allowance, ...]]

_CLASSES = {
    "facebook": "FacebookPublisher",
    "zalo_oa": "ZaloOaPublisher",
    "youtube": "YouTubePublisher",
    "tiktok": "TikTokPublisher",
    "telegram": "TelegramPublisher",
    "web_portal": "WebPortalPublisher",
    "static_site": "StaticSitePublisher",
    "webhook": "WebhookPublisher",
}

# Whose allowance can be told between calls, and the module that knows it; it loads no platform's client.
_ALLOWANCES = {
    "facebook": "publishers.facebook.usage", "youtube": "publishers.youtube.quota", "tiktok": "publishers.tiktok.daily",
}  # fmt: skip


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


def allowances(publisher_id: str, account: Account, app: str | None) -> tuple[Allowance, ...]:
    """Return what an account and its app have used, as far as it is written down; nothing is asked of the platform."""
    if publisher_id not in _ALLOWANCES:
        return ()
    tell: Tell = import_module(_ALLOWANCES[publisher_id]).allowances
    return tell(account, account.shared(app_notes_of(publisher_id, app)))


def consent_of(publisher_id: str) -> Consent | None:
    """Return how a channel's account is opened by its owner's consent; None where its credentials are typed."""
    if publisher_id not in _CONSENTS:
        return None
    module, name = _CONSENTS[publisher_id]
    made: Consent = getattr(import_module(module), name)()
    return made


def abilities(publisher: Publisher | type[Publisher]) -> tuple[str, ...]:
    """Return the names of what the channel can do beyond publishing, in the order of the contract."""
    kind = publisher if isinstance(publisher, type) else type(publisher)
    return tuple(ability.__name__ for ability in ABILITIES if issubclass(kind, ability))
