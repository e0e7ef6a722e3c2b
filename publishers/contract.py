"""What a channel's adapter promises. A channel is a folder: manifest.yaml (facts) and publisher.py (behaviour).

The scheduler calls, in this order: check, prepare (if it Prepares), publish (the one commit call), follow (while Pending),
read_back. After an unknown outcome it calls find before anything else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from editorial.outcome import LivePost, Pending, Receipt, Sighting, Snapshot
from editorial.post import Post
from editorial.problem import BadInput, Problem
from publishers.manifest import Manifest


class Handles(Protocol):
    """What has been made on the platform for one delivery and is not public: media ids, drafts, upload sessions."""

    def get(self, name: str) -> str | None:
        """Return the handle, or None when it was never made."""

    def save(self, name: str, value: str) -> None:
        """Keep the handle; it is durable when this returns. Call it the moment the handle exists."""


class Secrets(Protocol):
    """The credentials of one account; a refreshed token is stored before it is used."""

    def get(self, name: str) -> str:
        """Return the secret; raise Unauthorized when the account was never connected."""

    def replace(self, values: Mapping[str, str]) -> None:
        """Store new values together, durably, before this returns."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account on one platform: where its API answers and what it is called. `settings` are those the manifest names."""

    channel: str
    base_url: str
    settings: Mapping[str, str]
    secrets: Secrets = field(repr=False)
    deadline: timedelta = timedelta(seconds=30)  # of one call, from connecting to the last byte; leases are longer


class Publisher(ABC):
    """Publish to one account. Safe to use from several threads; keeps no state but its HTTP client."""

    manifest: Manifest

    def __init__(self, account: Account) -> None:
        """Raise BadInput when the account lacks a setting, before anything can be sent half-way."""
        missing = [name for name in self.manifest.settings if not account.settings.get(name)]
        if missing:
            message = f"kênh thiếu cài đặt: {', '.join(missing)}; hãy bổ sung trong phần Kênh"
            raise BadInput(Problem(rule="missing-setting", message=message, channel=account.channel))
        self.account = account

    def check(self, post: Post) -> tuple[Problem, ...]:
        """Return what the platform would refuse, found without asking it."""
        return self.manifest.check(post)

    def shown(self, post: Post) -> Post:
        """Return the post with its words as this channel shows them: what a live post is held against."""
        return post

    @abstractmethod
    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        """Make the post public with exactly one HTTP call that is never retried here.

        Raises Refused, Unauthorized, RateLimited, Unavailable or OutcomeUnknown; whatever is not on the adapter's list of
        certain refusals is OutcomeUnknown.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of connections."""


class Prepares(ABC):
    """Can do work before the commit call that is repeatable or invisible."""

    @abstractmethod
    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        """Upload media and make drafts, saving each handle the moment it exists; what has a handle is not made again."""


class Follows(ABC):
    """Answers some commits with a ticket."""

    @abstractmethod
    def follow(self, pending: Pending, *, handles: Handles) -> Receipt | Pending:
        """Ask what became of the ticket."""


class Reconciles(ABC):
    """Can look for a post whose outcome is unknown."""

    @abstractmethod
    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Look where the public sees it, by handle, marker or content, among what appeared after `since`."""


class Verifies(ABC):
    """Can read a live post back."""

    @abstractmethod
    def read_back(self, receipt: Receipt) -> LivePost | None:
        """Return the live post as the public sees it, or None when it is gone."""


class Corrects(ABC):
    """Can change a live post in place; `replaces_media` tells whether its pictures too."""

    replaces_media: ClassVar[bool] = False

    @abstractmethod
    def correct(self, receipt: Receipt, post: Post, *, handles: Handles) -> Receipt:
        """Make the live post say what `post` says; safe to repeat."""


class Withdraws(ABC):
    """Can take a live post back."""

    @abstractmethod
    def withdraw(self, receipt: Receipt) -> None:
        """Remove the post from public view; safe to repeat."""


class Measures(ABC):
    """Can count what a live post did."""

    @abstractmethod
    def measure(self, receipt: Receipt, *, at: datetime) -> Snapshot:
        """Return the figures that the platform gives, asked one by one so that a retired metric costs only itself."""


ABILITIES: tuple[type, ...] = (Prepares, Follows, Reconciles, Verifies, Corrects, Withdraws, Measures)
